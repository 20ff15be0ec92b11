//! The HTTP contract of the gateway, as types that both sides share: what is asked, what is answered, what an error
//! looks like, what the stream sends. No I/O; `services/gateway` serves it and `crates/client` speaks it.
//!
//! Times are milliseconds since 1970, UTC. What has no value is left out of the JSON.

mod card;
mod directive;
mod event;
mod link;
mod problem;

pub use card::{Card, Change, Changed, Covered, Hold, Vote};
pub use directive::{Account, Answer, Channel, Confirm, DirectiveRequest, Entry, InterpretRequest, Report, Said};
pub use event::{Event, EventKind, Job, JobState};
pub use link::{Identity, LinkCode, LinkRequest};
pub use problem::Problem;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChange {
    /// What it is called.
    #[schema(example = "cap the parser depth")]
    pub title: String,
}

/// A page of the changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Newest first, without the reasons of votes and the lines that changed since: `GET /v1/changes/{id}` has those.
    pub changes: Vec<Change>,
    /// The `after` of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A page of the jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jobs {
    /// Newest first.
    pub jobs: Vec<Job>,
    /// The `after` of the next page; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
