//! The packages a repository is made of, read from the manifests of their ecosystems. Lexical or by the format's own
//! parser; nothing is executed, and what a manifest computes is left out.

pub(crate) mod cargo;
mod cmake;
mod composer;
pub(crate) mod go;
pub(crate) mod gradle;
mod make;
mod makefile;
pub(crate) mod maven;
mod npm;
pub(crate) mod nuget;
pub(crate) mod python;
mod rubygems;

use crate::Repository;
use crate::vendored::is_foreign;
use codexa_model::relation::Package;

/// Every ecosystem; a new one is one more row.
const ECOSYSTEMS: &[fn(&dyn Repository) -> Vec<Package>] = &[
    cargo::packages,
    cmake::packages,
    composer::packages,
    go::packages,
    gradle::packages,
    make::packages,
    maven::packages,
    npm::packages,
    nuget::packages,
    python::packages,
    rubygems::packages,
];

/// The packages of a repository, sorted by root, then ecosystem, then name; not those that tests read or that were
/// copied in from elsewhere.
#[must_use]
pub fn packages(repo: &dyn Repository) -> Vec<Package> {
    let found = ECOSYSTEMS.iter().flat_map(|read| read(repo));
    let mut packages: Vec<Package> = found.filter(|package| !is_foreign(&package.root)).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}
