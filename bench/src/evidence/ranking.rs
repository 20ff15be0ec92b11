//! How many later repairs the first files of a ranking hold.

use super::git::Commit;
use super::{Evidence, asked};
use crate::error::Error;
use codexa_discovery::hotspots::figures::{Figures, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One order of the files, with two ways to say what a repair is.
pub(crate) struct Row {
    pub(crate) order: &'static str,
    /// Repairs by the product's own rule (words and the shape of the change), and by a word in the subject alone.
    pub(crate) figures: [Option<Figures>; 2],
}

/// The names of the two ways.
pub(crate) const WAYS: [&str; 2] = ["words and shape", "a word alone"];

/// Fewer files or later repairs say nothing.
const FEWEST: usize = 10;

/// A file as the product ranked it.
struct Ranked {
    path: String,
    lines: f64,
    /// All its repairs and changes before, whenever they were.
    repairs: f64,
    changes: f64,
}

/// Another order of the files: its name, and what comes first where it is highest.
type Order = (&'static str, fn(&Ranked) -> f64);

const ORDERS: [Order; 4] = [
    ("size", |file| file.lines),
    ("prior fixes", |file| file.repairs),
    ("fix density", |file| file.repairs / file.lines),
    ("churn density", |file| file.changes / file.lines),
];

/// Judges the product's ranking at a commit by the commits after it.
pub(crate) fn judge(evidence: &Evidence, project: &Path, later: &[Commit]) -> Result<(Vec<Row>, String), Error> {
    let answer = asked(evidence, project, &["show", "hotspots", "--limit", "10000000"])?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or_default();
    let rows = answer.get("hotspots").and_then(|rows| rows.as_array()).cloned().unwrap_or_default();
    let field = |row: &serde_json::Value, name: &str| row.get(name).cloned().unwrap_or_default();
    let files: Vec<Ranked> = rows
        .iter()
        .map(|row| Ranked {
            path: text(&field(row, "path")),
            lines: number(&field(row, "lines")).max(1.0),
            repairs: number(&field(row, "all_repairs")),
            changes: number(&field(row, "all_changes")),
        })
        .collect();
    let verdict = answer.get("backtest").and_then(|test| test.get("verdict")).map(text).unwrap_or_default();
    let repairs = [repairs(&files, later, is_repair), repairs(&files, later, |subject, _| has_word(subject))];
    let figures = |order: &[usize]| repairs.each_ref().map(|repairs| figures(&files, repairs, order));
    let ours: Vec<usize> = (0..files.len()).collect();
    let mut table = vec![Row { order: "hotspots", figures: figures(&ours) }];
    for (order, value) in ORDERS {
        let mut sorted: Vec<(usize, f64)> = files.iter().map(value).enumerate().collect();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| name(&files, a.0).cmp(name(&files, b.0))));
        let sorted: Vec<usize> = sorted.into_iter().map(|(at, _)| at).collect();
        table.push(Row { order, figures: figures(&sorted) });
    }
    Ok((table, verdict))
}

fn name(files: &[Ranked], at: usize) -> &str {
    files.get(at).map_or("", |file| &file.path)
}

fn figures(files: &[Ranked], repairs: &[u32], order: &[usize]) -> Option<Figures> {
    let outcome = |at: &usize| {
        let (file, repairs) = (files.get(*at)?, repairs.get(*at)?);
        Some(Outcome { lines: file.lines, repairs: f64::from(*repairs) })
    };
    let ranking: Vec<Outcome> = order.iter().filter_map(outcome).collect();
    let later: u32 = repairs.iter().sum();
    (ranking.len() >= FEWEST && later as usize >= FEWEST).then(|| Figures::of(&ranking)).flatten()
}

/// Later repairs of each file, under whatever name it has by then.
fn repairs(files: &[Ranked], later: &[Commit], is_repair: impl Fn(&str, usize) -> bool) -> Vec<u32> {
    let mut of_name: BTreeMap<&str, usize> = files.iter().enumerate().map(|(at, file)| (&*file.path, at)).collect();
    let mut repairs = vec![0; files.len()];
    for commit in later {
        for (before, after) in &commit.changes {
            if let Some(at) = before.as_deref().and_then(|before| of_name.remove(before)) {
                of_name.insert(after, at);
            }
        }
        let touched: BTreeSet<usize> =
            commit.changes.iter().filter_map(|(_, after)| of_name.get(after.as_str()).copied()).collect();
        if is_repair(&commit.subject, touched.len()) {
            for at in touched {
                if let Some(count) = repairs.get_mut(at) {
                    *count += 1;
                }
            }
        }
    }
    repairs
}

/// The product's own rule.
fn is_repair(subject: &str, sources: usize) -> bool {
    (1..=codexa_history::churn::REPAIR_FILES).contains(&sources) && codexa_history::message::says_repair(subject)
}

/// What others would look for.
fn has_word(subject: &str) -> bool {
    const WORDS: [&str; 7] = ["fix", "fixes", "fixed", "bug", "defect", "crash", "regression"];
    subject.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}
