//! A bundle out of a git repository on disk, from its objects alone: no subprocess, hook, filter or work tree.

use super::bundle::{Bundle, MAX_FILE};
use gix::objs::tree::EntryKind;
use std::path::{Path, PathBuf};

/// Trees that are looked into at most.
const MAX_TREES: usize = 1_000;

/// The files of a bundle as a revision (or else `HEAD`) has them; `None` where no repository has this folder.
pub(super) fn read(source: &Path, revision: Option<&str>) -> Result<Option<Bundle>, String> {
    let Some((path, folder)) = repository_of(source) else { return Ok(None) };
    let is_top = folder.as_os_str().is_empty();
    let opened = gix::open_opts(path, gix::open::Options::isolated());
    // A folder below some repository, which need not be of it: unless a revision is asked for, it stands for itself.
    let (repository, name) = match (opened, revision) {
        (Ok(repository), _) if !is_top && revision.is_none() && repository.head_id().is_err() => return Ok(None),
        (Ok(repository), revision) => (repository, revision.unwrap_or("HEAD")),
        (Err(_), None) if !is_top => return Ok(None),
        (Err(error), _) => return Err(error.to_string()),
    };
    let unknown = |error: &dyn std::fmt::Display| format!("revision `{name}` cannot be read: {error}");
    let id = repository.rev_parse_single(name).map_err(|error| unknown(&error))?;
    let object = id.object().map_err(|error| unknown(&error))?;
    let commit = object.peel_to_commit().map_err(|error| unknown(&error))?;
    let top = commit.tree().map_err(|error| unknown(&error))?;
    let tree = if is_top {
        top.id
    } else {
        match top.lookup_entry_by_path(&folder).map_err(|error| unknown(&error))? {
            Some(entry) if entry.mode().is_tree() => entry.object_id(),
            _ => return Ok(None),
        }
    };
    let mut bundle = Bundle { commit: Some(commit.id.to_string()), ..Bundle::default() };
    fill(&mut bundle, &repository, tree)?;
    Ok(Some(bundle))
}

/// Whether there are files beside the objects.
pub(super) fn has_work_tree(source: &Path) -> bool {
    !is_bare(source)
}

/// The repository that a folder is the top of or lies in, and the folder below that top.
fn repository_of(source: &Path) -> Option<(PathBuf, PathBuf)> {
    if is_bare(source) {
        return Some((source.to_owned(), PathBuf::new()));
    }
    let real = source.canonicalize().ok()?;
    let top = real.ancestors().find(|above| above.join(".git").exists())?;
    Some((top.to_owned(), real.strip_prefix(top).ok()?.to_owned()))
}

fn is_bare(source: &Path) -> bool {
    !source.join(".git").exists() && source.join("HEAD").is_file() && source.join("objects").is_dir()
}

/// Adds what belongs to a bundle from a tree and the trees below it.
fn fill(bundle: &mut Bundle, repository: &gix::Repository, tree: gix::ObjectId) -> Result<(), String> {
    let mut open = vec![(String::new(), tree)];
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
    Ok(())
}
