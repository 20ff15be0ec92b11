//! One writer at a time.

use crate::error::Failed;
use crate::find::{Kind, Project};
use crate::write::folder::Folder;
use crate::{FOLDER, ProjectError};
use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// The folder of what Codexa keeps for itself in a project; git ignores it.
pub(crate) const STATE: &str = "state";
const LOCK: &str = "lock";
/// The lock's path from the project's root.
const PATH: &str = ".codexa/state/lock";
const POLL: Duration = Duration::from_millis(50);
/// How often the lock's file may be found replaced before that is an error.
const RETRIES: u32 = 16;

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Since when, in seconds since 1970.
    pub since: u64,
    /// What it does, e.g. `codexa discover`.
    pub what: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("another run");
        }
        write!(f, "`{}` (process {}, for {} s)", self.what, self.pid, now().saturating_sub(self.since))
    }
}

/// The right to write a project's files. It ends with the value, also when the process dies.
#[derive(Debug)]
pub struct Lock {
    pub(crate) project: Project,
    /// The project's root.
    pub(crate) root: Folder,
    /// `.codexa/`, reached without links.
    pub(crate) folder: Folder,
    /// Holding it open holds the lock.
    file: File,
}

impl Drop for Lock {
    /// Releases the lock also where a process that is just being started still shares the open file.
    fn drop(&mut self) {
        let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
    }
}

impl Lock {
    /// Takes the lock for `what`, waiting for at most `patience`; `waiting` is told once who holds it. `cancelled` is asked
    /// while it waits, and ends that.
    ///
    /// What an interrupted writer left behind is completed or undone before the lock is handed out.
    pub fn acquire(
        project: &Project,
        what: &str,
        patience: Duration,
        waiting: impl FnOnce(&Holder),
        cancelled: impl Fn() -> bool,
    ) -> Result<Self, ProjectError> {
        let writing = |failed| ProjectError::writing(project.root(), failed);
        if project.kind() == Kind::Bare {
            return Err(writing(Failed::at(FOLDER)(io::ErrorKind::ReadOnlyFilesystem.into())));
        }
        let (root, folder, mut file) = wait(project, patience, waiting, cancelled)?;
        let holder = Holder { pid: std::process::id(), since: now(), what: what.to_owned() };
        write_holder(&mut file, &holder).map_err(Failed::at(PATH)).map_err(writing)?;
        let lock = Self { project: project.clone(), root, folder, file };
        crate::write::recover(&lock)?;
        Ok(lock)
    }

    /// Whether it still keeps others out: who removes its file lets them in.
    pub(crate) fn check(&self) -> Result<(), ProjectError> {
        if is_in_place(&self.project, &self.file) { Ok(()) } else { Err(lost(&self.project)) }
    }

    /// The project that may be written.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.project
    }
}

/// The project's root, `.codexa/` in it and the lock's file in that, made where they are missing.
fn open(project: &Project) -> Result<(Folder, Folder, File), Failed> {
    let root = Folder::open_root(project.root()).map_err(Failed::at(FOLDER))?;
    let folder = root.make(FOLDER).map_err(Failed::at(FOLDER))?;
    let state = folder.make(STATE).map_err(Failed::at(format!("{FOLDER}/{STATE}")))?;
    keep_out_of_git(&state).map_err(Failed::at(format!("{FOLDER}/{STATE}/.gitignore")))?;
    let flags = OFlags::RDWR | OFlags::CREATE;
    let file = state.open_file(LOCK, flags, Mode::from_raw_mode(0o666)).map_err(Failed::at(PATH))?;
    Ok((root, folder, file))
}

/// Whether the file is the one that others find under the lock's name.
fn is_in_place(project: &Project, file: &File) -> bool {
    let Ok(held) = rustix::fs::fstat(file) else { return false };
    let there = project.tree().look(PATH.as_bytes());
    there.is_ok_and(|there| (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino))
}

fn lost(project: &Project) -> ProjectError {
    ProjectError::LockLost(project.root().join(PATH))
}

#[expect(clippy::disallowed_methods, reason = "flock can wait for ever or not at all; a bounded wait has to ask again")]
fn wait(
    project: &Project,
    patience: Duration,
    waiting: impl FnOnce(&Holder),
    cancelled: impl Fn() -> bool,
) -> Result<(Folder, Folder, File), ProjectError> {
    let writing = |failed| ProjectError::writing(project.root(), failed);
    let start = Instant::now();
    let mut waiting = Some(waiting);
    let mut lost_again = 0;
    let (mut root, mut folder, mut file) = open(project).map_err(writing)?;
    loop {
        if cancelled() {
            return Err(ProjectError::Cancelled);
        }
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) if is_in_place(project, &file) => return Ok((root, folder, file)),
            // Removed since it was opened, as `git clean` does: whoever comes next would lock another file.
            Ok(()) if lost_again < RETRIES => {
                lost_again += 1;
                (root, folder, file) = open(project).map_err(writing)?;
                continue;
            }
            Ok(()) => return Err(lost(project)),
            Err(Errno::WOULDBLOCK) => {}
            Err(errno) => return Err(writing(Failed::at(PATH)(errno.into()))),
        }
        if start.elapsed() >= patience {
            return Err(ProjectError::Locked { root: project.root().to_path_buf(), holder: read_holder(&mut file) });
        }
        if let Some(waiting) = waiting.take() {
            waiting(&read_holder(&mut file));
        }
        thread::sleep(POLL.min(patience.saturating_sub(start.elapsed())));
    }
}

/// The holder as written; a process that has just taken the lock may not have signed it yet.
fn read_holder(file: &mut File) -> Holder {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(4096).read_to_string(&mut text));
    read.ok().and_then(|_| serde_json::from_str(&text).ok()).unwrap_or(Holder { pid: 0, since: 0, what: String::new() })
}

fn write_holder(file: &mut File, holder: &Holder) -> io::Result<()> {
    let text = serde_json::to_string(holder).map_err(io::Error::other)?;
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

/// A project that was never initialised has no `.gitignore` for the folder; it brings its own.
fn keep_out_of_git(state: &Folder) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
    match state.open_file(".gitignore", flags, Mode::from_raw_mode(0o666)) {
        // An empty one, as a full disk leaves it, would keep nothing out, and the next run would take it for written.
        Ok(mut file) => file.write_all(b"*\n").inspect_err(|_| drop(state.remove_file(".gitignore"))),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[expect(clippy::disallowed_methods, reason = "since when a lock is held is for people, and in no manifest")]
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
