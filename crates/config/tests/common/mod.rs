//! A home and a project for one test.

#![allow(dead_code, reason = "each test file uses a part of it")]

use codexa_config::{Options, Resolution, resolve};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) struct World {
    directory: tempfile::TempDir,
    pub(crate) variables: BTreeMap<String, String>,
}

pub(crate) const ID: &str = "8f0f1b6e-5f0c-4f39-9d5e-0b3a1d1f2a3b";

impl World {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for folder in ["home", "project"] {
            std::fs::create_dir(directory.path().join(folder)).unwrap();
        }
        Self { directory, variables: BTreeMap::new() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.path(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        file
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// The project's own file with an id, so that only what a test is about is found.
    pub(crate) fn config(&self, text: &str) {
        self.write("project/.codexa/config.yaml", format!("project: {{id: {ID}}}\n{text}"));
    }

    pub(crate) fn options(&self) -> Options {
        self.options_in("project")
    }

    pub(crate) fn options_in(&self, directory: &str) -> Options {
        let mut environment = self.variables.clone();
        environment.insert("HOME".to_owned(), self.path("home").display().to_string());
        Options { directory: self.path(directory), environment, ..Options::default() }
    }

    pub(crate) fn resolve(&self) -> Resolution {
        resolve(&self.options()).unwrap()
    }

    /// Diagnostics as `CODE file:line:column:length message | label | help`, without the one about missing files.
    pub(crate) fn findings(&self) -> Vec<String> {
        self.findings_of(&self.resolve())
    }

    pub(crate) fn findings_of(&self, resolution: &Resolution) -> Vec<String> {
        let root = self.path("").display().to_string();
        let shown = |path: &Path| path.display().to_string();
        resolution
            .diagnostics
            .iter()
            .filter(|found| found.code != "CONFIG_INCOMPLETE")
            .map(|found| {
                let place = found.location.as_ref().map_or_else(String::new, |at| {
                    format!(" {}:{}:{}:{}", shown(&at.file), at.line, at.column, at.length)
                });
                let label = found.location.as_ref().and_then(|at| at.label.clone());
                let label = label.map(|label| format!(" | {label}")).unwrap_or_default();
                let severity = format!("{:?}", found.severity).to_lowercase();
                format!("{severity} {}{place} {}{label}", found.code, found.message).replace(&root, "/")
            })
            .collect()
    }

    pub(crate) fn value(&self, resolution: &Resolution, key: &str) -> String {
        let value = &resolution.values[key];
        format!("{} from {}", value.value, value.origin).replace(&self.path("").display().to_string(), "/")
    }
}
