//! Go.

use crate::extract::{Context, Extract, NewCall, NewSymbol, import};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_go::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER, &["identifier", "field_identifier", "type_identifier", "package_identifier"]),
        (Roles::SILENT, &["interpreted_string_literal_content", "raw_string_literal_content", "escape_sequence"]),
        (Roles::OPERAND, &["interpreted_string_literal", "raw_string_literal", "rune_literal"]),
        (Roles::MODULE, &["package_clause"]),
        (
            Roles::SYMBOL,
            &[
                "function_declaration",
                "method_declaration",
                "method_elem",
                "type_spec",
                "type_alias",
                "const_spec",
                "var_spec",
            ],
        ),
        (Roles::IMPORT, &["import_spec"]),
        (Roles::CALL, &["call_expression", "composite_literal"]),
        (Roles::QUALIFIED, &["selector_expression", "qualified_type"]),
        (Roles::DECISION, &["if_statement", "for_statement", "expression_case", "type_case", "communication_case"]),
        (
            Roles::NEST,
            &[
                "if_statement",
                "for_statement",
                "expression_switch_statement",
                "type_switch_statement",
                "select_statement",
            ],
        ),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::CLOSURE, &["func_literal"]),
        (Roles::JUMP, &["goto_statement", "break_statement", "continue_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "argument_list",
                "parameter_list",
                "block",
                "interpreted_string_literal",
                "raw_string_literal",
                "literal_value",
                "parenthesized_expression",
                "index_expression",
                "slice_expression",
                "type_arguments",
                "field_declaration_list",
            ],
        ),
    ],
    tokens: &[(Roles::ELSE.or(Roles::CHAIN), &["else"]), (Roles::LOGICAL, &["&&", "||"])],
    extract: &Go,
};

struct Go;

impl Extract for Go {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        let Some(name) = cx.child(node, Field::Name) else { return };
        let visibility = visibility(cx, cx.text(name));
        match node.kind() {
            "function_declaration" => found.push(NewSymbol::function(
                name,
                SymbolKind::Function,
                visibility,
                cx.parameters(cx.child(node, Field::Parameters), &[]),
            )),
            "method_declaration" => {
                let receiver = cx.child(node, Field::Receiver).and_then(|list| receiver_type(cx, list));
                let full = receiver.map(|receiver| format!("{receiver}.{}", cx.text(name)));
                let count = cx.parameters(cx.child(node, Field::Parameters), &[]);
                found
                    .push(NewSymbol { name: full, ..NewSymbol::function(name, SymbolKind::Method, visibility, count) });
            }
            "method_elem" => found.push(NewSymbol::leaf(name, SymbolKind::Method, visibility)),
            "type_spec" => {
                let kind = match cx.child(node, Field::Type).map(|of| of.kind()) {
                    Some("struct_type") => SymbolKind::Struct,
                    Some("interface_type") => SymbolKind::Interface,
                    _ => SymbolKind::TypeAlias,
                };
                found.push(NewSymbol::scope(name, kind, visibility));
            }
            "type_alias" => found.push(NewSymbol::leaf(name, SymbolKind::TypeAlias, visibility)),
            _ if cx.in_function => {}
            kind => {
                let kind = if kind == "const_spec" { SymbolKind::Constant } else { SymbolKind::Variable };
                let mut cursor = node.walk();
                // One spec may name several, all under the field `name`, with commas between.
                let names = node.children_by_field_name("name", &mut cursor).filter(Node::is_named).take(4_096);
                found.extend(
                    names
                        .filter(|name| cx.text(*name) != "_")
                        .map(|name| NewSymbol::leaf(name, kind, self::visibility(cx, cx.text(name)))),
                );
            }
        }
    }

    fn text<'a>(&self, cx: &Context<'a>, node: Node<'_>) -> Option<&'a str> {
        let values = cx.child(node, Field::Value).filter(|_| node.kind() == "const_spec")?;
        cx.literal(values.named_child(0)?)
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        let Some(target) = cx.child(node, Field::Path).and_then(|path| cx.literal(path)) else { return true };
        let name = cx.child_text(node, Field::Name);
        found.push(Import {
            wildcard: name == Some("."),
            alias: name.filter(|name| *name != ".").map(Into::into),
            ..import(ImportKind::Module, target, node)
        });
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        if node.kind() == "composite_literal" {
            return command(cx, node);
        }
        let function = cx.child(node, Field::Function)?;
        let (name, receiver) = match function.kind() {
            "identifier" => (function, None),
            "selector_expression" => (cx.child(function, Field::Member)?, function.named_child(0)),
            _ => return None,
        };
        Some(NewCall { kind: CallKind::Call, name, receiver, arguments: cx.child(node, Field::Arguments) })
    }

    fn qualified<'t>(&self, _cx: &Context<'_>, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let (package, name) = (node.named_child(0)?, node.named_child(1)?);
        matches!(package.kind(), "identifier" | "package_identifier").then_some((package, name))
    }

    fn module(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
        node.named_child(0).map(|name| cx.text(name).into())
    }

    fn is_doc(&self, _comment: &str) -> bool {
        true
    }
}

/// `cobra.Command{Use: "run"}` and its like make a command as a call would; other literals are data.
fn command<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
    let of = cx.child(node, Field::Type).filter(|of| of.kind() == "qualified_type")?;
    let name = cx.child(of, Field::Name).filter(|name| cx.text(*name) == "Command")?;
    let arguments = cx.child(node, Field::Body);
    Some(NewCall { kind: CallKind::Construct, name, receiver: of.named_child(0), arguments })
}

/// An upper-case first letter exports a name.
fn visibility(cx: &Context<'_>, name: &str) -> Visibility {
    match name.chars().next() {
        _ if cx.in_function => Visibility::Private,
        Some(first) if first.is_uppercase() => Visibility::Public,
        _ => Visibility::Restricted,
    }
}

/// `T` in `(x *T[K])`.
fn receiver_type<'a>(cx: &Context<'a>, list: Node<'_>) -> Option<&'a str> {
    let mut of = cx.child(list.named_child(0)?, Field::Type)?;
    while matches!(of.kind(), "pointer_type" | "generic_type" | "parenthesized_type") {
        of = of.named_child(0)?;
    }
    Some(cx.text(of))
}
