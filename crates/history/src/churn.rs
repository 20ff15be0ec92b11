//! How often, how recently and by whom each file was changed, and how often that repaired something.

use crate::lineage::{Touched, trace};
use crate::message::says_repair;
use crate::past::{Commit, Past};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// After this many weeks a change counts half.
pub const HALF_LIFE_WEEKS: u32 = 52;
/// What "lately" means, in weeks.
pub const RECENT_WEEKS: u32 = 52;
/// A commit with more source files than this is a sweep over the code (formatting, a rename of what many use).
pub const SWEEP: usize = 30;
/// What a change by such a commit counts.
pub const SWEEP_WEIGHT: f64 = 0.1;
/// A repair touches at least one source file and at most this many.
pub const REPAIR_FILES: usize = 10;

const WEEK: i64 = 7 * 24 * 60 * 60;

/// The time that ages are counted from, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor(i64);

impl Anchor {
    /// A time in seconds since 1970.
    #[must_use]
    pub fn at(time: i64) -> Self {
        Self(time)
    }

    /// Its week, counted from 1970; a week begins where weeks since 1970 do.
    #[must_use]
    pub fn week(self) -> i64 {
        self.0.div_euclid(WEEK)
    }

    /// When a week begins, in seconds since 1970.
    #[must_use]
    pub fn begin(week: i64) -> i64 {
        week.saturating_mul(WEEK)
    }

    /// Whole weeks of seven days from a time to the anchor; a clock that is ahead of it counts as now.
    #[must_use]
    pub fn weeks_since(self, time: i64) -> u32 {
        u32::try_from(self.0.saturating_sub(time).max(0).div_euclid(WEEK)).unwrap_or(u32::MAX)
    }

    /// What something of a time counts today: 1 now, half after [`HALF_LIFE_WEEKS`]. It goes down once in a week, for all at
    /// the same time: so that scores do not change with every commit.
    #[must_use]
    pub fn weight(self, time: i64) -> f64 {
        let weeks = self.week().saturating_sub(Self(time).week()).max(0);
        (-(weeks as f64) / f64::from(HALF_LIFE_WEEKS)).exp2()
    }
}

/// What is known of the paths of a past.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The file that each path is today, as the caller numbers them.
    pub files: &'a [Option<u32>],
    /// Whether each path is, or was, source code that people of this project write.
    pub is_source: &'a [bool],
    /// How many files there are today.
    pub count: usize,
}

/// The past of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileChurn {
    /// Commits that changed it.
    pub changes: u32,
    /// The same, each as much as it counts today.
    pub recent_changes: f64,
    /// Of them, commits that repaired something.
    pub repairs: u32,
    /// The same, each as much as it counts today.
    pub recent_repairs: f64,
    /// Changes in the last [`RECENT_WEEKS`] weeks, and repairs among them.
    pub lately: (u32, u32),
    /// Weeks since it was first and last changed, in what was read.
    pub age: Option<(u32, u32)>,
    /// Who changed it how often, by number of person.
    pub authors: BTreeMap<u32, u32>,
    /// The same in the last [`RECENT_WEEKS`] weeks.
    pub authors_lately: BTreeMap<u32, u32>,
    /// Who made it, where the commit that did was read.
    pub made_by: Option<u32>,
}

/// Whether a commit repaired something: its subject says so, and it changed source code, and not much of it at once.
#[must_use]
pub fn is_repair(commit: &Commit, touched: &[Touched], known: &Known<'_>) -> bool {
    let sources = sources(touched, known);
    (1..=REPAIR_FILES).contains(&sources) && says_repair(&commit.subject)
}

/// How many source files were touched.
fn sources(touched: &[Touched], known: &Known<'_>) -> usize {
    touched.iter().filter(|it| known.is_source.get(it.path as usize).copied().unwrap_or(false)).count()
}

/// The past of each file of today.
#[must_use]
pub fn churn(past: &Past, known: &Known<'_>, anchor: Anchor) -> Vec<FileChurn> {
    let mut all = vec![FileChurn::default(); known.count];
    trace(past, known.files, |commit, touched| {
        let is_repair = is_repair(commit, touched, known);
        let is_sweep = sources(touched, known) > SWEEP;
        let author = past.author(commit);
        for it in touched {
            let Some(file) = it.file.and_then(|file| all.get_mut(file as usize)) else { continue };
            file.add(anchor, commit.time, is_repair, is_sweep);
            *file.authors.entry(author).or_default() += 1;
            if anchor.weeks_since(commit.time) < RECENT_WEEKS {
                *file.authors_lately.entry(author).or_default() += 1;
            }
            if it.is_new {
                // The walk goes back: the last one that is met was the first.
                file.made_by = Some(author);
            }
        }
    });
    all
}

impl FileChurn {
    fn add(&mut self, anchor: Anchor, time: i64, is_repair: bool, is_sweep: bool) {
        let (weeks, weight) = (anchor.weeks_since(time), anchor.weight(time));
        self.changes += 1;
        self.recent_changes += if is_sweep { weight * SWEEP_WEIGHT } else { weight };
        if is_repair {
            self.repairs += 1;
            self.recent_repairs += weight;
        }
        if weeks < RECENT_WEEKS {
            self.lately.0 += 1;
            self.lately.1 += u32::from(is_repair);
        }
        let (first, last) = self.age.unwrap_or((weeks, weeks));
        self.age = Some((first.max(weeks), last.min(weeks)));
    }
}
