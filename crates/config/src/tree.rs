//! The files below a directory, within bounds.

use std::path::Path;

/// Files and folders that are looked at before giving up.
const MAX_ENTRIES: usize = 5_000;

/// What lies below a directory: paths relative to it, with `/` between their parts, sorted.
#[derive(Debug, Default)]
pub(crate) struct Below {
    /// Regular files.
    pub(crate) files: Vec<String>,
    /// Links and special files, and whatever has a name that is not UTF-8 (shown as well as it can be).
    pub(crate) others: Vec<String>,
}

/// All files below a directory; no link is followed.
///
/// # Errors
/// When a directory cannot be read, or holds more than 5,000 entries in all.
pub(crate) fn below(directory: &Path) -> std::io::Result<Below> {
    let mut found = Below::default();
    let mut open = vec![String::new()];
    let mut seen = 0_usize;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(directory.join(&folder))? {
            let entry = entry?;
            seen += 1;
            if seen > MAX_ENTRIES {
                return Err(std::io::Error::other(format!("more than {MAX_ENTRIES} files and folders")));
            }
            let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                found.others.push(path(&name.to_string_lossy()));
                continue;
            };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(path(name));
            } else if kind.is_file() {
                found.files.push(path(name));
            } else {
                found.others.push(path(name));
            }
        }
    }
    found.files.sort();
    found.others.sort();
    Ok(found)
}
