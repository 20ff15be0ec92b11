//! The section `dependencies_external`.

use super::{DEPENDENCY_CAP, component_id, count};
use crate::model::Model;
use codexa_model::manifest::{DependencyUse, ExternalDependencies, ExternalEntry, Flow, Undeclared};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Most undeclared names that are listed.
const UNDECLARED_CAP: usize = 50;

/// Dependencies that manifests declare, with who uses them; those that only lock files name, counted; and names that are
/// imported and declared nowhere.
pub(super) fn dependencies(model: &Model) -> ExternalDependencies {
    let externals = &model.externals;
    let direct: Vec<_> =
        externals.dependencies.iter().zip(&externals.users).filter(|(dependency, _)| dependency.direct).collect();
    let mut transitive: BTreeMap<String, u32> = BTreeMap::new();
    for dependency in externals.dependencies.iter().filter(|dependency| !dependency.direct) {
        *transitive.entry(dependency.ecosystem.to_string()).or_default() += 1;
    }
    let declared = direct.iter().take(DEPENDENCY_CAP).map(|(dependency, users)| {
        Flow(ExternalEntry {
            name: dependency.name.to_string(),
            ecosystem: dependency.ecosystem.to_string(),
            requirement: dependency.requirement.as_ref().map(ToString::to_string),
            version: dependency.version.as_ref().map(ToString::to_string),
            scope: dependency.scope,
            declared_in: dependency.declared_in.to_string(),
            used_by: used_by(model, users),
        })
    });
    let mut undeclared: Vec<Undeclared> = externals
        .undeclared
        .iter()
        .map(|((name, language), files)| Undeclared {
            name: name.to_string(),
            language: language.name().to_owned(),
            files: count(files.len()),
        })
        .collect();
    undeclared.sort_by(|a, b| (Reverse(a.files), &a.name, &a.language).cmp(&(Reverse(b.files), &b.name, &b.language)));
    let beyond = |all: usize, cap: usize| (all > cap).then(|| count(all - cap));
    let undeclared_dropped = beyond(undeclared.len(), UNDECLARED_CAP);
    undeclared.truncate(UNDECLARED_CAP);
    ExternalDependencies {
        declared: declared.collect(),
        declared_dropped: beyond(direct.len(), DEPENDENCY_CAP),
        transitive: Flow(transitive),
        undeclared: undeclared.into_iter().map(Flow).collect(),
        undeclared_dropped,
        undeclared_in_tests: (externals.undeclared_in_tests > 0).then_some(externals.undeclared_in_tests),
    }
}

/// Files that import a dependency, by component.
fn used_by(model: &Model, users: &[u32]) -> Vec<DependencyUse> {
    let mut by_component: BTreeMap<Option<u32>, u32> = BTreeMap::new();
    for &file in users {
        *by_component.entry(model.components.of_file.get(file as usize).copied().flatten()).or_default() += 1;
    }
    let entry = |(component, files): (Option<u32>, u32)| DependencyUse {
        component: component.map(|component| component_id(model, component)),
        files,
    };
    by_component.into_iter().map(entry).collect()
}
