//! Zones: parts of the system worth changing, ranked, with a readiness and the reasons for both.
//!
//! [`partition`] says where they lie, [`readiness`] how safe a change there is. They are ranked as files are
//! ([`crate::hotspots::score`]), from the sums over their files.

pub mod partition;
pub mod readiness;

pub use readiness::{Dimension, Grade, Readiness, Step};

use crate::history::{Coupled, History};
use crate::hotspots::score::{self, Scored};
use crate::hotspots::{Hotspots, Verdict};
use crate::ids::{IdKind, Ids};
use crate::model::Model;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most zones that are shown and get an id; the others are counted.
pub const MAX_ZONES: usize = 15;
/// Most files outside of a zone that are named because they change with it.
const COUPLED: usize = 5;
/// Most people that are named.
const OWNERS: usize = 3;

/// The zones of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Zones {
    /// The first of them, best first; in order of their paths where the ranking is withheld.
    pub shown: Vec<Zone>,
    /// How many there are.
    pub all: u32,
    /// What the ranking of zones is worth in this repository.
    pub verdict: Verdict,
}

/// A part of the system worth changing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Its id, allotted once: `zone-4`. Empty until it has one.
    pub id: Box<str>,
    /// What it is known by: a file's path, a folder's with `/` at its end, or a folder's with `/*` for its small files.
    pub key: Box<str>,
    /// Its files, sorted.
    pub files: Vec<u32>,
    /// Their lines.
    pub lines: u64,
    /// What it was ranked by.
    pub scored: Scored,
    /// Its past.
    pub past: ZonePast,
    /// Files outside of it that depend on it directly, or use what it defines; tests do not count.
    pub dependents: u32,
    /// Code outside of it that changes with it, the surest first; nothing where that is withheld.
    pub coupled: Vec<Coupled>,
    /// What most of its lines are for, into the model's intents.
    pub intent: Option<u32>,
    /// Whom to ask: people and the lines of the files that they know, who is still active first.
    pub owners: Vec<(u32, u64)>,
    /// How safe a change is.
    pub readiness: Readiness,
}

/// What happened in a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ZonePast {
    /// Commits of the last year that changed it.
    pub commits: u32,
    /// Of them, commits that repaired something.
    pub repairs: u32,
    /// Weeks since the newest of its repairs.
    pub last_repair: Option<u32>,
    /// People who changed it in the last year.
    pub people: u32,
    /// Its share of all lines that are ranked, 0 to 1.
    pub share_of_lines: f64,
    /// Commits of the last year that repaired something, here and elsewhere.
    pub all_repairs: u32,
    /// The last year's repairs of its files for their lines, as a multiple of those of all ranked files. A repair of two files
    /// counts for both.
    pub density: f64,
}

impl Zones {
    /// The zones of a model whose past was read.
    #[must_use]
    pub fn new(model: &Model, history: &History, hotspots: &Hotspots) -> Self {
        let lines = |file: u32| model.lines(file);
        let mut ranked: Vec<_> = hotspots.ranked.iter().collect();
        ranked.sort_by_key(|hotspot| hotspot.file);
        let areas = partition::areas(ranked.iter().map(|hotspot| (model.path(hotspot.file), lines(hotspot.file))));
        let sums: Vec<Sums> = areas
            .iter()
            .map(|area| {
                area.files
                    .iter()
                    .filter_map(|at| ranked.get(*at))
                    .fold(Sums::default(), |sums, hotspot| sums.add(hotspot))
            })
            .collect();
        let all = sums.iter().fold(Sums::default(), |all, sums| all.join(sums));
        let order = score::order(sums.iter().map(|sums| (sums.expected, sums.density())));
        let verdict = history.backtest.zones.verdict;
        let mut order: Vec<(usize, Scored)> = order;
        if verdict == Verdict::Loses {
            order.truncate(MAX_ZONES);
            order.sort_by_key(|(at, _)| *at);
        }
        let recent = Recent::new(model, history);
        let repairs = |file: &u32| history.files.get(*file as usize).map_or(0, |churn| u64::from(churn.lately.1));
        let all_repairs: u64 = ranked.iter().map(|hotspot| repairs(&hotspot.file)).sum();
        let share = |files: &[u32]| files.iter().map(repairs).sum::<u64>() as f64 / all_repairs.max(1) as f64;
        let shown = order.into_iter().take(MAX_ZONES).filter_map(|(at, scored)| {
            let (area, sums) = (areas.get(at)?, sums.get(at)?);
            let files: Vec<u32> = area.files.iter().filter_map(|at| ranked.get(*at)).map(|it| it.file).collect();
            let mut past = recent.of(&files);
            past.share_of_lines = sums.lines / all.lines.max(1.0);
            past.density = share(&files) / past.share_of_lines.max(f64::MIN_POSITIVE);
            Some(Zone {
                id: Box::default(),
                key: area.key.as_str().into(),
                lines: files.iter().map(|file| lines(*file)).sum(),
                scored,
                past,
                dependents: dependents(model, &files),
                coupled: history.changes_with(model, &files).into_iter().take(COUPLED).collect(),
                intent: intent(model, &files),
                owners: history
                    .to_ask(files.iter().copied(), |file| model.lines(file))
                    .into_iter()
                    .take(OWNERS)
                    .map(|it| (it.person, it.lines))
                    .collect(),
                readiness: Readiness::of(model, history, &files),
                files,
            })
        });
        Self { shown: shown.collect(), all: u32::try_from(areas.len()).unwrap_or(u32::MAX), verdict }
    }

    /// Gives each zone that is shown the id of its place, which it keeps. New ones are numbered in the order of their
    /// places: a number is no rank.
    fn number(&mut self, ids: &mut Ids) {
        let mut zones: Vec<&mut Zone> = self.shown.iter_mut().collect();
        zones.sort_by(|a, b| a.key.cmp(&b.key));
        for zone in zones {
            zone.id = ids.allot(IdKind::Zone, &zone.key).into();
        }
    }

    /// Whether the order of the zones means anything here.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.verdict == Verdict::Loses
    }
}

/// Puts the zones into a model whose past was read and into which people's answers were put: they say who owns what.
pub fn enter(model: &mut Model, ids: &mut Ids) {
    let known = model.history.as_ref().zip(model.hotspots.as_ref());
    let mut zones = known.map(|(history, hotspots)| Zones::new(model, history, hotspots));
    if let Some(zones) = &mut zones {
        zones.number(ids);
    }
    model.zones = zones;
}

/// Sums over files.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    lines: f64,
    changes: f64,
    repairs: f64,
    expected: f64,
}

impl Sums {
    fn add(self, hotspot: &crate::hotspots::Hotspot) -> Self {
        let (effort, expected) = (hotspot.effort, hotspot.scored.expected);
        self.join(&Self { lines: effort.lines, changes: effort.changes, repairs: effort.repairs, expected })
    }

    fn join(self, other: &Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            changes: self.changes + other.changes,
            repairs: self.repairs + other.repairs,
            expected: self.expected + other.expected,
        }
    }

    fn density(&self) -> f64 {
        score::density(self.changes, self.repairs, self.lines)
    }
}

/// The last year's commits by file.
struct Recent<'a> {
    history: &'a History,
    of_file: Vec<Vec<usize>>,
    /// Commits that repaired a ranked file.
    repairs: usize,
}

impl<'a> Recent<'a> {
    fn new(model: &Model, history: &'a History) -> Self {
        let mut of_file: Vec<Vec<usize>> = vec![Vec::new(); model.files.len()];
        for (at, commit) in history.recent.iter().enumerate() {
            for file in commit.files.iter().filter(|file| model.file(**file).is_some_and(|file| file.is_code)) {
                if let Some(commits) = of_file.get_mut(*file as usize) {
                    commits.push(at);
                }
            }
        }
        let repairs = history.recent.iter().filter(|commit| commit.repaired.is_some()).count();
        Self { history, of_file, repairs }
    }

    fn of(&self, files: &[u32]) -> ZonePast {
        let commits: BTreeSet<usize> =
            files.iter().filter_map(|file| self.of_file.get(*file as usize)).flatten().copied().collect();
        let commits: Vec<_> = commits.iter().filter_map(|at| self.history.recent.get(*at)).collect();
        let repairs: Vec<_> = commits.iter().filter(|commit| commit.repaired.is_some()).collect();
        let people: BTreeSet<u32> = commits.iter().map(|commit| commit.author).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        ZonePast {
            commits: count(commits.len()),
            repairs: count(repairs.len()),
            last_repair: repairs.iter().map(|commit| commit.weeks).min(),
            people: count(people.len()),
            all_repairs: count(self.repairs),
            ..ZonePast::default()
        }
    }
}

/// Files outside that depend on one of these directly, or use what it defines.
fn dependents(model: &Model, files: &[u32]) -> u32 {
    let outside = |file: &u32| files.binary_search(file).is_err();
    let ships = |file: &u32| model.file(*file).is_some_and(|file| file.class == crate::record::FileClass::Source);
    let all = files.iter().flat_map(|file| model.users(*file));
    let all: BTreeSet<u32> = all.filter(outside).filter(ships).collect();
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}

/// The intent of most lines; none where half of them have none.
fn intent(model: &Model, files: &[u32]) -> Option<u32> {
    let (mut lines, mut known): (u64, BTreeMap<u32, u64>) = (0, BTreeMap::new());
    for file in files {
        let own = model.lines(*file);
        lines += own;
        if let Some(intent) = model.intents.of_file.get(*file as usize).copied().flatten() {
            *known.entry(intent).or_default() += own;
        }
    }
    let (intent, most) = known.into_iter().max_by_key(|(intent, lines)| (*lines, std::cmp::Reverse(*intent)))?;
    (most * 2 > lines).then_some(intent)
}
