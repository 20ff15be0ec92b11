//! JavaScript, TypeScript and TSX: one extraction, three grammars.

use crate::extract::{Context, Extract, NewAnnotation, NewCall, NewSymbol, import, imported, named_children};
use crate::grammar::Spec;
use crate::roles::{Field, Roles};
use codexa_model::facts::{CallKind, Import, ImportKind, ImportedName, SymbolKind, Visibility};
use tree_sitter::Node;

const COMMENTS: &[&str] = &["comment", "html_comment", "hash_bang_line"];
const SILENT: &[&str] = &["string_fragment", "escape_sequence", "regex_pattern", "regex_flags"];
const OPERANDS: &[&str] = &["string", "template_string", "regex"];
const SYMBOLS: &[&str] = &[
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "method_definition",
    "variable_declarator",
    "assignment_expression",
    "pair",
];
const TS_SYMBOLS: &[&str] = &[
    "abstract_class_declaration",
    "interface_declaration",
    "enum_declaration",
    "type_alias_declaration",
    "internal_module",
    "module",
    "function_signature",
    "method_signature",
    "abstract_method_signature",
    "public_field_definition",
];
const IMPORTS: &[&str] = &["import_statement", "export_statement", "call_expression", "comment"];
const CALLS: &[&str] = &["call_expression", "new_expression", "member_expression", "subscript_expression"];
const FLOW: &[&str] = &[
    "if_statement",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "catch_clause",
    "ternary_expression",
];
const CLOSURES: &[&str] = &["arrow_function", "function_expression", "generator_function"];
const CLOSED: &[&str] = &[
    "arguments",
    "formal_parameters",
    "string",
    "template_string",
    "object",
    "array",
    "class_body",
    "switch_body",
    "subscript_expression",
    "parenthesized_expression",
];
const TOKENS: &[(Roles, &[&str])] =
    &[(Roles::CHAIN, &["else"]), (Roles::DECISION, &["case", "??"]), (Roles::LOGICAL, &["&&", "||"])];

/// The rows differ in the names that exist in the grammar, and only in them.
macro_rules! spec {
    ($grammar:expr, $names:expr $(, $extra:expr)*) => {
        Spec {
            grammar: || $grammar.into(),
            nodes: &[
                (Roles::COMMENT, COMMENTS),
                (Roles::IDENTIFIER, $names),
                (Roles::SILENT, SILENT),
                (Roles::OPERAND, OPERANDS),
                (Roles::SYMBOL, SYMBOLS),
                $($extra,)*
                (Roles::IMPORT, IMPORTS),
                (Roles::CALL, CALLS),
                (Roles::ANNOTATION, &["decorator"]),
                (Roles::EXPORT, &["export_statement", "assignment_expression"]),
                (Roles::LIST, &["lexical_declaration", "variable_declaration"]),
                (Roles::DECISION, FLOW),
                (Roles::NEST, FLOW),
                (Roles::NEST, &["switch_statement"]),
                (Roles::CHAIN, &["if_statement"]),
                (Roles::ELSE, &["else_clause"]),
                (Roles::CLOSURE, CLOSURES),
                (Roles::JUMP, &["break_statement", "continue_statement"]),
                (Roles::BINARY, &["binary_expression"]),
                (Roles::PARENTHESES, &["parenthesized_expression"]),
                (Roles::CLOSED, CLOSED),
            ],
            tokens: TOKENS,
            extract: &EcmaScript,
        }
    };
}

const JS_NAMES: &[&str] =
    &["identifier", "property_identifier", "shorthand_property_identifier", "private_property_identifier"];
const TS_NAMES: &[&str] = &[
    "identifier",
    "property_identifier",
    "shorthand_property_identifier",
    "private_property_identifier",
    "type_identifier",
];

const JSX_SILENT: (Roles, &[&str]) = (Roles::SILENT, &["html_character_reference"]);

pub(crate) const JAVASCRIPT: Spec =
    spec!(tree_sitter_javascript::LANGUAGE, JS_NAMES, (Roles::SYMBOL, &["field_definition"]), JSX_SILENT);
pub(crate) const TYPESCRIPT: Spec =
    spec!(tree_sitter_typescript::LANGUAGE_TYPESCRIPT, TS_NAMES, (Roles::SYMBOL, TS_SYMBOLS));
pub(crate) const TSX: Spec =
    spec!(tree_sitter_typescript::LANGUAGE_TSX, TS_NAMES, (Roles::SYMBOL, TS_SYMBOLS), JSX_SILENT);

struct EcmaScript;

impl Extract for EcmaScript {
    fn symbol<'t>(&self, cx: &Context<'_>, node: Node<'t>, found: &mut Vec<NewSymbol<'t>>) {
        match node.kind() {
            "variable_declarator" => found.extend(variable(cx, node)),
            "assignment_expression" => found.extend(assigned_function(cx, node)),
            "method_definition"
            | "public_field_definition"
            | "field_definition"
            | "method_signature"
            | "abstract_method_signature" => found.extend(member(cx, node)),
            "pair" => found.extend(property(cx, node)),
            _ => found.extend(declaration(cx, node)),
        }
        if node.kind() == "enum_declaration" && !found.is_empty() {
            found.extend(enum_members(cx, node));
        }
    }

    fn import(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Import>) -> bool {
        match node.kind() {
            "import_statement" => {
                found.extend(import_statement(cx, node));
                true
            }
            "export_statement" => {
                let re_export = re_export(cx, node);
                let handled = re_export.is_some();
                found.extend(re_export);
                handled
            }
            "comment" => {
                found.extend(referenced(cx, node));
                true
            }
            _ => {
                found.extend(required(cx, node));
                false
            }
        }
    }

    fn call<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
        let (kind, function) = match node.kind() {
            "call_expression" => (CallKind::Call, cx.child(node, Field::Function)?),
            "new_expression" => (CallKind::Construct, cx.child(node, Field::Constructor)?),
            _ => return environment(cx, node),
        };
        let arguments = cx.child(node, Field::Arguments);
        let (name, receiver) = match function.kind() {
            "identifier" => (function, None),
            "member_expression" => (cx.child(function, Field::Property)?, cx.child(function, Field::Object)),
            _ => return None,
        };
        Some(NewCall { kind, name, receiver, arguments })
    }

    fn annotation<'t>(&self, cx: &Context<'_>, node: Node<'t>) -> Option<NewAnnotation<'t>> {
        let expression = node.named_child(0)?;
        let (name, arguments) = match expression.kind() {
            "call_expression" => (cx.child(expression, Field::Function)?, cx.child(expression, Field::Arguments)),
            _ => (expression, None),
        };
        Some(NewAnnotation { name, arguments, inside: false })
    }

    fn exports(&self, cx: &Context<'_>, node: Node<'_>, found: &mut Vec<Box<str>>) {
        if node.kind() == "export_statement" {
            if let Some(clause) = cx.child_of_kind(node, &["export_clause"]) {
                let names = named_children(clause).into_iter().filter_map(|name| cx.child_text(name, Field::Name));
                found.extend(names.map(Into::into));
            } else if let Some(value) = cx.child(node, Field::Value) {
                found.extend(exported_value(cx, value));
            }
        } else if !cx.in_function && cx.child_text(node, Field::Left).is_some_and(is_exports) {
            found.extend(cx.child(node, Field::Right).map(|value| exported_value(cx, value)).unwrap_or_default());
        }
    }

    fn is_doc(&self, comment: &str) -> bool {
        comment.starts_with("/**")
    }
}

/// `module.exports`, `exports.name`.
fn is_exports(left: &str) -> bool {
    left == "module.exports" || left.starts_with("module.exports.") || left.starts_with("exports.")
}

/// The names that `export default a`, `module.exports = a` or `module.exports = {a, b: c}` give out.
fn exported_value(cx: &Context<'_>, mut value: Node<'_>) -> Vec<Box<str>> {
    while value.kind() == "assignment_expression" {
        match cx.child(value, Field::Right) {
            Some(right) => value = right,
            None => return Vec::new(),
        }
    }
    match value.kind() {
        "identifier" => vec![cx.text(value).into()],
        "object" => named_children(value)
            .into_iter()
            .filter_map(|entry| match entry.kind() {
                "shorthand_property_identifier" => Some(cx.text(entry).into()),
                "pair" => {
                    cx.child(entry, Field::Value).filter(|of| of.kind() == "identifier").map(|of| cx.text(of).into())
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Names are private to the module, or to their namespace, unless they are exported.
fn visibility(cx: &Context<'_>) -> Visibility {
    let in_namespace = cx.scope == Some(SymbolKind::Module);
    if cx.exported && (in_namespace || !cx.in_function) { Visibility::Public } else { Visibility::Private }
}

fn count(cx: &Context<'_>, function: Node<'_>) -> u32 {
    match cx.child(function, Field::Parameters) {
        Some(list) => cx.parameters(Some(list), &[]),
        // `x => …` has one, without a list.
        None => 1,
    }
}

fn declaration<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let name = cx.child(node, Field::Name)?;
    let visibility = visibility(cx);
    Some(match node.kind() {
        "function_declaration" | "generator_function_declaration" => {
            NewSymbol::function(name, SymbolKind::Function, visibility, count(cx, node))
        }
        "function_signature" => NewSymbol::leaf(name, SymbolKind::Function, visibility),
        "interface_declaration" => NewSymbol::scope(name, SymbolKind::Interface, visibility),
        "enum_declaration" => NewSymbol::scope(name, SymbolKind::Enum, visibility),
        "type_alias_declaration" => NewSymbol::leaf(name, SymbolKind::TypeAlias, visibility),
        "internal_module" | "module" => {
            let text = cx.text(name).trim_matches(['"', '\'']).to_owned();
            NewSymbol { name: Some(text), ..NewSymbol::scope(name, SymbolKind::Module, Visibility::Public) }
        }
        _ => NewSymbol::scope(name, SymbolKind::Class, visibility),
    })
}

fn member<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let is_in_type = matches!(cx.scope, Some(SymbolKind::Class | SymbolKind::Interface));
    if !is_in_type && node.kind() != "method_definition" {
        return None;
    }
    let name = cx.child(node, Field::Name).or_else(|| cx.child(node, Field::Property))?;
    let around = if is_in_type || cx.in_function { None } else { owner(cx, node) };
    let modifier = cx.child_of_kind(node, &["accessibility_modifier"]).map(|modifier| cx.text(modifier));
    let visibility = match modifier {
        Some("private") => Visibility::Private,
        Some("protected") => Visibility::Restricted,
        _ if name.kind() == "private_property_identifier" => Visibility::Private,
        _ if cx.in_function => Visibility::Private,
        _ if is_in_type || around.is_some() => Visibility::Public,
        _ => Visibility::Private,
    };
    let of_function = cx.child(node, Field::Value).filter(|value| is_function(*value));
    Some(match node.kind() {
        "method_definition" => {
            let symbol = NewSymbol::function(name, SymbolKind::Method, visibility, count(cx, node));
            NewSymbol { name: around.and_then(|around| below(around, cx.text(name))), ..symbol }
        }
        "method_signature" | "abstract_method_signature" => NewSymbol::leaf(name, SymbolKind::Method, visibility),
        _ => match of_function {
            Some(function) => NewSymbol::function(name, SymbolKind::Method, visibility, count(cx, function)),
            None => NewSymbol::leaf(name, SymbolKind::Variable, visibility),
        },
    })
}

fn is_function(value: Node<'_>) -> bool {
    matches!(value.kind(), "arrow_function" | "function_expression" | "generator_function" | "function")
}

fn variable<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let name = cx.child(node, Field::Name).filter(|name| name.kind() == "identifier")?;
    match cx.child(node, Field::Value) {
        Some(value) if is_function(value) => {
            Some(NewSymbol::function(name, SymbolKind::Function, visibility(cx), count(cx, value)))
        }
        Some(value) if value.kind() == "class" => Some(NewSymbol::scope(name, SymbolKind::Class, visibility(cx))),
        // `const x = require("x")` is an import, not a definition.
        Some(value) if is_require(cx, value) => None,
        _ if cx.in_function => None,
        Some(value) if is_object(value) => Some(NewSymbol::scope(name, SymbolKind::Variable, visibility(cx))),
        _ => Some(NewSymbol::leaf(name, SymbolKind::Variable, visibility(cx))),
    }
}

/// `{…}`, also as something: `{…} as const`.
fn is_object(mut value: Node<'_>) -> bool {
    while is_cast(value) {
        match value.named_child(0) {
            Some(inner) => value = inner,
            None => return false,
        }
    }
    value.kind() == "object"
}

fn is_cast(value: Node<'_>) -> bool {
    matches!(value.kind(), "as_expression" | "satisfies_expression" | "parenthesized_expression")
}

/// What holds the object that a member stands in, where the file names it or gives it out: a variable, `export default`,
/// `module.exports`. The text is what others put before the member, beyond the symbol around it.
fn owner<'a>(cx: &Context<'a>, member: Node<'_>) -> Option<&'a str> {
    let mut around = member.parent()?.parent()?;
    for _ in 0..4 {
        match around.kind() {
            "variable_declarator" | "export_statement" => return Some(""),
            "assignment_expression" => {
                let left = cx.child_text(around, Field::Left).filter(|left| is_exports(left))?;
                return Some(left.trim_start_matches("module.").trim_start_matches("exports").trim_start_matches('.'));
            }
            _ if is_cast(around) => around = around.parent()?,
            _ => return None,
        }
    }
    None
}

/// `name: () => …` in an object that has an owner.
fn property<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let value = cx.child(node, Field::Value).filter(|value| is_function(*value) && !cx.in_function)?;
    let key = cx.child(node, Field::Key).filter(|key| key.kind() == "property_identifier")?;
    let name = below(owner(cx, node)?, cx.text(key));
    Some(NewSymbol { name, ..NewSymbol::function(key, SymbolKind::Method, Visibility::Public, count(cx, value)) })
}

fn below(around: &str, name: &str) -> Option<String> {
    (!around.is_empty()).then(|| format!("{around}.{name}"))
}

/// They are constants of the type.
fn enum_members<'t>(cx: &Context<'_>, node: Node<'t>) -> Vec<NewSymbol<'t>> {
    let named = |part: Node<'t>| match part.kind() {
        "property_identifier" => Some((part, part)),
        "enum_assignment" => Some((part, cx.child(part, Field::Name)?)),
        _ => None,
    };
    let members = cx.child(node, Field::Body).map(named_children).unwrap_or_default().into_iter().filter_map(named);
    members.map(|(part, name)| NewSymbol::part(part, name, SymbolKind::Constant, Visibility::Public)).collect()
}

fn is_require(cx: &Context<'_>, value: Node<'_>) -> bool {
    value.kind() == "call_expression" && cx.child_text(value, Field::Function) == Some("require")
}

/// `app.use = function …`, `exports.parse = (x) => …`, `Queue.prototype.push = function …`.
fn assigned_function<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewSymbol<'t>> {
    let value = cx.child(node, Field::Right)?;
    let left = cx.child(node, Field::Left).filter(|left| left.kind() == "member_expression")?;
    let target = cx.text(left);
    if !is_function(value) || target.len() > 120 || target.contains(['\n', '(', '[']) {
        return None;
    }
    let property = cx.child(left, Field::Property)?;
    let (name, visibility) = match (is_exports(target), cx.in_function || target.starts_with("this.")) {
        (true, false) => (cx.text(property).to_owned(), Visibility::Public),
        (_, true) => (target.trim_start_matches("this.").to_owned(), Visibility::Private),
        (false, false) => (target.replace(".prototype.", "."), Visibility::Public),
    };
    let name = if target == "module.exports" { "module.exports".to_owned() } else { name };
    let symbol = NewSymbol::function(property, SymbolKind::Function, visibility, count(cx, value));
    Some(NewSymbol { name: Some(name), ..symbol })
}

fn import_statement(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    // `import x = require("x")`
    let equals = cx.child_of_kind(node, &["import_require_clause"]);
    let source = cx.child(node, Field::Source).or_else(|| cx.child(equals?, Field::Source))?;
    let target = cx.literal(source)?;
    let kind = if equals.is_some() { ImportKind::Require } else { ImportKind::From };
    let mut found = import(kind, target, node);
    found.for_types = cx.child_of_kind(node, &["type"]).is_some();
    for part in cx.child_of_kind(node, &["import_clause"]).map(named_children).unwrap_or_default() {
        match part.kind() {
            "identifier" => found.names.push(imported("default", Some(cx.text(part)))),
            "namespace_import" => {
                found.wildcard = true;
                found.alias = part.named_child(0).map(|name| cx.text(name).into());
            }
            "named_imports" => found.names.extend(specifiers(cx, part)),
            _ => {}
        }
    }
    if let Some(clause) = equals {
        found.alias = cx.child_of_kind(clause, &["identifier"]).map(|name| cx.text(name).into());
    }
    Some(found)
}

fn specifiers(cx: &Context<'_>, list: Node<'_>) -> Vec<ImportedName> {
    named_children(list)
        .into_iter()
        .filter_map(|entry| Some(imported(cx.child_text(entry, Field::Name)?, cx.child_text(entry, Field::Alias))))
        .collect()
}

fn re_export(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let target = cx.literal(cx.child(node, Field::Source)?)?;
    let clause = cx.child_of_kind(node, &["export_clause"]);
    Some(Import {
        wildcard: clause.is_none(),
        names: clause.map(|clause| specifiers(cx, clause)).unwrap_or_default(),
        for_types: cx.child_of_kind(node, &["type"]).is_some(),
        ..import(ImportKind::ReExport, target, node)
    })
}

/// `/// <reference path="x.d.ts" />`: what the file declares for all is known here. The path is seen from the file, with
/// or without `./`.
fn referenced(cx: &Context<'_>, comment: Node<'_>) -> Option<Import> {
    let attributes = cx.text(comment).strip_prefix("///")?.trim_start().strip_prefix("<reference ")?;
    let (_, value) = attributes.split_once("path=")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (path, _) = value.strip_prefix(quote)?.split_once(quote).filter(|(path, _)| !path.is_empty())?;
    let target = if path.starts_with('.') { path.to_owned() } else { ["./", path].concat() };
    Some(Import { for_types: true, ..import(ImportKind::Module, &target, comment) })
}

/// `require("x")` and `import("x")`.
fn required(cx: &Context<'_>, node: Node<'_>) -> Option<Import> {
    let function = cx.child(node, Field::Function)?;
    let kind = match function.kind() {
        "import" => ImportKind::Dynamic,
        "identifier" if cx.text(function) == "require" => ImportKind::Require,
        _ => return None,
    };
    let first = cx.child(node, Field::Arguments)?.named_child(0);
    match first.and_then(|first| cx.literal(first)) {
        Some(target) => {
            let (alias, names) = bound_to(cx, node).unwrap_or_default();
            Some(Import { alias, names, ..import(kind, target, node) })
        }
        None => Some(import(ImportKind::Dynamic, "", node)),
    }
}

/// `x` in `const x = require("x")`, and `a`, `b as c` in `const { a, b: c } = require("x")`. What is taken out of the
/// module on the way (`require("x").y`) or made by calling it binds something else.
fn bound_to(cx: &Context<'_>, call: Node<'_>) -> Option<(Option<Box<str>>, Vec<ImportedName>)> {
    let mut around = call.parent()?;
    if around.kind() == "await_expression" {
        around = around.parent()?;
    }
    let name = cx.child(around, Field::Name).filter(|_| around.kind() == "variable_declarator")?;
    Some(match name.kind() {
        "identifier" => (Some(cx.text(name).into()), Vec::new()),
        "object_pattern" => {
            (None, named_children(name).into_iter().filter_map(|part| destructured(cx, part)).collect())
        }
        _ => return None,
    })
}

fn destructured(cx: &Context<'_>, part: Node<'_>) -> Option<ImportedName> {
    match part.kind() {
        "shorthand_property_identifier_pattern" => Some(imported(cx.text(part), None)),
        "pair_pattern" => {
            let (key, value) = (part.named_child(0)?, cx.child(part, Field::Value)?);
            (value.kind() == "identifier").then(|| imported(cx.text(key), Some(cx.text(value))))
        }
        _ => None,
    }
}

/// `process.env.NAME` and `process.env["NAME"]`.
fn environment<'t>(cx: &Context<'_>, node: Node<'t>) -> Option<NewCall<'t>> {
    let object = cx.child(node, Field::Object).filter(|object| object.kind() == "member_expression")?;
    let text = cx.text(object);
    if text != "process.env" && text != "import.meta.env" {
        return None;
    }
    let name = cx.child(object, Field::Property)?;
    Some(NewCall { kind: CallKind::Access, name, receiver: cx.child(object, Field::Object), arguments: None })
}
