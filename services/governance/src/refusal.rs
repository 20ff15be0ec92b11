//! Every way in which a request is not carried out: what was wrong, under a stable code, and what to do next.

use crate::rules::RulesError;
use crate::store::StoreError;
use codexa_ledger::LeafError;
use codexa_project::ProjectError;

/// Why a request was not carried out. Nothing of it has happened, unless its code is `OUTCOME_UNKNOWN`: then the store ended
/// before it said whether it has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of refusal it is: it decides the status on every channel.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// What was wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense as it is.
    Invalid,
    /// Nobody known asks.
    Unauthenticated,
    /// Whoever asks may not.
    Forbidden,
    /// It names something that is not there.
    NotFound,
    /// It names something that is not there any more.
    Gone,
    /// It does not fit how things stand now.
    Conflict,
    /// The same request is being carried out.
    InFlight,
    /// Its idempotency key was used for another request.
    KeyReused,
    /// It is understood, and this version cannot do it.
    NotYet,
    /// Something that is needed does not answer; trying again may work.
    Unavailable,
    /// Something that should not happen.
    Internal,
}

impl Refusal {
    pub(crate) fn new(kind: Kind, code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { kind, code, message: message.into(), help: help.into() }
    }

    pub(crate) fn invalid(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, code, message, help)
    }

    pub(crate) fn forbidden(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, message, help)
    }

    pub(crate) fn conflict(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, message, help)
    }

    pub(crate) fn change_not_found(id: &str) -> Self {
        let message = format!("there is no change {id}");
        Self::new(Kind::NotFound, "CHANGE_NOT_FOUND", message, "`show changes` lists those that there are")
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "store");
                let message = "the store of decisions does not answer";
                let help = "nothing was done; say it again in a moment";
                Self::new(Kind::Unavailable, "STORE_UNAVAILABLE", message, help)
            }
            StoreError::Unknown(_) => {
                tracing::warn!(%error, "store");
                let message = "the store of decisions did not say whether this is done";
                let help = "send it again with the same key: what is done is not done twice";
                Self::new(Kind::Unavailable, "OUTCOME_UNKNOWN", message, help)
            }
            StoreError::Migration(_) | StoreError::Refused(_) | StoreError::Unreadable { .. } => {
                tracing::error!(%error, "store");
                let message = "the store of decisions refused what was asked of it";
                Self::new(Kind::Internal, "STORE_REFUSED", message, "nothing was done; the log of governance says why")
            }
        }
    }
}

impl From<LeafError> for Refusal {
    fn from(error: LeafError) -> Self {
        Self::invalid("LEDGER_ENTRY", error.to_string(), "say it in fewer words")
    }
}

impl From<RulesError> for Refusal {
    fn from(error: RulesError) -> Self {
        let message = format!("the rules cannot be read: {error}");
        Self::new(Kind::Conflict, "RULES_BROKEN", message, "mend that first: nothing of it counts until then")
    }
}

impl From<ProjectError> for Refusal {
    fn from(error: ProjectError) -> Self {
        Self::new(Kind::Unavailable, "PROJECT_UNREADABLE", error.to_string(), "nothing was done")
    }
}
