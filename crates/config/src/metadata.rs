//! `.codexa/project_metadata.yaml`: where the project stands on its way through the maturity levels (FR-32).

use crate::settings::{Maturity, OneOrMany};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a project stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Codexa project metadata")]
pub struct ProjectMetadata {
    /// Version of this file format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Where it stands.
    pub maturity: MaturityState,
    /// Where criteria are inherited from; the same forms as in `config.yaml`.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub extends: OneOrMany,
    /// What the files of `.codexa/` were made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaffold: Option<ScaffoldOrigin>,
}

/// A maturity level and the way to the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaturityState {
    /// The level that holds; the same as `maturity` in `config.yaml`.
    pub level: Maturity,
    /// When people last looked at it, `YYYY-MM-DD`; absent before the first review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), example = "2026-01-31")]
    pub last_review: Option<String>,
    /// The level aimed at; absent at the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_level: Option<Maturity>,
    /// What must hold before the next level.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
}

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Stable name: `tests-linked`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9-]*$"), example = "tests-linked")]
    pub id: String,
    /// What must hold, in words.
    pub text: String,
    /// Whether people found that it holds.
    #[serde(default)]
    pub met: bool,
}

/// What the files of `.codexa/` were made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaffoldOrigin {
    /// Hash of the templates, as `codexa doctor config` prints it.
    pub template_hash: String,
}
