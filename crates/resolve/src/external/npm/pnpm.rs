//! `pnpm-lock.yaml`, lock file versions 5 to 9.
//! Format: <https://github.com/pnpm/spec/tree/master/lockfile>.

use super::{Lock, Resolved, split_at_version};
use crate::external::graph;
use codexa_model::relation::DependencyScope as Scope;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct PnpmLock {
    content: Value,
    claimed: BTreeSet<(String, String)>,
}

const SECTIONS: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
];

impl PnpmLock {
    pub(super) fn new(content: Value) -> Self {
        Self { content, claimed: BTreeSet::new() }
    }

    /// A workspace lists its packages under `importers`; a lone package of versions 5 and 6 is the document itself.
    fn importer(&self, package: &str) -> Option<&Value> {
        let key = if package.is_empty() { "." } else { package };
        match self.content.get("importers") {
            Some(importers) => importers.get(key),
            None => Some(&self.content).filter(|_| package.is_empty()),
        }
    }
}

impl Lock for PnpmLock {
    fn resolve(&mut self, package: &str, name: &str, _requirement: &str) -> Resolved {
        let Some(importer) = self.importer(package) else { return Resolved::Unknown };
        let entry = SECTIONS.iter().find_map(|(section, _)| importer.get(*section)?.get(name));
        let Some(written) = entry.and_then(written) else { return Resolved::Unknown };
        if is_local(written) {
            return Resolved::Internal;
        }
        let claimed = named(name, written);
        let version = claimed.1.clone();
        self.claimed.insert(claimed);
        Resolved::Version(version)
    }

    fn transitive(&self) -> Vec<(String, String, Scope)> {
        let by_needs = self.scopes_by_needs();
        let packages = self.content.get("packages").and_then(Value::as_object).into_iter().flatten();
        super::strongest(packages.filter_map(|(key, entry)| {
            let (name, version) = place(key)?;
            let found = (name.to_owned(), version.to_owned());
            if self.claimed.contains(&found) || is_local(version) {
                return None;
            }
            let flag = |name: &str| entry.get(name).and_then(Value::as_bool) == Some(true);
            let scope = match by_needs.get(&found) {
                Some(scope) => *scope,
                None if flag("dev") => Scope::Development,
                None if flag("optional") => Scope::Optional,
                None => Scope::Runtime,
            };
            Some((found.0, found.1, scope))
        }))
    }
}

impl PnpmLock {
    /// From version 9 on the file says who needs whom (`snapshots`) in place of what each is for.
    fn scopes_by_needs(&self) -> BTreeMap<(String, String), Scope> {
        let snapshots = self.content.get("snapshots").and_then(Value::as_object);
        let mut nodes: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (key, _) in snapshots.into_iter().flatten() {
            if let Some((name, version)) = place(key) {
                let next = nodes.len();
                nodes.entry((name.to_owned(), version.to_owned())).or_insert(next);
            }
        }
        let target = |(name, value): (&String, &Value)| nodes.get(&named(name, written(value)?)).copied();
        let mut needs = vec![Vec::new(); nodes.len()];
        for (key, snapshot) in snapshots.into_iter().flatten() {
            let node = place(key).and_then(|(name, version)| nodes.get(&(name.to_owned(), version.to_owned())));
            let Some(needed) = node.and_then(|&node| needs.get_mut(node)) else { continue };
            for section in ["dependencies", "optionalDependencies"] {
                needed
                    .extend(snapshot.get(section).and_then(Value::as_object).into_iter().flatten().filter_map(target));
            }
        }
        let mut seeds = Vec::new();
        for (_, importer) in self.content.get("importers").and_then(Value::as_object).into_iter().flatten() {
            for (section, scope) in SECTIONS {
                let entries = importer.get(*section).and_then(Value::as_object).into_iter().flatten();
                seeds.extend(entries.filter_map(target).map(|node| (node, *scope)));
            }
        }
        let scopes = graph::scopes(&needs, &seeds);
        nodes.into_iter().filter_map(|(package, node)| Some((package, *scopes.get(node)?))).collect()
    }
}

/// The version of an entry: the text itself, or its field `version`.
fn written(entry: &Value) -> Option<&str> {
    entry.get("version").unwrap_or(entry).as_str()
}

fn is_local(version: &str) -> bool {
    version.starts_with("link:") || version.starts_with("file:")
}

/// Name and version behind an entry; an alias writes the real name before the version.
fn named(name: &str, written: &str) -> (String, String) {
    let is_version = written.starts_with(|c: char| c.is_ascii_digit());
    let aliased = if is_version { None } else { place(written) };
    let (name, version) = aliased.unwrap_or((name, bare(written)));
    (name.to_owned(), version.to_owned())
}

/// Name and version of a key: `/a/1.0.0_peer`, `/@s/a/1.0.0` (5), `/a@1.0.0(peer)` (6), `a@1.0.0` (9).
fn place(key: &str) -> Option<(&str, &str)> {
    let rooted = key.strip_prefix('/');
    let key = rooted.unwrap_or(key);
    let key = key.split_once('(').map_or(key, |(key, _)| key);
    let is_path =
        |name: &str| name.rsplit_once('/').is_some_and(|(scope, _)| !scope.starts_with('@') || scope.contains('/'));
    if let Some((name, version)) = split_at_version(key).filter(|(name, _)| !is_path(name)) {
        return Some((name, version));
    }
    let (name, version) = rooted.map(|_| key)?.rsplit_once('/')?;
    Some((name, bare(version)))
}

/// A version without the peers it was resolved with.
fn bare(version: &str) -> &str {
    version.split(['(', '_']).next().unwrap_or(version)
}
