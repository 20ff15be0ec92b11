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
    let workspaces: BTreeMap<&str, Workspace<'_>> =
        manifests.iter().map(|(dir, (_, manifest))| (*dir, Workspace::of(dir, manifest))).collect();
    for (dir, (path, manifest)) in &manifests {
        let workspace_dir = workspace_of(dir, manifest, &workspaces);
        let workspace = workspaces.get(&*workspace_dir);
        let member = manifest.get("package").and_then(|package| text(package, "name"));
        let lock = locks.get_mut(&*workspace_dir);
        let member_needs = match (&lock, member) {
            (Some(lock), Some(member)) => lock.needs_of_member(member),
            _ => BTreeMap::new(),
        };
        let mut used = Vec::new();
        for declared in declared(manifest, workspace) {
            let named = member_needs.get(declared.name).map_or(&[][..], Vec::as_slice);
            let node = Lock::choose(named, declared.requirement);
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
fn workspace_of(dir: &str, manifest: &Table, workspaces: &BTreeMap<&str, Workspace<'_>>) -> String {
    if manifest.contains_key("workspace") {
        return dir.to_owned();
    }
    if let Some(named) = manifest.get("package").and_then(|package| text(package, "workspace")) {
        return resolve(dir, named).unwrap_or_else(|| dir.to_owned());
    }
    ancestors(dir)
        .find(|above| {
            workspaces.get(above).is_some_and(|workspace| workspace.section.is_some() && !workspace.excludes(dir))
        })
        .unwrap_or(dir)
        .to_owned()
}

/// What a manifest says for the packages of its workspace, made ready once for all of them.
struct Workspace<'a> {
    section: Option<&'a Value>,
    /// Folders that do not belong to it.
    excluded: FxHashSet<String>,
    /// Crates of the registry that it replaces by folders of its own.
    patched: FxHashSet<&'a str>,
}

impl<'a> Workspace<'a> {
    fn of(dir: &str, manifest: &'a Table) -> Self {
        let section = manifest.get("workspace");
        let excluded = section.and_then(|section| section.get("exclude")?.as_array()).into_iter().flatten();
        let excluded = excluded.filter_map(|relative| resolve(dir, relative.as_str()?)).collect();
        let patches = manifest.get("patch").and_then(Value::as_table).into_iter().flat_map(Table::values);
        let patches = patches.filter_map(Value::as_table).flatten();
        let patched = patches.filter(|(_, patch)| patch.get("path").is_some()).map(|(name, _)| name.as_str()).collect();
        Self { section, excluded, patched }
    }

    fn excludes(&self, dir: &str) -> bool {
        !self.excluded.is_empty() && ancestors(dir).any(|above| self.excluded.contains(above))
    }
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
fn declared<'a>(manifest: &'a Table, workspace: Option<&Workspace<'a>>) -> Vec<Declared<'a>> {
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

fn one<'a>(key: &'a str, entry: &'a Value, scope: Scope, workspace: Option<&Workspace<'a>>) -> Option<Declared<'a>> {
    let inherits = entry.get("workspace").and_then(Value::as_bool) == Some(true);
    let source = if inherits { workspace?.section?.get("dependencies")?.get(key)? } else { entry };
    let name = text(source, "package").unwrap_or(key);
    if source.get("path").is_some() || workspace.is_some_and(|workspace| workspace.patched.contains(name)) {
        return None;
    }
    let requirement = source.as_str().or_else(|| text(source, "version")).or_else(|| text(source, "git"));
    let optional = entry.get("optional").and_then(Value::as_bool) == Some(true);
    Some(Declared { name, requirement, scope: if optional { Scope::Optional } else { scope } })
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// A lock file: packages as nodes, and which of them the manifests name.
struct Lock {
    path: String,
    packages: Vec<Locked>,
    by_name: FxHashMap<String, Vec<usize>>,
    /// Name and version -> the first package of them.
    by_version: FxHashMap<(String, String), usize>,
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
        let mut by_version: FxHashMap<(String, String), usize> = FxHashMap::default();
        for (node, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(node);
            by_version.entry((package.name.clone(), package.version.clone())).or_insert(node);
        }
        Self { path: path.to_owned(), packages, by_name, by_version, seeds: Vec::new() }
    }

    fn find(&self, need: &str) -> Option<usize> {
        let mut parts = need.split(' ');
        let name = parts.next()?;
        match parts.next() {
            Some(version) => self.by_version.get(&(name.to_owned(), version.to_owned())).copied(),
            None => self.by_name.get(name)?.first().copied(),
        }
    }

    fn needs_of(&self, node: usize) -> Vec<usize> {
        self.packages
            .get(node)
            .into_iter()
            .flat_map(|package| &package.needs)
            .filter_map(|need| self.find(need))
            .collect()
    }

    /// What a package of the repository needs, by name.
    fn needs_of_member(&self, member: &str) -> BTreeMap<&str, Vec<(usize, &str)>> {
        let nodes = self.by_name.get(member).into_iter().flatten();
        let member = nodes.copied().find(|&node| self.packages.get(node).is_some_and(|package| !package.external));
        let mut needs: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
        for node in member.map(|node| self.needs_of(node)).unwrap_or_default() {
            let Some(package) = self.packages.get(node) else { continue };
            needs.entry(&package.name).or_default().push((node, &package.version));
        }
        needs
    }

    /// The node that a requirement was locked to, of those of its name; `None` where more than one fits.
    fn choose(named: &[(usize, &str)], requirement: Option<&str>) -> Option<usize> {
        if let [(only, _)] = named {
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
