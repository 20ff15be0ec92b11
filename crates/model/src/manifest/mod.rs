//! The tracked files of the model, as types: what discovery writes under `.codexa/manifests/` and others read.
//!
//! Two rules decide what stands where.
//!
//! **Churn.** Files under `system_model/` hold only what survives an edit of a function's body: names, paths, kinds,
//! public API, edges, coarse sizes. Whatever belongs to one file stands on that file's own line ([`Flow`]); totals,
//! shares and ranks stand only in `system_manifest.yaml`, which changes with every run on a new commit anyway. So an edit
//! of one function body changes at most its own file's line of `system_model/`.
//!
//! **Absent, not empty.** A section or field that was not looked at is absent. One that was looked at and holds nothing is
//! written empty where it is a list of findings, and left out where its absence has one documented meaning.

mod component;
mod coverage;
mod flow;
mod followups;
mod ids;
mod intents;
mod relationships;
mod system;
mod zones;

pub use component::{Api, ComponentFile, ComponentNode, FileNode, ModuleNode, Size, Source};
pub use coverage::{
    ComponentsWithIntent, CoverageFile, ImportGaps, IntentReach, LanguageReach, ParseGap, Reach, TestReach,
};
pub use flow::{FLOW, Flow};
pub use followups::{FollowupEntry, FollowupState, Followups, Stated};
pub use ids::IdsFile;
pub use intents::{IntentEntry, IntentsSummary};
pub use relationships::{ByTest, FileRelations, RelationshipsFile, Targets, TestRelations};
pub use system::{
    Action, Architecture, Artifacts, ComponentCycle, ComponentSummary, Configuration, ContactSummary, ContextDocument,
    CoverageInput, CoverageSummary, Dependency, DependencyUse, EntryPointSummary, ExternalDependencies, ExternalEntry,
    ImportSummary, Inputs, LanguageSummary, Metadata, NameSummary, PackageEntry, Risk, RiskKind, StructureSummary,
    Summary, SystemManifest, TestCoverage, Undeclared,
};
pub use zones::{HistorySummary, ZoneEntry, ZonesSummary};

use schemars::Schema;

/// `schema:` of `system_manifest.yaml`.
pub const SYSTEM_MANIFEST: &str = "codexa/system-manifest@1";
/// `schema:` of `system_model/components/*.yaml`.
pub const SYSTEM_MODEL_COMPONENT: &str = "codexa/system-model-component@1";
/// `schema:` of `system_model/relationships.yaml`.
pub const RELATIONSHIPS: &str = "codexa/relationships@1";
/// `schema:` of `system_model/coverage.yaml`.
pub const COVERAGE: &str = "codexa/coverage@1";

/// `schema:` of `ids.yaml`.
pub const IDS: &str = "codexa/ids@1";

/// The JSON Schema of each tracked file of the model, by the name that `codexa schema` takes.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("coverage", schemars::schema_for!(CoverageFile)),
        ("ids", schemars::schema_for!(IdsFile)),
        ("relationships", schemars::schema_for!(RelationshipsFile)),
        ("system-manifest", schemars::schema_for!(SystemManifest)),
        ("system-model-component", schemars::schema_for!(ComponentFile)),
    ]
}
