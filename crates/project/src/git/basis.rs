//! The commit that a manifest stands on.

use super::{ObjectId, Repository};
use crate::ProjectError;
use gix::objs::tree::EntryMode;
use std::cmp::Ordering;

/// Most commits that are walked back over; a project that Codexa alone has written to for longer is named as inexact.
pub const WALK_LIMIT: usize = 10_000;

/// The newest commit, following first parents from HEAD, that touches anything but the files Codexa writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Its id.
    pub commit: ObjectId,
    /// Its committer time, in seconds since 1970.
    pub time: i64,
    /// `false` where an object that decides was missing (shallow or partial clone) or the walk was too long: a full clone
    /// may then name an older commit.
    pub exact: bool,
}

impl Repository {
    /// Finds the basis for the project in the folder `prefix` (raw bytes with a trailing `/`, or empty), where paths
    /// (from that folder) that start with one of `written` do not count. `None` where there is no commit.
    pub(crate) fn basis(
        &self,
        prefix: &[u8],
        written: &[&str],
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Option<Basis>, ProjectError> {
        let Some(head) = self.head()?.commit else { return Ok(None) };
        let mut repository = self.inner.to_thread_local();
        repository.object_cache_size_if_unset(1 << 20);
        let mut walk = Walk { repository: &repository, written, missing: false };
        let Some(mut current) = walk.commit(head, prefix) else {
            return Err(self.malformed("HEAD's commit could not be read"));
        };
        for _ in 0..WALK_LIMIT {
            if cancelled() {
                return Err(ProjectError::Cancelled);
            }
            let parent = current.parent.and_then(|parent| walk.commit(parent, prefix));
            let shallow = current.parent.is_some() && parent.is_none();
            let parent_tree = parent.as_ref().and_then(|parent| parent.tree);
            if walk.differs(current.tree, parent_tree, "") {
                return Ok(Some(Basis { commit: current.id, time: current.time, exact: !walk.missing && !shallow }));
            }
            match parent {
                Some(parent) => current = parent,
                None => {
                    return Ok(Some(Basis {
                        commit: current.id,
                        time: current.time,
                        exact: !walk.missing && !shallow,
                    }));
                }
            }
        }
        Ok(Some(Basis { commit: current.id, time: current.time, exact: false }))
    }
}

struct Walk<'a> {
    repository: &'a gix::Repository,
    written: &'a [&'a str],
    /// Whether an object that decides could not be read.
    missing: bool,
}

struct Commit {
    id: ObjectId,
    /// The tree of the project's folder; `None` where the commit has no such folder.
    tree: Option<ObjectId>,
    parent: Option<ObjectId>,
    time: i64,
}

/// The entries of a tree: name, mode, id.
type Names = Vec<(Vec<u8>, EntryMode, ObjectId)>;

impl Walk<'_> {
    fn commit(&mut self, id: ObjectId, prefix: &[u8]) -> Option<Commit> {
        let commit = self.repository.find_commit(id).ok()?;
        let mut tree = Some(commit.tree_id().ok()?.detach());
        for part in prefix.split(|byte| *byte == b'/').filter(|part| !part.is_empty()) {
            tree = tree.and_then(|tree| {
                let names = self.names(tree);
                // That it was not fetched does not say that there is no such folder.
                self.missing |= names.is_none();
                names?.into_iter().find(|(name, mode, _)| name == part && mode.is_tree()).map(|(_, _, id)| id)
            });
        }
        let time = commit.time().ok()?.seconds;
        let parent = commit.parent_ids().next().map(gix::Id::detach);
        Some(Commit { id, tree, parent, time })
    }

    fn names(&self, id: ObjectId) -> Option<Names> {
        let tree = self.repository.find_tree(id).ok()?;
        tree.iter()
            .map(|entry| entry.map(|entry| (entry.filename().to_vec(), entry.mode(), entry.object_id())))
            .collect::<Result<_, _>>()
            .ok()
    }

    /// Whether two trees, both at the path `prefix`, differ in anything that Codexa does not write. The recursion is no
    /// deeper than the paths Codexa writes.
    fn differs(&mut self, new: Option<ObjectId>, old: Option<ObjectId>, prefix: &str) -> bool {
        if new == old {
            return false;
        }
        let (Some(new), Some(old)) = (self.names_or_empty(new), self.names_or_empty(old)) else {
            self.missing = true;
            return true;
        };
        let (mut new, mut old) = (sorted(new), sorted(old));
        loop {
            let order = match (new.last(), old.last()) {
                (None, None) => return false,
                (Some(_), None) => Ordering::Greater,
                (None, Some(_)) => Ordering::Less,
                (Some(a), Some(b)) => a.0.cmp(&b.0),
            };
            let a = if order.is_ge() { new.pop() } else { None };
            let b = if order.is_le() { old.pop() } else { None };
            if a != b && self.counts(a, b, prefix) {
                return true;
            }
        }
    }

    /// Whether a changed, added or removed entry counts.
    fn counts(
        &mut self,
        new: Option<(Vec<u8>, EntryMode, ObjectId)>,
        old: Option<(Vec<u8>, EntryMode, ObjectId)>,
        prefix: &str,
    ) -> bool {
        let Some((name, ..)) = new.as_ref().or(old.as_ref()) else { return false };
        let folder = format!("{prefix}{}/", crate::path::text(name));
        let is_tree =
            |side: &Option<(Vec<u8>, EntryMode, ObjectId)>| side.as_ref().is_none_or(|(_, mode, _)| mode.is_tree());
        if !is_tree(&new) || !is_tree(&old) {
            return true;
        }
        if self.written.iter().any(|written| folder.starts_with(written)) {
            return false;
        }
        if !self.written.iter().any(|written| written.starts_with(&folder)) {
            return true;
        }
        self.differs(new.map(|(_, _, id)| id), old.map(|(_, _, id)| id), &folder)
    }

    fn names_or_empty(&self, tree: Option<ObjectId>) -> Option<Names> {
        tree.map_or_else(|| Some(Names::new()), |tree| self.names(tree))
    }
}

/// Sorted so that the last of both sides is the next to compare. Git's own order puts `a.b` before the folder `a`.
fn sorted(mut names: Names) -> Names {
    names.sort_by(|a, b| a.0.cmp(&b.0));
    names
}
