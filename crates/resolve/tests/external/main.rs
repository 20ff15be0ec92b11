//! External dependencies, from small manifests and lock files.

#![cfg(test)]

mod hostile;
mod java;
mod npm;
mod nuget;
mod others;
mod python;
mod rust_and_go;
mod usage;

use codexa_model::relation::ExternalDependency;
use codexa_resolve::external::{Survey, survey};
use codexa_resolve::{Repository, SourceFile};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// A repository of files that exist only here.
pub(crate) struct Files {
    paths: Vec<Box<str>>,
    contents: Vec<Vec<u8>>,
    cuts: Mutex<BTreeSet<String>>,
}

impl Files {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        let mut files: Vec<_> = files.to_vec();
        files.sort_by_key(|(path, _)| *path);
        Self {
            paths: files.iter().map(|(path, _)| (*path).into()).collect(),
            contents: files.iter().map(|(_, content)| content.to_vec()).collect(),
            cuts: Mutex::default(),
        }
    }
}

impl Repository for Files {
    fn sources(&self) -> Vec<SourceFile<'_>> {
        Vec::new()
    }

    fn paths(&self) -> &[Box<str>] {
        &self.paths
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let at = self.paths.iter().position(|known| &**known == path)?;
        self.contents.get(at).cloned()
    }

    fn cut(&self, path: &str, what: &'static str) {
        self.cuts.lock().unwrap().insert(format!("{path}: {what}"));
    }
}

/// The survey of a repository and what was told to be cut, as `path: what`.
pub(crate) fn survey_and_cuts(files: &[(&str, &str)]) -> (Survey, Vec<String>) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, content)| (*path, content.as_bytes())).collect();
    let files = Files::new(&files);
    let survey = survey(&files);
    (survey, files.cuts.into_inner().unwrap().into_iter().collect())
}

/// The survey of a repository of which nothing is cut.
pub(crate) fn survey_of(files: &[(&str, &str)]) -> Survey {
    let (survey, cuts) = survey_and_cuts(files);
    assert_eq!(cuts, [""; 0], "the files of this test are small");
    survey
}

/// The dependencies of a survey, one per line, as [`line`] writes them.
pub(crate) fn lines_of(survey: &Survey) -> Vec<String> {
    survey.dependencies.iter().map(line).collect()
}

/// The dependencies of a repository, one per line, as [`line`] writes them.
pub(crate) fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let survey = survey_of(files);
    assert_eq!(survey.unread, [], "every file of these tests is readable");
    lines_of(&survey)
}

/// `name requirement = version, scope, file`, with `-` for what is not said and `~` before a transitive name.
fn line(dependency: &ExternalDependency) -> String {
    format!(
        "{}{} {} = {}, {:?}, {}",
        if dependency.direct { "" } else { "~" },
        dependency.name,
        dependency.requirement.as_deref().unwrap_or("-"),
        dependency.version.as_deref().unwrap_or("-"),
        dependency.scope,
        dependency.declared_in,
    )
}
