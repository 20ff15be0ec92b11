//! `codexa show symbols`: what files offer, most used first.

use super::error::QueryError;
use super::text::{Column, clean, more, number, table};
use crate::model::Model;
use crate::projections::kind_name;
use crate::record::FileClass;
use serde::Serialize;
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
    /// Whether tests and generated files take part.
    pub with_tests: bool,
}

/// Public symbols.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SymbolsAnswer<'m> {
    /// Highest rank first, then most users, then by path and name.
    pub symbols: Vec<SymbolRow<'m>>,
}

/// A public symbol.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SymbolRow<'m> {
    /// Name with its enclosing types.
    pub name: &'m str,
    /// What it is.
    pub kind: &'static str,
    /// The file that defines it.
    pub path: &'m str,
    /// Whether it is documented.
    pub documented: bool,
    /// Files that use it, as far as names and imports show; members are not followed.
    pub used_by: u32,
    /// Share of all reference rank, in millionths.
    pub rank: u64,
}

/// Public symbols that pass a filter.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn symbols<'m>(model: &'m Model, filter: &SymbolFilter) -> Result<SymbolsAnswer<'m>, QueryError> {
    let from = filter.from.as_deref().map(|path| super::edges::known(model, path)).transpose()?;
    let wanted = filter.name.as_deref().map(str::to_lowercase);
    let mut rows: Vec<(f64, SymbolRow<'m>)> = Vec::new();
    for (id, file) in (0_u32..).zip(&model.files) {
        let is_asked = from.as_deref().is_none_or(|place| super::edges::is_in(&file.path, place));
        let is_shown = file.class == FileClass::Source || filter.with_tests || filter.from.is_some();
        let Some(parsed) = file.parsed.as_ref().filter(|_| is_asked && is_shown) else { continue };
        for offer in &parsed.offers {
            let kind = kind_name(offer.kind);
            let is_named = wanted.as_ref().is_none_or(|wanted| offer.name.to_lowercase().contains(wanted));
            if !is_named || filter.kind.as_deref().is_some_and(|wanted| wanted != kind) {
                continue;
            }
            let symbol = model.references.find(id, &offer.name);
            let rank = symbol.map_or(0.0, |(_, symbol)| symbol.rank);
            let users = symbol.map_or(0, |(at, _)| model.references.users(at).len());
            let row = SymbolRow {
                name: &offer.name,
                kind,
                path: &file.path,
                documented: offer.documented,
                used_by: u32::try_from(users).unwrap_or(u32::MAX),
                rank: millionths(rank),
            };
            rows.push((rank, row));
        }
    }
    rows.sort_by(|a, b| {
        let by_use = b.0.total_cmp(&a.0).then(b.1.used_by.cmp(&a.1.used_by));
        by_use.then_with(|| (a.1.path, a.1.name).cmp(&(b.1.path, b.1.name)))
    });
    Ok(SymbolsAnswer { symbols: rows.into_iter().map(|(_, row)| row).collect() })
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
        let Some(first) = self.symbols.first() else {
            return "no public symbols: nothing parsed there offers any\nnext: codexa show coverage\n".to_owned();
        };
        let row = |row: &SymbolRow<'_>| {
            let users = if row.used_by == 0 { "-".to_owned() } else { number(u64::from(row.used_by)) };
            vec![clean(row.name), row.kind.to_owned(), clean(row.path), users]
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
            "\n{} public symbols, by how much others use them (files, by name and import)\nnext: codexa impact {}\n",
            number(self.symbols.len() as u64),
            clean(&crate::projections::quoted(&target)),
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
