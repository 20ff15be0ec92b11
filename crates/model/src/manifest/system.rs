//! `system_manifest.yaml`: the system on a page or two, with the numbers of one basis.

use super::{Flow, Followups, HistorySummary, IntentsSummary, Stated, ZonesSummary};
use crate::relation::DependencyScope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest. Sections that need history are absent until they exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemManifest {
    /// `codexa/system-manifest@1`.
    pub schema: String,
    /// Which run of what on what.
    pub metadata: Metadata,
    /// What the model was made from.
    pub inputs: Inputs,
    /// The numbers.
    pub summary: Summary,
    /// How the components lie on each other.
    pub architecture: Architecture,
    /// The parts, in order of their ids.
    pub components: Vec<ComponentSummary>,
    /// What the code is for.
    pub intents: IntentsSummary,
    /// What the past says; absent where it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<HistorySummary>,
    /// Where to begin; absent where the past was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<ZonesSummary>,
    /// What the repository builds, ships and answers to.
    pub artifacts: Artifacts,
    /// What it needs from outside.
    pub dependencies_external: ExternalDependencies,
    /// What a maintainer should know before trusting or changing it; structural findings only. What the repository lacks
    /// stands here where it takes something from the model, and always in `system_model/coverage.yaml`.
    pub risks_and_gaps: Vec<Risk>,
    /// What a person must say.
    pub followups: Followups,
    /// What people said of the code; absent where they said nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stated: Vec<Flow<Stated>>,
    /// What to do next, most useful first; each command once.
    pub next_actions: Vec<Action>,
}

/// Which run of what on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The project's name.
    pub project: String,
    /// Newest commit that touches anything but what Codexa writes; absent without git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis_commit: Option<String>,
    /// The time of `basis_commit`, RFC 3339, and not that of the run: no clock has a say in the manifest, so that the same
    /// commit gives the same bytes whenever it is discovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_at: Option<String>,
    /// Version of Codexa.
    pub codexa: String,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
    /// Whether anything was cut or left unread; `system_model/coverage.yaml` says what.
    pub partial: bool,
    /// Whether another run gives the same bytes; false where a wall-clock limit was hit.
    pub reproducible: bool,
}

/// What the model was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// Files in git's index, by class.
    pub files: Flow<BTreeMap<String, u32>>,
    /// Globs the run was narrowed to; absent for the whole repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub focus: Vec<String>,
    /// Globs of what was left out; absent where nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip_paths: Vec<String>,
    /// Globs that say which files are generated, or with `!` are not, beyond the built-in rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generated: Vec<String>,
    /// The same of vendored files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vendored: Vec<String>,
    /// `true` where `.gitignore` had no say in a folder without git.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_ignore: bool,
    /// Globs of documents that explain the code, beyond those that are found without; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<String>,
    /// Documents that they name, with their hashes: git tracks not all of them, and all have a say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context_read: Vec<Flow<ContextDocument>>,
    /// Configuration that took part, with its hash.
    pub configuration: Vec<Flow<Configuration>>,
    /// SHA-256 of what people answered (`.codexa/annotations.yaml`); absent where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<String>,
    /// Coverage files that took part; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coverage_files: Vec<Flow<CoverageInput>>,
    /// Every threshold and cap that shaped the model.
    pub thresholds: BTreeMap<String, u64>,
}

/// A coverage file that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageInput {
    /// Its path.
    pub path: String,
    /// SHA-256 of its bytes; absent where it was too large to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How it is written; absent where it was not understood, and then nothing was taken from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Files of the repository that it speaks of.
    pub files: u32,
    /// Paths that it speaks of and that are not here, or could be several files.
    pub declined: u32,
    /// Whether it says which test ran what.
    pub by_test: bool,
    /// Whether it is older than the newest commit; absent where it does not say when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<bool>,
    /// Whether a bound left something of it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// A configuration file that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Its path, or its name in the control plane.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A document that `context` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContextDocument {
    /// Its path from the project's root, or `control-plane:` and its path there.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// `true` where git does not track it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untracked: bool,
}

/// The numbers of one basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// A few sentences.
    pub text: String,
    /// Languages, most code first.
    pub languages: Vec<Flow<LanguageSummary>>,
    /// Size of the graph.
    pub structure: Flow<StructureSummary>,
    /// How much of it is known.
    pub coverage: CoverageSummary,
}

/// One language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguageSummary {
    /// Its name.
    pub language: String,
    /// Files of code that are ours (source, tests, generated).
    pub files: u32,
    /// Lines of code.
    pub code: u64,
    /// Lines of comment; absent where comments were not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Files parsed; absent for a language without a grammar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parsed: Option<u32>,
}

/// Size of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StructureSummary {
    /// Components.
    pub components: u32,
    /// Distinct pairs of files where one depends on the other.
    pub edges: u32,
    /// Groups of source files that depend on each other in a circle.
    pub file_cycles: u32,
    /// Length of the longest chain of dependencies, in files (a cycle counts as one).
    pub file_layers: u32,
    /// Entry points found in code or declared by packages, as `artifacts.entry_points` lists them.
    pub entry_points: u32,
    /// Outside contacts found in code.
    pub contacts: u32,
}

/// How much is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageSummary {
    /// Files of languages with a grammar that were parsed, of all such files.
    pub files_parsed: Flow<[u32; 2]>,
    /// Their bytes that were understood, of all their bytes.
    pub bytes_parsed: Flow<[u64; 2]>,
    /// What the imports came to.
    pub imports: Flow<ImportSummary>,
    /// What the uses of names came to.
    pub names: Flow<NameSummary>,
    /// How much of the code tests are seen to reach; absent where tests were not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<Flow<TestCoverage>>,
}

/// How much of the code tests are seen to reach. Files of code without functions do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCoverage {
    /// Files of code.
    pub code: u32,
    /// Of them, files that a test is about.
    pub directly: u32,
    /// Of the others, files that tests come through.
    pub reached: u32,
    /// Files that no test is seen to reach.
    pub untested: u32,
    /// Tests that nobody can follow to what they run, where they are so many that they may reach those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_followed: Option<String>,
    /// Those that are reached, by the basis of their strongest link.
    pub by_basis: BTreeMap<String, u32>,
    /// Files with tests in them.
    pub tests: u32,
}

/// What the imports came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSummary {
    /// Imports read.
    pub total: u64,
    /// Led to a file of the repository.
    pub resolved: u64,
    /// The rest, by reason.
    pub declined: BTreeMap<String, u64>,
}

/// What the uses of names came to; one use is one name in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameSummary {
    /// Names that a file uses and another file of the same language family defines.
    pub total: u64,
    /// Definition in a file that the using file depends on.
    pub linked: u64,
    /// Only one file defines the name.
    pub unique: u64,
    /// More than one file defines it and nothing decides: weighs a little in ranks, makes no edge.
    pub ambiguous: u64,
    /// Defined in so many files that it was left out.
    pub common: u64,
}

/// How the components lie on each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// Components from the top (nothing depends on them from a higher layer) to the bottom, by name of the layer's
    /// number; layer 0 depends on no other component. Those whose dependencies are not known stand in none.
    pub layers: Vec<Flow<Vec<String>>>,
    /// Components that depend on each other in a circle.
    pub cycles: Vec<ComponentCycle>,
    /// Files that most others stand on, by reference rank.
    pub central_files: Vec<String>,
    /// Public symbols that most others use, by reference rank, as `path symbol`.
    pub central_symbols: Vec<String>,
}

/// Components that depend on each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentCycle {
    /// Their ids.
    pub components: Flow<Vec<String>>,
    /// The dependency inside the circle that the fewest files cause: the cheapest to cut.
    pub weakest: String,
}

/// A component with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentSummary {
    /// Stable id.
    pub id: String,
    /// The name people use for it.
    pub name: String,
    /// What it is, as in its own file.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its file of nodes, under `.codexa/manifests/`; absent for vendored code, which has no nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Files of every class, for documentation and vendored code, which are more than their files of code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
    /// Files of code that is ours; absent for vendored code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_files: Option<u32>,
    /// Lines of code by language.
    pub code: Flow<BTreeMap<String, u64>>,
    /// Its layer; 0 depends on no other component. Absent where its dependencies are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// Martin's instability Ce/(Ca+Ce) over files outside that it uses and that use it; absent where there are none, and
    /// where its dependencies are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instability: Option<f64>,
    /// Why its dependencies are not known, `unknown (Scala is counted, not parsed)`: more than half of its lines are in
    /// languages without a grammar here. Absent where its code was parsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<String>,
    /// What it depends on; absent where nothing was found and its dependencies are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Vec<Flow<Dependency>>>,
    /// External dependencies that it imports.
    pub uses: Flow<Vec<String>>,
    /// What it offers: its public symbols that are used most from outside of it.
    pub offers: Flow<Vec<String>>,
    /// Entry points in its code by kind, of those that `artifacts.entry_points` lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_points: Option<Flow<BTreeMap<String, u32>>>,
    /// Outside contacts by kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Flow<BTreeMap<String, u32>>>,
    /// Headings of documents that name it, as `path: heading`; of many the shortest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
    /// Ids of the intents that its files serve, most files first; of many the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intents: Vec<String>,
}

/// A dependency between components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The other component.
    pub to: String,
    /// Pairs of files behind it.
    pub edges: u32,
    /// Of them, pairs whose using file is a test, or an example in what ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_tests: Option<u32>,
    /// Of the others, pairs whose using file imports the other for its types only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_types: Option<u32>,
    /// Confidence of the surest of them, in percent.
    pub confidence: u8,
}

/// What the repository builds, ships and answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Artifacts {
    /// Packages that it declares.
    pub packages: Vec<PackageEntry>,
    /// Packages left out by the cap, or because only a build can say their name (`${group}:core`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages_dropped: Option<u32>,
    /// Entry points by kind: programs that packages declare first, then what source files define. Those of tests,
    /// generated files and vendored packages are left out, and those that a rule is not sure of (`thresholds`).
    pub entry_points: Vec<EntryPointSummary>,
    /// Outside contacts by kind, those of tests, examples, benchmarks and documents left out.
    pub contacts: Vec<ContactSummary>,
    /// Files of the model, under `.codexa/manifests/`.
    pub model: Vec<String>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageEntry {
    /// Its name.
    pub name: String,
    /// Its ecosystem.
    pub ecosystem: String,
    /// Its version, where it is written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The file that declares it.
    pub manifest: String,
    /// Its programs: name to target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programs: Option<Flow<BTreeMap<String, String>>>,
}

/// Entry points of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryPointSummary {
    /// The kind; `program` for programs that packages declare.
    pub kind: String,
    /// How many.
    pub count: u32,
    /// The first of them, surest first, as `path name`; `codexa show entry-points` has all.
    pub first: Vec<String>,
}

/// Outside contacts of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSummary {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: u32,
    /// The first files that have some, as `path callee`; `codexa show contacts` has all, with their lines.
    pub first: Vec<String>,
}

/// What is needed from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalDependencies {
    /// Dependencies that a manifest declares.
    pub declared: Vec<Flow<ExternalEntry>>,
    /// Declared dependencies left out by the cap, or because only a build can say their name (`${group}:core`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_dropped: Option<u32>,
    /// Dependencies that only lock files name: how many per ecosystem.
    pub transitive: Flow<BTreeMap<String, u32>>,
    /// Imported from outside by more than tests, and declared by no manifest that was read.
    pub undeclared: Vec<Flow<Undeclared>>,
    /// Undeclared ones left out by the cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_dropped: Option<u32>,
    /// Names that only tests import and no manifest declares; tests import what they write when they run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_in_tests: Option<u32>,
}

/// A declared dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalEntry {
    /// Its name.
    pub name: String,
    /// Its ecosystem.
    pub ecosystem: String,
    /// The requirement as written; absent where a build fills it in (`$version`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// The locked version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it is needed for; of several scopes of one manifest, the nearest to the running program.
    pub scope: DependencyScope,
    /// The manifest's other scopes for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further_scopes: Vec<DependencyScope>,
    /// The manifest that declares it.
    pub declared_in: String,
    /// Who imports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<DependencyUse>,
}

/// Files of one component that import a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DependencyUse {
    /// The component; absent for files outside of all components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Its files that import it.
    pub files: u32,
}

/// Imported from outside and declared nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Undeclared {
    /// The name as its ecosystem knows it.
    pub name: String,
    /// The language that imports it.
    pub language: String,
    /// Files that import it.
    pub files: u32,
}

/// Something to know before trusting or changing the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What it is.
    pub kind: RiskKind,
    /// One sentence with its numbers.
    pub what: String,
    /// Where: paths or component ids.
    pub places: Flow<Vec<String>>,
    /// Places left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places_dropped: Option<u32>,
}

/// What a structural finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    /// Components that depend on each other in a circle, beyond families of names in one flat folder.
    ComponentCycle,
    /// Source files that depend on each other in a circle.
    FileCycle,
    /// Bytes that the parser did not understand.
    ParseGap,
    /// Files that were not read or not parsed.
    Unread,
    /// Imports that should lead into the repository and do not, clustered by target.
    DeclinedImports,
    /// A language without a grammar here, with much code.
    NotParsedLanguage,
    /// Something the repository lacks.
    Lacking,
    /// A part that is repaired much and that no test is about.
    UntestedZone,
    /// A file that is repaired much and that nobody who is still there knows.
    UnownedHotspot,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What to do, and why.
    pub what: String,
    /// The command that starts it.
    pub command: String,
}
