//! What each package's manifest must say.

use crate::workspace::{Member, Workspace};
use toml::Value;

/// Packages that do not inherit the workspace's lints, licence, edition or version.
#[must_use]
pub fn inherit_from_the_root(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for member in &workspace.members {
        if !inherits(member.manifest.get("lints")) {
            broken.push(format!("{} does not inherit the workspace's lints ([lints] workspace = true)", member.name));
        }
        let package = member.manifest.get("package");
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !inherits(package.and_then(|package| package.get(key))) {
                broken.push(format!("{} does not inherit `{key}` ({key}.workspace = true)", member.name));
            }
        }
        if package.and_then(|package| package.get("description")).is_none() {
            broken.push(format!("{} does not say what it is (package.description)", member.name));
        }
    }
    broken
}

/// Dependencies whose version is not the one that the root names once for all.
#[must_use]
pub fn versions_stand_once(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for (member, dependency, value) in all_dependencies(workspace) {
        if !inherits(Some(value)) {
            broken.push(format!("{} names its own version of {dependency}: inherit the root's", member.name));
        }
    }
    broken
}

/// Dependencies that a package declares and its sources never name, and versions at the root that no package inherits.
#[must_use]
pub fn nothing_unused(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for (member, dependency, _) in all_dependencies(workspace) {
        let name = dependency.replace('-', "_");
        if !member.sources.iter().any(|source| names(&source.text, &name)) {
            broken.push(format!("{} declares {dependency} and never uses it", member.name));
        }
    }
    let root = workspace.manifest.get("workspace").and_then(|root| root.get("dependencies"));
    for (dependency, _) in root.and_then(Value::as_table).into_iter().flatten() {
        if !all_dependencies(workspace).any(|(_, inherited, _)| inherited == dependency) {
            broken.push(format!("no package inherits {dependency} from the root manifest"));
        }
    }
    broken
}

fn all_dependencies(workspace: &Workspace) -> impl Iterator<Item = (&Member, &str, &Value)> {
    const KINDS: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];
    workspace.members.iter().flat_map(|member| {
        KINDS.iter().flat_map(move |kind| member.dependencies(kind).map(move |(name, value)| (member, name, value)))
    })
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

/// Whether `name` stands in `text` as a whole word.
fn names(text: &str, name: &str) -> bool {
    let of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(of_a_word) && !after.is_some_and(of_a_word)
    })
}
