//! Pages for people: their links lead somewhere.

use crate::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Links of the pages at the root and under `docs/` that lead to no file of the repository. What lies in `docs/evidence/`
/// quotes other repositories and is not looked at.
#[must_use]
pub fn links_lead_somewhere(workspace: &Workspace) -> Vec<String> {
    let mut broken = Vec::new();
    for page in pages(workspace) {
        let text = workspace.text(&page).unwrap_or_default();
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        for target in links(&text) {
            let path = target.split('#').next().unwrap_or(target);
            if !path.is_empty() && !workspace.root.join(folder).join(path).exists() {
                broken.push(format!("{page} links to {target}, which is not there"));
            }
        }
    }
    broken
}

/// Paths of the pages, sorted.
fn pages(workspace: &Workspace) -> Vec<String> {
    let mut open: Vec<PathBuf> = vec![PathBuf::new()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let is_root = folder.as_os_str().is_empty();
        for entry in fs::read_dir(workspace.root.join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            if workspace.root.join(&path).is_dir()
                && (!is_root || path == Path::new("docs"))
                && !path.ends_with("evidence")
            {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.extend(path.to_str().map(str::to_owned));
            }
        }
    }
    found.sort();
    found
}

/// Targets of `[text](target)`, but not those that begin with a scheme.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|target| !target.contains("://"))
}
