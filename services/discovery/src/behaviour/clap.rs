//! Commands that clap and structopt derive. A program is called as its attribute says: without one it is called like its
//! package, which declares it. The variants of an enum of subcommands are called after themselves, in kebab case.

use super::{EntryKind, EntryPoint, http};
use codexa_model::facts::{Annotation, Facts, Symbol, SymbolIndex, SymbolKind};
use rustc_hash::FxHashMap;

/// Derives of a program, and of the commands below one, with the attributes that name a program.
const DERIVES: &[(&str, &[&str], &str)] = &[
    ("Parser", &["command", "clap"], "rust.clap_parser"),
    ("StructOpt", &["structopt"], "rust.structopt"),
    ("Subcommand", &[], "rust.clap_subcommand"),
];
/// Attributes of variants.
const ATTRIBUTES: &[&str] = &["command", "clap", "structopt"];

/// The commands of a file.
pub(super) fn find(facts: &Facts) -> Vec<EntryPoint> {
    let is_used = |library: &str| facts.imports.iter().any(|import| import.target.split("::").next() == Some(library));
    let mut found = Vec::new();
    if !is_used("clap") && !is_used("structopt") {
        return found;
    }
    let parts = Parts::of(facts);
    for derive in facts.annotations.iter().filter(|annotation| &*annotation.name == "derive") {
        let (Some(at), Some(arguments)) = (derive.symbol, derive.arguments.as_deref()) else { continue };
        let words = || arguments.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for (_, attributes, origin) in DERIVES.iter().filter(|(name, ..)| words().any(|word| word == *name)) {
            let named = parts.annotations(at, attributes).filter_map(|its| Some((name(its)?, its.line)));
            found.extend(named.map(|(name, line)| command(name, at, line, origin)));
            found.extend(variants(facts, &parts, at));
        }
    }
    found
}

/// What stands on each symbol, and in it.
struct Parts<'f> {
    annotations: FxHashMap<SymbolIndex, Vec<&'f Annotation>>,
    constants: FxHashMap<SymbolIndex, Vec<(SymbolIndex, &'f Symbol)>>,
}

impl<'f> Parts<'f> {
    fn of(facts: &'f Facts) -> Self {
        let mut parts = Self { annotations: FxHashMap::default(), constants: FxHashMap::default() };
        for annotation in &facts.annotations {
            if let Some(at) = annotation.symbol {
                parts.annotations.entry(at).or_default().push(annotation);
            }
        }
        for (at, symbol) in (0..).zip(&facts.symbols).filter(|(_, symbol)| symbol.kind == SymbolKind::Constant) {
            if let Some(parent) = symbol.parent {
                parts.constants.entry(parent).or_default().push((at, symbol));
            }
        }
        parts
    }

    fn annotations(&self, at: SymbolIndex, names: &[&str]) -> impl Iterator<Item = &'f Annotation> {
        let all = self.annotations.get(&at).into_iter().flatten().copied();
        all.filter(move |annotation| names.contains(&&*annotation.name))
    }
}

/// The variants of an enum, each a command. Those that only hold the commands of another type, or whatever is typed, are
/// none; where the enum gives its names another form, those are that say their name.
fn variants(facts: &Facts, parts: &Parts<'_>, at: SymbolIndex) -> Vec<EntryPoint> {
    let is_enum = facts.symbols.get(at as usize).is_some_and(|symbol| symbol.kind == SymbolKind::Enum);
    let is_renamed = parts.annotations(at, ATTRIBUTES).any(|its| says(its, "rename_all"));
    let variants = parts.constants.get(&at).into_iter().flatten().filter(|_| is_enum);
    let commands = variants.filter_map(|&(variant, symbol)| {
        let its: Vec<&Annotation> = parts.annotations(variant, ATTRIBUTES).collect();
        let is_none = |its: &&Annotation| ["flatten", "external_subcommand", "skip"].iter().any(|word| says(its, word));
        if its.iter().any(is_none) {
            return None;
        }
        let (name, line) = match its.iter().find_map(|its| Some((name(its)?, its.line))) {
            Some((name, line)) => (name.to_owned(), line),
            // It is computed.
            None if is_renamed || its.iter().any(|its| says(its, "name")) => return None,
            None => (kebab_case(&symbol.name), symbol.span.start_line),
        };
        Some(command(&name, variant, line, "rust.clap_subcommand"))
    });
    commands.collect()
}

fn name(annotation: &Annotation) -> Option<&str> {
    http::text_of(annotation.arguments.as_deref()?, "name")
}

fn says(annotation: &Annotation, word: &str) -> bool {
    let arguments = annotation.arguments.as_deref().unwrap_or_default().replace("\\\"", "");
    // Every other piece stands in quotes, and is text for people.
    let mut words =
        arguments.split('"').step_by(2).flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    words.any(|found| found == word)
}

fn command(name: &str, symbol: SymbolIndex, line: u32, origin: &'static str) -> EntryPoint {
    EntryPoint::new(EntryKind::CliCommand, name, Some(symbol), line, (origin, 90))
}

/// `list-all` for `ListAll`, `http-server` for `HTTPServer`: words end before a capital that follows a small letter, or
/// that a small letter follows.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    let mut was_upper = None;
    let mut letters = name.trim_start_matches("r#").chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '_' {
            kebab.push('-');
            was_upper = None;
            continue;
        }
        let begins = match was_upper {
            Some(false) => letter.is_uppercase(),
            Some(true) => letter.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase()),
            None => false,
        };
        if begins {
            kebab.push('-');
        }
        if letter.is_alphabetic() {
            was_upper = Some(letter.is_uppercase());
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}
