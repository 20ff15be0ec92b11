//! PHP: `composer.json` and `composer.lock`. Format: <https://getcomposer.org/doc/04-schema.md>.

use super::files::ManifestFiles;
use super::{Namespace, Survey};
use crate::paths::folder;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "composer";

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let manifests: Vec<(&str, Value)> =
        files.named("composer.json").iter().filter_map(|path| Some((*path, files.json(path)?))).collect();
    let own: BTreeSet<&str> = manifests.iter().flat_map(|(_, manifest)| own_names(manifest)).collect();
    for (path, manifest) in &manifests {
        let lock_path = files.beside(folder(path), "composer.lock");
        let lock = lock_path.and_then(|path| files.json(path)).unwrap_or_default();
        let mut locked = locked(&lock, survey);
        for (section, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Development)] {
            for (name, requirement) in manifest.get(section).and_then(Value::as_object).into_iter().flatten() {
                // Names without a vendor are the platform's: PHP itself, its extensions, libraries.
                if !name.contains('/') || own.contains(name.as_str()) {
                    continue;
                }
                survey.dependencies.push(ExternalDependency {
                    ecosystem: ECOSYSTEM.into(),
                    name: name.to_lowercase().into(),
                    requirement: requirement.as_str().map(Into::into),
                    version: locked.remove(&name.to_lowercase()).map(|(version, _)| version.into()),
                    scope,
                    declared_in: (*path).into(),
                    direct: true,
                });
            }
        }
        for (name, (version, scope)) in locked {
            if own.contains(name.as_str()) {
                continue;
            }
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.into(),
                requirement: None,
                version: Some(version.into()),
                scope,
                declared_in: lock_path.unwrap_or(path).into(),
                direct: false,
            });
        }
    }
}

/// The package's name and those it replaces: a monorepo publishes its parts under these.
fn own_names(manifest: &Value) -> impl Iterator<Item = &str> {
    let name = manifest.get("name").and_then(Value::as_str);
    let replaced = manifest.get("replace").and_then(Value::as_object).into_iter().flatten();
    name.into_iter().chain(replaced.map(|(name, _)| name.as_str()))
}

/// Locked packages with version and scope; what they autoload goes to the survey's namespaces.
fn locked(lock: &Value, survey: &mut Survey) -> BTreeMap<String, (String, Scope)> {
    let mut locked = BTreeMap::new();
    for (section, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
        for package in lock.get(section).and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| package.get(key).and_then(Value::as_str);
            let (Some(name), Some(version)) = (text("name"), text("version")) else { continue };
            let is_local = package.pointer("/dist/type").and_then(Value::as_str) == Some("path");
            if is_local {
                continue;
            }
            locked.insert(name.to_lowercase(), (version.trim_start_matches('v').to_owned(), scope));
            let autoload =
                ["/autoload/psr-4", "/autoload/psr-0"].iter().filter_map(|key| package.pointer(key)?.as_object());
            survey.namespaces.extend(autoload.flatten().filter(|(prefix, _)| !prefix.is_empty()).map(|(prefix, _)| {
                Namespace {
                    ecosystem: ECOSYSTEM.into(),
                    prefix: prefix.trim_end_matches('\\').into(),
                    name: name.to_lowercase().into(),
                }
            }));
        }
    }
    locked
}
