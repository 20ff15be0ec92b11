//! `codexa metrics` without a profile: Codexa's own measures of every parsed file.

use super::error::QueryError;
use super::text::{Column, clean, more, number, percent, plural, table};
use crate::model::{File, Model, Parsed};
use codexa_model::facts::{FileMetrics, Halstead};
use codexa_syntax::{halstead_volume, maintainability_index};
use serde::Serialize;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 40;

/// Measures of files.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricsAnswer<'m> {
    /// The hardest to maintain first, then by path.
    pub files: Vec<MetricsRow<'m>>,
}

/// Measures of one parsed file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricsRow<'m> {
    /// The file.
    pub path: &'m str,
    /// The language it was parsed as.
    pub language: &'static str,
    /// Lines of code, as tokei counts them.
    pub code: u32,
    /// Lines of comment; absent where comments were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<u32>,
    /// Functions and methods.
    pub functions: u32,
    /// Sum of McCabe's cyclomatic complexity over the functions and the statements outside of them.
    pub cyclomatic: u32,
    /// The same of Campbell's cognitive complexity.
    pub cognitive: u32,
    /// Deepest nesting of control structures.
    pub nesting: u32,
    /// Halstead's counts.
    pub halstead: HalsteadRow,
    /// Maintainability index, 0 (worst) to 100, in the form that Visual Studio publishes.
    pub maintainability: f64,
    /// Public symbols, and how many of them are documented, where comments were looked at.
    pub public: u32,
    /// See [`Self::public`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documented: Option<u32>,
    /// Share of the bytes that the parser understood, 0 to 1.
    pub parsed: f64,
}

/// Halstead's counts and volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HalsteadRow {
    /// η1.
    pub distinct_operators: u32,
    /// η2.
    pub distinct_operands: u32,
    /// N1.
    pub operators: u32,
    /// N2.
    pub operands: u32,
    /// N log2 η, in bits.
    pub volume: f64,
}

/// Measures of the parsed files at these places, or of all.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn metrics<'m>(model: &'m Model, places: &[String]) -> Result<MetricsAnswer<'m>, QueryError> {
    let places = places.iter().map(|place| super::edges::known(model, place)).collect::<Result<Vec<_>, _>>()?;
    let is_asked = |path: &str| places.is_empty() || places.iter().any(|place| super::edges::is_in(path, place));
    let parsed = model.files.iter().filter(|file| is_asked(&file.path));
    let parsed = parsed.filter_map(|file| file.parsed.as_ref().map(|parsed| row(model, file, parsed)));
    let mut files: Vec<MetricsRow<'m>> = parsed.collect();
    files.sort_by(|a, b| a.maintainability.total_cmp(&b.maintainability).then_with(|| a.path.cmp(b.path)));
    Ok(MetricsAnswer { files })
}

fn row<'m>(model: &Model, file: &'m File, parsed: &'m Parsed) -> MetricsRow<'m> {
    let FileMetrics { cyclomatic, cognitive, nesting, halstead, documented, public, .. } = parsed.metrics;
    let Halstead { distinct_operators, distinct_operands, operators, operands } = halstead;
    MetricsRow {
        path: &file.path,
        language: parsed.language.name(),
        code: file.lines.code,
        comments: model.has_comments().then_some(file.lines.comments),
        functions: parsed.functions,
        cyclomatic,
        cognitive,
        nesting,
        halstead: HalsteadRow {
            distinct_operators,
            distinct_operands,
            operators,
            operands,
            volume: hundredths(halstead_volume(&halstead)),
        },
        maintainability: hundredths(maintainability_index(&halstead, cyclomatic, file.lines.code)),
        public,
        documented: model.has_comments().then_some(documented),
        parsed: (parsed.parse.confidence() * 1e4).round() / 1e4,
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl MetricsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let Some(first) = self.files.first() else {
            return "no parsed file there\nnext: codexa show coverage\n".to_owned();
        };
        let row = |row: &MetricsRow<'_>| {
            let documented = match (row.public, row.documented) {
                (0, _) | (_, None) => "-".to_owned(),
                (public, Some(documented)) => percent(documented.into(), public.into()),
            };
            vec![
                clean(row.path),
                number(row.code.into()),
                row.functions.to_string(),
                number(row.cyclomatic.into()),
                number(row.cognitive.into()),
                row.nesting.to_string(),
                format!("{:.1}", row.maintainability),
                documented,
            ]
        };
        let rows: Vec<Vec<String>> = self.files.iter().take(SHOWN).map(row).collect();
        let columns = [
            ("file", Column::Flexible),
            ("code", Column::Right),
            ("functions", Column::Right),
            ("cyclo", Column::Right),
            ("cogni", Column::Right),
            ("nest", Column::Right),
            ("maint", Column::Right),
            ("docs", Column::Right),
        ];
        let mut out = table(&columns, &rows);
        out.push_str(&more(rows.len(), self.files.len(), "--format json has all"));
        let written = write!(
            out,
            "\n{}, hardest to maintain first (maint: 0 is worst; docs: of public names)\nnext: codexa show symbols \
             --with-private --from {}\n",
            plural(self.files.len() as u64, "file"),
            clean(&crate::projections::quoted(first.path)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
