//! Gradle: literal coordinates of `*.gradle` and `*.gradle.kts`, version catalogs, tables of coordinates in scripts, and
//! `gradle.lockfile`. Scripts are read word by word and never run.

mod catalog;
mod script;

use super::Survey;
use super::files::ManifestFiles;
use crate::Repository;
use crate::paths::{ancestors, folder};
use catalog::Catalog;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency, Package};
use rustc_hash::{FxHashMap, FxHashSet};
use script::{Script, Tables, Use};
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "gradle";

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let texts = scripts(files);
    let parsed: BTreeMap<&str, Script<'_>> = texts.iter().map(|(path, text)| (*path, Script::parse(text))).collect();
    let tables = Tables::of(parsed.values());
    let catalogs = catalogs(files);
    let mut locks: BTreeMap<&str, Lock> = files
        .named("gradle.lockfile")
        .iter()
        .filter_map(|path| Some((folder(path), Lock::parse(path, &files.text(path)?))))
        .collect();
    for (path, script) in &parsed {
        let dir = folder(path);
        let mut lock = locks.get_mut(dir);
        let mut bundles = FxHashSet::default();
        for used in &script.uses {
            // A bundle is long, and names it again at every use.
            if used.bundle().is_some_and(|bundle| !bundles.insert((bundle, used.scope))) {
                continue;
            }
            for (name, requirement) in coordinates(used, dir, &tables, &catalogs) {
                survey.dependencies.push(ExternalDependency {
                    ecosystem: ECOSYSTEM.into(),
                    version: lock.as_mut().and_then(|lock| lock.claim(&name)).map(Into::into),
                    name: name.into(),
                    requirement: requirement.filter(|text| !text.is_empty()).map(Into::into),
                    scope: used.scope,
                    declared_in: (*path).into(),
                    direct: true,
                });
            }
        }
    }
    for lock in locks.values() {
        survey.dependencies.extend(lock.transitive());
    }
}

/// The build scripts, by path.
fn scripts<'a>(files: &ManifestFiles<'a>) -> BTreeMap<&'a str, String> {
    let scripts = files.with_extension("gradle").iter().chain(files.with_extension("kts")).copied();
    scripts
        .filter(|path| path.ends_with(".gradle") || path.ends_with(".gradle.kts"))
        .filter_map(|path| Some((path, files.text(path)?)))
        .collect()
}

/// Projects that name no other project of their build: folder -> the groups of the libraries that they name instead.
///
/// A project that names a library of the build's own group there is compiled against a *released* one, and the sources of the
/// same names in the repository are not what it uses.
pub(crate) fn standing_alone(repo: &dyn Repository, declared: &[Package]) -> BTreeMap<Box<str>, BTreeSet<String>> {
    let files = ManifestFiles::of(repo);
    let texts = scripts(&files);
    let parsed: BTreeMap<&str, Script<'_>> = texts.iter().map(|(path, text)| (*path, Script::parse(text))).collect();
    let tables = Tables::of(parsed.values());
    let catalogs = catalogs(&files);
    // Of several of one name the first counts.
    let roots: FxHashMap<&str, &str> = declared.iter().rev().map(|package| (&*package.name, &*package.root)).collect();
    let folder_of = |script: &str, project: Option<&str>| -> Option<Box<str>> {
        let Some(project) = project else { return Some(folder(script).into()) };
        roots.get(project.trim_start_matches(':')).map(|root| (*root).into())
    };
    let mut alone: BTreeMap<Box<str>, BTreeSet<String>> = BTreeMap::new();
    for (path, script) in &parsed {
        for used in &script.uses {
            let Some(at) = folder_of(path, used.project) else { continue };
            let names = coordinates(used, folder(path), &tables, &catalogs).into_iter();
            let groups = names.filter_map(|(name, _)| name.split_once(':').map(|(group, _)| group.to_owned()));
            alone.entry(at).or_default().extend(groups);
        }
    }
    for (path, script) in &parsed {
        for at in script.local.iter().filter_map(|project| folder_of(path, *project)) {
            alone.remove(&at);
        }
    }
    alone
}

/// What a use comes to: literal coordinates, an entry of a table in a script, or entries of a version catalog.
fn coordinates(
    used: &Use<'_>,
    dir: &str,
    tables: &Tables<'_>,
    catalogs: &BTreeMap<(&str, &str), Catalog>,
) -> Vec<(String, Option<String>)> {
    let literal = |text: &str| {
        let (name, version) = split(&tables.fill(text))?;
        Some((name, version))
    };
    match used.what {
        script::What::Coordinates(text) => literal(text).into_iter().collect(),
        script::What::Parts { group, name, version } => {
            literal(&format!("{group}:{name}:{}", version.unwrap_or_default())).into_iter().collect()
        }
        script::What::Plugin { id, version } => vec![(id.to_owned(), version.map(|version| tables.fill(version)))],
        script::What::Accessor(accessor) => {
            let Some((catalog, alias)) = accessor.split_once('.') else { return Vec::new() };
            let found = ancestors(dir).find_map(|dir| catalogs.get(&(dir, catalog)));
            match found {
                Some(found) => found.find(alias),
                None => tables.get(catalog, alias).and_then(literal).into_iter().collect(),
            }
        }
    }
}

/// `group:artifact:version:classifier@extension`; `None` where group or artifact is computed.
fn split(text: &str) -> Option<(String, Option<String>)> {
    let text = text.split('@').next().unwrap_or(text);
    let mut parts = text.split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    let is_plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    if !is_plain(group) || !is_plain(artifact) {
        return None;
    }
    Some((format!("{group}:{artifact}"), parts.next().map(str::to_owned)))
}

/// Catalogs by the folder that they serve and by name: `gradle/libs.versions.toml` is `libs` of the folder above.
fn catalogs<'a>(files: &ManifestFiles<'a>) -> BTreeMap<(&'a str, &'a str), Catalog> {
    let mut catalogs = BTreeMap::new();
    for path in files.with_extension("toml") {
        let Some(stem) = path.strip_suffix(".versions.toml") else { continue };
        if let Some(document) = files.toml(path) {
            let name = stem.rsplit('/').next().unwrap_or(stem);
            let (catalog, is_whole) = Catalog::new(&document);
            if !is_whole {
                files.cut(path, "has a bundle with more entries than are read");
            }
            catalogs.insert((folder(folder(path)), name), catalog);
        }
    }
    catalogs
}

/// `gradle.lockfile`: `group:artifact:version=configuration,…`.
struct Lock {
    path: String,
    versions: BTreeMap<String, BTreeMap<String, Scope>>,
    claimed: BTreeSet<String>,
}

impl Lock {
    fn parse(path: &str, text: &str) -> Self {
        let mut versions: BTreeMap<String, BTreeMap<String, Scope>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((coordinates, configurations)) = line.split_once('=') else { continue };
            let Some((name, version)) = coordinates.rsplit_once(':').filter(|(name, _)| name.contains(':')) else {
                continue;
            };
            let scope = configurations.split(',').map(script::scope_of).min().unwrap_or(Scope::Runtime);
            versions.entry(name.to_owned()).or_default().insert(version.to_owned(), scope);
        }
        Self { path: path.to_owned(), versions, claimed: BTreeSet::new() }
    }

    /// The version, where all configurations agree on it.
    fn claim(&mut self, name: &str) -> Option<String> {
        let versions = self.versions.get(name)?;
        self.claimed.insert(name.to_owned());
        versions.keys().next().filter(|_| versions.len() == 1).cloned()
    }

    fn transitive(&self) -> impl Iterator<Item = ExternalDependency> {
        let rest = self.versions.iter().filter(|(name, _)| !self.claimed.contains(*name));
        rest.flat_map(move |(name, versions)| {
            versions.iter().map(move |(version, scope)| ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.as_str().into(),
                requirement: None,
                version: Some(version.as_str().into()),
                scope: *scope,
                declared_in: self.path.as_str().into(),
                direct: false,
            })
        })
    }
}
