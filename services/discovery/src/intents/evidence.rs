//! What an intent stands on besides headings: edges, names that others use, and components.

use super::Parts;
use super::count;
use super::naming::Naming;
use super::words::{stem, words_of_path};
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
