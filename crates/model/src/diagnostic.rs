//! An error or a finding, as every edge of the product shows it: a stable code, what was wrong, where, what to do next.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// A finding that does not block (exit code 1).
    Warning,
    /// Blocks (exit code 2).
    Error,
}

/// Something a person should know, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable, upper-case: `CONFIG_UNKNOWN_KEY`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What was wrong, one sentence without a full stop.
    pub message: String,
    /// Where, if it has a place.
    pub location: Option<Location>,
    /// What to do next.
    pub help: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file, relative to the project where it lies inside.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length of what is meant, in characters; at least 1.
    pub length: u32,
    /// A short text for beside the mark (`did you mean …?`).
    pub label: Option<String>,
}

impl Diagnostic {
    /// An error with a code and a message.
    #[must_use]
    pub fn error(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), severity: Severity::Error, message: message.into(), location: None, help: None }
    }

    /// A warning with a code and a message.
    #[must_use]
    pub fn warning(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The same with a next step.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }
}
