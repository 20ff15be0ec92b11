//! Files that only this machine needs, under `.codexa/state/`: caches, which may be deleted at any time.
//!
//! The project may belong to a stranger, and what lies here may have come with it. Nothing is reached through a link, only
//! regular files of this user's own with one name are read or written, and what is new is a new file.

use crate::write::folder::Folder;
use crate::{FOLDER, Project};
use rustix::fs::{FileType, Mode, OFlags};
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;

/// One folder under `.codexa/state/`.
#[derive(Debug)]
pub struct Scratch {
    folder: Folder,
}

impl Scratch {
    /// The folder of this name, made where it is missing.
    pub fn make(project: &Project, name: &str) -> io::Result<Self> {
        let folder = Folder::open_root(project.root())?.make(FOLDER)?.make("state")?.make(name)?;
        Ok(Self { folder })
    }

    /// The folder of this name.
    pub fn open(project: &Project, name: &str) -> io::Result<Self> {
        let folder = Folder::open_root(project.root())?.open(FOLDER)?.open("state")?.open(name)?;
        Ok(Self { folder })
    }

    /// A file to read.
    pub fn read(&self, name: &str) -> io::Result<File> {
        own(self.folder.open_file(name, OFlags::RDONLY, Mode::empty())?)
    }

    /// A file to read, and to write at the end of.
    pub fn extend(&self, name: &str) -> io::Result<File> {
        own(self.folder.open_file(name, OFlags::RDWR, Mode::empty())?)
    }

    /// A new file, in the place of what lies at its name.
    pub fn create(&self, name: &str) -> io::Result<File> {
        self.folder.remove_file(name)?;
        self.folder.open_file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, Mode::from_raw_mode(0o666))
    }

    /// Puts a file in the place of another, which is gone then.
    ///
    /// The two change their names: where one is renamed over another, ext4 begins to write the new one to disk at once, so
    /// that whoever does so without forcing it there first does not lose both. What lies here may be lost.
    pub fn put(&self, name: &str, to: &str) -> io::Result<()> {
        let is_file = self.folder.kind(to)? == Some(FileType::RegularFile);
        // Some file systems cannot.
        if is_file && self.folder.exchange(name, to).is_ok() {
            return self.folder.remove_file(name);
        }
        self.folder.rename(name, &self.folder, to)
    }

    /// Removes a file; that it is missing is well.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        self.folder.remove_file(name)
    }
}

/// The file, where it is this user's own and has no name elsewhere.
fn own(file: File) -> io::Result<File> {
    let metadata = file.metadata()?;
    let is_own = metadata.nlink() == 1 && metadata.uid() == rustix::process::geteuid().as_raw();
    if is_own { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}
