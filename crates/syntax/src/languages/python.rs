//! Python 3.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, imported, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use crate::text::{first_doc_line, number};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_python::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER, &["identifier"]),
        (
            Roles::SILENT,
            &[
                "string_start",
                "string_content",
                "string_end",
                "escape_sequence",
                "escape_interpolation",
                "line_continuation",
            ],
        ),
        (Roles::OPERAND, &["string"]),
        (Roles::SYMBOL, &["function_definition", "class_definition", "assignment", "type_alias_statement"]),
        (Roles::IMPORT, &["import_statement", "import_from_statement", "future_import_statement"]),
        (Roles::REMARK, &["expression_statement"]),
        (Roles::CALL, &["call", "subscript", "comparison_operator"]),
        (Roles::ANNOTATION, &["decorator"]),
        (
            Roles::NEST,
            &[
                "if_statement",
                "for_statement",
                "while_statement",
                "except_clause",
                "conditional_expression",
                "match_statement",
            ],
        ),
        (Roles::ARM, &["case_clause"]),
        (Roles::ELSE, &["elif_clause", "else_clause"]),
        (Roles::CLOSURE, &["lambda"]),
        (Roles::BINARY, &["boolean_operator"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "argument_list",
                "parameters",
                "string",
                "list",
                "tuple",
                "dictionary",
                "subscript",
                "list_comprehension",
                "generator_expression",
                "parenthesized_expression",
            ],
        ),
    ],
    tokens: &[
        (Roles::DECISION, &["if", "elif", "for", "while", "except"]),
        (Roles::LOGICAL, &["and", "or"]),
        // A backslash in a string that begins no escape sequence.
        (Roles::SILENT, &["\\"]),
    ],
    extract: &Python,
};

struct Python;

/// Most targets of one assignment that are looked at.
const MOST_TARGETS: usize = 256;

impl Extract for Python {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        match cx.kind(node) {
            "function_definition" => found.extend(function(cx, node)),
            "class_definition" => {
                let Some(name) = cx.child(node, Field::Name) else { return };
                let doc = docstring(cx, node);
                found.push(NewSymbol { doc, ..NewSymbol::scope(name, SymbolKind::Class, visibility(cx.text(name))) });
            }
            "type_alias_statement" => {
                let name = cx.child(node, Field::Left).and_then(|left| left.named_child(0));
                found.extend(name.map(|name| NewSymbol::leaf(name, SymbolKind::TypeAlias, visibility(cx.text(name)))));
            }
            _ if cx.in_function => {}
            _ => assignment(cx, node, found),
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        let before = found.len();
        let handled = match cx.kind(node) {
            "import_statement" => {
                found.extend(named_children(node).into_iter().filter_map(|child| whole_module(cx, child)));
                true
            }
            "import_from_statement" => {
                found.extend(from_module(cx, node));
                true
            }
            "future_import_statement" => {
                found.push(import(ImportKind::From, "__future__", node));
                true
            }
            _ => {
                found.extend(dynamic(cx, node));
                false
            }
        };
        if found.len() > before && is_for_types(cx, node) {
            found.iter_mut().skip(before).for_each(|import| import.for_types = true);
        }
        handled
    }

    /// `importlib.import_module("x")`, `import_module("x")` and `__import__("x")`.
    fn may_import(&self, callee: &str) -> bool {
        matches!(callee, "import_module" | "__import__")
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        match cx.kind(node) {
            "call" => {
                let function = cx.child(node, Field::Function)?;
                let (name, receiver) = callee(cx, function)?;
                let arguments = cx.child(node, Field::Arguments);
                Some(NewCall { kind: CallKind::Call, name, receiver, arguments })
            }
            // `os.environ["X"]`, the one subscript that reaches outside.
            "subscript" => {
                let value = cx.child(node, Field::Value).filter(|value| cx.kind(*value) == "attribute")?;
                let (name, receiver) = callee(cx, value)?;
                (cx.text(name) == "environ").then_some(NewCall {
                    kind: CallKind::Access,
                    name,
                    receiver,
                    arguments: node.named_child(1).map(|_| node),
                })
            }
            // `if __name__ == "__main__":` makes the file a program.
            _ => {
                let name = node.named_child(0).filter(|name| cx.text(*name) == "__name__" && !cx.in_function)?;
                Some(NewCall { kind: CallKind::Access, name, receiver: None, arguments: None })
            }
        }
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let expression = node.named_child(0)?;
        let (name, arguments) = match cx.kind(expression) {
            "call" => (cx.child(expression, Field::Function)?, cx.child(expression, Field::Arguments)),
            _ => (expression, None),
        };
        Some(NewAnnotation { name, arguments, inside: false })
    }

    /// `case _:`
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        cx.child(arm, Field::Guard).is_none() && arm.named_child(0).is_some_and(|pattern| cx.text(pattern) == "_")
    }

    fn is_doc(&self, _comment: &str) -> bool {
        false
    }

    fn is_remark(&self, cx: &Context<'_>, statement: Node<'_>) -> bool {
        // Few are: a look at where one would begin, after at most two letters, tells so sooner than the tree does.
        let begins = cx.source.get(statement.start_byte()..).unwrap_or_default();
        if !begins.iter().take(3).any(|byte| matches!(byte, b'"' | b'\'')) {
            return false;
        }
        let only = statement.named_child(0).filter(|_| statement.named_child_count() == 1);
        only.is_some_and(|only| cx.kind(only) == "string" && cx.child_of_kind(only, &["interpolation"]).is_none())
    }
}

fn function<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let name = cx.child(node, Field::Name)?;
    let method = cx.scope == Some(SymbolKind::Class);
    let kind = if method { SymbolKind::Method } else { SymbolKind::Function };
    let parameters = cx.child(node, Field::Parameters).map(named_children).unwrap_or_default();
    let declared = parameters
        .iter()
        .enumerate()
        .filter(|(at, node)| !(method && *at == 0 && matches!(cx.text(**node), "self" | "cls" | "mcs")))
        .filter(|(_, node)| !matches!(cx.kind(**node), "comment" | "keyword_separator" | "positional_separator"))
        .count();
    let visibility = if cx.in_function { Visibility::Private } else { visibility(cx.text(name)) };
    Some(NewSymbol { doc: docstring(cx, node), ..NewSymbol::function(name, kind, visibility, number(declared)) })
}

/// PEP 8: a leading underscore says "internal"; names like `__init__` are the language's own.
fn visibility(name: &str) -> Visibility {
    let special = name.starts_with("__") && name.ends_with("__");
    if name.starts_with('_') && !special { Visibility::Private } else { Visibility::Public }
}

fn docstring(cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
    let first = cx.child(node, Field::Body)?.named_child(0)?;
    let string = if cx.kind(first) == "string" { first } else { first.named_child(0)? };
    (matches!(cx.kind(first), "expression_statement" | "string") && cx.kind(string) == "string")
        .then(|| first_doc_line(cx.text(string).trim_start_matches(|c: char| c.is_ascii_alphabetic())))
        .flatten()
}

/// `a = …`, and each name of `a, (b, *c) = …`.
fn assignment<'t>(cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
    let mut open: Vec<Node<'t>> = cx.child(node, Field::Left).into_iter().collect();
    for _ in 0..MOST_TARGETS {
        let Some(target) = open.pop() else { return };
        match cx.kind(target) {
            "identifier" => found.push(variable(cx, target)),
            "pattern_list" | "tuple_pattern" | "list_pattern" | "list_splat_pattern" => {
                open.extend(named_children(target).into_iter().rev());
            }
            _ => {}
        }
    }
}

fn variable<'t>(cx: &Context<'_>, name: Node<'t>) -> NewSymbol<'t> {
    let text = cx.text(name);
    let constant = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
    let kind = if constant { SymbolKind::Constant } else { SymbolKind::Variable };
    NewSymbol::leaf(name, kind, visibility(text))
}

/// Whether a statement stands right under `if TYPE_CHECKING:`, which is false when the program runs.
fn is_for_types(cx: &Context<'_>, statement: Node<'_>) -> bool {
    // To ask for a parent is to search for it from the root; what is not indented has none of interest.
    if statement.start_position().column == 0 {
        return false;
    }
    // The other branches stand in clauses of their own.
    let branch =
        statement.parent().and_then(|block| block.parent()).filter(|branch| cx.kind(*branch) == "if_statement");
    let condition = branch.and_then(|branch| cx.child(branch, Field::Condition));
    condition.filter(|condition| matches!(cx.kind(*condition), "identifier" | "attribute")).is_some_and(|condition| {
        let name = cx.text(condition);
        name == "TYPE_CHECKING" || name.ends_with(".TYPE_CHECKING")
    })
}

fn whole_module(cx: &Context<'_>, child: Node<'_>) -> Option<Import> {
    match cx.kind(child) {
        "dotted_name" => Some(import(ImportKind::Module, cx.text(child), child)),
        "aliased_import" => {
            let target = cx.child_text(child, Field::Name)?;
            let alias = cx.child_text(child, Field::Alias).map(Into::into);
            Some(Import { alias, ..import(ImportKind::Module, target, child) })
        }
        _ => None,
    }
}

fn from_module(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let module = cx.child(node, Field::ModuleName)?;
    let names = named_children(node)
        .into_iter()
        .filter(|child| child.id() != module.id())
        .filter_map(|child| match cx.kind(child) {
            "dotted_name" => Some(imported(cx.text(child), None)),
            "aliased_import" => Some(imported(cx.child_text(child, Field::Name)?, cx.child_text(child, Field::Alias))),
            _ => None,
        })
        .collect();
    let wildcard = cx.child_of_kind(node, &["wildcard_import"]).is_some();
    Some(Import { names, wildcard, ..import(ImportKind::From, cx.text(module), node) })
}

/// What a call imports; nothing that can be named where it computes the name.
fn dynamic(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let first = cx.child(node, Field::Arguments)?.named_child(0);
    let target = first.and_then(|first| cx.literal(first)).unwrap_or_default();
    Some(import(ImportKind::Dynamic, target, node))
}

fn callee<'t>(cx: &Context<'_>, function: Node<'t>) -> Option<(Node<'t>, Option<Node<'t>>)> {
    match cx.kind(function) {
        "identifier" => Some((function, None)),
        "attribute" => Some((cx.child(function, Field::Attribute)?, cx.child(function, Field::Object))),
        _ => None,
    }
}
