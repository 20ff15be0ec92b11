//! `system_model/relationships.yaml`: which file depends on which, what is tested by what, and how that is known.
//!
//! `S` is the text: owned when a file is read, borrowed from the model when one is written; and `F` the files, which whoever
//! writes them may make one by one.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Relations between files, grouped so that each file has one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RelationshipsFile")]
pub struct RelationshipsFile<S: Ord + Default = String, F = ByFile<S>> {
    /// `codexa/relationships@1`.
    pub schema: S,
    /// Short names of folders whose path is long: `last-part~hash` to the path. The hash is of the path, so that a new
    /// folder renames no other.
    pub folders: BTreeMap<S, S>,
    /// Folder, then file, then what the file depends on.
    pub files: F,
    /// What is tested by what: folder, then test, then the code that it is about. It stands with the test, so that an edit
    /// of one changes its own line. Code that tests only come through, and what changes with the history, is not here.
    /// Absent where tests were not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_by: Option<ByTest<S>>,
}

/// Folder, then file, then what the file depends on.
pub type ByFile<S = String> = BTreeMap<S, BTreeMap<S, Flow<FileRelations<S>>>>;

/// Folder, then test, then the code that the test is about.
pub type ByTest<S = String> = BTreeMap<S, BTreeMap<S, Flow<TestRelations<S>>>>;

/// The code that one test is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TestRelations")]
pub struct TestRelations<S: Ord + Default = String> {
    /// `basis@confidence` (`own`, `coverage`, `call`, `import` or `naming`, and how sure it is in percent) to the files.
    pub code: BTreeMap<S, Targets<S>>,
    /// Files left out by the cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u32>,
}

/// What one file depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FileRelations")]
pub struct FileRelations<S: Ord + Default = String> {
    /// `origin@confidence` (the rule that resolved the import, and how sure it is in percent) to the files it leads to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub depends_on: BTreeMap<S, Targets<S>>,
    /// Imports that lead to no file of the repository, by reason; those of the standard library are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declined: BTreeMap<S, u32>,
}

/// Files by folder: a path, a short name of [`RelationshipsFile::folders`], `.` for the importing file's own folder, or `/`
/// for the repository's root.
pub type Targets<S = String> = BTreeMap<S, Vec<S>>;
