//! Links between tests and code, held against what a coverage tool saw.
//!
//! The truth is a report of coverage.py with one context per test (`pytest --cov --cov-context=test`, `coverage json
//! --show-contexts`): a test reaches a file where it runs a line inside one of its functions. What runs when a module is
//! imported says nothing, for every test of a process shares it. The claims are `codexa show tests --format json`. A pair is
//! a file of tests and a file of code; only files count that the report knows, so that nobody is measured by what was not run.
//!
//! Each basis is held alone against two others: chance, the share of all pairs that ran, and what names of files say.

use crate::error::{Error, at};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What was run.
#[derive(Deserialize)]
struct Report {
    files: BTreeMap<String, Source>,
}

#[derive(Deserialize)]
struct Source {
    /// Functions by name; what stands in none is under the empty name.
    functions: BTreeMap<String, Region>,
}

#[derive(Deserialize)]
struct Region {
    #[serde(default)]
    contexts: BTreeMap<String, TestFiles>,
}

/// The files of the tests that ran a line: of `tests/test_a.py::test_b|run` what stands before the first `::`.
struct TestFiles(BTreeSet<Box<str>>);

/// What Codexa claims.
#[derive(Deserialize)]
struct Answer {
    files: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    path: String,
    tests: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    path: String,
    basis: String,
    distance: u8,
    confidence: u8,
    /// The other bases that say the same.
    #[serde(default)]
    also_by: Vec<String>,
}

/// What is held against the report alone, beside chance.
const ALONE: [&str; 5] = ["call, about the file", "call, through the file", "import", NAMING, "co-change"];
/// What the others are held against.
const NAMING: &str = "naming";

/// What a link counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    All,
    /// A test is about the file.
    About,
    /// By one of [`ALONE`], whatever else says the same.
    Alone(usize),
    /// By how sure a link says that it is, in steps of ten percent.
    Said(u8),
}

/// Links that were made, and how many of them are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Score {
    made: usize,
    right: usize,
}

/// One repository, or the sum of all.
#[derive(Debug, Default)]
struct Held {
    name: String,
    tests: usize,
    code: usize,
    /// All pairs of a test and code.
    pairs: usize,
    /// Of them, those that ran.
    ran: usize,
    rows: BTreeMap<Row, Score>,
}

/// Prints the tables over the repositories whose answer (`tests.json`) and report (`coverage.json`) lie in these folders.
pub(crate) fn run(folders: &[PathBuf]) -> Result<(), Error> {
    let mut all = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        all.push(held(name, &read(&folder.join("tests.json"))?, &read(&folder.join("coverage.json"))?));
    }
    #[allow(clippy::print_stdout, reason = "the tables are what this command is for")]
    {
        print!("{}", tables(&all));
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let file = File::open(path).map_err(at(path))?;
    let wrong = |error: serde_json::Error| Error::Model { path: path.to_owned(), why: error.to_string() };
    serde_json::from_reader(BufReader::new(file)).map_err(wrong)
}

fn held(name: String, answer: &Answer, report: &Report) -> Held {
    let truth = pairs(report);
    let tests: BTreeSet<&str> = truth.iter().map(|(test, _)| *test).collect();
    let code: BTreeSet<&str> =
        report.files.iter().filter(|(_, source)| source.has_functions()).map(|(path, _)| path.as_str()).collect();
    let (pairs, ran) = (tests.len() * code.len(), truth.len());
    let mut held = Held { name, tests: tests.len(), code: code.len(), pairs, ran, rows: BTreeMap::new() };
    for file in answer.files.iter().filter(|file| code.contains(file.path.as_str())) {
        for link in file.tests.iter().filter(|link| tests.contains(link.path.as_str())) {
            let is_right = truth.contains(&(link.path.as_str(), file.path.as_str()));
            for row in rows(link) {
                let score = held.rows.entry(row).or_default();
                score.made += 1;
                score.right += usize::from(is_right);
            }
        }
    }
    held
}

/// The rows that a link counts in.
fn rows(link: &Link) -> Vec<Row> {
    let is_about = link.distance <= 1;
    let mut rows = vec![Row::All, Row::Said(link.confidence / 10)];
    rows.extend(is_about.then_some(Row::About));
    for basis in std::iter::once(&link.basis).chain(&link.also_by) {
        let name = match basis.as_str() {
            // Where a name says that the test is about the file, a call may say only that it comes through it.
            "call" if is_about && link.basis == "call" => "call, about the file",
            "call" => "call, through the file",
            "co_change" => "co-change",
            other => other,
        };
        rows.extend(ALONE.iter().position(|alone| *alone == name).map(Row::Alone));
    }
    rows
}

impl Held {
    fn sum(all: &[Self]) -> Self {
        let mut sum = Self { name: "all".to_owned(), ..Self::default() };
        for held in all {
            sum.tests += held.tests;
            sum.code += held.code;
            sum.pairs += held.pairs;
            sum.ran += held.ran;
            for (row, score) in &held.rows {
                let known = sum.rows.entry(*row).or_default();
                known.made += score.made;
                known.right += score.right;
            }
        }
        sum
    }

    fn score(&self, row: Row) -> Score {
        self.rows.get(&row).copied().unwrap_or_default()
    }

    /// Its row over every basis.
    fn in_all(&self) -> String {
        let cell = |row| {
            let score = self.score(row);
            let (right, recall) = (percent(score.right, score.made), percent(score.right, self.ran));
            format!("{}, {right} | {recall}", score.made)
        };
        let (about, all) = (cell(Row::About), cell(Row::All));
        let ran = percent(self.ran, self.pairs);
        format!("| {} | {}, {} | {} ({ran}) | {about} | {all} |", self.name, self.tests, self.code, self.ran)
    }

    /// Its row of one of [`ALONE`], where that has links.
    fn alone(&self, basis: usize) -> Option<String> {
        let score = self.score(Row::Alone(basis));
        let name = ALONE.get(basis).filter(|_| score.made > 0)?;
        let (right, chance) = (percent(score.right, score.made), percent(self.ran, self.pairs));
        let (recall, f1) = (percent(score.right, self.ran), percent(2 * score.right, score.made + self.ran));
        let (loses_to, made) = (self.loses_to(score), score.made);
        Some(format!("| {name} | {} | {made} | {right} | {chance} | {recall} | {f1} | {loses_to} |", self.name))
    }

    /// What a basis alone loses to: to chance where its links are right no more often than any pair, to names where precision
    /// and recall together (F1) are less.
    fn loses_to(&self, score: Score) -> &'static str {
        let naming =
            ALONE.iter().position(|alone| *alone == NAMING).map_or(Score::default(), |at| self.score(Row::Alone(at)));
        if score.right * self.pairs <= self.ran * score.made {
            "chance"
        } else if score.right * (naming.made + self.ran) < naming.right * (score.made + self.ran) {
            "naming"
        } else {
            ""
        }
    }
}

fn tables(repositories: &[Held]) -> String {
    let sum = Held::sum(repositories);
    let mut rows = vec![
        "| repository | files of tests, of code | pairs that ran, of all | about the file: links, right | recall \
         | all links: right | recall |"
            .to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    rows.extend(repositories.iter().chain([&sum]).map(Held::in_all));
    rows.push("\n| basis alone | repository | links | right | by chance | recall | F1 | loses to |".to_owned());
    rows.push("| --- | --- | --- | --- | --- | --- | --- | --- |".to_owned());
    for basis in 0..ALONE.len() {
        rows.extend(repositories.iter().chain([&sum]).filter_map(|held| held.alone(basis)));
    }
    rows.push("\n| said | links | right |".to_owned());
    rows.push("| --- | --- | --- |".to_owned());
    for (row, score) in &sum.rows {
        if let Row::Said(tens) = row {
            let right = percent(score.right, score.made);
            rows.push(format!("| {} % and more | {} | {right} |", tens * 10, score.made));
        }
    }
    rows.push(String::new());
    rows.join("\n")
}

/// Test and code of every pair that ran.
fn pairs(report: &Report) -> BTreeSet<(&str, &str)> {
    let mut pairs = BTreeSet::new();
    for (path, source) in &report.files {
        for region in source.functions.iter().filter(|(name, _)| !name.is_empty()).map(|(_, region)| region) {
            let tests = region.contexts.values().flat_map(|files| &files.0);
            pairs.extend(tests.map(|test| (&**test, path.as_str())));
        }
    }
    pairs
}

impl Source {
    fn has_functions(&self) -> bool {
        self.functions.keys().any(|name| !name.is_empty())
    }
}

/// With one decimal.
fn percent(part: usize, whole: usize) -> String {
    let tenths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

impl<'de> Deserialize<'de> for TestFiles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Contexts)
    }
}

/// Keeps the file of each context: a report names every test at every line, and that is too much to keep.
struct Contexts;

impl<'de> Visitor<'de> for Contexts {
    type Value = TestFiles;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of contexts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut contexts: A) -> Result<TestFiles, A::Error> {
        let mut files = BTreeSet::new();
        while let Some(context) = contexts.next_element::<String>()? {
            let file = context.split_once("::").map_or("", |(file, _)| file);
            if !file.is_empty() && !files.contains(file) {
                files.insert(file.into());
            }
        }
        Ok(TestFiles(files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_within_functions_that_a_test_ran_are_the_truth() {
        let report: Report = serde_json::from_str(
            r#"{"meta": {}, "files": {
                "a.py": {"functions": {"": {"contexts": {"1": ["", "t/test_b.py::test_x|run"]}},
                                       "f": {"contexts": {"3": ["t/test_a.py::test_y|run", "t/test_a.py::test_z|run", ""]}}}},
                "b.py": {"functions": {"": {"contexts": {}}}},
                "c.py": {"functions": {"C.m": {"executed_lines": []}}}}}"#,
        )
        .unwrap();
        let answer: Answer = serde_json::from_str(
            r#"{"schema": "codexa/show-tests@1", "files": [
                {"path": "a.py", "tests": [{"path": "t/test_a.py", "basis": "call", "distance": 1, "confidence": 95},
                                           {"path": "t/test_b.py", "basis": "call", "distance": 1, "confidence": 95}]},
                {"path": "b.py", "tests": [{"path": "t/test_a.py", "basis": "call", "distance": 1, "confidence": 95}]},
                {"path": "c.py", "tests": [{"path": "t/test_a.py", "basis": "naming", "distance": 1, "confidence": 90}]}]}"#,
        )
        .unwrap();
        let held = held("shop".to_owned(), &answer, &report);
        assert_eq!((held.tests, held.code, held.ran, held.pairs), (1, 2, 1, 2));
        let score = |row| {
            let score = held.score(row);
            (score.made, score.right)
        };
        assert_eq!((score(Row::All), score(Row::About), score(Row::Said(9))), ((2, 1), (2, 1), (2, 1)));
        assert_eq!((score(Row::Alone(0)), score(Row::Alone(3))), ((1, 1), (1, 0)));
    }

    /// Of 10 tests and 10 files of code half of the pairs ran.
    #[test]
    fn a_basis_alone_loses_to_chance_or_to_names_where_it_is_worth_less() {
        let score = |made, right| Score { made, right };
        let rows = BTreeMap::from([(Row::Alone(3), score(20, 18))]);
        let held = Held { pairs: 100, ran: 50, rows, ..Held::default() };
        assert_eq!(held.loses_to(score(40, 20)), "chance");
        assert_eq!(held.loses_to(score(4, 4)), "naming", "it is right, and of too few");
        assert_eq!(held.loses_to(score(30, 25)), "");
        let sum = Held::sum(&[held, Held { pairs: 10, ran: 1, name: "b".into(), ..Held::default() }]);
        assert_eq!((sum.pairs, sum.ran, sum.score(Row::Alone(3))), (110, 51, score(20, 18)));
        assert!(tables(&[sum]).contains("| naming | all | 20 | 90.0 % | 46.4 % | 35.3 % | 50.7 % |  |\n"));
    }

    /// A pair that several bases name counts for each.
    #[test]
    fn each_basis_is_held_alone() {
        let link = |basis: &str, distance, also_by: &[&str]| Link {
            path: "t.py".into(),
            basis: basis.into(),
            distance,
            confidence: 95,
            also_by: also_by.iter().map(|&basis| basis.to_owned()).collect(),
        };
        let alone = |link: &Link| -> Vec<&str> {
            let rows = rows(link).into_iter();
            rows.filter_map(|row| if let Row::Alone(at) = row { Some(ALONE[at]) } else { None }).collect()
        };
        assert_eq!(alone(&link("call", 1, &["naming", "co_change"])), ["call, about the file", "naming", "co-change"]);
        assert_eq!(alone(&link("naming", 1, &["call"])), ["naming", "call, through the file"]);
        assert_eq!(alone(&link("own", 0, &[])), [] as [&str; 0]);
    }
}
