//! Every error of every part, turned into words and an exit code here and nowhere else.

mod house;
mod usage;

pub use usage::from_usage;

use crate::output::{Page, Report};
use codexa_config::control_plane::PlaneError;
use codexa_config::scaffold::ScaffoldError;
use codexa_config::{Resolution, SearchError};
use codexa_discovery::annotate::AnswerError;
use codexa_discovery::engine::{Broken, DiscoverError};
use codexa_discovery::query::QueryError;
use codexa_model::Diagnostic;
use codexa_project::ProjectError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All well.
    Well = 0,
    /// Findings that do not block.
    Findings = 1,
    /// Wrong usage, or something that blocks.
    Blocked = 2,
    /// Something that should not happen.
    Unexpected = 3,
}

/// Why a command has no answer.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong, the most important first; never empty.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: BTreeMap<PathBuf, String>,
    /// How the run ends.
    pub exit: Exit,
}

impl Failure {
    /// Wrong usage or a state that blocks: exit code 2.
    #[must_use]
    pub fn blocked(code: &str, message: impl Into<String>) -> Self {
        Self::from(Diagnostic::error(code, message))
    }

    /// Something that should not happen: exit code 3.
    #[must_use]
    pub fn unexpected(code: &str, message: impl Into<String>) -> Self {
        Self { exit: Exit::Unexpected, ..Self::blocked(code, message) }
    }

    /// The same with a next step.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        if let Some(first) = self.diagnostics.first_mut() {
            first.help = Some(help.into());
        }
        self
    }

    /// The errors of settings that block a run.
    #[must_use]
    pub fn broken_settings(resolution: &Resolution, diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, sources: sources(resolution), exit: Exit::Blocked }
    }
}

/// The texts of all files that settings came from, by the name that diagnostics use.
#[must_use]
pub fn sources(resolution: &Resolution) -> BTreeMap<PathBuf, String> {
    resolution.sources().map(|source| (source.shown.clone(), source.text.clone())).collect()
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic], sources: BTreeMap::new(), exit: Exit::Blocked }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        let SearchError::Directory { source, .. } = &error;
        Self::blocked("PROJECT_NOT_FOUND", format!("{error}: {source}"))
            .with_help("name a directory that exists with `--project DIR`")
    }
}

impl From<ScaffoldError> for Failure {
    fn from(error: ScaffoldError) -> Self {
        match &error {
            ScaffoldError::Write { source, .. } => Self::blocked("INIT_WRITE", format!("{error}: {source}"))
                .with_help("files that were made are whole; run `codexa init` again when this is solved"),
            ScaffoldError::Outside { .. } => Self::blocked("INIT_OUTSIDE", error.to_string())
                .with_help("replace the link by a folder; nothing outside the project is written"),
            ScaffoldError::InTheWay { .. } => {
                Self::blocked("INIT_IN_THE_WAY", error.to_string()).with_help("move it away; nothing was written")
            }
        }
    }
}

impl From<PlaneError> for Failure {
    fn from(error: PlaneError) -> Self {
        let message = match &error {
            PlaneError::Write { source, .. } => format!("{error}: {source}"),
            _ => error.to_string(),
        };
        let (code, help) = match &error {
            PlaneError::Missing(_) => ("CONTROL_PLANE_MISSING", "`codexa control-plane init` makes one"),
            PlaneError::Version(_) => ("CONTROL_PLANE_VERSION", "write one version into it, for example 0.1.0"),
            PlaneError::Source { .. } => ("CONTROL_PLANE_SOURCE", "the installed copy stays as it is"),
            PlaneError::NotABundle { .. } => {
                ("CONTROL_PLANE_INVALID", "a control plane has core.yaml and VERSION at its top; nothing was changed")
            }
            PlaneError::NoSource => ("CONTROL_PLANE_NO_SOURCE", "name one: `codexa control-plane sync PATH`"),
            PlaneError::Itself(_) => {
                ("CONTROL_PLANE_ITSELF", "name what it comes from; without one, edit it where it is and raise VERSION")
            }
            PlaneError::NeverSynced(_) => {
                ("CONTROL_PLANE_NEVER_SYNCED", "carry them to the source, or give them up with `sync --discard-edits`")
            }
            PlaneError::InTheWay { .. } => ("CONTROL_PLANE_IN_THE_WAY", "move it away; nothing was written"),
            PlaneError::Edited(_) => (
                "CONTROL_PLANE_EDITED",
                "`codexa control-plane diff` shows the edits; `sync --discard-edits` gives them up",
            ),
            PlaneError::Older { .. } => ("CONTROL_PLANE_OLDER", "`sync --allow-older` installs it anyway"),
            PlaneError::Busy(_) => ("CONTROL_PLANE_BUSY", "wait for it to end and try again"),
            PlaneError::Write { .. } => ("CONTROL_PLANE_WRITE", "the control plane is as it was"),
        };
        Self::blocked(code, message).with_help(help)
    }
}

impl From<codexa_profiles::Error> for Failure {
    fn from(error: codexa_profiles::Error) -> Self {
        match &error {
            codexa_profiles::Error::Path { .. } => {
                Self::blocked("METRICS_PATH", error.to_string()).with_help("name files or folders that exist")
            }
            codexa_profiles::Error::Threads(_) => Self::unexpected("METRICS_THREADS", error.to_string())
                .with_help("the system has no room for threads; try again when it is less busy"),
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        Self::from(error.diagnostic())
    }
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        let Broken { path, text, diagnostics } = broken;
        Self { diagnostics, sources: BTreeMap::from([(path, text)]), exit: Exit::Blocked }
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Project(error) => error.into(),
            AnswerError::Broken(broken) => broken.into(),
            error => Self::blocked(error.code(), error.to_string()).with_help(error.help()),
        }
    }
}

impl From<DiscoverError> for Failure {
    fn from(error: DiscoverError) -> Self {
        if let DiscoverError::Broken(broken) = error {
            return broken.into();
        }
        let failure = match &error {
            DiscoverError::Workers(_) | DiscoverError::Projection(_) => {
                Self::unexpected(error.code(), error.to_string())
            }
            _ => Self::blocked(error.code(), error.to_string()),
        };
        failure.with_help(error.help())
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::blocked(error.code(), error.to_string()).with_help(error.help())
    }
}

/// A failure as JSON: the first diagnostic at the top, all of them below.
#[derive(Serialize)]
pub(crate) struct FailureDocument<'f> {
    code: &'f str,
    message: &'f str,
    help: Option<&'f str>,
    diagnostics: &'f [Diagnostic],
}

impl<'f> FailureDocument<'f> {
    pub(crate) fn of(failure: &'f Failure) -> Self {
        let first = failure.diagnostics.first();
        Self {
            code: first.map_or("UNKNOWN", |first| &first.code),
            message: first.map_or("", |first| &first.message),
            help: first.and_then(|first| first.help.as_deref()),
            diagnostics: &failure.diagnostics,
        }
    }
}

impl Report for FailureDocument<'_> {
    const NAME: &'static str = "error";

    fn page(&self, _page: &mut Page) {}
}
