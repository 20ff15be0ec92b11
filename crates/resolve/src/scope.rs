//! Imports that stand in a module written inside a file (`mod tests { use super::*; }`): their paths start from that
//! module, not from the file's.

use codexa_model::facts::{Facts, SymbolIndex, SymbolKind};
use serde::{Deserialize, Serialize};

/// Modules around an import that are named: each import repeats the names of those around it, and nobody nests so deep.
const MOST_NESTED: usize = 64;

/// An import that stands in an inline module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineScope {
    /// Index of the import in the file's imports.
    pub import: u32,
    /// The inline modules around it, outermost first, joined by `::`; of more than 64 the innermost.
    pub path: Box<str>,
}

/// The imports of a file that stand in inline modules, in order. Only Rust has such modules; others give none.
#[must_use]
pub fn inline_scopes(facts: &Facts) -> Vec<InlineScope> {
    if facts.language != codexa_model::Language::Rust {
        return Vec::new();
    }
    let mut scopes = Vec::new();
    for (index, import) in facts.imports.iter().enumerate() {
        let path = modules_around(facts, import.within);
        if let (false, Ok(import)) = (path.is_empty(), u32::try_from(index)) {
            scopes.push(InlineScope { import, path: path.into() });
        }
    }
    scopes
}

fn modules_around(facts: &Facts, within: Option<SymbolIndex>) -> String {
    let mut names = Vec::new();
    let mut next = within;
    while let Some((index, symbol)) = next.and_then(|index| Some((index, facts.symbols.get(index as usize)?))) {
        if names.len() == MOST_NESTED {
            break;
        }
        if symbol.kind == SymbolKind::Module {
            names.push(&*symbol.name);
        }
        // A parent stands before its child; anything else is a damaged cache and must not loop.
        next = symbol.parent.filter(|&parent| parent < index);
    }
    names.reverse();
    names.join("::")
}
