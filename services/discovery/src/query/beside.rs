//! What goes with some files beside dependencies: files that change with them, and people who know them.

use super::past::co_change_withheld;
use super::text::{Column, clean, table, wrap};
use crate::history::{Coupled, Knows};
use crate::model::Model;
use serde::Serialize;

/// Files and people that are named.
const NAMED: usize = 5;

/// What goes with some files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Beside<'m> {
    /// Code outside of them that changes with them, the surest first.
    pub changes_with: Vec<CoChange<'m>>,
    /// Why that is not said, where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_because: Option<String>,
    /// Who knows them: who is still active first, and among those who knows most lines. Names are what commits say.
    pub known_by: Vec<KnownBy<'m>>,
    /// Why neither is known, where the past was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// A file that changes with others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoChange<'m> {
    /// The file.
    pub path: &'m str,
    /// Common commits with the one of the files that it goes with most.
    pub support: u32,
    /// Share of the commits of that one which changed this file as well, in percent.
    pub percent: f64,
    /// Whether dependencies lead to it as well.
    pub reached: bool,
    /// Whether these files depend on it. Where neither is so, only the past says that it goes with them.
    pub used: bool,
}

/// Somebody who knows files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KnownBy<'m> {
    /// The name.
    pub name: &'m str,
    /// Whether they changed a file in the last year.
    pub active: bool,
}

impl<'m> Beside<'m> {
    /// What goes with these files; `is_reached` says where dependencies lead.
    pub(super) fn of(model: &'m Model, files: &[u32], is_reached: impl Fn(u32) -> bool) -> Self {
        let Some(history) = &model.history else {
            return Self { unknown_because: Some(super::no_history(model)), ..Self::default() };
        };
        let mut sorted = files.to_vec();
        sorted.sort_unstable();
        let changes_with = |it: Coupled| CoChange {
            path: model.path(it.file),
            support: it.support,
            percent: (it.confidence * 1000.0).round() / 10.0,
            reached: is_reached(it.file),
            used: files.iter().any(|&own| model.graph.surest(own as usize, it.file).is_some()),
        };
        let people = history.to_ask(sorted.iter().copied(), |file| model.lines(file));
        let known_by = |it: Knows| KnownBy { name: history.name(it.person), active: history.is_active(it.person) };
        Self {
            changes_with: history.changes_with(model, &sorted).into_iter().take(NAMED).map(changes_with).collect(),
            withheld_because: co_change_withheld(history),
            known_by: people.into_iter().take(NAMED).map(known_by).collect(),
            unknown_because: None,
        }
    }

    /// Adds it to a text.
    pub(super) fn write(&self, out: &mut String) {
        if !self.changes_with.is_empty() {
            out.push_str("\n  changes with it, as commits show\n");
            let row = |it: &CoChange<'_>| {
                let link = if it.reached || it.used { "" } else { "no dependency leads there" };
                vec![clean(it.path), format!("{:.0} %", it.percent), format!("support {}", it.support), link.to_owned()]
            };
            let columns = [("", Column::Flexible), ("", Column::Right), ("", Column::Left), ("", Column::Left)];
            out.push_str(&table(&columns, &self.changes_with.iter().map(row).collect::<Vec<_>>()));
        }
        if let Some(cause) = &self.withheld_because {
            out.push('\n');
            out.push_str(&wrap(&format!("  what changes with it is withheld: {cause}"), "  "));
        }
        if !self.known_by.is_empty() {
            let name =
                |it: &KnownBy<'_>| format!("{}{}", clean(it.name), if it.active { "" } else { " (gone a year)" });
            let names: Vec<String> = self.known_by.iter().map(name).collect();
            out.push('\n');
            out.push_str(&wrap(&format!("  known by {}", names.join(", ")), "  "));
        }
    }
}
