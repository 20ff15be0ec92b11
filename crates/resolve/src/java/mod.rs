//! Java's imports (The Java Language Specification, 6.4 "Shadowing", 7.3 "Compilation Units", 7.5 "Import Declarations").
//!
//! A type's file is known by the package it declares and the types it defines. Types of the same package, and those
//! that `import a.b.*` offers, are joined by the names that the file uses.

mod index;
mod platform;

use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Declined, Link};
use index::{Index, Pick};
use rustc_hash::FxHashSet;

/// Relations by name alone have no import line.
const NO_LINE: u32 = 0;

const IMPORT: (&str, u8) = ("java.import", 100);
const STATIC: (&str, u8) = ("java.static_import", 100);
const WILDCARD: (&str, u8) = ("java.wildcard_import", 90);
const SAME_PACKAGE: (&str, u8) = ("java.same_package", 85);
/// A type written in another language of the JVM, found by the path that its name asks for.
const OTHER_LANGUAGE: (&str, u8) = ("java.jvm_path", 80);

struct Java {
    index: Index,
}

/// Reads the packages and types of the repository.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    Box::new(Java { index: Index::read(repo) })
}

impl Resolver for Java {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        // Names that single imports bind hide types of the same package and of wildcard imports.
        let bound: FxHashSet<&str> = file
            .imports
            .iter()
            .filter(|import| import.kind == ImportKind::Module && !import.wildcard)
            .filter_map(|import| import.target.rsplit('.').next())
            .collect();
        let own = file.module.unwrap_or_default();
        let visible = |name: &str| !bound.contains(name) && !file.definitions.holds(name);
        let used: FxHashSet<&str> = file.references.iter().filter(|name| visible(name)).collect();
        let mut wildcards: FxHashSet<&str> = FxHashSet::default();
        for import in file.imports {
            // The same wildcard twice offers nothing more.
            if !import.wildcard || wildcards.insert(&import.target) || import.kind == ImportKind::Static {
                self.import(file, import, &used, own, &mut links);
            }
        }
        for name in &used {
            if let Pick::One(to) = self.index.pick(own, name, file.path) {
                push(&mut links, to, SAME_PACKAGE, NO_LINE);
            }
        }
        links
    }
}

fn push(links: &mut Links, to: &str, (origin, confidence): (&'static str, u8), line: u32) {
    links.links.push(Link { to: to.into(), origin: origin.into(), confidence, line });
}

impl Java {
    fn import(&self, file: &SourceFile<'_>, import: &Import, used: &FxHashSet<&str>, own: &str, links: &mut Links) {
        let is_package = import.wildcard && import.kind != ImportKind::Static && self.index.is_package(&import.target);
        let reason = if is_package {
            let mut found = false;
            // A type of the file's own package hides one that a wildcard offers.
            let hidden = |name: &str| own != &*import.target && self.index.defines(own, name);
            for name in self.index.types(&import.target, used).into_iter().filter(|name| !hidden(name)) {
                if let Pick::One(to) = self.index.pick(&import.target, name, file.path) {
                    push(links, to, WILDCARD, import.line);
                    found = true;
                }
            }
            // Nothing that it offers is used, or each of it stands in several places; or the released package is meant.
            let reason = || match self.index.stands_alone(file.path) {
                true => self.outside(file, import),
                false => DeclineReason::Ambiguous,
            };
            (!found).then(reason)
        } else {
            let rule = if import.kind == ImportKind::Static { STATIC } else { IMPORT };
            match self.index.find(&import.target, file.path) {
                Pick::One(to) => {
                    push(links, to, rule, import.line);
                    None
                }
                Pick::Many => Some(DeclineReason::Ambiguous),
                Pick::None => match self.index.find_foreign(&import.target, file.path) {
                    Pick::One(to) => {
                        push(links, to, OTHER_LANGUAGE, import.line);
                        None
                    }
                    Pick::Many => Some(DeclineReason::Ambiguous),
                    Pick::None => Some(self.outside(file, import)),
                },
            }
        };
        if let Some(reason) = reason {
            let target = if import.wildcard { format!("{}.*", import.target).into() } else { import.target.clone() };
            links.declined.push(Declined { target, reason, line: import.line });
        }
    }

    /// Why a name is declined that no file defines which its user can see.
    fn outside(&self, file: &SourceFile<'_>, import: &Import) -> DeclineReason {
        let package = package_of(&import.target, import.wildcard);
        if platform::is_standard(package) {
            DeclineReason::StandardLibrary
        } else if self.index.is_own(package) && !self.index.stands_alone(file.path) {
            DeclineReason::NotFound
        } else {
            DeclineReason::External(package.into())
        }
    }
}

/// The package in a type's name: what stands before the first part with a capital letter, else before the last part
/// (all of it under a wildcard).
fn package_of(target: &str, wildcard: bool) -> &str {
    let mut end = 0usize;
    for part in target.split('.') {
        if part.starts_with(char::is_uppercase) {
            return target.get(..end.saturating_sub(1)).filter(|package| !package.is_empty()).unwrap_or(target);
        }
        end += part.len() + 1;
    }
    if wildcard { target } else { target.rsplit_once('.').map_or(target, |(package, _)| package) }
}

#[cfg(test)]
mod tests;
