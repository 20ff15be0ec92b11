//! Replacing the control plane whole: a new directory beside it, made durable, then one exchange of names.

use super::bundle::{Bundle, Origin};
use super::{ORIGIN, PRISTINE, PlaneError};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Prefix of directories that are being prepared; what a crash leaves of them is removed by the next sync.
const PREPARED: &str = ".codexa-new-";
/// Entries of a control plane that belong to no bundle and move along, at most.
const MAX_FOREIGN: usize = 10_000;

/// Held while installing; freed when dropped.
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock of a control plane, without waiting.
pub(super) fn lock(plane: &Path) -> Result<Lock, PlaneError> {
    let parent = parent(plane)?;
    fs::create_dir_all(&parent).map_err(|source| failed(&parent, source))?;
    let path = parent.join(".codexa.lock");
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|source| failed(&path, source))?;
    match file.try_lock() {
        Ok(()) => {
            recover(plane).map_err(|source| failed(plane, source))?;
            Ok(Lock { _file: file })
        }
        Err(fs::TryLockError::WouldBlock) => Err(PlaneError::Busy(path)),
        Err(fs::TryLockError::Error(source)) => Err(failed(&path, source)),
    }
}

/// Makes a control plane where there is none. The caller holds the lock.
pub(super) fn install<'f>(plane: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Result<(), PlaneError> {
    let prepared = prepare(&parent(plane)?)?;
    for (path, bytes) in files {
        write(&prepared.path().join(path), bytes)?;
    }
    finish(prepared, plane)
}

/// Puts a bundle, its pristine copy and all that belongs to no bundle in the place of the control plane. The caller holds
/// the lock.
pub(super) fn replace(plane: &Path, bundle: &Bundle, origin: &Origin) -> Result<(), PlaneError> {
    let plane = &plane.canonicalize().unwrap_or_else(|_| plane.to_owned());
    let parent = parent(plane)?;
    remove_leftovers(&parent);
    let prepared = prepare(&parent)?;
    let new = prepared.path();
    for (path, bytes) in &bundle.files {
        write(&new.join(path), bytes)?;
        write(&new.join(PRISTINE).join("files").join(path), bytes)?;
    }
    let origin = serde_json::to_vec_pretty(origin).unwrap_or_default();
    write(&new.join(PRISTINE).join(ORIGIN), &origin)?;
    if plane.is_dir() {
        copy_foreign(plane, new)?;
    }
    finish(prepared, plane)
}

fn prepare(parent: &Path) -> Result<tempfile::TempDir, PlaneError> {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    let directory = tempfile::Builder::new().prefix(PREPARED).permissions(permissions).tempdir_in(parent);
    directory.map_err(|source| failed(parent, source))
}

/// Exchanges the prepared directory with the control plane, or names it so where there is none. The old one is removed
/// with the prepared directory's name, after the exchange is durable.
fn finish(prepared: tempfile::TempDir, plane: &Path) -> Result<(), PlaneError> {
    let error = |source: std::io::Error| failed(plane, source);
    sync_folders(prepared.path()).map_err(error)?;
    let is_new = plane.symlink_metadata().is_err();
    let flags = if is_new { RenameFlags::NOREPLACE } else { RenameFlags::EXCHANGE };
    match renameat_with(CWD, prepared.path(), CWD, plane, flags) {
        // Not every file system has these flags.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if is_new => fs::rename(prepared.path(), plane),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => one_after_the_other(prepared.path(), plane),
        done => done.map_err(Into::into),
    }
    .map_err(error)?;
    sync_folder(&parent(plane)?).map_err(error)?;
    if is_new {
        let _gone = prepared.keep();
    }
    Ok(())
}

/// Exchanges two directories by renames alone: the old one aside, the new one in its place. For a moment there is no
/// control plane; what a crash then leaves is put right by whoever takes the lock next.
fn one_after_the_other(new: &Path, plane: &Path) -> std::io::Result<()> {
    let aside = aside(plane)?;
    fs::rename(plane, &aside)?;
    if let Err(error) = fs::rename(new, plane) {
        fs::rename(&aside, plane)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

/// Where the old control plane is while the new one takes its place.
fn aside(plane: &Path) -> std::io::Result<PathBuf> {
    let name = plane.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| std::io::Error::other("it has no name"))?;
    Ok(plane.with_file_name(format!(".codexa-old-{name}")))
}

/// Ends what a crash interrupted: the old control plane comes back where there is no other, and goes where there is.
fn recover(plane: &Path) -> std::io::Result<()> {
    let linked = || plane.read_link().ok().map(|target| plane.with_file_name(target));
    let plane = plane.canonicalize().ok().or_else(linked).unwrap_or_else(|| plane.to_owned());
    let aside = aside(&plane)?;
    match (aside.is_dir(), plane.symlink_metadata().is_ok()) {
        (false, _) => Ok(()),
        (true, false) => fs::rename(&aside, &plane),
        (true, true) => fs::remove_dir_all(&aside),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), PlaneError> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| failed(path, source))
}

/// Copies what belongs to no bundle: files that people or other tools keep in the same folder.
fn copy_foreign(old: &Path, new: &Path) -> Result<(), PlaneError> {
    let mut open = vec![PathBuf::new()];
    let mut seen = 0_usize;
    while let Some(below) = open.pop() {
        let folder = old.join(&below);
        for entry in fs::read_dir(&folder).map_err(|source| failed(&folder, source))? {
            let entry = entry.map_err(|source| failed(&folder, source))?;
            let path = below.join(entry.file_name());
            let name = path.to_string_lossy();
            if name == PRISTINE || Bundle::belongs(&name) || Bundle::belongs(&format!("{name}/")) {
                continue;
            }
            seen += 1;
            let mut copy = || -> std::io::Result<()> {
                let kind = entry.file_type()?;
                if seen > MAX_FOREIGN {
                    return Err(std::io::Error::other(format!(
                        "more than {MAX_FOREIGN} further files beside the bundle"
                    )));
                } else if kind.is_symlink() {
                    std::os::unix::fs::symlink(fs::read_link(entry.path())?, new.join(&path))?;
                } else if kind.is_dir() {
                    fs::create_dir_all(new.join(&path))?;
                    open.push(path.clone());
                } else if kind.is_file() {
                    fs::copy(entry.path(), new.join(&path))?;
                }
                Ok(())
            };
            copy().map_err(|source| failed(&entry.path(), source))?;
        }
    }
    Ok(())
}

fn remove_leftovers(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREPARED)) {
        // One that cannot be removed costs space and nothing else; the next sync tries again.
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn sync_folders(top: &Path) -> std::io::Result<()> {
    let mut open = vec![top.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            }
        }
        sync_folder(&folder)?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent(plane: &Path) -> Result<PathBuf, PlaneError> {
    let parent = plane.parent().map(Path::to_path_buf);
    parent.ok_or_else(|| failed(plane, std::io::Error::other("it has no parent folder")))
}

fn failed(path: &Path, source: std::io::Error) -> PlaneError {
    PlaneError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(path: &Path, text: &str) {
        fs::create_dir(path).unwrap();
        fs::write(path.join("core.yaml"), text).unwrap();
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path.join("core.yaml")).unwrap()
    }

    /// No file system at hand lacks the exchange, so its replacement is called by name.
    #[test]
    fn two_directories_change_places_without_an_exchange() {
        let world = tempfile::tempdir().unwrap();
        let (plane, new) = (world.path().join("codexa"), world.path().join(".codexa-new-1"));
        directory(&plane, "old");
        directory(&new, "new");
        one_after_the_other(&new, &plane).unwrap();
        assert_eq!((text(&plane), text(&new)), ("new".to_owned(), "old".to_owned()));
        assert!(!aside(&plane).unwrap().exists());

        fs::remove_dir_all(&new).unwrap();
        one_after_the_other(&new, &plane).unwrap_err();
        assert_eq!(text(&plane), "new");
    }

    #[test]
    fn the_next_lock_ends_what_a_crash_interrupted() {
        let world = tempfile::tempdir().unwrap();
        let plane = world.path().join("codexa");
        directory(&aside(&plane).unwrap(), "old");
        drop(lock(&plane).unwrap());
        assert_eq!(text(&plane), "old");

        directory(&aside(&plane).unwrap(), "older");
        drop(lock(&plane).unwrap());
        assert_eq!(text(&plane), "old");
        assert!(!aside(&plane).unwrap().exists());
    }
}
