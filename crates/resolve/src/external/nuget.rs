//! .NET: MSBuild projects with the properties and central versions around them, `packages.config` and
//! `packages.lock.json`.

mod msbuild;

use super::Survey;
use super::files::ManifestFiles;
use super::xml::Element;
use crate::paths::folder;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use msbuild::{Shared, TOO_MUCH, entries};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "nuget";

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let around = Shared::of(files);
    let mut locks: BTreeMap<&str, Lock> = files
        .named("packages.lock.json")
        .iter()
        .filter_map(|path| Some((folder(path), Lock::new(path, &files.json(path)?))))
        .collect();
    let shared = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
    let projects = ["csproj", "fsproj", "vbproj"].iter().flat_map(|extension| files.with_extension(extension));
    for path in projects.chain(shared.iter().flat_map(|name| files.named(name))).copied() {
        let Some(project) = files.xml(path) else { continue };
        let known = around.evaluate(path, &project);
        let mut lock = locks.get_mut(folder(path));
        let groups = entries(&project).filter(|(group, _)| group.name == "ItemGroup");
        for item in groups.flat_map(|(group, _)| &group.children) {
            if !matches!(item.name.as_str(), "PackageReference" | "GlobalPackageReference") {
                continue;
            }
            let name = item.attribute("Include").map(|name| known.expand(name));
            let Some(name) = name.as_deref().filter(|name| is_plain(name)) else { continue };
            let own = ["Version", "VersionOverride"].iter().filter_map(|field| metadata(item, field));
            let own = own.map(|version| known.expand(version)).find(|version| !version.is_empty());
            let requirement = own.or_else(|| known.version_of(name));
            let is_private = metadata(item, "PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.into(),
                requirement: requirement.map(Into::into),
                version: lock.as_mut().and_then(|lock| lock.claim(name)).map(Into::into),
                scope: if is_private { Scope::Development } else { Scope::Runtime },
                declared_in: path.into(),
                direct: true,
            });
        }
        if known.is_cut() {
            files.cut(path, TOO_MUCH);
        }
    }
    for path in files.named("packages.config") {
        let packages = files.xml(path).unwrap_or_default();
        for package in packages.all("package") {
            let Some(name) = package.attribute("id") else { continue };
            let development =
                package.attribute("developmentDependency").is_some_and(|flag| flag.eq_ignore_ascii_case("true"));
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.into(),
                requirement: package.attribute("version").map(Into::into),
                // The file pins what is restored: it is its own lock.
                version: package.attribute("version").map(Into::into),
                scope: if development { Scope::Development } else { Scope::Runtime },
                declared_in: (*path).into(),
                direct: true,
            });
        }
    }
    for lock in locks.values() {
        survey.dependencies.extend(lock.transitive());
    }
}

/// MSBuild metadata: an attribute or a child element.
fn metadata<'a>(item: &'a Element, name: &str) -> Option<&'a str> {
    item.attribute(name).or_else(|| item.value(name))
}

/// A name that no property or list computes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '@', '%', ';', '*'])
}

/// `packages.lock.json`: for each target framework the packages with type and version.
struct Lock {
    path: String,
    versions: BTreeMap<String, (String, BTreeSet<String>)>,
    claimed: BTreeSet<String>,
}

impl Lock {
    fn new(path: &str, content: &Value) -> Self {
        let mut versions: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        let frameworks = content.get("dependencies").and_then(Value::as_object).into_iter().flatten();
        for (name, entry) in frameworks.filter_map(|(_, packages)| packages.as_object()).flatten() {
            let is_project = entry.get("type").and_then(Value::as_str) == Some("Project");
            if let Some(version) = entry.get("resolved").and_then(Value::as_str).filter(|_| !is_project) {
                let slot = versions.entry(name.to_lowercase()).or_insert_with(|| (name.clone(), BTreeSet::new()));
                slot.1.insert(version.to_owned());
            }
        }
        Self { path: path.to_owned(), versions, claimed: BTreeSet::new() }
    }

    /// The version, where all frameworks agree on it.
    fn claim(&mut self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let (_, versions) = self.versions.get(&name)?;
        self.claimed.insert(name);
        versions.first().filter(|_| versions.len() == 1).cloned()
    }

    fn transitive(&self) -> impl Iterator<Item = ExternalDependency> {
        let rest = self.versions.iter().filter(|(key, _)| !self.claimed.contains(*key));
        rest.flat_map(|(_, (name, versions))| versions.iter().map(move |version| (name, version))).map(
            |(name, version)| ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.as_str().into(),
                requirement: None,
                version: Some(version.as_str().into()),
                scope: Scope::Runtime,
                declared_in: self.path.as_str().into(),
                direct: false,
            },
        )
    }
}
