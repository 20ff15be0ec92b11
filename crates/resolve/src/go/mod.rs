//! Go's imports (The Go Programming Language Specification, "Packages"; The Go Modules Reference).
//!
//! An import names a package, which is a folder; the edge leads to the files of it that define a name which the
//! importing file uses. Files of one package see each other without import: they are joined by the names they use.

mod index;

use crate::packages::go::is_test;
use crate::paths::folder;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::facts::Import;
use codexa_model::relation::{DeclineReason, Declined, Link};
use index::{Index, Target};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Relations by name alone have no import line.
const NO_LINE: u32 = 0;

/// Where the rules come from, and how sure they are, in percent.
const BY_SYMBOL: (&str, u8) = ("go.import_symbol", 90);
/// As above, where nothing shows of which package a name is: the package has not the name that its path ends in, or all of
/// its names are taken without one.
const BY_BARE_SYMBOL: (&str, u8) = ("go.import_symbol", 70);
const BY_PACKAGE: (&str, u8) = ("go.import_package", 60);
/// Two names that another file of the package defines, or one that nobody calls a local variable (`parseForm`).
const SAME_PACKAGE: (&str, u8) = ("go.same_package", 90);
/// A single exported name: it may be a method's, or stand behind another package's (`errors.New`).
const SAME_PACKAGE_ONE: (&str, u8) = ("go.same_package", 70);
/// The most that counts where the module is another one of the repository that nothing joins with the file's own: the
/// build takes a published version of it.
const UNJOINED: u8 = 60;

struct Go {
    index: Index,
}

/// Reads the modules and packages of the repository.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    Box::new(Go { index: Index::read(repo) })
}

impl Resolver for Go {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        let mut imported: Vec<(&Import, &str, bool)> = Vec::new();
        // The same name for the same package twice says nothing more.
        let mut known: FxHashSet<(&str, Option<&str>)> = FxHashSet::default();
        let at = folder(file.path);
        let own = self.index.module_around(at);
        let workspace = own.and_then(|own| self.index.workspace_around(own));
        for import in file.imports {
            match self.index.target(at, own, workspace, &import.target) {
                Target::Folder { path, joined } => {
                    if known.insert((path, import.alias.as_deref())) {
                        imported.push((import, path, joined));
                    }
                }
                Target::Declined(reason) => {
                    links.declined.push(Declined { target: import.target.clone(), reason, line: import.line });
                }
            }
        }
        self.packages(file, &imported, &mut links);
        self.same_package(file, &mut links);
        links
    }
}

impl Go {
    /// Links imported packages by the exported names that the file uses of them.
    fn packages(&self, file: &SourceFile<'_>, imported: &[(&Import, &str, bool)], links: &mut Links) {
        let exported: Vec<&str> = file.references.iter().filter(|name| name.starts_with(char::is_uppercase)).collect();
        for (import, at, joined) in imported {
            let own_folder = *at == folder(file.path);
            let visible = |path: &str| !is_test(path) || (own_folder && is_test(file.path));
            let mut link = |to: &str, (origin, confidence): (&'static str, u8)| {
                let confidence = if *joined { confidence } else { confidence.min(UNJOINED) };
                links.links.push(Link { to: to.into(), origin: origin.into(), confidence, line: import.line });
            };
            let mut found = false;
            let is_blank = import.alias.as_deref() == Some("_");
            let members: Vec<&str> = import.members.iter().map(|name| &**name).collect();
            let (names, rule) = match (is_blank, members.is_empty()) {
                (true, _) => (Vec::new(), BY_PACKAGE),
                (false, true) => (self.index.defined(at, &exported), BY_BARE_SYMBOL),
                (false, false) => (self.index.defined(at, &members), BY_SYMBOL),
            };
            for name in names {
                for definer in self.index.definers(at, name).filter(|definer| visible(&definer.path)) {
                    found = true;
                    link(&definer.path, rule);
                }
            }
            if found {
                continue;
            }
            match self.index.first_file(at) {
                Some(first) => link(first, BY_PACKAGE),
                None => links.declined.push(Declined {
                    target: import.target.clone(),
                    reason: DeclineReason::NotFound,
                    line: import.line,
                }),
            }
        }
    }

    /// Links files of the same package whose definitions the file uses. Names of one lower-case word say nothing: most
    /// of their uses are local variables.
    fn same_package(&self, file: &SourceFile<'_>, links: &mut Links) {
        let mut found: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
        for name in file.references.iter().filter(|name| name.contains(char::is_uppercase)) {
            let mut definers = self.index.definers(folder(file.path), name).filter(|definer| {
                definer.package.as_deref() == file.module && (!is_test(&definer.path) || is_test(file.path))
            });
            if let (Some(definer), None) = (definers.next(), definers.next()) {
                let (names, is_telling) = found.entry(&definer.path).or_default();
                *names += 1;
                *is_telling |= !name.starts_with(char::is_uppercase);
            }
        }
        for (to, (names, is_telling)) in found {
            let (origin, confidence) = if is_telling || names > 1 { SAME_PACKAGE } else { SAME_PACKAGE_ONE };
            links.links.push(Link { to: to.into(), origin: origin.into(), confidence, line: NO_LINE });
        }
    }
}

#[cfg(test)]
mod tests;
