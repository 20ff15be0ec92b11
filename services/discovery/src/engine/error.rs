//! Why a discovery has no result.

use super::knowledge::Broken;
use crate::projections;
use crate::scan::ScanError;
use crate::workers::PoolError;
use codexa_project::ProjectError;
use codexa_project::tree::NotRead;
use std::path::PathBuf;

/// Why a discovery has no result. Tracked files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The project could not be read or written.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Nothing could be scanned.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The parsers could not be started.
    #[error(transparent)]
    Workers(#[from] PoolError),
    /// A manifest could not be written as YAML.
    #[error("a manifest could not be written: {0}")]
    Projection(#[from] projections::Error),
    /// What people said, or the ids under which they said it, cannot be read.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The log of earlier runs cannot be read, and is not written over.
    #[error("{} cannot be read: {why}", .path.display())]
    Log {
        /// The log.
        path: PathBuf,
        /// What it is instead of a file that can be read.
        why: NotRead,
    },
    /// It was stopped.
    #[error("stopped; the tracked files are as they were")]
    Cancelled,
}

impl DiscoverError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Project(error) => error.code(),
            Self::Scan(error) => error.code(),
            Self::Workers(_) => "DISCOVERY_WORKERS",
            Self::Projection(_) => "DISCOVERY_PROJECTION",
            Self::Broken(_) => "KNOWLEDGE_BROKEN",
            Self::Log { .. } => "DISCOVERY_LOG_UNREADABLE",
            Self::Cancelled => "DISCOVERY_CANCELLED",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Project(error) => error.help(),
            Self::Scan(ScanError::Project(error)) => error.help(),
            Self::Scan(ScanError::Pattern(_)) => "patterns are those of .gitignore",
            Self::Scan(ScanError::EverythingSkipped { .. }) => "narrow the pattern in `discovery.skip_paths`",
            Self::Scan(ScanError::NothingCheckedOut { .. }) => {
                "check the files out: `git checkout`, `git sparse-checkout disable`"
            }
            Self::Scan(ScanError::NothingInFocus { .. }) => "patterns are those of .gitignore, from the project's root",
            Self::Workers(_) => "the parsers run as child processes of the same program: see `codexa doctor`",
            Self::Projection(_) => "this is a defect of Codexa; please report it",
            Self::Broken(_) => "mend the file; it was left as it is, and nothing was written",
            Self::Log { .. } => "move it away, or make it a file that can be read; the tracked files are as they were",
            Self::Cancelled => "run it again; what was parsed before is not kept",
        }
    }
}
