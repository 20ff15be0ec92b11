//! The end of a run: tracked files and log in one transaction, and then the cache.

use super::cache::{self, Entry, Leaving, stored};
use super::iteration::{Iteration, Log, rfc3339};
use super::knowledge::Knowledge;
use super::linking::Linked;
use super::reading::{Kept, Read};
use super::request::Request;
use super::snapshots::Snapshots;
use super::{DiscoverError, Report};
use crate::ids;
use crate::iterations::{Difference, Snapshot};
use crate::model::Model;
use crate::projections::{self, Made, Rendered, Summary};
use crate::record::{FileLinks, FileRecord};
use codexa_project::Project;
use codexa_project::lock::Lock;
use codexa_project::tree::NotRead;
use codexa_project::write::Transaction;
use serde::Serialize;
use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const MANIFESTS: &str = ".codexa/manifests";
const LOG: &str = ".codexa/logs/iterations.jsonl";
const LOG_TABLE: &str = ".codexa/logs/iteration_log.md";
/// Longest log that a run adds to; some hundred thousand runs.
const LOG_BYTES: u64 = 64 << 20;

/// A finished model on its way out.
pub(super) struct Publication<'a> {
    /// None for a bare repository.
    pub(super) at: Option<Place<'a>>,
    pub(super) request: &'a Request,
    pub(super) leaving: Leaving,
    /// Files that were read in this run.
    pub(super) fresh: u32,
    /// Files that git does not track.
    pub(super) untracked: u64,
    pub(super) model: Model,
    pub(super) knowledge: Knowledge,
    pub(super) began: Instant,
    pub(super) stop: &'a AtomicBool,
}

/// What earlier runs left for this one, and git does not track: nobody else writes it while the right to do so is held.
pub(super) struct Earlier {
    made: Made,
    snapshots: Snapshots,
    /// The newest of them.
    newest: Option<Snapshot>,
}

impl Earlier {
    pub(super) fn of(project: &Project, request: &Request) -> Self {
        let snapshots = Snapshots::of(project);
        Self { made: cache::made(project, request), newest: snapshots.newest(), snapshots }
    }
}

/// What git tracks of earlier runs. People and git write there as well: it is read when the run is about to.
pub(super) struct Standing {
    log: Result<Log, DiscoverError>,
    tracked: Option<Summary>,
}

impl Standing {
    pub(super) fn of(project: &Project) -> Self {
        Self { log: read_log(project), tracked: Summary::tracked(project) }
    }
}

/// Where a run writes.
pub(super) struct Place<'a> {
    /// The right to.
    pub(super) lock: &'a Lock,
    pub(super) earlier: Earlier,
    pub(super) standing: Standing,
}

/// Writes everything, or nothing that git tracks.
pub(super) fn publish(publication: Publication<'_>) -> Result<Report, DiscoverError> {
    let Publication { at, request, leaving, fresh, untracked, model, knowledge, began, stop } = publication;
    let settled: Vec<String> = knowledge.ids.settled.iter().map(ToString::to_string).collect();
    let mut iteration = iteration(&model, fresh, request);
    let Some(Place { lock, earlier, standing: Standing { log, tracked } }) = at else {
        iteration.milliseconds = milliseconds(began);
        let kept = Some("a bare repository has no place for tracked files".to_owned());
        let written = Vec::new();
        return Ok(Report {
            model,
            iteration,
            written,
            kept,
            replaced: None,
            settled,
            changed: None,
            answers: false,
            untracked,
            rest: Box::new(()),
        });
    };
    let Earlier { made: made_before, snapshots, newest } = earlier;
    let mut log = log?;
    iteration.iteration = log.next();
    let is_kept = tracked.as_ref().is_some_and(|tracked| is_poorer(&model, tracked, request));
    let replaced = tracked.filter(|_| !is_kept).and_then(|tracked| Replaced::of(&tracked, &model));
    // Without a model for queries, the poorer one is better than none.
    let is_staged = !is_kept || stored(lock.project()).is_none();
    let mut rest: Box<dyn Any + Send> = Box::new(());
    let (written, changed) = thread::scope(|scope| {
        // What the next run needs is large; it is written while the tracked files are, and appears only after them.
        let staged = is_staged.then(|| scope.spawn(|| cache::stage(lock.project(), request, leaving, &model)));
        let account = Account::of(&snapshots, newest, &model, iteration.iteration);
        let mut transaction = Transaction::new(lock);
        let mut made = None;
        if !is_kept {
            made = Some(put(&model, &made_before, lock.project(), &mut transaction)?);
            transaction.sweep(format!("{MANIFESTS}/system_model"));
            if knowledge.has_ids || !knowledge.ids.is_empty() {
                transaction.put(ids::PATH, projections::ids(&knowledge.ids)?);
            }
        }
        let plan = transaction.plan()?;
        if account.is_news && !is_kept {
            snapshots.put(&account.snapshot, &mut transaction);
        }
        iteration.written = u32::try_from(plan.written.len() + plan.removed.len()).unwrap_or(u32::MAX);
        iteration.milliseconds = milliseconds(began);
        log.add(iteration.clone());
        transaction.put(LOG, log.lines());
        transaction.put(LOG_TABLE, log.table());
        transaction.commit(|| stop.load(Ordering::Relaxed))?;
        // A cache that cannot be written costs the next run time, and this one nothing.
        if let Some(Ok(Ok((staged, entries)))) = staged.map(thread::ScopedJoinHandle::join) {
            let _ = staged.appear();
            rest = Box::new(entries);
        }
        if let Some(made) = made.filter(|made| *made != made_before) {
            let _ = cache::keep_made(lock.project(), request, &made);
        }
        Ok::<_, DiscoverError>((plan.written, account.changed))
    })?;
    iteration.milliseconds = milliseconds(began);
    let kept = is_kept.then(|| "a fuller model of the same commit is there and was kept".to_owned());
    Ok(Report { model, iteration, written, kept, replaced, settled, changed, answers: true, untracked, rest })
}

/// What a run says, in short, and what the runs before it said.
struct Account {
    snapshot: Snapshot,
    /// What changed since the last one that looked in the same way.
    changed: Option<Difference>,
    /// Whether the newest one said something else.
    is_news: bool,
}

impl Account {
    fn of(snapshots: &Snapshots, newest: Option<Snapshot>, model: &Model, iteration: u32) -> Self {
        let snapshot = Snapshot::of(model, iteration);
        let is_news = !newest.as_ref().is_some_and(|newest| newest.says_the_same(&snapshot));
        let older = newest.as_ref().map_or(iteration, |newest| newest.iteration.min(iteration));
        let mut before =
            newest.filter(|newest| newest.iteration < iteration).into_iter().chain(snapshots.before(older));
        let last = before.find(|last| last.looked_alike(&snapshot));
        let changed = last.as_ref().map(|last| Difference::between(last, &snapshot));
        Self { snapshot, changed, is_news }
    }
}

/// Puts the model's files into a transaction, but for those that are what would be made, and says what they were made from.
fn put(
    model: &Model,
    before: &Made,
    project: &Project,
    transaction: &mut Transaction<'_>,
) -> Result<Made, DiscoverError> {
    let place = |path: &str| format!("{MANIFESTS}/{path}");
    let read = |path: &str, most| project.tree().read(place(path).as_bytes(), most).ok().map(|file| file.bytes);
    let mut made = Made::default();
    for Rendered { path, from, text } in
        projections::render(model, &|path, from| before.stands(path, from, |most| read(path, most)))?
    {
        match text {
            Some(text) => {
                from.into_iter().for_each(|from| made.add(&path, from, &text));
                transaction.put(place(&path), text);
            }
            None => {
                made.carry(&path, before);
                transaction.keep(place(&path));
            }
        }
    }
    Ok(made)
}

/// The log of earlier runs. One that is there and cannot be read is not written over.
pub(super) fn read_log(project: &Project) -> Result<Log, DiscoverError> {
    match project.tree().read(LOG.as_bytes(), LOG_BYTES) {
        Ok(log) => Ok(Log::new(log.bytes)),
        Err(NotRead::Missing) => Ok(Log::default()),
        Err(why) => Err(DiscoverError::Log { path: project.root().join(LOG), why }),
    }
}

/// The runs that the project's log has, oldest first; none where it cannot be read.
#[must_use]
pub fn runs(project: &Project) -> Vec<Iteration> {
    read_log(project).map(Log::into_runs).unwrap_or_default()
}

/// Whether the tracked model is of the same basis as one that something was cut from, or that a budget kept small, and
/// says more.
fn is_poorer(model: &Model, tracked: &Summary, request: &Request) -> bool {
    let is_cut = !model.run.cuts.is_empty();
    if !is_cut && request.budget.is_none() {
        return false;
    }
    let parsed = model.files.iter().filter(|file| file.parsed.is_some()).count();
    let commits = model.history.as_ref().map_or(0, |history| history.commits);
    let (theirs, ours) = (rank(&tracked.mode), rank(&model.run.mode));
    let says_more = if is_cut {
        theirs >= ours && (!tracked.is_partial || (tracked.parsed, tracked.commits) > (parsed, commits))
    } else {
        (theirs > ours || is_narrowed(model, tracked)) && !tracked.is_partial
    };
    says_more && tracked.basis_commit.is_some() && tracked.basis_commit == model.run.basis_commit
}

/// A fuller model in whose place a run put a poorer one, because it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// The mode of the fuller one.
    pub mode: String,
    /// Files that were parsed for it.
    pub parsed: usize,
    /// The command that brings it back.
    pub command: String,
}

impl Replaced {
    /// What a run in a lesser mode, or narrowed to some paths, takes from what the tracked manifest says.
    fn of(tracked: &Summary, model: &Model) -> Option<Self> {
        let is_lesser = rank(&tracked.mode) > rank(&model.run.mode);
        (is_lesser || is_narrowed(model, tracked)).then(|| Self {
            mode: tracked.mode.clone(),
            parsed: tracked.parsed,
            command: format!("codexa discover --mode {}", tracked.mode),
        })
    }
}

/// Whether the model is of some paths only, and the tracked one of all.
fn is_narrowed(model: &Model, tracked: &Summary) -> bool {
    !tracked.is_focused && !model.run.focus.is_empty()
}

fn rank(mode: &str) -> usize {
    ["quick", "code-only", "deep"].iter().position(|name| *name == mode).unwrap_or(0)
}

/// What was read of every file and what its imports came to, as the next run needs it. Nothing of it is left with the others.
pub(super) fn entries(read: &mut Read, linked: &mut Linked) -> Vec<Entry> {
    let (records, kept) = (std::mem::take(&mut read.records), std::mem::take(&mut read.kept));
    let files = records.into_iter().zip(kept).zip(std::mem::take(&mut linked.links));
    let entry = |((record, kept), links): ((FileRecord, Kept), FileLinks)| Entry {
        record,
        known: kept.known,
        stat: kept.stat,
        symbols: kept.symbols,
        links,
        base: kept.base,
    };
    files.map(entry).collect()
}

#[allow(clippy::disallowed_methods, reason = "the log of runs is the one place that holds wall-clock times")]
fn iteration(model: &Model, fresh: u32, request: &Request) -> Iteration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let imports = &model.coverage.imports;
    Iteration {
        iteration: 1,
        began: rfc3339(i64::try_from(now).unwrap_or(i64::MAX)),
        milliseconds: 0,
        mode: model.run.mode.clone(),
        basis_commit: model.run.basis_commit.clone(),
        codexa: model.run.codexa.clone(),
        files: number(model.files.len()),
        read: fresh,
        parsed: number(model.files.iter().filter(|file| file.parsed.is_some()).count()),
        components: number(model.components.all.len()),
        relations: number(model.graph.depends_on.edges()),
        resolved: imports.resolved,
        declined: imports.total.saturating_sub(imports.resolved),
        partial: !model.partial_because().is_empty(),
        written: 0,
        configuration: request.configuration.clone(),
    }
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}
