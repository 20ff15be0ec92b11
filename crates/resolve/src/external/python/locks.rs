//! `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml` (PEP 751) and `Pipfile` with `Pipfile.lock`.

use super::{ECOSYSTEM, Statements, normalised};
use crate::external::files::ManifestFiles;
use crate::external::graph;
use crate::paths::{folder, resolve};
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use std::collections::{BTreeMap, BTreeSet};

/// The lock files of a repository. The first that knows a manifest's folder answers for it.
pub(super) struct Locks {
    locks: Vec<Lock>,
    /// The folder of a project -> the first lock that covers it.
    by_folder: BTreeMap<String, usize>,
}

struct Lock {
    path: String,
    /// The folders of the projects that it locks.
    covers: BTreeSet<String>,
    packages: Vec<Package>,
    /// A name and its place among `groups`.
    by_name: BTreeMap<String, usize>,
    /// The packages of one name: who needs or claims a name gets all of them, so that they are one node of the graph.
    groups: Vec<Vec<usize>>,
    /// Whether `needs` is filled in, so that scopes can be followed.
    knows_needs: bool,
    /// Claimed groups.
    seeds: BTreeSet<(usize, Scope)>,
}

struct Package {
    name: String,
    version: String,
    external: bool,
    scope: Scope,
    needs: Vec<String>,
}

impl Locks {
    pub(super) fn read<'a>(files: &ManifestFiles<'a>, statements: &mut Statements<'a>) -> Self {
        let mut locks = Vec::new();
        for name in ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"] {
            for path in files.named(name) {
                locks.extend(files.toml(path).map(|document| from_toml(path, &document)));
            }
        }
        for path in files.named("Pipfile") {
            if let Some(document) = files.toml(path) {
                pipfile(path, &document, statements);
            }
        }
        for path in files.named("Pipfile.lock") {
            locks.extend(files.json(path).map(|document| from_pipfile_lock(path, &document)));
        }
        let mut by_folder = BTreeMap::new();
        for (index, lock) in locks.iter().enumerate() {
            for folder in &lock.covers {
                by_folder.entry(folder.clone()).or_insert(index);
            }
        }
        Self { locks, by_folder }
    }

    /// The version that a direct dependency was locked to; `None` where it was locked to several (by platform, say).
    pub(super) fn claim(&mut self, dir: &str, name: &str, scope: Scope) -> Option<String> {
        let lock = self.locks.get_mut(*self.by_folder.get(dir)?)?;
        let group = *lock.by_name.get(name)?;
        lock.seeds.insert((group, scope));
        let [only] = lock.groups.get(group)?.as_slice() else { return None };
        lock.packages.get(*only).filter(|package| package.external).map(|package| package.version.clone())
    }

    /// Locked packages that no manifest claimed.
    pub(super) fn transitive(&self, own: &BTreeSet<String>) -> Vec<ExternalDependency> {
        self.locks.iter().flat_map(|lock| lock.transitive(own)).collect()
    }
}

impl Lock {
    fn new(path: &str, covers: BTreeSet<String>, packages: Vec<Package>) -> Self {
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (node, package) in packages.iter().enumerate() {
            let group = *by_name.entry(package.name.clone()).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(nodes) => nodes.push(node),
                None => groups.push(vec![node]),
            }
        }
        let knows_needs = packages.iter().any(|package| !package.needs.is_empty());
        Self { path: path.to_owned(), covers, packages, by_name, groups, knows_needs, seeds: BTreeSet::new() }
    }

    fn transitive(&self, own: &BTreeSet<String>) -> Vec<ExternalDependency> {
        let needs_of = |node: &usize| self.packages.get(*node).into_iter().flat_map(|package| &package.needs);
        let needs: Vec<Vec<usize>> = self
            .groups
            .iter()
            .map(|nodes| nodes.iter().flat_map(needs_of).filter_map(|need| self.by_name.get(need).copied()).collect())
            .collect();
        let seeds: Vec<(usize, Scope)> = self.seeds.iter().copied().collect();
        let reached = graph::scopes(&needs, &seeds);
        let direct: BTreeSet<usize> = self.seeds.iter().map(|&(group, _)| group).collect();
        let rest = self.groups.iter().zip(reached).enumerate().filter(|(group, _)| !direct.contains(group));
        let rest = rest.flat_map(|(_, (nodes, reached))| nodes.iter().map(move |node| (node, reached)));
        rest.filter_map(|(node, reached)| Some((self.packages.get(*node)?, reached)))
            .filter(|(package, _)| package.external && !own.contains(&package.name))
            .map(|(package, reached)| ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: package.name.as_str().into(),
                requirement: None,
                version: Some(package.version.as_str().into()),
                scope: if self.knows_needs { reached } else { package.scope },
                declared_in: self.path.as_str().into(),
                direct: false,
            })
            .collect()
    }
}

/// The four TOML formats agree on a list of tables with `name` and `version`; they differ in what else they say.
fn from_toml(path: &str, document: &toml::Table) -> Lock {
    let dir = folder(path);
    let mut covers = BTreeSet::from([dir.to_owned()]);
    let entries = ["package", "packages"].iter().find_map(|key| document.get(*key)?.as_array());
    let packages: Vec<Package> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let text = |key: &str| entry.get(key).and_then(toml::Value::as_str);
            let local = ["source", "directory"].iter().find_map(|key| local_folder(entry.get(*key)?));
            if let Some(local) = &local {
                covers.extend(resolve(dir, local));
            }
            Some(Package {
                name: normalised(text("name")?),
                version: text("version").unwrap_or_default().to_owned(),
                external: local.is_none() && text("version").is_some() && entry.get("path").is_none(),
                scope: scope_of(entry),
                needs: needs_of(entry),
            })
        })
        .collect();
    Lock::new(path, covers, packages)
}

/// The folder of a package of the repository: uv's `editable`, `virtual`, `directory`, Poetry's `type = "directory"`,
/// PEP 751's `directory.path`.
fn local_folder(source: &toml::Value) -> Option<String> {
    let text = |key: &str| source.get(key).and_then(toml::Value::as_str);
    let uv = ["editable", "virtual", "directory"].iter().find_map(|key| text(key));
    let poetry = (text("type") == Some("directory")).then(|| text("url")).flatten();
    uv.or(poetry).or_else(|| text("path")).map(str::to_owned)
}

/// Poetry's `category` (old) or `groups`, PDM's `groups`.
fn scope_of(entry: &toml::Value) -> Scope {
    let groups = entry.get("groups").and_then(toml::Value::as_array);
    let category = entry.get("category").and_then(toml::Value::as_str);
    let is_main = |group: &str| matches!(group, "main" | "default");
    let in_main = groups.is_none_or(|groups| groups.iter().filter_map(toml::Value::as_str).any(is_main));
    if in_main && category.is_none_or(is_main) { Scope::Runtime } else { Scope::Development }
}

/// uv and PEP 751 write a list of tables, PDM a list of requirements, Poetry a table by name.
fn needs_of(entry: &toml::Value) -> Vec<String> {
    match entry.get("dependencies") {
        Some(toml::Value::Array(list)) => list
            .iter()
            .filter_map(|need| match need.as_str() {
                Some(line) => super::requirement::parse(line).map(|parsed| normalised(parsed.name)),
                None => need.get("name")?.as_str().map(normalised),
            })
            .collect(),
        Some(toml::Value::Table(table)) => table.keys().map(|name| normalised(name)).collect(),
        _ => Vec::new(),
    }
}

fn pipfile<'a>(path: &'a str, document: &toml::Table, statements: &mut Statements<'a>) {
    for (section, scope) in [("packages", Scope::Runtime), ("dev-packages", Scope::Development)] {
        for (name, value) in document.get(section).and_then(toml::Value::as_table).into_iter().flatten() {
            let text = |key: &str| value.get(key).and_then(toml::Value::as_str);
            if text("path").is_some() || text("file").is_some() {
                continue;
            }
            let written = value.as_str().or_else(|| text("version")).map(str::to_owned);
            let elsewhere = text("git").map(|url| format!("@ {url}"));
            statements.state(path, name, written.or(elsewhere), scope);
        }
    }
}

fn from_pipfile_lock(path: &str, document: &serde_json::Value) -> Lock {
    let mut packages = Vec::new();
    let mut seen = BTreeSet::new();
    for (section, scope) in [("default", Scope::Runtime), ("develop", Scope::Development)] {
        for (name, entry) in document.get(section).and_then(serde_json::Value::as_object).into_iter().flatten() {
            let name = normalised(name);
            if !seen.insert(name.clone()) {
                continue;
            }
            let version =
                entry.get("version").and_then(serde_json::Value::as_str).map(|pin| pin.trim_start_matches('='));
            packages.push(Package {
                name,
                version: version.unwrap_or_default().to_owned(),
                external: version.is_some(),
                scope,
                needs: Vec::new(),
            });
        }
    }
    Lock::new(path, BTreeSet::from([folder(path).to_owned()]), packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_one_name_are_claimed_and_needed_together() {
        let entry = "[[package]]\nname = 'a'\nversion = '1'\ndependencies = ['a', 'a', 'b']\n";
        let text = [&*entry.repeat(100), "[[package]]\nname = 'b'\nversion = '2'\n"].concat();
        let lock = from_toml("uv.lock", &text.parse().unwrap());
        assert_eq!(lock.groups.len(), 2);
        let by_folder = BTreeMap::from([(String::new(), 0)]);
        let mut locks = Locks { locks: vec![lock], by_folder };
        for _ in 0..100 {
            assert_eq!(locks.claim("", "a", Scope::Runtime), None, "several");
        }
        assert_eq!(locks.locks[0].seeds.len(), 1);
        let rest = locks.transitive(&BTreeSet::new());
        assert_eq!(rest.iter().map(|found| (&*found.name, found.scope)).collect::<Vec<_>>(), [("b", Scope::Runtime)]);
    }
}
