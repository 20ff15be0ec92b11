//! How files relate: what an import resolves to, what was declined and why, the packages a repository is made of,
//! and the dependencies it declares on the world outside.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A resolved relation between two files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The file it leads to: a path in the repository, with `/`.
    pub to: Box<str>,
    /// The rule that resolved it, e.g. `python.absolute_import`; a stable name of the form `language.rule`.
    pub origin: Cow<'static, str>,
    /// How sure the rule is, in percent: 100 where the language's own rule leaves one answer.
    pub confidence: u8,
    /// Line in the importing file.
    pub line: u32,
}

/// An import that was not resolved to a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Declined {
    /// The import's target, as written.
    pub target: Box<str>,
    /// Why.
    pub reason: DeclineReason,
    /// Line in the importing file.
    pub line: u32,
}

/// Why an import was not resolved to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason<Name = Box<str>> {
    /// It names a dependency from outside, by the name its ecosystem knows (`serde`, `@babel/core`, `github.com/x/y`).
    External(Name),
    /// It belongs to the language's standard library or to the system's headers.
    StandardLibrary,
    /// More than one file could be meant and nothing decides.
    Ambiguous,
    /// The target is computed when the program runs.
    Dynamic,
    /// It should be in the repository and is not (optional or broken).
    NotFound,
    /// What one file or manifest may cost was used up before it was decided.
    Cut,
    /// It is not in the repository, and a build or script of the repository names it: that makes it.
    Made,
}

impl<Name> DeclineReason<Name> {
    /// The same with another form of the name.
    pub fn map<'n, To>(&'n self, name: impl FnOnce(&'n Name) -> To) -> DeclineReason<To> {
        match self {
            Self::External(of) => DeclineReason::External(name(of)),
            Self::StandardLibrary => DeclineReason::StandardLibrary,
            Self::Ambiguous => DeclineReason::Ambiguous,
            Self::Dynamic => DeclineReason::Dynamic,
            Self::NotFound => DeclineReason::NotFound,
            Self::Cut => DeclineReason::Cut,
            Self::Made => DeclineReason::Made,
        }
    }
}

/// A unit that its ecosystem builds or publishes: a crate, an npm package, a Go module, a Maven module …
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    /// The folder that holds it, without a trailing `/`; empty for the repository's root.
    pub root: Box<str>,
    /// Its ecosystem: `cargo`, `npm`, `go`, `python`, `maven`, `gradle`, `composer`, `rubygems`, `nuget`, `cmake`, …
    pub ecosystem: Cow<'static, str>,
    /// The name it is known by.
    pub name: Box<str>,
    /// Its version, where it is written down.
    pub version: Option<Box<str>>,
    /// The file that declares it.
    pub manifest: Box<str>,
    /// Programs and commands it declares (`[[bin]]`, `bin` in package.json, `[project.scripts]`): name and file (or `module:function`).
    pub programs: Vec<Program>,
    /// What others can build on.
    pub exports: Exports,
}

/// What of a package others can build on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Exports {
    /// Nothing: its manifest declares no library, or keeps it from being published.
    #[default]
    Nothing,
    /// What these files give (`src/lib.rs`, `main` of package.json), as paths in the repository. The first is the one to
    /// read first; there is at least one.
    Files(Vec<Box<str>>),
    /// Every public name of its sources: its ecosystem has no file that a package starts from.
    Sources,
}

impl Exports {
    /// The files, or nothing where there are none.
    pub fn of(files: impl IntoIterator<Item = Box<str>>) -> Self {
        let files: Vec<Box<str>> = files.into_iter().collect();
        if files.is_empty() { Self::Nothing } else { Self::Files(files) }
    }

    /// The files, where files are the face.
    #[must_use]
    pub fn files(&self) -> &[Box<str>] {
        if let Self::Files(files) = self { files } else { &[] }
    }
}

/// A program that a package declares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Program {
    /// The command's name.
    pub name: Box<str>,
    /// A path in the repository, or the ecosystem's own reference (`flask.cli:main`).
    pub target: Box<str>,
    /// The file that declares it, where that is not its package's own manifest.
    pub declared_in: Option<Box<str>>,
}

impl Program {
    /// The file that declares it.
    #[must_use]
    pub fn manifest<'a>(&'a self, package: &'a Package) -> &'a str {
        self.declared_in.as_deref().unwrap_or(&package.manifest)
    }
}

/// A dependency on something outside the repository, as declared or locked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExternalDependency {
    /// As in [`Package::ecosystem`].
    pub ecosystem: Cow<'static, str>,
    /// The name its ecosystem knows.
    pub name: Box<str>,
    /// The requirement as written (`^1.2`, `>=2,<3`), where there is one.
    pub requirement: Option<Box<str>>,
    /// The locked version, where a lock file says one.
    pub version: Option<Box<str>>,
    /// What it is needed for.
    pub scope: DependencyScope,
    /// The manifest that declares it, or the lock file where only that names it (a transitive dependency).
    pub declared_in: Box<str>,
    /// Whether a manifest names it; a dependency that only a lock file names is transitive.
    pub direct: bool,
}

/// What a dependency is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DependencyScope {
    /// When the program runs.
    Runtime,
    /// When it is built.
    Build,
    /// For development and tests.
    Development,
    /// Only with a feature or an extra.
    Optional,
}
