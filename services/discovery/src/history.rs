//! What the repository's past says about the files of today.

use crate::components::{is_code, is_markup};
use crate::hotspots::{Backtest, Verdict};
use crate::model::Model;
use crate::record::{FileClass, FileRecord};
use crate::scan::is_source_path;
use codexa_history::churn::{Anchor, FileChurn, Known, RECENT_WEEKS, churn, is_repair};
use codexa_history::coupling::{Couplings, Pair, couplings};
use codexa_history::lineage::trace;
use codexa_history::ownership::{Owners, last_seen, owners, truck_factor};
use codexa_history::people::Person;
use codexa_history::{Past, Told};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Most commits of the last year that are kept one by one.
pub const MAX_RECENT: usize = 20_000;

/// What the past says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Commits that were read.
    pub read: u32,
    /// Of them, commits that changed a file.
    pub commits: u32,
    /// Of them, commits that repaired something in the code.
    pub repairs: u32,
    /// Weeks from the oldest of them to the basis commit.
    pub weeks: u32,
    /// What was not read, and why.
    pub told: Told,
    /// Commits whose clock is ahead of the basis commit's.
    pub ahead: u32,
    /// Everyone who wrote one of them.
    pub people: Vec<Person>,
    /// Weeks since each of them last changed a file.
    pub last_seen: Vec<u32>,
    /// The past of each file of the model, in its order.
    pub files: Vec<FileChurn>,
    /// Who knows each of them.
    pub owners: Vec<Owners>,
    /// What changes together. Whoever goes by it asks [`Self::co_changes`] or [`Self::changes_with`].
    couplings: Couplings,
    /// Who must go until more than half of the source files have nobody left who knows them.
    pub truck: Vec<u32>,
    /// How ranking files by their past does in this repository.
    pub backtest: Backtest,
    /// Whether there was no time to find that out.
    pub is_untested: bool,
    /// The last year's commits that changed a file of the model, newest first.
    pub recent: Vec<Recent>,
}

/// A file that changes with others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coupled {
    /// The file.
    pub file: u32,
    /// The one of the others that it goes with most.
    pub with: u32,
    /// Commits that changed both.
    pub support: u32,
    /// Share of the commits of the other that changed this file as well, 0 to 1.
    pub confidence: f64,
}

/// A commit of the last year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    /// Its id, shortened.
    pub id: Box<str>,
    /// Whole weeks before the basis commit.
    pub weeks: u32,
    /// Who wrote it, into [`History::people`].
    pub author: u32,
    /// What it says it repaired, where it did.
    pub repaired: Option<Box<str>>,
    /// The files of the model that it changed, sorted.
    pub files: Vec<u32>,
}

/// Somebody who knows files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knows {
    /// Who, into [`History::people`].
    pub person: u32,
    /// Files that they know.
    pub files: u32,
    /// The lines of those, whoever wrote them.
    pub lines: u64,
}

/// Characters of an id that are shown.
const SHORT: usize = 10;

impl History {
    /// What a past that ends at the time of the basis commit says about files (sorted by path); without a test of ranking
    /// by it where there was no time for one.
    #[must_use]
    pub fn new(past: &Past, records: &[&FileRecord], basis_time: i64, backtest: Option<Backtest>) -> Self {
        let paths = Paths::new(past, records);
        let known = paths.known(records.len());
        let anchor = Anchor::at(basis_time);
        let files = churn(past, &known, anchor);
        let seen = last_seen(past, anchor);
        let owners: Vec<Owners> = files.iter().map(|file| owners(file, past, &seen)).collect();
        let sources = owners.iter().zip(records).filter(|(_, record)| is_source(record)).map(|(owners, _)| owners);
        let mut history = Self {
            read: u32::try_from(past.commits.len()).unwrap_or(u32::MAX),
            told: past.told.clone(),
            people: past.people.all.clone(),
            couplings: couplings(past, &known, anchor),
            truck: truck_factor(sources),
            last_seen: seen,
            files,
            owners,
            is_untested: backtest.is_none(),
            backtest: backtest.unwrap_or_default(),
            ..Self::default()
        };
        history.count(past, &known, anchor, basis_time);
        history
    }

    fn count(&mut self, past: &Past, known: &Known<'_>, anchor: Anchor, basis_time: i64) {
        trace(past, known.files, |commit, touched| {
            let (weeks, repairs) = (anchor.weeks_since(commit.time), is_repair(commit, touched, known));
            self.commits += 1;
            self.repairs += u32::from(repairs);
            self.weeks = self.weeks.max(weeks);
            self.ahead += u32::from(commit.time > basis_time);
            if weeks >= RECENT_WEEKS || self.recent.len() >= MAX_RECENT {
                return;
            }
            let mut files: Vec<u32> = touched.iter().filter_map(|it| it.file).collect();
            files.sort_unstable();
            files.dedup();
            if !files.is_empty() {
                let id = commit.id.to_hex_with_len(SHORT).to_string().into();
                let repaired = repairs.then(|| commit.subject.clone());
                self.recent.push(Recent { id, weeks, author: past.author(commit), repaired, files });
            }
        });
    }

    /// The name of a person.
    #[must_use]
    pub fn name(&self, person: u32) -> &str {
        self.people.get(person as usize).map_or("", |person| &person.name)
    }

    /// Whether what changed together says less in this repository than the busiest files of the same folder do. Then
    /// nothing goes by it.
    #[must_use]
    pub fn withholds_co_change(&self) -> bool {
        self.backtest.together.verdict == Verdict::Loses
    }

    /// What changes together, as far as it may be gone by.
    fn pairs(&self) -> &[Pair] {
        if self.withholds_co_change() { &[] } else { &self.couplings.pairs }
    }

    /// What changed together as it was counted, whatever it is worth: to be shown as a count, and not to be gone by.
    #[must_use]
    pub fn counted_couplings(&self) -> &Couplings {
        &self.couplings
    }

    /// What changes together, as pairs of files and the share of the commits that changed one of them and both; nothing
    /// where it is withheld.
    #[must_use]
    pub fn co_changes(&self) -> Vec<(u32, u32, f32)> {
        #[allow(clippy::cast_possible_truncation, reason = "a share needs no more digits")]
        let pair = |pair: &Pair| (pair.a, pair.b, pair.jaccard as f32);
        self.pairs().iter().map(pair).collect()
    }

    /// Code of a model outside of these files (sorted) that changes with one of them, the surest first; nothing where it is
    /// withheld. What is written about every change (a changelog) says nothing.
    #[must_use]
    pub fn changes_with(&self, model: &Model, files: &[u32]) -> Vec<Coupled> {
        let is_inside = |file: u32| files.binary_search(&file).is_ok();
        let mut best: BTreeMap<u32, (f64, Coupled)> = BTreeMap::new();
        for pair in self.pairs() {
            let (file, with, confidence) = match (is_inside(pair.a), is_inside(pair.b)) {
                (true, false) => (pair.b, pair.a, pair.confidence.0),
                (false, true) => (pair.a, pair.b, pair.confidence.1),
                _ => continue,
            };
            if !model.file(file).is_some_and(|file| file.is_code) {
                continue;
            }
            let coupled = Coupled { file, with, support: pair.support, confidence };
            let known = best.entry(file).or_insert((pair.weight, coupled));
            if pair.weight > known.0 {
                *known = (pair.weight, coupled);
            }
        }
        let mut all: Vec<(f64, Coupled)> = best.into_values().collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.file.cmp(&b.1.file)));
        all.into_iter().map(|(_, coupled)| coupled).collect()
    }

    /// Whether a person changed a file in the last year.
    #[must_use]
    pub fn is_active(&self, person: u32) -> bool {
        self.last_seen.get(person as usize).is_some_and(|weeks| *weeks < RECENT_WEEKS)
    }

    /// Who wrote some files or works on them, with how many of them and their lines: who knows most lines first.
    #[must_use]
    pub fn known_by(&self, files: impl IntoIterator<Item = u32>, lines: impl Fn(u32) -> u64) -> Vec<Knows> {
        let mut known: BTreeMap<u32, Knows> = BTreeMap::new();
        for file in files {
            for person in self.owners.get(file as usize).into_iter().flat_map(Owners::known_by) {
                let it = known.entry(person).or_insert(Knows { person, files: 0, lines: 0 });
                it.files += 1;
                it.lines += lines(file);
            }
        }
        let mut all: Vec<Knows> = known.into_values().collect();
        all.sort_by_key(|it| (Reverse(it.lines), it.person));
        all
    }

    /// The same, who is still active first: whom to ask.
    #[must_use]
    pub fn to_ask(&self, files: impl IntoIterator<Item = u32>, lines: impl Fn(u32) -> u64) -> Vec<Knows> {
        let mut all = self.known_by(files, lines);
        // The sort is stable.
        all.sort_by_key(|it| !self.is_active(it.person));
        all
    }

    /// What a budget took away, one sentence each.
    #[must_use]
    pub fn cut_by_time(&self) -> Vec<String> {
        let commits = self.told.out_of_time.then_some("history: the budget was used up before all commits were read");
        let test = self.is_untested.then_some("history: the budget left no time to test ranking by the past");
        commits.into_iter().chain(test).map(str::to_owned).collect()
    }

    /// Why the past is known in part only, one sentence each.
    #[must_use]
    pub fn cuts(&self) -> Vec<String> {
        self.cut_by_time().into_iter().chain(self.cut_by_limits()).collect()
    }

    /// What else is known in part only.
    #[must_use]
    pub fn cut_by_limits(&self) -> Vec<String> {
        let told = &self.told;
        let mut cuts = Vec::new();
        let mut tell = |is_so: bool, what: String| cuts.extend(is_so.then_some(what));
        tell(told.window_reached, format!("history: only the newest {} commits were read", self.read));
        tell(told.changes_reached, "history: more changes than are kept; older commits were not read".to_owned());
        tell(
            told.boundaries > 0,
            format!("history ends early (shallow clone): {} commits without parents", told.boundaries),
        );
        tell(told.missing > 0, format!("history: of {} commits objects are missing or damaged", told.missing));
        tell(told.too_large > 0, format!("history: {} commits change too many files to be kept", told.too_large));
        cuts
    }
}

/// Whether a file is source code that people of this project write.
pub(crate) fn is_source(record: &FileRecord) -> bool {
    let is_written = record.class == FileClass::Source && is_code(record);
    is_written && record.language.as_deref().is_some_and(|language| !is_markup(language))
}

/// The paths of a past beside the files of today.
struct Paths {
    files: Vec<Option<u32>>,
    is_source: Vec<bool>,
}

impl Paths {
    fn new(past: &Past, records: &[&FileRecord]) -> Self {
        let by_path: FxHashMap<&str, u32> =
            records.iter().zip(0..).map(|(record, file)| (&*record.path, file)).collect();
        let texts = past.paths.iter().map(|path| codexa_project::path::text(path));
        let (files, is_source) = texts
            .map(|path| {
                let file = by_path.get(&*path).copied();
                let record = file.and_then(|file| records.get(file as usize));
                // What is gone is judged by its name.
                (file, record.map_or_else(|| is_source_path(&path), |record| is_source(record)))
            })
            .unzip();
        Self { files, is_source }
    }

    fn known(&self, count: usize) -> Known<'_> {
        Known { files: &self.files, is_source: &self.is_source, count }
    }
}
