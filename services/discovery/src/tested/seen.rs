//! What coverage files say, put to the model's files.
//!
//! A report that keeps its tests apart decides: what it saw is so, and of a test and a file that it both knows, what it did
//! not see is not so, whatever the code looks like. One that is older than the newest commit decides nothing; it is said to be.

use super::reports::places::Places;
use super::reports::{Covered, Report, seconds};
use super::{Basis, Found, Link};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Confidence of what a report saw that is older than the newest commit, in percent.
const STALE: u8 = 70;

/// A coverage file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its path in the repository.
    pub path: String,
    /// SHA-256 of its bytes, in hex; empty where it was not read.
    pub sha256: String,
    /// What it says; `None` where it was not read, or is none that is known.
    pub report: Option<Report>,
}

/// What one coverage file came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its path in the repository.
    pub path: Box<str>,
    /// SHA-256 of its bytes, in hex; empty where it was not read.
    pub sha256: Box<str>,
    /// How it is written; `None` where it was not understood.
    pub format: Option<Box<str>>,
    /// Files of code that it speaks of and that are here.
    pub files: u32,
    /// Paths that it speaks of and that are not here, or could be several files.
    pub declined: u32,
    /// Whether it says which test ran what.
    pub by_test: bool,
    /// Whether it is older than the newest commit; `None` where it does not say when it was made.
    pub stale: Option<bool>,
    /// Whether a bound left something of it out.
    pub cut: bool,
}

/// What all coverage files say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) sources: Vec<Source>,
    /// How much of each file ran, sorted by file; where several reports speak of it, the most.
    pub(super) covered: Vec<(u32, Covered)>,
    /// Test and code of what was seen, and whether by a report that is not stale.
    runs: BTreeMap<(u32, u32), bool>,
    /// Tests and code that a report knows which decides.
    known: (BTreeSet<u32>, BTreeSet<u32>),
}

impl Seen {
    /// `newest` is the time of the newest commit.
    pub(super) fn new(reports: &[ReportFile], paths: &[&str], newest: Option<&str>) -> Self {
        let mut seen = Self::default();
        if reports.is_empty() {
            return seen;
        }
        let places = Places::of(paths);
        let newest = newest.and_then(seconds);
        let mut covered: BTreeMap<u32, Covered> = BTreeMap::new();
        for file in reports {
            let source = seen.take(file, &places, newest, &mut covered);
            seen.sources.push(source);
        }
        seen.covered = covered.into_iter().collect();
        seen
    }

    fn take(
        &mut self,
        file: &ReportFile,
        places: &Places<'_>,
        newest: Option<i64>,
        covered: &mut BTreeMap<u32, Covered>,
    ) -> Source {
        let mut source = Source {
            path: file.path.as_str().into(),
            sha256: file.sha256.as_str().into(),
            format: None,
            files: 0,
            declined: 0,
            by_test: false,
            stale: None,
            cut: false,
        };
        let Some(report) = &file.report else { return source };
        source.format = Some(report.format.name().into());
        source.by_test = !report.runs.is_empty();
        source.stale = report.made_at.zip(newest).map(|(made, newest)| made < newest);
        source.cut = report.cut;
        let decides = source.stale != Some(true) && !report.cut;
        let mut code: BTreeMap<&str, u32> = BTreeMap::new();
        for (path, lines) in &report.code {
            let Some(found) = places.find(path) else {
                source.declined += 1;
                continue;
            };
            source.files += 1;
            code.insert(path, found);
            let most = covered.entry(found).or_insert(*lines);
            if lines.covered > most.covered {
                *most = *lines;
            }
        }
        let mut tests: BTreeMap<&str, Option<u32>> = BTreeMap::new();
        for (test, path) in &report.runs {
            let test = *tests.entry(test).or_insert_with(|| places.find(test));
            if let (Some(test), Some(&code)) = (test, code.get(&**path)) {
                *self.runs.entry((test, code)).or_insert(decides) |= decides;
            }
        }
        if decides && source.by_test {
            self.known.0.extend(tests.into_values().flatten());
            self.known.1.extend(code.into_values());
        }
        source
    }

    /// Whether a report would have seen a link of this basis and did not.
    pub(super) fn denies(&self, code: u32, link: &Link) -> bool {
        let knows = self.known.0.contains(&link.test) && self.known.1.contains(&code);
        knows && link.basis != Basis::Own && !self.runs.contains_key(&(link.test, code))
    }

    /// What was seen. That a test runs a file does not say that it is about it.
    pub(super) fn links(&self) -> impl Iterator<Item = Found> + '_ {
        self.runs.iter().map(|(&(test, code), &decides)| {
            let confidence = if decides { 100 } else { STALE };
            (code, Link::new(test, Basis::Coverage, 2, confidence))
        })
    }
}
