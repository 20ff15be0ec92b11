//! What can go wrong with a project on disk, each with its stable code.

use crate::lock::Holder;
use codexa_model::Diagnostic;
use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};

/// An I/O error, and the path from the project's root that it struck.
#[derive(Debug)]
pub(crate) struct Failed {
    path: String,
    error: io::Error,
}

impl Failed {
    /// Names the path of an I/O error.
    pub(crate) fn at(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { path: path.into(), error }
    }
}

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The folder does not exist.
    #[error("{} does not exist", .0.display())]
    NotFound(PathBuf),
    /// The folder may not be read.
    #[error("{} may not be read by this user", .0.display())]
    Denied(PathBuf),
    /// The path is a file.
    #[error("{} is not a folder", .0.display())]
    NotADirectory(PathBuf),
    /// The folder could not be opened for another reason.
    #[error("{} could not be opened", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// Git's own data could not be read.
    #[error("the git repository at {} could not be read: {}", .path.display(), .reason)]
    Git {
        /// The repository.
        path: PathBuf,
        /// What was wrong, in the words of the reader.
        reason: String,
    },
    /// Every file is hidden by ignore rules.
    #[error("every file in {} is ignored; {}:{} `{}` hides the most ({} of {})", .root.display(), .source_file, .line, .pattern, .hides, .hidden)]
    EverythingIgnored {
        /// The project.
        root: PathBuf,
        /// The file that holds the rule.
        source_file: String,
        /// Its line, from 1.
        line: u32,
        /// The rule as written.
        pattern: String,
        /// Entries that this rule hides.
        hides: u64,
        /// Entries that any rule hides.
        hidden: u64,
    },
    /// Another run writes this project.
    #[error("{} is being written by {holder}", .root.display())]
    Locked {
        /// The project.
        root: PathBuf,
        /// Who holds the lock.
        holder: Holder,
    },
    /// The lock's file was removed or replaced while it was held, which lets another run in.
    #[error("{} was removed or replaced while this run held it", .0.display())]
    LockLost(PathBuf),
    /// The project cannot be written by this user.
    #[error("{} cannot be written", .0.display())]
    ReadOnly(PathBuf, #[source] io::Error),
    /// There is no room left.
    #[error("no room left to write {}", .0.display())]
    DiskFull(PathBuf, #[source] io::Error),
    /// A path that Codexa would write leaves the project, goes through a symbolic link or is not a regular file.
    #[error("{0} is not a path Codexa may write: it leaves the project, passes a symbolic link or is no regular file")]
    UnsafePath(String),
    /// Writing failed for another reason.
    #[error("{} could not be written", .0.display())]
    Write(PathBuf, #[source] io::Error),
    /// The user asked to stop. No tracked file was changed.
    #[error("stopped before anything was written")]
    Cancelled,
}

impl ProjectError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "DISCOVERY_PATH_NOT_FOUND",
            Self::Denied(_) => "DISCOVERY_PATH_DENIED",
            Self::NotADirectory(_) => "DISCOVERY_PATH_NOT_A_DIRECTORY",
            Self::Unreadable(..) => "DISCOVERY_PATH_UNREADABLE",
            Self::Git { .. } => "DISCOVERY_GIT_UNREADABLE",
            Self::EverythingIgnored { .. } => "DISCOVERY_EVERYTHING_IGNORED",
            Self::Locked { .. } => "PROJECT_LOCKED",
            Self::LockLost(_) => "PROJECT_LOCK_LOST",
            Self::ReadOnly(..) => "PROJECT_READ_ONLY",
            Self::DiskFull(..) => "PROJECT_DISK_FULL",
            Self::UnsafePath(_) => "PROJECT_UNSAFE_PATH",
            Self::Write(..) => "PROJECT_WRITE_FAILED",
            Self::Cancelled => "PROJECT_CANCELLED",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "check the path given with --project",
            Self::Denied(_) | Self::Unreadable(..) => "check the permissions of the folder and of those above it",
            Self::NotADirectory(_) => "give the project's folder, not a file in it",
            Self::Git { .. } => "check it with `git fsck`; nothing was written",
            Self::EverythingIgnored { .. } => "change the rule, or scan without ignore rules with --no-ignore",
            Self::Locked { .. } => "wait for the other run to end, then try again",
            Self::LockLost(_) => "run again once no other run is at work, and leave .codexa/state/ alone meanwhile",
            Self::ReadOnly(..) => "make the project writable; tracked files are as they were",
            Self::DiskFull(..) => "free some room and run again; tracked files are as they were",
            Self::UnsafePath(_) => "replace the symbolic link or special file by a folder or file of the project",
            Self::Write(..) => "tracked files are as they were, or the next run completes them",
            Self::Cancelled => "run the command again; tracked files are as they were",
        }
    }

    /// The error as every edge shows it.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let mut message = self.to_string();
        if let Some(source) = std::error::Error::source(self) {
            message.push_str(": ");
            message.push_str(&source.to_string());
        }
        Diagnostic::error(self.code(), message).with_help(self.help())
    }

    /// The error of looking at a folder.
    pub(crate) fn opening(path: &Path, error: io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound(path),
            io::ErrorKind::PermissionDenied => Self::Denied(path),
            io::ErrorKind::NotADirectory => Self::NotADirectory(path),
            _ => Self::Unreadable(path, error),
        }
    }

    /// The error of writing a file of the project at `root`.
    pub(crate) fn writing(root: &Path, failed: Failed) -> Self {
        let Failed { path, error } = failed;
        let path = root.join(path);
        if Errno::from_io_error(&error) == Some(Errno::LOOP) {
            return Self::UnsafePath(path.to_string_lossy().into_owned());
        }
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path, error),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::DiskFull(path, error)
            }
            io::ErrorKind::NotADirectory => Self::UnsafePath(path.to_string_lossy().into_owned()),
            _ => Self::Write(path, error),
        }
    }
}
