//! The workspace of a change.

use crate::status;
use codexa_model::workspace;
use codexa_project::lock::Lock;
use codexa_project::write::Transaction;
use codexa_project::{Project, ProjectError, ReadError};
use codexa_proto::v1;
use std::time::Duration;

/// How long it waits for another writer of the project: a run of discovery, say.
const PATIENCE: Duration = Duration::from_secs(3);

/// Makes and keeps workspaces of one project.
#[derive(Clone, Debug)]
pub struct Planner {
    project: Project,
}

/// What became of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Its folder, from the project's root.
    pub path: String,
    /// Files that were made or brought up to date, from the project's root.
    pub made: Vec<String>,
}

/// Why a workspace is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum PlannerError {
    /// The id is none of a change.
    #[error("{0:?} is no id of a change")]
    Id(String),
    /// Another writer has the project.
    #[error(transparent)]
    Busy(ProjectError),
    /// It cannot be written.
    #[error("{}", .0.diagnostic().message)]
    Project(#[from] ProjectError),
}

impl Planner {
    /// A planner of a project.
    #[must_use]
    pub fn new(project: Project) -> Self {
        Self { project }
    }

    /// Makes what a change's workspace lacks, and brings its status up to date. What people wrote stays as it is. It waits
    /// for other writers, and so is for threads that may.
    ///
    /// # Errors
    /// When the id is none, or the files cannot be written now; then nothing was.
    pub fn prepare(&self, change: &v1::Change) -> Result<Prepared, PlannerError> {
        let path = folder(&change.id)?;
        let wanted = self.wanted(&path, change)?;
        if wanted.is_empty() {
            return Ok(Prepared { path, made: Vec::new() });
        }
        let lock = Lock::acquire(&self.project, "codexa planner", PATIENCE, |_| {}, || false).map_err(busy)?;
        let mut transaction = Transaction::new(&lock);
        for (file, content) in wanted {
            transaction.put(file, content);
        }
        let made = transaction.commit(|| false)?.written;
        Ok(Prepared { path, made })
    }

    /// The files that are missing or out of date.
    fn wanted(&self, path: &str, change: &v1::Change) -> Result<Vec<(String, String)>, PlannerError> {
        let reader = self.project.reader()?;
        let now = |file: &str| reader.read(file, 1 << 20).map(|content| content.bytes);
        let mut wanted = Vec::new();
        for name in workspace::files() {
            let file = format!("{path}/{name}");
            if matches!(now(&file), Err(ReadError::Missing)) {
                wanted.extend(workspace::made(name, &change.id, &change.title).map(|text| (file, text)));
            }
        }
        let (file, text) = (format!("{path}/status.md"), status::page(change));
        if now(&file).ok().as_deref() != Some(text.as_bytes()) {
            wanted.push((file, text));
        }
        Ok(wanted)
    }
}

/// The folder of a change, from the project's root; an id that is none could name any other.
pub(crate) fn folder(id: &str) -> Result<String, PlannerError> {
    let number = id.strip_prefix("CH-").unwrap_or_default();
    if number.is_empty() || number.len() > 9 || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PlannerError::Id(id.to_owned()));
    }
    Ok(format!("changes/{id}"))
}

fn busy(error: ProjectError) -> PlannerError {
    match error {
        ProjectError::Locked { .. } => PlannerError::Busy(error),
        other => PlannerError::Project(other),
    }
}
