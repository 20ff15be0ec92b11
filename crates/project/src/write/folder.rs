//! A folder that is written to through its descriptor, so that no link leads elsewhere.

use crate::error::Failed;
use crate::path;
use crate::tree::Tree;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// A folder, open for changes of its entries.
#[derive(Debug)]
pub(crate) struct Folder {
    fd: OwnedFd,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Folder {
    /// The folder at a path that the user named.
    pub(crate) fn open_root(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { fd: rustix::fs::open(path, flags, Mode::empty())? })
    }

    /// A folder in this one.
    pub(crate) fn open(&self, name: &str) -> io::Result<Self> {
        Ok(Self { fd: rustix::fs::openat(&self.fd, &*path::raw(name), FOLDER, Mode::empty())? })
    }

    /// A folder in this one, made where it is missing.
    pub(crate) fn make(&self, name: &str) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.fd, &*path::raw(name), Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => self.open(name),
            // A folder that is there answers before the file system's being read-only does, on some kernels.
            Err(errno) => self.open(name).map_err(|_| errno.into()),
        }
    }

    /// A regular file in this folder.
    pub(crate) fn open_file(&self, name: &str, flags: OFlags, mode: Mode) -> io::Result<File> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = rustix::fs::openat(&self.fd, &*path::raw(name), flags, mode)?;
        let stat = rustix::fs::fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile {
            Ok(File::from(file))
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    /// What lies at a name; `None` where nothing does.
    pub(crate) fn kind(&self, name: &str) -> io::Result<Option<FileType>> {
        match rustix::fs::statat(&self.fd, &*path::raw(name), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Moves an entry, over what is there.
    pub(crate) fn rename(&self, name: &str, to: &Self, new_name: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.fd, &*path::raw(name), &to.fd, &*path::raw(new_name))?)
    }

    /// Lets two entries change their names.
    pub(crate) fn exchange(&self, name: &str, other: &str) -> io::Result<()> {
        let (name, other) = (path::raw(name), path::raw(other));
        Ok(rustix::fs::renameat_with(&self.fd, &*name, &self.fd, &*other, RenameFlags::EXCHANGE)?)
    }

    /// Gives a file a second name.
    pub(crate) fn link(&self, name: &str, to: &Self, new_name: &str) -> io::Result<()> {
        Ok(rustix::fs::linkat(&self.fd, &*path::raw(name), &to.fd, &*path::raw(new_name), AtFlags::empty())?)
    }

    /// Removes a file; that it is missing is well.
    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.fd, &*path::raw(name), AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.fd, &*path::raw(name), AtFlags::REMOVEDIR)?)
    }

    /// Forces the folder's entries to disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match rustix::fs::fsync(&self.fd) {
            // Some file systems cannot sync folders and need not.
            Ok(()) | Err(Errno::INVAL) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Removes all that is in it. Links go; what they lead to stays. `path` is the folder's own, for errors.
    pub(crate) fn clear(&self, path: &str) -> Result<(), Failed> {
        let mut levels = vec![self.level(".", path.to_owned())?];
        while let Some(level) = levels.last_mut() {
            let Some((name, kind)) = level.names.pop() else {
                let emptied = levels.pop();
                if let (Some(above), Some(emptied)) = (levels.last(), emptied) {
                    above.folder.remove_folder(&emptied.name).map_err(Failed::at(emptied.path))?;
                }
                continue;
            };
            let path = format!("{}/{name}", level.path);
            let kind = match kind {
                FileType::Unknown => level.folder.kind(&name).map_err(Failed::at(&*path))?,
                kind => Some(kind),
            };
            if kind != Some(FileType::Directory) {
                level.folder.remove_file(&name).map_err(Failed::at(path))?;
                continue;
            }
            let below = level.folder.level(&name, path.clone())?;
            if levels.len() >= LEVELS {
                return Err(Failed::at(path)(io::Error::other("folders are nested too deep to be removed")));
            }
            levels.push(below);
        }
        Ok(())
    }

    fn level(&self, name: &str, path: String) -> Result<Level, Failed> {
        let open = || {
            let folder = self.open(name)?;
            let names = names(folder.fd.as_fd())?;
            Ok((folder, names))
        };
        let (folder, names) = open().map_err(Failed::at(&*path))?;
        Ok(Level { folder, name: name.to_owned(), path, names })
    }
}

/// Folders that are open at once while a folder is cleared: each takes a descriptor, of which a process has some 1,000.
const LEVELS: usize = 128;

/// A folder that is being cleared.
struct Level {
    folder: Folder,
    /// Its name in the folder above.
    name: String,
    /// Its path from the project's root.
    path: String,
    /// What is still to be removed.
    names: Vec<(String, FileType)>,
}

fn names(fd: impl AsFd) -> io::Result<Vec<(String, FileType)>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(fd)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            names.push((path::text(name).into_string(), entry.file_type()));
        }
    }
    Ok(names)
}

/// Every file beneath a folder of the project, as paths from the root; none where there is no such folder.
pub(crate) fn files_beneath(tree: &Tree, folder: &str) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let names = match tree.open_folder(&path::raw(&folder)) {
            Ok(fd) => names(fd),
            Err(Errno::NOENT) => continue,
            Err(errno) => Err(errno.into()),
        };
        for (name, kind) in names.map_err(Failed::at(&*folder))? {
            let path = format!("{folder}/{name}");
            if kind == FileType::Directory { pending.push(path) } else { files.push(path) }
        }
    }
    Ok(files)
}
