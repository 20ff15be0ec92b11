//! Why the control plane cannot do what was asked.

use crate::scaffold::ScaffoldError;
use semver::Version;
use std::path::PathBuf;

/// Why the control plane cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PlaneError {
    /// There is none, or no version in it.
    #[error("there is no control plane at `{}`", .0.display())]
    Missing(PathBuf),
    /// `VERSION` is not a semantic version.
    #[error("`{}` does not hold a semantic version such as 1.2.0", .0.display())]
    Version(PathBuf),
    /// The source is not there or not readable.
    #[error("`{source_name}` cannot be read: {reason}")]
    Source {
        /// What was named.
        source_name: String,
        /// Why.
        reason: String,
    },
    /// The source is readable and not a bundle.
    #[error("`{source_name}` is not a control plane: {reason}")]
    NotABundle {
        /// What was named.
        source_name: String,
        /// Why.
        reason: String,
    },
    /// No source was named and none is remembered.
    #[error("no source was named, and this control plane was made here")]
    NoSource,
    /// The source is this very control plane, or lies in it.
    #[error("`{}` is this control plane itself", .0.display())]
    Itself(PathBuf),
    /// Local edits would be lost.
    #[error("{} edited here since the last sync: {}", count(.0.len()), .0.join(", "))]
    Edited(Vec<String>),
    /// Files would be lost that no sync brought.
    #[error("{} made or edited here, and no sync was before: {}", count(.0.len()), .0.join(", "))]
    NeverSynced(Vec<String>),
    /// The source is older.
    #[error("the source has version {offered}, older than the installed {installed}")]
    Older {
        /// What the source has.
        offered: Version,
        /// What is installed.
        installed: Version,
    },
    /// Another process is installing.
    #[error("another sync holds `{}`", .0.display())]
    Busy(PathBuf),
    /// Something else stands where a file or a folder has to be.
    #[error("`{}` is in the way: it is not a {wanted}", .path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
        /// `file` or `folder`.
        wanted: &'static str,
    },
    /// Writing failed; the control plane is as it was.
    #[error("`{}` cannot be written", .path.display())]
    Write {
        /// What was being written.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<ScaffoldError> for PlaneError {
    fn from(error: ScaffoldError) -> Self {
        match error {
            ScaffoldError::Write { path, source } => Self::Write { path, source },
            ScaffoldError::InTheWay { path, wanted } => Self::InTheWay { path, wanted },
            ScaffoldError::Outside { path } => Self::InTheWay { path, wanted: "folder" },
        }
    }
}

fn count(files: usize) -> String {
    if files == 1 { "1 file was".to_owned() } else { format!("{files} files were") }
}
