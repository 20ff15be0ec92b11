//! JSON of coverage.py (`coverage json`), with one context per test where it was asked to keep them (`--show-contexts`).
//!
//! What runs while a module is imported runs for whichever test comes first. So only lines inside functions say which test
//! ran a file; reports of old versions do not tell those, and then lines that also ran without a test are left out.

use super::{Covered, Format, Report, time};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// In seconds.
const HALF_A_DAY: i64 = 43_200;

#[derive(Deserialize)]
struct Document {
    meta: Meta,
    files: BTreeMap<Box<str>, File>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    timestamp: Option<String>,
}

#[derive(Deserialize)]
struct File {
    summary: Summary,
    #[serde(default)]
    contexts: BTreeMap<Box<str>, Contexts>,
    #[serde(default)]
    functions: Option<BTreeMap<Box<str>, Function>>,
}

#[derive(Deserialize)]
struct Summary {
    covered_lines: u32,
    num_statements: u32,
}

#[derive(Deserialize)]
struct Function {
    #[serde(default)]
    contexts: BTreeMap<Box<str>, Contexts>,
}

/// The files of the tests that ran a line, and whether it ran without one: a report names every test at every line.
struct Contexts {
    tests: BTreeSet<Box<str>>,
    without: bool,
}

pub(super) fn parse(bytes: &[u8]) -> Option<Report> {
    let document: Document = serde_json::from_slice(bytes).ok()?;
    let mut runs = Vec::new();
    let mut code = Vec::with_capacity(document.files.len());
    for (path, file) in document.files {
        for test in tests(&file) {
            runs.push((test.into(), path.clone()));
        }
        let Summary { covered_lines, num_statements } = file.summary;
        code.push((path, Covered { covered: covered_lines.min(num_statements), lines: num_statements }));
    }
    // It is written in a zone that is not: what it may mean is half a day later at most.
    let made_at = document.meta.timestamp.as_deref().and_then(time::seconds).map(|written| written + HALF_A_DAY);
    Some(Report { format: Format::CoveragePy, made_at, code, runs, cut: false })
}

/// The files of the tests that ran functions of a file.
fn tests(file: &File) -> BTreeSet<&str> {
    match &file.functions {
        Some(functions) => {
            let inside = functions.iter().filter(|(name, _)| !name.is_empty());
            let lines = inside.flat_map(|(_, function)| function.contexts.values());
            lines.flat_map(|line| &line.tests).map(|test| &**test).collect()
        }
        None => {
            let lines = file.contexts.values().filter(|line| !line.without);
            lines.flat_map(|line| &line.tests).map(|test| &**test).collect()
        }
    }
}

impl<'de> Deserialize<'de> for Contexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(OfLine)
    }
}

struct OfLine;

impl<'de> Visitor<'de> for OfLine {
    type Value = Contexts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of contexts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut contexts: A) -> Result<Contexts, A::Error> {
        let mut line = Contexts { tests: BTreeSet::new(), without: false };
        while let Some(context) = contexts.next_element::<String>()? {
            // `tests/test_a.py::test_b|run`; a context that somebody named otherwise names no file.
            let file = context.split_once("::").map(|(file, _)| file);
            line.without |= context.is_empty();
            if let Some(file) = file.filter(|file| !line.tests.contains(*file)) {
                line.tests.insert(file.into());
            }
        }
        Ok(line)
    }
}
