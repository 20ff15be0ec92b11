//! Whether there is a file to start from.

use super::folder::{outside, to_nowhere};
use crate::scope::Scope;
use codexa_model::Diagnostic;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(crate) fn nothing_found(root: &Path) -> Diagnostic {
    Diagnostic::warning(
        "CONFIG_NOT_FOUND",
        format!("no `.codexa/config.yaml` in or above `{}`, and no control plane", root.display()),
    )
    .with_help("built-in settings hold; `codexa init` makes one")
}

/// The file to start from, its symbolic links resolved. One that the caller named may lie anywhere.
pub(crate) fn first_file(file: &Path, scope: &Scope, named: bool) -> Result<PathBuf, Box<Diagnostic>> {
    let shown = scope.shown(file).display().to_string();
    let problem = match file.canonicalize() {
        Ok(real) if named || scope.allows(&real) => return Ok(real),
        Ok(_) => outside(&shown),
        Err(error) if error.kind() == ErrorKind::NotFound && file.symlink_metadata().is_ok() => to_nowhere(&shown),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Diagnostic::error("CONFIG_NOT_FOUND", format!("`{shown}` does not exist")).with_help(if named {
                "name a file that exists with `--config PATH`; it is relative to the working directory"
            } else {
                "`codexa init` adds what is missing and overwrites nothing"
            })
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let above = file.parent().map(|above| scope.shown(above).display().to_string()).unwrap_or_default();
            Diagnostic::error("CONFIG_NOT_A_FOLDER", format!("`{shown}` cannot be read: `{above}` is not a folder"))
                .with_help("move that file away; `codexa init` then makes the folder")
        }
        Err(error) => Diagnostic::error("CONFIG_UNREADABLE", format!("`{shown}` cannot be read: {error}"))
            .with_help("give this user read access to it and to the folders above it"),
    };
    Err(Box::new(problem))
}
