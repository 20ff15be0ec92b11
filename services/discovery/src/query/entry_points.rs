//! `codexa show entry-points`.

use super::error::QueryError;
use super::text::{Column, clean, more, number, plural, table};
use crate::behaviour::{EntryKind, EntryPoint};
use crate::entries;
use crate::libraries::Library;
use crate::model::Model;
use crate::projections::entry_name;
use crate::record::FileClass;
use codexa_model::relation::Package;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 60;

/// Where control comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPointsAnswer<'m> {
    /// Found in code and declared by packages: the system's own first, of those what builds it last; programs, what others
    /// build on, and the rest by kind, each by path and line.
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
    /// Whether it builds, checks or releases the system; absent where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_build: bool,
    /// What calls it; `program` for programs that packages declare.
    pub kind: String,
    /// The file: where it is defined; of a program where its main is and of a package that others build on where its face
    /// is, or else the manifest that declares it.
    pub path: &'m str,
    /// Line in it, from 1; absent for programs whose main was not found, and for packages that others build on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Its name, or its route with the method.
    pub name: String,
    /// What answers, where that is not the name itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'m str>,
    /// The manifest that declares it, for programs whose main was found and for packages that others build on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared_in: Option<&'m str>,
    /// Of a package that others build on: public names at file level in its sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_names: Option<u32>,
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
    let asked = Asked { place: place.map(Cow::into_owned), with_tests: filter.with_tests };
    let shows_examples = filter.with_examples || filter.from.is_some();
    let mut started: BTreeSet<&str> = BTreeSet::new();
    let mut rows = programs(model, &asked, &mut started);
    rows.extend(libraries(model, &asked));
    rows.extend(in_code(model, &asked, &started));
    let all = rows.len();
    rows.retain(|row| shows_examples || !row.in_examples);
    let left_out_in_examples = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
    rows.sort_by(|a, b| (a.in_examples, a.of_build, a.rank(), a).cmp(&(b.in_examples, b.of_build, b.rank(), b)));
    Ok(EntryPointsAnswer { entry_points: rows, left_out_in_examples, unknown_because: model.not_read() })
}

/// What is asked for.
struct Asked {
    /// A file or folder.
    place: Option<String>,
    with_tests: bool,
}

impl Asked {
    fn holds(&self, path: &str) -> bool {
        self.place.as_deref().is_none_or(|place| super::edges::is_in(path, place))
    }

    fn shows(&self, class: FileClass) -> bool {
        class == FileClass::Source || self.with_tests || self.place.is_some()
    }
}

/// Programs that packages declare. The files that they start in are added to `started`.
fn programs<'m>(model: &'m Model, asked: &Asked, started: &mut BTreeSet<&'m str>) -> Vec<EntryPointRow<'m>> {
    let shows = |class| asked.shows(class) && (class != FileClass::Vendored || asked.place.is_some());
    let mut rows = Vec::new();
    let all = model.packages.iter().flat_map(|package| package.programs.iter().map(move |program| (package, program)));
    for (package, program) in all {
        let main = entries::main_of(model, program);
        let is_there = asked.holds(program.manifest(package)) || main.is_some_and(|(file, _)| asked.holds(&file.path));
        if !is_there || !shows(entries::program_class(model, package, program)) {
            continue;
        }
        started.extend(main.map(|(file, _)| &*file.path));
        rows.push(EntryPointRow {
            in_examples: entries::is_program_apart(model, package, program),
            of_build: false,
            kind: entries::PROGRAM.to_owned(),
            path: main.map_or(program.manifest(package), |(file, _)| &file.path),
            line: main.map(|(_, main)| main.line),
            name: program.name.to_string(),
            target: main.is_none().then_some(&*program.target),
            declared_in: main.map(|_| program.manifest(package)),
            public_names: None,
            origin: format!("{}.program", package.ecosystem),
            confidence: 100,
        });
    }
    rows
}

/// Packages that others build on.
fn libraries<'m>(model: &'m Model, asked: &Asked) -> impl Iterator<Item = EntryPointRow<'m>> {
    let is_asked = |(package, library): &(&Package, &Library)| {
        asked.holds(library.place(model, package)) || asked.holds(&package.manifest)
    };
    entries::libraries(model).filter(is_asked).map(|(package, library)| EntryPointRow {
        in_examples: false,
        of_build: false,
        kind: entry_name(EntryKind::ExportedApi).to_owned(),
        path: library.place(model, package),
        line: None,
        name: package.name.to_string(),
        target: None,
        declared_in: library.is_named.then_some(&package.manifest),
        public_names: Some(library.names).filter(|names| *names > 0),
        origin: format!("{}.library", package.ecosystem),
        confidence: library.confidence,
    })
}

/// What rules found in code, but for the mains of programs that are told already.
fn in_code<'m>(model: &'m Model, asked: &Asked, started: &BTreeSet<&str>) -> Vec<EntryPointRow<'m>> {
    let mut rows = Vec::new();
    for (id, file) in (0_u32..).zip(&model.files).filter(|(_, file)| asked.holds(&file.path)) {
        let found = file.parsed.iter().flat_map(|parsed| &parsed.behaviour.entry_points);
        let is_sure = |entry: &&EntryPoint| entry.confidence >= entries::SURE || asked.place.is_some();
        let class = |entry: &EntryPoint| if file.is_for_tests(entry.line) { FileClass::Test } else { file.class };
        let is_told = |entry: &EntryPoint| entry.kind == EntryKind::Main && started.contains(&*file.path);
        for entry in found.filter(is_sure).filter(|entry| asked.shows(class(entry)) && !is_told(entry)) {
            let name = entry_label(entry);
            rows.push(EntryPointRow {
                in_examples: entries::is_apart(model, id),
                of_build: entries::is_of_build(file, entry),
                kind: entry_name(entry.kind).to_owned(),
                path: &file.path,
                line: Some(entry.line),
                target: (*entry.name != *name).then_some(&*entry.name),
                name,
                declared_in: None,
                public_names: None,
                origin: entry.origin.to_string(),
                confidence: entry.confidence,
            });
        }
    }
    rows
}

impl EntryPointRow<'_> {
    /// Its place among kinds: where one begins to read comes first.
    fn rank(&self) -> u8 {
        match &*self.kind {
            entries::PROGRAM => 0,
            kind if kind == entry_name(EntryKind::ExportedApi) => 1,
            _ => 2,
        }
    }
}

impl EntryPointsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.unknown_because.filter(|_| self.entry_points.is_empty()) {
            return super::text::unknown("entry points", cause);
        }
        let Some(first) = self.entry_points.first() else {
            let none = "no entry points found: no main, command, route, job, declared program or published package that a rule knows";
            let (apart, next) = match self.left_out_in_examples {
                0 => (String::new(), "codexa show symbols"),
                apart => (format!(", but for{}", apart_of(apart)), "codexa show entry-points --with-examples"),
            };
            return format!("{}next: {next}\n", super::text::wrap(&format!("{none}{apart}"), ""));
        };
        let row = |row: &EntryPointRow<'_>| {
            let place = row.line.map_or_else(|| clean(row.path), |line| format!("{}:{line}", clean(row.path)));
            let target = row.target.map_or(String::new(), |target| format!(" -> {}", clean(target)));
            let names =
                row.public_names.map_or(String::new(), |names| format!(" ({})", plural(names.into(), "public name")));
            let name = format!("{}{target}{names}", clean(&row.name));
            vec![row.kind.clone(), name, place, format!("{} %", row.confidence)]
        };
        let shown = || self.entry_points.iter().take(SHOWN);
        let rows = |of_build| shown().filter(|row| row.of_build == of_build).map(row).collect::<Vec<_>>();
        let columns =
            [("kind", Column::Left), ("entry", Column::Flexible), ("where", Column::Flexible), ("sure", Column::Right)];
        let (own, of_build) = (rows(false), rows(true));
        let mut out = if own.is_empty() { String::new() } else { table(&columns, &own) };
        if !of_build.is_empty() {
            out.push_str(if own.is_empty() { "" } else { "\n" });
            out.push_str("  of build, checks and releases\n");
            out.push_str(&table(&columns, &of_build));
        }
        out.push_str(&more(shown().count(), self.entry_points.len(), "--format json has all"));
        // A manifest depends on nothing: what is next is a file of code.
        let start = self.entry_points.iter().find(|row| row.line.is_some()).unwrap_or(first);
        let written = write!(
            out,
            "\n{}{}\nnext: codexa show edges --from {}\n",
            plural(self.entry_points.len() as u64, "entry point"),
            apart(self.left_out_in_examples),
            clean(&crate::projections::quoted(start.path)),
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
