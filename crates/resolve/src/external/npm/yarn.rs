//! `yarn.lock`, of Yarn 1 and of Berry. Berry's is YAML, but both write the same shape line by line: a line of
//! `name@range` keys without indentation that ends in `:`, then indented fields.

use super::{Lock, Resolved, split_at_version};
use codexa_model::relation::DependencyScope as Scope;
use rustc_hash::FxHashMap;

pub(super) struct YarnLock {
    entries: Vec<Entry>,
    /// `name@range`, the `npm:` before the range left out.
    by_key: FxHashMap<String, usize>,
}

#[derive(Default)]
struct Entry {
    name: String,
    version: String,
    internal: bool,
    claimed: bool,
}

impl YarnLock {
    pub(super) fn new(content: &str) -> Self {
        let mut lock = Self { entries: Vec::new(), by_key: FxHashMap::default() };
        for line in content.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if !line.starts_with(' ') {
                lock.open(line.trim_end().trim_end_matches(':'));
            } else if let Some(entry) = lock.entries.last_mut() {
                entry.field(line);
            }
        }
        lock
    }

    fn open(&mut self, keys: &str) {
        let mut entry = Entry::default();
        for key in keys.split(", ") {
            let key = key.trim_matches('"');
            let Some((name, range)) = split_at_version(key) else { continue };
            let range = range.strip_prefix("npm:").unwrap_or(range);
            entry.internal |= ["workspace:", "file:", "link:", "portal:"].iter().any(|local| range.starts_with(local));
            let aliased =
                split_at_version(range).filter(|(real, _)| !real.contains(['/', ':']) || real.starts_with('@'));
            entry.name = aliased.map_or(name, |(real, _)| real).to_owned();
            self.by_key.insert(format!("{name}@{range}"), self.entries.len());
        }
        self.entries.push(entry);
    }
}

impl Entry {
    /// Yarn 1 writes `version "1.2.3"`, Berry `version: 1.2.3`. Deeper fields belong to lists of dependencies.
    fn field(&mut self, line: &str) {
        let Some(field) = line.strip_prefix("  ").filter(|field| !field.starts_with(' ')) else { return };
        let Some((key, value)) = field.split_once(' ') else { return };
        let value = value.trim().trim_matches('"');
        match key.trim_end_matches(':') {
            "version" => self.version = value.to_owned(),
            "resolution" => {
                self.internal |= value.contains("@workspace:");
                if let Some((name, _)) = split_at_version(value) {
                    self.name = name.to_owned();
                }
            }
            _ => {}
        }
    }
}

impl Lock for YarnLock {
    fn resolve(&mut self, _package: &str, name: &str, requirement: &str) -> Resolved {
        let range = requirement.strip_prefix("npm:").unwrap_or(requirement);
        let entry = self.by_key.get(&format!("{name}@{range}")).and_then(|&index| self.entries.get_mut(index));
        match entry {
            Some(entry) if entry.internal => Resolved::Internal,
            Some(entry) if !entry.version.is_empty() => {
                entry.claimed = true;
                Resolved::Version(entry.version.clone())
            }
            _ => Resolved::Unknown,
        }
    }

    /// Yarn does not say what a package is needed for: all count as runtime.
    fn transitive(&self) -> Vec<(String, String, Scope)> {
        let rest = self
            .entries
            .iter()
            .filter(|entry| !entry.claimed && !entry.internal && !entry.name.is_empty() && !entry.version.is_empty());
        super::strongest(rest.map(|entry| (entry.name.clone(), entry.version.clone(), Scope::Runtime)))
    }
}
