//! Why there is no answer.

use codexa_api::Problem;

/// What a lower layer failed with.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The code of an answer to a cursor that names no event any more: the project's decisions were restored from a backup, or
/// old events were swept.
pub const EVENTS_GONE: &str = "EVENTS_GONE";

/// The longest part of a strange answer that an error repeats, in characters.
const SHOWN: usize = 200;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The gateway said no, and why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// Nothing answered.
    #[error("the gateway at {address} cannot be reached: {reason}; check the address, and that `codexa up` runs there")]
    Unreachable {
        /// Where it was looked for.
        address: String,
        /// What happened instead of an answer.
        reason: String,
    },
    /// Something answered that does not speak as a gateway does.
    #[error("{address} answered {status} with what no gateway says: {body}; check that the address is a gateway's")]
    Unexpected {
        /// Who answered.
        address: String,
        /// The HTTP status.
        status: u16,
        /// How the answer begins, or what is wrong with it.
        body: String,
    },
    /// The client cannot be used as it was set up.
    #[error("{0}")]
    Settings(String),
}

impl Error {
    /// Whether the same request with the same idempotency key may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            // A proxy in front of the gateway says these while the gateway starts.
            Self::Unexpected { status, .. } => matches!(status, 429 | 502..=504),
            Self::Problem(problem) => matches!(problem.status, 429 | 503) || problem.code == "IDEMPOTENCY_IN_FLIGHT",
            Self::Settings(_) => false,
        }
    }

    /// The stable code, where the gateway gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    pub(crate) fn unreachable(address: &str, cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::Unreachable { address: address.to_owned(), reason: chain(cause) }
    }

    pub(crate) fn unexpected(address: &str, status: http::StatusCode, body: &str) -> Self {
        Self::Unexpected { address: address.to_owned(), status: status.as_u16(), body: beginning(body) }
    }

    /// What an answer that is no success says.
    pub(crate) fn of_answer(address: &str, status: http::StatusCode, body: &[u8]) -> Self {
        serde_json::from_slice(body)
            .map_or_else(|_| Self::unexpected(address, status, &String::from_utf8_lossy(body)), Self::Problem)
    }
}

/// An error with the ones below it: the outer layers of hyper do not say what happened.
fn chain(cause: &(dyn std::error::Error + 'static)) -> String {
    let mut said = cause.to_string();
    let mut below = cause.source();
    while let Some(cause) = below {
        let more = cause.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        below = cause.source();
    }
    said
}

/// How a text begins, on one line.
fn beginning(text: &str) -> String {
    let mut shown: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.trim().chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    if shown.is_empty() { "nothing".to_owned() } else { shown }
}
