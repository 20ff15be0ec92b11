//! `system_model/components/<slug>.yaml`: the nodes of one component.
//!
//! `S` is the text: owned when a file is read, borrowed from the model when one is written.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One component: the node itself, its modules (folders), their files and what each file offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ComponentFile")]
pub struct ComponentFile<S: Ord + Default = String> {
    /// `codexa/system-model-component@1`.
    pub schema: S,
    /// The component.
    pub component: ComponentNode,
    /// Its modules by path: a folder is a module. The path is the module's id.
    pub modules: BTreeMap<S, ModuleNode<S>>,
}

/// A component as a node of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentNode {
    /// Stable: `c:` and the path it stands on.
    pub id: String,
    /// The name people use for it.
    pub name: String,
    /// What it is: `package`, `module`, `folder`, `program`, `family`, `tests`, `examples`, `benchmarks`,
    /// `documentation`, `vendored`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why it is a component.
    pub source: Source,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// The package it belongs to, where it is not the package itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Languages of its code, by name.
    pub languages: Flow<Vec<String>>,
    /// Why its dependencies are not known, `unknown (Scala is counted, not parsed)`; absent where its code was parsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<String>,
    /// Ids of the components that its files depend on; absent where none was found and they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Flow<Vec<String>>>,
    /// Names of the external dependencies that its files import.
    pub uses: Flow<Vec<String>>,
}

/// The evidence for a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The rule that found it, e.g. `cargo.package`, `python.package`, `folder.files`.
    pub rule: String,
    /// The file that shows it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// A folder of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ModuleNode")]
pub struct ModuleNode<S: Ord + Default = String> {
    /// The package or namespace that its files declare, where they agree on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declares: Option<S>,
    /// Its files of code by name, one line each. The path (module and name) is the file's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<S, Flow<FileNode<S>>>,
    /// Files that are not code or not ours, by class; they have no node of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Flow<BTreeMap<S, u32>>>,
}

/// A file of code. Without line numbers and counts: they change with every edit, and the cache has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FileNode")]
pub struct FileNode<S: Ord + Default = String> {
    /// Its language.
    pub language: S,
    /// `test`, `generated` or `minified`; absent for source that people write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<S>,
    /// Lines of code, coarsely.
    pub size: Size,
    /// Why its facts are missing or incomplete: `not parsed`, `skipped`, `too_deep`, `in part` …; absent where it was
    /// parsed whole (at least 99 % of its bytes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parsed: Option<S>,
    /// Where control comes in, by kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<S>,
    /// What it reaches outside, by kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<S>,
    /// What it offers; absent where it offers nothing or was not parsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<Api<S>>,
}

/// Public symbols of one file, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Api")]
pub struct Api<S: Ord + Default = String> {
    /// Types by kind (`class`, `struct`, `trait` …) and name, each with the names of its public members; `extension` for
    /// members that the file adds to a type defined elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<S, BTreeMap<S, Vec<S>>>,
    /// Everything else by kind (`function`, `constant` …).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<S, Vec<S>>,
    /// How many names the cap left out (members first, then names from the end of the alphabet).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub dropped: u32,
}

/// Lines of code, in steps wide enough that an edit rarely leaves one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Size {
    /// Under 100 lines of code.
    S,
    /// Under 500.
    M,
    /// Under 2,000.
    L,
    /// 2,000 and more.
    XL,
}

impl Size {
    /// The step for a number of lines of code.
    #[must_use]
    pub fn of(code_lines: u32) -> Self {
        match code_lines {
            0..100 => Self::S,
            100..500 => Self::M,
            500..2_000 => Self::L,
            _ => Self::XL,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference to skip_serializing_if")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}
