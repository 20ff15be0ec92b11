//! Links between tests and code, held against what a coverage tool saw.
//!
//! The truth is a report of coverage.py with one context per test (`pytest --cov --cov-context=test`, `coverage json
//! --show-contexts`): a test reaches a file where it runs a line inside one of its functions. What runs when a module is
//! imported says nothing, for every test of a process shares it. The claims are `codexa show tests --format json`. A pair is
//! a file of tests and a file of code; only files count that the report knows, so that nobody is measured by what was not run.

use crate::error::{Error, at};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

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
}

/// Links that were made, and how many of them are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Score {
    made: usize,
    right: usize,
}

/// Prints the table.
pub(crate) fn run(answer: &Path, coverage: &Path) -> Result<(), Error> {
    let table = table(&read(answer)?, &read(coverage)?);
    #[allow(clippy::print_stdout, reason = "the table is what this command is for")]
    {
        print!("{table}");
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let file = File::open(path).map_err(at(path))?;
    let wrong = |error: serde_json::Error| Error::Model { path: path.to_owned(), why: error.to_string() };
    serde_json::from_reader(BufReader::new(file)).map_err(wrong)
}

fn table(answer: &Answer, report: &Report) -> String {
    let truth = pairs(report);
    let tests: BTreeSet<&str> = truth.iter().map(|(test, _)| *test).collect();
    let code: BTreeSet<&str> =
        report.files.iter().filter(|(_, source)| source.has_functions()).map(|(path, _)| path.as_str()).collect();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for file in answer.files.iter().filter(|file| code.contains(file.path.as_str())) {
        for link in file.tests.iter().filter(|link| tests.contains(link.path.as_str())) {
            let is_right = truth.contains(&(link.path.as_str(), file.path.as_str()));
            for row in rows(link) {
                let score = scores.entry(row).or_default();
                score.made += 1;
                score.right += usize::from(is_right);
            }
        }
    }
    let all = tests.len() * code.len();
    let mut out = format!(
        "{} files of tests, {} files of code with functions, {} pairs run ({} of all)\n\n",
        tests.len(),
        code.len(),
        truth.len(),
        percent(truth.len(), all),
    );
    out.push_str("| links | made | run | precision | recall |\n| --- | --- | --- | --- | --- |\n");
    for (row, score) in &scores {
        let (precision, recall) = (percent(score.right, score.made), percent(score.right, truth.len()));
        let name = row.split_once(' ').map_or(row.as_str(), |(_, name)| name);
        let written = writeln!(out, "| {name} | {} | {} | {precision} | {recall} |", score.made, score.right);
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
    }
    out
}

/// The rows that a link counts in; the number before each is its place.
fn rows(link: &Link) -> [String; 4] {
    let (place, way) = if link.distance <= 1 { (1, "about the file") } else { (2, "through the file") };
    let confidence = link.confidence / 10 * 10;
    [
        "0 all".to_owned(),
        format!("{place} {way}"),
        format!("3{} {way}, by {}", place, link.basis),
        format!("4{confidence:03} {confidence} % sure and more, under {} %", confidence + 10),
    ]
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
        let table = table(&answer, &report);
        assert!(
            table.starts_with("1 files of tests, 2 files of code with functions, 1 pairs run (50.0 % of all)"),
            "{table}"
        );
        assert!(table.contains("| all | 2 | 1 | 50.0 % | 100.0 % |"), "{table}");
        assert!(table.contains("| about the file, by call | 1 | 1 | 100.0 % | 100.0 % |"), "{table}");
        assert!(table.contains("| about the file, by naming | 1 | 0 | 0.0 % | 0.0 % |"), "{table}");
    }
}
