//! The journal of a transaction, and what the next writer does with one that was left behind.

use super::folder::Folder;
use super::is_writable;
use crate::error::Failed;
use crate::lock::{Lock, STATE};
use crate::{FOLDER, ProjectError};
use rustix::fs::{FileType, Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};

/// The folder of the stage, in `.codexa/state/`.
pub(super) const STAGE: &str = "transaction";
/// The journal that says: complete me.
pub(super) const REDO: &str = "redo.json";
/// The journal that says: undo me.
pub(super) const UNDO: &str = "undo.json";
/// The journal while it is being written.
const DRAFT: &str = "draft.json";
/// Longest journal that is read.
const LIMIT: u64 = 64 << 20;

/// The swaps of a transaction, in order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// What shall happen to each path.
    pub(super) swaps: Vec<Swap>,
}

/// What shall happen to one path.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Swap {
    /// The path from the project's root.
    pub(super) path: String,
    /// Whether the stage has new content for it; otherwise the file goes.
    pub(super) is_put: bool,
    /// Whether the stage keeps the file as it was; otherwise there was none.
    pub(super) is_kept: bool,
}

/// The name of the n-th new content in the stage.
pub(super) fn staged(index: usize) -> String {
    format!("new-{index}")
}

/// The name of the n-th old file in the stage.
pub(super) fn kept(index: usize) -> String {
    format!("old-{index}")
}

/// The path from the project's root of what lies in the stage under that name; of the stage itself where it is empty.
pub(super) fn in_stage(name: &str) -> String {
    format!("{FOLDER}/{STATE}/{STAGE}/{name}").trim_end_matches('/').to_owned()
}

impl Journal {
    /// Writes the journal and makes it appear at once.
    pub(super) fn appear(&self, stage: &Folder) -> Result<(), Failed> {
        let write = || {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC;
            let mut file = stage.open_file(DRAFT, flags, Mode::from_raw_mode(0o666))?;
            file.write_all(&serde_json::to_vec(self).map_err(io::Error::from)?)?;
            file.sync_all()
        };
        write().map_err(Failed::at(in_stage(DRAFT)))?;
        let appear = || {
            stage.sync()?;
            stage.rename(DRAFT, stage, REDO)?;
            stage.sync()
        };
        appear().map_err(Failed::at(in_stage(REDO)))
    }

    /// The journal of that name. One that Codexa cannot have written, for it appears whole or not at all, and names only
    /// paths that Codexa writes, came with a stranger's repository and says nothing.
    fn read(stage: &Folder, name: &str) -> Result<Self, Failed> {
        let mut bytes = Vec::new();
        stage
            .open_file(name, OFlags::RDONLY, Mode::empty())
            .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
            .map_err(Failed::at(in_stage(name)))?;
        let journal = serde_json::from_slice(&bytes).unwrap_or(Self { swaps: Vec::new() });
        let is_ours = journal.swaps.iter().all(|swap: &Swap| is_writable(&swap.path));
        Ok(if is_ours { journal } else { Self { swaps: Vec::new() } })
    }
}

impl Journal {
    /// Forces the folders of all swaps to disk, each once: until then the journal must not go.
    pub(super) fn sync(&self, root: &Folder) -> Result<(), Failed> {
        let folder_of = |path: &'_ str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let folders: BTreeSet<String> = self.swaps.iter().map(|swap| folder_of(&swap.path)).collect();
        let finder = Folders::new(root);
        for folder in folders {
            if let Some(open) = finder.open(&folder)? {
                open.sync().map_err(Failed::at(folder))?;
            }
        }
        Ok(())
    }
}

impl Swap {
    /// Puts the new content in place, or removes the file; [`Journal::sync`] forces that to disk. Doing it twice does no more than doing it once.
    pub(super) fn redo(&self, index: usize, folders: &mut Folders<'_>, stage: &Folder) -> Result<(), Failed> {
        self.turn(self.is_put.then(|| staged(index)), folders, stage)
    }

    /// Puts the old file back, or removes the new one; [`Journal::sync`] forces that to disk. Doing it twice does no more than doing it once.
    pub(super) fn undo(&self, index: usize, folders: &mut Folders<'_>, stage: &Folder) -> Result<(), Failed> {
        self.turn(self.is_kept.then(|| kept(index)), folders, stage)
    }

    /// Puts what the stage holds under that name in place, or removes what is there. Folders and what else is no file are
    /// left alone: no commit stages or replaces them, so the journal is not of one.
    fn turn(&self, name: Option<String>, folders: &mut Folders<'_>, stage: &Folder) -> Result<(), Failed> {
        if let Some(name) = &name
            && stage.kind(name).map_err(Failed::at(in_stage(name)))? != Some(FileType::RegularFile)
        {
            return Ok(());
        }
        let Some((folder, file)) = folders.of(&self.path)? else { return Ok(()) };
        if folder.kind(file).map_err(Failed::at(&*self.path))? == Some(FileType::Directory) {
            return Ok(());
        }
        let turned = match name {
            Some(name) => stage.rename(&name, folder, file),
            None => folder.remove_file(file),
        };
        turned.map_err(Failed::at(&*self.path))
    }
}

/// Finds the folders of paths. The last one stays open: the files of a transaction come in order, many of them in one
/// folder, and to walk down to it for each costs more than to write it. Whoever moves a folder away in the meantime moves with
/// it what is written there.
pub(super) struct Folders<'a> {
    root: &'a Folder,
    last: Option<(String, Folder)>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(root: &'a Folder) -> Self {
        Self { root, last: None }
    }

    /// The folder that holds a path, and the path's last part; `None` where there is no such folder.
    pub(super) fn of<'p>(&mut self, path: &'p str) -> Result<Option<(&Folder, &'p str)>, Failed> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if self.last.as_ref().is_none_or(|(last, _)| last != folder) {
            self.last = self.open(folder)?.map(|open| (folder.to_owned(), open));
        }
        Ok(self.last.as_ref().map(|(_, folder)| (folder, name)))
    }

    /// Opens a folder, part by part, so that no link leads elsewhere; `None` where there is none.
    fn open(&self, path: &str) -> Result<Option<Folder>, Failed> {
        let mut folder = self.root.open(".").map_err(Failed::at("."))?;
        let mut end = 0;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            end += name.len();
            folder = match folder.open(name) {
                Ok(folder) => folder,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Failed::at(path.get(..end).unwrap_or(path))(error)),
            };
            end += 1;
        }
        Ok(Some(folder))
    }
}

/// Completes, undoes or clears away what an interrupted writer left.
pub(crate) fn recover(lock: &Lock) -> Result<(), ProjectError> {
    left_behind(lock).map_err(|failed| ProjectError::writing(lock.project.root(), failed))
}

fn left_behind(lock: &Lock) -> Result<(), Failed> {
    let state = lock.folder.open(STATE).map_err(Failed::at(format!("{FOLDER}/{STATE}")))?;
    let stage = match state.open(STAGE) {
        Ok(stage) => stage,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failed::at(in_stage(""))(error)),
    };
    complete(&lock.root, &stage)?;
    clear(&state, &stage)
}

fn complete(root: &Folder, stage: &Folder) -> Result<(), Failed> {
    // What has a journal's name and is no file is no journal, and is cleared away with the rest.
    let has = |name| match stage.kind(name) {
        Ok(kind) => Ok(kind == Some(FileType::RegularFile)),
        Err(error) => Err(Failed::at(in_stage(name))(error)),
    };
    if has(UNDO)? {
        return undo_all(&Journal::read(stage, UNDO)?, root, stage);
    }
    if !has(REDO)? {
        return Ok(());
    }
    let journal = Journal::read(stage, REDO)?;
    let folders = &mut Folders::new(root);
    for (index, swap) in journal.swaps.iter().enumerate() {
        swap.redo(index, folders, stage)?;
    }
    journal.sync(root)?;
    stage.remove_file(REDO).map_err(Failed::at(in_stage(REDO)))
}

/// Undoes every swap, the last first, and then forgets the journal.
pub(super) fn undo_all(journal: &Journal, root: &Folder, stage: &Folder) -> Result<(), Failed> {
    let folders = &mut Folders::new(root);
    for (index, swap) in journal.swaps.iter().enumerate().rev() {
        swap.undo(index, folders, stage)?;
    }
    journal.sync(root)?;
    stage.remove_file(UNDO).map_err(Failed::at(in_stage(UNDO)))
}

/// Removes the stage with all that is in it: a repository may track whole folders there.
pub(super) fn clear(state: &Folder, stage: &Folder) -> Result<(), Failed> {
    stage.clear(&in_stage(""))?;
    state.remove_folder(STAGE).map_err(Failed::at(in_stage("")))
}
