//! What the stream sends, and long work.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Something that happened. Delivery is at least once and in order: a consumer drops what it has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Grows by one within a project; begins again lower where the project's decisions were restored from a backup.
    pub id: i64,
    /// Names this event, and no other that ever has its id: `after=CURSOR` of `GET /v1/stream` continues behind it.
    #[schema(example = "42.9f86d081884c7d65")]
    pub cursor: String,
    /// When.
    pub at: i64,
    /// What.
    #[schema(value_type = String, example = "gate.changed")]
    pub kind: EventKind,
    /// The change that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// The gate that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The job that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What happened, in one sentence.
    pub says: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// A change was opened.
    #[serde(rename = "change.opened")]
    ChangeOpened,
    /// A gate looks different: a vote, or an edit of what it covers.
    #[serde(rename = "gate.changed")]
    GateChanged,
    /// A change is held.
    #[serde(rename = "change.held")]
    ChangeHeld,
    /// A change goes on.
    #[serde(rename = "change.resumed")]
    ChangeResumed,
    /// A job began, went on or ended.
    #[serde(rename = "job.changed")]
    JobChanged,
    /// A report was published.
    #[serde(rename = "report.published")]
    ReportPublished,
    /// An account was linked to a person.
    #[serde(rename = "account.linked")]
    AccountLinked,
    /// Other rules came into force: every change may look different.
    #[serde(rename = "rules.changed")]
    RulesChanged,
    /// Something of a newer gateway.
    #[serde(untagged)]
    Other(String),
}

/// Long work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// A UUID.
    pub id: String,
    /// `discover`
    pub kind: String,
    /// How it stands.
    pub state: JobState,
    /// How far it is, in words; empty before it starts.
    pub progress: String,
    /// What came of it in words, or why it failed; empty before it ends.
    pub summary: String,
    /// Who asked for it.
    pub person: String,
    /// When.
    pub asked_at: i64,
    /// How it was asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Nobody works on it yet.
    Queued,
    /// A worker has it.
    Running,
    /// It ended well.
    Done,
    /// It failed.
    Failed,
}
