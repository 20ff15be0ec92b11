//! `codexa show entry-points`.

use super::error::QueryError;
use super::text::{Column, clean, more, plural, table};
use crate::behaviour::EntryPoint;
use crate::entries;
use crate::model::Model;
use crate::projections::entry_name;
use crate::record::FileClass;
use serde::Serialize;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 60;

/// Where control comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPointsAnswer<'m> {
    /// Found in code and declared by packages, sorted by kind, path and line.
    pub entry_points: Vec<EntryPointRow<'m>>,
}

/// One entry point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EntryPointRow<'m> {
    /// What calls it; `program` for programs that packages declare.
    pub kind: String,
    /// The file: where it is defined, or the manifest that declares it.
    pub path: &'m str,
    /// Line in it, from 1; absent for declared programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Its name, or its route with the method.
    pub name: String,
    /// What answers, where that is not the name itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'m str>,
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
}

/// Entry points that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn entry_points<'m>(model: &'m Model, filter: &EntryPointFilter) -> Result<EntryPointsAnswer<'m>, QueryError> {
    let place = filter.from.as_deref().map(|place| super::edges::known(model, place)).transpose()?;
    let is_asked = |path: &str| place.as_deref().is_none_or(|place| super::edges::is_in(path, place));
    let is_shown = |class: FileClass| class == FileClass::Source || filter.with_tests || filter.from.is_some();
    let mut rows = Vec::new();
    for file in model.files.iter().filter(|file| is_asked(&file.path) && is_shown(file.class)) {
        let found = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.entry_points);
        for entry in found.filter(|entry| entry.confidence >= entries::SURE || filter.from.is_some()) {
            let name = entry_label(entry);
            rows.push(EntryPointRow {
                kind: entry_name(entry.kind).to_owned(),
                path: &file.path,
                line: Some(entry.line),
                target: (*entry.name != *name).then_some(&*entry.name),
                name,
                origin: entry.origin.to_string(),
                confidence: entry.confidence,
            });
        }
    }
    for package in &model.packages {
        let is_asked_for = |class| is_shown(class) && (class != FileClass::Vendored || filter.from.is_some());
        let programs = package.programs.iter().filter(|program| is_asked(program.manifest(package)));
        for program in programs.filter(|program| is_asked_for(entries::program_class(model, package, program))) {
            rows.push(EntryPointRow {
                kind: "program".to_owned(),
                path: program.manifest(package),
                line: None,
                name: program.name.to_string(),
                target: Some(&program.target),
                origin: format!("{}.program", package.ecosystem),
                confidence: 100,
            });
        }
    }
    rows.sort();
    Ok(EntryPointsAnswer { entry_points: rows })
}

impl EntryPointsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let Some(first) = self.entry_points.first() else {
            return "no entry points found: no main, command, route, job or declared program that a rule knows\n\
                    next: codexa show symbols\n"
                .to_owned();
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
            "\n{}\nnext: codexa show edges --from {}\n",
            plural(self.entry_points.len() as u64, "entry point"),
            clean(&crate::projections::quoted(first.path)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
