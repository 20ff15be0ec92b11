//! Paths as people name them: from where they stand, as git has it, from the project's root, or absolute.

use crate::cli::Globals;
use crate::failure::Failure;
use codexa_config::without_dots;
use codexa_project::Project;
use std::path::{Path, PathBuf};

/// Where a command was typed, in which project.
pub(super) struct Here {
    root: PathBuf,
    directory: PathBuf,
}

impl Here {
    pub(super) fn new(project: &Project, globals: &Globals) -> Result<Self, Failure> {
        let directory = globals.options()?.directory;
        Ok(Self { root: project.root().to_owned(), directory: directory.canonicalize().unwrap_or(directory) })
    }

    /// A file or folder from the project's root. What is not there, seen from here, stays as it was typed: it may be
    /// meant from the root.
    pub(super) fn place(&self, typed: &str) -> String {
        self.found(typed).unwrap_or_else(|| typed.to_owned())
    }

    /// The same of a path, a symbol or `path:symbol`.
    pub(super) fn target(&self, typed: &str) -> String {
        let with_symbol = || {
            let (path, symbol) = typed.rsplit_once(':')?;
            Some(format!("{}:{symbol}", self.found(path)?))
        };
        self.found(typed).or_else(with_symbol).unwrap_or_else(|| typed.to_owned())
    }

    fn found(&self, typed: &str) -> Option<String> {
        let path = Path::new(typed);
        if typed.is_empty() || (path.is_relative() && !self.directory.starts_with(&self.root)) {
            return None;
        }
        let path = without_dots(&self.directory.join(path));
        // A path that leads through a link to the project is the project's too.
        let below = match path.strip_prefix(&self.root) {
            Ok(below) => below.to_owned(),
            Err(_) => path.canonicalize().ok()?.strip_prefix(&self.root).ok()?.to_owned(),
        };
        self.root.join(&below).symlink_metadata().ok()?;
        Some(if below.as_os_str().is_empty() { ".".to_owned() } else { below.to_string_lossy().into_owned() })
    }
}
