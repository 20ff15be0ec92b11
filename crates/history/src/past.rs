//! What was read of a history.

use crate::people::{People, Signature};
use gix::ObjectId;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// Commits reachable from one, newest first, with the files that each changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The commits, newest first by their committer's clock; where clocks disagree, a commit still stands before its parents
    /// wherever the walk met it first.
    pub commits: Vec<Commit>,
    /// The names and addresses that stand in them, as they stand there.
    pub signatures: Vec<Signature>,
    /// Whose they are.
    pub people: People,
    /// Every path that occurs, as git has it, from the project's root.
    pub paths: Vec<Box<[u8]>>,
    /// All changes, commit after commit.
    pub changes: Vec<Change>,
    /// What was not read, and why.
    pub told: Told,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its id, as bytes.
    #[serde(with = "id")]
    pub id: ObjectId,
    /// Its parents.
    #[serde(with = "ids")]
    pub parents: Vec<ObjectId>,
    /// Its committer's clock, in seconds since 1970. It may be wrong.
    pub time: i64,
    /// Who says to have written it, into [`Past::signatures`].
    pub signature: u32,
    /// The first line of its message, at most [`crate::message::SUBJECT`] bytes.
    pub subject: Box<str>,
    /// What is known of its changes.
    pub outcome: Outcome,
    /// Its first change and the one behind its last, into [`Past::changes`].
    pub changes: (u32, u32),
}

/// What is known of what a commit changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// All of it.
    Read,
    /// It joins histories; what it changed was changed by others.
    Merge,
    /// Its parent is not there: what it changed cannot be told.
    Boundary,
    /// An object that is needed is not there or is damaged.
    Missing,
    /// It changes more files than are kept; the count says how many.
    TooLarge(u32),
}

/// One file that a commit changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The file, into [`Past::paths`].
    pub path: u32,
    /// What happened to it.
    pub kind: Kind,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// It came.
    Added,
    /// Its content or mode changed.
    Modified,
    /// It went.
    Deleted,
    /// It came under this name from another, with the same content or the same name in another folder.
    Renamed {
        /// The name before, into [`Past::paths`].
        from: u32,
    },
}

/// What was not read, and why. Nothing is left out without standing here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The walk ended at the window's number of commits; older ones were not looked at.
    pub window_reached: bool,
    /// The walk ended at the number of changes that are kept.
    pub changes_reached: bool,
    /// The run's time was used up.
    pub out_of_time: bool,
    /// Commits that history leads to and that are not there (shallow clone).
    pub boundaries: u32,
    /// Commits of which an object was missing or damaged.
    pub missing: u32,
    /// Commits with more files than are kept.
    pub too_large: u32,
    /// Commits that join histories.
    pub merges: u32,
}

impl Past {
    /// What a commit changed.
    #[must_use]
    pub fn changes_of(&self, commit: &Commit) -> &[Change] {
        self.changes.get(commit.changes.0 as usize..commit.changes.1 as usize).unwrap_or_default()
    }

    /// Who wrote it, into the list of people.
    #[must_use]
    pub fn author(&self, commit: &Commit) -> u32 {
        self.people.whose(commit.signature)
    }

    /// The path at an index; empty where there is none.
    #[must_use]
    pub fn path(&self, path: u32) -> &[u8] {
        self.paths.get(path as usize).map_or(&[], |path| path)
    }

    /// The newest commit before a time, from the newest commit along first parents; `None` where what was read does not reach
    /// back that far.
    #[must_use]
    pub fn mainline_before(&self, time: i64) -> Option<ObjectId> {
        let by_id = self.by_id();
        let mut next = self.commits.first();
        // Each step leads to a commit that was not met: a history has no circles, and a damaged one ends with the list.
        for _ in &self.commits {
            let commit = next?;
            if commit.time < time {
                return Some(commit.id);
            }
            next = commit.parents.first().and_then(|parent| by_id.get(parent)).and_then(|at| self.commits.get(*at));
        }
        None
    }

    /// Only the commits that a commit stands on, and itself.
    #[must_use]
    pub fn only_before(&self, commit: ObjectId) -> Self {
        let reached = self.reached(commit);
        self.only(|at| reached.contains(&at))
    }

    /// Only the commits that one commit stands on and another does not.
    #[must_use]
    pub fn only_between(&self, after: ObjectId, until: ObjectId) -> Self {
        let (before, reached) = (self.reached(after), self.reached(until));
        self.only(|at| reached.contains(&at) && !before.contains(&at))
    }

    fn only(&self, is_kept: impl Fn(usize) -> bool) -> Self {
        let kept = self.commits.iter().enumerate().filter(|(at, _)| is_kept(*at));
        Self { commits: kept.map(|(_, commit)| commit.clone()).collect(), ..self.clone() }
    }

    fn reached(&self, from: ObjectId) -> FxHashSet<usize> {
        let by_id = self.by_id();
        let mut reached = FxHashSet::default();
        let mut left: Vec<usize> = by_id.get(&from).copied().into_iter().collect();
        while let Some(at) = left.pop() {
            if reached.insert(at) {
                let parents = self.commits.get(at).map(|commit| &*commit.parents).unwrap_or_default();
                left.extend(parents.iter().filter_map(|parent| by_id.get(parent)));
            }
        }
        reached
    }

    fn by_id(&self) -> FxHashMap<ObjectId, usize> {
        self.commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect()
    }
}

mod id {
    use gix::ObjectId;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    pub(super) fn serialize<S: Serializer>(id: &ObjectId, to: S) -> Result<S::Ok, S::Error> {
        id.as_bytes().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ObjectId, D::Error> {
        ObjectId::try_from(&*Vec::<u8>::deserialize(from)?).map_err(de::Error::custom)
    }
}

mod ids {
    use gix::ObjectId;
    use serde::{Deserialize as _, Deserializer, Serializer, de, ser::SerializeSeq as _};

    pub(super) fn serialize<S: Serializer>(ids: &[ObjectId], to: S) -> Result<S::Ok, S::Error> {
        let mut all = to.serialize_seq(Some(ids.len()))?;
        for id in ids {
            all.serialize_element(id.as_bytes())?;
        }
        all.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ObjectId>, D::Error> {
        let ids = Vec::<Vec<u8>>::deserialize(from)?;
        ids.iter().map(|id| ObjectId::try_from(&**id)).collect::<Result<_, _>>().map_err(de::Error::custom)
    }
}
