//! Hashes of everything that settings were inherited from, so that a run can say what it ran on (FR-43, FR-44).

use crate::chain::Link;
use crate::control_plane::version;
use crate::scaffold::Templates;
use crate::source::sha256;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// What a run inherited. Names and hashes are the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The file that resolution started from; absent when only built-in values hold.
    pub config_root: Option<FileHash>,
    /// What it extends, weakest first.
    pub extends_chain: Vec<FileHash>,
    /// Hash of the templates that `codexa init` would use: the built-in ones, and those of the control plane where the
    /// project inherits from it.
    pub template_hash: String,
    /// Version of the control plane, where something of it is inherited.
    pub control_plane_version: Option<String>,
    /// Hash of the settings that result, environment and command line included.
    pub settings_hash: String,
}

/// A file and the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileHash {
    /// Relative to the project, or `control-plane:core.yaml`.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// `plane` is the control plane where something of it is inherited.
pub(crate) fn of(links: &[Link], plane: Option<&Path>, settings: &Value) -> Provenance {
    let hash = |link: &Link| FileHash { path: link.name.clone(), sha256: link.source.sha256.clone() };
    let (config_root, extended) = match links.split_last() {
        Some((first, extended)) => (Some(hash(first)), extended),
        None => (None, links),
    };
    Provenance {
        config_root,
        extends_chain: extended.iter().map(hash).collect(),
        template_hash: Templates::load(plane).hash(),
        control_plane_version: plane.and_then(|plane| version(plane).ok()).map(|version| version.to_string()),
        settings_hash: sha256(settings.to_string().as_bytes()),
    }
}
