//! JavaScript and TypeScript: `package.json` with the lock files of npm, Yarn and pnpm.

mod package_lock;
mod pnpm;
mod workspaces;
mod yarn;

use super::Survey;
use super::files::ManifestFiles;
use crate::paths::folder;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use serde_json::Value;
use std::collections::BTreeMap;
use workspaces::Workspaces;

const ECOSYSTEM: &str = "npm";

const SECTIONS: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("peerDependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
];

/// What a lock file knows of a requirement.
enum Resolved {
    /// A package from outside with its version.
    Version(String),
    /// A package of the repository.
    Internal,
    /// Nothing.
    Unknown,
}

/// A lock file of one of the package managers.
trait Lock {
    /// What `package` (a folder relative to the lock file's, empty for its own) got for a requirement.
    fn resolve(&mut self, package: &str, name: &str, requirement: &str) -> Resolved;
    /// The packages from outside that no manifest asked [`Lock::resolve`] for: name, version and scope.
    fn transitive(&self) -> Vec<(String, String, Scope)>;
}

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let manifests: BTreeMap<&str, (&str, Value)> = files
        .named("package.json")
        .iter()
        .filter_map(|path| Some((folder(path), (*path, files.json(path)?))))
        .collect();
    let workspaces = Workspaces::of(files, &manifests);
    let mut locks = locks(files);
    for (dir, (path, manifest)) in &manifests {
        let root = workspaces.root_of(dir);
        let mut lock = locks.get_mut(root).map(|(_, lock)| lock);
        let package = dir.strip_prefix(root).unwrap_or(dir).trim_start_matches('/');
        for (section, scope) in SECTIONS {
            for (key, requirement) in manifest.get(*section).and_then(Value::as_object).into_iter().flatten() {
                let Some(requirement) = requirement.as_str() else { continue };
                if is_local(requirement) || workspaces.holds(root, key) || overridden(manifest, section, key) {
                    continue;
                }
                let resolved = lock.as_mut().map_or(Resolved::Unknown, |lock| lock.resolve(package, key, requirement));
                let version = match resolved {
                    Resolved::Internal => continue,
                    Resolved::Version(version) => Some(version.into()),
                    Resolved::Unknown => None,
                };
                let peer_is_optional = *section == "peerDependencies"
                    && manifest
                        .pointer("/peerDependenciesMeta")
                        .and_then(|meta| meta.get(key)?.get("optional")?.as_bool())
                        == Some(true);
                survey.dependencies.push(ExternalDependency {
                    ecosystem: ECOSYSTEM.into(),
                    name: real_name(key, requirement).into(),
                    requirement: Some(requirement.into()),
                    version,
                    scope: if peer_is_optional { Scope::Optional } else { *scope },
                    declared_in: (*path).into(),
                    direct: true,
                });
            }
        }
    }
    for (path, lock) in locks.values() {
        survey.dependencies.extend(lock.transitive().into_iter().map(|(name, version, scope)| ExternalDependency {
            ecosystem: ECOSYSTEM.into(),
            name: name.into(),
            requirement: None,
            version: Some(version.into()),
            scope,
            declared_in: (*path).into(),
            direct: false,
        }));
    }
}

/// One lock file per folder; where several lie side by side, the first of this order is believed.
fn locks<'a>(files: &ManifestFiles<'a>) -> BTreeMap<&'a str, (&'a str, Box<dyn Lock>)> {
    let mut locks: BTreeMap<&str, (&str, Box<dyn Lock>)> = BTreeMap::new();
    for path in files.named("pnpm-lock.yaml") {
        if let Some(content) = files.yaml(path) {
            locks.entry(folder(path)).or_insert_with(|| (path, Box::new(pnpm::PnpmLock::new(content))));
        }
    }
    for path in files.named("yarn.lock") {
        if let Some(content) = files.text(path) {
            locks.entry(folder(path)).or_insert_with(|| (path, Box::new(yarn::YarnLock::new(&content))));
        }
    }
    for path in files.named("npm-shrinkwrap.json").iter().chain(files.named("package-lock.json")) {
        if let Some(content) = files.json(path) {
            let (lock, is_whole) = package_lock::PackageLock::new(content);
            if !is_whole {
                files.cut(path, "nests more packages in each other than are read");
            }
            locks.entry(folder(path)).or_insert_with(|| (path, Box::new(lock)));
        }
    }
    locks
}

/// Whether a requirement leads to a folder instead of a registry.
fn is_local(requirement: &str) -> bool {
    ["workspace:", "file:", "link:", "portal:", "./", "../", "/", "~/"]
        .iter()
        .any(|local| requirement.starts_with(local))
}

/// npm lets `optionalDependencies` replace an entry of `dependencies`.
fn overridden(manifest: &Value, section: &str, key: &str) -> bool {
    section == "dependencies"
        && manifest.get("optionalDependencies").is_some_and(|optional| optional.get(key).is_some())
}

/// The package behind an alias (`"x": "npm:real@^1"`).
fn real_name<'a>(key: &'a str, requirement: &'a str) -> &'a str {
    let Some(aliased) = requirement.strip_prefix("npm:") else { return key };
    split_at_version(aliased).map_or(key, |(name, _)| name)
}

/// `name@rest` or `@scope/name@rest` at the `@` that ends the name.
fn split_at_version(spec: &str) -> Option<(&str, &str)> {
    let start = usize::from(spec.starts_with('@'));
    let at = spec.get(start..)?.find('@')? + start;
    Some((spec.get(..at)?, spec.get(at + 1..)?)).filter(|(name, _)| !name.is_empty())
}

/// One entry per name and version; where places differ in scope, the first in [`Scope`]'s order stands.
fn strongest(entries: impl Iterator<Item = (String, String, Scope)>) -> Vec<(String, String, Scope)> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    entries.dedup_by(|next, kept| (&next.0, &next.1) == (&kept.0, &kept.1));
    entries
}
