//! The sections `followups` and `stated` of `system_manifest.yaml`: what a person must answer, and what people answered.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What discovery cannot know and a person may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Followups {
    /// What is asked, most worth an answer first: `thresholds.followups_shown` at most, of one kind
    /// `followups_shown_per_kind`, and those that somebody was asked by name.
    pub asked: Vec<FollowupEntry>,
    /// Further questions that wait until these are answered, by kind; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Flow<BTreeMap<String, u32>>>,
    /// Follow-ups that are not asked, by state; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Flow<BTreeMap<String, u32>>>,
    /// Why nobody looked for what takes a parser; absent where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowupEntry {
    /// `issue-12`: the same for as long as there is what it is about, and never another's.
    pub id: String,
    /// What kind of question: `dead_code`, `entry_point` …
    pub kind: String,
    /// What it is about: a path, a component's id, a name.
    pub about: String,
    /// One sentence.
    pub question: String,
    /// Why it is asked, with its numbers.
    pub why: String,
    /// What an answer changes.
    pub changes: String,
    /// Answers that fit; absent where any words do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Who is to answer it; absent where nobody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
}

/// How a follow-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowupState {
    /// It is asked.
    Open,
    /// It is asked, and somebody is to answer it.
    Assigned,
    /// It is asked again after a day.
    Deferred,
    /// It is answered.
    Accepted,
    /// It was found not worth an answer.
    Dismissed,
    /// What it was about is gone.
    Closed,
}

impl FollowupState {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Deferred => "deferred",
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
            Self::Closed => "closed",
        }
    }
}

/// What a person stated of the code, in an answer to a follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// A path or a component's id.
    pub of: String,
    /// `owner`, `entry_point`, `intent`, `dead`, `starts`, or `answer` for words of any kind.
    pub what: String,
    /// The name, the words, `yes` or `no`.
    pub is: String,
    /// Who said so; absent where the file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The follow-up that asked for it.
    pub followup: String,
}
