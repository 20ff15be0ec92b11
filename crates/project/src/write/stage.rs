//! The stage of a transaction: from wanted contents to swapped files.

use super::folder::Folder;
use super::journal::{self, Folders, Journal, REDO, STAGE, Swap, UNDO, in_stage, kept, staged};
use super::{Step, Watch};
use crate::error::Failed;
use crate::lock::{Lock, STATE};
use crate::{FOLDER, ProjectError};
use rustix::fs::{FileType, Mode, OFlags};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::iter;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many files are staged, and open, before they are forced to disk together: forced one by one while others are still
/// staged, some file systems write the block that holds the states of both for each of them anew.
const STAGED_AT_ONCE: usize = 128;
/// How many files are forced to disk at a time. They wait; they do not work. A file system gathers what waits for the same
/// write of its own journal.
const FORCED_AT_ONCE: usize = 8;

/// An open stage.
pub(super) struct Stage<'a> {
    lock: &'a Lock,
    wanted: BTreeMap<String, Option<Vec<u8>>>,
    state: Folder,
    folder: Folder,
    /// Folders that were made for new files, outermost first.
    made: Vec<String>,
}

/// Where a commit failed.
enum Failure {
    /// Nothing was changed.
    Before(Failed),
    /// Some files were swapped.
    During(Failed),
}

impl<'a> Stage<'a> {
    pub(super) fn new(lock: &'a Lock, wanted: BTreeMap<String, Option<Vec<u8>>>) -> Result<Self, ProjectError> {
        let open = || {
            let state = lock.folder.open(STATE).map_err(Failed::at(format!("{FOLDER}/{STATE}")))?;
            let folder = state.make(STAGE).map_err(Failed::at(in_stage("")))?;
            Ok((state, folder))
        };
        let (state, folder) = open().map_err(|error| failed(lock, error))?;
        // Whoever takes the lock later clears this folder away, and writing to it fails; who took it before would share it.
        lock.check()?;
        Ok(Self { lock, wanted, state, folder, made: Vec::new() })
    }

    /// Stages, decides, swaps and finishes; see the module [`super`].
    pub(super) fn commit(mut self, watch: Watch<'_>) -> Result<(), ProjectError> {
        let journal = match self.prepare(watch) {
            Ok(journal) => journal,
            Err(error) => return Err(self.abandoned(error)),
        };
        match self.swap(&journal, watch) {
            Ok(()) => {}
            Err(Failure::Before(error)) => return Err(self.abandoned(error)),
            Err(Failure::During(error)) => {
                self.lock.check()?;
                // Should undoing fail as well, the journal stays and the next writer undoes it.
                let undone = self
                    .folder
                    .rename(REDO, &self.folder, UNDO)
                    .map_err(Failed::at(in_stage(UNDO)))
                    .and_then(|()| journal::undo_all(&journal, &self.lock.root, &self.folder));
                if undone.is_ok() {
                    self.abandon();
                }
                return Err(failed(self.lock, error));
            }
        }
        // The files are in place. What is left of the stage does no harm, and the next writer clears it.
        if watch(Step::Clean).is_ok() && self.lock.check().is_ok() {
            let _ = journal::clear(&self.state, &self.folder);
        }
        self.remove_empty_folders(&journal);
        Ok(())
    }

    /// Everything that can fail for want of room or permission, before anything is changed.
    fn prepare(&mut self, watch: Watch<'_>) -> Result<Journal, Failed> {
        let mut journal = Journal { swaps: Vec::with_capacity(self.wanted.len()) };
        let wanted = std::mem::take(&mut self.wanted);
        let lock = self.lock;
        let folders = &mut Folders::new(&lock.root);
        let mut staged_files = Vec::new();
        for (index, (path, content)) in wanted.into_iter().enumerate() {
            watch(Step::Stage(index)).map_err(Failed::at(&*path))?;
            let is_put = content.is_some();
            if let Some(content) = content {
                let name = staged(index);
                staged_files.push(self.write(&name, &content).map_err(Failed::at(in_stage(&name)))?);
                if staged_files.len() == STAGED_AT_ONCE {
                    force(std::mem::take(&mut staged_files)).map_err(Failed::at(in_stage("")))?;
                }
                if folders.of(&path)?.is_none() {
                    self.make_folders(&path)?;
                }
            }
            let is_kept = self.keep(index, &path, folders)?;
            journal.swaps.push(Swap { path, is_put, is_kept });
        }
        force(staged_files).map_err(Failed::at(in_stage("")))?;
        Ok(journal)
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC;
        let mut file = self.folder.open_file(name, flags, Mode::from_raw_mode(0o666))?;
        file.write_all(content)?;
        Ok(file)
    }

    /// Makes the folders that a path needs.
    fn make_folders(&mut self, path: &str) -> Result<(), Failed> {
        let mut folder = self.lock.root.open(".").map_err(Failed::at("."))?;
        let mut end = 0;
        while let Some((name, _)) = path.get(end..).and_then(|rest| rest.split_once('/')) {
            end += name.len() + 1;
            let here = path.get(..end).unwrap_or(path).trim_end_matches('/');
            if folder.kind(name).map_err(Failed::at(here))?.is_none() {
                self.made.push(here.to_owned());
            }
            folder = folder.make(name).map_err(Failed::at(here))?;
        }
        Ok(())
    }

    /// Keeps the file as it is now. Gives whether there is one.
    fn keep(&self, index: usize, path: &str, folders: &mut Folders<'_>) -> Result<bool, Failed> {
        let Some((folder, name)) = folders.of(path)? else { return Ok(false) };
        match folder.kind(name).map_err(Failed::at(path))? {
            None => return Ok(false),
            Some(FileType::RegularFile) => {}
            Some(_) => return Err(Failed::at(path)(io::ErrorKind::NotADirectory.into())),
        }
        let kept = kept(index);
        self.folder.remove_file(&kept).map_err(Failed::at(in_stage(&kept)))?;
        if folder.link(name, &self.folder, &kept).is_err() {
            // A file system without hard links.
            let mut old = folder.open_file(name, OFlags::RDONLY, Mode::empty()).map_err(Failed::at(path))?;
            self.copy(&mut old, &kept).map_err(Failed::at(in_stage(&kept)))?;
        }
        Ok(true)
    }

    fn copy(&self, old: &mut File, name: &str) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC;
        let mut copy = self.folder.open_file(name, flags, Mode::from_raw_mode(0o666))?;
        io::copy(old, &mut copy)?;
        copy.sync_all()
    }

    fn swap(&self, journal: &Journal, watch: Watch<'_>) -> Result<(), Failure> {
        watch(Step::Decide).map_err(Failed::at(in_stage(REDO))).map_err(Failure::Before)?;
        self.lock.check().map_err(|_| Failure::Before(Failed::at(in_stage(REDO))(io::ErrorKind::NotFound.into())))?;
        journal.appear(&self.folder).map_err(|error| {
            // The journal may have appeared although forcing it to disk failed; it must not be acted on.
            match self.folder.remove_file(REDO) {
                Ok(()) => Failure::Before(error),
                Err(_) => Failure::During(error),
            }
        })?;
        let folders = &mut Folders::new(&self.lock.root);
        for (index, swap) in journal.swaps.iter().enumerate() {
            watch(Step::Swap(index))
                .map_err(Failed::at(&*swap.path))
                .and_then(|()| swap.redo(index, folders, &self.folder))
                .map_err(Failure::During)?;
        }
        watch(Step::Finish)
            .map_err(Failed::at(in_stage(REDO)))
            .and_then(|()| journal.sync(&self.lock.root))
            .and_then(|()| self.folder.remove_file(REDO).map_err(Failed::at(in_stage(REDO))))
            .map_err(Failure::During)
    }

    /// The error of a commit that changed nothing and has cleared up.
    fn abandoned(&self, error: Failed) -> ProjectError {
        self.abandon();
        failed(self.lock, error)
    }

    /// Removes the stage and the folders that were made, as far as possible. Without the lock they may be another writer's.
    fn abandon(&self) {
        if self.lock.check().is_err() {
            return;
        }
        let _ = journal::clear(&self.state, &self.folder);
        for path in self.made.iter().rev() {
            self.remove_folder(path);
        }
    }

    /// Removes the folders that lost their last file.
    fn remove_empty_folders(&self, journal: &Journal) {
        for swap in journal.swaps.iter().filter(|swap| !swap.is_put) {
            let mut path = swap.path.as_str();
            while let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| folder.contains('/')) {
                if !self.remove_folder(folder) {
                    break;
                }
                path = folder;
            }
        }
    }

    fn remove_folder(&self, path: &str) -> bool {
        let folders = &mut Folders::new(&self.lock.root);
        folders.of(path).ok().flatten().is_some_and(|(above, name)| above.remove_folder(name).is_ok())
    }
}

/// Forces files to disk, several at a time.
fn force(files: Vec<File>) -> io::Result<()> {
    let threads = files.len().min(FORCED_AT_ONCE);
    let files = &Mutex::new(files.into_iter());
    let next = || files.lock().unwrap_or_else(PoisonError::into_inner).next();
    let force = move || iter::from_fn(next).try_for_each(|file| file.sync_all());
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(force)).collect();
        let own = force();
        let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        others.fold(own, Result::and)
    })
}

/// Where the lock is gone, that is why.
fn failed(lock: &Lock, failed: Failed) -> ProjectError {
    lock.check().err().unwrap_or_else(|| ProjectError::writing(lock.project.root(), failed))
}

#[cfg(test)]
mod tests {
    use super::force;
    use std::fs::File;
    use std::os::fd::OwnedFd;

    #[test]
    fn a_file_that_cannot_be_forced_to_disk_is_told_of() {
        let file = || tempfile::tempfile().unwrap();
        force(Vec::new()).unwrap();
        force((0..20).map(|_| file()).collect()).unwrap();
        for place in [0, 1, 19] {
            let mut files: Vec<File> = (0..19).map(|_| file()).collect();
            let (_reader, pipe) = std::io::pipe().unwrap();
            files.insert(place, File::from(OwnedFd::from(pipe)));
            force(files).unwrap_err();
        }
    }
}
