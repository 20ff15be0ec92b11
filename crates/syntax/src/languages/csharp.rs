//! C#.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
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
    grammar: || tree_sitter_c_sharp::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["comment"]),
        (Roles::IDENTIFIER, &["identifier"]),
        (
            Roles::SILENT,
            &[
                "string_content",
                "string_literal_content",
                "string_literal_encoding",
                "character_literal_content",
                "escape_sequence",
                "interpolation_quote",
                "interpolation_start",
                "raw_string_start",
                "raw_string_content",
                "raw_string_end",
                "preproc_arg",
                "modifier",
            ],
        ),
        (Roles::OPERAND, &["string_literal", "verbatim_string_literal", "raw_string_literal", "character_literal"]),
        (Roles::MODULE, &["namespace_declaration", "file_scoped_namespace_declaration"]),
        (
            Roles::SYMBOL,
            &[
                "namespace_declaration",
                "class_declaration",
                "record_declaration",
                "struct_declaration",
                "interface_declaration",
                "enum_declaration",
                "delegate_declaration",
                "method_declaration",
                "constructor_declaration",
                "local_function_statement",
                "property_declaration",
                "field_declaration",
                "event_field_declaration",
                "event_declaration",
                "indexer_declaration",
                "accessor_declaration",
                "arrow_expression_clause",
                "destructor_declaration",
                "operator_declaration",
                "conversion_operator_declaration",
                "enum_member_declaration",
            ],
        ),
        (Roles::IMPORT, &["using_directive"]),
        (Roles::CALL, &["invocation_expression", "object_creation_expression"]),
        (Roles::ANNOTATION, &["attribute"]),
        (Roles::DECISION, FLOW),
        (Roles::ARM, &["switch_section", "switch_expression_arm"]),
        (Roles::NEST, FLOW),
        (Roles::NEST, &["switch_statement", "switch_expression"]),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::CLOSURE, &["lambda_expression", "anonymous_method_expression"]),
        (Roles::JUMP, &["goto_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "argument_list",
                "parameter_list",
                "block",
                "declaration_list",
                "accessor_list",
                "attribute_list",
                "attribute_argument_list",
                "bracketed_argument_list",
                "initializer_expression",
                "parenthesized_expression",
            ],
        ),
    ],
    tokens: &[
        (Roles::ELSE.or(Roles::CHAIN), &["else"]),
        // Cognitive complexity leaves shorthands for null out.
        (Roles::DECISION, &["??"]),
        (Roles::LOGICAL, &["&&", "||"]),
    ],
    extract: &CSharp,
};

struct CSharp;

impl Extract for CSharp {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        let visibility = visibility(cx, node);
        match node.kind() {
            "field_declaration" | "event_field_declaration" => found.extend(fields(cx, node, visibility)),
            "accessor_declaration" | "arrow_expression_clause" => found.extend(accessor(cx, node)),
            "operator_declaration" | "conversion_operator_declaration" | "destructor_declaration" => {
                found.extend(special(cx, node, visibility));
            }
            "indexer_declaration" => {
                let this = cx.child_of_kind(node, &["this"]);
                found.extend(this.map(|this| NewSymbol::scope(this, SymbolKind::Variable, visibility)));
            }
            _ => {}
        }
        if !found.is_empty() {
            return;
        }
        let Some(name) = cx.child(node, Field::Name) else { return };
        let count = || cx.parameters(cx.child(node, Field::Parameters), &[]);
        found.push(match node.kind() {
            "namespace_declaration" => NewSymbol::scope(name, SymbolKind::Module, Visibility::Public),
            "struct_declaration" => NewSymbol::scope(name, SymbolKind::Struct, visibility),
            "interface_declaration" => NewSymbol::scope(name, SymbolKind::Interface, visibility),
            "enum_declaration" => NewSymbol::scope(name, SymbolKind::Enum, visibility),
            "delegate_declaration" => NewSymbol::leaf(name, SymbolKind::TypeAlias, visibility),
            "property_declaration" | "event_declaration" => NewSymbol::scope(name, SymbolKind::Variable, visibility),
            "enum_member_declaration" => NewSymbol::leaf(name, SymbolKind::Constant, Visibility::Public),
            "accessor_declaration" => return,
            "local_function_statement" => NewSymbol::function(name, SymbolKind::Function, Visibility::Private, count()),
            "method_declaration" | "constructor_declaration" if cx.child(node, Field::Body).is_some() => {
                NewSymbol::function(name, SymbolKind::Method, visibility, count())
            }
            "method_declaration" | "constructor_declaration" => NewSymbol::leaf(name, SymbolKind::Method, visibility),
            _ => NewSymbol::scope(name, SymbolKind::Class, visibility),
        });
        if node.kind() == "record_declaration" {
            found.extend(components(cx, node));
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        // `using X = A.B;` names the alias in a field, the target beside it.
        let alias = cx.child(node, Field::Name);
        let target = named_children(node)
            .into_iter()
            .find(|child| Some(child.id()) != alias.map(|alias| alias.id()) && is_name(*child));
        let Some(target) = target else { return true };
        let is_static = cx.child_of_kind(node, &["static"]).is_some();
        let kind = if is_static { ImportKind::Static } else { ImportKind::Module };
        let text = cx.text(target).trim_start_matches("global::");
        found.push(Import { alias: alias.map(|alias| cx.text(alias).into()), ..import(kind, text, node) });
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let arguments = cx.child(node, Field::Arguments);
        if node.kind() == "object_creation_expression" {
            let name = simple_name(cx, cx.child(node, Field::Type)?)?;
            return Some(NewCall { kind: CallKind::Construct, name, receiver: None, arguments });
        }
        let function = cx.child(node, Field::Function)?;
        let (name, receiver) = match function.kind() {
            "member_access_expression" => (simple_name(cx, cx.child(function, Field::Name)?)?, function.named_child(0)),
            _ => (simple_name(cx, function)?, None),
        };
        Some(NewCall { kind: CallKind::Call, name, receiver, arguments })
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let name = cx.child(node, Field::Name)?;
        Some(NewAnnotation { name, arguments: cx.child_of_kind(node, &["attribute_argument_list"]), inside: true })
    }

    fn module(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
        cx.child_text(node, Field::Name).map(Into::into)
    }

    /// `default:`, `case _:` and `_ =>`
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        arm.child(0).is_some_and(|label| cx.kind(label) == "default")
            || (cx.child_of_kind(arm, &["discard"]).is_some() && cx.child_of_kind(arm, &["when_clause"]).is_none())
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("///") || comment.starts_with("/**")
    }
}

fn is_name(node: Node<'_>) -> bool {
    matches!(node.kind(), "identifier" | "qualified_name" | "alias_qualified_name" | "generic_name")
}

fn simple_name<'t>(cx: &Context<'_>, mut node: Node<'t>) -> Option<Node<'t>> {
    for _ in 0..64 {
        match node.kind() {
            "identifier" => return Some(node),
            "generic_name" => node = cx.child_of_kind(node, &["identifier"])?,
            "qualified_name" => node = cx.child(node, Field::Name)?,
            _ => return None,
        }
    }
    None
}

fn fields<'t>(cx: &Context<'_>, node: Node<'t>, visibility: Visibility) -> Vec<NewSymbol<'t>> {
    let words = modifiers(cx, node);
    let constant = words.contains(&"const") || (words.contains(&"readonly") && words.contains(&"static"));
    let kind = if constant { SymbolKind::Constant } else { SymbolKind::Variable };
    cx.child_of_kind(node, &["variable_declaration"])
        .map(named_children)
        .unwrap_or_default()
        .into_iter()
        .filter(|child| child.kind() == "variable_declarator")
        .filter_map(|declarator| Some(NewSymbol::leaf(cx.child(declarator, Field::Name)?, kind, visibility)))
        .collect()
}

/// `get { … }` of a property, and what stands behind its `=>`. Without a body it computes nothing.
fn accessor<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let words = modifiers(cx, node);
    let of_property = cx.scope_visibility.filter(|_| cx.scope == Some(SymbolKind::Variable) && !cx.in_function)?;
    let visibility = if words.is_empty() { of_property } else { visibility(cx, node) };
    if node.kind() == "arrow_expression_clause" {
        let get = NewSymbol::function(node, SymbolKind::Method, visibility, 0);
        return Some(NewSymbol { name: Some("get".to_owned()), ..get });
    }
    cx.child(node, Field::Body)?;
    Some(NewSymbol::function(cx.child(node, Field::Name)?, SymbolKind::Method, visibility, 0))
}

/// `~C()`, `operator +` and `operator int`, named as C++ does.
fn special<'t>(cx: &Context<'_>, node: Node<'t>, visibility: Visibility) -> Option<NewSymbol<'t>> {
    let (name_node, name) = match node.kind() {
        "destructor_declaration" => {
            let name = cx.child(node, Field::Name)?;
            (name, format!("~{}", cx.text(name)))
        }
        "operator_declaration" => {
            let operator = cx.child_of_kind(node, &["operator"])?;
            let symbol = cx.child_text(node, Field::Operator)?;
            let gap = if symbol.starts_with(|first: char| first.is_ascii_alphabetic()) { " " } else { "" };
            (operator, format!("operator{gap}{symbol}"))
        }
        _ => (cx.child_of_kind(node, &["operator"])?, format!("operator {}", cx.child_text(node, Field::Type)?)),
    };
    let count = cx.parameters(cx.child(node, Field::Parameters), &[]);
    let symbol = match cx.child(node, Field::Body) {
        Some(_) => NewSymbol::function(name_node, SymbolKind::Method, visibility, count),
        None => NewSymbol::leaf(name_node, SymbolKind::Method, visibility),
    };
    Some(NewSymbol { name: Some(name), ..symbol })
}

/// A record's parameters are properties that everyone may read.
fn components<'t>(cx: &Context<'_>, node: Node<'t>) -> Vec<NewSymbol<'t>> {
    let list = cx.child_of_kind(node, &["parameter_list"]).map(named_children).unwrap_or_default();
    let named = list.into_iter().filter_map(|part| Some((part, cx.child(part, Field::Name)?)));
    named.map(|(part, name)| NewSymbol::part(part, name, SymbolKind::Variable, Visibility::Public)).collect()
}

fn modifiers<'a>(cx: &Context<'a>, node: Node<'_>) -> Vec<&'a str> {
    let children = named_children(node).into_iter();
    children.filter(|child| child.kind() == "modifier").map(|modifier| cx.text(modifier)).collect()
}

/// Types are internal, members private, and members of an interface public, unless a modifier says otherwise.
fn visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    let words = modifiers(cx, node);
    let is_type = matches!(cx.scope, None | Some(SymbolKind::Module));
    if cx.in_function {
        Visibility::Private
    } else if words.contains(&"public") {
        Visibility::Public
    } else if words.contains(&"protected") || words.contains(&"internal") {
        Visibility::Restricted
    } else if cx.scope == Some(SymbolKind::Interface) {
        Visibility::Public
    } else if is_type {
        Visibility::Restricted
    } else {
        Visibility::Private
    }
}
