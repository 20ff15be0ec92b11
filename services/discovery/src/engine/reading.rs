//! From scanned files to records: what the cache still knows is taken from it, the rest goes to the workers.

use super::DiscoverError;
use super::cache::{Cache, Entry, Known, Place, Surroundings, SymbolsWriter};
use super::progress::{Phase, Progress};
use super::request::{Mode, Request};
use crate::record::{FileClass, FileLinks, FileRecord, LineCounts, Unread};
use crate::scan::{Scan, ScannedFile};
use crate::workers::{Body, Crew, Dismissed, Outcome, Task};
use codexa_project::stat::Moment;
use codexa_project::{Lack, Project};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Every file as a record, and what is to be kept of it.
pub(crate) struct Read {
    /// What the project and its work tree lack.
    pub(crate) lacks: Vec<Lack>,
    /// Files that git does not track.
    pub(crate) untracked: u64,
    /// One per file, in the order of `kept`.
    pub(crate) records: Vec<FileRecord>,
    pub(crate) kept: Vec<Kept>,
    pub(crate) symbols: SymbolsWriter,
    pub(crate) recorded: Moment,
    /// What the kept links were resolved from.
    pub(crate) surroundings: Surroundings,
    /// Files that were read in this run.
    pub(crate) fresh: u32,
    /// Sentences on what was left out on purpose.
    pub(crate) left_out: Vec<String>,
    /// Sentences on what was cut.
    pub(crate) cuts: Vec<String>,
    /// Who read it.
    pub(crate) workers: Dismissed,
}

/// What of a file goes to the cache beside its record.
pub(crate) struct Kept {
    pub(crate) known: Known,
    pub(crate) stat: Option<codexa_project::FileStat>,
    pub(crate) symbols: Option<super::cache::Place>,
    /// Whether it was read in this run: its content may not be that of the last one.
    pub(crate) is_fresh: bool,
    /// Links of the last run, where the file is as it was.
    pub(crate) links: Option<FileLinks>,
    /// Where the cache has all of it as it is.
    pub(crate) base: Option<u32>,
}

/// Reads what changed.
pub(crate) fn read(
    project: &Project,
    request: &Request,
    scan: Scan,
    mut cache: Cache,
    crew: Crew,
    stop: &AtomicBool,
    progress: &dyn Progress,
) -> Result<Read, DiscoverError> {
    let began = Instant::now();
    // Before any file is looked at: a later change must not seem older than what was read.
    let recorded = Moment::now();
    let mut left_out = scan.not_read();
    let mut files = scan.files;
    if request.mode == Mode::CodeOnly {
        let before = files.len();
        files.retain(|file| !matches!(file.class, FileClass::Documentation | FileClass::Test));
        left_out.push(format!(
            "code-only: {} documents and tests, and all comments, were not looked at: lines are those of code, and what is \
             documented is not known; tests within files of code, and what generators and compilers read in comments, were",
            before - files.len()
        ));
    }
    let mut slots: Vec<Option<(FileRecord, Kept)>> = Vec::with_capacity(files.len());
    let mut tasks = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let reused = unchanged(file, &mut cache);
        if reused.is_none() {
            tasks.push(task(index, file));
        }
        slots.push(reused);
    }
    order(&mut tasks, request);
    let fresh = tasks.len();
    progress.phase(Phase::Parse, fresh as u64);
    let symbols = Mutex::new(SymbolsWriter::new(project, &cache));
    let put = |blob: &[u8]| symbols.lock().unwrap_or_else(PoisonError::into_inner).append(blob);
    let mut take = |outcome: Outcome, place: Option<Place>| {
        progress.advance(1, outcome.bytes);
        let at = outcome.index as usize;
        if let (Some(slot), Some(file)) = (slots.get_mut(at), files.get(at)) {
            *slot = Some(settle(file, outcome, &cache, place));
        }
    };
    let workers = run(crew, request, tasks, stop, began, &put, &mut take)?;
    let mut read = Read {
        lacks: scan.lacks,
        untracked: scan.untracked.files,
        records: Vec::with_capacity(slots.len()),
        kept: Vec::with_capacity(slots.len()),
        symbols: symbols.into_inner().unwrap_or_else(PoisonError::into_inner),
        recorded,
        surroundings: std::mem::take(&mut cache.surroundings),
        fresh: u32::try_from(fresh).unwrap_or(u32::MAX),
        left_out,
        cuts: scan.cuts,
        workers,
    };
    for (slot, file) in slots.into_iter().zip(&files) {
        let (record, kept) = slot.unwrap_or_else(|| not_reached(file));
        read.records.push(record);
        read.kept.push(kept);
    }
    read.label();
    Ok(read)
}

/// Runs the pool until the tasks, the budget or the person's patience end.
fn run(
    crew: Crew,
    request: &Request,
    tasks: Vec<Task>,
    stop: &AtomicBool,
    began: Instant,
    put: &(dyn Fn(&[u8]) -> Option<Place> + Sync),
    take: &mut dyn FnMut(Outcome, Option<Place>),
) -> Result<Dismissed, DiscoverError> {
    if tasks.is_empty() {
        return Ok(crew.dismiss());
    }
    let small: u64 = tasks.iter().map(|task| task.bytes).sum();
    // Starting a second process costs more than a few small files.
    let threads = if small < (64 << 10) { 1 } else { request.threads() };
    let deadline = request.budget.map(|budget| began + budget);
    let is_over = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
    if is_over() {
        return Ok(crew.dismiss());
    }
    let halt = || is_over() || stop.load(Ordering::Relaxed);
    let workers = crew.run(tasks, threads, halt, put, |outcome, place| take(outcome, place.flatten()))?;
    if stop.load(Ordering::Relaxed) {
        return Err(DiscoverError::Cancelled);
    }
    Ok(workers)
}

/// The file's record and links as the last run left them, where it surely is as it was.
fn unchanged(file: &ScannedFile, cache: &mut Cache) -> Option<(FileRecord, Kept)> {
    let recorded = cache.recorded?;
    let entry = cache.entries.get(&file.path)?;
    let same = file.stat.is_some_and(|now| entry.stat.is_some_and(|then| now.is_unchanged_since(&then, recorded)));
    // A file that a budget or a fault kept from being read has its turn again.
    let final_answer =
        !matches!(entry.record.unread, Some(Unread::Budget | Unread::TimedOut | Unread::Crashed | Unread::Unreadable));
    if !same || entry.known != known(file) || !final_answer {
        return None;
    }
    let Entry { record, known, stat, symbols, links, base } = cache.entries.take(&file.path)?;
    Some((record, Kept { known, stat, symbols, is_fresh: false, links: Some(links), base }))
}

fn known(file: &ScannedFile) -> Known {
    Known {
        counted_as: file.language.map(|language| language.name().into()),
        parse_as: file.parsed,
        class: file.class,
        is_class_final: file.is_class_final,
    }
}

fn task(index: usize, file: &ScannedFile) -> Task {
    let Known { counted_as, parse_as, class, is_class_final } = known(file);
    Task {
        index: u32::try_from(index).unwrap_or(u32::MAX),
        path: file.path.clone(),
        bytes: file.size,
        counted_as,
        parse_as,
        class,
        is_class_final,
    }
}

/// Largest first, so that the last ones to be read are small; under a budget what people wrote comes before the rest.
fn order(tasks: &mut [Task], request: &Request) {
    let rank = |task: &Task| match (request.budget, task.class, task.parse_as) {
        (None, ..) => 0,
        (_, FileClass::Source, Some(_)) => 1,
        (_, FileClass::Test, Some(_)) => 2,
        _ => 3,
    };
    tasks.sort_by(|a, b| (rank(a), b.bytes, &a.path).cmp(&(rank(b), a.bytes, &b.path)));
}

/// A record from what a worker found. Where nothing changed that links are resolved from, they are what they were.
fn settle(file: &ScannedFile, outcome: Outcome, cache: &Cache, symbols: Option<Place>) -> (FileRecord, Kept) {
    let (digest, unread, headings) = match outcome.body {
        Body::Parsed(digest) => (Some(digest), None, Vec::new()),
        Body::Counted => (None, None, Vec::new()),
        Body::Document(headings) => (None, None, headings),
        Body::Unread(why) => (None, Some(why), Vec::new()),
    };
    let record = FileRecord {
        path: file.path.clone(),
        language: outcome.language,
        class: outcome.class,
        bytes: outcome.bytes,
        lines: outcome.lines,
        digest,
        unread,
        headings,
        mentions: outcome.mentions,
    };
    let before = cache.entries.get(&file.path);
    let links = before.filter(|entry| depends_on_the_same(&entry.record, &record)).map(|entry| entry.links.clone());
    (record, Kept { known: known(file), stat: outcome.stat, symbols, is_fresh: true, links, base: None })
}

/// Whether nothing changed in what a file's links are resolved from.
fn depends_on_the_same(before: &FileRecord, now: &FileRecord) -> bool {
    match (&before.digest, &now.digest) {
        (Some(before), Some(now)) => {
            before.imports == now.imports && before.references == now.references && before.scopes == now.scopes
        }
        (before, now) => before.is_none() && now.is_none(),
    }
}

fn not_reached(file: &ScannedFile) -> (FileRecord, Kept) {
    let known = known(file);
    let record = FileRecord {
        path: file.path.clone(),
        language: known.counted_as.clone(),
        class: file.class,
        bytes: file.size,
        lines: LineCounts::default(),
        digest: None,
        unread: Some(Unread::Budget),
        headings: Vec::new(),
        mentions: Vec::new(),
    };
    (record, Kept { known, stat: None, symbols: None, is_fresh: true, links: None, base: None })
}

impl Read {
    fn label(&mut self) {
        let count = |why: Unread| self.records.iter().filter(|record| record.unread == Some(why)).count();
        let (late, crashed, missed) = (count(Unread::TimedOut), count(Unread::Crashed), count(Unread::Budget));
        if missed > 0 {
            self.cuts.push(format!("the budget was used up before {missed} files were read"));
        }
        if late > 0 {
            self.cuts.push(format!("{late} files were given up after the time limit"));
        }
        if crashed > 0 {
            self.cuts.push(format!("{crashed} files ended their parser"));
        }
    }
}
