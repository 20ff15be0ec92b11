//! `project_metadata.yaml`: whether it fits its schema and the settings.

use super::folder::outside;
use crate::chain;
use crate::check::check;
use crate::merge::{Given, Origin, Resolved, lookup};
use crate::metadata::ProjectMetadata;
use crate::schema;
use crate::scope::Scope;
use crate::source::{Source, read_text};
use crate::yaml::{self, Budget, Node};
use codexa_model::Diagnostic;
use std::collections::BTreeMap;
use std::path::Path;

/// Whether the metadata fits. Returns it as read.
pub(super) fn metadata(
    file: &Path,
    scope: &Scope,
    values: Option<&BTreeMap<String, Resolved>>,
    found: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let real = file.canonicalize().ok()?;
    if !scope.allows(&real) {
        found.push(outside(&scope.shown(file).display().to_string()));
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
    let departures = check(&tree, &schema::project_metadata());
    let fits = departures.is_empty();
    for departure in departures {
        let location = chain::location(&source, departure.span, departure.label);
        found.push(Diagnostic::error(departure.code, departure.message).at(location));
    }
    let names = chain::extended(&tree);
    let refused = names.iter().filter_map(|(name, span)| {
        let refusal = scope.locate(name, &source.path).err()?;
        Some(chain::refused(name, &refusal, Some((&source, *span))))
    });
    found.extend(chain::first_of_many(refused.collect()));
    if fits {
        found.extend(values.and_then(|values| maturity(&tree, &source, values)));
    }
    Some(source)
}

/// Whether the level is the one that the project's settings say. The environment and the command line outrank both for
/// one run, and contradict neither.
fn maturity(tree: &Node, source: &Source, values: &BTreeMap<String, Resolved>) -> Option<Diagnostic> {
    let metadata = serde_json::from_value::<ProjectMetadata>(tree.to_json()).ok()?;
    let set = values.get("maturity")?;
    let strongest = Given { value: set.value.clone(), origin: set.origin.clone() };
    let mut said = std::iter::once(&strongest).chain(&set.overridden);
    let said = said.find(|given| matches!(given.origin, Origin::File { .. } | Origin::BuiltIn))?;
    let level = metadata.maturity.level.to_string();
    let text = said.value.as_str()?;
    if text == level {
        return None;
    }
    let message = match &said.origin {
        Origin::BuiltIn => format!("the maturity is {level} here, but {text} where no settings file says one"),
        by => format!("the maturity is {level} here, but {text} in {by}"),
    };
    let (node, _) = lookup(tree, "maturity.level")?;
    let problem = Diagnostic::error("CONFIG_MATURITY_CONFLICT", message);
    let problem = problem.at(chain::location(source, node.span, None));
    Some(problem.with_help("make `maturity` in config.yaml and the level here the same; gates follow it"))
}
