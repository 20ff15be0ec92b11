//! A bundle out of a git repository on disk, from its objects alone: no subprocess, hook, filter or work tree.

use super::bundle::{Bundle, MAX_FILE};
use gix::objs::tree::EntryKind;

/// Trees that are looked into at most.
const MAX_TREES: usize = 1_000;

/// The files of a bundle as a revision has them.
pub(super) fn read(path: &std::path::Path, revision: &str) -> Result<Bundle, String> {
    let repository = gix::open_opts(path, gix::open::Options::isolated()).map_err(|error| error.to_string())?;
    let unknown = |error: &dyn std::fmt::Display| format!("revision `{revision}` cannot be read: {error}");
    let id = repository.rev_parse_single(revision).map_err(|error| unknown(&error))?;
    let object = id.object().map_err(|error| unknown(&error))?;
    let commit = object.peel_to_commit().map_err(|error| unknown(&error))?;
    let mut bundle = Bundle { commit: Some(commit.id.to_string()), ..Bundle::default() };
    let mut open = vec![(String::new(), commit.tree().map_err(|error| unknown(&error))?.id)];
    let mut trees = 0_usize;
    while let Some((below, tree)) = open.pop() {
        trees += 1;
        if trees > MAX_TREES {
            return Err(format!("it holds more than {MAX_TREES} folders"));
        }
        let tree = repository.find_tree(tree).map_err(|error| error.to_string())?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| error.to_string())?;
            let name = std::str::from_utf8(entry.filename()).map_err(|_| "a file name is not UTF-8".to_owned())?;
            if matches!(name, "" | "." | "..") || name.contains('/') {
                return Err(format!("`{below}{name}` is not a file name"));
            }
            let path = format!("{below}{name}");
            match entry.mode().kind() {
                EntryKind::Tree if Bundle::belongs(&format!("{path}/")) => {
                    open.push((format!("{path}/"), entry.object_id()));
                }
                EntryKind::Blob | EntryKind::BlobExecutable if Bundle::belongs(&path) => {
                    let size = repository.find_header(entry.object_id()).map_err(|error| error.to_string())?.size();
                    if size > MAX_FILE {
                        return Err(format!("`{path}` is larger than {MAX_FILE} bytes"));
                    }
                    let blob = repository.find_blob(entry.object_id()).map_err(|error| error.to_string())?;
                    bundle.add(path, blob.data.clone())?;
                }
                EntryKind::Link | EntryKind::Commit if Bundle::belongs(&path) => {
                    return Err(format!("`{path}` is not a regular file"));
                }
                _ => {}
            }
        }
    }
    Ok(bundle)
}
