//! A folder that is written to through its descriptor, so that no link leads elsewhere.

use crate::path;
use crate::tree::Tree;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
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

    /// The names of its files.
    pub(crate) fn file_names(&self) -> io::Result<Vec<String>> {
        Ok(names(self.fd.as_fd())?
            .into_iter()
            .filter(|(_, kind)| *kind != FileType::Directory)
            .map(|(name, _)| name)
            .collect())
    }
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
pub(crate) fn files_beneath(tree: &Tree, folder: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let fd = match tree.open_folder(&path::raw(&folder)) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => continue,
            Err(errno) => return Err(errno.into()),
        };
        for (name, kind) in names(fd)? {
            let path = format!("{folder}/{name}");
            if kind == FileType::Directory { pending.push(path) } else { files.push(path) }
        }
    }
    Ok(files)
}
