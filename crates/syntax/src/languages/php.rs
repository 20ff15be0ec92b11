//! PHP.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, keep_first_paths, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Facts, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

const FLOW: &[&str] = &[
    "if_statement",
    "for_statement",
    "foreach_statement",
    "while_statement",
    "do_statement",
    "catch_clause",
    "conditional_expression",
];

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_php::LANGUAGE_PHP.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER.or(Roles::COMPOSED), &["name"]),
        (Roles::SILENT, &["string_content", "escape_sequence", "text", "php_tag", "php_end_tag", "nowdoc_string"]),
        (Roles::OPERAND, &["string", "encapsed_string"]),
        (Roles::MODULE, &["namespace_definition"]),
        (
            Roles::SYMBOL,
            &[
                "function_definition",
                "class_declaration",
                "interface_declaration",
                "trait_declaration",
                "enum_declaration",
                "method_declaration",
                "const_element",
                "property_element",
                "enum_case",
                "function_call_expression",
            ],
        ),
        (
            Roles::IMPORT,
            &[
                "namespace_use_declaration",
                "include_expression",
                "include_once_expression",
                "require_expression",
                "require_once_expression",
                "qualified_name",
            ],
        ),
        (
            Roles::CALL,
            &[
                "function_call_expression",
                "member_call_expression",
                "nullsafe_member_call_expression",
                "scoped_call_expression",
                "object_creation_expression",
            ],
        ),
        (Roles::ANNOTATION, &["attribute"]),
        (Roles::DECISION, FLOW),
        (Roles::DECISION, &["else_if_clause", "case_statement", "match_conditional_expression"]),
        (Roles::NEST, FLOW),
        (Roles::NEST, &["switch_statement", "match_expression"]),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::ELSE, &["else_clause", "else_if_clause"]),
        (Roles::CLOSURE, &["anonymous_function", "arrow_function"]),
        (Roles::JUMP, &["goto_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "arguments",
                "formal_parameters",
                "compound_statement",
                "declaration_list",
                "string",
                "encapsed_string",
                "array_creation_expression",
                "parenthesized_expression",
            ],
        ),
    ],
    tokens: &[(Roles::CHAIN, &["else"]), (Roles::LOGICAL, &["&&", "||", "and", "or"]), (Roles::DECISION, &["??"])],
    extract: &Php,
};

struct Php;

impl Extract for Php {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        if node.kind() == "function_call_expression" {
            found.extend(defined(cx, node));
            return;
        }
        let name = cx.child(node, Field::Name).or_else(|| cx.child_of_kind(node, &["name", "variable_name"]));
        let Some(name) = name else { return };
        let visibility = visibility(cx, node);
        let count = || cx.parameters(cx.child(node, Field::Parameters), &[]);
        found.push(match node.kind() {
            "function_definition" => NewSymbol::function(name, SymbolKind::Function, visibility, count()),
            "method_declaration" if cx.child(node, Field::Body).is_some() => {
                NewSymbol::function(name, SymbolKind::Method, visibility, count())
            }
            "method_declaration" => NewSymbol::leaf(name, SymbolKind::Method, visibility),
            "class_declaration" => NewSymbol::scope(name, SymbolKind::Class, visibility),
            "interface_declaration" => NewSymbol::scope(name, SymbolKind::Interface, visibility),
            "trait_declaration" => NewSymbol::scope(name, SymbolKind::Trait, visibility),
            "enum_declaration" => NewSymbol::scope(name, SymbolKind::Enum, visibility),
            _ if cx.in_function => return,
            "const_element" | "enum_case" => NewSymbol::leaf(name, SymbolKind::Constant, visibility),
            _ => NewSymbol::leaf(name, SymbolKind::Variable, visibility),
        });
    }

    fn text<'a>(&self, cx: &Context<'a>, node: Node<'_>) -> Option<&'a str> {
        let value = node.named_child(1).filter(|_| node.kind() == "property_element")?;
        let text = cx.text(value);
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let line = text.get(1..)?.split([quote, '\n', '\r']).next()?;
        let is_computed = line.contains('\\') || (quote == '"' && line.contains('$'));
        (!is_computed).then_some(line)
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        if node.kind() == "qualified_name" {
            found.extend(fully_qualified(cx, node));
            return false;
        }
        if node.kind() != "namespace_use_declaration" {
            found.extend(included(cx, node));
            return true;
        }
        // `use A\B\{C, D as E};` has its prefix beside the group.
        let group = cx.child_of_kind(node, &["namespace_use_group"]);
        let prefix = group.and_then(|_| cx.child_of_kind(node, &["namespace_name"])).map(|prefix| cx.text(prefix));
        for clause in named_children(group.unwrap_or(node)) {
            if clause.kind() != "namespace_use_clause" {
                continue;
            }
            let Some(name) = cx.child_of_kind(clause, &["qualified_name", "name", "namespace_name"]) else { continue };
            let target =
                prefix.map_or_else(|| cx.text(name).to_owned(), |prefix| format!("{prefix}\\{}", cx.text(name)));
            let alias = cx.child_text(clause, Field::Alias).map(Into::into);
            found.push(Import { alias, ..import(ImportKind::Module, target.trim_start_matches('\\'), clause) });
        }
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let arguments = cx.child(node, Field::Arguments);
        let (kind, name, receiver) = match node.kind() {
            "function_call_expression" => (CallKind::Call, cx.child(node, Field::Function)?, None),
            "scoped_call_expression" => (CallKind::Call, cx.child(node, Field::Name)?, cx.child(node, Field::Scope)),
            "object_creation_expression" => {
                let (name, receiver) = split(cx, cx.child_of_kind(node, &["name", "qualified_name"])?);
                let arguments = cx.child_of_kind(node, &["arguments"]);
                return Some(NewCall { kind: CallKind::Construct, name, receiver, arguments });
            }
            _ => (CallKind::Call, cx.child(node, Field::Name)?, cx.child(node, Field::Object)),
        };
        let is_name = matches!(name.kind(), "name" | "qualified_name");
        let (name, namespace) = split(cx, name);
        is_name.then_some(NewCall { kind, name, receiver: receiver.or(namespace), arguments })
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let name = cx.child_of_kind(node, &["name", "qualified_name"])?;
        Some(NewAnnotation { name, arguments: cx.child(node, Field::Parameters), inside: true })
    }

    fn module(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
        cx.child_text(node, Field::Name).map(Into::into)
    }

    fn settle(&self, _source: &[u8], facts: &mut Facts) {
        keep_first_paths(&mut facts.imports);
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("/**")
    }
}

/// `define('NAME', …)`
fn defined<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let is_define = !cx.in_function && cx.child_text(node, Field::Function) == Some("define");
    let first = cx.child(node, Field::Arguments).filter(|_| is_define)?.named_child(0)?;
    let name = cx.literal(cx.unwrapped(first))?.trim_start_matches('\\').to_owned();
    Some(NewSymbol { name: Some(name), ..NewSymbol::leaf(first, SymbolKind::Constant, Visibility::Public) })
}

fn visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    if cx.in_function {
        return Visibility::Private;
    }
    // Properties and constants carry the modifier one level up.
    let carrier = if node.kind().ends_with("_element") { node.parent().unwrap_or(node) } else { node };
    match cx.child_of_kind(carrier, &["visibility_modifier"]).map(|modifier| cx.text(modifier)) {
        Some("private") => Visibility::Private,
        Some("protected") => Visibility::Restricted,
        _ => Visibility::Public,
    }
}

/// `require 'x.php'`, `include __DIR__ . '/x.php'`; the target is empty where it is computed otherwise.
fn included(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let value = node.named_child(0)?;
    if let Some(target) = plain(cx, value) {
        return Some(import(ImportKind::Require, target, node));
    }
    Some(match from_own_folder(cx, value, 0).filter(|path| path.contains('/')) {
        Some(path) => import(ImportKind::Require, &path, node),
        None => import(ImportKind::Dynamic, "", node),
    })
}

fn plain<'a>(cx: &Context<'a>, mut value: Node<'_>) -> Option<&'a str> {
    while value.kind() == "parenthesized_expression" {
        value = value.named_child(0)?;
    }
    cx.literal(value).filter(|text| !text.contains('$'))
}

/// The path from the file's folder that an expression of `__DIR__`, `dirname(…)` and literals gives, beginning with `.`
/// or `..`. Longer ones than people write are computed.
fn from_own_folder(cx: &Context<'_>, value: Node<'_>, depth: u8) -> Option<String> {
    if depth > 8 {
        return None;
    }
    match value.kind() {
        "name" if cx.text(value) == "__DIR__" => Some(".".to_owned()),
        "parenthesized_expression" => from_own_folder(cx, value.named_child(0)?, depth + 1),
        "binary_expression" if cx.child_text(value, Field::Operator) == Some(".") => {
            let folder = from_own_folder(cx, cx.child(value, Field::Left)?, depth + 1)?;
            let rest = plain(cx, cx.child(value, Field::Right)?)?;
            // `__DIR__ . 'x'` is no file of the folder.
            (rest.starts_with('/') || !is_folder(&folder)).then(|| [&*folder, rest].concat())
        }
        "function_call_expression" => {
            let name = cx.child_text(value, Field::Function)?.trim_start_matches('\\');
            let arguments = named_children(cx.child(value, Field::Arguments).filter(|_| name == "dirname")?);
            let mut arguments = arguments.into_iter().map(|argument| cx.unwrapped(argument));
            let of = arguments.next()?;
            let levels = arguments.next().map_or(Some(1), |levels| cx.text(levels).parse::<usize>().ok())?;
            // The file itself is one level below its folder.
            let (inside, up) = match cx.text(of) {
                "__FILE__" => (".".to_owned(), levels.checked_sub(1)?),
                _ => (from_own_folder(cx, of, depth + 1)?, levels),
            };
            (is_folder(&inside) && up <= 16).then(|| climb(&inside, up))
        }
        _ => None,
    }
}

fn is_folder(path: &str) -> bool {
    path.split('/').all(|part| matches!(part, "." | ".."))
}

/// `..` once more for each level.
fn climb(folder: &str, levels: usize) -> String {
    let up = folder.split('/').filter(|part| *part == "..").count() + levels;
    if up == 0 { ".".to_owned() } else { vec![".."; up].join("/") }
}

/// `\App\Base` where it is used without a `use`. PHP's own functions and constants, which many files write so, lead nowhere.
fn fully_qualified(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let name = cx.text(node).strip_prefix('\\')?;
    let is_class = name.contains('\\')
        || (name.starts_with(|first: char| first.is_ascii_uppercase())
            && (name.contains(|letter: char| letter.is_ascii_lowercase()) || names_a_class(node)));
    is_class.then(|| import(ImportKind::Path, name, node))
}

/// Whether a name in capital letters is used as a class (`new \PDO`), not as a constant (`\PHP_EOL`).
fn names_a_class(node: Node<'_>) -> bool {
    node.parent().is_some_and(|around| {
        matches!(
            around.kind(),
            "object_creation_expression"
                | "named_type"
                | "base_clause"
                | "class_interface_clause"
                | "scoped_call_expression"
                | "class_constant_access_expression"
                | "scoped_property_access_expression"
                | "attribute"
                | "use_declaration"
        )
    })
}

/// The last part of a name, and what stands before it.
fn split<'t>(cx: &Context<'_>, name: Node<'t>) -> (Node<'t>, Option<Node<'t>>) {
    match name.kind() {
        "qualified_name" => {
            let last = named_children(name).into_iter().rfind(|part| part.kind() == "name");
            (last.unwrap_or(name), cx.child_of_kind(name, &["namespace_name"]))
        }
        _ => (name, None),
    }
}
