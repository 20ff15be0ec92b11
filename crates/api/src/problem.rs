//! Errors, as RFC 9457 problem documents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request has no answer (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:codexa:error:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:codexa:error:CHANGE_NOT_FOUND")]
    pub kind: String,
    /// What went wrong, in words that are the same every time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time.
    pub detail: String,
    /// The stable code.
    #[schema(example = "CHANGE_NOT_FOUND")]
    pub code: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// The request, as logs name it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
}

impl Problem {
    /// A problem with a code.
    #[must_use]
    pub fn new(status: u16, code: &str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:codexa:error:{code}"),
            title: title.into(),
            status,
            detail: detail.into(),
            code: code.to_owned(),
            help: String::new(),
            request_id: String::new(),
        }
    }

    /// The same with a next step.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}
