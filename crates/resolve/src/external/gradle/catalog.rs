//! Version catalogs: `libs.versions.toml`. Format: <https://docs.gradle.org/current/userguide/version_catalogs.html>.

use std::collections::BTreeMap;
use toml::{Table, Value};

/// Entries of one bundle that are read.
const MOST_MEMBERS: usize = 256;

/// A catalog by accessor: aliases with `-`, `_` and `.` written as `.`.
pub(super) struct Catalog {
    libraries: BTreeMap<String, (String, Option<String>)>,
    bundles: BTreeMap<String, Vec<String>>,
    plugins: BTreeMap<String, (String, Option<String>)>,
}

impl Catalog {
    /// The catalog, and whether all of it was read.
    pub(super) fn new(document: &Table) -> (Self, bool) {
        let section = |name: &str| document.get(name).and_then(Value::as_table).into_iter().flatten();
        let entries = |name: &str, key: &str| -> BTreeMap<String, (String, Option<String>)> {
            section(name).filter_map(|(alias, entry)| Some((accessor(alias), one(entry, key, document)?))).collect()
        };
        let members_of = |members: &'_ Value| members.as_array().map_or(0, Vec::len);
        let is_whole = section("bundles").all(|(_, members)| members_of(members) <= MOST_MEMBERS);
        let bundles = section("bundles").map(|(alias, members)| {
            let members = members.as_array().into_iter().flatten().filter_map(Value::as_str).map(accessor);
            (accessor(alias), members.take(MOST_MEMBERS).collect())
        });
        let catalog = Self {
            libraries: entries("libraries", "module"),
            bundles: bundles.collect(),
            plugins: entries("plugins", "id"),
        };
        (catalog, is_whole)
    }

    /// The coordinates and requirements behind an accessor (`junit.jupiter`, `bundles.test`, `plugins.kotlin`).
    pub(super) fn find(&self, alias: &str) -> Vec<(String, Option<String>)> {
        let alias = accessor(alias.trim_end_matches(".get"));
        if let Some(bundle) = alias.strip_prefix("bundles.") {
            let members = self.bundles.get(bundle).into_iter().flatten();
            return members.filter_map(|member| self.libraries.get(member)).cloned().collect();
        }
        let entry = match alias.strip_prefix("plugins.") {
            Some(plugin) => self.plugins.get(plugin),
            None => self.libraries.get(&alias),
        };
        entry.cloned().into_iter().collect()
    }
}

/// An alias as accessors write it.
pub(super) fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

/// An entry in any of its forms: `"g:a:v"`, `{ module, version }`, `{ group, name, version }`, `{ id, version }`.
fn one(entry: &Value, key: &str, document: &Table) -> Option<(String, Option<String>)> {
    if let Some(text) = entry.as_str() {
        return if key == "id" {
            let (id, version) = text.split_once(':')?;
            Some((id.to_owned(), Some(version.to_owned())))
        } else {
            super::split(text)
        };
    }
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let name = text(key).map(str::to_owned).or_else(|| Some(format!("{}:{}", text("group")?, text("name")?)))?;
    Some((name, entry.get("version").and_then(|version| version_of(version, document))))
}

/// A version as text, by reference, or in the rich form.
fn version_of(version: &Value, document: &Table) -> Option<String> {
    if let Some(reference) = version.get("ref").and_then(Value::as_str) {
        let referred = document.get("versions")?.get(reference)?;
        return referred.as_str().map(str::to_owned).or_else(|| rich(referred));
    }
    version.as_str().map(str::to_owned).or_else(|| rich(version))
}

fn rich(version: &Value) -> Option<String> {
    ["strictly", "require", "prefer"].iter().find_map(|key| version.get(*key)?.as_str()).map(str::to_owned)
}
