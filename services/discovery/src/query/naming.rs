//! Which symbol a person means by a name: as `show symbols` prints it, as a language writes it, or the last part alone.

use super::error::QueryError;
use super::suggest::like;
use crate::engine::SymbolTables;
use crate::graph::is_header;
use crate::model::{Model, Parsed};
use crate::record::{FileClass, qualified_name};
use codexa_model::facts::SymbolKind;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A symbol that a name was found to mean.
#[derive(Debug)]
pub(super) struct Meant {
    /// The files that define it; several where one declares what the other defines.
    pub(super) files: Vec<u32>,
    /// Its name with its enclosing symbols.
    pub(super) name: String,
    /// The outermost name around it that is no namespace: what other files have to name to reach it.
    pub(super) followed: String,
    /// Whether that is a type and it a member, whose own users nobody counts.
    pub(super) is_member: bool,
    /// Other symbols that the name fits less well, as `path:name`.
    pub(super) others: Vec<String>,
}

/// A symbol of a file that fits.
struct Fit {
    file: u32,
    name: String,
    followed: String,
}

/// How well a symbol fits, best first: source before tests, and a whole name before the end of one.
type Rank = (Reverse<bool>, Reverse<bool>);

/// The symbol that is meant by `name` or `path:name`.
///
/// # Errors
/// [`QueryError::UnknownTarget`], [`QueryError::AmbiguousSymbol`].
pub(super) fn meant(model: &Model, tables: &SymbolTables<'_>, target: &str) -> Result<Meant, QueryError> {
    let (path, name) = split(model, target);
    let wanted = parts(name);
    let mut ranks = found(model, path, &wanted, |_, parsed| offered(parsed));
    if ranks.keys().next() != Some(&(Reverse(true), Reverse(true))) {
        // What is not for everyone may fit better. It stands in the cache alone, which takes longer to read.
        let all = found(model, path, &wanted, |file, _| all_of(tables, file));
        ranks = if all.is_empty() { ranks } else { all };
    }
    if ranks.is_empty() {
        ranks = found(model, path, &wanted, |file, _| used(model, file));
    }
    let mut ranks = ranks.into_values();
    let Some(best) = ranks.next() else {
        let names = model.files.iter().flat_map(|file| &file.parsed).flat_map(|parsed| parsed.offers.iter());
        let names = names.map(|offer| offer.name).filter(|known| wanted.len() > 1 || !known.contains('.'));
        let paths = model.files.iter().map(|file| &*file.path);
        let like = like(target, names.chain(paths));
        let (focus, not_read) = (model.run.focus.clone(), model.not_read());
        return Err(QueryError::UnknownTarget { name: target.to_owned(), like, focus, not_read });
    };
    let (best, apart) = one_declared(model, best);
    let place = |fit: &Fit| format!("{}:{}", model.path(fit.file), fit.name);
    let is_one = best.iter().all(|fit| best.first().is_some_and(|first| first.name == fit.name))
        && (!apart.is_empty()
            || are_declared(model, &best)
            || are_one_unit(best.iter().map(|fit| model.path(fit.file))));
    let others: Vec<String> = apart.into_iter().chain(ranks.flatten()).map(|fit| place(&fit)).collect();
    let Some(first) = best.first().filter(|_| is_one) else {
        let places = best.iter().map(place).chain(others).collect();
        return Err(QueryError::AmbiguousSymbol { name: target.to_owned(), places });
    };
    let mut files: Vec<u32> = best.iter().map(|fit| fit.file).collect();
    // What defines it stands before what declares it.
    files.sort_by_key(|&file| is_header(model.path(file)));
    Ok(Meant {
        files,
        name: first.name.clone(),
        followed: first.followed.clone(),
        is_member: first.name != first.followed && !first.name.ends_with(&format!(".{}", first.followed)),
        others,
    })
}

/// `path:name`, where what stands before a lone `:` is a file here; `A::b` has none such.
fn split<'t>(model: &Model, target: &'t str) -> (Option<u32>, &'t str) {
    let is_lone = |at: usize| {
        let bytes = target.as_bytes();
        bytes.get(at + 1) != Some(&b':') && at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b':')
    };
    let cuts = target.match_indices(':').map(|(at, _)| at).filter(|&at| is_lone(at));
    let mut found = cuts.filter_map(|at| {
        let (path, name) = (target.get(..at)?, target.get(at + 1..)?);
        Some((model.find(&super::edges::plain(path))?, name))
    });
    found.next_back().map_or((None, target), |(file, name)| (Some(file), name))
}

/// The parts of a name, whatever its language joins them with.
fn parts(name: &str) -> Vec<&str> {
    name.split(['.', ':', '\\', '#']).map(|part| part.trim_end_matches("()")).filter(|part| !part.is_empty()).collect()
}

/// The symbols that fit, by how well, of each file once.
fn found<'m, N: Iterator<Item = (String, String)> + 'm>(
    model: &'m Model,
    path: Option<u32>,
    wanted: &[&str],
    names: impl Fn(u32, &'m Parsed) -> N,
) -> BTreeMap<Rank, Vec<Fit>> {
    let mut ranks: BTreeMap<Rank, Vec<Fit>> = BTreeMap::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let Some(parsed) = file.parsed.as_ref().filter(|_| path.is_none_or(|path| path == id)) else { continue };
        for (name, followed) in names(id, parsed) {
            let Some(is_whole) = fits(&name, &followed, parsed.module.as_deref(), &file.path, wanted) else { continue };
            let fits = ranks.entry((Reverse(file.class == FileClass::Source), Reverse(is_whole))).or_default();
            if !fits.iter().any(|known| known.file == id && known.name == name) {
                fits.push(Fit { file: id, name, followed });
            }
        }
    }
    ranks
}

/// Whether a symbol is meant: `Some(true)` where the whole name was said, with or without the namespaces around it.
fn fits(name: &str, followed: &str, module: Option<&str>, path: &str, wanted: &[&str]) -> Option<bool> {
    let own: Vec<&str> = name.split('.').collect();
    if wanted.is_empty() || own.last() != wanted.last() {
        return None;
    }
    if wanted.len() <= own.len() {
        let from = own.len() - wanted.len();
        let first = own.iter().position(|part| *part == followed).unwrap_or(0);
        return own.ends_with(wanted).then_some(from <= first);
    }
    let (above, rest) = wanted.split_at(wanted.len() - own.len());
    let is_named_so = |around: Vec<&str>| around.ends_with(above);
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let folders = stem.split('/').filter(|part| !matches!(*part, "src" | "lib" | "mod" | "index" | "__init__"));
    (rest == own && (module.is_some_and(|module| is_named_so(parts(module))) || is_named_so(folders.collect())))
        .then_some(true)
}

/// What everyone may use of a file, each with what others have to name for it.
fn offered(parsed: &Parsed) -> impl Iterator<Item = (String, String)> {
    let namespaces = parsed.namespaces();
    parsed.offers.iter().map(move |offer| {
        let name = offer.name;
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let outermost =
            ends.filter_map(|end| name.get(..end)).find(|outer| !namespaces.contains(outer)).unwrap_or(name);
        (name.to_owned(), last_of(outermost).to_owned())
    })
}

/// Everything that a file defines, as far as the cache has it.
fn all_of(tables: &SymbolTables<'_>, file: u32) -> impl Iterator<Item = (String, String)> + use<> {
    let table = tables.of(file).unwrap_or_default();
    let name = |at: usize| {
        let mut followed = at;
        let mut above = Some(at);
        // A parent stands before its child; anything else ends the chain.
        while let Some((here, symbol)) = above.and_then(|at| Some((at, table.get(at)?))) {
            if symbol.kind != SymbolKind::Module {
                followed = here;
            }
            above = symbol.parent.map(|parent| parent as usize).filter(|parent| *parent < here);
        }
        let outermost = table.get(followed).map(|symbol| symbol.name.to_string()).unwrap_or_default();
        (qualified_name(&table, at).into_string(), outermost)
    };
    let kept = |at: &usize| table.get(*at).is_some_and(|symbol| symbol.kind != SymbolKind::Implementation);
    let all: Vec<(String, String)> = (0..table.len()).filter(kept).map(name).collect();
    all.into_iter()
}

/// What other files use of a file, where the cache was cleared since the last run.
fn used(model: &Model, file: u32) -> impl Iterator<Item = (String, String)> + '_ {
    let symbols = model.references.symbols.get(model.references.of_file(file)).unwrap_or_default();
    symbols.iter().map(|symbol| (symbol.name.to_string(), symbol.name.to_string()))
}

fn last_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

/// Where one source defines it and headers declare it: those, and apart from them headers that declare something else of the
/// name. Otherwise all.
fn one_declared(model: &Model, fits: Vec<Fit>) -> (Vec<Fit>, Vec<Fit>) {
    let Some(headers) = declaring(model, &fits).filter(|headers| !headers.is_empty()) else {
        return (fits, Vec::new());
    };
    fits.into_iter().partition(|fit| !is_header(model.path(fit.file)) || headers.contains(&fit.file))
}

/// Whether these are a source and what declares it.
fn are_declared(model: &Model, fits: &[Fit]) -> bool {
    declaring(model, fits).is_some_and(|headers| !headers.is_empty())
}

/// The headers that declare what the only source among these defines.
fn declaring<'m>(model: &'m Model, fits: &[Fit]) -> Option<&'m [u32]> {
    let mut sources = fits.iter().filter(|fit| !is_header(model.path(fit.file)));
    let (Some(source), None) = (sources.next(), sources.next()) else { return None };
    Some(model.references.through_headers.headers(source.file, &source.followed))
}

/// Whether the paths differ only in their extensions: a header and its source.
fn are_one_unit<'p>(mut paths: impl Iterator<Item = &'p str>) -> bool {
    let stem = |path: &'p str| path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let first = paths.next().map(stem);
    paths.all(|path| Some(stem(path)) == first)
}
