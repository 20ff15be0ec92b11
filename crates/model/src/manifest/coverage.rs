//! `system_model/coverage.yaml`: what the model does not know, and the limits under which it was made.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was not read, not parsed, not resolved. Totals and shares stand in `system_manifest.yaml`: here is only what an
/// edit of one file leaves alone, or what stands on that file's own line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageFile {
    /// `codexa/coverage@1`.
    pub schema: String,
    /// Whether anything was cut or left unread.
    pub partial: bool,
    /// Why, one entry per cause.
    pub partial_because: Vec<String>,
    /// What the repository lacks (history, submodules …), one entry each.
    pub lacks: Vec<String>,
    /// How many files the model stands on, by class.
    pub files: Flow<BTreeMap<String, u32>>,
    /// Languages by name, and how far they were looked into.
    pub languages: BTreeMap<String, Flow<LanguageReach>>,
    /// Files of parsed languages that were not parsed: path to reason.
    pub unread: BTreeMap<String, String>,
    /// Files that were parsed in part.
    pub parse_gaps: BTreeMap<String, Flow<ParseGap>>,
    /// Files with imports that should lead into the repository and do not.
    pub import_gaps: BTreeMap<String, Flow<ImportGaps>>,
    /// On what the links between tests and code stand; their numbers are in `system_manifest.yaml`.
    pub tests: TestReach,
    /// Of how many components it is known what they are for.
    pub intents: IntentReach,
    /// Manifests, settings and sources of which a bound left something unread, and what: packages, and what imports lead
    /// to, may be more than the model says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cut_short: BTreeMap<String, Vec<String>>,
    /// What `discovery.context` names and could not be read, with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context_unread: BTreeMap<String, String>,
    /// Every threshold and cap that shaped the model.
    pub thresholds: BTreeMap<String, u64>,
}

/// On what the links between tests and code stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestReach {
    /// Why tests were not looked at, where that is so; nothing else stands here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_looked_at: Option<String>,
    /// Each basis, the strongest first: `looked at`, or why it was not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bases: BTreeMap<String, String>,
    /// Languages of tests that are counted and not parsed, with their files: what those reach is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_parsed: Option<Flow<BTreeMap<String, u32>>>,
    /// Files of tests that were read and are not seen to use code: they may run it from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<u32>,
}

/// Of how many components it is known what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentReach {
    /// Why intents were not looked for, where that is so; nothing else stands here then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_looked_at: Option<String>,
    /// Their numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Flow<ComponentsWithIntent>>,
    /// Ids of those that ship and of which neither the code nor a person says what they are for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_intent: Vec<String>,
}

/// Components by what is known of their purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentsWithIntent {
    /// Components with code that ships.
    pub ship: u32,
    /// Of them, those in which files of an intent lie.
    pub with_intent: u32,
    /// Of the others, those of which a person said what they are for.
    pub answered: u32,
}

/// How far a language was looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguageReach {
    /// How deep.
    pub reach: Reach,
    /// Its files.
    pub files: u32,
}

/// How deep a language is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Symbols, imports, metrics.
    Parsed,
    /// Lines only: it has no grammar here.
    Counted,
}

/// A file that was parsed in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParseGap {
    /// Share of its bytes that was not understood, coarsely: `under 5 %`, `5 to 20 %`, `over 20 %`.
    pub not_understood: String,
    /// Why the walk ended early, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
}

/// Imports of one file that should lead into the repository and do not, or were not followed to their end, by reason:
/// the targets as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportGaps {
    /// More than one file could be meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ambiguous: Vec<String>,
    /// A bound on what one file may cost ended the search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<String>,
    /// It should be there and is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_found: Vec<String>,
    /// Targets left out by the cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u32>,
}
