//! Which packages belong to which workspace: `workspaces` of package.json, `packages` of pnpm-workspace.yaml.

use crate::external::files::ManifestFiles;
use crate::paths::{ancestors, folder};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashSet;
use serde_json::Value;
use std::collections::BTreeMap;

/// More patterns than any workspace needs.
const MAX_PATTERNS: usize = 1_000;
/// The same for all workspaces of a repository: each pattern becomes a program of its own.
const MAX_TOGETHER: usize = 4_096;
/// Longest pattern, in bytes.
const LONGEST_PATTERN: usize = 512;

/// The workspaces of a repository by the folder of their root.
pub(super) struct Workspaces<'a> {
    roots: BTreeMap<&'a str, Workspace>,
}

struct Workspace {
    members: GlobSet,
    excluded: GlobSet,
    /// Names of the packages in it, the root's included.
    names: FxHashSet<String>,
}

impl<'a> Workspaces<'a> {
    pub(super) fn of(files: &ManifestFiles<'a>, manifests: &BTreeMap<&'a str, (&'a str, Value)>) -> Self {
        let mut patterns: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (dir, (_, manifest)) in manifests {
            let listed = manifest.get("workspaces").map(|listed| listed.get("packages").unwrap_or(listed));
            if let Some(listed) = listed.and_then(Value::as_array) {
                patterns.entry(dir).or_default().extend(strings(listed));
            }
        }
        for path in files.named("pnpm-workspace.yaml") {
            let content = files.yaml(path).unwrap_or_default();
            let listed = content.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            patterns.entry(folder(path)).or_default().extend(strings(listed));
        }
        let mut room = MAX_TOGETHER;
        let mut roots: BTreeMap<&str, Workspace> = BTreeMap::new();
        for (dir, mut patterns) in patterns {
            let written = patterns.len();
            patterns.retain(|pattern| pattern.len() <= LONGEST_PATTERN);
            patterns.truncate(MAX_PATTERNS.min(room));
            room -= patterns.len();
            if let Some((path, _)) = manifests.get(dir).filter(|_| patterns.len() < written) {
                files.cut(path, "names more or longer patterns of workspace members than are read");
            }
            roots.insert(dir, Workspace::new(&patterns));
        }
        let members: Vec<(&str, String)> = manifests
            .iter()
            .filter_map(|(dir, (_, manifest))| {
                let name = manifest.get("name")?.as_str()?;
                Some((root_of(&roots, dir), name.to_owned()))
            })
            .collect();
        for (root, name) in members {
            if let Some(workspace) = roots.get_mut(root) {
                workspace.names.insert(name);
            }
        }
        Self { roots }
    }

    /// The root of the workspace that a package's folder belongs to; the folder itself where there is none.
    pub(super) fn root_of<'d>(&self, dir: &'d str) -> &'d str {
        root_of(&self.roots, dir)
    }

    /// Whether a name is a package of the workspace.
    pub(super) fn holds(&self, root: &str, name: &str) -> bool {
        self.roots.get(root).is_some_and(|workspace| workspace.names.contains(name))
    }
}

fn root_of<'d>(roots: &BTreeMap<&str, Workspace>, dir: &'d str) -> &'d str {
    ancestors(dir)
        .find(|above| roots.get(above).is_some_and(|workspace| *above == dir || workspace.has_member(above, dir)))
        .unwrap_or(dir)
}

impl Workspace {
    fn new(patterns: &[String]) -> Self {
        let (excluded, members): (Vec<&String>, Vec<&String>) =
            patterns.iter().partition(|pattern| pattern.starts_with('!'));
        Self { members: globs(&members), excluded: globs(&excluded), names: FxHashSet::default() }
    }

    fn has_member(&self, root: &str, dir: &str) -> bool {
        let relative = dir.strip_prefix(root).unwrap_or(dir).trim_start_matches('/');
        self.members.is_match(relative) && !self.excluded.is_match(relative)
    }
}

fn globs(patterns: &[&String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.trim_start_matches('!').trim_start_matches("./").trim_end_matches('/');
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

fn strings(values: &[Value]) -> impl Iterator<Item = String> {
    values.iter().filter_map(|value| Some(value.as_str()?.to_owned()))
}
