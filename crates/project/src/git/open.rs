//! Opening a stranger's repository.

use super::reason;
use crate::ProjectError;
use crate::lacks::Lack;
use crate::tree::read_path;
use gix::open::Options;
use gix::sec::Trust;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// A git repository, open for reading. It can be shared between threads.
#[derive(Clone)]
pub struct Repository {
    pub(crate) inner: gix::ThreadSafeRepository,
    git_dir: PathBuf,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("git_dir", &self.git_dir).finish()
    }
}

/// Files of a git folder that are opened by name. One that is a FIFO would make the reader wait for ever.
const PLAIN_FILES: [&str; 9] = [
    "HEAD",
    "config",
    "config.worktree",
    "index",
    "packed-refs",
    "shallow",
    "commondir",
    "gitdir",
    "objects/info/alternates",
];

/// Longest file that names a folder.
const POINTER_LIMIT: u64 = 8 << 10;

impl Repository {
    /// Opens the repository whose data lies at `git_dir`: a `.git` folder, a `.git` file (linked worktree, submodule) or
    /// a bare repository.
    ///
    /// The repository is opened as not trusted: only what its format needs is taken from its configuration. Replacement
    /// refs are off, for they are of one clone and would make history differ between two.
    pub fn open(git_dir: &Path) -> Result<Self, ProjectError> {
        let own = leads_to(git_dir, b"gitdir:");
        let common = leads_to(&own.join("commondir"), b"");
        for folder in [&own, &common] {
            refuse_special_files(folder)?;
        }
        let options = Options::isolated()
            .with(Trust::Reduced)
            .open_path_as_is(true)
            .config_overrides(["core.useReplaceRefs=false", "gitoxide.objects.allocLimitIfReducedTrust=268435456"]);
        let inner = options
            .open(git_dir)
            .map_err(|error| ProjectError::Git { path: git_dir.to_path_buf(), reason: reason(&error) })?;
        let git_dir = inner.to_thread_local().git_dir().to_path_buf();
        Ok(Self { inner, git_dir })
    }

    /// Its objects, for readers of history. What the repository's configuration says stays without effect.
    #[must_use]
    pub fn objects(&self) -> &gix::ThreadSafeRepository {
        &self.inner
    }

    /// Whether the folder is a git folder itself, as a bare repository is.
    #[must_use]
    pub fn is_git_folder(folder: &Path) -> bool {
        folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
    }

    /// Where the repository's data lies; for a linked worktree its own part of it.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// Where the data lies that linked worktrees share.
    #[must_use]
    pub fn common_dir(&self) -> PathBuf {
        self.inner.to_thread_local().common_dir().to_path_buf()
    }

    /// Whether this is a linked worktree (`git worktree add`).
    #[must_use]
    pub fn is_linked_worktree(&self) -> bool {
        self.git_dir.join("commondir").is_file()
    }

    /// What the repository as a whole lacks: history (shallow). Objects that are missing are told by who needs them.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let repository = self.inner.to_thread_local();
        let mut lacks = Vec::new();
        if repository.is_shallow().unwrap_or(true) {
            lacks.push(Lack::ShallowHistory);
        }
        lacks
    }

    pub(super) fn error(&self, error: &(dyn std::error::Error + 'static)) -> ProjectError {
        ProjectError::Git { path: self.git_dir.clone(), reason: reason(error) }
    }
}

/// The folder that a file names after `mark`, as linked worktrees and submodules do; the path itself where it does not.
fn leads_to(path: &Path, mark: &[u8]) -> PathBuf {
    let named = fs::canonicalize(path).ok().and_then(|file| read_path(&file, POINTER_LIMIT).ok());
    let named = named.as_ref().and_then(|read| read.bytes.strip_prefix(mark)).map(<[u8]>::trim_ascii);
    match (named, path.parent()) {
        (Some(name), Some(folder)) => folder.join(OsStr::from_bytes(name)),
        _ => path.to_path_buf(),
    }
}

fn refuse_special_files(git_dir: &Path) -> Result<(), ProjectError> {
    for name in PLAIN_FILES {
        let path = git_dir.join(name);
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(ProjectError::Git {
                path: git_dir.to_path_buf(),
                reason: format!("{name} is not a regular file"),
            });
        }
    }
    Ok(())
}
