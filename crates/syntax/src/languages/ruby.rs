//! Ruby.

use crate::extract::{Context, Extract, NewCall, NewSymbol, import, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

const FLOW: &[&str] = &[
    "if",
    "unless",
    "while",
    "until",
    "for",
    "rescue",
    "conditional",
    "if_modifier",
    "unless_modifier",
    "while_modifier",
    "until_modifier",
    "rescue_modifier",
];

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_ruby::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER, &["identifier", "constant"]),
        (Roles::ACCESS, &["identifier", "call"]),
        (Roles::SILENT, &["string_content", "escape_sequence", "heredoc_content", "heredoc_end", "uninterpreted"]),
        (Roles::OPERAND, &["string", "simple_symbol", "regex"]),
        (Roles::SYMBOL, &["class", "module", "method", "singleton_method", "assignment", "call"]),
        (Roles::IMPORT, &["call"]),
        (Roles::CALL, &["call"]),
        (Roles::DECISION, FLOW),
        (Roles::DECISION, &["elsif", "when"]),
        (Roles::ARM, &["in_clause"]),
        (Roles::NEST, FLOW),
        (Roles::NEST, &["case", "case_match"]),
        (Roles::ELSE, &["elsif", "else"]),
        (Roles::CLOSURE, &["block", "do_block", "lambda"]),
        (Roles::BINARY, &["binary"]),
        (Roles::PARENTHESES, &["parenthesized_statements"]),
        (Roles::CLOSED, &["string", "array", "hash", "parenthesized_statements", "block"]),
    ],
    tokens: &[(Roles::LOGICAL, &["&&", "||", "and", "or"])],
    extract: &Ruby,
};

struct Ruby;

impl Extract for Ruby {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        if node.kind() == "assignment" {
            let name = cx.child(node, Field::Left).filter(|left| left.kind() == "constant" && !cx.in_function);
            found.extend(name.map(|name| NewSymbol::leaf(name, SymbolKind::Constant, Visibility::Public)));
            return;
        }
        if node.kind() == "call" {
            defining_call(cx, node, found);
            return;
        }
        let Some(name) = cx.child(node, Field::Name) else { return };
        // A label is about methods of instances, not of the class itself.
        let label = cx.access.filter(|_| node.kind() == "method");
        let visibility = visibility(cx, label);
        let in_type = matches!(cx.scope, Some(SymbolKind::Class | SymbolKind::Module));
        let kind = if in_type { SymbolKind::Method } else { SymbolKind::Function };
        found.push(match node.kind() {
            // Keyword tokens `class` and `module` have the same name but no field.
            "class" => NewSymbol::scope(name, SymbolKind::Class, Visibility::Public),
            "module" => NewSymbol::scope(name, SymbolKind::Module, Visibility::Public),
            _ => NewSymbol::function(name, kind, visibility, cx.parameters(cx.child(node, Field::Parameters), &[])),
        });
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        let Some(method) = cx.child(node, Field::Method) else { return false };
        let name = cx.text(method);
        if !matches!(name, "require" | "require_relative" | "load" | "autoload") {
            return false;
        }
        let arguments = cx.child(node, Field::Arguments);
        // `autoload :Name, "path"`
        let at = u32::from(name == "autoload");
        let target = arguments.and_then(|list| list.named_child(at)).and_then(|first| cx.literal(first));
        found.push(match target {
            None => import(ImportKind::Dynamic, "", node),
            Some(target) if name == "require_relative" && !target.starts_with('.') => {
                import(ImportKind::Require, &format!("./{target}"), node)
            }
            Some(target) => import(ImportKind::Require, target, node),
        });
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let name = cx.child(node, Field::Method)?;
        let receiver = cx.child(node, Field::Receiver);
        Some(NewCall { kind: CallKind::Call, name, receiver, arguments: cx.child(node, Field::Arguments) })
    }

    /// A bare `private` in the body of a type, or `private …` with what it is about. As an argument it labels nothing.
    fn access(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Visibility> {
        if cx.in_function {
            return None;
        }
        if node.kind() == "call" {
            let method = cx.child(node, Field::Method).filter(|_| cx.child(node, Field::Receiver).is_none())?;
            return match cx.text(method) {
                "private" | "private_class_method" | "private_constant" => Some(Visibility::Private),
                "protected" => Some(Visibility::Restricted),
                "public" | "public_class_method" => Some(Visibility::Public),
                _ => None,
            };
        }
        let access = match cx.text(node) {
            "private" => Visibility::Private,
            "protected" => Visibility::Restricted,
            "public" => Visibility::Public,
            _ => return None,
        };
        let alone = node.parent().is_some_and(|around| around.kind() == "body_statement");
        alone.then_some(access)
    }

    /// `private :x, "y"`
    fn restates(&self, cx: &Context<'_>, node: Node<'_>, names: &mut Vec<Box<str>>) {
        let arguments = cx.child(node, Field::Arguments).map(named_children).unwrap_or_default();
        names.extend(arguments.into_iter().filter_map(|argument| symbol_name(cx, argument)).map(Into::into));
    }

    /// `in _`
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        cx.child_text(arm, Field::Pattern) == Some("_") && cx.child(arm, Field::Guard).is_none()
    }

    fn is_doc(&self, _comment: &str) -> bool {
        true
    }
}

fn visibility(cx: &Context<'_>, label: Option<Visibility>) -> Visibility {
    if cx.in_function { Visibility::Private } else { cx.lent.or(label).unwrap_or(Visibility::Public) }
}

/// `attr_reader :a, :b` and `define_method(:x) { … }` in the body of a type. An accessor for both ways is one symbol.
fn defining_call<'t>(cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
    if cx.in_function || !matches!(cx.scope, Some(SymbolKind::Class | SymbolKind::Module)) {
        return;
    }
    let Some(method) = cx.child(node, Field::Method) else { return };
    let (name, visibility) = (cx.text(method), visibility(cx, cx.access));
    if !matches!(name, "attr" | "attr_reader" | "attr_writer" | "attr_accessor" | "define_method") {
        return;
    }
    let arguments = cx.child(node, Field::Arguments).map(named_children).unwrap_or_default();
    let named = arguments.into_iter().filter_map(|argument| Some((argument, symbol_name(cx, argument)?)));
    if name == "define_method" {
        let block = cx.child_of_kind(node, &["block", "do_block"]);
        let count = cx.parameters(block.and_then(|block| cx.child(block, Field::Parameters)), &[]);
        found.extend(
            named
                .take(1)
                .map(|(at, name)| match block {
                    Some(_) => (name, NewSymbol::function(at, SymbolKind::Method, visibility, count)),
                    None => (name, NewSymbol::leaf(at, SymbolKind::Method, visibility)),
                })
                .map(|(name, symbol)| NewSymbol { name: Some(name.to_owned()), ..symbol }),
        );
        return;
    }
    let end = if name == "attr_writer" { "=" } else { "" };
    found.extend(named.map(|(at, name)| NewSymbol {
        name: Some([name, end].concat()),
        ..NewSymbol::leaf(at, SymbolKind::Method, visibility)
    }));
}

/// The name in `:name` or `"name"`.
fn symbol_name<'a>(cx: &Context<'a>, argument: Node<'_>) -> Option<&'a str> {
    match argument.kind() {
        "simple_symbol" => cx.text(argument).strip_prefix(':'),
        "string" => cx.literal(argument),
        _ => None,
    }
}
