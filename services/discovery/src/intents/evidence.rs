//! What an intent stands on: edges, names that others use, components and headings.

use super::Parts;
use super::count;
use super::naming::{Naming, Telling, speaks_of};
use super::stop::says_nothing;
use super::words::{stem, words_of_path};
use crate::documents::Document;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Headings and symbols that are kept as evidence of one intent.
pub(super) const EVIDENCE: usize = 5;

/// Files that are called so in every folder.
const FACES: [&str; 8] = ["__init__", "__main__", "mod", "lib", "main", "index", "app", "package-info"];

/// The end of a path that says what the file is about: its name, with its folder where every folder has a file of that name.
pub(crate) fn telling_end(path: &str) -> &str {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    if !FACES.contains(&stem_of_file(name)) {
        return name;
    }
    let start = above.rfind('/').map_or(0, |at| at + 1);
    path.get(start..).unwrap_or(name)
}

/// Whether a file is named as what everything uses and nobody begins to read at: errors, constants, helpers.
pub(super) fn is_aside(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let last = words_of_path(stem_of_file(name)).last();
    last.is_some_and(|last| ["error", "exception", "constant", "util", "helper", "version"].contains(&stem(&last)))
}

pub(super) fn stem_of_file(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// Edges within some of the files that take part, and between them and the others; both lists are sorted.
pub(super) fn edges(parts: &Parts<'_>, taking_part: &[u32], own: &[u32]) -> (u32, u32) {
    let is_own = |file: &u32| own.binary_search(file).is_ok();
    let is_other = |file: &&u32| !is_own(file) && taking_part.binary_search(file).is_ok();
    let (mut inside, mut outside) = (0, 0);
    for &file in own {
        let to = parts.graph.depends_on.of(file as usize);
        let from = parts.graph.dependents.of(file as usize);
        inside += to.iter().filter(|to| is_own(to)).count();
        outside += to.iter().chain(from).filter(is_other).count();
    }
    (count(inside), count(outside))
}

/// What other files use of these (sorted): what speaks of the name first, then what is used most.
pub(super) fn symbols(parts: &Parts<'_>, naming: &Naming<'_>, words: &[u32], own: &[u32]) -> Vec<(u32, Box<str>)> {
    let all = own.iter().flat_map(|&file| parts.references.symbols.get(parts.references.of_file(file))).flatten();
    let mut all: Vec<_> = all.map(|symbol| (!naming.speaks_of(&symbol.name, words), symbol)).collect();
    all.sort_by(|(a_other, a), (b_other, b)| {
        let by_rank = b.rank.total_cmp(&a.rank);
        a_other.cmp(b_other).then(by_rank).then_with(|| (a.file, &a.name).cmp(&(b.file, &b.name)))
    });
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let first = all.into_iter().map(|(_, symbol)| symbol).filter(|symbol| told.insert(&symbol.name)).take(EVIDENCE);
    first.map(|symbol| (symbol.file, symbol.name.clone())).collect()
}

/// The components of these files, most files first.
pub(super) fn components(parts: &Parts<'_>, own: &[u32]) -> Vec<u32> {
    let mut files: BTreeMap<u32, usize> = BTreeMap::new();
    for component in own.iter().filter_map(|&file| parts.components.of_file.get(file as usize).copied().flatten()) {
        *files.entry(component).or_default() += 1;
    }
    let mut all: Vec<(u32, usize)> = files.into_iter().collect();
    all.sort_by_key(|&(component, files)| (Reverse(files), component));
    all.into_iter().map(|(component, _)| component).collect()
}

/// The headings that speak of these words most.
pub(super) fn headings(parts: &Parts<'_>, naming: &Naming<'_>, telling: &[Telling]) -> Vec<(Box<str>, Box<str>)> {
    let mut found: Vec<(f32, &Document, &str)> = Vec::new();
    for document in parts.documents.iter().filter(|document| !tells_of_releases(&document.path)) {
        let scored =
            document.headings.iter().map(|heading| (speaks_of(heading, telling, naming.terms), document, &**heading));
        found.extend(scored.filter(|(score, ..)| *score > 0.0));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1.path, a.2).cmp(&(&b.1.path, b.2))));
    found.dedup_by(|later, first| later.2 == first.2);
    found.into_iter().take(EVIDENCE).map(|(_, document, heading)| (document.path.clone(), heading.into())).collect()
}

/// Whether a document is a list of releases: what it says of a thing is when it changed.
fn tells_of_releases(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["changelog", "changes", "history", "news", "release", "upgrad", "licen", "copying", "contributing"]
        .iter()
        .any(|start| name.starts_with(start) || (name.contains(start) && *start != "news"))
}

/// For each of these names, the headings that have all its words, with the path of the document: the shortest first, then in order.
pub(crate) fn headings_with<'d>(names: &[&str], documents: &'d [Document]) -> Vec<Vec<(&'d str, &'d str)>> {
    let stems = |text: &str| -> BTreeSet<String> {
        let telling = words_of_path(text).filter(|word| !says_nothing(word, true));
        telling.map(|word| stem(&word).to_owned()).collect()
    };
    let wanted: Vec<BTreeSet<String>> = names.iter().map(|name| stems(name)).collect();
    let known: BTreeSet<&str> = wanted.iter().flatten().map(String::as_str).collect();
    let mut found: Vec<Vec<(usize, &str, &str)>> = vec![Vec::new(); names.len()];
    for document in documents.iter().filter(|document| !tells_of_releases(&document.path)) {
        for heading in &document.headings {
            let words = stems(heading);
            if !words.iter().any(|word| known.contains(word.as_str())) {
                continue;
            }
            for (wanted, found) in wanted.iter().zip(&mut found) {
                if !wanted.is_empty() && wanted.is_subset(&words) {
                    found.push((words.len(), &document.path, heading));
                }
            }
        }
    }
    let first = |mut found: Vec<(usize, &'d str, &'d str)>| {
        found.sort_unstable();
        found.into_iter().take(EVIDENCE).map(|(_, path, heading)| (path, heading)).collect()
    };
    found.into_iter().map(first).collect()
}
