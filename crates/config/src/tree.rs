//! The regular files below a directory, within bounds.

use std::path::Path;

/// Files and folders that are looked at before giving up.
const MAX_ENTRIES: usize = 5_000;

/// The paths of all regular files below a directory, relative to it, with `/` between their parts, sorted. Symbolic links
/// and names that are not UTF-8 are left out.
///
/// # Errors
/// When a directory cannot be read, or holds more than 5,000 entries in all.
pub(crate) fn files_below(directory: &Path) -> std::io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut open = vec![String::new()];
    let mut seen = 0_usize;
    while let Some(below) = open.pop() {
        for entry in std::fs::read_dir(directory.join(&below))? {
            let entry = entry?;
            seen += 1;
            if seen > MAX_ENTRIES {
                return Err(std::io::Error::other(format!("more than {MAX_ENTRIES} files and folders")));
            }
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
