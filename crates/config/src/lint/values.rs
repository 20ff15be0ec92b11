//! Values that have the right type and still cannot work, and keys in the wrong file.

use crate::check::Departure;
use crate::merge::lookup;
use crate::settings::MAX_GLOBS;
use crate::yaml::{Data, Node};
use codexa_model::Severity;
use serde_json::Value;

/// Sections that only a project's own file may have.
const OF_PROJECTS: [&str; 3] = ["project", "phases", "milestones"];
/// Settings that hold lists of globs.
const GLOBS: [&str; 6] = [
    "discovery.focus",
    "discovery.skip_paths",
    "discovery.context",
    "discovery.generated",
    "discovery.vendored",
    "discovery.coverage",
];

/// Values that have the right type and still cannot work.
pub(crate) fn values(tree: &Node) -> Vec<Departure> {
    let mut found = Vec::new();
    for key in GLOBS {
        let Some((node, _)) = lookup(tree, key) else { continue };
        let Data::List(items) = &node.data else { continue };
        for item in items.iter().take(MAX_GLOBS) {
            let Data::Scalar { value: Value::String(glob), .. } = &item.data else { continue };
            let glob = glob.strip_prefix('!').unwrap_or(glob);
            let broken = match readable(glob) {
                _ if glob.trim().is_empty() => format!("`{key}` has an empty glob, which matches nothing"),
                Err(error) => format!("`{key}` has a glob that cannot be read: {}", error.kind()),
                Ok(()) => continue,
            };
            found.push(Departure::error("CONFIG_GLOB", broken, item.span));
        }
    }
    if let Some((node, _)) = lookup(tree, "control_plane.version")
        && let Data::Scalar { value: Value::String(text), .. } = &node.data
        && let Err(error) = semver::VersionReq::parse(text)
    {
        let message = format!("`control_plane.version` is not a version requirement: {error}");
        found.push(Departure::error("CONFIG_VALUE", message, node.span).with_label("for example ^1.2"));
    }
    if let Some((node, _)) = lookup(tree, "project.id")
        && let Data::Scalar { value: Value::String(text), .. } = &node.data
        && uuid::Uuid::try_parse(text).is_err()
    {
        found.push(Departure::error("CONFIG_VALUE", "`project.id` is not a UUID".to_owned(), node.span));
    }
    found.extend(repeated_groups(tree));
    found
}

/// Whether a glob can be read and turned into a matcher of bounded size.
fn readable(glob: &str) -> Result<(), globset::Error> {
    globset::GlobSet::builder().add(globset::Glob::new(glob)?).build().map(drop)
}

/// Two phases or milestones of one id.
fn repeated_groups(tree: &Node) -> Vec<Departure> {
    let mut found = Vec::new();
    for key in ["phases", "milestones"] {
        let Some((Node { data: Data::List(items), .. }, _)) = lookup(tree, key) else { continue };
        let mut seen = std::collections::BTreeSet::new();
        for id in items.iter().filter_map(|item| item.entry("id")) {
            if let Data::Scalar { raw, .. } = &id.node.data
                && !seen.insert(raw.as_str())
            {
                found.push(Departure::error("CONFIG_VALUE", format!("`{key}` has `{raw}` twice"), id.node.span));
            }
        }
    }
    found
}

/// Keys that an inherited file may not have.
pub(crate) fn not_inheritable(tree: &Node) -> Vec<Departure> {
    OF_PROJECTS
        .iter()
        .filter_map(|key| tree.entry(key))
        .map(|entry| {
            let message = format!("`{}` belongs in the project's own file; nobody can inherit it", entry.key);
            Departure::error("CONFIG_NOT_INHERITABLE", message, entry.key_span)
        })
        .collect()
}

/// A project without an id: what is decided about it cannot be told from another project's.
pub(crate) fn missing_id(tree: &Node) -> Departure {
    let at = tree.entry("project").map_or(tree.span, |entry| entry.key_span);
    let missing = Departure::error("CONFIG_PROJECT_ID", "`project.id` is missing".to_owned(), at);
    Departure { severity: Severity::Warning, ..missing.with_label("the id ties decisions to this project") }
}
