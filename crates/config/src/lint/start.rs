//! Whether there is a file to start from.

use crate::scope::Scope;
use codexa_model::Diagnostic;
use std::path::{Path, PathBuf};

pub(crate) fn nothing_found(root: &Path) -> Diagnostic {
    Diagnostic::warning(
        "CONFIG_NOT_FOUND",
        format!("no `.codexa/` in or above `{}`, and no control plane", root.display()),
    )
    .with_help("built-in settings hold; `codexa init` makes a `.codexa/`")
}

/// The file to start from, its symbolic links resolved. One that the caller named may lie anywhere.
pub(crate) fn first_file(file: &Path, scope: &Scope, named: bool) -> Result<PathBuf, Box<Diagnostic>> {
    let shown = scope.shown(file).display().to_string();
    let problem = match file.canonicalize() {
        Ok(real) if named || scope.allows(&real) => return Ok(real),
        Ok(_) => Diagnostic::error("CONFIG_OUTSIDE", format!("`{shown}` is a link that leads outside the project"))
            .with_help("put the file itself there; nothing outside the project is read"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Diagnostic::error("CONFIG_NOT_FOUND", format!("`{shown}` does not exist"))
                .with_help("`codexa init` adds what is missing and overwrites nothing")
        }
        Err(error) => Diagnostic::error("CONFIG_UNREADABLE", format!("`{shown}` cannot be read: {error}")),
    };
    Err(Box::new(problem))
}
