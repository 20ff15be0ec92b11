//! The model as tracked files: `system_manifest.yaml` and `system_model/`, as [`codexa_model::manifest`] defines them, and
//! `intent_map.md` for people.

mod change_zones;
mod components;
mod coverage;
mod hash;
mod intent_map;
mod intents;
mod made;
mod markdown;
mod relationships;
mod slug;
mod summary;
mod system;
mod yaml;
mod zones;

pub use components::API_CAP;
pub(crate) use components::{contact_name, entry_name, kind_name};
pub use coverage::IMPORT_GAP_CAP;
pub(crate) use coverage::{LOOKED_AT, bases};
pub(crate) use made::{Made, Sum};
pub use slug::Slugs;
pub(crate) use summary::Summary;
pub use system::quoted;
pub(crate) use system::{
    LANGUAGE_FILES, LANGUAGE_SHARE, OpenImports, circles_of_parts, component_id, is_variable, offers, open_imports,
    structure,
};
pub(crate) use yaml::is_visible;
pub use yaml::{Error, to_yaml};

use crate::behaviour::mounting::MOST_PATHS;
use crate::components::{FLAT_FILES, MAX_AREAS, MAX_COMPONENTS, MAX_VENDORED, MIN_DOCUMENTS, MIN_FAMILY};
use crate::documents::{HEADING_BYTES, HEADINGS_WITHIN, MAX_HEADINGS, MAX_MENTIONS, MENTIONS_WITHIN};
use crate::followups;
use crate::graph::{MAX_DEFINERS, ROUNDS};
use crate::history::MAX_RECENT;
use crate::hotspots::backtest::{HORIZON_WEEKS, MIN_FILES, MIN_REPAIRS, PERIOD_WEEKS};
use crate::hotspots::together::{MIN_COMMITS, NAMED};
use crate::ids::Ids;
use crate::intents as clusters;
use crate::model::{MIN_UNUSED_LINES, Model};
use crate::parallel::Pace;
use crate::scan::sniff::{BINARY_HEAD, MARKER_HEAD, MINIFIED_DATA, MINIFIED_LINE};
use crate::tested;
use crate::zones::{MAX_ZONES, partition};
use codexa_history::{churn, coupling};
use serde::Serialize;
use std::collections::BTreeMap;

/// First line of every file: people should know before they edit.
const HEADER: &str = "# Written by `codexa discover`. Edits are overwritten; the next run starts from the sources.\n";

/// First lines of the file of ids, which is the one that a run does not make anew.
const IDS_HEADER: &str = "# Written by `codexa discover`: each number is given once. Keep every line when branches are merged; the\n\
                          # next run settles a number that was given twice.\n";

/// Where the edges between files stand.
const RELATIONSHIPS: &str = "system_model/relationships.yaml";

/// A file of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Its path under `.codexa/manifests/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// A file of the model, made or as it was.
pub(crate) struct Rendered {
    /// Its path under `.codexa/manifests/`.
    pub(crate) path: String,
    /// What it was made from, where that is kept.
    pub(crate) from: Option<Sum>,
    /// Its content; `None` where it stands there already.
    pub(crate) text: Option<String>,
}

/// Every tracked file of the model, sorted by path. What is there today and is not among them is out of date.
///
/// # Errors
/// When a value cannot be written; the types of the manifest have none such.
pub fn project(model: &Model) -> Result<Vec<Projection>, Error> {
    let files = render(model, &|_, _| false)?;
    Ok(files.into_iter().filter_map(|Rendered { path, text, .. }| Some(Projection { path, text: text? })).collect())
}

/// The same without the content of files of which `stands` says that they are what would be made from this.
///
/// # Errors
/// As [`project`].
pub(crate) fn render(model: &Model, stands: &(dyn Fn(&str, &Sum) -> bool + Sync)) -> Result<Vec<Rendered>, Error> {
    let slugs = Slugs::of(model);
    let parsed = model.files.iter().filter(|file| file.parsed.is_some()).count();
    let (parts, whole) = Pace::of(model.files.len(), parsed).both(
        || {
            let files = components::component_files(model, &slugs);
            let made = files.map(|(path, draft)| unless(stands, path, draft.made_from(), || document(&draft.file())));
            made.collect::<Result<Vec<_>, Error>>()
        },
        || {
            let file = |path: &str, text| Rendered { path: path.to_owned(), from: None, text: Some(text) };
            let relations = || document(&relationships::relationships(model, &relationships::Words::of(model)));
            Ok::<_, Error>([
                file("system_model/coverage.yaml", document(&coverage::coverage(model))?),
                unless(stands, RELATIONSHIPS.to_owned(), relationships::made_from(model), relations)?,
                file("change_zones.md", change_zones::page(model)),
                file("intent_map.md", intent_map::intent_map(model)),
                file("system_manifest.yaml", document(&system::manifest(model, &slugs))?),
            ])
        },
    );
    let mut files = parts?;
    files.extend(whole?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The file at `path`, made unless it stands there.
fn unless(
    stands: &dyn Fn(&str, &Sum) -> bool,
    path: String,
    from: Option<Sum>,
    make: impl FnOnce() -> Result<String, Error>,
) -> Result<Rendered, Error> {
    let is_there = from.as_ref().is_some_and(|from| stands(&path, from));
    let text = if is_there { None } else { Some(make()?) };
    Ok(Rendered { path, from, text })
}

/// The file of the ids that were given.
///
/// # Errors
/// As [`project`].
pub(crate) fn ids(ids: &Ids) -> Result<String, Error> {
    let mut text = IDS_HEADER.to_owned();
    yaml::write(&mut text, &ids.file())?;
    Ok(text)
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

/// Every threshold and cap that shaped the model, the run's own limits included. What only hostile input can meet
/// stands where it strikes: such a file is labelled, and such an import declined.
pub(crate) fn thresholds(model: &Model) -> BTreeMap<String, u64> {
    let sizes = model.components.thresholds;
    let cap = |n: usize| n as u64;
    let own = [
        ("api_names_per_file", cap(API_CAP)),
        ("binary_head_bytes", cap(BINARY_HEAD)),
        ("component_split_above_files", sizes.split_above.into()),
        ("component_min_files", sizes.min_files.into()),
        ("component_min_files_at_top", sizes.min_top_files.into()),
        ("component_min_documents", MIN_DOCUMENTS.into()),
        ("components_max", MAX_COMPONENTS.into()),
        ("components_not_shipping_max", MAX_AREAS.into()),
        ("components_beyond_max", model.components.beyond_cap.into()),
        ("components_vendored_max", MAX_VENDORED.into()),
        ("declared_dependencies_shown", cap(system::DEPENDENCY_CAP)),
        ("entry_point_min_percent", crate::entries::SURE.into()),
        ("examples_shown", cap(system::FIRST)),
        ("family_min_files", MIN_FAMILY.into()),
        ("findings_shown_per_kind", cap(system::PER_KIND)),
        ("flat_folder_files", FLAT_FILES.into()),
        ("followups_kept_per_kind", cap(followups::PER_KIND)),
        ("followups_shown", cap(followups::SHOWN)),
        ("followups_shown_per_kind", cap(followups::SHOWN_PER_KIND)),
        ("hotspots_that_need_an_owner", cap(followups::OWNED_HOTSPOTS)),
        ("component_without_intent_min_lines", followups::UNEXPLAINED_LINES),
        ("generated_head_bytes", cap(MARKER_HEAD)),
        ("import_gaps_per_file", cap(IMPORT_GAP_CAP)),
        ("headings_max_per_document", cap(MAX_HEADINGS)),
        ("heading_max_bytes", cap(HEADING_BYTES)),
        ("headings_within_bytes", cap(HEADINGS_WITHIN)),
        ("mentions_max_per_file", cap(MAX_MENTIONS)),
        ("mentions_within_bytes", cap(MENTIONS_WITHIN)),
        ("intents_shown_per_component", cap(intents::OF_COMPONENT)),
        ("intents_with_a_section", cap(intent_map::SECTIONS)),
        ("minified_data_bytes", cap(MINIFIED_DATA)),
        ("minified_line_bytes", cap(MINIFIED_LINE)),
        ("name_max_defining_files", cap(MAX_DEFINERS)),
        ("name_min_bytes", cap(codexa_syntax::SHORTEST_NAME)),
        ("packages_shown", cap(system::PACKAGE_CAP)),
        ("paths_max_per_route", cap(MOST_PATHS)),
        ("paths_shown_per_finding", cap(system::PLACES)),
        ("rank_rounds", ROUNDS.into()),
        ("zone_file_min_lines", partition::FILE_LINES),
        ("zone_max_lines", partition::ZONE_LINES),
        ("zones_shown", cap(MAX_ZONES)),
        ("history_half_life_weeks", churn::HALF_LIFE_WEEKS.into()),
        ("history_recent_weeks", churn::RECENT_WEEKS.into()),
        ("history_repair_max_files", cap(churn::REPAIR_FILES)),
        ("history_sweep_above_files", cap(churn::SWEEP)),
        ("history_recent_commits_kept", cap(MAX_RECENT)),
        ("coupling_max_files", cap(coupling::MAX_FILES)),
        ("coupling_min_commits", coupling::MIN_SUPPORT.into()),
        ("backtest_weeks", HORIZON_WEEKS.into()),
        ("backtest_period_weeks", PERIOD_WEEKS.into()),
        ("backtest_min_fixes", MIN_REPAIRS.into()),
        ("backtest_min_files", MIN_FILES.into()),
        ("backtest_min_commits", MIN_COMMITS.into()),
        ("backtest_named", cap(NAMED)),
        ("test_another_name_percent", tested::ANOTHER_NAME.into()),
        ("test_links_min_percent", tested::MIN_CONFIDENCE.into()),
        ("tests_not_followed_percent", tested::SUBSTANTIAL),
        ("test_links_through_per_file", cap(tested::MAX_THROUGH)),
        ("test_steps_max", tested::MAX_STEPS.into()),
        ("tested_by_per_test", cap(relationships::TESTED_CAP)),
        ("unused_file_min_lines", MIN_UNUSED_LINES.into()),
        ("undeclared_dependencies_shown", cap(system::UNDECLARED_CAP)),
    ];
    let mut all = model.run.limits.clone();
    let clustering = clusters::thresholds(model.intents.files as usize);
    let resolving = codexa_resolve::LIMITS.iter().map(|(name, value)| (*name, cap(*value)));
    all.extend(own.into_iter().chain(clustering).chain(resolving).map(|(name, value)| (name.to_owned(), value)));
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
