//! Java.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, keep_first_paths, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Facts, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::Node;

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_java::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["line_comment", "block_comment"]),
        (Roles::IDENTIFIER, &["identifier", "type_identifier"]),
        (Roles::SILENT, &["string_fragment", "multiline_string_fragment", "escape_sequence"]),
        (Roles::OPERAND, &["string_literal", "character_literal"]),
        (Roles::MODULE, &["package_declaration"]),
        (
            Roles::SYMBOL,
            &[
                "class_declaration",
                "interface_declaration",
                "enum_declaration",
                "record_declaration",
                "annotation_type_declaration",
                "method_declaration",
                "constructor_declaration",
                "compact_constructor_declaration",
                "field_declaration",
                "constant_declaration",
                "enum_constant",
                "annotation_type_element_declaration",
            ],
        ),
        (Roles::IMPORT, &["import_declaration", "scoped_type_identifier"]),
        (Roles::CALL, &["method_invocation", "object_creation_expression"]),
        (Roles::ANNOTATION, &["marker_annotation", "annotation"]),
        (
            Roles::DECISION,
            &[
                "if_statement",
                "for_statement",
                "enhanced_for_statement",
                "while_statement",
                "do_statement",
                "catch_clause",
                "ternary_expression",
            ],
        ),
        (
            Roles::NEST,
            &[
                "if_statement",
                "for_statement",
                "enhanced_for_statement",
                "while_statement",
                "do_statement",
                "catch_clause",
                "ternary_expression",
                "switch_expression",
            ],
        ),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::CLOSURE, &["lambda_expression"]),
        (Roles::JUMP, &["break_statement", "continue_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "argument_list",
                "formal_parameters",
                "block",
                "string_literal",
                "class_body",
                "interface_body",
                "enum_body",
                "constructor_body",
                "switch_block",
                "parenthesized_expression",
                "annotation_argument_list",
                "array_access",
                "array_initializer",
                "element_value_array_initializer",
            ],
        ),
    ],
    tokens: &[(Roles::ELSE.or(Roles::CHAIN), &["else"]), (Roles::DECISION, &["case"]), (Roles::LOGICAL, &["&&", "||"])],
    extract: &Java,
};

struct Java;

impl Extract for Java {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        let visibility = visibility(cx, node);
        let kind = match cx.kind(node) {
            "class_declaration" | "record_declaration" => SymbolKind::Class,
            "interface_declaration" | "annotation_type_declaration" => SymbolKind::Interface,
            "enum_declaration" => SymbolKind::Enum,
            "field_declaration" | "constant_declaration" => {
                found.extend(fields(cx, node, visibility));
                return;
            }
            "enum_constant" => SymbolKind::Constant,
            _ => SymbolKind::Method,
        };
        let Some(name) = cx.child(node, Field::Name) else { return };
        // They have no modifiers: everyone who sees the enumeration may use them.
        let visibility = if kind == SymbolKind::Constant { Visibility::Public } else { visibility };
        if kind == SymbolKind::Method && cx.child(node, Field::Body).is_some() {
            let count = cx.parameters(cx.child(node, Field::Parameters), &["receiver_parameter"]);
            found.push(NewSymbol::function(name, kind, visibility, count));
        } else {
            found.push(NewSymbol::scope(name, kind, visibility));
        }
        if cx.kind(node) == "record_declaration" {
            found.extend(components(cx, node));
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        if cx.kind(node) == "scoped_type_identifier" {
            found.extend(qualified_type(cx, node, found.last()));
            return false;
        }
        let (mut path, mut kind, mut wildcard) = (None, ImportKind::Module, false);
        for child in node.children(&mut node.walk()) {
            match cx.kind(child) {
                "scoped_identifier" | "identifier" => path = Some(child),
                "static" => kind = ImportKind::Static,
                "asterisk" => wildcard = true,
                _ => {}
            }
        }
        found.extend(path.map(|path| Import { wildcard, ..import(kind, cx.text(path), node) }));
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let arguments = cx.child(node, Field::Arguments);
        if cx.kind(node) == "object_creation_expression" {
            let mut name = cx.child(node, Field::Type)?;
            while cx.kind(name) == "generic_type" {
                name = name.named_child(0)?;
            }
            let mut receiver = None;
            if cx.kind(name) == "scoped_type_identifier" {
                let parts = named_children(name);
                receiver = parts.first().copied();
                name = parts.into_iter().rfind(|part| cx.kind(*part) == "type_identifier")?;
            }
            return Some(NewCall { kind: CallKind::Construct, name, receiver, arguments });
        }
        let name = cx.child(node, Field::Name)?;
        Some(NewCall { kind: CallKind::Call, name, receiver: cx.child(node, Field::Object), arguments })
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let name = cx.child(node, Field::Name)?;
        Some(NewAnnotation { name, arguments: cx.child(node, Field::Arguments), inside: true })
    }

    fn module(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Box<str>> {
        cx.child_of_kind(node, &["scoped_identifier", "identifier"]).map(|name| cx.text(name).into())
    }

    fn settle(&self, _source: &[u8], facts: &mut Facts) {
        keep_first_paths(&mut facts.imports);
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("/**")
    }
}

/// `com.x.Type` where it is used without an import: by custom, packages begin with a small letter. Only the whole of it
/// counts, not the package that it begins with.
fn qualified_type(cx: &Context<'_>, node: Node<'_>, last: Option<&Import>) -> Option<Import> {
    let path = cx.text(node);
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$'));
    if !is_plain || !path.starts_with(|first: char| first.is_ascii_lowercase()) {
        return None;
    }
    let inside_last = last.is_some_and(|last| {
        last.kind == ImportKind::Path && last.line == crate::text::line(node) && last.target.starts_with(path)
    });
    (!inside_last).then(|| import(ImportKind::Path, path, node))
}

fn fields<'t>(cx: &Context<'_>, node: Node<'t>, visibility: Visibility) -> Vec<NewSymbol<'t>> {
    let modifiers = modifiers(cx, node).map(|modifiers| cx.text(modifiers)).unwrap_or_default();
    let constant = cx.kind(node) == "constant_declaration" || modifiers.split_whitespace().any(|word| word == "final");
    let kind = if constant { SymbolKind::Constant } else { SymbolKind::Variable };
    named_children(node)
        .into_iter()
        .filter(|child| cx.kind(*child) == "variable_declarator")
        .filter_map(|declarator| Some(NewSymbol::leaf(cx.child(declarator, Field::Name)?, kind, visibility)))
        .collect()
}

/// A record's components are final, and everyone may read them.
fn components<'t>(cx: &Context<'_>, node: Node<'t>) -> impl Iterator<Item = NewSymbol<'t>> {
    let list = cx.child(node, Field::Parameters).map(named_children).unwrap_or_default();
    let named: Vec<_> = list.into_iter().filter_map(|part| Some((part, cx.child(part, Field::Name)?))).collect();
    named.into_iter().map(|(part, name)| NewSymbol::part(part, name, SymbolKind::Constant, Visibility::Public))
}

/// They stand first.
fn modifiers<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<Node<'t>> {
    node.child(0).filter(|first| cx.kind(*first) == "modifiers")
}

/// Members of an interface are public unless they say otherwise; elsewhere no modifier means the package.
fn visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    if cx.in_function {
        return Visibility::Private;
    }
    let word =
        modifiers(cx, node).and_then(|modifiers| cx.child_of_kind(modifiers, &["public", "protected", "private"]));
    match word.map(|word| cx.kind(word)) {
        Some("public") => Visibility::Public,
        Some("private") => Visibility::Private,
        Some(_) => Visibility::Restricted,
        None if cx.scope == Some(SymbolKind::Interface) => Visibility::Public,
        None => Visibility::Restricted,
    }
}
