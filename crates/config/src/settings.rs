//! The settings of `.codexa/config.yaml` and of every file it extends, as types. Their JSON Schema
//! (`codexa schema config`) comes from these types, so a key exists here or nowhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Globs in one list at most.
pub const MAX_GLOBS: usize = 1_000;

/// Settings of one project, as `.codexa/config.yaml` and what it extends give them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Codexa settings")]
pub struct Settings {
    /// Version of this file format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Who this project is. Only the project's own file may say it.
    pub project: ProjectIdentity,
    /// How much governance the project asks for.
    pub maturity: Maturity,
    /// Files that this one builds on, weakest first: a path relative to this file, `~/…`, or `control-plane[:PATH]`.
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub extends: OneOrMany,
    /// What the project asks of the global control plane.
    pub control_plane: ControlPlaneNeed,
    /// How the code is read.
    pub discovery: Discovery,
    /// How decisions are made.
    pub governance: Governance,
    /// Phases in their order. Only the project's own file may declare them.
    pub phases: Vec<Group>,
    /// Milestones in their order. Only the project's own file may declare them.
    pub milestones: Vec<Group>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: 1,
            project: ProjectIdentity::default(),
            maturity: Maturity::M0,
            extends: OneOrMany::default(),
            control_plane: ControlPlaneNeed::default(),
            discovery: Discovery::default(),
            governance: Governance::default(),
            phases: Vec::new(),
            milestones: Vec::new(),
        }
    }
}

/// How decisions are made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Governance {
    /// The branch from which rules, people and gates count [built in: `main`, else `master`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected_branch: Option<String>,
}

/// Who a project is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectIdentity {
    /// A UUID that never changes; worktrees and clones share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uuid"))]
    pub id: Option<String>,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// How much governance applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Maturity {
    /// Spike: only the scope of a change is approved.
    #[default]
    M0,
    /// Beta: design and test gates, change records, advisory QA.
    M1,
    /// Governed release: impact, evaluation, governance and release gates, waivers with expiry.
    M2,
}

impl Maturity {
    /// The level after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self {
            Self::M0 => Some(Self::M1),
            Self::M1 => Some(Self::M2),
            Self::M2 => None,
        }
    }
}

impl std::fmt::Display for Maturity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::M0 => "M0",
            Self::M1 => "M1",
            Self::M2 => "M2",
        })
    }
}

/// One text or a list of texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several, in order.
    Many(Vec<String>),
}

impl OneOrMany {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Many(list) if list.is_empty())
    }
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// What the project asks of the global control plane.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ControlPlaneNeed {
    /// Versions of the control plane that fit, as Cargo writes them: `^1.2`, `>=1.0, <3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How the code is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Discovery {
    /// How deep to look.
    pub mode: DiscoveryMode,
    /// Globs of what matters most; everything when empty.
    #[schemars(length(max = MAX_GLOBS))]
    pub focus: Vec<String>,
    /// Globs of what is not read at all.
    #[schemars(length(max = MAX_GLOBS))]
    pub skip_paths: Vec<String>,
    /// Globs of documents that explain the code, tracked or not: from the project's root, or `control-plane:GLOB`.
    #[schemars(length(max = MAX_GLOBS))]
    pub context: Vec<String>,
    /// Globs of generated files that the built-in rules miss; `!` before a glob says that a file is not generated.
    #[schemars(length(max = MAX_GLOBS))]
    pub generated: Vec<String>,
    /// Globs of vendored files that the built-in rules miss; `!` before a glob says that a file is not vendored.
    #[schemars(length(max = MAX_GLOBS))]
    pub vendored: Vec<String>,
    /// Globs of coverage files beyond those with well-known names; `!` before a glob says that a file is none. A path
    /// without wildcards may lie beside what git tracks.
    #[schemars(length(max = MAX_GLOBS))]
    pub coverage: Vec<String>,
    /// Time after which a run stops and marks its result partial: `500ms`, `2s`, `1m`. No limit when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]+(ms|s|m)$"), example = "2s")]
    pub budget: Option<String>,
    /// Threads to use; as many as the machine has when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1024))]
    pub threads: Option<u32>,
    /// What one file may cost.
    pub limits: Limits,
}

impl Discovery {
    /// The budget as a duration; `None` when there is no limit or the text is not one.
    #[must_use]
    pub fn budget_duration(&self) -> Option<std::time::Duration> {
        let text = self.budget.as_deref()?;
        let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at_checked(unit_at)?;
        let number: u64 = number.parse().ok()?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            _ => return None,
        };
        number.checked_mul(milliseconds).map(std::time::Duration::from_millis)
    }
}

/// How deep discovery looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DiscoveryMode {
    /// Counts and classifies; parses nothing.
    Quick,
    /// Everything: structure, relationships, metrics, documents.
    #[default]
    Deep,
    /// Like deep, without documents and tests.
    CodeOnly,
}

/// What a run and one file of it may cost; what costs more is labelled and left out. All but the time count work, so that
/// the result is the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Files of the project; the first so many by path are read.
    #[schemars(range(min = 1))]
    pub max_files: u64,
    /// Commits of the past, the newest first.
    #[schemars(range(min = 1))]
    pub max_commits: u64,
    /// Bytes of a file.
    #[schemars(range(min = 1))]
    pub max_file_bytes: u64,
    /// Levels of nesting in the syntax tree.
    #[schemars(range(min = 1, max = 60_000))]
    pub max_depth: u32,
    /// Nodes of the syntax tree.
    #[schemars(range(min = 1))]
    pub max_nodes: u64,
    /// Milliseconds in the parser: the backstop, far above what counting allows.
    #[schemars(range(min = 1))]
    pub parse_timeout_ms: u64,
    /// Memory of one parser process, in MiB.
    #[schemars(range(min = 16))]
    pub worker_memory_mb: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_files: 1_000_000,
            max_commits: 50_000,
            max_file_bytes: 4 << 20,
            max_depth: 1_000,
            max_nodes: 5_000_000,
            parse_timeout_ms: 1_500,
            worker_memory_mb: 1_024,
        }
    }
}

/// A named group of changes and requirements: a phase or a milestone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stable name for machines: `MS-02`.
    #[schemars(regex(pattern = "^[A-Za-z][A-Za-z0-9_-]*$"), example = "MS-02")]
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Requirements in it: `FR-12`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// Changes in it: `CH-010`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}
