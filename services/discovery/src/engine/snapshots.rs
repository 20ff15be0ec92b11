//! What is kept of iterations, under `.codexa/logs/iterations/`: a file for each that said something else than the one before.

use super::publish::read_log;
use crate::iterations::{SCHEMA, Snapshot};
use codexa_project::Project;
use codexa_project::write::Transaction;
use std::collections::BTreeMap;

const PLACE: &str = ".codexa/logs/iterations";
/// Snapshots that are kept.
pub const KEPT: usize = 50;
/// Largest snapshot that is read.
const MOST_BYTES: u64 = 8 << 20;
/// Most entries of the folder that are looked at.
const MOST_ENTRIES: usize = 10_000;

/// What is kept of iterations, by number. What cannot be read is as if it were not there.
#[derive(Clone, Debug)]
pub struct Snapshots {
    project: Project,
    numbers: BTreeMap<u32, String>,
}

impl Snapshots {
    /// Those of a project.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let names = project.tree().names(PLACE.as_bytes()).map(|names| names.others).unwrap_or_default();
        let names = names.into_iter().take(MOST_ENTRIES).filter_map(|name| String::from_utf8(name).ok());
        let number = |name: String| Some((name.strip_suffix(".json")?.parse().ok()?, format!("{PLACE}/{name}")));
        Self { project: project.clone(), numbers: names.filter_map(number).collect() }
    }

    /// The newest one.
    #[must_use]
    pub fn newest(&self) -> Option<Snapshot> {
        self.before(u32::MAX).next()
    }

    /// How the model was when an iteration ended: iterations that said the same are kept as one. `None` where there was no such
    /// iteration, or too long ago.
    #[must_use]
    pub fn at(&self, iteration: u32) -> Option<Snapshot> {
        // What is kept is looked at after the log: an iteration that ends in between is in both.
        let is_logged = read_log(&self.project).is_ok_and(|log| iteration < log.next());
        is_logged.then(|| Self::of(&self.project).before(iteration.saturating_add(1)).next()).flatten()
    }

    /// Those before an iteration, the newest first.
    pub fn before(&self, iteration: u32) -> impl Iterator<Item = Snapshot> {
        self.numbers.range(..iteration).rev().filter_map(|(number, path)| self.read(*number, path))
    }

    /// The oldest number that is kept.
    #[must_use]
    pub fn oldest(&self) -> Option<u32> {
        self.numbers.keys().next().copied()
    }

    fn read(&self, number: u32, path: &str) -> Option<Snapshot> {
        let file = self.project.tree().read(path.as_bytes(), MOST_BYTES).ok()?;
        let snapshot: Snapshot = serde_json::from_slice(&file.bytes).ok()?;
        (snapshot.schema == SCHEMA && snapshot.iteration == number).then_some(snapshot)
    }

    /// Has a transaction write a snapshot, and remove the oldest ones.
    pub(super) fn put(&self, snapshot: &Snapshot, transaction: &mut Transaction<'_>) {
        let Ok(text) = serde_json::to_string(snapshot) else { return };
        transaction.put(format!("{PLACE}/.gitignore"), "*\n");
        transaction.put(format!("{PLACE}/{}.json", snapshot.iteration), text + "\n");
        let older = self.numbers.range(..snapshot.iteration).rev().skip(KEPT - 1);
        older.for_each(|(_, path)| transaction.remove(path.clone()));
    }
}
