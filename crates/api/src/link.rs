//! Who a token or an account is, and how an account gets its person.

use crate::{Account, Channel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /v1/me`: who the caller is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    /// `person`, `operator` (whoever sits at the host of a project with several people), `adapter` or `service`.
    pub kind: String,
    /// The person's id, the adapter's platform or the service's name.
    pub name: String,
    /// The roles of a person.
    pub roles: Vec<String>,
}

/// `POST /v1/links`: an adapter asks for a code for an account; a person gives a code and links the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LinkRequest {
    /// The account that wants to be linked: an adapter's request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The code that the account was given: a person's request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Only say which account the code is for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub look: bool,
    /// Where it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

/// A code that links an account to whoever gives it back, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkCode {
    /// The code.
    pub code: String,
    /// When it ends.
    pub expires_at: i64,
}
