//! Commands that clap and structopt derive. A type's name is not the command's: only what is named in an attribute is a
//! command here; a program without a name of its own is called like its package, which declares it.

use super::{EntryKind, EntryPoint, http};
use codexa_model::facts::{Annotation, Facts, SymbolIndex, SymbolKind};

/// Derives of a program, and of the commands below one, with the attribute that names them.
const DERIVES: &[(&str, &[&str], &str)] = &[
    ("Parser", &["command", "clap"], "rust.clap_parser"),
    ("StructOpt", &["structopt"], "rust.structopt"),
    ("Subcommand", &[], "rust.clap_subcommand"),
];

/// The commands of a file.
pub(super) fn find(facts: &Facts) -> Vec<EntryPoint> {
    let is_used = |library: &str| facts.imports.iter().any(|import| import.target.split("::").next() == Some(library));
    let mut found = Vec::new();
    if !is_used("clap") && !is_used("structopt") {
        return found;
    }
    for derive in facts.annotations.iter().filter(|annotation| &*annotation.name == "derive") {
        let (Some(at), Some(arguments)) = (derive.symbol, derive.arguments.as_deref()) else { continue };
        let words = || arguments.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for (name, attributes, origin) in DERIVES.iter().filter(|(name, ..)| words().any(|word| word == *name)) {
            let is_its =
                |annotation: &&Annotation| annotation.symbol == Some(at) && attributes.contains(&&*annotation.name);
            found.extend(facts.annotations.iter().filter(is_its).filter_map(|its| command(its, at, origin)));
            if *name != "StructOpt" {
                found.extend(variants(facts, at));
            }
        }
    }
    found
}

/// The variants of an enum that are named. `clap` on something inside may be about an argument; `command` is not.
fn variants(facts: &Facts, at: SymbolIndex) -> Vec<EntryPoint> {
    let Some(symbol) = facts.symbols.get(at as usize).filter(|symbol| symbol.kind == SymbolKind::Enum) else {
        return Vec::new();
    };
    let lines = symbol.span.start_line..=symbol.span.end_line;
    let is_inside = |annotation: &&Annotation| {
        &*annotation.name == "command" && annotation.symbol != Some(at) && lines.contains(&annotation.line)
    };
    let found = facts.annotations.iter().filter(is_inside);
    found.filter_map(|annotation| command(annotation, at, "rust.clap_subcommand")).collect()
}

fn command(annotation: &Annotation, symbol: SymbolIndex, origin: &'static str) -> Option<EntryPoint> {
    let name = http::text_of(annotation.arguments.as_deref()?, "name")?;
    Some(EntryPoint::new(EntryKind::CliCommand, name, Some(symbol), annotation.line, (origin, 90)))
}
