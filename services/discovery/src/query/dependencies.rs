//! `codexa show dependencies`: what is needed from outside, and who uses it.

use super::text::{Column, clean, more, number, plural, table};
use crate::model::Model;
use codexa_model::relation::DependencyScope;
use serde::Serialize;
use std::fmt::Write;

/// Rows that the text shows.
const SHOWN: usize = 60;

/// What is needed from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependenciesAnswer<'m> {
    /// As declared and locked, sorted by name.
    pub dependencies: Vec<DependencyRow<'m>>,
    /// Imported from outside and declared by no manifest that was read, most importing files first; names that only tests
    /// import are not among them.
    pub undeclared: Vec<UndeclaredRow<'m>>,
    /// How many further names only tests import.
    #[serde(skip_serializing_if = "is_none")]
    pub undeclared_in_tests: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_none(names: &u32) -> bool {
    *names == 0
}

/// One dependency as one manifest declares it, or as a lock file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependencyRow<'m> {
    /// Its name.
    pub name: &'m str,
    /// Its ecosystem.
    pub ecosystem: &'m str,
    /// The requirement as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<&'m str>,
    /// The locked version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'m str>,
    /// What it is needed for.
    pub scope: DependencyScope,
    /// Whether a manifest names it (else only a lock file does).
    pub direct: bool,
    /// The manifest or lock file.
    pub declared_in: &'m str,
    /// Files that import it.
    pub used_by: Vec<&'m str>,
}

/// Imported and declared nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndeclaredRow<'m> {
    /// The name as its ecosystem knows it.
    pub name: &'m str,
    /// The language that imports it.
    pub language: &'static str,
    /// Files that import it.
    pub used_by: Vec<&'m str>,
}

/// External dependencies; `with_transitive` adds those that only lock files name.
#[must_use]
pub fn dependencies(model: &Model, with_transitive: bool) -> DependenciesAnswer<'_> {
    let paths = |files: &[u32]| files.iter().map(|&file| model.path(file)).collect();
    let all = model.externals.dependencies.iter().zip(&model.externals.users);
    let dependencies = all
        .filter(|(dependency, _)| dependency.direct || with_transitive)
        .map(|(dependency, users)| DependencyRow {
            name: &dependency.name,
            ecosystem: &dependency.ecosystem,
            requirement: dependency.requirement.as_deref(),
            version: dependency.version.as_deref(),
            scope: dependency.scope,
            direct: dependency.direct,
            declared_in: &dependency.declared_in,
            used_by: paths(users),
        })
        .collect();
    let mut undeclared: Vec<UndeclaredRow<'_>> = model
        .externals
        .undeclared
        .iter()
        .map(|((name, language), files)| UndeclaredRow { name, language: language.name(), used_by: paths(files) })
        .collect();
    undeclared.sort_by(|a, b| {
        b.used_by.len().cmp(&a.used_by.len()).then_with(|| (a.name, a.language).cmp(&(b.name, b.language)))
    });
    DependenciesAnswer { dependencies, undeclared, undeclared_in_tests: model.externals.undeclared_in_tests }
}

impl DependenciesAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let row = |row: &DependencyRow<'_>| {
            let wanted = row.version.or(row.requirement).unwrap_or("-");
            let users = if row.used_by.is_empty() { "-".to_owned() } else { number(row.used_by.len() as u64) };
            vec![clean(row.name), clean(wanted), crate::projections::name_of(&row.scope), clean(row.declared_in), users]
        };
        let rows: Vec<Vec<String>> = self.dependencies.iter().take(SHOWN).map(row).collect();
        let columns = [
            ("dependency", Column::Flexible),
            ("version", Column::Flexible),
            ("for", Column::Left),
            ("declared in", Column::Flexible),
            ("files", Column::Right),
        ];
        let mut out = if rows.is_empty() {
            "no manifest or lock file that was read declares a dependency\n".to_owned()
        } else {
            table(&columns, &rows)
        };
        out.push_str(&more(rows.len(), self.dependencies.len(), "--format json has all"));
        if !self.undeclared.is_empty() {
            let names: Vec<String> = self
                .undeclared
                .iter()
                .take(8)
                .map(|row| format!("{} ({})", clean(row.name), plural(row.used_by.len() as u64, "file")))
                .collect();
            let rest = self.undeclared.len().saturating_sub(names.len());
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let line = format!("imported and declared nowhere: {}{more}", names.join(", "));
            out.push('\n');
            out.push_str(&super::text::wrap(&line, "  "));
        }
        let in_tests = match self.undeclared_in_tests {
            0 => String::new(),
            names => format!("declared nowhere and imported by tests only: {}\n", plural(names.into(), "name")),
        };
        let used = self.dependencies.iter().filter(|row| !row.used_by.is_empty()).count();
        let all = number(self.dependencies.len() as u64);
        let written = write!(
            out,
            "{in_tests}\n{all} declared, {used} of them imported here; files are those that import it\nnext: codexa show coverage\n",
        );
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
