//! Which files pygount looks at (`analysis.py`, `SourceScanner`).

use std::path::{Path, PathBuf};

/// A file and the folder that it was found for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) group: String,
}

/// The files under `paths`, sorted; links, hidden names, backups, `_svn` and `__pycache__` are left out.
pub(super) fn source_files(paths: &[PathBuf]) -> Vec<SourceFile> {
    let mut found = Vec::new();
    for path in paths {
        let name = last_name(path);
        if path.is_symlink() || is_skipped(&name, path.is_dir()) {
            continue;
        }
        if path.is_dir() {
            walk(path, &name, &mut found);
        } else {
            let group = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder.to_string_lossy().into_owned(),
                _ => std::env::current_dir().map(|folder| last_name(&folder)).unwrap_or_default(),
            };
            found.push(SourceFile { path: path.clone(), group });
        }
    }
    // By the text of the path, in which `-` comes before `/`; a path's own order goes part by part.
    found.sort_by(|a, b| (a.path.as_os_str(), &a.group).cmp(&(b.path.as_os_str(), &b.group)));
    found.dedup();
    found
}

fn walk(root: &Path, group: &str, found: &mut Vec<SourceFile>) {
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if is_skipped(&entry.file_name().to_string_lossy(), kind.is_dir()) {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(SourceFile { path: entry.path(), group: group.to_owned() });
            }
        }
    }
}

fn is_skipped(name: &str, is_folder: bool) -> bool {
    if is_folder {
        (name.starts_with('.') && name.len() > 1) || name == "_svn" || name == "__pycache__"
    } else {
        name.starts_with('.') || name.ends_with('~')
    }
}

/// The last part of a path as it is written, `.` for the current folder.
fn last_name(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}
