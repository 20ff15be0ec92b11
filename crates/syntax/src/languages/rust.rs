//! Rust.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, SymbolKind, Visibility};
use tree_sitter::{Node, Range};

pub(crate) const SPEC: Spec = Spec {
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, &["line_comment", "block_comment"]),
        (Roles::IDENTIFIER, &["identifier", "type_identifier", "field_identifier", "shorthand_field_identifier"]),
        (Roles::SILENT, &["string_content", "escape_sequence", "visibility_modifier"]),
        (Roles::OPERAND, &["string_literal", "raw_string_literal", "char_literal"]),
        (
            Roles::SYMBOL,
            &[
                "function_item",
                "function_signature_item",
                "struct_item",
                "enum_item",
                "union_item",
                "trait_item",
                "type_item",
                "associated_type",
                "const_item",
                "static_item",
                "mod_item",
                "macro_definition",
                "impl_item",
                "enum_variant",
            ],
        ),
        (
            Roles::IMPORT,
            &["use_declaration", "extern_crate_declaration", "mod_item", "scoped_identifier", "scoped_type_identifier"],
        ),
        (Roles::CALL, &["call_expression", "macro_invocation"]),
        (Roles::ITEMS, &["macro_invocation"]),
        (Roles::ANNOTATION, &["attribute_item"]),
        (Roles::DECISION, &["if_expression", "while_expression", "for_expression", "loop_expression"]),
        (Roles::ARM, &["match_arm"]),
        (Roles::NEST, &["if_expression", "while_expression", "for_expression", "loop_expression", "match_expression"]),
        (Roles::CHAIN, &["if_expression"]),
        (Roles::ELSE, &["else_clause"]),
        (Roles::CLOSURE, &["closure_expression"]),
        (Roles::JUMP, &["break_expression", "continue_expression"]),
        // `if let … && …` is a list of its own.
        (Roles::BINARY, &["binary_expression", "let_chain"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (
            Roles::CLOSED,
            &[
                "arguments",
                "parameters",
                "block",
                "string_literal",
                "token_tree",
                "declaration_list",
                "field_declaration_list",
                "ordered_field_declaration_list",
                "enum_variant_list",
                "field_initializer_list",
                "match_block",
                "parenthesized_expression",
                "tuple_expression",
                "tuple_type",
                "tuple_pattern",
                "tuple_struct_pattern",
                "array_expression",
                "index_expression",
            ],
        ),
    ],
    tokens: &[(Roles::CHAIN, &["else"]), (Roles::LOGICAL, &["&&", "||"])],
    extract: &Rust,
};

struct Rust;

impl Extract for Rust {
    /// What stands in the braces of a macro (`cfg_rt! { mod a; use b; }`), and for `cfg_if!` in the braces of its branches.
    fn items(&self, cx: &Context<'_>, node: Node<'_>) -> Vec<Range> {
        let Some(tokens) = cx.child_of_kind(node, &["token_tree"]) else { return Vec::new() };
        if !has_branches(tokens) {
            return inside_braces(tokens).into_iter().collect();
        }
        named_children(tokens)
            .into_iter()
            .filter(|child| child.kind() == "token_tree")
            .filter_map(inside_braces)
            .collect()
    }

    fn is_item(&self, cx: &Context<'_>, node: Node<'_>) -> bool {
        let kind = node.kind();
        kind.ends_with("_item")
            || kind.ends_with("_comment")
            || matches!(
                kind,
                "use_declaration"
                    | "extern_crate_declaration"
                    | "macro_invocation"
                    | "macro_definition"
                    | "foreign_mod_item"
                    | "empty_statement"
            )
            || (kind == "expression_statement" && cx.child_of_kind(node, &["macro_invocation"]).is_some())
    }

    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        if node.kind() == "impl_item" {
            found.extend(implementation(cx, node));
            return;
        }
        let Some(name) = cx.child(node, Field::Name) else { return };
        let visibility = visibility(cx, node);
        found.extend(match node.kind() {
            "function_item" => Some(NewSymbol::function(
                name,
                function_kind(cx),
                visibility,
                cx.parameters(cx.child(node, Field::Parameters), &["self_parameter", "attribute_item"]),
            )),
            "function_signature_item" => Some(NewSymbol::scope(name, function_kind(cx), visibility)),
            "struct_item" => Some(NewSymbol::scope(name, SymbolKind::Struct, visibility)),
            "enum_item" => Some(NewSymbol::scope(name, SymbolKind::Enum, visibility)),
            "union_item" => Some(NewSymbol::scope(name, SymbolKind::Union, visibility)),
            "trait_item" => Some(NewSymbol::scope(name, SymbolKind::Trait, visibility)),
            "mod_item" => Some(NewSymbol::scope(name, SymbolKind::Module, visibility)),
            "macro_definition" => Some(NewSymbol::scope(name, SymbolKind::Macro, macro_visibility(cx, node))),
            _ if cx.in_function => None,
            "type_item" | "associated_type" => Some(NewSymbol::leaf(name, SymbolKind::TypeAlias, visibility)),
            "enum_variant" => Some(NewSymbol::leaf(name, SymbolKind::Constant, Visibility::Public)),
            "const_item" => Some(NewSymbol::leaf(name, SymbolKind::Constant, visibility)),
            _ => Some(NewSymbol::leaf(name, SymbolKind::Variable, visibility)),
        });
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        match node.kind() {
            "use_declaration" => {
                let kind = import_kind(cx, node);
                if let Some(tree) = cx.child(node, Field::Argument) {
                    use_tree(cx, tree, kind, "", 0, found);
                }
                true
            }
            "extern_crate_declaration" => {
                let target = cx.child_text(node, Field::Name).unwrap_or_default();
                let alias = cx.child_text(node, Field::Alias).map(Into::into);
                found.push(Import { alias, ..import(import_kind(cx, node), target, node) });
                true
            }
            "mod_item" => {
                let declared = cx.child(node, Field::Body).is_none();
                if declared {
                    let name = cx.child_text(node, Field::Name).unwrap_or_default();
                    found.push(match path_attribute(cx, node) {
                        Some(path) => {
                            Import { alias: Some(name.into()), ..import(ImportKind::ModDeclaration, path, node) }
                        }
                        None => import(ImportKind::ModDeclaration, name, node),
                    });
                }
                declared
            }
            _ => {
                found.extend(qualified_path(cx, node, found.last()));
                false
            }
        }
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        if node.kind() == "macro_invocation" {
            let (name, receiver) = callee(cx, cx.child(node, Field::Macro)?)?;
            let arguments = cx.child_of_kind(node, &["token_tree"]);
            return Some(NewCall { kind: CallKind::Macro, name, receiver, arguments });
        }
        let (name, receiver) = callee(cx, cx.child(node, Field::Function)?)?;
        Some(NewCall { kind: CallKind::Call, name, receiver, arguments: cx.child(node, Field::Arguments) })
    }

    /// `_ => …`. A name alone may be that of a constant.
    fn is_default(&self, cx: &Context<'_>, arm: Node<'_>) -> bool {
        cx.child_text(arm, Field::Pattern) == Some("_")
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let attribute = node.named_child(0)?;
        let name = attribute.named_child(0)?;
        let arguments = cx.child(attribute, Field::Arguments).or_else(|| cx.child(attribute, Field::Value));
        Some(NewAnnotation { name, arguments, inside: false })
    }
}

/// What stands between the braces of a tree of tokens.
fn inside_braces(tokens: Node<'_>) -> Option<Range> {
    let open = tokens.child(0).filter(|open| open.kind() == "{")?;
    let last = tokens.child_count().checked_sub(1)?;
    let close = tokens.child(last).filter(|close| close.kind() == "}")?;
    Some(Range {
        start_byte: open.end_byte(),
        end_byte: close.start_byte(),
        start_point: open.end_position(),
        end_point: close.start_position(),
    })
}

/// Whether the tokens begin as those of `cfg_if!` do: with `if #`.
fn has_branches(tokens: Node<'_>) -> bool {
    let mut cursor = tokens.walk();
    let mut after_brace = tokens.children(&mut cursor).skip(1);
    after_brace.next().is_some_and(|first| first.kind() == "if")
        && after_brace.next().is_some_and(|next| next.kind() == "#")
}

/// `impl X` and `impl T for X`. A trait's methods are offered by the trait: those of `impl T for X` are not public
/// symbols of their own.
fn implementation<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let mut target = cx.child(node, Field::Type)?;
    while matches!(target.kind(), "generic_type" | "reference_type") {
        target = cx.child(target, Field::Type)?;
    }
    if target.kind() == "scoped_type_identifier" {
        target = cx.child(target, Field::Name)?;
    }
    let of_trait = cx.child(node, Field::Trait).is_some();
    let visibility = if of_trait { Visibility::Restricted } else { Visibility::Public };
    Some(NewSymbol::scope(target, SymbolKind::Implementation, visibility))
}

fn function_kind(cx: &Context<'_>) -> SymbolKind {
    match cx.scope {
        Some(SymbolKind::Implementation | SymbolKind::Trait) => SymbolKind::Method,
        _ => SymbolKind::Function,
    }
}

fn visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    if cx.in_function {
        return Visibility::Private;
    }
    match cx.child_of_kind(node, &["visibility_modifier"]).map(|modifier| cx.text(modifier)) {
        Some("pub") => Visibility::Public,
        Some(_) => Visibility::Restricted,
        None if cx.scope == Some(SymbolKind::Trait) => Visibility::Public,
        None if cx.scope_visibility == Some(Visibility::Restricted) && cx.scope == Some(SymbolKind::Implementation) => {
            Visibility::Restricted
        }
        None => Visibility::Private,
    }
}

/// A private import is the file's own; any other hands on what it names.
fn import_kind(cx: &Context<'_>, node: Node<'_>) -> ImportKind {
    if visibility(cx, node) == Visibility::Private { ImportKind::Module } else { ImportKind::ReExport }
}

fn macro_visibility(cx: &Context<'_>, node: Node<'_>) -> Visibility {
    let exported = attributes_above(node).any(|attribute| cx.text(attribute).contains("macro_export"));
    if exported { Visibility::Public } else { Visibility::Private }
}

fn attributes_above<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    std::iter::successors(node.prev_named_sibling(), |node| node.prev_named_sibling())
        .take_while(|node| matches!(node.kind(), "attribute_item" | "line_comment" | "block_comment"))
        .filter(|node| node.kind() == "attribute_item")
        .take(16)
}

/// The value of `#[path = "…"]` above a `mod x;`.
fn path_attribute<'a>(cx: &Context<'a>, node: Node<'_>) -> Option<&'a str> {
    attributes_above(node).find_map(|item| {
        let attribute = item.named_child(0)?;
        let named_path = attribute.named_child(0).is_some_and(|name| cx.text(name) == "path");
        named_path.then(|| cx.child(attribute, Field::Value).and_then(|value| cx.literal(value))).flatten()
    })
}

/// One import per leaf of a use tree. Trees nest by braces; deeper than 32 is no code that people write.
fn use_tree(cx: &Context<'_>, tree: Node<'_>, kind: ImportKind, prefix: &str, depth: u8, found: &mut Vec<Import>) {
    let join = |path: &str| if prefix.is_empty() { path.to_owned() } else { format!("{prefix}::{path}") };
    if depth > 32 {
        return;
    }
    match tree.kind() {
        "use_as_clause" => {
            let Some(path) = cx.child_text(tree, Field::Path) else { return };
            let alias = cx.child_text(tree, Field::Alias).map(Into::into);
            found.push(Import { alias, ..import(kind, &join(path), tree) });
        }
        "use_wildcard" => {
            let path = tree.named_child(0).map_or_else(|| prefix.to_owned(), |path| join(cx.text(path)));
            found.push(Import { wildcard: true, ..import(kind, &path, tree) });
        }
        "use_list" => {
            for child in named_children(tree) {
                use_tree(cx, child, kind, prefix, depth + 1, found);
            }
        }
        "scoped_use_list" => {
            let path = cx.child_text(tree, Field::Path).map_or_else(|| prefix.to_owned(), join);
            if let Some(list) = cx.child(tree, Field::List) {
                use_tree(cx, list, kind, &path, depth + 1, found);
            }
        }
        "line_comment" | "block_comment" => {}
        _ => match cx.text(tree) {
            "self" if !prefix.is_empty() => found.push(import(kind, prefix, tree)),
            path => found.push(import(kind, &join(path), tree)),
        },
    }
}

/// `crate::a::f` or `serde_json::from_str` used without an import. Only the outermost path counts, and only one that
/// begins like a module or a crate.
fn qualified_path(cx: &Context<'_>, node: Node<'_>, last: Option<&Import>) -> Option<Import> {
    let path = cx.text(node);
    let begins_low = path.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if !begins_low || path.contains(['<', ' ', '\n', '(']) {
        return None;
    }
    let inside_last = last.is_some_and(|last| {
        last.kind == ImportKind::Path && last.line == crate::text::line(node) && last.target.starts_with(path)
    });
    (!inside_last).then(|| import(ImportKind::Path, path, node))
}

fn callee<'t>(cx: &Context<'_>, function: Node<'t>) -> Option<(Node<'t>, Option<Node<'t>>)> {
    match function.kind() {
        "identifier" => Some((function, None)),
        "scoped_identifier" => Some((cx.child(function, Field::Name)?, cx.child(function, Field::Path))),
        "field_expression" => Some((cx.child(function, Field::Member)?, cx.child(function, Field::Value))),
        "generic_function" => callee(cx, cx.child(function, Field::Function)?),
        _ => None,
    }
}
