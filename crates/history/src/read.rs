//! From a commit to its past: the walk, and what each commit changed, read on several threads.

use crate::past::{Change, Commit, Kind, Outcome, Past};
use crate::people::{People, Signature};
use crate::renames;
use crate::walk::{Met, Walk};
use gix::ObjectId;
use gix::bstr::BStr;
use gix::diff::tree::{State, Visit, visit};
use gix::objs::{FindExt as _, TreeRefIter};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What to read.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where.
    pub repository: &'a gix::ThreadSafeRepository,
    /// The commit whose past it is.
    pub from: ObjectId,
    /// The project's folder in the repository, with `/` at its end; empty where they are the same.
    pub prefix: &'a [u8],
    /// The repository's corrections of names (`.mailmap`); empty where there are none.
    pub mailmap: &'a [u8],
    /// Whether a path, from the project's root, is left out.
    pub is_left_out: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Most commits.
    pub max_commits: usize,
    /// Most files of a commit that are kept; a larger commit counts and relates nothing.
    pub max_files: usize,
    /// Most changes that are kept of all commits together.
    pub max_changes: usize,
    /// Threads to read on.
    pub threads: usize,
    /// Asked now and then.
    pub pulse: &'a (dyn Fn() -> Pulse + Sync),
}

/// What the caller says in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// Go on.
    GoOn,
    /// Time is used up: end with what there is.
    OutOfTime,
    /// Nobody wants the answer any more.
    Cancel,
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("from", &self.from)
            .field("max_commits", &self.max_commits)
            .finish_non_exhaustive()
    }
}

/// The caller wanted it to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Commits whose changes are read before they are put together: what lies in memory in between is bounded by it.
const BATCH: usize = 2048;
/// Neighbouring commits that one thread reads: they share most of their trees.
const SHARE: usize = 64;
/// Memory for trees that are met again, per thread.
const OBJECT_CACHE: usize = 48 << 20;
/// Memory for the bases that other objects are stored as differences from, per thread.
const PACK_CACHE: usize = 48 << 20;

/// One changed file as the trees say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raw {
    pub(crate) path: Vec<u8>,
    pub(crate) old: Option<ObjectId>,
    pub(crate) new: Option<ObjectId>,
}

/// Reads the past of a commit. What `before` knows of it is not read again, and the result is the same as without it.
///
/// # Errors
/// [`Cancelled`]; nothing else ends it: what is not there is told.
pub fn read(request: &Request<'_>, before: &Past) -> Result<Past, Cancelled> {
    let repository = request.handle();
    let mut walk = Walk::new(&repository, before, request.from);
    let mut past = Building::new(request);
    let mut trees = Trees::default();
    loop {
        let batch: Vec<Met> = walk.by_ref().take(BATCH.min(request.max_commits - past.past.commits.len())).collect();
        if batch.is_empty() {
            past.past.told.window_reached = past.past.commits.len() >= request.max_commits && walk.next().is_some();
            break;
        }
        trees.learn(&batch);
        let found = changes_of(request, &walk.absent, &trees, &batch, before)?;
        for (met, found) in batch.into_iter().zip(found) {
            past.add(met, found, before);
        }
        match (request.pulse)() {
            Pulse::Cancel => return Err(Cancelled),
            // Where nothing is left to be read, it does not matter.
            Pulse::OutOfTime if past.past.commits.len() < request.max_commits => {
                past.past.told.out_of_time = walk.next().is_some();
            }
            Pulse::OutOfTime | Pulse::GoOn => {}
        }
        if past.past.told.out_of_time || past.past.told.changes_reached {
            break;
        }
    }
    Ok(past.finish())
}

impl Request<'_> {
    fn handle(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.object_cache_size(OBJECT_CACHE);
        repository
            .objects
            .set_pack_cache(|| Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(PACK_CACHE)));
        repository
    }
}

/// The trees of commits that were met, so that a parent need not be read twice.
#[derive(Default)]
struct Trees(FxHashMap<ObjectId, ObjectId>);

impl Trees {
    fn learn(&mut self, batch: &[Met]) {
        self.0.extend(batch.iter().filter_map(|met| Some((met.id, met.tree?))));
    }
}

/// What a commit changed, or why that is not known.
enum Found {
    Changes(Vec<Raw>),
    Known(usize),
    Not(Outcome),
}

fn changes_of(
    request: &Request<'_>,
    absent: &FxHashSet<ObjectId>,
    trees: &Trees,
    batch: &[Met],
    before: &Past,
) -> Result<Vec<Found>, Cancelled> {
    let shares: Vec<&[Met]> = batch.chunks(SHARE).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let repository = request.handle();
        let mut differ = Differ { request, repository: &repository, state: State::default() };
        let mut done = Vec::new();
        while let Some((at, share)) = take(&next, &shares) {
            if (request.pulse)() == Pulse::Cancel {
                return Err(Cancelled);
            }
            let found = share.iter().map(|met| found(&mut differ, absent, trees, met, before));
            done.push((at, found.collect::<Vec<_>>()));
        }
        Ok(done)
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..request.threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut done = work()?;
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(done)
    })?;
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().flat_map(|(_, found)| found).collect())
}

fn take<'s>(next: &AtomicUsize, shares: &[&'s [Met]]) -> Option<(usize, &'s [Met])> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    shares.get(at).map(|share| (at, *share))
}

fn found(differ: &mut Differ<'_>, absent: &FxHashSet<ObjectId>, trees: &Trees, met: &Met, before: &Past) -> Found {
    if let Some(at) = met.known
        && before.commits.get(at).is_some_and(|commit| commit.outcome != Outcome::Missing)
    {
        return Found::Known(at);
    }
    let parent = match &*met.parents {
        [] => None,
        [parent] if absent.contains(parent) => return Found::Not(Outcome::Boundary),
        [parent] => Some(*parent),
        _ => return Found::Not(Outcome::Merge),
    };
    let tree = |id: ObjectId| trees.0.get(&id).copied().or_else(|| differ.tree_of(id));
    let (Some(new), Some(old)) = (tree(met.id), parent.map_or(Some(None), |parent| tree(parent).map(Some))) else {
        return Found::Not(Outcome::Missing);
    };
    differ.changes(old, new).map_or_else(Found::Not, Found::Changes)
}

/// Compares trees.
struct Differ<'a> {
    request: &'a Request<'a>,
    repository: &'a gix::Repository,
    state: State,
}

impl Differ<'_> {
    fn tree_of(&self, commit: ObjectId) -> Option<ObjectId> {
        Some(self.repository.find_commit(commit).ok()?.tree_id().ok()?.detach())
    }

    fn changes(&mut self, old: Option<ObjectId>, new: ObjectId) -> Result<Vec<Raw>, Outcome> {
        let old = old.map_or(Ok(None), |old| self.folder(old))?;
        let new = self.folder(new)?;
        if old == new {
            return Ok(Vec::new());
        }
        let (mut old_bytes, mut new_bytes) = (Vec::new(), Vec::new());
        let old = self.iterate(old, &mut old_bytes)?;
        let new = self.iterate(new, &mut new_bytes)?;
        let mut seen =
            Seen { request: self.request, path: Vec::new(), queue: Default::default(), changes: Vec::new(), count: 0 };
        gix::diff::tree(old, new, &mut self.state, &self.repository.objects, &mut seen)
            .map_err(|_| Outcome::Missing)?;
        if seen.count > self.request.max_files {
            return Err(Outcome::TooLarge(u32::try_from(seen.count).unwrap_or(u32::MAX)));
        }
        let mut changes = seen.changes;
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    /// The tree of the project's folder; `None` where the commit has no such folder.
    fn folder(&self, mut tree: ObjectId) -> Result<Option<ObjectId>, Outcome> {
        for part in self.request.prefix.split(|byte| *byte == b'/').filter(|part| !part.is_empty()) {
            let names = self.repository.find_tree(tree).map_err(|_| Outcome::Missing)?;
            let inner = names.iter().flatten().find(|entry| entry.filename() == part && entry.mode().is_tree());
            match inner.map(|entry| entry.object_id()) {
                Some(inner) => tree = inner,
                None => return Ok(None),
            }
        }
        Ok(Some(tree))
    }

    fn iterate<'b>(&self, tree: Option<ObjectId>, bytes: &'b mut Vec<u8>) -> Result<TreeRefIter<'b>, Outcome> {
        match tree {
            Some(tree) => self.repository.objects.find_tree_iter(&tree, bytes).map_err(|_| Outcome::Missing),
            None => Ok(TreeRefIter::from_bytes(&[], self.repository.object_hash())),
        }
    }
}

/// Collects the files that two trees differ in.
struct Seen<'a> {
    request: &'a Request<'a>,
    path: Vec<u8>,
    queue: std::collections::VecDeque<Vec<u8>>,
    changes: Vec<Raw>,
    count: usize,
}

impl Seen<'_> {
    fn push(&mut self, name: &[u8]) {
        if !name.is_empty() {
            if !self.path.is_empty() {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(name);
        }
    }
}

impl Visit for Seen<'_> {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.path = self.queue.pop_front().unwrap_or_default();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.push(component);
        self.queue.push_back(self.path.clone());
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.push(component);
    }

    fn pop_path_component(&mut self) {
        let end = self.path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        self.path.truncate(end);
    }

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        let is_file = |mode: gix::objs::tree::EntryMode| mode.is_blob_or_symlink();
        let (old, new) = match change {
            visit::Change::Addition { entry_mode, oid, .. } => (None, is_file(entry_mode).then_some(oid)),
            visit::Change::Deletion { entry_mode, oid, .. } => (is_file(entry_mode).then_some(oid), None),
            visit::Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid } => {
                (is_file(previous_entry_mode).then_some(previous_oid), is_file(entry_mode).then_some(oid))
            }
        };
        if (old.is_none() && new.is_none()) || (self.request.is_left_out)(&self.path) {
            return ControlFlow::Continue(());
        }
        self.count += 1;
        // Beyond what is kept the rest is counted: how large a commit is says what it was.
        if self.count <= self.request.max_files {
            self.changes.push(Raw { path: self.path.clone(), old, new });
        } else {
            self.changes = Vec::new();
        }
        ControlFlow::Continue(())
    }
}

/// A past that is being put together, commit by commit.
struct Building<'a> {
    request: &'a Request<'a>,
    past: Past,
    paths: FxHashMap<Box<[u8]>, u32>,
    signatures: FxHashMap<Signature, u32>,
}

impl<'a> Building<'a> {
    fn new(request: &'a Request<'a>) -> Self {
        Self { request, past: Past::default(), paths: FxHashMap::default(), signatures: FxHashMap::default() }
    }

    fn add(&mut self, met: Met, found: Found, before: &Past) {
        let first = number(self.past.changes.len());
        let outcome = match found {
            Found::Changes(changes) => self.add_changes(&changes),
            Found::Known(at) => self.add_known(before, at),
            Found::Not(outcome) => outcome,
        };
        match outcome {
            Outcome::Read => {}
            Outcome::Merge => self.past.told.merges += 1,
            Outcome::Boundary => self.past.told.boundaries += 1,
            Outcome::Missing => self.past.told.missing += 1,
            Outcome::TooLarge(_) => self.past.told.too_large += 1,
        }
        let signature = self.signature(met.signature);
        let (id, parents, time, subject) = (met.id, met.parents, met.time, met.subject);
        let changes = (first, number(self.past.changes.len()));
        self.past.commits.push(Commit { id, parents, time, signature, subject, outcome, changes });
    }

    fn add_changes(&mut self, changes: &[Raw]) -> Outcome {
        if !self.has_room(changes.len()) {
            return Outcome::TooLarge(number(changes.len()));
        }
        let origins = renames::pairs(changes);
        let mut is_origin = vec![false; changes.len()];
        for origin in origins.iter().flatten() {
            if let Some(it) = is_origin.get_mut(*origin) {
                *it = true;
            }
        }
        for ((raw, origin), is_origin) in changes.iter().zip(&origins).zip(is_origin) {
            if is_origin {
                continue;
            }
            let kind = match (raw.old, raw.new, origin.and_then(|origin| changes.get(origin))) {
                (_, _, Some(from)) => Kind::Renamed { from: self.path(&from.path) },
                (None, ..) => Kind::Added,
                (Some(_), Some(_), _) => Kind::Modified,
                (Some(_), None, _) => Kind::Deleted,
            };
            let path = self.path(&raw.path);
            self.past.changes.push(Change { path, kind });
        }
        Outcome::Read
    }

    fn add_known(&mut self, before: &Past, at: usize) -> Outcome {
        let Some(commit) = before.commits.get(at) else { return Outcome::Missing };
        let changes = before.changes_of(commit);
        if !self.has_room(changes.len()) {
            return Outcome::TooLarge(number(changes.len()));
        }
        for change in changes {
            let kind = match change.kind {
                Kind::Renamed { from } => Kind::Renamed { from: self.path(before.path(from)) },
                kind => kind,
            };
            let path = self.path(before.path(change.path));
            self.past.changes.push(Change { path, kind });
        }
        commit.outcome
    }

    fn has_room(&mut self, more: usize) -> bool {
        let is_full = self.past.changes.len() + more > self.request.max_changes;
        self.past.told.changes_reached |= is_full;
        !is_full
    }

    fn path(&mut self, path: &[u8]) -> u32 {
        if let Some(&known) = self.paths.get(path) {
            return known;
        }
        let new = number(self.past.paths.len());
        self.past.paths.push(path.into());
        self.paths.insert(path.into(), new);
        new
    }

    fn signature(&mut self, signature: Signature) -> u32 {
        let new = number(self.past.signatures.len());
        let number = *self.signatures.entry(signature.clone()).or_insert(new);
        if number == new {
            self.past.signatures.push(signature);
        }
        number
    }

    fn finish(self) -> Past {
        let mut past = self.past;
        past.people = People::of(&past.signatures, &gix::mailmap::Snapshot::from_bytes(self.request.mailmap));
        past
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
