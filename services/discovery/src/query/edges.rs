//! `codexa show edges`.

use super::error::QueryError;
use super::suggest::like;
use super::text::{Column, clean, more, not_looked_at, plural, table, wrap};
use super::{DEPENDS_ON, TESTED_BY};
use crate::model::Model;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 40;

/// Which edges are asked for; paths name a file or a folder.
#[derive(Clone, Debug, Default)]
pub struct EdgeFilter {
    /// The kind; `depends_on` where none is named.
    pub kind: Option<String>,
    /// Where they leave.
    pub from: Option<String>,
    /// Where they lead.
    pub to: Option<String>,
    /// Least confidence, in percent.
    pub min_confidence: u8,
}

/// Edges between files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EdgesAnswer<'m> {
    /// Sorted by file, target and rule.
    pub edges: Vec<EdgeRow<'m>>,
    /// Why there may be edges that are not here, where there are none because nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// One edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EdgeRow<'m> {
    /// The file that depends.
    pub from: &'m str,
    /// The file that is depended on.
    pub to: &'m str,
    /// `depends_on`, or `tested_by`.
    pub kind: &'static str,
    /// The rule that resolved it.
    pub origin: &'m str,
    /// How sure the rule is, in percent.
    pub confidence: u8,
    /// Whether it stands in a test, or in lines that are compiled for tests only; absent where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub for_tests: bool,
    /// Line in `from`; absent where a rule goes by the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// Edges that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownKind`], [`QueryError::UnknownPath`].
pub fn edges<'m>(model: &'m Model, filter: &EdgeFilter) -> Result<EdgesAnswer<'m>, QueryError> {
    let kind = filter.kind.as_deref().unwrap_or(DEPENDS_ON);
    if ![DEPENDS_ON, TESTED_BY].contains(&kind) {
        return Err(QueryError::UnknownKind { kind: kind.to_owned() });
    }
    let from = filter.from.as_deref().map(|path| known(model, path)).transpose()?;
    let to = filter.to.as_deref().map(|path| known(model, path)).transpose()?;
    let passes = |place: &Option<Cow<'_, str>>, path: &str| place.as_deref().is_none_or(|place| is_in(path, place));
    if kind == TESTED_BY {
        let passes = |row: &EdgeRow<'_>| passes(&from, row.from) && passes(&to, row.to);
        let mut edges: Vec<EdgeRow<'_>> = tested_by(model).filter(passes).collect();
        edges.retain(|row| row.confidence >= filter.min_confidence);
        edges.sort_by_key(|row| (row.from, row.to));
        return Ok(EdgesAnswer { edges, unknown_because: model.tests_not_looked_at().map(str::to_owned) });
    }
    let mut edges = Vec::new();
    for (id, file) in model.files.iter().enumerate().filter(|(_, file)| passes(&from, &file.path)) {
        for edge in model.graph.edges(id) {
            let target = model.path(edge.to);
            if edge.confidence >= filter.min_confidence && passes(&to, target) {
                edges.push(EdgeRow {
                    from: &file.path,
                    to: target,
                    kind: DEPENDS_ON,
                    origin: model.graph.origin(edge),
                    confidence: edge.confidence,
                    for_tests: file.is_for_tests(edge.line),
                    line: (edge.line > 0).then_some(edge.line),
                });
            }
        }
    }
    let places = || [&from, &to].into_iter().flatten().find(|place| !place.is_empty());
    let asked = || {
        let is_asked = |path: &str| places().is_none_or(|place| is_in(path, place));
        (0_u32..).zip(&model.files).filter(|(_, file)| is_asked(&file.path)).map(|(id, _)| id).collect::<Vec<_>>()
    };
    let unknown_because = edges.is_empty().then(|| not_looked_at(model, &asked())).flatten();
    Ok(EdgesAnswer { edges, unknown_because })
}

/// Code and the tests that reach it.
fn tested_by(model: &Model) -> impl Iterator<Item = EdgeRow<'_>> {
    model.tested.all().map(|(code, link)| EdgeRow {
        from: model.path(code),
        to: model.path(link.test),
        kind: TESTED_BY,
        origin: link.basis.name(),
        confidence: link.confidence,
        for_tests: false,
        line: None,
    })
}

/// A path as people write it (`./src/`), if it is a tracked file or a folder with tracked files.
///
/// # Errors
/// [`QueryError::UnknownPath`] with what is like it.
pub(super) fn known<'p>(model: &Model, path: &'p str) -> Result<Cow<'p, str>, QueryError> {
    let plain = plain(path);
    let is_folder = || {
        let start = model.files.partition_point(|file| *file.path < *plain);
        let folder = format!("{plain}/");
        let after = model.files.get(start..).unwrap_or_default();
        plain.is_empty()
            || after.iter().take_while(|file| file.path.starts_with(&*plain)).any(|file| file.path.starts_with(&folder))
    };
    if model.find(&plain).is_some() || is_folder() {
        return Ok(plain);
    }
    let like = like(&plain, model.files.iter().map(|file| &*file.path));
    Err(QueryError::UnknownPath { path: path.to_owned(), like, focus: model.run.focus.clone() })
}

/// Without `./` before and `/` behind; `.` is the root.
pub(super) fn plain(path: &str) -> Cow<'_, str> {
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix("./").unwrap_or(path);
    Cow::Borrowed(if path == "." { "" } else { path })
}

/// Whether a path is the place or lies in it.
pub(super) fn is_in(path: &str, place: &str) -> bool {
    place.is_empty() || path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl EdgesAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return format!("{}next: codexa show coverage\n", wrap(&format!("no edges are known: {cause}"), "  "));
        }
        if self.edges.is_empty() {
            return "no edges: the files import nothing that resolves to a file here\nnext: codexa show coverage\n"
                .to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .edges
            .iter()
            .take(SHOWN)
            .map(|edge| {
                let from = edge.line.map_or_else(|| clean(edge.from), |line| format!("{}:{line}", clean(edge.from)));
                vec![from, clean(edge.to), edge.origin.to_owned(), format!("{} %", edge.confidence)]
            })
            .collect();
        let columns =
            [("from", Column::Flexible), ("to", Column::Flexible), ("by rule", Column::Left), ("sure", Column::Right)];
        let mut out = table(&columns, &rows);
        out.push_str(&more(rows.len(), self.edges.len(), "--format json has all"));
        let next = self.edges.first().map_or("", |edge| edge.to);
        let written = write!(
            out,
            "\n{}\nnext: codexa impact {}\n",
            plural(self.edges.len() as u64, "edge"),
            clean(&crate::projections::quoted(next)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
