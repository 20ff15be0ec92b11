//! The verbs: what a directive does.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a directive does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the word itself, and docs say what it does where it is carried out")]
pub enum Verb {
    Approve,
    Deny,
    Withdraw,
    Waive,
    Hold,
    Resume,
    Promote,
    Rollback,
    Publish,
    Start,
    Open,
    Assign,
    Accept,
    Defer,
    Dismiss,
    Answer,
    Raise,
    Ack,
    Resolve,
    Ask,
    Discover,
    Plan,
    Seed,
    Watch,
    Mute,
    Link,
    Status,
    Show,
    Explain,
    Impact,
    Trace,
    Suggest,
    Help,
}

/// How much care a verb needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Changes what may happen: every word of the message must be understood, and no slip is guessed.
    Deciding,
    /// Changes something that can be changed back.
    Working,
    /// Changes nothing.
    Query,
}

impl Verb {
    /// How much care it needs.
    #[must_use]
    pub const fn class(self) -> Class {
        match self {
            Self::Approve
            | Self::Deny
            | Self::Withdraw
            | Self::Waive
            | Self::Hold
            | Self::Resume
            | Self::Promote
            | Self::Rollback
            | Self::Publish
            | Self::Start => Class::Deciding,
            Self::Open
            | Self::Assign
            | Self::Accept
            | Self::Defer
            | Self::Dismiss
            | Self::Answer
            | Self::Raise
            | Self::Ack
            | Self::Resolve
            | Self::Ask
            | Self::Discover
            | Self::Plan
            | Self::Seed
            | Self::Watch
            | Self::Mute
            | Self::Link => Class::Working,
            Self::Status | Self::Show | Self::Explain | Self::Impact | Self::Trace | Self::Suggest | Self::Help => {
                Class::Query
            }
        }
    }

    /// The word, as in JSON and in the canonical form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Withdraw => "withdraw",
            Self::Waive => "waive",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Promote => "promote",
            Self::Rollback => "rollback",
            Self::Publish => "publish",
            Self::Start => "start",
            Self::Open => "open",
            Self::Assign => "assign",
            Self::Accept => "accept",
            Self::Defer => "defer",
            Self::Dismiss => "dismiss",
            Self::Answer => "answer",
            Self::Raise => "raise",
            Self::Ack => "ack",
            Self::Resolve => "resolve",
            Self::Ask => "ask",
            Self::Discover => "discover",
            Self::Plan => "plan",
            Self::Seed => "seed",
            Self::Watch => "watch",
            Self::Mute => "mute",
            Self::Link => "link",
            Self::Status => "status",
            Self::Show => "show",
            Self::Explain => "explain",
            Self::Impact => "impact",
            Self::Trace => "trace",
            Self::Suggest => "suggest",
            Self::Help => "help",
        }
    }

    /// Whether it acts on a gate that must be named.
    pub(crate) const fn needs_gate(self) -> bool {
        matches!(self, Self::Approve | Self::Deny | Self::Withdraw | Self::Waive)
    }

    /// Whether what may happen becomes *more*: an order to stop is not harmed by a condition in its reason, one to go is.
    pub(crate) const fn permits(self) -> bool {
        matches!(self.class(), Class::Deciding) && !matches!(self, Self::Deny | Self::Hold)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
