//! Python: `pyproject.toml`, requirement files, `setup.cfg`, `setup.py`, `Pipfile` and the lock files of uv, Poetry, PDM,
//! Pipenv and PEP 751.

mod locks;
mod pyproject;
mod requirement;
mod requirements_txt;
mod setup;

use super::Survey;
use super::files::ManifestFiles;
use crate::paths::folder;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use std::collections::BTreeSet;

pub(super) use requirement::normalised;

const ECOSYSTEM: &str = "python";

/// A requirement that a manifest states.
struct Stated<'a> {
    manifest: &'a str,
    name: String,
    requirement: Option<String>,
    scope: Scope,
    /// The version that the file itself pins for a compiled requirement file.
    version: Option<String>,
    /// False for what a compiled requirement file adds to its source.
    direct: bool,
}

/// What manifests state, and the names of the repository's own distributions.
#[derive(Default)]
struct Statements<'a> {
    stated: Vec<Stated<'a>>,
    own: BTreeSet<String>,
}

impl<'a> Statements<'a> {
    fn state(&mut self, manifest: &'a str, name: &str, requirement: Option<String>, scope: Scope) {
        let requirement = requirement.filter(|text| !text.is_empty());
        self.stated.push(Stated { manifest, name: name.to_owned(), requirement, scope, version: None, direct: true });
    }

    /// States a requirement in PEP 508's form, unless it is a local path.
    fn state_line(&mut self, manifest: &'a str, line: &str, scope: Scope) {
        if let Some(parsed) = requirement::parse(line) {
            self.state(manifest, parsed.name, parsed.requirement, scope);
        }
    }

    fn own(&mut self, name: &str) {
        self.own.insert(normalised(name));
    }
}

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let mut statements = Statements::default();
    pyproject::read(files, &mut statements);
    setup::read(files, &mut statements);
    requirements_txt::read(files, &mut statements);
    let mut locks = locks::Locks::read(files, &mut statements);
    for stated in statements.stated {
        let name = normalised(&stated.name);
        if statements.own.contains(&name) {
            continue;
        }
        let version = stated.version.or_else(|| locks.claim(folder(stated.manifest), &name, stated.scope));
        survey.dependencies.push(ExternalDependency {
            ecosystem: ECOSYSTEM.into(),
            name: name.into(),
            requirement: stated.requirement.map(Into::into),
            version: version.map(Into::into),
            scope: stated.scope,
            declared_in: stated.manifest.into(),
            direct: stated.direct,
        });
    }
    survey.dependencies.extend(locks.transitive(&statements.own));
}
