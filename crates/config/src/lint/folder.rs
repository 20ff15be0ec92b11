//! What belongs into `.codexa/`, and whether its metadata fits the settings.

use crate::chain;
use crate::check::check;
use crate::merge::{Resolved, lookup};
use crate::metadata::ProjectMetadata;
use crate::schema::project_metadata_schema;
use crate::scope::Scope;
use crate::search::{FILE, FOLDER};
use crate::source::{Source, read_text};
use crate::yaml::{self, Budget};
use codexa_model::Diagnostic;
use std::collections::BTreeMap;
use std::path::Path;

/// What belongs into `.codexa/` beside `config.yaml`.
const BELONGS: [&str; 7] =
    ["README.md", "project_metadata.yaml", ".gitignore", "agents", "rules", "workflows", "manifests"];

/// What is missing from `.codexa/`, and whether its metadata fits. Returns the metadata as read.
pub(crate) fn project_folder(
    root: &Path,
    scope: &Scope,
    values: &BTreeMap<String, Resolved>,
    found: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let folder = root.join(FOLDER);
    if !folder.join(FILE).exists() {
        return None;
    }
    let missing: Vec<String> = BELONGS
        .iter()
        .filter(|name| !folder.join(name).exists())
        .map(|name| if name.contains('.') { (*name).to_owned() } else { format!("{name}/") })
        .collect();
    if !missing.is_empty() {
        let problem = Diagnostic::warning("CONFIG_INCOMPLETE", format!("`.codexa/` lacks {}", missing.join(", ")));
        found.push(problem.with_help("`codexa init` adds what is missing and overwrites nothing"));
    }
    metadata(&folder.join("project_metadata.yaml"), scope, values, found)
}

fn metadata(
    file: &Path,
    scope: &Scope,
    values: &BTreeMap<String, Resolved>,
    found: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let real = file.canonicalize().ok()?;
    if !scope.allows(&real) {
        let shown = scope.shown(file).display().to_string();
        found.push(Diagnostic::error("CONFIG_OUTSIDE", format!("`{shown}` is a link that leads outside the project")));
        return None;
    }
    let source = match read_text(&real, scope.shown(file), Budget::SETTINGS.bytes as u64) {
        Ok(source) => source,
        Err(error) => {
            found.push(chain::unreadable(&scope.shown(file), &error, None));
            return None;
        }
    };
    let tree = match yaml::parse(&source.text, Budget::SETTINGS) {
        Ok(tree) => tree,
        Err(error) => {
            found.push(chain::not_yaml(&source, &error));
            return Some(source);
        }
    };
    let departures = check(&tree, &project_metadata_schema());
    let fits = departures.is_empty();
    for departure in departures {
        let location = chain::location(&source, departure.span, departure.label);
        found.push(Diagnostic::error(departure.code, departure.message).at(location));
    }
    for (name, span) in chain::extended(&tree) {
        if let Err(refusal) = scope.locate(name, &source.path) {
            found.push(chain::refused(name, &refusal, Some((&source, span))));
        }
    }
    let read = serde_json::from_value::<ProjectMetadata>(tree.to_json()).ok().filter(|_| fits);
    if let Some(metadata) = read
        && let Some(set) = values.get("maturity")
        && set.value.as_str() != Some(metadata.maturity.level.to_string().as_str())
        && let Some((node, _)) = lookup(&tree, "maturity.level")
    {
        let level = metadata.maturity.level;
        let said = set.value.as_str().unwrap_or_default();
        let message = format!("the maturity is {level} here, but {said} by {}", set.origin);
        let location = chain::location(&source, node.span, None);
        let problem = Diagnostic::error("CONFIG_MATURITY_CONFLICT", message).at(location);
        found.push(problem.with_help("make both the same; gates follow the maturity"));
    }
    Some(source)
}
