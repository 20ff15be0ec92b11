//! The repository's past beside a run: read on a thread of its own while files are parsed, and kept from run to run.
//!
//! - `past`: the commits as they were read. A run on a newer commit reads only what is new.
//! - `history`: what they say about the files of the last run. A run on the same commit with the same files takes it as
//!   it is, and does not open `past`.

use super::DiscoverError;
use super::cache;
use super::request::{Mode, Request};
use crate::history::{History, is_source};
use crate::hotspots::backtest::{Backtest, Window, backtest};
use crate::record::FileRecord;
use codexa_history::read::Pulse;
use codexa_history::snapshot::snapshot;
use codexa_history::{Past, read};
use codexa_project::git::Basis;
use codexa_project::{Project, is_written_by_codexa};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const PAST: &str = "past";
const HISTORY: &str = "history";

/// Most files of one commit that are kept.
pub(crate) const MAX_COMMIT_FILES: usize = 10_000;
/// Most changes that are kept of all commits.
pub(crate) const MAX_CHANGES: usize = 4_000_000;
/// Largest list of names and addresses that is read.
const MAILMAP_BYTES: u64 = 1 << 20;

/// What a history was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    /// The basis commit.
    commit: String,
    max_commits: u64,
    /// Hash of the project's corrections of names.
    mailmap: [u8; 32],
}

/// What the last run left, and for which files.
#[derive(Serialize, Deserialize)]
struct Remembered {
    key: Key,
    files: [u8; 32],
    history: History,
}

/// Whose past is wanted, and how long it may take to read.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) project: &'a Project,
    pub(crate) request: &'a Request,
    pub(crate) basis: Option<&'a Basis>,
    pub(crate) began: Instant,
    pub(crate) stop: &'a AtomicBool,
}

/// The past as far as it had to be read.
pub(crate) struct Reading<'a> {
    asked: Asked<'a>,
    basis: &'a Basis,
    key: Key,
    mailmap: Vec<u8>,
    /// What the last run left, where it is of the same commit.
    remembered: Option<Box<Remembered>>,
    /// The past itself, where that is not so, and how ranking by it does, where there was time to test it.
    past: Option<(Past, Option<Backtest>)>,
}

/// What of a past is new and goes to the cache.
#[derive(Default)]
pub(crate) struct Fresh {
    past: Option<Past>,
    remembered: Option<(Key, [u8; 32])>,
}

/// Reads the past of the basis commit. `None` where there is no commit, and in quick mode.
pub(crate) fn start<'a>(asked: Asked<'a>) -> Result<Option<Reading<'a>>, DiscoverError> {
    let Some(basis) = asked.basis.filter(|_| asked.request.mode != Mode::Quick) else { return Ok(None) };
    let mailmap = mailmap(asked.project);
    let key = Key {
        commit: basis.commit.to_string(),
        max_commits: asked.request.max_commits,
        mailmap: Sha256::digest(&mailmap).into(),
    };
    let remembered = cache::load::<Remembered>(asked.project, HISTORY).map(Box::new);
    let mut reading = Reading { asked, basis, key, mailmap, remembered, past: None };
    if !reading.remembered.as_ref().is_some_and(|it| it.key == reading.key && is_final(&it.history)) {
        reading.read_on()?;
    }
    Ok(Some(reading))
}

/// Whether nothing that was missing may be there by now.
fn is_final(history: &History) -> bool {
    let told = &history.told;
    told.boundaries == 0 && told.missing == 0 && !told.out_of_time && !history.is_untested
}

fn mailmap(project: &Project) -> Vec<u8> {
    let read = project.reader().ok().and_then(|reader| reader.read(".mailmap", MAILMAP_BYTES).ok());
    read.map(|content| content.bytes).unwrap_or_default()
}

impl Reading<'_> {
    fn read(&self, before: &Past) -> Result<Past, DiscoverError> {
        let Asked { project, request, began, stop, .. } = self.asked;
        let Some(repository) = project.repository() else { return Ok(Past::default()) };
        let deadline = request.budget.map(|budget| began + budget);
        let pulse = || match deadline {
            _ if stop.load(Ordering::Relaxed) => Pulse::Cancel,
            Some(deadline) if Instant::now() >= deadline => Pulse::OutOfTime,
            _ => Pulse::GoOn,
        };
        let is_left_out = |path: &[u8]| is_written_by_codexa(&codexa_project::path::text(path));
        let wanted = codexa_history::Request {
            repository: repository.objects(),
            from: self.basis.commit,
            prefix: project.prefix(),
            mailmap: &self.mailmap,
            is_left_out: &is_left_out,
            max_commits: usize::try_from(request.max_commits).unwrap_or(usize::MAX),
            max_files: MAX_COMMIT_FILES,
            max_changes: MAX_CHANGES,
            threads: request.threads(),
            pulse: &pulse,
        };
        read(&wanted, before).map_err(|_| DiscoverError::Cancelled)
    }

    /// Reads what is new since the last run, and tests the ranking where a new period has begun.
    fn read_on(&mut self) -> Result<(), DiscoverError> {
        let past = self.read(&cache::load(self.asked.project, PAST).unwrap_or_default())?;
        let known = self.remembered.take().map(|it| (it.key.max_commits, it.history.backtest));
        let window = Window::of(&past);
        let is_same = |(max_commits, backtest): &(u64, Backtest)| {
            *max_commits == self.key.max_commits && backtest.window == window.map(Window::ends)
        };
        let backtest = match (window, known.filter(is_same)) {
            // Further back there may be the year that is needed.
            (None, _) => (!past.told.out_of_time).then(Backtest::default),
            (Some(_), Some((_, backtest))) => Some(backtest),
            // Whoever is in a hurry wants what there is.
            (Some(_), None) if self.asked.request.budget.is_some() => None,
            (Some(window), None) => Some(self.test(&past, window)),
        };
        self.past = Some((past, backtest));
        Ok(())
    }

    fn test(&self, past: &Past, window: Window) -> Backtest {
        let Asked { project, request, .. } = self.asked;
        let Some(repository) = project.repository() else { return Backtest::default() };
        backtest(past, window, &|commit, is_wanted| {
            snapshot(repository.objects(), commit, project.prefix(), is_wanted, request.threads())
        })
    }

    fn history(mut self, records: &[&FileRecord]) -> Result<(History, Fresh), DiscoverError> {
        let files = hash(records);
        let (past, backtest, is_new) = match (self.past.take(), self.remembered.take()) {
            (Some((past, backtest)), _) => (past, backtest, true),
            (None, Some(known)) if known.files == files => return Ok((known.history, Fresh::default())),
            (None, known) => {
                // Other files at the same commit. The commits may have been swept away.
                let before: Past = cache::load(self.asked.project, PAST).unwrap_or_default();
                let is_same = before.commits.first().is_some_and(|newest| newest.id == self.basis.commit);
                let past = if is_same { before } else { self.read(&before)? };
                (past, known.map(|it| it.history.backtest), !is_same)
            }
        };
        let history = History::new(&past, records, self.basis.time, backtest);
        Ok((history, Fresh { past: is_new.then_some(past), remembered: Some((self.key, files)) }))
    }
}

/// What the past says about these files, and what of it the next run should find.
pub(crate) fn history(
    reading: Option<Reading<'_>>,
    records: &[FileRecord],
) -> Result<(Option<History>, Fresh), DiscoverError> {
    let Some(reading) = reading else { return Ok((None, Fresh::default())) };
    // The order of the model's files.
    let mut sorted: Vec<&FileRecord> = records.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    sorted.dedup_by(|later, first| later.path == first.path);
    let (history, fresh) = reading.history(&sorted)?;
    Ok((Some(history), fresh))
}

impl Fresh {
    /// Writes it beside what is there; gives the names of what was written.
    pub(crate) fn stage(&self, writer: &cache::Beside<'_>, history: Option<&History>) -> io::Result<Vec<&'static str>> {
        let mut names = Vec::new();
        if let Some(past) = &self.past {
            writer.write(PAST, past)?;
            names.push(PAST);
        }
        if let (Some((key, files)), Some(history)) = (&self.remembered, history) {
            writer.write(HISTORY, &Remembering { key, files, history })?;
            names.push(HISTORY);
        }
        Ok(names)
    }
}

/// [`Remembered`], to be written.
#[derive(Serialize)]
struct Remembering<'a> {
    key: &'a Key,
    files: &'a [u8; 32],
    history: &'a History,
}

/// Which files there are and what each is: all that a history depends on besides the past.
fn hash(records: &[&FileRecord]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for record in records {
        hash.update(record.path.as_bytes());
        hash.update([0, u8::from(is_source(record))]);
    }
    hash.finalize().into()
}
