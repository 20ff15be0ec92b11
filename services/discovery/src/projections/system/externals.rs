//! The section `dependencies_external`.

use super::{DEPENDENCY_CAP, component_id, count, is_variable};
use crate::externals::rank;
use crate::model::Model;
use codexa_model::manifest::{DependencyUse, ExternalDependencies, ExternalEntry, Flow, Undeclared};
use codexa_model::relation::{DependencyScope, ExternalDependency};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Most undeclared names that are listed.
pub(in crate::projections) const UNDECLARED_CAP: usize = 50;

/// Dependencies that manifests declare, with who uses them; those that only lock files name, counted; and names that are
/// imported and declared nowhere.
pub(super) fn dependencies(model: &Model) -> ExternalDependencies {
    let externals = &model.externals;
    let mut transitive: BTreeMap<String, u32> = BTreeMap::new();
    for dependency in externals.dependencies.iter().filter(|dependency| !dependency.direct) {
        *transitive.entry(dependency.ecosystem.to_string()).or_default() += 1;
    }
    let rows = rows(model);
    let listed = rows.iter().filter(|row| !is_variable(row.name())).take(DEPENDENCY_CAP);
    let declared: Vec<Flow<ExternalEntry>> = listed.map(|row| Flow(row.entry(model))).collect();
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
    let beyond = |all: usize, shown: usize| (all > shown).then(|| count(all - shown));
    let undeclared_dropped = beyond(undeclared.len(), UNDECLARED_CAP);
    undeclared.truncate(UNDECLARED_CAP);
    ExternalDependencies {
        declared_dropped: beyond(rows.len(), declared.len()),
        declared,
        transitive: Flow(transitive),
        undeclared: undeclared.into_iter().map(Flow).collect(),
        undeclared_dropped,
        undeclared_in_tests: (externals.undeclared_in_tests > 0).then_some(externals.undeclared_in_tests),
    }
}

/// What one manifest says of one dependency, for all scopes that agree on the version.
struct Row<'m> {
    of: &'m ExternalDependency,
    requirement: Option<&'m str>,
    version: Option<&'m str>,
    scopes: Vec<DependencyScope>,
    users: Vec<u32>,
}

/// Direct dependencies by manifest, in order. A scope that asks for no version of its own joins one that does.
fn rows(model: &Model) -> Vec<Row<'_>> {
    let is_same = |a: &ExternalDependency, b: &ExternalDependency| {
        (&a.name, &a.ecosystem, &a.declared_in) == (&b.name, &b.ecosystem, &b.declared_in)
    };
    let all = model.externals.dependencies.iter().zip(&model.externals.users);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut begin = 0;
    for (dependency, users) in all.filter(|(dependency, _)| dependency.direct) {
        if rows.last().is_some_and(|row| !is_same(row.of, dependency)) {
            begin = rows.len();
        }
        let requirement = dependency.requirement.as_deref().filter(|text| !is_variable(text));
        let version = dependency.version.as_deref().filter(|text| !is_variable(text));
        let agree = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
        let mut same = rows.iter_mut().skip(begin);
        match same.find(|row| agree(row.requirement, requirement) && agree(row.version, version)) {
            Some(row) => {
                row.requirement = row.requirement.or(requirement);
                row.version = row.version.or(version);
                row.scopes.push(dependency.scope);
                row.users.extend(users);
            }
            None => rows.push(Row {
                of: dependency,
                requirement,
                version,
                scopes: vec![dependency.scope],
                users: users.clone(),
            }),
        }
    }
    for row in &mut rows {
        row.scopes.sort_by_key(|scope| rank(*scope));
        row.scopes.dedup();
        row.users.sort_unstable();
        row.users.dedup();
    }
    rows
}

impl Row<'_> {
    fn name(&self) -> &str {
        &self.of.name
    }

    fn entry(&self, model: &Model) -> ExternalEntry {
        ExternalEntry {
            name: self.of.name.to_string(),
            ecosystem: self.of.ecosystem.to_string(),
            requirement: self.requirement.map(str::to_owned),
            version: self.version.map(str::to_owned),
            scope: self.scopes.first().copied().unwrap_or(self.of.scope),
            further_scopes: self.scopes.iter().skip(1).copied().collect(),
            declared_in: self.of.declared_in.to_string(),
            used_by: used_by(model, &self.users),
        }
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
