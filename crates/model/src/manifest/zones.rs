//! The sections `history` and `zones` of `system_manifest.yaml`: what the past says, and where to begin.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was read of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistorySummary {
    /// Commits that changed a file.
    pub commits: u32,
    /// Of them, commits that repaired something in the code, by their words and what they changed.
    pub fixes: u32,
    /// Weeks from the oldest of them to the basis commit.
    pub weeks: u32,
    /// Commits whose clock is ahead of the basis commit's; absent where there are none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub ahead: u32,
    /// Who must go until more than half of the source files have nobody left who knows them. Names are what commits say.
    pub truck_factor: Vec<String>,
    /// Pairs of files that changed together.
    pub pairs: u32,
    /// How naming what changes together did in this repository, in a sentence.
    pub pairs_tested: String,
    /// `true` where it lost to naming the busiest files of the same folder: nothing in the model goes by the pairs then.
    pub pairs_withheld: bool,
    /// What was not read of it, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<String>,
}

/// Where to begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZonesSummary {
    /// How the ranking did in this repository, in a sentence.
    pub tested: String,
    /// `true` where it did not beat size: zones stand in the order of their places then, and not in a ranking.
    pub withheld: bool,
    /// How many zones there are.
    pub all: u32,
    /// The first of them.
    pub shown: Vec<Flow<ZoneEntry>>,
}

/// A part worth changing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneEntry {
    /// Its id, given once.
    pub id: String,
    /// A file, a folder with `/` at its end, or a folder's small files with `/*`.
    pub place: String,
    /// `ready`, or what is lacking most.
    pub readiness: String,
    /// The intent of most of its lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Its lines.
    pub lines: u64,
    /// Commits of the last year that changed it, and of them those that repaired something.
    pub commits: u32,
    /// See `commits`.
    pub fixes: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &u32) -> bool {
    *count == 0
}
