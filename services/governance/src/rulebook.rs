//! The rules as they are asked for: read on a blocking thread, and remembered while their branch stands on the same commit.

use crate::refusal::Refusal;
use crate::rules::{Reading, Rules, RulesError, Source};
use codexa_project::{ObjectId, Project};
use std::sync::{Arc, Mutex, PoisonError};

/// The rules of a project. Clones share what is remembered.
#[derive(Clone, Debug)]
pub(crate) struct Rulebook {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    project: Project,
    reading: Reading,
    remembered: Mutex<Option<(String, ObjectId, Arc<Rules>)>>,
}

impl Rulebook {
    pub fn new(project: Project, reading: Reading) -> Self {
        Self { inner: Arc::new(Inner { project, reading, remembered: Mutex::default() }) }
    }

    /// How they are read.
    pub fn reading(&self) -> &Reading {
        &self.inner.reading
    }

    /// The rules that hold now: those of the pinned branch, or where none is pinned yet, of the one that would be.
    pub async fn rules(&self, pinned: Option<String>) -> Result<Arc<Rules>, Refusal> {
        let inner = Arc::clone(&self.inner);
        let read = tokio::task::spawn_blocking(move || inner.rules(pinned.as_deref())).await;
        let broken = |why: String| RulesError::Invalid { path: ".codexa/rules", why };
        Ok(read.map_err(|error| broken(error.to_string()))??)
    }
}

impl Inner {
    fn rules(&self, pinned: Option<&str>) -> Result<Arc<Rules>, RulesError> {
        let source = Source::find(&self.project, pinned.or(self.reading.branch.as_deref()))?;
        let Some((branch, commit)) = source.branch() else { return Rules::read(&source, &self.reading).map(Arc::new) };
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, at, rules)) = &*remembered
            && of == branch
            && *at == commit
        {
            return Ok(Arc::clone(rules));
        }
        let rules = Arc::new(Rules::read(&source, &self.reading)?);
        *remembered = Some((branch.to_owned(), commit, Arc::clone(&rules)));
        Ok(rules)
    }
}
