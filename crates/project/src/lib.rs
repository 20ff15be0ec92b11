//! A project on disk: finding it, what git tracks in it, reading its files and writing the ones Codexa owns.
//!
//! The folder may belong to a stranger. Nothing in it is executed, no symbolic link is followed out of it, no special
//! file is opened, and git's own data is read through `gix` without the repository's configuration having a say.
//!
//! - [`find`]: from a folder to a [`Project`], and what that project lacks.
//! - [`path`]: names from git and from the file system as safe text, and back.
//! - [`tree`]: a folder whose files are reached without leaving it.
//! - [`git`]: index, HEAD, the commit a manifest stands on, attributes.
//! - [`survey`]: the state on disk of what is tracked, and how much is not.
//! - [`reader`]: file contents, from the work tree or from HEAD's tree.
//! - [`stat`]: telling that a file has not changed since it was read.
//! - [`scratch`]: caches, which nobody has to trust.
//! - [`lock`]: one writer at a time.
//! - [`mod@write`]: many files, written all or not at all.

pub mod error;
pub mod find;
pub mod git;
pub mod lacks;
pub mod lock;
pub mod path;
pub mod reader;
mod rules;
pub mod scratch;
pub mod stat;
pub mod survey;
pub mod tree;
pub mod write;

pub use error::ProjectError;
pub use find::{Kind, Project};
pub use git::{Entry, EntryKind, Listing, ObjectId};
pub use lacks::Lack;
pub use reader::{Content, ReadError, Reader};
pub use stat::FileStat;

/// The folder of a project's Codexa files.
pub const FOLDER: &str = ".codexa";

/// What Codexa itself writes: folders (with `/`, beneath [`FOLDER`]) whose files are never an input of discovery.
pub const WRITTEN_BY_CODEXA: [&str; 4] = [".codexa/manifests/", ".codexa/logs/", ".codexa/state/", ".codexa/audit/"];

/// Whether a path (as text, from the project's root) is one that Codexa itself writes, in this project or in one inside it.
#[must_use]
pub fn is_written_by_codexa(path: &str) -> bool {
    let is_inner = |prefix: &str| {
        path.match_indices(prefix).any(|(at, _)| path.get(..at).is_some_and(|before| before.ends_with('/')))
    };
    path.contains(FOLDER) && WRITTEN_BY_CODEXA.iter().any(|prefix| path.starts_with(prefix) || is_inner(prefix))
}
