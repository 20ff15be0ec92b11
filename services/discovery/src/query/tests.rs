//! `codexa show tests`: which tests reach which code, on what basis, and what no test is seen to reach.

use super::edges::{is_in, known};
use super::error::QueryError;
use super::text::{Column, clean, more, number, percent, plural, table, unknown, wrap};
use crate::components::Components;
use crate::model::Model;
use crate::tested::{Basis, Link, Role, Source, Tally};
use serde::Serialize;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 30;
/// Tests of one file that the text shows.
const TESTS: usize = 3;

/// Which code is asked for.
#[derive(Clone, Debug, Default)]
pub struct TestFilter {
    /// Only this file, folder, or component; of a test, what it reaches.
    pub from: Option<String>,
    /// Only what no test is seen to reach.
    pub untested: bool,
}

/// Which tests reach which code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestsAnswer<'m> {
    /// Over what was asked for.
    pub summary: TestSummary,
    /// Components with code that tests should reach, by id.
    pub components: Vec<ComponentTests<'m>>,
    /// Files of code that tests should reach, those that no test is seen to reach first, then by path.
    pub files: Vec<TestedFile<'m>>,
    /// What the tests among what was asked for reach, by test.
    pub tests: Vec<ReachedCode<'m>>,
    /// Languages of tests that are counted and not parsed, with the number of files: what they reach is not known. Only
    /// where all is asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_parsed: BTreeMap<&'m str, u32>,
    /// Coverage files, and what they came to.
    pub coverage_files: &'m [Source],
    /// Links that are less sure are left out, in percent.
    pub min_confidence: u8,
    /// Tests that nobody can follow to what they run, where they are so many that they may reach what no test is seen to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_followed: Option<String>,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
    #[serde(skip)]
    asked: Asked,
}

/// What was asked for, for the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    All,
    Part,
    Untested,
}

/// How many files tests should reach, and how many they do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TestSummary {
    /// Files of code with functions.
    pub code: u32,
    /// Of them, files that a test is about: it stands in them, names them, or is named after them.
    pub directly: u32,
    /// Of the others, files that tests come through.
    pub reached: u32,
    /// Files that no test is seen to reach.
    pub untested: u32,
    /// By the basis of the strongest link.
    pub by_basis: BTreeMap<&'static str, u32>,
    /// Files with tests in them, code among them.
    pub files_with_tests: u32,
    /// Files that are there for tests and hold none.
    pub helpers: u32,
}

/// One component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComponentTests<'m> {
    /// Its id.
    pub id: &'m str,
    /// How its files stand.
    #[serde(flatten)]
    pub summary: TestSummary,
}

/// One file of code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestedFile<'m> {
    /// The file.
    pub path: &'m str,
    /// The component it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<&'m str>,
    /// How many files of tests reach it; `tests` shows the strongest.
    pub count: u32,
    /// Who reaches it, the strongest first.
    pub tests: Vec<TestRow<'m>>,
    /// Lines that ran, of all, where a coverage file speaks of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered: Option<[u32; 2]>,
    /// That tests which nobody can follow may reach it, where none of those that can be followed does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_known: bool,
}

/// One test of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestRow<'m> {
    /// The file that holds the test.
    pub path: &'m str,
    /// How that is known.
    pub basis: &'static str,
    /// Files on the way, the code itself included: 0 where the test stands in it.
    pub distance: u8,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// The other bases that say the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_by: Vec<&'static str>,
}

/// What one test reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachedCode<'m> {
    /// The file that holds the test.
    pub path: &'m str,
    /// The code it reaches, the strongest first.
    pub reaches: Vec<TestRow<'m>>,
}

/// Which tests reach which code.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn tests<'m>(model: &'m Model, filter: &TestFilter) -> Result<TestsAnswer<'m>, QueryError> {
    let component = filter.from.as_deref().and_then(|from| component_of(&model.components, from));
    let place = match (&filter.from, component) {
        (Some(from), None) => Some(known(model, from)?),
        _ => None,
    };
    let is_asked = |file: u32| match (&place, component) {
        (Some(place), _) => is_in(model.path(file), place),
        (None, Some(id)) => model.components.of_file.get(file as usize).copied().flatten() == Some(id),
        (None, None) => true,
    };
    let asked: Vec<u32> = (0_u32..).take(model.files.len()).filter(|&file| is_asked(file)).collect();
    let tested = &model.tested;
    let mut files: Vec<TestedFile<'m>> = asked
        .iter()
        .filter(|&&file| {
            is_shown(model, file, place.as_ref()) && (!filter.untested || tested.strongest(file).is_none())
        })
        .map(|&file| TestedFile {
            path: model.path(file),
            component: model.components.of(file).map(|component| &*component.id),
            count: tested.count(file),
            tests: tested.links(file).iter().map(|link| TestRow::of(model, link)).collect(),
            covered: tested.covered(file).map(|lines| [lines.covered, lines.lines]),
            not_known: tested.strongest(file).is_none() && tested.not_known(file).is_some(),
        })
        .collect();
    files.sort_by_key(|file| (file.count > 0, file.covered.is_some_and(|[ran, _]| ran > 0), file.path));
    let summary = TestSummary::of(&tested.tally(asked.iter().copied()));
    let part = if filter.untested { Asked::Untested } else { Asked::Part };
    let not_followed = files.iter().any(|file| file.not_known).then(|| tested.unfollowed.says());
    Ok(TestsAnswer {
        summary,
        components: components(model, &asked),
        files,
        tests: if filter.from.is_some() && !filter.untested { reaches(model, &asked) } else { Vec::new() },
        not_parsed: if filter.from.is_none() { model.tests_not_parsed() } else { BTreeMap::new() },
        coverage_files: &model.tested.sources,
        min_confidence: crate::tested::MIN_CONFIDENCE,
        not_followed,
        unknown_because: model.tests_not_looked_at(),
        asked: if filter.from.is_none() && !filter.untested { Asked::All } else { part },
    })
}

fn component_of(components: &Components, name: &str) -> Option<u32> {
    let at = components.find(name).filter(|_| name.starts_with("c:"))?;
    u32::try_from(at).ok()
}

/// Files that tests should reach; one that was asked for by its name also where it holds only values.
fn is_shown(model: &Model, file: u32, place: Option<&Cow<'_, str>>) -> bool {
    match model.tested.role(file) {
        Role::Code { .. } => true,
        Role::Values => place.is_some_and(|place| **place == *model.path(file)),
        _ => false,
    }
}

fn components<'m>(model: &'m Model, asked: &[u32]) -> Vec<ComponentTests<'m>> {
    let mut files: BTreeMap<&'m str, Vec<u32>> = BTreeMap::new();
    for &file in asked {
        if let Some(component) = model.components.of(file) {
            files.entry(&component.id).or_default().push(file);
        }
    }
    let of = |(id, files): (&'m str, Vec<u32>)| ComponentTests {
        id,
        summary: TestSummary::of(&model.tested.tally(files.into_iter())),
    };
    files.into_iter().map(of).filter(|row| row.summary.code > 0).collect()
}

/// What each test among these files reaches.
fn reaches<'m>(model: &'m Model, asked: &[u32]) -> Vec<ReachedCode<'m>> {
    let mut by_test: BTreeMap<u32, Vec<(u32, Link)>> = BTreeMap::new();
    for (code, link) in model.tested.all().filter(|(code, link)| *code != link.test) {
        if model.tested.role(link.test).is_of_tests() && asked.binary_search(&link.test).is_ok() {
            by_test.entry(link.test).or_default().push((code, *link));
        }
    }
    let row = |(test, mut links): (u32, Vec<(u32, Link)>)| {
        links.sort_by_key(|(code, link)| (!link.is_direct(), Reverse(link.confidence), *code));
        let row = |(code, link): &(u32, Link)| TestRow { path: model.path(*code), ..TestRow::of(model, link) };
        ReachedCode { path: model.path(test), reaches: links.iter().map(row).collect() }
    };
    by_test.into_iter().map(row).collect()
}

impl<'m> TestRow<'m> {
    pub(super) fn of(model: &'m Model, link: &Link) -> Self {
        let Link { test, basis, distance, confidence, bases } = *link;
        let also_by = bases.iter().filter(|other| *other != basis).map(Basis::name).collect();
        Self { path: model.path(test), basis: basis.name(), distance, confidence, also_by }
    }
}

impl TestSummary {
    pub(super) fn of(tally: &Tally) -> Self {
        Self {
            code: tally.code,
            directly: tally.directly,
            reached: tally.reached,
            untested: tally.untested(),
            by_basis: tally.bases().map(|(basis, count)| (basis.name(), count)).collect(),
            files_with_tests: tally.tests + tally.with_own_tests,
            helpers: tally.helpers,
        }
    }

    /// `about 12 of 20 files of code (60.0 %), come through 3 more, and are not seen to reach 5`, said of tests.
    pub(super) fn sentence(&self) -> String {
        format!(
            "about {} of {} of code ({}), come through {} more, and are not seen to reach {}",
            number(u64::from(self.directly)),
            plural(u64::from(self.code), "file"),
            percent(u64::from(self.directly), u64::from(self.code)),
            number(u64::from(self.reached)),
            number(u64::from(self.untested)),
        )
    }

    /// `40 by call, 2 by naming`.
    pub(super) fn bases(&self) -> String {
        let bases: Vec<String> =
            self.by_basis.iter().map(|(basis, n)| format!("{} by {}", number(u64::from(*n)), word(basis))).collect();
        bases.join(", ")
    }
}

/// What is said of a file beside its tests.
fn said_of(file: &TestedFile<'_>) -> String {
    let ran = file.covered.map(|[ran, lines]| {
        let share = percent(u64::from(ran), u64::from(lines));
        format!("{} of {} ran ({share})", number(u64::from(ran)), plural(u64::from(lines), "line"))
    });
    match (ran, file.tests.is_empty()) {
        (Some(ran), true) => format!(": {ran}; it is not known by which test"),
        (Some(ran), false) => format!(": {ran}"),
        (None, true) if file.not_known => ": what tests reach it is not known".to_owned(),
        (None, true) => ": no test is seen to reach it".to_owned(),
        (None, false) => String::new(),
    }
}

/// A basis as words.
pub(super) fn word(basis: &str) -> String {
    basis.replace('_', "-")
}

/// What a coverage file came to.
fn came_to(source: &Source) -> String {
    let Some(format) = &source.format else { return "not understood, or too large".to_owned() };
    let mut said = format!("{format}, speaks of {}", plural(u64::from(source.files), "file"));
    for (holds, what) in [
        (source.by_test, ", by test"),
        (source.stale == Some(true), ", older than the newest commit"),
        (source.stale.is_none(), ", does not say when it was made"),
        (source.cut, ", cut short"),
    ] {
        said.push_str(if holds { what } else { "" });
    }
    if source.declined > 0 {
        said.push_str(&format!(", {} declined", plural(u64::from(source.declined), "path")));
    }
    said
}

impl TestsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.unknown_because {
            return unknown("tests of code", cause);
        }
        let mut out = String::new();
        if self.write(&mut out).is_err() {
            out.push_str("…\n");
        }
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        match self.asked {
            Asked::All => self.write_components(out)?,
            Asked::Part => self.write_files(out)?,
            Asked::Untested => self.write_untested(out)?,
        }
        out.push('\n');
        if self.summary.code > 0 {
            out.push_str(&wrap(&format!("  tests are {}", self.summary.sentence()), "  "));
        }
        if !self.summary.by_basis.is_empty() {
            out.push_str(&wrap(&format!("  the strongest basis of each: {}", self.summary.bases()), "  "));
        }
        match &self.not_followed {
            Some(cause) => {
                let line = format!("  whether tests reach those is not known: {}", clean(cause));
                out.push_str(&wrap(&line, "  "));
            }
            None => self.write_not_parsed(out),
        }
        for source in self.coverage_files {
            out.push_str(&wrap(&format!("  coverage file {}: {}", clean(&source.path), came_to(source)), "  "));
        }
        if self.summary.files_with_tests == 0 && self.asked == Asked::All {
            out.push_str("  no file with tests was found\n");
        }
        let next = match self.asked {
            Asked::All if self.summary.untested > 0 => "codexa show tests --untested".to_owned(),
            Asked::Untested if !self.files.is_empty() => {
                format!(
                    "codexa impact {}",
                    clean(&crate::projections::quoted(self.files.first().map_or("", |file| file.path)))
                )
            }
            _ => "codexa show coverage".to_owned(),
        };
        writeln!(out, "next: {next}")
    }

    fn write_not_parsed(&self, out: &mut String) {
        for (language, files) in &self.not_parsed {
            let files = plural(u64::from(*files), "file");
            let line = format!(
                "  not known: what {files} of tests in {} reach, which is counted, not parsed",
                clean(language)
            );
            out.push_str(&wrap(&line, "  "));
        }
    }

    fn write_components(&self, out: &mut String) -> std::fmt::Result {
        let rows: Vec<Vec<String>> = self
            .components
            .iter()
            .take(SHOWN)
            .map(|row| {
                let summary = &row.summary;
                let numbers = [summary.code, summary.directly, summary.reached, summary.untested];
                let strongest = summary.by_basis.iter().max_by_key(|(name, n)| (**n, Reverse(**name)));
                let mut cells = vec![clean(row.id)];
                cells.extend(numbers.map(|n| number(u64::from(n))));
                cells.push(strongest.map_or(String::new(), |(name, _)| word(name)));
                cells
            })
            .collect();
        if rows.is_empty() {
            return writeln!(out, "  there is no code that tests could reach");
        }
        let columns = [
            ("component", Column::Flexible),
            ("files", Column::Right),
            ("tested", Column::Right),
            ("reached", Column::Right),
            (if self.not_followed.is_some() { "not known" } else { "untested" }, Column::Right),
            ("mostly by", Column::Left),
        ];
        out.push_str(&table(&columns, &rows));
        out.push_str(&more(rows.len(), self.components.len(), "--format json has all"));
        Ok(())
    }

    fn write_files(&self, out: &mut String) -> std::fmt::Result {
        let whole = self.files.len() + self.tests.len() == 1;
        let of_code = self.files.iter().map(|file| (file.path, &file.tests, file.count as usize, said_of(file)));
        let of_tests =
            self.tests.iter().map(|test| (test.path, &test.reaches, test.reaches.len(), " reaches".to_owned()));
        let shown = if whole { SHOWN } else { TESTS };
        let all: Vec<_> = of_code.chain(of_tests).collect();
        for (path, rows, count, said) in all.iter().take(SHOWN) {
            writeln!(out, "{}{said}", clean(path))?;
            let cells: Vec<Vec<String>> = rows
                .iter()
                .take(shown)
                .map(|row| {
                    vec![
                        clean(row.path),
                        word(row.basis),
                        plural(u64::from(row.distance), "step"),
                        format!("{} %", row.confidence),
                    ]
                })
                .collect();
            let columns = [("", Column::Flexible), ("", Column::Left), ("", Column::Left), ("", Column::Right)];
            out.push_str(&table(&columns, &cells));
            out.push_str(&more(cells.len(), *count, "--format json has more"));
        }
        out.push_str(&more(all.len().min(SHOWN), all.len(), "--format json has all"));
        if all.is_empty() {
            writeln!(out, "  there is no code here that tests could reach")?;
        }
        Ok(())
    }

    fn write_untested(&self, out: &mut String) -> std::fmt::Result {
        for file in self.files.iter().take(SHOWN) {
            writeln!(out, "  {}", clean(file.path))?;
        }
        out.push_str(&more(self.files.len().min(SHOWN), self.files.len(), "--format json has all"));
        if self.files.is_empty() {
            writeln!(out, "  every file of code is reached by some test")?;
        }
        Ok(())
    }
}
