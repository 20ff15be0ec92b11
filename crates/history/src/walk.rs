//! Which commits there are: reachable ones, newest first, without looking at what they changed.

use crate::message;
use crate::past::Past;
use crate::people::Signature;
use gix::ObjectId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BinaryHeap;

/// A commit as the walk meets it.
#[derive(Debug)]
pub(crate) struct Met {
    pub(crate) id: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) time: i64,
    pub(crate) signature: Signature,
    pub(crate) subject: Box<str>,
    /// Its tree, for those that were not read before.
    pub(crate) tree: Option<ObjectId>,
    /// Where it stands in what was read before.
    pub(crate) known: Option<usize>,
}

/// The walk from one commit to all before it. Of the commits that children led to the one with the newest clock comes
/// next; the id decides between equals, so that the order is the same everywhere.
pub(crate) struct Walk<'a> {
    repository: &'a gix::Repository,
    before: &'a Past,
    known: FxHashMap<ObjectId, usize>,
    queue: BinaryHeap<(i64, ObjectId)>,
    waiting: FxHashMap<ObjectId, Met>,
    seen: FxHashSet<ObjectId>,
    /// Commits that history leads to and that are not there.
    pub(crate) absent: FxHashSet<ObjectId>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(repository: &'a gix::Repository, before: &'a Past, from: ObjectId) -> Self {
        let mut walk = Self {
            repository,
            before,
            known: before.commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect(),
            queue: BinaryHeap::new(),
            waiting: FxHashMap::default(),
            seen: FxHashSet::default(),
            absent: FxHashSet::default(),
        };
        walk.meet(from);
        walk
    }

    fn meet(&mut self, id: ObjectId) {
        if !self.seen.insert(id) {
            return;
        }
        match self.remember(id).or_else(|| self.load(id)) {
            Some(met) => {
                self.queue.push((met.time, id));
                self.waiting.insert(id, met);
            }
            None => {
                self.absent.insert(id);
            }
        }
    }

    fn remember(&self, id: ObjectId) -> Option<Met> {
        let at = *self.known.get(&id)?;
        let commit = self.before.commits.get(at)?;
        Some(Met {
            id,
            parents: commit.parents.clone(),
            time: commit.time,
            signature: self.before.signatures.get(commit.signature as usize)?.clone(),
            subject: commit.subject.clone(),
            tree: None,
            known: Some(at),
        })
    }

    fn load(&self, id: ObjectId) -> Option<Met> {
        let commit = self.repository.find_commit(id).ok()?;
        let decoded = commit.decode().ok()?;
        let author = decoded.author().ok();
        Some(Met {
            id,
            parents: decoded.parents().collect(),
            time: decoded.committer().ok().and_then(|who| who.time().ok()).map_or(0, |time| time.seconds),
            signature: author.map_or_else(|| Signature::new(b"", b""), |who| Signature::new(who.name, who.email)),
            subject: message::subject(decoded.message),
            tree: Some(decoded.tree()),
            known: None,
        })
    }
}

impl Iterator for Walk<'_> {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        let (_, id) = self.queue.pop()?;
        let met = self.waiting.remove(&id)?;
        for parent in &met.parents {
            self.meet(*parent);
        }
        Some(met)
    }
}
