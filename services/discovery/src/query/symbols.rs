//! `codexa show symbols`: what files offer, most used first.

use super::error::QueryError;
use super::text::{Column, clean, more, number, table};
use crate::engine::SymbolTables;
use crate::model::{Model, Parsed};
use crate::offers::Offer;
use crate::projections::kind_name;
use crate::record::{FileClass, is_public, qualified_name};
use codexa_model::Language;
use codexa_model::facts::{FunctionMetrics, Symbol, SymbolKind, Visibility};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 40;

/// Which symbols are asked for.
#[derive(Clone, Debug, Default)]
pub struct SymbolFilter {
    /// A file or folder.
    pub from: Option<String>,
    /// A part of the name, in any case.
    pub name: Option<String>,
    /// A kind, as in the answer.
    pub kind: Option<String>,
    /// Whether tests and generated files take part; they do wherever `from` is given.
    pub with_tests: bool,
    /// Whether symbols that not everyone may use take part.
    pub with_private: bool,
}

/// Symbols.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SymbolsAnswer<'m> {
    /// Highest rank first, then most users, then by path and name.
    pub symbols: Vec<SymbolRow<'m>>,
    /// Why nobody looked, where there are none because of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
}

/// A symbol.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SymbolRow<'m> {
    /// Name with its enclosing types.
    pub name: Cow<'m, str>,
    /// What it is.
    pub kind: &'static str,
    /// The file that defines it.
    pub path: &'m str,
    /// Its first line; absent where the cache was cleared since the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Its last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// Who may use it, by the language's own rule: `public`, `restricted` or `private`.
    pub visibility: &'static str,
    /// Complexity of a function or method.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// Whether it is documented; absent where comments were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documented: Option<bool>,
    /// Files that use it, as far as names and imports show; `null` for what is not followed: members, and what no other
    /// file can name.
    pub used_by: Option<u32>,
    /// Share of all reference rank, in millionths.
    pub rank: u64,
}

/// Complexity of a function or method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Complexity {
    /// McCabe's.
    pub cyclomatic: u32,
    /// Campbell's.
    pub cognitive: u32,
    /// Deepest nesting of control structures.
    pub nesting: u32,
    /// Declared parameters.
    pub parameters: u32,
}

/// Symbols that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn symbols<'m>(
    model: &'m Model,
    tables: &SymbolTables<'_>,
    filter: &SymbolFilter,
) -> Result<SymbolsAnswer<'m>, QueryError> {
    let from = filter.from.as_deref().map(|path| super::edges::known(model, path)).transpose()?;
    let wanted = filter.name.as_deref().map(str::to_lowercase);
    let mut rows: Vec<(f64, SymbolRow<'m>)> = Vec::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let is_asked = from.as_deref().is_none_or(|place| super::edges::is_in(&file.path, place));
        let is_shown = file.class == FileClass::Source || filter.with_tests || filter.from.is_some();
        let Some(parsed) = file.parsed.as_ref().filter(|_| is_asked && is_shown) else { continue };
        let found =
            tables.of(id).map_or_else(|| offered(parsed, &file.path), |table| told(&table, parsed, &file.path, filter));
        for mut row in found {
            let is_named = wanted.as_ref().is_none_or(|wanted| row.name.to_lowercase().contains(wanted));
            if !is_named || filter.kind.as_deref().is_some_and(|wanted| wanted != row.kind) {
                continue;
            }
            let symbol = row.used_by.and_then(|_| model.references.find(id, last_part(&row.name)));
            let rank = symbol.map_or(0.0, |(_, symbol)| symbol.rank);
            let directly = symbol.map_or(&[][..], |(at, _)| model.references.users(at)).iter().map(|user| user.file);
            let through = model.references.through_headers.users(id, last_part(&row.name)).iter().map(|user| user.file);
            let users = directly.chain(through).collect::<BTreeSet<u32>>().len();
            row.used_by = row.used_by.map(|_| u32::try_from(users).unwrap_or(u32::MAX));
            row.rank = millionths(rank);
            row.documented = row.documented.filter(|_| model.has_comments());
            rows.push((rank, row));
        }
    }
    rows.sort_by(|a, b| {
        let by_use = b.0.total_cmp(&a.0).then(b.1.used_by.cmp(&a.1.used_by));
        by_use.then_with(|| (a.1.path, &a.1.name, a.1.line).cmp(&(b.1.path, &b.1.name, b.1.line)))
    });
    let symbols = rows.into_iter().map(|(_, row)| row).collect();
    Ok(SymbolsAnswer { symbols, unknown_because: model.not_read() })
}

/// What the model itself knows of a file's symbols: those that everyone may use, without their places.
fn offered<'m>(parsed: &'m Parsed, path: &'m str) -> Vec<SymbolRow<'m>> {
    let namespaces = parsed.namespaces();
    let is_followed = |name: &str| name.rsplit_once('.').is_none_or(|(above, _)| namespaces.contains(above));
    let row = |offer: Offer<'m>| SymbolRow {
        name: Cow::Borrowed(offer.name),
        kind: kind_name(offer.kind),
        path,
        line: None,
        end_line: None,
        visibility: visibility_name(Visibility::Public),
        complexity: None,
        documented: Some(offer.documented),
        used_by: is_followed(offer.name).then_some(0),
        rank: 0,
    };
    parsed.offers.iter().map(row).collect()
}

/// The name without those of the namespaces around it.
fn last_part(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

/// What the cache knows of them.
fn told<'m>(table: &[Symbol], parsed: &Parsed, path: &'m str, filter: &SymbolFilter) -> Vec<SymbolRow<'m>> {
    let keeps_private = !matches!(parsed.language, Language::Python | Language::Ruby | Language::Bash);
    let is_followed = |symbol: &Symbol| {
        let above = symbol.parent.and_then(|parent| table.get(parent as usize));
        let is_hidden = keeps_private && symbol.visibility == Visibility::Private;
        !is_hidden && (symbol.parent.is_none() || above.is_some_and(|above| above.kind == SymbolKind::Module))
    };
    let is_asked = |index: usize, symbol: &Symbol| {
        symbol.kind != SymbolKind::Implementation && (filter.with_private || is_public(table, index))
    };
    let asked = table.iter().enumerate().filter(|(index, symbol)| is_asked(*index, symbol));
    let row = |(index, symbol): (usize, &Symbol)| SymbolRow {
        name: Cow::Owned(qualified_name(table, index).into()),
        kind: kind_name(symbol.kind),
        path,
        line: Some(symbol.span.start_line),
        end_line: Some(symbol.span.end_line),
        visibility: visibility_name(symbol.visibility),
        complexity: symbol.metrics.map(Complexity::from),
        documented: Some(symbol.doc.is_some()),
        used_by: is_followed(symbol).then_some(0),
        rank: 0,
    };
    asked.map(row).collect()
}

impl From<FunctionMetrics> for Complexity {
    fn from(metrics: FunctionMetrics) -> Self {
        let FunctionMetrics { cyclomatic, cognitive, nesting, parameters } = metrics;
        Self { cyclomatic, cognitive, nesting, parameters }
    }
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Restricted => "restricted",
        Visibility::Private => "private",
    }
}

/// A share as a whole number.
fn millionths(share: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a million")]
    let whole = (share.clamp(0.0, 1.0) * 1e6).round() as u64;
    whole
}

impl SymbolsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = self.unknown_because.filter(|_| self.symbols.is_empty()) {
            return super::text::unknown("symbols", cause);
        }
        let Some(first) = self.symbols.first() else {
            return "no symbols: nothing parsed there offers any\nnext: codexa show coverage\n".to_owned();
        };
        let row = |row: &SymbolRow<'_>| {
            let users = row.used_by.map_or_else(|| "-".to_owned(), |users| number(u64::from(users)));
            let place = row.line.map_or_else(|| clean(row.path), |line| format!("{}:{line}", clean(row.path)));
            vec![clean(&row.name), row.kind.to_owned(), place, users]
        };
        let rows: Vec<Vec<String>> = self.symbols.iter().take(SHOWN).map(row).collect();
        let columns = [
            ("symbol", Column::Flexible),
            ("kind", Column::Left),
            ("in", Column::Flexible),
            ("used by", Column::Right),
        ];
        let mut out = table(&columns, &rows);
        out.push_str(&more(rows.len(), self.symbols.len(), "--format json has all"));
        let target = format!("{}:{}", first.path, first.name);
        let written = write!(
            out,
            "\n{} symbols, by how much others use them (files, by name and import;\n- for members and private names, which are not followed)\nnext: codexa impact {}\n",
            number(self.symbols.len() as u64),
            clean(&crate::projections::quoted(&target)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
