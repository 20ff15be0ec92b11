//! The end of a run: tracked files and log in one transaction, and then the cache.

use super::cache::{self, Entry, stored};
use super::iteration::{Iteration, parse, rfc3339, table};
use super::linking::Linked;
use super::reading::Read;
use super::request::Request;
use super::{DiscoverError, Report};
use crate::model::Model;
use crate::projections;
use codexa_project::lock::Lock;
use codexa_project::write::Transaction;
use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const MANIFESTS: &str = ".codexa/manifests";
const LOG: &str = ".codexa/logs/iterations.jsonl";
const LOG_TABLE: &str = ".codexa/logs/iteration_log.md";

/// A finished model on its way out.
pub(super) struct Publication<'a> {
    pub(super) lock: Option<&'a Lock>,
    pub(super) request: &'a Request,
    pub(super) read: Read,
    pub(super) linked: Linked,
    pub(super) model: Model,
    pub(super) began: Instant,
    pub(super) stop: &'a AtomicBool,
}

/// Writes everything, or nothing that git tracks.
pub(super) fn publish(publication: Publication<'_>) -> Result<Report, DiscoverError> {
    let Publication { lock, request, read, linked, model, began, stop } = publication;
    let untracked = read.untracked;
    let mut iteration = iteration(&model, &read, request);
    let Some(lock) = lock else {
        iteration.milliseconds = milliseconds(began);
        let kept = Some("a bare repository has no place for tracked files".to_owned());
        return Ok(Report { model, iteration, written: Vec::new(), kept, untracked });
    };
    let mut runs = parse(&fs::read_to_string(lock.project().root().join(LOG)).unwrap_or_default());
    iteration.iteration = runs.iter().map(|run| run.iteration).max().unwrap_or(0) + 1;
    let kept = fuller_model(lock, &model);
    let is_kept = kept.is_some();
    let written = thread::scope(|scope| {
        // What the next run needs is large; it is written while the tracked files are, and appears only after them.
        let staged = (!is_kept).then(|| scope.spawn(|| stage(lock, request, read, linked, &model)));
        let mut transaction = Transaction::new(lock);
        if !is_kept {
            for projection in projections::project(&model)? {
                transaction.put(format!("{MANIFESTS}/{}", projection.path), projection.text);
            }
            transaction.sweep(format!("{MANIFESTS}/system_model"));
        }
        let plan = transaction.plan()?;
        iteration.written = u32::try_from(plan.written.len() + plan.removed.len()).unwrap_or(u32::MAX);
        iteration.milliseconds = milliseconds(began);
        runs.push(iteration.clone());
        let lines = runs.iter().filter_map(|run| serde_json::to_string(run).ok()).map(|line| line + "\n");
        transaction.put(LOG, lines.collect::<String>());
        transaction.put(LOG_TABLE, table(&runs));
        transaction.commit(|| stop.load(Ordering::Relaxed))?;
        // A cache that cannot be written costs the next run time, and this one nothing.
        if let Some(Ok(Ok(staged))) = staged.map(thread::ScopedJoinHandle::join) {
            let _ = staged.appear();
        }
        Ok::<_, DiscoverError>(plan.written)
    })?;
    iteration.milliseconds = milliseconds(began);
    Ok(Report { model, iteration, written, kept, untracked })
}

/// Why this model must not replace the one that is there: that one is whole, of the same basis, and this one is not.
fn fuller_model(lock: &Lock, model: &Model) -> Option<String> {
    if model.run.cuts.is_empty() {
        return None;
    }
    let there = stored(lock.project())?.model;
    let same_basis = there.run.basis_commit == model.run.basis_commit;
    (same_basis && there.run.cuts.is_empty() && there.run.mode == model.run.mode)
        .then(|| "a fuller model of the same commit is there and was kept".to_owned())
}

fn stage(lock: &Lock, request: &Request, read: Read, linked: Linked, model: &Model) -> io::Result<cache::Staged> {
    let entries = read.records.into_iter().zip(read.kept).zip(linked.links).map(|((record, kept), links)| Entry {
        record,
        known: kept.known,
        stat: kept.stat,
        symbols: kept.symbols,
        links,
    });
    cache::stage(lock.project(), request, read.recorded, linked.surroundings, read.symbols, entries.collect(), model)
}

#[allow(clippy::disallowed_methods, reason = "the log of runs is the one place that holds wall-clock times")]
fn iteration(model: &Model, read: &Read, request: &Request) -> Iteration {
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
        read: read.fresh,
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
