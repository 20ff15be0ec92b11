//! The rules as they are asked for. Those in force are the store's; what a branch proposes is read on a blocking thread. Each is
//! remembered while the store, or the branch, says that it is as it was.

use crate::refusal::Refusal;
use crate::rules::{Origin, Reading, Rules, RulesError, Source};
use crate::store::Transaction;
use codexa_project::Project;
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
    in_force: Remembered,
    proposed: Remembered,
}

impl Rulebook {
    pub fn new(project: Project, reading: Reading) -> Self {
        let (in_force, proposed) = Default::default();
        Self { inner: Arc::new(Inner { project, reading, in_force, proposed }) }
    }

    /// How they are read.
    pub fn reading(&self) -> &Reading {
        &self.inner.reading
    }

    /// The rules in force: those of the store. Before an act brought any into it, they are what the branch says.
    pub async fn in_force(&self, tx: &mut dyn Transaction) -> Result<Arc<Rules>, Refusal> {
        let Some(row) = tx.rules().await? else {
            let pinned = tx.ledger().await?.branch;
            return self.proposed(pinned).await;
        };
        let is_same = |rules: &Rules| rules.digest == row.digest && rules.origin == row.origin();
        if let Some(rules) = self.inner.in_force.find(is_same) {
            return Ok(rules);
        }
        let entry = tx.leaves(row.seq, 1).await?.pop();
        Ok(self.inner.in_force.keep(row.rules(entry.as_ref(), &self.inner.reading)?))
    }

    /// The rules that a branch proposes; where none is named, the one that would be protected.
    pub async fn proposed(&self, branch: Option<String>) -> Result<Arc<Rules>, Refusal> {
        let inner = Arc::clone(&self.inner);
        let read = tokio::task::spawn_blocking(move || inner.proposed(branch.as_deref())).await;
        let broken = |why: String| RulesError::Invalid { path: ".codexa/rules", why };
        Ok(read.map_err(|error| broken(error.to_string()))??)
    }
}

impl Inner {
    fn proposed(&self, branch: Option<&str>) -> Result<Arc<Rules>, RulesError> {
        let source = Source::find(&self.project, branch.or(self.reading.branch.as_deref()))?;
        let origin = source.origin();
        // Files on disk have no commit by which they are the same.
        let is_same = |rules: &Rules| rules.origin == origin && origin != Origin::Disk;
        if let Some(rules) = self.proposed.find(is_same) {
            return Ok(rules);
        }
        Ok(self.proposed.keep(Rules::read(&source, &self.reading)?))
    }
}

/// The rules that were asked for last.
#[derive(Debug, Default)]
struct Remembered(Mutex<Option<Arc<Rules>>>);

impl Remembered {
    fn find(&self, is_same: impl Fn(&Rules) -> bool) -> Option<Arc<Rules>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|rules| is_same(rules))
    }

    fn keep(&self, rules: Rules) -> Arc<Rules> {
        let rules = Arc::new(rules);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&rules));
        rules
    }
}
