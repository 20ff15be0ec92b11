//! `codexa show hotspots`: the files to look at first.

use super::past::{Tested, no_history, tested};
use super::text::{Column, clean, more, number, table, wrap};
use crate::hotspots::Hotspot;
use crate::model::Model;
use serde::Serialize;

/// The files to look at first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HotspotsAnswer<'m> {
    /// Best first.
    pub hotspots: Vec<HotspotRow<'m>>,
    /// What decides the order: `score`, or `lines` where the score did not beat size in this repository.
    pub order: &'static str,
    /// Files that are ranked, with those that are not shown.
    pub ranked: u32,
    /// How the ranking by score did in this repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Tested>,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// A file in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HotspotRow<'m> {
    /// Its place, from 1.
    pub rank: u32,
    /// The file.
    pub path: &'m str,
    /// 0 to 100, falling along the ranking.
    pub score: f64,
    /// Its terms.
    pub terms: Terms,
    /// Changes and repairs in the last year.
    pub changes: u32,
    /// See `changes`.
    pub repairs: u32,
    /// All changes and repairs that were read.
    pub all_changes: u32,
    /// See `all_changes`.
    pub all_repairs: u32,
    /// Lines of every kind.
    pub lines: u32,
}

/// What a score is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Terms {
    /// Changes, each halved for every year that passed since.
    pub recent_changes: f64,
    /// Repairs, likewise.
    pub recent_repairs: f64,
    /// Repairs to be expected, as a multiple of the mean file's.
    pub expected: f64,
    /// Recent repairs, and a fifth of the changes, per thousand lines.
    pub density: f64,
    /// Whether it is one of the files that hold most of what is expected: those come first, by density.
    pub likely: bool,
}

/// The files to look at first, at most so many.
#[must_use]
pub fn hotspots(model: &Model, limit: usize) -> HotspotsAnswer<'_> {
    let none = |unknown_because| HotspotsAnswer {
        hotspots: Vec::new(),
        order: "score",
        ranked: 0,
        backtest: None,
        unknown_because,
    };
    let (Some(history), Some(found)) = (&model.history, &model.hotspots) else { return none(Some(no_history(model))) };
    let mut ranked: Vec<&Hotspot> = found.ranked.iter().collect();
    if found.is_withheld() {
        ranked.sort_by(|a, b| b.effort.lines.total_cmp(&a.effort.lines).then(a.file.cmp(&b.file)));
    }
    let largest = ranked.first().map_or(1.0, |first| first.effort.lines.max(1.0));
    let row = |(rank, hotspot): (u32, &&'_ Hotspot)| {
        let file = model.file(hotspot.file)?;
        let churn = history.files.get(hotspot.file as usize)?;
        let score = if found.is_withheld() { 100.0 * hotspot.effort.lines / largest } else { hotspot.scored.score };
        Some(HotspotRow {
            rank,
            path: &file.path,
            score: rounded(score),
            terms: Terms {
                recent_changes: rounded(hotspot.effort.changes),
                recent_repairs: rounded(hotspot.effort.repairs),
                expected: rounded(hotspot.scored.expected),
                density: rounded(hotspot.scored.density),
                likely: hotspot.scored.is_likely,
            },
            changes: churn.lately.0,
            repairs: churn.lately.1,
            all_changes: churn.changes,
            all_repairs: churn.repairs,
            lines: file.lines.total(),
        })
    };
    HotspotsAnswer {
        hotspots: (1..).zip(&ranked).take(limit).filter_map(row).collect(),
        order: if found.is_withheld() { "lines" } else { "score" },
        ranked: u32::try_from(ranked.len()).unwrap_or(u32::MAX),
        backtest: Some(tested(history, &history.backtest.files)),
        unknown_because: None,
    }
}

/// Three decimals.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

impl HotspotsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return super::text::unknown("hotspots", cause);
        }
        if self.hotspots.is_empty() {
            return "no hotspots: no tracked file holds source code\nnext: codexa show coverage\n".to_owned();
        }
        let row = |row: &HotspotRow<'_>| {
            vec![
                row.rank.to_string(),
                clean(row.path),
                number(row.lines.into()),
                number(row.changes.into()),
                number(row.repairs.into()),
                format!("{:.1}", row.terms.density),
                format!("{:.0}", row.score),
            ]
        };
        let columns = [
            ("", Column::Right),
            ("file", Column::Flexible),
            ("lines", Column::Right),
            ("changes", Column::Right),
            ("fixes", Column::Right),
            ("density", Column::Right),
            ("score", Column::Right),
        ];
        let rows: Vec<Vec<String>> = self.hotspots.iter().map(row).collect();
        let mut out = table(&columns, &rows);
        out.push_str(&more(self.hotspots.len(), self.ranked as usize, "--limit N shows them"));
        out.push('\n');
        let words =
            "  changes and fixes of the last year; density: recent fixes, and a fifth of the changes, per 1,000 lines";
        out.push_str(&wrap(words, "  "));
        if let Some(test) = &self.backtest {
            out.push_str(&wrap(&format!("  {}", test.says), "  "));
        }
        let first = self.hotspots.first().map_or("", |row| row.path);
        out.push_str(&format!("next: codexa impact {}\n", clean(&crate::projections::quoted(first))));
        out
    }
}
