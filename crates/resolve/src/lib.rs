//! From imports as written to files of the repository, and from manifest and lock files to packages and external
//! dependencies. Pure: the repository is what [`Repository`] hands in; nothing is executed, nothing is guessed.
//!
//! Each language family has one module with one [`Resolver`]; [`Resolvers::prepare`] is the table of them. A resolver is
//! prepared once from paths, manifests and definitions, then asked file by file, so that files can be resolved in
//! parallel and a re-run resolves only what changed.

mod bash;
mod bounds;
mod c;
mod csharp;
#[cfg(test)]
mod cuts;
mod definitions;
pub mod external;
mod files;
mod go;
mod java;
mod javascript;
mod json;
mod lexical;
#[cfg(test)]
mod manifest_properties;
mod outcome;
mod packages;
mod paths;
mod php;
#[cfg(test)]
mod properties;
mod python;
mod ruby;
mod rust;
mod scope;
mod tables;
#[cfg(test)]
mod testing;
mod vendored;
mod work;

pub use bounds::LIMITS;
pub use packages::packages;
pub use scope::{InlineScope, inline_scopes};

use codexa_model::facts::{Import, typed_lines};
use codexa_model::relation::{Declined, Link};
use codexa_model::{Language, NameList};
use std::collections::BTreeSet;

/// A parsed file, as resolvers see it.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Path in the repository, with `/`.
    pub path: &'a str,
    /// The language it was parsed as.
    pub language: Language,
    /// The package or namespace it declares.
    pub module: Option<&'a str>,
    /// Its imports, as written.
    pub imports: &'a [Import],
    /// Names of the types, functions and constants it defines at file level (or directly in a namespace), sorted.
    pub definitions: &'a NameList,
    /// Names it uses, sorted.
    pub references: &'a NameList,
    /// Which of its imports stand in inline modules, as [`inline_scopes`] gives them; empty for nearly every file.
    pub scopes: &'a [InlineScope],
}

/// The repository, as resolvers see it.
pub trait Repository: Sync {
    /// Every parsed file, sorted by path. Imports may be left out but for those that other files are resolved from: those of Rust,
    /// and of files of C# that define nothing. A file that is resolved is given with its own.
    fn sources(&self) -> Vec<SourceFile<'_>>;
    /// Every tracked path, sorted, parsed or not.
    fn paths(&self) -> &[Box<str>];
    /// The content of a tracked file; `None` where it cannot be read or is over 8 MiB.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
    /// Told of a file that was not read to its end, or whose words were not all followed, because a bound says so:
    /// nothing that is absent may seem to have been looked for. `what` is one line for people. It may be told repeatedly.
    fn cut(&self, path: &str, what: &'static str);
}

/// What a file's imports lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Imports that lead to a file of the repository; sorted, one per (file, origin).
    pub links: Vec<Link>,
    /// Imports that do not, each with the reason; sorted.
    pub declined: Vec<Declined>,
}

/// The import rules of one language family, prepared for one repository.
pub trait Resolver: Send + Sync {
    /// Resolves every import of one file of this family.
    fn resolve(&self, file: &SourceFile<'_>) -> Links;
}

/// A language family: who resolves its files.
struct Family {
    languages: &'static [Language],
    prepare: fn(&dyn Repository) -> Box<dyn Resolver>,
}

/// Every family; a new language is one more row.
const FAMILIES: &[Family] = &[
    Family { languages: &[Language::Python], prepare: python::prepare },
    Family { languages: &[Language::Rust], prepare: rust::prepare },
    Family { languages: &[Language::Go], prepare: go::prepare },
    Family { languages: &[Language::Java], prepare: java::prepare },
    Family { languages: &[Language::JavaScript, Language::TypeScript, Language::Tsx], prepare: javascript::prepare },
    Family { languages: &[Language::C, Language::Cpp], prepare: c::prepare },
    Family { languages: &[Language::CSharp], prepare: csharp::prepare },
    Family { languages: &[Language::Ruby], prepare: ruby::prepare },
    Family { languages: &[Language::Php], prepare: php::prepare },
    Family { languages: &[Language::Bash], prepare: bash::prepare },
];

/// The resolvers of one repository: one for each family that it has files of.
pub struct Resolvers {
    prepared: Vec<(&'static [Language], Box<dyn Resolver>)>,
}

impl Resolvers {
    /// Reads the manifests and definitions that resolution needs, once.
    #[must_use]
    pub fn prepare(repo: &dyn Repository) -> Self {
        Self::prepare_for(repo, &repo.sources().iter().map(|file| file.language).collect())
    }

    /// The same for files of these languages alone.
    #[must_use]
    pub fn prepare_for(repo: &dyn Repository, languages: &BTreeSet<Language>) -> Self {
        let repo: &dyn Repository = &bounds::BoundedRepository(repo);
        let prepared = FAMILIES
            .iter()
            .filter(|family| family.languages.iter().any(|language| languages.contains(language)))
            .map(|family| (family.languages, (family.prepare)(repo)))
            .collect();
        Self { prepared }
    }

    /// What the imports of one file lead to. Empty for a language that no family resolves.
    ///
    /// Links are sorted and stand once per (file, origin): one that runs before one for types only, then the one with the
    /// highest confidence, then that of the first line. An import of a file by itself is no relation and left out. Declined imports are sorted and stand once each.
    #[must_use]
    pub fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let Some((_, resolver)) = self.prepared.iter().find(|(languages, _)| languages.contains(&file.language)) else {
            return Links::default();
        };
        let bounded = bounds::Bounded::of(file);
        let Links { mut links, mut declined } = resolver.resolve(&bounded.file(file));
        declined.extend(bounded.too_long(file));
        links.retain(|link| *link.to != *file.path);
        let typed = typed_lines(file.imports);
        let is_typed = |link: &Link| typed.contains(&link.line);
        links.sort_unstable_by(|a, b| {
            let (left, right) = ((&a.to, &a.origin, is_typed(a)), (&b.to, &b.origin, is_typed(b)));
            left.cmp(&right).then(b.confidence.cmp(&a.confidence)).then(a.line.cmp(&b.line))
        });
        links.dedup_by(|later, first| later.to == first.to && later.origin == first.origin);
        declined.sort_unstable();
        declined.dedup();
        Links { links, declined }
    }
}
