//! PHP.

use crate::extract::{
    Context, Extract, NewAnnotation, NewCall, NewSymbol, child_of_kind, import, innermost, named_children, parameters,
};
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
        let name = cx.child(node, Field::Name).or_else(|| child_of_kind(node, &["name", "variable_name"]));
        let Some(name) = name else { return };
        let visibility = visibility(cx, node);
        let count = || parameters(cx.child(node, Field::Parameters), &[]);
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

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        if node.kind() != "namespace_use_declaration" {
            found.extend(included(cx, node));
            return true;
        }
        // `use A\B\{C, D as E};` has its prefix beside the group.
        let group = child_of_kind(node, &["namespace_use_group"]);
        let prefix = group.and_then(|_| child_of_kind(node, &["namespace_name"])).map(|prefix| cx.text(prefix));
        for clause in named_children(group.unwrap_or(node)) {
            if clause.kind() != "namespace_use_clause" {
                continue;
            }
            let Some(name) = child_of_kind(clause, &["qualified_name", "name", "namespace_name"]) else { continue };
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
                let name = child_of_kind(node, &["name", "qualified_name"])?;
                let arguments = child_of_kind(node, &["arguments"]);
                return Some(NewCall { kind: CallKind::Construct, name, receiver: None, arguments });
            }
            _ => (CallKind::Call, cx.child(node, Field::Name)?, cx.child(node, Field::Object)),
        };
        matches!(name.kind(), "name" | "qualified_name").then_some(NewCall { kind, name, receiver, arguments })
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let name = child_of_kind(node, &["name", "qualified_name"])?;
        Some(NewAnnotation { name, arguments: cx.child(node, Field::Parameters), inside: true })
    }

    fn module(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
        cx.child_text(node, Field::Name).map(Into::into)
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("/**")
    }
}

/// `define('NAME', …)`
fn defined<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let is_define = !cx.in_function && cx.child_text(node, Field::Function) == Some("define");
    let first = cx.child(node, Field::Arguments).filter(|_| is_define)?.named_child(0)?;
    let name = cx.literal(innermost(first))?.trim_start_matches('\\').to_owned();
    Some(NewSymbol { name: Some(name), ..NewSymbol::leaf(first, SymbolKind::Constant, Visibility::Public) })
}

fn visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    if cx.in_function {
        return Visibility::Private;
    }
    // Properties and constants carry the modifier one level up.
    let carrier = if node.kind().ends_with("_element") { node.parent().unwrap_or(node) } else { node };
    match child_of_kind(carrier, &["visibility_modifier"]).map(|modifier| cx.text(modifier)) {
        Some("private") => Visibility::Private,
        Some("protected") => Visibility::Restricted,
        _ => Visibility::Public,
    }
}

/// `require 'x.php'`, `include __DIR__ . '/x.php'`; the target is empty where it is computed otherwise.
fn included(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let mut value = node.named_child(0)?;
    while value.kind() == "parenthesized_expression" {
        value = value.named_child(0)?;
    }
    if let Some(target) = cx.literal(value).filter(|target| !target.contains('$')) {
        return Some(import(ImportKind::Require, target, node));
    }
    let beside = cx.child_text(value, Field::Left).is_some_and(|left| matches!(left, "__DIR__" | "dirname(__FILE__)"));
    let rest = cx.child(value, Field::Right).and_then(|right| cx.literal(right)).filter(|rest| !rest.contains('$'));
    Some(match (beside, rest) {
        (true, Some(rest)) => import(ImportKind::Require, &format!("./{}", rest.trim_start_matches('/')), node),
        _ => import(ImportKind::Dynamic, "", node),
    })
}
