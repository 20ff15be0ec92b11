//! Changes and the cards of their gates.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One governed change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// `CH-001`
    #[schema(example = "CH-001")]
    pub id: String,
    /// What it is called.
    pub title: String,
    /// `draft`, `analyzed`, `in_progress`, `partially_approved`, `approved`, `merged`, `rejected` or `abandoned`.
    #[schema(example = "draft")]
    pub state: String,
    /// The person who asked for it.
    pub requester: String,
    /// When it was opened.
    pub opened_at: i64,
    /// What holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Its gates, in the order in which a change meets them.
    pub gates: Vec<Card>,
}

/// A stop that a person put on a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// Who holds it.
    pub person: String,
    /// Why; empty where no reason was given.
    pub reason: String,
    /// Since when.
    pub at: i64,
    /// Until when, where it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// What a gate of a change looks like now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// `CH-001`
    pub change: String,
    /// What the change is called.
    pub title: String,
    /// `scope`, `design` or `test`.
    #[schema(example = "design")]
    pub gate: String,
    /// `open`, `met`, `denied` or `expired`.
    #[schema(example = "open")]
    pub state: String,
    /// Votes that are needed.
    pub quorum: u32,
    /// Votes that count.
    pub have: u32,
    /// What would be approved, as `sha256:` and hexadecimal digits.
    pub digest: String,
    /// What the digest covers.
    pub covers: Vec<Covered>,
    /// The commit that the project stands on; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Who voted, oldest first.
    pub votes: Vec<Vote>,
    /// Who must still vote, in words.
    pub missing: Vec<String>,
    /// When the gate closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<i64>,
    /// What holds the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The newest event that this card takes into account: an older card never replaces a newer one.
    pub as_of: i64,
    /// Why nothing can be approved yet, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
}

/// One file under a digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Covered {
    /// From the project's root.
    pub path: String,
    /// Hash of its normalised content, in hexadecimal digits.
    pub sha256: String,
    /// Its lines.
    pub lines: u32,
    /// Whether it is as it was made with the workspace: nobody wrote in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unwritten: bool,
}

/// A person's vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    /// Who.
    pub person: String,
    /// The role that it counts for.
    pub role: String,
    /// `approve` or `deny`.
    pub verdict: String,
    /// What was approved or denied.
    pub digest: String,
    /// Why; lists leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    pub at: i64,
    /// `slack`, `discord`, `terminal` or `rest`.
    pub via: String,
    /// The requester's own vote: it counts only at M0, where nobody else could vote.
    pub own: bool,
    /// Of another digest than the one that would be approved now: it does not count.
    pub stale: bool,
    /// What changed since, where it is stale; lists leave it out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub since: Vec<Changed>,
}

/// A file that changed since a vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// From the project's root.
    pub path: String,
    /// Lines that are new.
    pub added: u32,
    /// Lines that are gone.
    pub removed: u32,
    /// The changed lines, `+` or `-` first; cut after some.
    pub lines: Vec<String>,
}
