//! What is asked of the control plane and what it answers.

use super::{FileDrift, Origin};
use serde::Serialize;
use std::path::PathBuf;

/// What `status` shows.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Where it is or would be.
    pub path: PathBuf,
    /// Its version; absent when there is none.
    pub version: Option<String>,
    /// Hash over its files as they are now.
    pub sha256: Option<String>,
    /// Where it was installed from; absent when it was made here.
    pub origin: Option<Origin>,
    /// Files that differ from what was installed.
    pub edited: Vec<FileDrift>,
    /// What the source holds now.
    pub upstream: Upstream,
}

/// The source as it is now, against what was installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Upstream {
    /// No source is remembered.
    None,
    /// The same files.
    Same,
    /// Other files.
    Changed {
        /// Its version.
        version: String,
    },
    /// Not readable now; the installed copy holds.
    Unreachable {
        /// Why.
        reason: String,
    },
}

/// What `sync` did.
#[derive(Clone, Debug, Serialize)]
pub struct Synced {
    /// The version before; absent when there was no control plane.
    pub before: Option<String>,
    /// The version now.
    pub version: String,
    /// Whether anything was installed; `false` when the files were the same already.
    pub installed: bool,
    /// Where from.
    pub origin: Origin,
    /// Files that changed.
    pub changed: Vec<FileDrift>,
    /// Files of the source's work tree that are not as the commit has them; the commit was taken.
    pub uncommitted: Vec<String>,
}

/// What to sync, and what may be lost by it.
#[derive(Clone, Debug, Default)]
pub struct SyncRequest {
    /// A directory or a git repository on disk; the remembered one when absent.
    pub source: Option<PathBuf>,
    /// A revision of a git repository; its `HEAD` when absent.
    pub revision: Option<String>,
    /// Local edits may be overwritten.
    pub discard_edits: bool,
    /// An older version may replace a newer one.
    pub allow_older: bool,
    /// Only say what would happen.
    pub dry_run: bool,
}
