//! C and C++: one extraction, two grammars.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use crate::text::{LONG, clip, number};
use codexa_model::facts::{CallKind, Condition, Facts, Import, ImportKind, Symbol, SymbolKind, Visibility};
use rustc_hash::FxHashSet;
use std::ops::Range;
use tree_sitter::Node;

const COMMENTS: &[&str] = &["comment"];
const SILENT: &[&str] =
    &["string_content", "escape_sequence", "character", "preproc_arg", "preproc_directive", "system_lib_string"];
const OPERANDS: &[&str] = &["string_literal", "char_literal"];
const C_SYMBOLS: &[&str] = &[
    "function_definition",
    "declaration",
    "type_definition",
    "struct_specifier",
    "union_specifier",
    "enum_specifier",
    "enumerator",
    "preproc_def",
    "preproc_function_def",
];
const ATTRIBUTES: &[&str] = &["ms_declspec_modifier", "attribute_specifier"];
const DECISIONS: &[&str] =
    &["if_statement", "for_statement", "while_statement", "do_statement", "conditional_expression"];
const NESTS: &[&str] =
    &["if_statement", "for_statement", "while_statement", "do_statement", "conditional_expression", "switch_statement"];
const CLOSED: &[&str] = &[
    "argument_list",
    "parameter_list",
    "compound_statement",
    "field_declaration_list",
    "declaration_list",
    "enumerator_list",
    "initializer_list",
    "string_literal",
    "char_literal",
    "parenthesized_expression",
];
const CONDITIONS: &[&str] = &["preproc_ifdef", "preproc_if", "preproc_elif"];
const TOKENS: &[(Roles, &[&str])] =
    &[(Roles::CHAIN, &["else"]), (Roles::DECISION, &["case"]), (Roles::LOGICAL, &["&&", "||"])];

pub(crate) const C: Spec = Spec {
    grammar: || tree_sitter_c::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, COMMENTS),
        (Roles::IDENTIFIER, &["identifier", "field_identifier", "type_identifier"]),
        (Roles::SILENT, SILENT),
        (Roles::OPERAND, OPERANDS),
        (Roles::SYMBOL, C_SYMBOLS),
        (Roles::IMPORT, &["preproc_include"]),
        (Roles::ANNOTATION, ATTRIBUTES),
        (Roles::CONDITION, CONDITIONS),
        (Roles::CALL, &["call_expression"]),
        (Roles::DECISION, DECISIONS),
        (Roles::NEST, NESTS),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::ELSE, &["else_clause"]),
        (Roles::JUMP, &["goto_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (Roles::CLOSED, CLOSED),
    ],
    tokens: TOKENS,
    extract: &CFamily { is_cpp: false },
};

pub(crate) const CPP: Spec = Spec {
    grammar: || tree_sitter_cpp::LANGUAGE.into(),
    nodes: &[
        (Roles::COMMENT, COMMENTS),
        (Roles::IDENTIFIER, &["identifier", "field_identifier", "type_identifier", "namespace_identifier"]),
        (Roles::SILENT, SILENT),
        (Roles::SILENT, &["raw_string_content", "raw_string_delimiter"]),
        (Roles::OPERAND, OPERANDS),
        (Roles::OPERAND, &["raw_string_literal"]),
        (Roles::SYMBOL, C_SYMBOLS),
        (
            Roles::SYMBOL,
            &[
                "class_specifier",
                "namespace_definition",
                "alias_declaration",
                "field_declaration",
                "concept_definition",
            ],
        ),
        (Roles::ACCESS, &["access_specifier"]),
        (Roles::IMPORT, &["preproc_include"]),
        (Roles::ANNOTATION, ATTRIBUTES),
        (Roles::CONDITION, CONDITIONS),
        (Roles::CALL, &["call_expression", "new_expression"]),
        (Roles::DECISION, DECISIONS),
        (Roles::DECISION, &["for_range_loop", "catch_clause"]),
        (Roles::NEST, NESTS),
        (Roles::NEST, &["for_range_loop", "catch_clause"]),
        (Roles::CHAIN, &["if_statement"]),
        (Roles::ELSE, &["else_clause"]),
        (Roles::CLOSURE, &["lambda_expression"]),
        (Roles::JUMP, &["goto_statement"]),
        (Roles::BINARY, &["binary_expression"]),
        (Roles::PARENTHESES, &["parenthesized_expression"]),
        (Roles::CLOSED, CLOSED),
    ],
    tokens: &[(Roles::CHAIN, &["else"]), (Roles::DECISION, &["case"]), (Roles::LOGICAL, &["&&", "||", "and", "or"])],
    extract: &CFamily { is_cpp: true },
};

struct CFamily {
    is_cpp: bool,
}

impl Extract for CFamily {
    fn unexpected(&self, source: &[u8]) -> Vec<Range<usize>> {
        super::markers::markers(source)
    }

    /// Names in capital letters are types in much of C, and its declarations are short enough for the grammar to find its way
    /// back by itself.
    fn suspects(&self, source: &[u8]) -> Vec<Range<usize>> {
        if self.is_cpp { super::prefixes::prefixes(source) } else { Vec::new() }
    }

    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        match node.kind() {
            "function_definition" => found.extend(function(cx, node)),
            "preproc_def" | "preproc_function_def" => found.extend(macro_definition(cx, node)),
            "struct_specifier" => found.extend(type_with_body(cx, node, SymbolKind::Struct)),
            "union_specifier" => found.extend(type_with_body(cx, node, SymbolKind::Union)),
            "enum_specifier" => found.extend(type_with_body(cx, node, SymbolKind::Enum)),
            "class_specifier" => found.extend(type_with_body(cx, node, SymbolKind::Class)),
            "namespace_definition" => {
                let name = cx.child(node, Field::Name);
                found.extend(name.map(|name| NewSymbol::scope(name, SymbolKind::Module, Visibility::Public)));
            }
            _ if cx.in_function => {}
            "enumerator" => {
                let name = cx.child(node, Field::Name);
                found.extend(name.map(|name| NewSymbol::leaf(name, SymbolKind::Constant, member_access(cx))));
            }
            "type_definition" => {
                let names = declarators(node).into_iter().filter_map(|declared| declared_name(cx, declared));
                found.extend(names.map(|(name, _)| NewSymbol::leaf(name, SymbolKind::TypeAlias, Visibility::Public)));
            }
            "alias_declaration" | "concept_definition" => {
                let name = cx.child(node, Field::Name);
                found.extend(name.map(|name| NewSymbol::leaf(name, SymbolKind::TypeAlias, member_access(cx))));
            }
            _ => declaration(cx, node, found),
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        let Some(path) = cx.child(node, Field::Path) else { return true };
        let text = cx.text(path).trim();
        found.push(match path.kind() {
            "string_literal" => import(ImportKind::IncludeLocal, text.trim_matches('"'), node),
            "system_lib_string" => import(ImportKind::IncludeSystem, text.trim_matches(['<', '>']), node),
            // `#include MACRO`
            _ => import(ImportKind::Dynamic, "", node),
        });
        true
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let arguments = cx.child(node, Field::Arguments);
        if node.kind() == "new_expression" {
            let (name, receiver) = last_name(cx, cx.child(node, Field::Type)?)?;
            return Some(NewCall { kind: CallKind::Construct, name, receiver, arguments });
        }
        let function = cx.child(node, Field::Function)?;
        let (name, receiver) = match function.kind() {
            "field_expression" => (cx.child(function, Field::Member)?, cx.child(function, Field::Argument)),
            _ => last_name(cx, function)?,
        };
        Some(NewCall { kind: CallKind::Call, name, receiver, arguments })
    }

    /// Attributes that show a function to whoever loads the library: `__declspec(dllexport)` and
    /// `__attribute__((visibility("default")))`.
    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        if node.kind() == "ms_declspec_modifier" {
            let name = node.named_child(0).filter(|name| cx.text(*name) == "dllexport")?;
            return Some(NewAnnotation { name, arguments: None, inside: true });
        }
        let attributes = node.named_child(0).map(named_children).unwrap_or_default();
        attributes.into_iter().find_map(|attribute| {
            let name = cx.child(attribute, Field::Function).filter(|name| cx.text(*name) == "visibility")?;
            let arguments = cx.child(attribute, Field::Arguments);
            Some(NewAnnotation { name, arguments, inside: true })
        })
    }

    /// `#ifdef X`, `#if X`, `#if defined(X) && …`, `#if 0`, each up to its `#else`; and the `#else` of `#ifndef X`.
    fn conditions(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Condition>) {
        let alternative = cx.child(node, Field::Alternative);
        let otherwise = alternative.filter(|alternative| alternative.kind() == "preproc_else");
        let (names, stretch) = match (node.kind(), node.child(0).map(|directive| directive.kind())) {
            ("preproc_ifdef", Some("#ifndef")) => (cx.child(node, Field::Name).into_iter().collect(), otherwise),
            ("preproc_ifdef", _) => (cx.child(node, Field::Name).into_iter().collect(), Some(node)),
            _ => (cx.child(node, Field::Condition).map(conjuncts).unwrap_or_default(), Some(node)),
        };
        let Some(stretch) = stretch else { return };
        let end =
            alternative.filter(|next| next.id() != stretch.id()).map_or(stretch.end_byte(), |next| next.start_byte());
        found.extend(names.into_iter().map(|name| Condition {
            name: clip(cx.text(name), LONG).into(),
            start_byte: number(stretch.start_byte()),
            end_byte: number(end),
        }));
    }

    fn access(&self, cx: &Context<'_>, node: Node<'_>) -> Option<Visibility> {
        match cx.text(node).trim() {
            "public" => Some(Visibility::Public),
            "protected" => Some(Visibility::Restricted),
            "private" => Some(Visibility::Private),
            _ => None,
        }
    }

    fn settle(&self, _source: &[u8], facts: &mut Facts) {
        settle(&mut facts.symbols);
    }

    /// In C any comment right above a definition describes it.
    fn is_doc(&self, _comment: &str) -> bool {
        true
    }
}

/// The names that must be defined, or not be 0, for a condition to hold: those that `&&` joins. What is negated,
/// compared or joined by `||` names none. A longer condition than people write is read in part.
fn conjuncts(condition: Node<'_>) -> Vec<Node<'_>> {
    let (mut names, mut open) = (Vec::new(), vec![condition]);
    for _ in 0..64 {
        let Some(node) = open.pop() else { break };
        match node.kind() {
            "identifier" | "number_literal" => names.push(node),
            "preproc_defined" => names.extend(node.named_child(0)),
            "parenthesized_expression" => open.extend(node.named_child(0)),
            "binary_expression" if node.child(1).is_some_and(|operator| operator.kind() == "&&") => {
                open.extend([node.child(2), node.child(0)].into_iter().flatten());
            }
            _ => {}
        }
    }
    names
}

fn function<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let (name, declarator) = declared_name(cx, cx.child(node, Field::Declarator)?)?;
    let declarator = declarator?;
    let (leaf, scope) = last_name(cx, name)?;
    let around = scope.map(|_| qualifiers(cx, name)).filter(|around| !around.is_empty());
    let own = declared_text(cx, leaf);
    let method =
        is_type(cx.scope) || around.as_deref().is_some_and(|around| is_member(cx, around, own, scope, declarator));
    let (kind, visibility) = match (method, is_static(cx, node)) {
        (true, _) => (SymbolKind::Method, member_access(cx)),
        (false, true) => (SymbolKind::Function, Visibility::Private),
        (false, false) => (SymbolKind::Function, Visibility::Public),
    };
    let list = cx.child(declarator, Field::Parameters);
    let empty = list.is_some_and(|list| cx.text(list).trim_matches(['(', ')']).trim() == "void");
    let count = if empty { 0 } else { cx.parameters(list, &[]) };
    let full = around.map_or_else(|| own.to_owned(), |around| format!("{around}.{own}"));
    Some(NewSymbol { name: Some(full), ..NewSymbol::function(leaf, kind, visibility, count) })
}

/// Whether `A::f` is a member of a type, by itself: constructors, destructors, conversions, what is `const` and what is
/// a template's are; for the rest a capital letter says so. [`settle`] hears the file's other lines.
fn is_member(cx: &Context<'_>, around: &str, own: &str, scope: Option<Node<'_>>, declarator: Node<'_>) -> bool {
    let of = around.rsplit('.').next().unwrap_or_default();
    makes_type(of, own)
        || own.starts_with("operator ")
        || of.starts_with(|first: char| first.is_uppercase())
        || scope.is_some_and(|scope| scope.kind() == "template_type")
        || cx.child_of_kind(declarator, &["type_qualifier", "ref_qualifier"]).is_some()
}

/// Only types have a constructor or a destructor.
fn makes_type(of: &str, own: &str) -> bool {
    own.trim_start_matches('~') == of
}

/// A qualified definition is a member where the file has a type of that name, and a function where the file opens a
/// namespace of that name.
fn settle(symbols: &mut [Symbol]) {
    let split = |symbol: &Symbol| {
        let is_function = matches!(symbol.kind, SymbolKind::Method | SymbolKind::Function);
        let (around, own) = symbol.name.rsplit_once('.').filter(|_| is_function)?;
        Some((around.rsplit('.').next().unwrap_or(around).to_owned(), own.to_owned()))
    };
    let qualified: Vec<(usize, String, String)> =
        symbols.iter().enumerate().filter_map(|(at, symbol)| split(symbol).map(|(of, own)| (at, of, own))).collect();
    if qualified.is_empty() {
        return;
    }
    let named = |kinds: &[SymbolKind]| -> FxHashSet<String> {
        let symbols = symbols.iter().filter(|symbol| kinds.contains(&symbol.kind));
        symbols.filter_map(|symbol| symbol.name.rsplit("::").next()).map(str::to_owned).collect()
    };
    let mut types = named(&[SymbolKind::Class, SymbolKind::Struct, SymbolKind::Union]);
    types.extend(qualified.iter().filter(|(_, of, own)| makes_type(of, own)).map(|(_, of, _)| of.clone()));
    let namespaces = named(&[SymbolKind::Module]);
    for (at, of, _) in qualified {
        if let Some(symbol) = symbols.get_mut(at) {
            symbol.kind = match (types.contains(&of), namespaces.contains(&of)) {
                (true, _) => SymbolKind::Method,
                (false, true) => SymbolKind::Function,
                (false, false) => symbol.kind,
            };
        }
    }
}

/// `a.B` of `a::B<T>::f`: as the members of a type are named after it.
fn qualifiers(cx: &Context<'_>, mut node: Node<'_>) -> String {
    let mut names = Vec::new();
    for _ in 0..64 {
        if node.kind() != "qualified_identifier" {
            break;
        }
        let scope = cx.child(node, Field::Scope);
        names.extend(scope.map(|scope| cx.text(cx.child(scope, Field::Name).unwrap_or(scope))));
        let Some(name) = cx.child(node, Field::Name) else { break };
        node = name;
    }
    names.join(".")
}

/// A conversion is named by its type, without the parameters that it cannot have.
fn declared_text<'a>(cx: &Context<'a>, name: Node<'_>) -> &'a str {
    match cx.text(name) {
        text if name.kind() == "operator_cast" => text.split('(').next().unwrap_or(text).trim_end(),
        text => text,
    }
}

fn type_with_body<'t>(cx: &Context<'_>, node: Node<'t>, kind: SymbolKind) -> Option<NewSymbol<'t>> {
    cx.child(node, Field::Body)?;
    let (name, _) = last_name(cx, cx.child(node, Field::Name)?)?;
    let visibility = if cx.in_function { Visibility::Private } else { member_access(cx) };
    Some(NewSymbol::scope(name, kind, visibility))
}

/// An include guard defines a name without a value; it is no part of what the file offers.
fn macro_definition<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let name = cx.child(node, Field::Name)?;
    let plain = node.kind() == "preproc_def" && cx.child(node, Field::Value).is_none();
    let text = cx.text(name).trim_end_matches('_');
    let guard = plain && ["_H", "_HPP", "_HH", "_INCLUDED"].iter().any(|end| text.ends_with(end));
    (!guard).then(|| NewSymbol::leaf(name, SymbolKind::Macro, Visibility::Public))
}

/// Prototypes and variables at file level, member functions in a class.
fn declaration<'t>(cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
    let member = node.kind() == "field_declaration";
    let visibility = match (is_type(cx.scope), is_static(cx, node)) {
        (true, _) => member_access(cx),
        (false, true) => Visibility::Private,
        (false, false) => Visibility::Public,
    };
    for declared in declarators(node) {
        let Some((name, function)) = declared_name(cx, declared) else { continue };
        let Some((name, _)) = last_name(cx, name) else { continue };
        let text = (name.kind() == "operator_cast").then(|| declared_text(cx, name).to_owned());
        let kind = match function {
            // A destructor that is no field (`virtual ~A();`) is a declaration to the grammar.
            Some(_) if member || is_type(cx.scope) => SymbolKind::Method,
            Some(_) => SymbolKind::Function,
            None if member => continue,
            None => SymbolKind::Variable,
        };
        found.push(NewSymbol { name: text, ..NewSymbol::leaf(name, kind, visibility) });
    }
}

fn declarators(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children_by_field_name("declarator", &mut cursor).take(256).collect()
}

/// The name inside a declarator, and the innermost function declarator around it.
fn declared_name<'t>(cx: &Context<'_>, mut node: Node<'t>) -> Option<(Node<'t>, Option<Node<'t>>)> {
    let mut function = None;
    for _ in 0..64 {
        match node.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "destructor_name"
            | "operator_name"
            | "primitive_type"
            | "template_function" => {
                let cast = cast(cx, node);
                return Some((node, cast.or(function)));
            }
            "operator_cast" => return Some((node, cast(cx, node))),
            "function_declarator" => function = Some(node),
            // A pointer between a name and its parameters makes it a variable: `int (*f)(void)`.
            "pointer_declarator" if function.is_some() => function = None,
            _ => {}
        }
        node = cx.child(node, Field::Declarator).or_else(|| {
            named_children(node).into_iter().find(|child| child.kind().ends_with("declarator") || is_name(*child))
        })?;
    }
    None
}

/// The parameters' place in `operator T()` and `A::operator T()`.
fn cast<'t>(cx: &Context<'_>, mut node: Node<'t>) -> Option<Node<'t>> {
    for _ in 0..64 {
        node = match node.kind() {
            "qualified_identifier" => cx.child(node, Field::Name)?,
            "abstract_function_declarator" => return Some(node),
            "operator_cast" | "abstract_pointer_declarator" => cx.child(node, Field::Declarator)?,
            _ => node.named_child(0).filter(|_| node.kind() == "abstract_reference_declarator")?,
        };
    }
    None
}

fn is_name(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "identifier" | "field_identifier" | "type_identifier" | "qualified_identifier" | "operator_name"
    )
}

/// The last name of `a::b::c<T>`, and what stands before it.
fn last_name<'t>(cx: &Context<'_>, mut node: Node<'t>) -> Option<(Node<'t>, Option<Node<'t>>)> {
    let mut scope = None;
    for _ in 0..64 {
        match node.kind() {
            "qualified_identifier" => {
                scope = cx.child(node, Field::Scope).or(scope);
                node = cx.child(node, Field::Name)?;
            }
            "template_function" | "template_type" | "template_method" => node = cx.child(node, Field::Name)?,
            "dependent_name" => node = node.named_child(0)?,
            "identifier" | "field_identifier" | "type_identifier" | "destructor_name" | "operator_name"
            | "operator_cast" | "primitive_type" => return Some((node, scope)),
            _ => return None,
        }
    }
    None
}

fn is_type(scope: Option<SymbolKind>) -> bool {
    matches!(scope, Some(SymbolKind::Class | SymbolKind::Struct | SymbolKind::Union))
}

/// Members of a class are private until a label says otherwise.
fn member_access(cx: &Context<'_>) -> Visibility {
    match (cx.access, cx.scope) {
        (Some(access), _) => access,
        (None, Some(SymbolKind::Class)) => Visibility::Private,
        (None, _) => Visibility::Public,
    }
}

fn is_static(cx: &Context<'_>, node: Node<'_>) -> bool {
    cx.child_of_kind(node, &["storage_class_specifier"]).is_some_and(|storage| cx.text(storage) == "static")
}
