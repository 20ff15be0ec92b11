//! `codexa show risks`: what a maintainer should know before trusting or changing the system, and what to do next.

use super::text::{clean, more, wrap};
use crate::model::Model;
use crate::projections::{name_of, system_manifest};
use codexa_model::manifest::{Action, Risk};
use serde::Serialize;
use std::fmt::Write as _;

/// Risks that a text shows.
const SHOWN: usize = 15;
/// Places of a risk that a text names.
const PLACES: usize = 3;

/// What to know, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RisksAnswer {
    /// What to know, by kind.
    pub risks: Vec<Risk>,
    /// What to do next, most useful first.
    pub next_actions: Vec<Action>,
}

/// The risks of a model, as its manifest has them.
#[must_use]
pub fn risks(model: &Model) -> RisksAnswer {
    let manifest = system_manifest(model);
    RisksAnswer { risks: manifest.risks_and_gaps, next_actions: manifest.next_actions }
}

impl RisksAnswer {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.risks.is_empty() {
            out.push_str("  nothing was found that one must know first\n");
        }
        let kinds: Vec<String> =
            self.risks.iter().take(SHOWN).map(|risk| name_of(&risk.kind).replace('_', " ")).collect();
        let width = kinds.iter().map(String::len).max().unwrap_or(0) + 2;
        let indent = " ".repeat(2 + width);
        for (risk, kind) in self.risks.iter().zip(&kinds) {
            out.push_str(&wrap(&format!("  {kind:<width$}{}", clean(&risk.what)), &indent));
            let places: Vec<String> = risk.places.0.iter().take(PLACES).map(|place| clean(place)).collect();
            let rest = risk.places.0.len().saturating_sub(PLACES) as u32 + risk.places_dropped.unwrap_or(0);
            if !places.is_empty() {
                let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                out.push_str(&wrap(&format!("{indent}{}{more}", places.join(", ")), &indent));
            }
        }
        out.push_str(&more(SHOWN.min(self.risks.len()), self.risks.len(), "--format json has all"));
        if !self.next_actions.is_empty() {
            out.push_str("\n  next\n");
        }
        for action in &self.next_actions {
            out.push_str(&wrap(&format!("  - {}", clean(&action.what)), "    "));
            let written = writeln!(out, "    {}", clean(&action.command));
            debug_assert!(written.is_ok(), "writing to a string cannot fail");
        }
        out
    }
}
