//! Ruby.

use crate::extract::{Context, Extract, NewCall, NewSymbol, import, parameters};
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
        (Roles::ACCESS, &["identifier"]),
        (Roles::SILENT, &["string_content", "escape_sequence", "heredoc_content", "heredoc_end", "uninterpreted"]),
        (Roles::OPERAND, &["string", "simple_symbol", "regex"]),
        (Roles::SYMBOL, &["class", "module", "method", "singleton_method", "assignment"]),
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
        let Some(name) = cx.child(node, Field::Name) else { return };
        let visibility = if cx.in_function { Visibility::Private } else { cx.access.unwrap_or(Visibility::Public) };
        let in_type = matches!(cx.scope, Some(SymbolKind::Class | SymbolKind::Module));
        let kind = if in_type { SymbolKind::Method } else { SymbolKind::Function };
        found.push(match node.kind() {
            // Keyword tokens `class` and `module` have the same name but no field.
            "class" => NewSymbol::scope(name, SymbolKind::Class, Visibility::Public),
            "module" => NewSymbol::scope(name, SymbolKind::Module, Visibility::Public),
            _ => NewSymbol::function(name, kind, visibility, parameters(cx.child(node, Field::Parameters), &[])),
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

    /// A bare `private` in the body of a type. As an argument or with one (`private :x`) it labels nothing that follows.
    fn access(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Visibility> {
        if cx.in_function {
            return None;
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

    /// `in _`
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        cx.child_text(arm, Field::Pattern) == Some("_") && cx.child(arm, Field::Guard).is_none()
    }

    fn is_doc(&self, _comment: &str) -> bool {
        true
    }
}
