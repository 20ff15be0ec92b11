//! The model as tracked files: `system_manifest.yaml` and `system_model/`, as [`codexa_model::manifest`] defines them.

mod components;
mod coverage;
mod hash;
mod relationships;
mod slug;
mod summary;
mod system;
mod yaml;

pub use components::API_CAP;
pub(crate) use components::{contact_name, entry_name, kind_name};
pub use coverage::IMPORT_GAP_CAP;
pub use slug::Slugs;
pub(crate) use summary::Summary;
pub(crate) use system::{is_variable, offers, quoted, structure};
pub(crate) use yaml::is_visible;
pub use yaml::{Error, to_yaml};

use crate::components::{FLAT_FILES, MAX_AREAS, MAX_COMPONENTS, MAX_VENDORED, MIN_DOCUMENTS, MIN_FAMILY};
use crate::graph::{MAX_DEFINERS, ROUNDS};
use crate::model::{Model, in_parallel};
use serde::Serialize;
use std::collections::BTreeMap;

/// First line of every file: people should know before they edit.
const HEADER: &str = "# Written by `codexa discover`. Edits are overwritten; the next run starts from the sources.\n";

/// A file of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Its path under `.codexa/manifests/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Every tracked file of the model, sorted by path. What is there today and is not among them is out of date.
///
/// # Errors
/// When a value cannot be written; the types of the manifest have none such.
pub fn project(model: &Model) -> Result<Vec<Projection>, Error> {
    let slugs = Slugs::of(model);
    let words = relationships::Words::of(model);
    let (parts, whole) = in_parallel(
        || {
            let files = components::component_files(model, &slugs);
            files.map(|(path, file)| Ok(Projection { path, text: document(&file)? })).collect::<Result<Vec<_>, Error>>()
        },
        || {
            let file = |path: &str, text| Projection { path: path.to_owned(), text };
            Ok::<_, Error>([
                file("system_model/coverage.yaml", document(&coverage::coverage(model))?),
                file("system_model/relationships.yaml", document(&relationships::relationships(model, &words))?),
                file("system_manifest.yaml", document(&system::manifest(model, &slugs))?),
            ])
        },
    );
    let mut files = parts?;
    files.extend(whole?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The manifest as data, as `codexa status --format json` shows its parts.
#[must_use]
pub fn system_manifest(model: &Model) -> codexa_model::manifest::SystemManifest {
    system::manifest(model, &Slugs::of(model))
}

fn document<T: Serialize>(value: &T) -> Result<String, Error> {
    let mut text = HEADER.to_owned();
    yaml::write(&mut text, value)?;
    Ok(text)
}

/// Every threshold and cap that shaped the model, the run's own limits included.
pub(crate) fn thresholds(model: &Model) -> BTreeMap<String, u32> {
    let sizes = model.components.thresholds;
    let cap = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let own = [
        ("api_names_per_file", cap(API_CAP)),
        ("component_split_above_files", sizes.split_above),
        ("component_min_files", sizes.min_files),
        ("component_min_files_at_top", sizes.min_top_files),
        ("component_min_documents", MIN_DOCUMENTS),
        ("components_max", MAX_COMPONENTS),
        ("components_not_shipping_max", MAX_AREAS),
        ("components_beyond_max", model.components.beyond_cap),
        ("components_vendored_max", MAX_VENDORED),
        ("declared_dependencies_shown", cap(system::DEPENDENCY_CAP)),
        ("entry_point_min_percent", crate::entries::SURE.into()),
        ("family_min_files", MIN_FAMILY),
        ("flat_folder_files", FLAT_FILES),
        ("import_gaps_per_file", cap(IMPORT_GAP_CAP)),
        ("name_max_defining_files", cap(MAX_DEFINERS)),
        ("packages_shown", cap(system::PACKAGE_CAP)),
        ("rank_rounds", ROUNDS),
    ];
    let mut all = model.run.limits.clone();
    all.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    all
}

/// A path's folder (empty for the root) and name.
fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The name that a unit variant has in files: the one serde gives it.
pub(crate) fn name_of<T: Serialize>(variant: &T) -> String {
    to_yaml(variant).map(|text| text.trim_end().to_owned()).unwrap_or_default()
}
