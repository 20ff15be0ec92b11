//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
//! Format: <https://docs.npmjs.com/cli/configuring-npm/package-lock-json>.

use super::{Lock, Resolved};
use crate::work::Work;
use codexa_model::relation::DependencyScope as Scope;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the places of version 1 may come to together, in bytes: each is made of the names of everything around it.
const MOST_PLACES: usize = 32 << 20;

pub(super) struct PackageLock {
    /// Version 2 and 3: by place (`node_modules/a`, `packages/x/node_modules/a`). Version 1 is put into the same form.
    packages: BTreeMap<String, Entry>,
    claimed: BTreeSet<String>,
}

struct Entry {
    name: String,
    version: String,
    /// A link to a package of the repository.
    link: bool,
    scope: Scope,
}

impl PackageLock {
    /// The lock, and whether all of the file was read.
    pub(super) fn new(content: Value) -> (Self, bool) {
        let mut packages = BTreeMap::new();
        let room = Work::of(MOST_PLACES);
        if let Some(places) = content.get("packages").and_then(Value::as_object) {
            for (place, entry) in places {
                if let Some((_, installed_as)) = place.rsplit_once("node_modules/") {
                    packages.insert(place.clone(), Entry::new(installed_as, entry));
                }
            }
        } else {
            nested("", &content, &mut packages, &room);
        }
        (Self { packages, claimed: BTreeSet::new() }, !room.is_spent())
    }
}

/// Version 1 nests what could not be hoisted. JSON's own depth limit bounds the recursion.
fn nested(place: &str, holder: &Value, packages: &mut BTreeMap<String, Entry>, room: &Work) {
    for (name, entry) in holder.get("dependencies").and_then(Value::as_object).into_iter().flatten() {
        if !room.take(place.len() + name.len()) {
            return;
        }
        let place =
            if place.is_empty() { format!("node_modules/{name}") } else { format!("{place}/node_modules/{name}") };
        nested(&place, entry, packages, room);
        packages.insert(place, Entry::new(name, entry));
    }
}

impl Entry {
    fn new(installed_as: &str, entry: &Value) -> Self {
        let flag = |name: &str| entry.get(name).and_then(Value::as_bool) == Some(true);
        let version = entry.get("version").and_then(Value::as_str).unwrap_or_default();
        let aliased = version.strip_prefix("npm:").and_then(super::split_at_version);
        let name = entry.get("name").and_then(Value::as_str);
        Self {
            name: name.or(aliased.map(|(name, _)| name)).unwrap_or(installed_as).to_owned(),
            version: aliased.map_or(version, |(_, version)| version).to_owned(),
            link: flag("link") || version.starts_with("file:"),
            scope: if flag("dev") || flag("devOptional") {
                Scope::Development
            } else if flag("optional") {
                Scope::Optional
            } else {
                Scope::Runtime
            },
        }
    }
}

impl Lock for PackageLock {
    fn resolve(&mut self, package: &str, name: &str, _requirement: &str) -> Resolved {
        for above in crate::paths::ancestors(package) {
            let place =
                if above.is_empty() { format!("node_modules/{name}") } else { format!("{above}/node_modules/{name}") };
            let Some(entry) = self.packages.get(&place) else { continue };
            if entry.link {
                return Resolved::Internal;
            }
            self.claimed.insert(place);
            return Resolved::Version(entry.version.clone());
        }
        Resolved::Unknown
    }

    fn transitive(&self) -> Vec<(String, String, Scope)> {
        let rest = self
            .packages
            .iter()
            .filter(|(place, entry)| !entry.link && !entry.version.is_empty() && !self.claimed.contains(*place));
        let direct: BTreeSet<(&str, &str)> = self
            .claimed
            .iter()
            .filter_map(|place| self.packages.get(place))
            .map(|entry| (entry.name.as_str(), entry.version.as_str()))
            .collect();
        super::strongest(
            rest.filter(|(_, entry)| !direct.contains(&(entry.name.as_str(), entry.version.as_str())))
                .map(|(_, entry)| (entry.name.clone(), entry.version.clone(), entry.scope)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each inner place repeats the outer name.
    #[test]
    fn places_are_bounded_together() {
        let mut inner = serde_json::Map::new();
        for at in 0..600 {
            inner.insert(format!("p{at}"), serde_json::json!({"version": "1"}));
        }
        let document =
            |name: &str| serde_json::json!({"dependencies": {name: {"version": "1", "dependencies": inner}}});
        let (lock, is_whole) = PackageLock::new(document(&"x".repeat(100_000)));
        assert!(lock.packages.keys().map(String::len).sum::<usize>() <= MOST_PLACES + (1 << 20));
        assert!(!is_whole && lock.packages.len() > 1);
        assert!(PackageLock::new(document("x")).1);
    }
}
