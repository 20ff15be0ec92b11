//! Folders that includes start from, by the evidence of their names and of the tree around the including file.

use crate::Repository;
use crate::paths::{ancestors, folder, join, name};
use rustc_hash::{FxHashMap, FxHashSet};

/// Names of folders that hold headers for others, in the order they are tried.
const INCLUDE_NAMES: &[&str] = &["include", "inc", "includes", "Include"];

/// The include folders of a tree.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// A folder -> the search folders inside it, in the order they are tried.
    inside: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Names of folders directly inside include folders: `linux` in `linux/types.h` is the tree's own.
    own: FxHashSet<Box<str>>,
}

/// A folder that a file's includes are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SearchFolder<'a> {
    pub(super) folder: &'a str,
    /// Whether it is named as a place for headers.
    pub(super) is_include: bool,
}

impl Roots {
    /// Looks at every folder once.
    pub(super) fn of(repo: &dyn Repository) -> Self {
        let mut roots = Self::default();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for path in repo.paths() {
            for inner in ancestors(folder(path)) {
                if inner.is_empty() || !seen.insert(inner) {
                    break;
                }
                if is_include_folder(folder(inner)) {
                    roots.own.insert(name(inner).into());
                }
            }
        }
        for outer in seen.iter().map(|inner| folder(inner)).collect::<FxHashSet<_>>() {
            let names = INCLUDE_NAMES.iter().flat_map(|name| [(*name).to_owned(), join(name, "uapi")]);
            let places = names.chain(["src".to_owned()]).map(|name| join(outer, &name));
            let places: Vec<Box<str>> = places.filter(|place| seen.contains(&**place)).map(Into::into).collect();
            if !places.is_empty() {
                roots.inside.insert(outer.into(), places);
            }
        }
        roots
    }

    /// Where the includes of a file in `folder` are looked for: for each folder around it, the nearest first, its
    /// include folders and then itself.
    pub(super) fn around<'a>(&'a self, folder: &'a str) -> Vec<SearchFolder<'a>> {
        let mut places = Vec::with_capacity(12);
        for outer in ancestors(folder) {
            let inside = self.inside.get(outer).into_iter().flatten();
            places.extend(inside.map(|place| SearchFolder { folder: place, is_include: name(place) != "src" }));
            places.push(SearchFolder { folder: outer, is_include: is_include_folder(outer) });
        }
        places
    }

    /// Whether the target's first folder is one that the tree's include folders hold (or is generated into them).
    pub(super) fn provides(&self, target: &str) -> bool {
        target.split_once('/').is_some_and(|(outer, _)| self.own.contains(outer) || outer == "generated")
    }
}

/// Whether a folder's name says that includes start from it.
pub(super) fn is_include_folder(folder: &str) -> bool {
    let last = name(folder);
    INCLUDE_NAMES.contains(&last) || (last == "uapi" && name(crate::paths::folder(folder)) == "include")
}

/// The place that architectures stand in and the architecture that a path belongs to: `("", "x86")` of `arch/x86/mm`.
pub(super) fn architecture(path: &str) -> Option<(&str, &str)> {
    let (outer, inner) = match path.strip_prefix("arch/") {
        Some(inner) => ("", inner),
        None => path.split_once("/arch/")?,
    };
    let arch = inner.split('/').next().filter(|arch| !arch.is_empty())?;
    Some((outer, arch))
}

/// Whether a path belongs to another architecture than the folder does. What lies outside all of them may use the
/// headers that one architecture offers (in an include folder), not those it keeps to itself.
pub(super) fn other_architecture(folder: &str, path: &str, is_offered: bool) -> bool {
    match (architecture(folder), architecture(path)) {
        (Some((_, own)), Some((_, other))) => own != other,
        (None, Some(_)) => !is_offered,
        (_, None) => false,
    }
}
