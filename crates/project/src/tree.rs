//! A folder whose files are reached without leaving it.
//!
//! Every access starts from the folder's descriptor and refuses symbolic links at every step, so a folder that is swapped
//! for a link between two steps leads nowhere. Linux answers this with one `openat2` call; where that call is missing or
//! forbidden (old kernels, some container profiles) the path is walked part by part.

use crate::path;
use crate::stat::FileStat;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

/// A folder, open.
#[derive(Clone, Debug)]
pub struct Tree {
    root: Arc<OwnedFd>,
}

/// How a file is opened: for reading, without waiting for the other end of a FIFO, without becoming its terminal.
const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// How a folder is opened.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Most room that is made on a file's word: a sparse file says what it likes, and has nothing to show for it.
const RESERVED: usize = 4 << 20;

/// A file's bytes, and its state just before they were read.
#[derive(Debug)]
pub struct Bytes {
    /// The content.
    pub bytes: Vec<u8>,
    /// The state, for [`FileStat::is_unchanged_since`].
    pub stat: FileStat,
}

/// What lies in a folder, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Folders.
    pub folders: Vec<Vec<u8>>,
    /// Everything else: files, links, devices.
    pub others: Vec<Vec<u8>>,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// It is not there, or no longer.
    #[error("not there")]
    Missing,
    /// A symbolic link, here or on the way.
    #[error("a symbolic link, not followed")]
    Symlink,
    /// A folder, FIFO, socket or device.
    #[error("not a regular file")]
    Special,
    /// Larger than the caller allows.
    #[error("{size} bytes, more than the limit")]
    TooLarge {
        /// Bytes.
        size: u64,
    },
    /// This user may not read it.
    #[error("no permission")]
    Denied,
    /// The name leaves the folder.
    #[error("an unsafe name")]
    UnsafeName,
    /// Anything else.
    #[error("{0}")]
    Io(#[source] io::Error),
}

impl From<Errno> for NotRead {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::NOENT | Errno::NOTDIR => Self::Missing,
            Errno::LOOP | Errno::XDEV => Self::Symlink,
            Errno::NXIO | Errno::ISDIR | Errno::NODEV => Self::Special,
            Errno::ACCESS | Errno::PERM => Self::Denied,
            Errno::NAMETOOLONG => Self::UnsafeName,
            other => Self::Io(other.into()),
        }
    }
}

impl Tree {
    /// Opens a folder; symbolic links on the way to it are followed, as the caller named it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { root: Arc::new(rustix::fs::open(folder, flags, Mode::empty())?) })
    }

    /// The bytes of a regular file of at most `limit` bytes.
    ///
    /// Only a file's length is looked at before its bytes are; a file that grows meanwhile is cut off as too large.
    pub fn read(&self, raw: &[u8], limit: u64) -> Result<Bytes, NotRead> {
        let mut bytes = Vec::new();
        let stat = self.read_into(raw, limit, &mut bytes)?;
        Ok(Bytes { bytes, stat })
    }

    /// The same, in the place of what `bytes` held; gives the state just before.
    pub fn read_into(&self, raw: &[u8], limit: u64, bytes: &mut Vec<u8>) -> Result<FileStat, NotRead> {
        if !path::is_safe(raw) {
            return Err(NotRead::UnsafeName);
        }
        read_regular(self.open_beneath(raw, READ)?, limit, bytes)
    }

    /// The state of a regular file, without opening it.
    pub(crate) fn stat(&self, raw: &[u8]) -> Result<FileStat, NotRead> {
        let stat = self.look(raw)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(FileStat::of(&stat)),
            FileType::Symlink => Err(NotRead::Symlink),
            _ => Err(NotRead::Special),
        }
    }

    /// The names in a folder, sorted; empty means this folder itself.
    pub fn names(&self, raw: &[u8]) -> Result<Names, NotRead> {
        if !raw.is_empty() && !path::is_safe(raw) {
            return Err(NotRead::UnsafeName);
        }
        let folder = self.open_folder(raw)?;
        let mut names = Names::default();
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            let is_folder = match entry.file_type() {
                FileType::Directory => true,
                // Some file systems do not say it here.
                FileType::Unknown => rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)
                    .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory),
                _ => false,
            };
            if name != b"." && name != b".." {
                let list = if is_folder { &mut names.folders } else { &mut names.others };
                list.push(name.to_vec());
            }
        }
        names.folders.sort_unstable();
        names.others.sort_unstable();
        Ok(names)
    }

    /// What lies at a path, without opening it.
    pub(crate) fn look(&self, raw: &[u8]) -> Result<Stat, NotRead> {
        if !path::is_safe(raw) {
            return Err(NotRead::UnsafeName);
        }
        let at = raw.iter().rposition(|byte| *byte == b'/');
        let (folder, name) = at.map_or((&[][..], raw), |at| (raw.split_at(at).0, raw.split_at(at + 1).1));
        Ok(rustix::fs::statat(self.open_folder(folder)?, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Opens a folder beneath this one; empty means this one.
    pub(crate) fn open_folder(&self, raw: &[u8]) -> Result<OwnedFd, Errno> {
        if raw.is_empty() {
            return rustix::fs::openat(&*self.root, ".", FOLDER, Mode::empty());
        }
        self.open_beneath(raw, FOLDER)
    }

    fn open_beneath(&self, raw: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::ResolveFlags;
            let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            match rustix::fs::openat2(&*self.root, OsStr::from_bytes(raw), flags, Mode::empty(), resolve) {
                // No such call, a forbidden call, or a rename elsewhere kept the kernel from being sure.
                Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => {}
                other => return other,
            }
        }
        self.open_stepwise(raw, flags)
    }

    /// Opens a path part by part, each without following links.
    fn open_stepwise(&self, raw: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
        let mut parts = raw.split(|byte| *byte == b'/').peekable();
        let mut folder: Option<OwnedFd> = None;
        while let Some(part) = parts.next() {
            if part.is_empty() || part == b".." || part == b"." {
                return Err(Errno::XDEV);
            }
            let flags = if parts.peek().is_some() { FOLDER } else { flags };
            let from = folder.as_ref().map_or(self.root.as_fd(), AsFd::as_fd);
            let opened = match rustix::fs::openat(from, part, flags, Mode::empty()) {
                // With O_DIRECTORY a link answers as "not a folder"; tell the two apart.
                Err(Errno::NOTDIR) if is_symlink(from, part) => Err(Errno::LOOP),
                other => other,
            }?;
            if parts.peek().is_none() {
                return Ok(opened);
            }
            folder = Some(opened);
        }
        Err(Errno::NOENT)
    }
}

fn is_symlink(folder: impl AsFd, name: &[u8]) -> bool {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}

/// Reads a file of an open folder, whose name has no `/`.
pub(crate) fn read_in(folder: impl AsFd, name: &[u8], limit: u64) -> Result<Bytes, NotRead> {
    let mut bytes = Vec::new();
    let stat = read_regular(rustix::fs::openat(folder, name, READ, Mode::empty())?, limit, &mut bytes)?;
    Ok(Bytes { bytes, stat })
}

/// Reads a file of git's own folder. Git lets folders there be links; what lies at the path itself is not followed.
pub(crate) fn read_path(path: &Path, limit: u64) -> Result<Bytes, NotRead> {
    let mut bytes = Vec::new();
    let stat = read_regular(rustix::fs::open(path, READ, Mode::empty())?, limit, &mut bytes)?;
    Ok(Bytes { bytes, stat })
}

/// The first `limit` bytes of such a file, and whether there are more.
pub(crate) fn read_start(path: &Path, limit: u64) -> Result<(Vec<u8>, bool), NotRead> {
    let file = rustix::fs::open(path, READ, Mode::empty())?;
    let stat = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(NotRead::Special);
    }
    let size = FileStat::of(&stat).size;
    let mut bytes = Vec::new();
    make_room(&mut bytes, size.min(limit))?;
    File::from(file).take(limit).read_to_end(&mut bytes).map_err(NotRead::Io)?;
    Ok((bytes, size > limit))
}

/// Makes room for a file of that size and the byte that tells its end.
fn make_room(bytes: &mut Vec<u8>, size: u64) -> Result<(), NotRead> {
    let room = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1).min(RESERVED);
    bytes.try_reserve(room).map_err(|error| NotRead::Io(error.into()))
}

fn read_regular(file: OwnedFd, limit: u64, bytes: &mut Vec<u8>) -> Result<FileStat, NotRead> {
    bytes.clear();
    let stat = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(NotRead::Special);
    }
    let stat = FileStat::of(&stat);
    if stat.size > limit {
        return Err(NotRead::TooLarge { size: stat.size });
    }
    make_room(bytes, stat.size)?;
    File::from(file).take(limit.saturating_add(1)).read_to_end(bytes).map_err(NotRead::Io)?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(NotRead::TooLarge { size });
    }
    Ok(stat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use codexa_testkit::GitRepository;
    use std::os::unix::fs::symlink;

    #[test]
    fn abuse_30_the_step_by_step_way_is_as_strict_as_the_kernel_s() {
        let folder = GitRepository::folder();
        folder.write("a/b/file", "inside");
        std::fs::write(folder.beside("outside"), "outside").unwrap();
        for (target, link) in
            [("../outside", "out"), ("/etc", "etc"), ("a", "inner"), ("loop", "loop"), ("b", "a/link")]
        {
            symlink(target, folder.path().join(link)).unwrap();
        }
        let tree = Tree::open(folder.path()).unwrap();
        let outcome = |opened: Result<OwnedFd, Errno>| {
            let mut bytes = Vec::new();
            match opened.map_err(NotRead::from).and_then(|fd| read_regular(fd, 99, &mut bytes)) {
                Ok(_) => String::from_utf8(bytes).unwrap(),
                Err(error) => error.to_string(),
            }
        };
        for path in [
            "a/b/file",
            "a/b",
            "a/link/file",
            "inner/b/file",
            "out",
            "etc/passwd",
            "loop",
            "none",
            "a/none/x",
            "a/b/file/x",
        ] {
            let by_steps = outcome(tree.open_stepwise(path.as_bytes(), READ));
            assert_eq!(by_steps, outcome(tree.open_beneath(path.as_bytes(), READ)), "{path}");
        }
        for path in ["../outside", "a/../../outside", "/etc/passwd"] {
            assert!(tree.open_stepwise(path.as_bytes(), READ).is_err(), "{path}");
        }
    }
}
