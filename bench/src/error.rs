//! Why a measurement could not be made.

use std::io;
use std::path::{Path, PathBuf};

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// A program could not be started.
    #[error("cannot run {program}: {source}")]
    Start { program: String, source: io::Error },
    /// A program failed; a failed run has no time worth comparing.
    #[error("`{command}` ended with {status}{}{stderr}", if stderr.is_empty() { "" } else { ": " })]
    Failed { command: String, status: std::process::ExitStatus, stderr: String },
    /// A line of a file list that is not `language<TAB>path`.
    #[error("{}:{line}: not `language<TAB>path` with a parsed language", path.display())]
    List { path: PathBuf, line: usize },
    /// A file of the model does not read as one.
    #[error("{}: {why}", path.display())]
    Model { path: PathBuf, why: String },
    /// The library and a grammar do not fit.
    #[error("the grammar of {0} does not load")]
    Grammar(&'static str),
    /// What a comparison needs is not on this machine; it is skipped and says why.
    #[error("{0}")]
    Absent(String),
    /// A page has no place for the table.
    #[error("{}: no line `{marker}`", path.display())]
    Marker { path: PathBuf, marker: &'static str },
}

/// Turns an input or output error into one that names the path.
pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |source| Error::File { path: path.to_owned(), source }
}
