//! Many files, written all or not at all.
//!
//! A [`Transaction`] collects what the files should be, and [`Transaction::commit`] makes it so:
//!
//! 1. *Stage.* New contents go to `.codexa/state/transaction/`, and are forced to disk. The files they replace are kept there
//!    too (as hard links, which cost no room). Folders are made. Any failure up to here removes the stage and nothing else.
//! 2. *Decide.* The lock is still this writer's, and a journal of the renames to come appears by one rename. From here on the
//!    transaction happens.
//! 3. *Swap.* Each staged file is renamed over its target, stale files are removed. Should a rename fail, the journal is
//!    renamed to say "undo" and the kept files are put back.
//! 4. *Finish.* The journal and the stage are removed.
//!
//! A process that dies before step 2 leaves the old files whole; one that dies later leaves a journal, and whoever takes the
//! [`crate::lock::Lock`] next completes or undoes it before doing anything else. A file whose content would not change is not
//! touched at all.

pub(crate) mod folder;
mod journal;
mod stage;
#[cfg(test)]
mod tests;

use crate::lock::Lock;
use crate::{FOLDER, ProjectError, path};
pub(crate) use journal::recover;
use stage::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What the files of a project should be, until it is committed.
#[derive(Debug)]
pub struct Transaction<'a> {
    lock: &'a Lock,
    /// The content of each path; `None` means that there is no such file.
    wanted: BTreeMap<String, Option<Vec<u8>>>,
    /// Files that are as they should be.
    kept: BTreeSet<String>,
    /// Folders in which only wanted and kept files remain.
    swept: Vec<String>,
}

/// What a commit did. Paths are from the project's root, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Files that are new or have new content.
    pub written: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// Files that were as wanted, and were not touched.
    pub unchanged: usize,
}

/// A point between two steps of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Before the n-th content is staged.
    Stage(usize),
    /// Before the journal appears.
    Decide,
    /// Before the n-th file is swapped.
    Swap(usize),
    /// Before the journal is removed.
    Finish,
    /// Before the rest of the stage is removed.
    Clean,
}

/// Asked before every step; an error ends the commit there as a failure of that step would.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(Step) -> io::Result<()>;

impl<'a> Transaction<'a> {
    /// A transaction that changes nothing yet.
    #[must_use]
    pub fn new(lock: &'a Lock) -> Self {
        Self { lock, wanted: BTreeMap::new(), kept: BTreeSet::new(), swept: Vec::new() }
    }

    /// The file at `path` (from the project's root, beneath `.codexa/` or in the workspace of a change) shall have this
    /// content.
    pub fn put(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.wanted.insert(path.into(), Some(content.into()));
    }

    /// There shall be no file at `path`.
    pub fn remove(&mut self, path: impl Into<String>) {
        self.wanted.insert(path.into(), None);
    }

    /// The file at `path` is as it should be, and stays. Whoever says so has looked at it; it is not looked at again.
    pub fn keep(&mut self, path: impl Into<String>) {
        self.kept.insert(path.into());
    }

    /// Beneath `folder` (from the project's root, without a trailing `/`) only files that are put or kept shall remain: stale
    /// ones go.
    pub fn sweep(&mut self, folder: impl Into<String>) {
        self.swept.push(folder.into());
    }

    /// What a commit would do now. More may be put afterwards.
    pub fn plan(&mut self) -> Result<Outcome, ProjectError> {
        self.check_paths()?;
        self.find_stale()?;
        let tree = self.lock.project.tree();
        let mut outcome = Outcome { unchanged: self.kept.len(), ..Outcome::default() };
        self.wanted.retain(|path, content| {
            let at = path::raw(path);
            let is_as_wanted = match (tree.look(&at), &content) {
                (Ok(stat), Some(content)) if u64::try_from(stat.st_size) == Ok(content.len() as u64) => {
                    tree.read(&at, content.len() as u64).is_ok_and(|now| now.bytes == **content)
                }
                (Err(crate::ReadError::Missing), None) => true,
                _ => false,
            };
            outcome.unchanged += usize::from(is_as_wanted);
            !is_as_wanted
        });
        for (path, content) in &self.wanted {
            let list = if content.is_some() { &mut outcome.written } else { &mut outcome.removed };
            list.push(path.clone());
        }
        Ok(outcome)
    }

    /// Makes it so. `cancelled` is asked between steps while nothing has been changed yet.
    ///
    /// On an error the tracked files are as they were.
    pub fn commit(self, cancelled: impl Fn() -> bool) -> Result<Outcome, ProjectError> {
        let mut is_cancelled = false;
        let outcome = self.commit_watched(&mut |step| {
            if matches!(step, Step::Stage(_) | Step::Decide) && cancelled() {
                is_cancelled = true;
                return Err(io::ErrorKind::Interrupted.into());
            }
            Ok(())
        });
        if is_cancelled { Err(ProjectError::Cancelled) } else { outcome }
    }

    pub(crate) fn commit_watched(mut self, watch: Watch<'_>) -> Result<Outcome, ProjectError> {
        let outcome = self.plan()?;
        if !self.wanted.is_empty() {
            Stage::new(self.lock, self.wanted)?.commit(watch)?;
        }
        Ok(outcome)
    }

    fn check_paths(&self) -> Result<(), ProjectError> {
        for path in self.wanted.keys().chain(&self.swept) {
            if !is_writable(path) {
                return Err(ProjectError::UnsafePath(path.clone()));
            }
        }
        Ok(())
    }

    fn find_stale(&mut self) -> Result<(), ProjectError> {
        for swept in std::mem::take(&mut self.swept) {
            let files = folder::files_beneath(self.lock.project.tree(), &swept)
                .map_err(|failed| ProjectError::writing(self.lock.project.root(), failed))?;
            for file in files.into_iter().filter(|file| !self.kept.contains(file)) {
                self.wanted.entry(file).or_insert(None);
            }
        }
        Ok(())
    }
}

/// The folder of the workspaces of changes, from the project's root.
const CHANGES: &str = "changes/CH-";

/// Whether Codexa may write the path: beneath `.codexa/`, and not what it keeps there for itself, or in the workspace of a
/// change. A journal that came with a stranger's repository can therefore do no more than shuffle that repository's own
/// Codexa files.
///
/// The path is in the one form that [`path::text`] gives it: `\x2f`, say, would be a part's name to who splits the text, and two
/// parts to the system, the first of which may be a link.
fn is_writable(path: &str) -> bool {
    let in_folder = || {
        path.strip_prefix(FOLDER)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| rest != crate::lock::STATE && !rest.starts_with("state/"))
    };
    let in_workspace = || {
        path.strip_prefix(CHANGES).and_then(|rest| rest.split_once('/')).is_some_and(|(number, file)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && !file.is_empty()
        })
    };
    let raw = path::raw(path);
    *path::text(&raw) == *path && path::is_safe(&raw) && (in_folder() || in_workspace())
}
