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
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// How many files are forced to disk at a time. They wait; they do not work.
const SYNCS_AT_ONCE: usize = 4;

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
        let (journal, synced) = synced(self.wanted.len(), |sync| self.stage(watch, sync));
        let journal = journal?;
        synced.map_err(Failed::at(in_stage("")))?;
        Ok(journal)
    }

    /// Stages what is wanted, and hands each new file to `sync`.
    fn stage(&mut self, watch: Watch<'_>, sync: &dyn Fn(File)) -> Result<Journal, Failed> {
        let mut journal = Journal { swaps: Vec::with_capacity(self.wanted.len()) };
        let wanted = std::mem::take(&mut self.wanted);
        let lock = self.lock;
        let folders = &mut Folders::new(&lock.root);
        for (index, (path, content)) in wanted.into_iter().enumerate() {
            watch(Step::Stage(index)).map_err(Failed::at(&*path))?;
            let is_put = content.is_some();
            if let Some(content) = content {
                let name = staged(index);
                sync(self.write(&name, &content).map_err(Failed::at(in_stage(&name)))?);
                if folders.of(&path)?.is_none() {
                    self.make_folders(&path)?;
                }
            }
            let is_kept = self.keep(index, &path, folders)?;
            journal.swaps.push(Swap { path, is_put, is_kept });
        }
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

/// What `stage` comes to, and whether the files that it hands over were forced to disk. That is done meanwhile, several at a
/// time: a file system gathers what waits for the same write of its own journal. Where `stage` fails, what waits is left.
fn synced<T, E>(files: usize, stage: impl FnOnce(&dyn Fn(File)) -> Result<T, E>) -> (Result<T, E>, io::Result<()>) {
    let is_over = AtomicBool::new(false);
    let (hand_over, handed_over) = mpsc::channel::<File>();
    let handed_over = Mutex::new(handed_over);
    let next = || handed_over.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let next = || next().filter(|_| !is_over.load(Ordering::Relaxed));
    let sync = || std::iter::from_fn(next).try_for_each(|file| file.sync_all());
    thread::scope(|scope| {
        let syncs: Vec<_> = (0..files.min(SYNCS_AT_ONCE)).map(|_| scope.spawn(sync)).collect();
        let staged = stage(&|file| {
            // It is always taken over; where forcing others to disk failed nobody does it with this one, and that is said.
            let _ = hand_over.send(file);
        });
        is_over.store(staged.is_err(), Ordering::Relaxed);
        drop(hand_over);
        let syncs = syncs.into_iter().map(|sync| sync.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        (staged, syncs.fold(Ok(()), Result::and))
    })
}

/// Where the lock is gone, that is why.
fn failed(lock: &Lock, failed: Failed) -> ProjectError {
    lock.check().err().unwrap_or_else(|| ProjectError::writing(lock.project.root(), failed))
}

#[cfg(test)]
mod tests {
    use super::synced;
    use std::fs::File;
    use std::os::fd::OwnedFd;

    #[test]
    fn a_file_that_cannot_be_forced_to_disk_is_told_of() {
        let file = || tempfile::tempfile().unwrap();
        let (staged, forced) = synced(3, |sync| {
            (0..3).for_each(|_| sync(file()));
            Ok::<_, ()>(3)
        });
        assert_eq!(staged, Ok(3));
        forced.unwrap();
        let (_, forced) = synced(3, |sync| {
            let (_reader, pipe) = std::io::pipe().unwrap();
            [file(), File::from(OwnedFd::from(pipe)), file()].into_iter().for_each(sync);
            Ok::<_, ()>(())
        });
        assert!(forced.is_err());
        let (staged, forced) = synced(0, |_| Err::<(), _>("no room"));
        assert_eq!(staged, Err("no room"));
        forced.unwrap();
    }
}
