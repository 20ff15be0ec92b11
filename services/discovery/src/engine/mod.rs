//! One discovery, from a project to its model and its tracked files.
//!
//! [`discover`] reads as the list of its stages; each stage is a module:
//! scan -> [`reading`] (what the cache does not know goes to the workers; beside it [`past`]) -> [`linking`] (imports to files)
//! -> the model -> [`publish`] (tracked files, log and cache, in one transaction).

mod cache;
mod context;
mod error;
mod iteration;
mod knowledge;
mod linking;
mod past;
mod progress;
mod publish;
mod reading;
mod reports;
mod request;
mod snapshots;
mod staleness;

pub use cache::{Stored, SymbolTables, is_left, stored};
pub use error::DiscoverError;
pub use iteration::Iteration;
pub(crate) use knowledge::{ANNOTATIONS, answers};
pub use knowledge::{ANNOTATIONS_PATH, Broken, Knowledge};
pub use progress::{Phase, Progress, Silent};
pub use publish::{Replaced, runs};
pub use request::{Mode, Request};
pub use snapshots::{KEPT, Snapshots};
pub use staleness::Staleness;

use crate::followups;
use crate::history::History;
use crate::intents::Memory;
use crate::iterations::Difference;
use crate::model::{ContextRun, Inputs, Model, Run};
use crate::parallel::{Pace, in_parallel};
use crate::scan::{ScanError, ScannedFile, scan};
use crate::workers::{Crew, Pool};
use crate::zones;
use cache::{Cache, Leaving};
use codexa_project::git::Basis;
use codexa_project::lock::Lock;
use codexa_project::{Kind, Project};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

/// What a run did.
#[derive(Debug)]
pub struct Report {
    /// The model.
    pub model: Model,
    /// The run, as the iteration log has it.
    pub iteration: Iteration,
    /// Tracked files that have new content, from the project's root.
    pub written: Vec<String>,
    /// Why the tracked files were left as they are, where they were.
    pub kept: Option<String>,
    /// The fuller model in whose place this one came, where there was one.
    pub replaced: Option<Replaced>,
    /// What two branches gave one id to, and how that was settled: a sentence each.
    pub settled: Vec<String>,
    /// What changed since the last iteration that looked in the same way; `None` where none is known.
    pub changed: Option<Difference>,
    /// Whether questions can be answered from what the run left.
    pub answers: bool,
    /// What is not tracked, and not modelled.
    pub untracked: u64,
    /// What the run went by, which nobody needs any more. To take it apart takes long, and who is about to end need not.
    pub rest: Box<dyn Any + Send>,
}

/// Runs one discovery. `stop` may be set at any time (Ctrl-C): the run ends with [`DiscoverError::Cancelled`] and the
/// tracked files are as they were.
///
/// # Errors
/// As [`DiscoverError`] says; tracked files are as they were.
pub fn discover(request: &Request, stop: &AtomicBool, progress: &dyn Progress) -> Result<Report, DiscoverError> {
    let began = Instant::now();
    let project = Project::open(&request.root)?;
    let cancelled = || stop.load(Ordering::Relaxed);
    let lock = acquire(&project, request, &cancelled, progress)?;
    let mut knowledge = Knowledge::read(&project)?;

    // Before any file is looked at: what is read after it may be newer, and that is seen.
    let basis = project.basis_unless(&cancelled)?;
    progress.phase(Phase::Scan, 0);
    let crew = crew(&project, request);
    let look = || scan(&project, &request.scan_options(), &cancelled);
    let (scanned, before) = if Cache::is_there(&project) {
        thread::scope(|scope| {
            let before = scope.spawn(|| Cache::load(&project, request));
            (look(), before.join().unwrap_or_default())
        })
    } else {
        (look(), Cache::default())
    };
    let scan = scanned?;
    let is_quick = request.mode == Mode::Quick;
    let is_parsed = |file: &&ScannedFile| file.parsed.is_some() && !is_quick;
    let pace = Pace::of(scan.files.len(), scan.files.iter().filter(is_parsed).count());

    let asked = past::Asked { project: &project, request, basis: basis.as_ref(), began, stop };
    let known = || if is_quick { Memory::default() } else { cache::memory(&project, request) };
    let earlier = || lock.as_ref().map(|lock| publish::Earlier::of(lock.project(), request));
    let left = || (past::start(asked), known(), earlier());
    let read = || reading::read(&project, request, scan, before, crew, stop, progress);
    // How long the past takes depends on commits and not on files; quick mode asks for none.
    let ((past, mut memory, earlier), read) = if is_quick { (left(), read()) } else { in_parallel(left, read) };
    let mut read = read?;
    progress.phase(Phase::Relate, read.records.len() as u64);
    let (records, surroundings) = (&*read.records, std::mem::take(&mut read.surroundings));
    let (mut linked, beside) = pace.both(
        || linking::link(&project, request, records, &mut read.kept, surroundings, pace),
        || -> Result<_, DiscoverError> {
            let context = context::gather(&project, request, records)?;
            let reports = reports::find(&project, request, records).map_err(ScanError::from)?;
            Ok((context, reports, past::history(past?, records)?))
        },
    );

    if lock.is_none() {
        // Nothing is left for a next run.
        read.kept = Vec::new();
    }
    progress.phase(Phase::Model, 0);
    let (context, reports, (history, past)) = beside?;
    read.cuts.extend(history.iter().flat_map(History::cut_by_time));
    // Once everything is read: manifests were until now.
    read.cuts.extend(moved(&project, basis.as_ref(), &cancelled)?);
    let run = run_of(request, basis.as_ref(), &read, &linked, context.run);
    let run = Run { annotations: knowledge.sha256.clone(), ..run };
    let mut model = Model::remembering(
        Inputs {
            run: &run,
            records: &read.records,
            links: &linked.links,
            packages: &linked.surroundings.packages,
            dependencies: &linked.surroundings.survey.dependencies,
            namespaces: &linked.surroundings.survey.namespaces,
            history,
            context: &context.documents,
            reports: &reports,
        },
        &mut memory,
    );
    let enter = || {
        followups::enter(&mut model, &knowledge.annotations, &mut knowledge.ids);
        zones::enter(&mut model, &mut knowledge.ids);
    };
    // A bare repository has no place to leave anything in.
    let rest = || {
        let lock = lock.as_ref()?;
        Some((lock, publish::entries(&mut read, &mut linked), publish::Standing::of(lock.project())))
    };
    let (rest, ()) = pace.both(rest, enter);

    progress.phase(Phase::Write, 0);
    let (entries, at) = match rest.zip(earlier) {
        Some(((lock, entries, standing), earlier)) => (entries, Some(publish::Place { lock, earlier, standing })),
        None => (Vec::new(), None),
    };
    let (fresh, untracked, surroundings, workers) = (read.fresh, read.untracked, linked.surroundings, read.workers);
    let leaving = Leaving { recorded: read.recorded, surroundings, symbols: read.symbols, entries, past, memory };
    let publication = publish::Publication { at, request, leaving, fresh, untracked, model, knowledge, began, stop };
    let report = publish::publish(publication);
    // They had all that time to end.
    drop(workers);
    report
}

/// The right to write; none for a bare repository, which has no place to write to.
fn acquire(
    project: &Project,
    request: &Request,
    cancelled: &dyn Fn() -> bool,
    progress: &dyn Progress,
) -> Result<Option<Lock>, DiscoverError> {
    if project.kind() == Kind::Bare {
        return Ok(None);
    }
    let waiting = |holder: &codexa_project::lock::Holder| progress.remark(&format!("waiting for {holder}"));
    Ok(Some(Lock::acquire(project, "codexa discover", request.patience, waiting, cancelled)?))
}

/// Workers that start while files are looked for. After a run that left something there is mostly little to read.
fn crew(project: &Project, request: &Request) -> Crew {
    let workers = if Cache::is_there(project) { 1 } else { request.threads() };
    Pool { program: request.worker.clone(), setup: request.setup(project.root()) }.start(workers)
}

/// What is to be said where the project came to stand on another commit while its files were read.
fn moved(
    project: &Project,
    basis: Option<&Basis>,
    cancelled: &dyn Fn() -> bool,
) -> Result<Option<String>, DiscoverError> {
    let now = project.basis_unless(cancelled)?;
    if now.as_ref().map(|now| now.commit) == basis.map(|basis| basis.commit) {
        return Ok(None);
    }
    let name =
        |basis: Option<&Basis>| basis.map_or("no commit".to_owned(), |it| it.commit.to_hex_with_len(10).to_string());
    let (from, to) = (name(basis), name(now.as_ref()));
    Ok(Some(format!("HEAD moved from {from} to {to} while files were read: each may be of either")))
}

/// The part of the manifest that says which run of what on what this was.
fn run_of(
    request: &Request,
    basis: Option<&Basis>,
    read: &reading::Read,
    linked: &linking::Linked,
    context: ContextRun,
) -> Run {
    let mut lacks: Vec<String> = read.lacks.iter().map(ToString::to_string).collect();
    lacks.extend(read.left_out.iter().cloned());
    lacks.extend(linked.surroundings.not_understood());
    let mut cut_short: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, what) in &linked.surroundings.cuts {
        cut_short.entry(path.to_string()).or_default().push(what.to_string());
    }
    Run {
        project: request.name.clone(),
        basis_commit: basis.map(|basis| basis.commit.to_string()),
        generated_at: basis.map(|basis| iteration::rfc3339(basis.time)),
        codexa: env!("CARGO_PKG_VERSION").to_owned(),
        mode: request.mode.name().to_owned(),
        focus: request.focus.clone(),
        skip_paths: request.skip.clone(),
        generated: request.generated.clone(),
        vendored: request.vendored.clone(),
        no_ignore: request.no_ignore,
        context,
        configuration: request.configuration.clone(),
        annotations: None,
        config: request.config.clone(),
        lacks,
        cuts: read.cuts.clone(),
        cut_short,
        limits: request.limits(),
        // Clocks differ, what ends a parser, the file or the machine's memory, no one can tell, nor when HEAD moves.
        reproducible: read.cuts.is_empty(),
    }
}
