//! What people do on a platform, as the inbox keeps it.

use crate::delivery::{MessageRef, Place};
use codexa_api::Account;
use serde::{Deserialize, Serialize};

/// Something that a person said or pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Who.
    pub account: Account,
    /// Where, which is also where the answer goes.
    pub place: Place,
    /// A link to it; empty where the platform has none.
    #[serde(default)]
    pub link: String,
    /// What.
    pub act: Act,
}

impl Incoming {
    /// Whether both are the same message. What its author is called by now is no part of it.
    pub(crate) fn is_the_same_as(&self, other: &Self) -> bool {
        let nameless =
            |it: &Self| Self { account: Account { name: String::new(), ..it.account.clone() }, ..it.clone() };
        nameless(self) == nameless(other)
    }
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Said something.
    Said {
        /// The words as the platform hands them out, mark-up and all.
        words: String,
        /// The ids and names that mean Codexa in these words, without `@`.
        own: Vec<String>,
    },
    /// Pressed a button.
    Pressed {
        /// What the button carried.
        value: String,
        /// The message that the button is on.
        on: MessageRef,
        /// What the platform wants to see before it shows a form; empty where it has none.
        #[serde(default)]
        trigger: String,
    },
    /// Filled in the form that asks for a reason.
    Reasoned {
        /// What the button carried that led to the form.
        value: String,
        /// The reason.
        reason: String,
    },
}

/// What a button carries, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Press {
    /// The directive that a press gives.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// The digest of what it decides about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// A reason is asked for first, and added to the words.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reason: bool,
    /// Nothing is decided: the presser wants to see this gate in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<GateOf>,
}

/// A gate of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GateOf {
    /// `CH-001`
    pub change: String,
    /// `design`
    pub gate: String,
}

impl Press {
    /// A press that says words.
    #[must_use]
    pub fn saying(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }

    /// The same about a digest.
    #[must_use]
    pub fn about(self, digest: impl Into<String>) -> Self {
        Self { digest: Some(digest.into()), ..self }
    }

    /// What a button carries.
    #[must_use]
    pub fn value(&self) -> String {
        // Strings and a flag: there is nothing in it that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The words with a reason, on one line.
    #[must_use]
    pub(crate) fn because(&self, reason: &str) -> String {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{} because {reason}", self.words)
    }
}
