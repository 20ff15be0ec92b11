//! Where names are defined, by the namespace they belong to.

use crate::{Repository, SourceFile};
use codexa_model::Language;
use rustc_hash::{FxHashMap, FxHashSet};

/// A name that more files define is a convention (`Program`, `index`), not a place: only so many are kept.
pub(crate) const MOST_DEFINERS: usize = 64;
/// Namespaces around one that are looked at: nobody writes more, and each is a text of its own.
pub(crate) const MOST_OUTER: usize = 32;

/// The files of one language by namespace and by the names they define in it.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    namespaces: FxHashMap<Box<str>, Namespace>,
    /// What stands before a separator in the namespaces' names.
    outer: FxHashSet<Box<str>>,
}

/// A namespace: the files that declare it, and those that define each name in it; both sorted.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    /// Files that declare it.
    pub(crate) files: Vec<Box<str>>,
    names: FxHashMap<Box<str>, Vec<Box<str>>>,
}

impl Definitions {
    /// The definitions of a language's files. `fold` brings names to the form in which they are compared.
    pub(crate) fn of(repo: &dyn Repository, language: Language, fold: fn(&str) -> Box<str>) -> Self {
        let mut found = Self::default();
        for file in repo.sources().iter().filter(|file| file.language == language) {
            found.add(file, fold);
        }
        for name in found.namespaces.keys() {
            let mut inner = &**name;
            for _ in 0..MOST_OUTER {
                let Some((outer, _)) = inner.rsplit_once(['.', '\\']) else { break };
                if !found.outer.insert(outer.into()) {
                    break;
                }
                inner = outer;
            }
        }
        found
    }

    fn add(&mut self, file: &SourceFile<'_>, fold: fn(&str) -> Box<str>) {
        let namespace = self.namespaces.entry(fold(file.module.unwrap_or_default())).or_default();
        namespace.files.push(file.path.into());
        // A namespace is itself among the names of the file that declares it in a block.
        for name in file.definitions.iter().filter(|name| file.module != Some(*name)) {
            let files = namespace.names.entry(fold(name)).or_default();
            if files.len() < MOST_DEFINERS {
                files.push(file.path.into());
            }
        }
    }

    /// A namespace of the repository.
    pub(crate) fn namespace(&self, name: &str) -> Option<&Namespace> {
        self.namespaces.get(name)
    }

    /// The files that define a name in a namespace, sorted; empty where none does.
    pub(crate) fn files(&self, namespace: &str, name: &str) -> &[Box<str>] {
        self.namespaces.get(namespace).map(|namespace| namespace.files_of(name)).unwrap_or_default()
    }

    /// Whether the name stands before a namespace of the repository (`A.B` before `A.B.C`).
    pub(crate) fn is_part(&self, name: &str) -> bool {
        self.outer.contains(name)
    }
}

impl Namespace {
    /// How many names of a sorted list have to be looked at for [`Self::definers`].
    pub(crate) fn looked_at(&self, names: &[&str]) -> usize {
        self.names.len().min(names.len())
    }

    /// The files that define each name of a sorted list, by going through the names of whichever has fewer.
    pub(crate) fn definers<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a [Box<str>]> {
        let (own, given) = if self.names.len() < names.len() { (Some(&self.names), &[][..]) } else { (None, names) };
        let own = own.into_iter().flatten().filter(|(name, _)| names.binary_search(&&***name).is_ok());
        own.map(|(_, files)| files.as_slice()).chain(given.iter().map(|name| self.files_of(name)))
    }

    /// The files that define a name, sorted; empty where none does.
    pub(crate) fn files_of(&self, name: &str) -> &[Box<str>] {
        self.names.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}
