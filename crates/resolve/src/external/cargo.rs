//! Rust: `Cargo.toml` and `Cargo.lock`.

use super::files::ManifestFiles;
use super::{Survey, graph};
use crate::paths::{ancestors, folder, resolve};
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use toml::{Table, Value};

const ECOSYSTEM: &str = "cargo";

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let manifests: BTreeMap<&str, (&str, Table)> =
        files.named("Cargo.toml").iter().filter_map(|path| Some((folder(path), (*path, files.toml(path)?)))).collect();
    let mut locks: BTreeMap<&str, Lock> = files
        .named("Cargo.lock")
        .iter()
        .filter_map(|path| Some((folder(path), Lock::new(path, files.toml(path)?))))
        .collect();
    for (dir, (path, manifest)) in &manifests {
        let workspace_dir = workspace_of(dir, manifest, &manifests);
        let workspace = manifests.get(&*workspace_dir).map(|(_, table)| table);
        let member = manifest.get("package").and_then(|package| text(package, "name"));
        let lock = locks.get_mut(&*workspace_dir);
        let member_needs = match (&lock, member) {
            (Some(lock), Some(member)) => lock.needs_of_member(member),
            _ => Vec::new(),
        };
        let mut used = Vec::new();
        for declared in declared(manifest, workspace) {
            let node = lock.as_ref().and_then(|lock| lock.choose(&member_needs, declared.name, declared.requirement));
            used.extend(node.map(|node| (node, declared.scope)));
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: declared.name.into(),
                requirement: declared.requirement.map(Into::into),
                version: lock.as_ref().zip(node).and_then(|(lock, node)| lock.version(node)),
                scope: declared.scope,
                declared_in: (*path).into(),
                direct: true,
            });
        }
        if let Some(lock) = lock {
            lock.seeds.extend(used);
        }
    }
    for lock in locks.values() {
        lock.transitive(survey);
    }
}

/// The folder of the workspace that a package belongs to: its own, the one it names, or the nearest above that is one.
fn workspace_of<'a>(dir: &'a str, manifest: &Table, manifests: &BTreeMap<&'a str, (&str, Table)>) -> String {
    if manifest.contains_key("workspace") {
        return dir.to_owned();
    }
    if let Some(named) = manifest.get("package").and_then(|package| text(package, "workspace")) {
        return resolve(dir, named).unwrap_or_else(|| dir.to_owned());
    }
    ancestors(dir)
        .find(|above| {
            manifests.get(above).is_some_and(|(_, table)| {
                table.get("workspace").is_some_and(|workspace| !excludes(workspace, above, dir))
            })
        })
        .unwrap_or(dir)
        .to_owned()
}

fn excludes(workspace: &Value, root: &str, dir: &str) -> bool {
    let excluded = workspace.get("exclude").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    excluded
        .filter_map(|relative| resolve(root, relative))
        .any(|excluded| ancestors(dir).any(|above| above == excluded))
}

struct Declared<'a> {
    name: &'a str,
    requirement: Option<&'a str>,
    scope: Scope,
}

const SECTIONS: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
];

/// Every dependency of a manifest that is not in the repository, its workspace's part filled in.
fn declared<'a>(manifest: &'a Table, workspace: Option<&'a Table>) -> Vec<Declared<'a>> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let mut found = Vec::new();
    for holder in std::iter::once(manifest).chain(targets.filter_map(Value::as_table)) {
        for (section, scope) in SECTIONS {
            let entries = holder.get(*section).and_then(Value::as_table).into_iter().flatten();
            found.extend(entries.filter_map(|(key, entry)| one(key, entry, *scope, workspace)));
        }
    }
    found
}

fn one<'a>(key: &'a str, entry: &'a Value, scope: Scope, workspace: Option<&'a Table>) -> Option<Declared<'a>> {
    let inherits = entry.get("workspace").and_then(Value::as_bool) == Some(true);
    let source = if inherits { workspace?.get("workspace")?.get("dependencies")?.get(key)? } else { entry };
    let name = text(source, "package").unwrap_or(key);
    if source.get("path").is_some() || patched(name, workspace) {
        return None;
    }
    let requirement = source.as_str().or_else(|| text(source, "version")).or_else(|| text(source, "git"));
    let optional = entry.get("optional").and_then(Value::as_bool) == Some(true);
    Some(Declared { name, requirement, scope: if optional { Scope::Optional } else { scope } })
}

/// Whether the workspace replaces the registry's crate by a folder of its own.
fn patched(name: &str, workspace: Option<&Table>) -> bool {
    let patches = workspace.and_then(|table| table.get("patch")?.as_table()).into_iter().flat_map(Table::values);
    patches.filter_map(|registry| registry.get(name)).any(|patch| patch.get("path").is_some())
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// A lock file: packages as nodes, and which of them the manifests name.
struct Lock {
    path: String,
    packages: Vec<Locked>,
    by_name: FxHashMap<String, Vec<usize>>,
    seeds: Vec<(usize, Scope)>,
}

struct Locked {
    name: String,
    version: String,
    /// Whether it comes from outside: packages of the repository have no source.
    external: bool,
    /// `name`, `name version` or `name version (source)`, as written.
    needs: Vec<String>,
}

impl Lock {
    fn new(path: &str, table: Table) -> Self {
        let entries = table.get("package").and_then(Value::as_array).into_iter().flatten();
        let packages: Vec<Locked> = entries
            .filter_map(|entry| {
                let needs = entry.get("dependencies").and_then(Value::as_array).into_iter().flatten();
                Some(Locked {
                    name: text(entry, "name")?.to_owned(),
                    version: text(entry, "version")?.to_owned(),
                    external: entry.get("source").is_some(),
                    needs: needs.filter_map(|need| Some(need.as_str()?.to_owned())).collect(),
                })
            })
            .collect();
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (node, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(node);
        }
        Self { path: path.to_owned(), packages, by_name, seeds: Vec::new() }
    }

    fn find(&self, need: &str) -> Option<usize> {
        let mut parts = need.split(' ');
        let nodes = self.by_name.get(parts.next()?)?;
        match parts.next() {
            Some(version) => nodes.iter().copied().find(|&node| self.is_version(node, version)),
            None => nodes.first().copied(),
        }
    }

    fn is_version(&self, node: usize, version: &str) -> bool {
        self.packages.get(node).is_some_and(|package| package.version == version)
    }

    fn needs_of(&self, node: usize) -> Vec<usize> {
        self.packages
            .get(node)
            .into_iter()
            .flat_map(|package| &package.needs)
            .filter_map(|need| self.find(need))
            .collect()
    }

    fn needs_of_member(&self, member: &str) -> Vec<usize> {
        let nodes = self.by_name.get(member).into_iter().flatten();
        let member = nodes.copied().find(|&node| self.packages.get(node).is_some_and(|package| !package.external));
        member.map(|node| self.needs_of(node)).unwrap_or_default()
    }

    /// The node that a requirement was locked to; `None` where more than one fits.
    fn choose(&self, needs: &[usize], name: &str, requirement: Option<&str>) -> Option<usize> {
        let named: Vec<(usize, &str)> = needs
            .iter()
            .filter_map(|&node| Some((node, self.packages.get(node)?)))
            .filter(|(_, package)| package.name == name)
            .map(|(node, package)| (node, package.version.as_str()))
            .collect();
        if let [(only, _)] = named.as_slice() {
            return Some(*only);
        }
        let wanted = requirement?.trim_start_matches(['^', '~', '=', ' ']);
        let mut fits = named.iter().filter(|(_, version)| {
            version.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let first = fits.next()?;
        fits.next().is_none().then_some(first.0)
    }

    fn version(&self, node: usize) -> Option<Box<str>> {
        self.packages.get(node).map(|package| package.version.as_str().into())
    }

    fn transitive(&self, survey: &mut Survey) {
        let needs: Vec<Vec<usize>> = (0..self.packages.len()).map(|node| self.needs_of(node)).collect();
        let scopes = graph::scopes(&needs, &self.seeds);
        let direct: FxHashSet<usize> = self.seeds.iter().map(|&(node, _)| node).collect();
        for (node, (package, scope)) in self.packages.iter().zip(scopes).enumerate() {
            if !package.external || direct.contains(&node) {
                continue;
            }
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: package.name.as_str().into(),
                requirement: None,
                version: Some(package.version.as_str().into()),
                scope,
                declared_in: self.path.as_str().into(),
                direct: false,
            });
        }
    }
}
