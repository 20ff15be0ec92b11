//! The end of a run: tracked files and log in one transaction, then the cache.

use super::cache::{self, Entry, stored_model};
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
use std::sync::atomic::{AtomicBool, Ordering};
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
    let mut transaction = Transaction::new(lock);
    if kept.is_none() {
        for projection in projections::project(&model)? {
            transaction.put(format!("{MANIFESTS}/{}", projection.path), projection.text);
        }
        transaction.sweep(format!("{MANIFESTS}/system_model"));
    }
    let cancelled = || stop.load(Ordering::Relaxed);
    let outcome = transaction.commit(cancelled)?;
    iteration.written = u32::try_from(outcome.written.len() + outcome.removed.len()).unwrap_or(u32::MAX);
    if kept.is_none() {
        store(lock, request, read, linked, &model);
    }
    iteration.milliseconds = milliseconds(began);
    runs.push(iteration.clone());
    let mut log = Transaction::new(lock);
    log.put(LOG_TABLE, table(&runs));
    log.put(
        LOG,
        runs.iter().filter_map(|run| serde_json::to_string(run).ok()).map(|line| line + "\n").collect::<String>(),
    );
    log.commit(cancelled)?;
    Ok(Report { model, iteration, written: outcome.written, kept, untracked })
}

/// Why this model must not replace the one that is there: that one is whole, of the same basis, and this one is not.
fn fuller_model(lock: &Lock, model: &Model) -> Option<String> {
    if model.run.cuts.is_empty() {
        return None;
    }
    let there = stored_model(lock.project())?.model;
    let same_basis = there.run.basis_commit == model.run.basis_commit;
    (same_basis && there.run.cuts.is_empty() && there.run.mode == model.run.mode)
        .then(|| "a fuller model of the same commit is there and was kept".to_owned())
}

/// A cache that cannot be written costs the next run time, and this one nothing.
fn store(lock: &Lock, request: &Request, read: Read, linked: Linked, model: &Model) {
    let entries = read.records.into_iter().zip(read.kept).zip(linked.links).map(|((record, kept), links)| Entry {
        record,
        known: kept.known,
        stat: kept.stat,
        hash: kept.hash,
        facts: kept.facts,
        links,
    });
    let stored =
        cache::store(lock.project(), request, read.recorded, linked.surroundings, read.facts, entries.collect(), model);
    drop(stored);
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
