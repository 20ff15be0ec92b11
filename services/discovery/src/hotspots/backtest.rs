//! How good the ranking would have been in this repository: history is cut a year back, the files of then are ranked by
//! what was known then, and the repairs since are counted. What changed together before is held against the same year.
//!
//! Both ends of that year lie at the beginning of a period of [`PERIOD_WEEKS`] weeks, so that the result stays the same while
//! work goes on, and is made anew only once in a period.

use super::figures::{Figures, Outcome};
use super::score::{Effort, density, expected, order};
use super::together::{Before, Together};
use crate::scan::is_source_path;
use crate::zones::partition::{Area, areas};
use codexa_history::churn::{Anchor, FileChurn, Known, churn, is_repair};
use codexa_history::coupling::couplings;
use codexa_history::lineage::trace_forward;
use codexa_history::snapshot::{Snapshot, Then};
use codexa_history::{ObjectId, Past};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Weeks that both ends of the year are moved back to.
pub const PERIOD_WEEKS: u32 = 4;
/// Weeks of the repairs that are counted.
pub const HORIZON_WEEKS: u32 = 52;
/// Fewer repairs or files say nothing.
pub const MIN_REPAIRS: u32 = 10;
/// See [`MIN_REPAIRS`].
pub const MIN_FILES: u32 = 10;

/// What ranking by the past would have brought.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// The year; absent where what was read of the past is shorter.
    pub window: Option<Ends>,
    /// Files whose lines then could not be counted; they were left out.
    pub missing: u32,
    /// Repairs of the ranked files in that year: one of two files counts twice.
    pub repairs: u32,
    /// The ranking of files.
    pub files: Trial,
    /// The ranking of zones.
    pub zones: Trial,
    /// What changes together, of the same files.
    pub together: Together,
}

/// How a ranking did, beside other orders of the same things.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// What follows from it.
    pub verdict: Verdict,
    /// How many things were ranked.
    pub ranked: u32,
    /// The ranking's figures; absent where there is nothing to say.
    pub ours: Option<Figures>,
    /// Those of other orders.
    pub others: Vec<(Baseline, Figures)>,
}

/// The ends of the year, as they are kept and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// The commit whose files were ranked.
    pub then: Box<str>,
    /// The commit up to which repairs were counted.
    pub until: Box<str>,
}

/// What follows from a backtest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It beats its baseline.
    Beats,
    /// It does not: a ranking is not shown as one, and what changes together is not named.
    Loses,
    /// There is too little history to tell.
    #[default]
    Untested,
}

/// Another order of the same files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Most lines first.
    Size,
    /// Most repairs first, whenever they were.
    PriorFixes,
    /// Most repairs for its lines first.
    FixDensity,
    /// Most changes for its lines first.
    ChurnDensity,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Size, Self::PriorFixes, Self::FixDensity, Self::ChurnDensity];

    /// The name on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::PriorFixes => "prior fixes",
            Self::FixDensity => "fix density",
            Self::ChurnDensity => "churn density",
        }
    }

    fn value(self, thing: &Ranked) -> f64 {
        match self {
            Self::Size => thing.effort.lines,
            Self::PriorFixes => thing.repairs,
            Self::FixDensity => thing.repairs / thing.effort.lines,
            Self::ChurnDensity => thing.changes / thing.effort.lines,
        }
    }
}

/// The two ends of the year, into [`Past::commits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The commit whose files are ranked.
    pub then: ObjectId,
    /// The commit up to which repairs are counted.
    pub until: ObjectId,
}

impl Window {
    /// The window of a past; `None` where it does not reach that far back.
    #[must_use]
    pub fn of(past: &Past) -> Option<Self> {
        let newest = past.commits.first()?;
        let period = i64::from(PERIOD_WEEKS);
        let week = Anchor::at(newest.time).week();
        let end = week - week.rem_euclid(period);
        Some(Self {
            then: past.mainline_before(Anchor::begin(end - i64::from(HORIZON_WEEKS)))?,
            until: past.mainline_before(Anchor::begin(end)).unwrap_or(newest.id),
        })
    }
}

impl Window {
    /// As it is kept.
    #[must_use]
    pub fn ends(self) -> Ends {
        Ends { then: self.then.to_string().into(), until: self.until.to_string().into() }
    }
}

/// A file or a zone as it was then.
#[derive(Clone, Copy, Default)]
struct Ranked {
    effort: Effort,
    /// What is expected of it.
    expected: f64,
    /// All its repairs and changes, whenever they were.
    repairs: f64,
    changes: f64,
    /// Its repairs afterwards.
    later: f64,
}

impl Ranked {
    fn join(self, other: &Self) -> Self {
        let (a, b) = (self.effort, other.effort);
        let effort =
            Effort { lines: a.lines + b.lines, changes: a.changes + b.changes, repairs: a.repairs + b.repairs };
        Self {
            effort,
            expected: self.expected + other.expected,
            repairs: self.repairs + other.repairs,
            changes: self.changes + other.changes,
            later: self.later + other.later,
        }
    }

    fn outcome(&self) -> Outcome {
        Outcome { lines: self.effort.lines, repairs: self.later }
    }
}

/// Counts the lines that the files of a commit had, of those that are wanted.
pub type Count<'a> = &'a dyn Fn(ObjectId, &(dyn Fn(&[u8]) -> bool + Sync)) -> Option<Snapshot>;

/// Runs the test.
#[must_use]
pub fn backtest(past: &Past, window: Window, count: Count<'_>) -> Backtest {
    let is_wanted = |path: &[u8]| is_source_path(&codexa_project::path::text(path));
    let Some(snapshot) = count(window.then, &is_wanted) else { return Backtest::default() };
    let then: Vec<&Then> = snapshot.files.iter().filter(|file| file.lines > 0).collect();
    let cut = Cut::new(past, window, &then, &is_wanted);
    let churn = churn(&cut.before, &cut.known(), cut.anchor());
    let paths: Vec<Box<str>> = then.iter().map(|file| codexa_project::path::text(&file.path)).collect();
    let together = cut.together(&paths, &churn);
    let files = cut.ranked(&then, &churn);
    let areas = areas(paths.iter().zip(&then).map(|(path, file)| (&**path, u64::from(file.lines))));
    let sum = |area: &Area| {
        let files = area.files.iter().filter_map(|at| files.get(*at));
        files.fold(Ranked::default(), Ranked::join)
    };
    let zones: Vec<Ranked> = areas.iter().map(sum).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of small whole numbers")]
    let repairs = files.iter().map(|file| file.later).sum::<f64>() as u32;
    Backtest {
        window: Some(window.ends()),
        missing: snapshot.missing,
        repairs,
        files: Trial::new(&files, repairs),
        zones: Trial::new(&zones, repairs),
        together,
    }
}

impl Trial {
    fn new(things: &[Ranked], repairs: u32) -> Self {
        let outcomes = |order: &mut dyn Iterator<Item = usize>| -> Vec<Outcome> {
            order.filter_map(|at| things.get(at)).map(Ranked::outcome).collect()
        };
        let density = |it: &Ranked| density(it.effort.changes, it.effort.repairs, it.effort.lines);
        let order = order(things.iter().map(|thing| (thing.expected, density(thing))));
        let ranking = outcomes(&mut order.into_iter().map(|(at, _)| at));
        let mut trial = Self { ranked: number(things.len()), ours: Figures::of(&ranking), ..Self::default() };
        for baseline in Baseline::ALL {
            let mut order: Vec<(usize, f64)> = things.iter().map(|thing| baseline.value(thing)).enumerate().collect();
            order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let figures = Figures::of(&outcomes(&mut order.into_iter().map(|(at, _)| at)));
            trial.others.extend(figures.map(|figures| (baseline, figures)));
        }
        trial.verdict = match (&trial.ours, trial.other(Baseline::Size)) {
            (Some(_), _) if repairs < MIN_REPAIRS || trial.ranked < MIN_FILES => Verdict::Untested,
            (Some(ours), Some(size)) if ours.beats(size, &ranking) => Verdict::Beats,
            (Some(_), Some(_)) => Verdict::Loses,
            _ => Verdict::Untested,
        };
        trial
    }

    /// The figures of another order.
    #[must_use]
    pub fn other(&self, baseline: Baseline) -> Option<&Figures> {
        self.others.iter().find(|(of, _)| *of == baseline).map(|(_, figures)| figures)
    }
}

/// A past that was cut in two.
struct Cut {
    /// What was known then.
    before: Past,
    /// The year after.
    since: Past,
    /// The file of then that each path was, and whether it is source.
    files: Vec<Option<u32>>,
    is_source: Vec<bool>,
    /// How many files there were.
    count: usize,
}

impl Cut {
    fn new(past: &Past, window: Window, then: &[&Then], is_wanted: &dyn Fn(&[u8]) -> bool) -> Self {
        let by_path: FxHashMap<&[u8], u32> = then.iter().zip(0..).map(|(file, id)| (&*file.path, id)).collect();
        Self {
            before: past.only_before(window.then),
            since: past.only_between(window.then, window.until),
            files: past.paths.iter().map(|path| by_path.get(&**path).copied()).collect(),
            is_source: past.paths.iter().map(|path| is_wanted(path)).collect(),
            count: then.len(),
        }
    }

    fn known(&self) -> Known<'_> {
        Known { files: &self.files, is_source: &self.is_source, count: self.count }
    }

    fn anchor(&self) -> Anchor {
        self.before.commits.first().map_or(Anchor::at(0), |newest| Anchor::at(newest.time))
    }

    fn ranked(&self, then: &[&Then], churn: &[FileChurn]) -> Vec<Ranked> {
        let known = self.known();
        let mut repairs = vec![0_u32; self.count];
        trace_forward(&self.since, known.files, |commit, touched| {
            if is_repair(commit, touched, &known) {
                for it in touched {
                    if let Some(repairs) = it.file.and_then(|file| repairs.get_mut(file as usize)) {
                        *repairs += 1;
                    }
                }
            }
        });
        let effort = |(file, churn): (&&Then, &FileChurn)| Effort {
            lines: f64::from(file.lines),
            changes: churn.recent_changes,
            repairs: churn.recent_repairs,
        };
        let efforts: Vec<Effort> = then.iter().zip(churn).map(effort).collect();
        let all = expected(&efforts).into_iter().zip(efforts).zip(churn).zip(repairs);
        all.map(|(((expected, effort), churn), later)| Ranked {
            effort,
            expected,
            repairs: churn.repairs.into(),
            changes: churn.changes.into(),
            later: later.into(),
        })
        .collect()
    }

    fn together(&self, paths: &[Box<str>], churn: &[FileChurn]) -> Together {
        let changes: Vec<u32> = churn.iter().map(|churn| churn.changes).collect();
        let couplings = couplings(&self.before, &self.known(), self.anchor());
        Together::new(Before { paths, changes: &changes, couplings: &couplings }, &self.since, &self.files)
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
