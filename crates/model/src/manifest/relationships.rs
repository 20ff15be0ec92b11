//! `system_model/relationships.yaml`: which file depends on which, and how that is known.

use super::Flow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Relations between files, grouped so that each file has one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationshipsFile {
    /// `codexa/relationships@1`.
    pub schema: String,
    /// Short names of folders whose path is long: `last-part~hash` to the path. The hash is of the path, so that a new
    /// folder renames no other.
    pub folders: BTreeMap<String, String>,
    /// Folder, then file, then what the file depends on.
    pub files: BTreeMap<String, BTreeMap<String, Flow<FileRelations>>>,
}

/// What one file depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRelations {
    /// `origin@confidence` (the rule that resolved the import, and how sure it is in percent) to the files it leads to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub depends_on: BTreeMap<String, Targets>,
    /// Imports that lead to no file of the repository, by reason; those of the standard library are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declined: BTreeMap<String, u32>,
}

/// Files by folder: a path, a short name of [`RelationshipsFile::folders`], `.` for the importing file's own folder, or `/`
/// for the repository's root.
pub type Targets = BTreeMap<String, Vec<String>>;
