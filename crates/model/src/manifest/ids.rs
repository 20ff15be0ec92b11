//! `ids.yaml`: the numbers of zones and follow-ups, allotted once and never again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The ids that were ever allotted. What a number was given to keeps it, also when it is gone; a number is no rank. Sorted by
/// key, so that two branches that allot at once mostly merge by themselves; one number for two keys is settled by the next run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdsFile {
    /// `codexa/ids@1`.
    pub schema: String,
    /// Follow-ups: what a question is about, and its number (`issue-12`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub issue: BTreeMap<String, u32>,
    /// Zones: what a zone stands on, and its number (`zone-3`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zone: BTreeMap<String, u32>,
}
