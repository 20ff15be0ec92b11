//! What the words do not say themselves.

use crate::gate::Gate;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// When and where a message was said, and what exists that a question can offer. Nothing here makes an order of words
/// that are none.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment of the message: what "for 2 weeks" counts from and what a past date is past of.
    pub at: Timestamp,
    /// The names and platform ids that mean Codexa, without `@`. Where none is known, a leading mention by a platform's
    /// id (`<@U1>`) is taken for Codexa, because every message was addressed to it.
    pub own: Vec<String>,
    /// Who speaks (without `@`): what "me" means in "assign issue-12 to me".
    pub speaker: Option<String>,
    /// The ids of the changes that exist, most likely first: options where an id is missing.
    pub changes: Vec<String>,
    /// The gates that are open, by the id of the change or requirement: options where a gate is missing. For an id that
    /// is not in here, every gate is offered.
    pub open_gates: BTreeMap<String, Vec<Gate>>,
}

impl Context {
    /// A context of which only the moment is known.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { at, own: Vec::new(), speaker: None, changes: Vec::new(), open_gates: BTreeMap::new() }
    }

    /// Whether a mention is Codexa's.
    pub(crate) fn is_own(&self, mention: &str) -> bool {
        let name = mention.trim_start_matches('@');
        name.eq_ignore_ascii_case("codexa") || self.own.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}
