//! External dependencies, from small manifests and lock files.

mod hostile;
mod java;
mod npm;
mod others;
mod python;
mod rust_and_go;
mod usage;

use codexa_model::relation::ExternalDependency;
use codexa_resolve::external::{Survey, survey};
use codexa_resolve::{Repository, SourceFile};

/// A repository of files that exist only here.
pub(crate) struct Files {
    paths: Vec<Box<str>>,
    contents: Vec<Vec<u8>>,
}

impl Files {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        let mut files: Vec<_> = files.to_vec();
        files.sort_by_key(|(path, _)| *path);
        Self {
            paths: files.iter().map(|(path, _)| (*path).into()).collect(),
            contents: files.iter().map(|(_, content)| content.to_vec()).collect(),
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

    fn cut(&self, _: &str, _: &'static str) {}
}

pub(crate) fn survey_of(files: &[(&str, &str)]) -> Survey {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, content)| (*path, content.as_bytes())).collect();
    survey(&Files::new(&files))
}

/// The dependencies of a repository, one per line, as [`line`] writes them.
pub(crate) fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let survey = survey_of(files);
    assert_eq!(survey.unread, [], "every file of these tests is readable");
    survey.dependencies.iter().map(line).collect()
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
