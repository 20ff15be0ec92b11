//! `codexa show entry-points`.

use super::error::QueryError;
use super::text::{Column, clean, more, number, plural, table};
use crate::behaviour::{EntryKind, EntryPoint};
use crate::entries;
use crate::model::Model;
use crate::projections::entry_name;
use crate::record::FileClass;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 60;

/// Where control comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPointsAnswer<'m> {
    /// Found in code and declared by packages: the system's own first, then by kind, path and line.
    pub entry_points: Vec<EntryPointRow<'m>>,
    /// Those of examples, benchmarks and documents that were left out.
    pub left_out_in_examples: u32,
    /// Why nobody looked, where there are none because of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
}

/// One entry point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EntryPointRow<'m> {
    /// Whether it only shows, measures or explains something; absent where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_examples: bool,
    /// What calls it; `program` for programs that packages declare.
    pub kind: String,
    /// The file: where it is defined; of a program where its main is, or else the manifest that declares it.
    pub path: &'m str,
    /// Line in it, from 1; absent for programs whose main was not found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Its name, or its route with the method.
    pub name: String,
    /// What answers, where that is not the name itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'m str>,
    /// The manifest that declares it, for programs whose main was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared_in: Option<&'m str>,
    /// The rule that found it.
    pub origin: String,
    /// How sure the rule is, in percent.
    pub confidence: u8,
}

/// What an entry point is called: its route with the method, or its name.
pub(crate) fn entry_label(entry: &EntryPoint) -> String {
    match (&entry.path, &entry.method) {
        (Some(path), Some(method)) => format!("{method} {path}"),
        (Some(path), None) => path.to_string(),
        (None, _) => entry.name.to_string(),
    }
}

/// Which entry points are asked for.
#[derive(Clone, Debug, Default)]
pub struct EntryPointFilter {
    /// A file or folder.
    pub from: Option<String>,
    /// Whether those that tests and generated files define take part; they do wherever `from` is given. Programs of
    /// vendored packages, and what a rule only suspects (under 50 percent), take part only there.
    pub with_tests: bool,
    /// Whether those of examples, benchmarks and documents take part; they do wherever `from` is given.
    pub with_examples: bool,
}

/// Entry points that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn entry_points<'m>(model: &'m Model, filter: &EntryPointFilter) -> Result<EntryPointsAnswer<'m>, QueryError> {
    let place = filter.from.as_deref().map(|place| super::edges::known(model, place)).transpose()?;
    let is_asked = |path: &str| place.as_deref().is_none_or(|place| super::edges::is_in(path, place));
    let is_shown = |class: FileClass| class == FileClass::Source || filter.with_tests || filter.from.is_some();
    let shows_examples = filter.with_examples || filter.from.is_some();
    let mut rows = Vec::new();
    let mut started: BTreeSet<&str> = BTreeSet::new();
    for package in &model.packages {
        let is_asked_for = |class| is_shown(class) && (class != FileClass::Vendored || filter.from.is_some());
        for program in &package.programs {
            let main = entries::main_of(model, program);
            let is_there = is_asked(program.manifest(package)) || main.is_some_and(|(file, _)| is_asked(&file.path));
            if !is_there || !is_asked_for(entries::program_class(model, package, program)) {
                continue;
            }
            started.extend(main.map(|(file, _)| &*file.path));
            rows.push(EntryPointRow {
                in_examples: entries::is_program_apart(model, package, program),
                kind: entries::PROGRAM.to_owned(),
                path: main.map_or(program.manifest(package), |(file, _)| &file.path),
                line: main.map(|(_, main)| main.line),
                name: program.name.to_string(),
                target: main.is_none().then_some(&*program.target),
                declared_in: main.map(|_| program.manifest(package)),
                origin: format!("{}.program", package.ecosystem),
                confidence: 100,
            });
        }
    }
    for (id, file) in (0_u32..).zip(&model.files).filter(|(_, file)| is_asked(&file.path)) {
        let found = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.entry_points);
        let is_sure = |entry: &&EntryPoint| entry.confidence >= entries::SURE || filter.from.is_some();
        let class = |entry: &EntryPoint| if file.is_for_tests(entry.line) { FileClass::Test } else { file.class };
        let is_told = |entry: &EntryPoint| entry.kind == EntryKind::Main && started.contains(&*file.path);
        for entry in found.filter(is_sure).filter(|entry| is_shown(class(entry)) && !is_told(entry)) {
            let name = entry_label(entry);
            rows.push(EntryPointRow {
                in_examples: entries::is_apart(model, id),
                kind: entry_name(entry.kind).to_owned(),
                path: &file.path,
                line: Some(entry.line),
                target: (*entry.name != *name).then_some(&*entry.name),
                name,
                declared_in: None,
                origin: entry.origin.to_string(),
                confidence: entry.confidence,
            });
        }
    }
    let all = rows.len();
    rows.retain(|row| shows_examples || !row.in_examples);
    let left_out_in_examples = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
    rows.sort();
    Ok(EntryPointsAnswer { entry_points: rows, left_out_in_examples, unknown_because: model.not_read() })
}

impl EntryPointsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.unknown_because.filter(|_| self.entry_points.is_empty()) {
            return super::text::unknown("entry points", cause);
        }
        let Some(first) = self.entry_points.first() else {
            let none = "no entry points found: no main, command, route, job or declared program that a rule knows";
            let (apart, next) = match self.left_out_in_examples {
                0 => (String::new(), "codexa show symbols"),
                apart => (format!(", but for{}", apart_of(apart)), "codexa show entry-points --with-examples"),
            };
            return format!("{}next: {next}\n", super::text::wrap(&format!("{none}{apart}"), ""));
        };
        let row = |row: &EntryPointRow<'_>| {
            let place = row.line.map_or_else(|| clean(row.path), |line| format!("{}:{line}", clean(row.path)));
            let target = row.target.map_or(String::new(), |target| format!(" -> {}", clean(target)));
            let name = format!("{}{target}", clean(&row.name));
            vec![row.kind.clone(), name, place, format!("{} %", row.confidence)]
        };
        let rows: Vec<Vec<String>> = self.entry_points.iter().take(SHOWN).map(row).collect();
        let columns =
            [("kind", Column::Left), ("entry", Column::Flexible), ("where", Column::Flexible), ("sure", Column::Right)];
        let mut out = table(&columns, &rows);
        out.push_str(&more(rows.len(), self.entry_points.len(), "--format json has all"));
        let written = write!(
            out,
            "\n{}{}\nnext: codexa show edges --from {}\n",
            plural(self.entry_points.len() as u64, "entry point"),
            apart(self.left_out_in_examples),
            clean(&crate::projections::quoted(first.path)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}

/// How many were left out with the examples, behind the number of those that were not.
pub(super) fn apart(left_out: u32) -> String {
    if left_out == 0 { String::new() } else { format!(" +{} (--with-examples)", apart_of(left_out)) }
}

/// The same, in words alone.
pub(super) fn apart_of(left_out: u32) -> String {
    format!(" {} in examples, benchmarks and documents", number(left_out.into()))
}
