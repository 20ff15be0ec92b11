//! How many later repairs the first files and zones of a ranking hold.

use super::git::{Commit, touched};
use super::{Evidence, asked};
use crate::error::Error;
use codexa_discovery::hotspots::figures::{Figures, Outcome};
use codexa_discovery::hotspots::score::{density, order};
use codexa_discovery::zones::partition::areas;
use serde_json::Value;
use std::path::Path;

/// A ranking and other orders of the same things, judged.
pub(crate) struct Judged {
    /// The ranking first.
    pub(crate) rows: Vec<Row>,
    /// What the product itself says of its ranking at that commit.
    pub(crate) verdict: String,
}

/// One order, with two ways to say what a repair is.
pub(crate) struct Row {
    pub(crate) order: &'static str,
    /// Repairs by the product's own rule (words and the shape of the change), and by a word in the subject alone.
    pub(crate) figures: [Option<Figures>; WAYS.len()],
}

/// The names of the two ways.
pub(crate) const WAYS: [&str; 2] = ["words and shape", "a word alone"];

/// Fewer things or later repairs say nothing.
const FEWEST: usize = 10;

/// A file, or a zone with the sums over its files.
#[derive(Clone, Default)]
struct Ranked {
    /// The file's path, or where the zone lies.
    name: String,
    lines: f64,
    /// All its repairs and changes before, whenever they were.
    repairs: f64,
    changes: f64,
    /// Repairs to be expected, and the recent changes and repairs that the product ranks by.
    expected: f64,
    recent: (f64, f64),
    /// Its repairs afterwards, by each of the [`WAYS`].
    later: [f64; WAYS.len()],
}

/// Another order of the same things: its name, and what comes first where it is highest.
type Order = (&'static str, fn(&Ranked) -> f64);

const ORDERS: [Order; 4] = [
    ("size", |it| it.lines),
    ("prior fixes", |it| it.repairs),
    ("fix density", |it| it.repairs / it.lines),
    ("churn density", |it| it.changes / it.lines),
];

/// Judges the product's rankings of files and of zones at a commit by the commits after it.
pub(crate) fn judge(evidence: &Evidence, project: &Path, later: &[Commit]) -> Result<(Judged, Judged), Error> {
    let answer = asked(evidence, project, &["show", "hotspots", "--limit", "10000000"])?;
    let mut files: Vec<Ranked> = list(&answer, "hotspots").map(Ranked::of_row).collect();
    let by_rule = repairs(&files, later, is_repair);
    let by_word = repairs(&files, later, |subject, _| has_word(subject));
    for ((file, by_rule), by_word) in files.iter_mut().zip(by_rule).zip(by_word) {
        file.later = [by_rule.into(), by_word.into()];
    }
    let of_zones = asked(evidence, project, &["show", "zones"])?;
    let printed: Vec<&str> = if of_zones.get("withheld").and_then(Value::as_bool) == Some(true) {
        Vec::new()
    } else {
        list(&of_zones, "zones").map(|zone| text(zone, "place")).collect()
    };
    let zones = zones(&files, &printed);
    Ok((
        Judged { rows: table("hotspots", &files), verdict: verdict(&answer) },
        Judged { rows: table("zones", &zones), verdict: verdict(&of_zones) },
    ))
}

fn list<'j>(answer: &'j Value, name: &str) -> impl Iterator<Item = &'j Value> {
    answer.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'j>(row: &'j Value, name: &str) -> &'j str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What the product says of itself.
pub(super) fn verdict(answer: &Value) -> String {
    answer.get("backtest").map(|test| text(test, "verdict").to_owned()).unwrap_or_default()
}

impl Ranked {
    fn of_row(row: &Value) -> Self {
        let number = |of: &Value, name: &str| of.get(name).and_then(Value::as_f64).unwrap_or_default();
        let terms = row.get("terms").unwrap_or(&Value::Null);
        Self {
            name: text(row, "path").to_owned(),
            lines: number(row, "lines").max(1.0),
            repairs: number(row, "all_repairs"),
            changes: number(row, "all_changes"),
            expected: number(terms, "expected"),
            recent: (number(terms, "recent_changes"), number(terms, "recent_repairs")),
            ..Self::default()
        }
    }

    fn join(self, other: &Self) -> Self {
        let [by_rule, by_word] = self.later;
        let [other_by_rule, other_by_word] = other.later;
        Self {
            lines: self.lines + other.lines,
            repairs: self.repairs + other.repairs,
            changes: self.changes + other.changes,
            expected: self.expected + other.expected,
            recent: (self.recent.0 + other.recent.0, self.recent.1 + other.recent.1),
            later: [by_rule + other_by_rule, by_word + other_by_word],
            name: self.name,
        }
    }
}

/// The zones of these files, best first: those that the program prints as it prints them, and the others, which it only
/// counts, by the rule that it ranks by.
fn zones(files: &[Ranked], printed: &[&str]) -> Vec<Ranked> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of lines")]
    let areas = areas(files.iter().map(|file| (&*file.name, file.lines as u64)));
    let sum = |area: codexa_discovery::zones::partition::Area| {
        let none = Ranked { name: area.key, ..Ranked::default() };
        area.files.iter().filter_map(|at| files.get(*at)).fold(none, Ranked::join)
    };
    let zones: Vec<Ranked> = areas.into_iter().map(sum).collect();
    let ranked = order(zones.iter().map(|it| (it.expected, density(it.recent.0, it.recent.1, it.lines))));
    let mut ranked: Vec<Ranked> = ranked.into_iter().filter_map(|(at, _)| zones.get(at).cloned()).collect();
    let place = |zone: &Ranked| printed.iter().position(|place| *place == zone.name).unwrap_or(usize::MAX);
    ranked.sort_by_key(place);
    ranked
}

/// The figures of these things in the order in which they stand, and in other orders.
fn table(name: &'static str, ranking: &[Ranked]) -> Vec<Row> {
    let mut rows = vec![Row { order: name, figures: figures(ranking) }];
    for (order, value) in ORDERS {
        let mut sorted = ranking.to_vec();
        sorted.sort_by(|a, b| value(b).total_cmp(&value(a)).then_with(|| a.name.cmp(&b.name)));
        rows.push(Row { order, figures: figures(&sorted) });
    }
    rows
}

fn figures(ranking: &[Ranked]) -> [Option<Figures>; WAYS.len()] {
    let by = |later: fn(&Ranked) -> f64| {
        let outcome = |it: &Ranked| Outcome { lines: it.lines, repairs: later(it) };
        let ranking: Vec<Outcome> = ranking.iter().map(outcome).collect();
        let repairs: f64 = ranking.iter().map(|it| it.repairs).sum();
        (ranking.len() >= FEWEST && repairs >= FEWEST as f64).then(|| Figures::of(&ranking)).flatten()
    };
    [by(|it| it.later[0]), by(|it| it.later[1])]
}

/// Later repairs of each file, under whatever name it has by then.
fn repairs(files: &[Ranked], later: &[Commit], is_repair: impl Fn(&str, usize) -> bool) -> Vec<u32> {
    let mut repairs = vec![0; files.len()];
    let touched = touched(files.iter().map(|file| &*file.name), later);
    let of_repairs = later.iter().zip(touched).filter(|(commit, files)| is_repair(&commit.subject, files.len()));
    for (_, touched) in of_repairs {
        for at in touched {
            if let Some(count) = repairs.get_mut(at) {
                *count += 1;
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

#[cfg(test)]
mod tests {
    use super::{Ranked, zones};

    fn file(name: &str, lines: f64, expected: f64, later: f64) -> Ranked {
        Ranked { name: name.into(), lines, expected, recent: (0.0, expected), later: [later; 2], ..Ranked::default() }
    }

    #[test]
    fn zones_sum_their_files_and_those_that_are_printed_come_first() {
        let files = [
            file("a/one.py", 90.0, 1.0, 1.0),
            file("a/two.py", 10.0, 9.0, 2.0),
            file("b/three.py", 1000.0, 1.0, 4.0),
            file("c/four.py", 10.0, 2.0, 8.0),
        ];
        let told = |printed: &[&str]| -> Vec<(String, f64, f64)> {
            zones(&files, printed).into_iter().map(|zone| (zone.name, zone.lines, zone.later[0])).collect()
        };
        let [a, b, c] = [("a/", 100.0, 3.0), ("b/three.py", 1000.0, 4.0), ("c/four.py", 10.0, 8.0)]
            .map(|(name, lines, later)| (name.to_owned(), lines, later));
        assert_eq!(told(&[]), [a.clone(), c.clone(), b.clone()]);
        assert_eq!(told(&["b/three.py"]), [b, a, c]);
    }
}
