//! What foreign code calls by its name alone: the names themselves are the agreement, or an attribute says so.

use super::{EntryKind, EntryPoint, Registrar};
use codexa_model::Language;
use codexa_model::facts::{Facts, Symbol, SymbolIndex, SymbolKind};
use rustc_hash::FxHashMap;

/// The functions of C that an attribute shows to whoever loads the library they are in.
fn shown(facts: &Facts) -> FxHashMap<SymbolIndex, &'static str> {
    let is_c = matches!(facts.language, Language::C | Language::Cpp);
    let attributes = facts.annotations.iter().filter(|_| is_c).filter_map(|annotation| {
        let origin = match (&*annotation.name, annotation.literal.as_deref()) {
            ("dllexport", _) => "c.dllexport",
            ("visibility", Some("default")) => "c.visible_symbol",
            _ => return None,
        };
        Some((annotation.symbol?, origin))
    });
    attributes.collect()
}

/// The functions of a file that another language's runtime looks for.
pub(super) fn find(facts: &Facts) -> Vec<EntryPoint> {
    let has_c = facts.language == Language::Go && facts.imports.iter().any(|import| &*import.target == "C");
    let rule = |symbol: &Symbol| match facts.language {
        _ if symbol.kind != SymbolKind::Function || symbol.metrics.is_none() => None,
        // A Java virtual machine looks for them when a `native` method is called, Python when a module is imported.
        Language::C | Language::Cpp if symbol.name.starts_with("Java_") => Some("c.jni"),
        Language::C | Language::Cpp if symbol.name.starts_with("PyInit_") => Some("c.python_init"),
        Language::Go if has_c => {
            let exported = symbol.doc.as_deref().and_then(|doc| doc.strip_prefix("export "));
            exported.is_some_and(|name| *name == *symbol.name).then_some("go.cgo_export")
        }
        _ => None,
    };
    let shown = shown(facts);
    let found = facts.symbols.iter().zip(0_u32..).filter_map(|(symbol, at)| {
        let said = shown.get(&at).filter(|_| symbol.kind == SymbolKind::Function).copied();
        Some((symbol, at, said.or_else(|| rule(symbol))?))
    });
    let entries = found.map(|(symbol, at, origin)| EntryPoint {
        kind: EntryKind::ExportedApi,
        name: symbol.name.clone(),
        method: None,
        path: None,
        registrar: Registrar::default(),
        symbol: Some(at),
        line: symbol.span.start_line,
        origin: origin.into(),
        confidence: 95,
    });
    entries.collect()
}
