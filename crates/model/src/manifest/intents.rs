//! The section `intents` of `system_manifest.yaml`: what the code is for.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the code is for, as far as clusters of files show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentsSummary {
    /// Why none were looked for; absent where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<String>,
    /// What could not be known about them, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_known: Vec<String>,
    /// Files that take part: code that people write and ship.
    pub files: u32,
    /// How far the same clusters come from other seeds, 0 to 1, over all files that take part; absent where none were looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
    /// Files without an intent, by the reason.
    pub unnamed: Flow<BTreeMap<String, u32>>,
    /// The intents, ranked by their share and how sure they are.
    pub found: Vec<IntentEntry>,
}

/// Files that are there for one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentEntry {
    /// `intent:` and its name.
    pub id: String,
    /// A few words.
    pub name: String,
    /// How many files.
    pub files: u32,
    /// Share of the lines of code and of the reference rank of all files that take part, in percent: the mean of both.
    pub share: f64,
    /// Share of the edges at its files that stay inside, in percent; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohesion: Option<u8>,
    /// How far it comes again from other seeds, in percent.
    pub stability: u8,
    /// How sure it is, in percent: no surer than it is stable and than its name fits its files.
    pub confidence: u8,
    /// The words that tell it from the others, the most telling first.
    pub terms: Flow<Vec<String>>,
    /// Components that its files lie in, most files first.
    pub components: Flow<Vec<String>>,
    /// Its files, where to begin first.
    pub central_files: Vec<String>,
    /// Where control comes into it, by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_points: Option<Flow<BTreeMap<String, u32>>>,
    /// Headings that speak of it, as `path: heading`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
}
