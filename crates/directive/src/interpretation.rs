//! What a message is read as.

use crate::directive::Directive;
use serde::{Deserialize, Serialize};

/// The document that `codexa say --dry-run` and `POST /v1/interpret` answer with. What an outcome has no use for is
/// left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// What became of the message.
    pub outcome: Outcome,
    /// The directive (outcome `directive`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directive: Option<Directive>,
    /// The directive in its one written form (outcome `directive`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// What Codexa asks back (outcome `clarify`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Words that could be said instead, most likely first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Why nothing was done (outcomes `refused` and `none`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// An order, complete.
    Directive,
    /// An order with something missing or ambiguous: one question.
    Clarify,
    /// Characters that could deceive a reader, or more text than is read.
    Refused,
    /// Not an order.
    None,
}

impl Interpretation {
    fn empty(outcome: Outcome) -> Self {
        Self { outcome, directive: None, canonical: None, question: None, options: Vec::new(), reason: None }
    }

    pub(crate) fn directive(directive: Directive) -> Self {
        let canonical = Some(directive.canonical());
        Self { directive: Some(directive), canonical, ..Self::empty(Outcome::Directive) }
    }

    pub(crate) fn clarify(question: impl Into<String>, options: Vec<String>) -> Self {
        Self { question: Some(question.into()), options, ..Self::empty(Outcome::Clarify) }
    }

    pub(crate) fn refused(reason: impl Into<String>, options: Vec<String>) -> Self {
        Self { reason: Some(reason.into()), options, ..Self::empty(Outcome::Refused) }
    }

    pub(crate) fn none(reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::empty(Outcome::None) }
    }
}
