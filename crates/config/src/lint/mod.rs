//! What a schema cannot say: globs, versions, who may say what, overrides without effect, files that belong and can be read.

mod folder;
mod metadata;
mod overrides;
mod plane;
mod start;
mod values;

pub(crate) use folder::project_folder;
pub(crate) use overrides::unused_overrides;
pub(crate) use plane::control_plane_version;
pub(crate) use start::{first_file, nothing_found};
pub(crate) use values::{missing_id, not_inheritable, values};

/// Settings that hold for one file alone, or that only a project's own file may give.
const OWN: [&str; 6] = ["version", "extends", "project.id", "project.name", "phases", "milestones"];

pub(crate) fn is_own(key: &str) -> bool {
    OWN.contains(&key)
}
