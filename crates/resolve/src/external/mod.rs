//! What a repository declares on the world outside, read from manifest and lock files.
//!
//! One module per ecosystem, each a function from the [`ManifestFiles`] it knows to entries of a [`Survey`]. A module takes what is
//! written and nothing else: a name that is computed when a build script runs is left out, a version that only a
//! resolver could choose stays empty. Packages of the repository itself (path, workspace and reactor dependencies) are
//! not external. Files are read with bounds, whatever they hold; one that cannot be understood is listed in
//! [`Survey::unread`], and one that a bound cuts is told to [`Repository::cut`], so that "no dependency" never means "not
//! looked".

mod cargo;
mod composer;
mod files;
mod go;
pub(crate) mod gradle;
mod graph;
mod maven;
mod native;
mod npm;
mod nuget;
mod placeholders;
mod python;
mod rubygems;
mod usage;
mod words;
pub(crate) mod xml;

use crate::Repository;
use codexa_model::relation::ExternalDependency;
use files::ManifestFiles;
use serde::{Deserialize, Serialize};

pub use usage::{Declared, Namespace, Used, ecosystems};

/// Everything that manifest and lock files say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Sorted, without repeats: one entry per (ecosystem, name, requirement, version, scope, file).
    pub dependencies: Vec<ExternalDependency>,
    /// Names in code that a lock file ties to a package (Composer's autoload); sorted.
    pub namespaces: Vec<Namespace>,
    /// Manifest and lock files that could not be read or understood; sorted by path.
    pub unread: Vec<UnreadFile>,
}

/// A manifest or lock file that gave nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnreadFile {
    /// Path in the repository.
    pub path: Box<str>,
    /// One line for people, without the file's content.
    pub reason: Box<str>,
}

/// Reads one ecosystem's files into the survey.
type Collect = fn(&ManifestFiles<'_>, &mut Survey);

/// Every ecosystem. The order does not show: the survey is sorted.
const ECOSYSTEMS: &[Collect] = &[
    cargo::collect,
    composer::collect,
    go::collect,
    gradle::collect,
    maven::collect,
    native::collect,
    npm::collect,
    nuget::collect,
    python::collect,
    rubygems::collect,
];

/// The external dependencies of a repository, sorted.
#[must_use]
pub fn dependencies(repo: &dyn Repository) -> Vec<ExternalDependency> {
    survey(repo).dependencies
}

/// The external dependencies of a repository with what could not be read.
#[must_use]
pub fn survey(repo: &dyn Repository) -> Survey {
    let files = ManifestFiles::of(repo);
    let mut survey = Survey::default();
    for collect in ECOSYSTEMS {
        collect(&files, &mut survey);
    }
    survey.unread.extend(files.into_unread());
    survey.dependencies.sort_unstable();
    survey.dependencies.dedup();
    survey.namespaces.sort_unstable();
    survey.namespaces.dedup();
    survey.unread.sort_unstable();
    survey.unread.dedup();
    survey
}
