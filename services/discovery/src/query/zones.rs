//! `codexa show zones`, `codexa explain zone-3`: the parts worth changing.

use super::past::{Tested, co_change_withheld, no_history, tested};
use super::text::{Column, clean, number, percent, plural, table, wrap};
use crate::history::{Coupled, History};
use crate::model::Model;
use crate::zones::Zone;
use crate::zones::readiness::{Grade, Part, Step};
use serde::Serialize;
use std::fmt::Write as _;

/// The parts worth changing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZonesAnswer<'m> {
    /// Best first; in order of their paths where the ranking is withheld.
    pub zones: Vec<ZoneRow<'m>>,
    /// How many there are, with those that are not shown.
    pub all: u32,
    /// Whether there is no ranking, because it did not beat size in this repository.
    pub withheld: bool,
    /// How the ranking did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Tested>,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZoneRow<'m> {
    /// Its id, which stays.
    pub id: &'m str,
    /// Its place, from 1; absent where the ranking is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Where it lies: a file, a folder, or with `/*` the small files of a folder.
    pub place: &'m str,
    /// What most of it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<&'m str>,
    /// Its files, those with most repairs and changes of the last year first.
    pub files: Vec<&'m str>,
    /// Their lines.
    pub lines: u64,
    /// `ready`, or what is lacking most.
    pub readiness: &'m str,
    /// The lowest grade.
    pub grade: Grade,
    /// Every dimension.
    pub parts: &'m [Part],
    /// What would raise the grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<&'m Step>,
    /// 0 to 100.
    pub score: f64,
    /// Commits and repairs of the last year.
    pub commits: u32,
    /// See `commits`.
    pub repairs: u32,
    /// Repairs of the last year, here and elsewhere.
    pub all_repairs: u32,
    /// Share of the lines, in percent.
    pub percent_of_lines: f64,
    /// The last year's repairs of its files for their lines, as a multiple of those of all source files.
    pub density: f64,
    /// Files outside that depend on it directly, or use what it defines.
    pub dependents: u32,
    /// Files outside that change with it.
    pub changes_with: Vec<ChangesWith<'m>>,
    /// Why that is not said, where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_because: Option<String>,
    /// People who know it, who is still active first.
    pub owners: Vec<&'m str>,
}

/// A file that changes with a zone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChangesWith<'m> {
    /// The file.
    pub path: &'m str,
    /// The file of the zone that it goes with most.
    pub with: &'m str,
    /// Commits that changed both.
    pub support: u32,
    /// Share of the commits of that file of the zone which changed this one as well, in percent.
    pub percent: f64,
}

/// The parts worth changing.
#[must_use]
pub fn zones(model: &Model) -> ZonesAnswer<'_> {
    let (Some(history), Some(found)) = (&model.history, &model.zones) else {
        let unknown_because = Some(no_history(model));
        return ZonesAnswer { zones: Vec::new(), all: 0, withheld: false, backtest: None, unknown_because };
    };
    let rank = |at: u32| (!found.is_withheld()).then_some(at);
    ZonesAnswer {
        zones: (1..).zip(&found.shown).map(|(at, zone)| row(model, history, zone, rank(at))).collect(),
        all: found.all,
        withheld: found.is_withheld(),
        backtest: Some(tested(history, &history.backtest.zones)),
        unknown_because: None,
    }
}

fn row<'m>(model: &'m Model, history: &'m History, zone: &'m Zone, rank: Option<u32>) -> ZoneRow<'m> {
    let hundredth = |share: f64| (share * 1000.0).round() / 10.0;
    let changes_with = |it: &Coupled| ChangesWith {
        path: model.path(it.file),
        with: model.path(it.with),
        support: it.support,
        percent: hundredth(it.confidence),
    };
    ZoneRow {
        id: &zone.id,
        rank,
        place: &zone.key,
        intent: zone.intent.and_then(|at| model.intents.all.get(at as usize)).map(|intent| &*intent.name),
        files: files(model, history, zone).into_iter().map(|file| file.path).collect(),
        lines: zone.lines,
        readiness: &zone.readiness.label,
        grade: zone.readiness.grade,
        parts: &zone.readiness.parts,
        next: zone.readiness.next.as_ref(),
        score: (zone.scored.score * 10.0).round() / 10.0,
        commits: zone.past.commits,
        repairs: zone.past.repairs,
        percent_of_lines: hundredth(zone.past.share_of_lines),
        all_repairs: zone.past.all_repairs,
        density: (zone.past.density * 10.0).round() / 10.0,
        dependents: zone.dependents,
        changes_with: zone.coupled.iter().map(changes_with).collect(),
        withheld_because: co_change_withheld(history),
        owners: zone.owners.iter().map(|(person, _)| history.name(*person)).collect(),
    }
}

impl ZonesAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return super::text::unknown("zones", cause);
        }
        let Some(first) = self.zones.first() else {
            return "no zones: no tracked file holds source code\nnext: codexa show coverage\n".to_owned();
        };
        let row = |row: &ZoneRow<'_>| {
            vec![
                row.rank.map_or_else(String::new, |rank| rank.to_string()),
                row.id.to_owned(),
                clean(row.place),
                row.readiness.to_owned(),
                number(row.lines),
                row.repairs.to_string(),
                format!("{:.1} x", row.density),
                format!("{:.0}", row.score),
            ]
        };
        let columns = [
            ("", Column::Right),
            ("zone", Column::Left),
            ("place", Column::Flexible),
            ("readiness", Column::Left),
            ("lines", Column::Right),
            ("fixes", Column::Right),
            ("density", Column::Right),
            ("score", Column::Right),
        ];
        let mut out = table(&columns, &self.zones.iter().map(row).collect::<Vec<_>>());
        out.push('\n');
        let shown = self.zones.len() as u64;
        let rest = u64::from(self.all).saturating_sub(shown);
        let left = if rest > 0 { format!("; {} more are not shown", number(rest)) } else { String::new() };
        let words = format!(
            "  {}{left}; fixes of the last year; density: fixes of files for their lines, against the whole; score: {ORDERED_BY}",
            plural(shown, "zone")
        );
        out.push_str(&wrap(&words, "  "));
        if let Some(test) = &self.backtest {
            out.push_str(&wrap(&format!("  {}", test.says), "  "));
        }
        let written = writeln!(out, "next: codexa explain {}", first.id);
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}

/// One zone, with all its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZoneAnswer<'m> {
    /// The zone.
    pub zone: ZoneRow<'m>,
    /// Its repairs of the last year, newest first.
    pub fixed: Vec<Fixed<'m>>,
    /// Its files: the path, its lines, and its changes and repairs of the last year.
    pub files: Vec<ZoneFile<'m>>,
}

/// A commit that repaired something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fixed<'m> {
    /// The commit, shortened.
    pub commit: &'m str,
    /// Whole weeks before the basis commit.
    pub weeks_ago: u32,
    /// What it says.
    pub subject: &'m str,
}

/// A file of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneFile<'m> {
    /// The file.
    pub path: &'m str,
    /// Its lines.
    pub lines: u32,
    /// Its changes and repairs of the last year.
    pub changes: u32,
    /// See `changes`.
    pub repairs: u32,
}

/// Files and repairs that a text shows.
const SHOWN: usize = 8;

/// What the order of zones goes by.
pub(crate) const ORDERED_BY: &str = "zones where most repairs are to be expected (by size, recent changes and repairs) come \
     first, those with most recent repairs and changes for their lines before the others";

/// One zone; `None` where there is none of this id.
#[must_use]
pub fn zone<'m>(model: &'m Model, id: &str) -> Option<ZoneAnswer<'m>> {
    let (history, found) = (model.history.as_ref()?, model.zones.as_ref()?);
    let at = found.shown.iter().position(|zone| &*zone.id == id)?;
    let zone = found.shown.get(at)?;
    let rank = u32::try_from(at + 1).ok().filter(|_| !found.is_withheld());
    let is_inside = |file: &u32| zone.files.binary_search(file).is_ok();
    let fixed = history.recent.iter().filter(|commit| commit.files.iter().any(is_inside));
    let fixed = fixed.filter_map(|commit| {
        Some(Fixed { commit: &commit.id, weeks_ago: commit.weeks, subject: commit.repaired.as_deref()? })
    });
    let files = files(model, history, zone);
    Some(ZoneAnswer { zone: row(model, history, zone, rank), fixed: fixed.collect(), files })
}

/// The files of a zone, those with most repairs and changes of the last year first.
fn files<'m>(model: &'m Model, history: &History, zone: &Zone) -> Vec<ZoneFile<'m>> {
    let file = |&file: &u32| {
        let (changes, repairs) = history.files.get(file as usize).map_or((0, 0), |churn| churn.lately);
        let lines = model.file(file).map_or(0, |file| file.lines.total());
        ZoneFile { path: model.path(file), lines, changes, repairs }
    };
    let mut files: Vec<ZoneFile<'_>> = zone.files.iter().map(file).collect();
    files
        .sort_by(|a, b| (b.repairs, b.changes, b.lines).cmp(&(a.repairs, a.changes, a.lines)).then(a.path.cmp(b.path)));
    files
}

impl ZoneAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let zone = &self.zone;
        let rank = zone.rank.map_or_else(|| "not ranked".to_owned(), |rank| format!("rank {rank}"));
        let intent = zone.intent.map_or_else(String::new, |intent| format!(": {}", clean(intent)));
        let mut out = format!("  {}  {}{intent}  {}  {}\n\n", zone.id, clean(zone.place), zone.readiness, rank);
        let mut say = |label: &str, text: &str| {
            out.push_str(&wrap(&format!("  {label:<9}{text}"), "           "));
        };
        say("why", &why(zone));
        say("careful", &careful(zone));
        if let Some(cause) = &zone.withheld_because {
            say("", &format!("what changes with it is withheld: {cause}"));
        }
        for part in zone.parts {
            let grade = part.grade.map_or("unknown", grade_name);
            say("", &format!("{:<13}{grade:<8} {}", part.dimension.name().replace('_', " "), part.says));
        }
        if let Some(next) = zone.next {
            say("raise it", &clean(&next.what));
        }
        if !zone.owners.is_empty() {
            let names: Vec<String> = zone.owners.iter().map(|name| clean(name)).collect();
            say("ask", &names.join(", "));
        }
        for (heading, rows) in [("fixed", self.fixed_rows()), ("files", self.file_rows())] {
            if !rows.is_empty() {
                let _ = write!(out, "\n  {heading}\n");
                let columns = vec![("", Column::Left), ("", Column::Right), ("", Column::Flexible)];
                out.push_str(&table(&columns, &rows));
            }
        }
        out
    }

    fn fixed_rows(&self) -> Vec<Vec<String>> {
        let row = |fixed: &Fixed<'_>| vec![fixed.commit.to_owned(), weeks_ago(fixed.weeks_ago), clean(fixed.subject)];
        self.fixed.iter().take(SHOWN).map(row).collect()
    }

    fn file_rows(&self) -> Vec<Vec<String>> {
        let row = |file: &ZoneFile<'_>| {
            let past = format!("{}, {}", plural(file.changes.into(), "change"), fixes(file.repairs));
            vec![past, number(file.lines.into()), clean(file.path)]
        };
        self.files.iter().take(SHOWN).map(row).collect()
    }
}

/// The name of a grade.
#[must_use]
pub fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::None => "none",
        Grade::Low => "low",
        Grade::Fair => "fair",
        Grade::Good => "good",
    }
}

/// `this week`, `5 weeks ago`.
#[must_use]
pub fn weeks_ago(weeks: u32) -> String {
    match weeks {
        0 => "this week".to_owned(),
        1 => "1 week ago".to_owned(),
        weeks => format!("{weeks} weeks ago"),
    }
}

/// Why a zone stands where it does.
#[must_use]
pub fn why(zone: &ZoneRow<'_>) -> String {
    let lines = format!("{} of the lines", share(zone.percent_of_lines));
    match (zone.repairs, zone.commits) {
        (0, 0) => format!("not changed in the last year; {lines}"),
        (0, commits) => format!("{} in the last year, none of them a fix; {lines}", plural(commits.into(), "commit")),
        (repairs, commits) => format!(
            "{repairs} of the last year's {} in {lines}, {:.1} x as dense as on average ({} here)",
            fixes(zone.all_repairs),
            zone.density,
            plural(commits.into(), "commit"),
        ),
    }
}

/// `1 fix`, `2 fixes`.
#[must_use]
pub fn fixes(count: u32) -> String {
    if count == 1 { "1 fix".to_owned() } else { format!("{} fixes", number(count.into())) }
}

/// What to keep in mind there.
#[must_use]
pub fn careful(zone: &ZoneRow<'_>) -> String {
    let reach = match zone.dependents {
        0 => "no file outside depends on it".to_owned(),
        1 => "1 file outside depends on it".to_owned(),
        n => format!("{} files outside depend on it", number(n.into())),
    };
    match zone.changes_with.first() {
        Some(it) if zone.files.len() == 1 => {
            format!("{reach}; {} changed in {} of its commits ({})", clean(it.path), share(it.percent), it.support)
        }
        Some(it) => format!(
            "{reach}; {} changed in {} of the commits of {} ({})",
            clean(it.path),
            share(it.percent),
            clean(it.with.rsplit('/').next().unwrap_or(it.with)),
            it.support
        ),
        None => reach,
    }
}

/// `22 %`, `0.4 %`.
fn share(percent_of: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000")]
    let thousandths = (percent_of * 10.0).round() as u64;
    if thousandths >= 100 { format!("{:.0} %", percent_of) } else { percent(thousandths, 1000) }
}
