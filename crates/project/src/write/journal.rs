//! The journal of a transaction, and what the next writer does with one that was left behind.

use super::folder::Folder;
use super::is_writable;
use crate::ProjectError;
use crate::lock::{Lock, STATE};
use rustix::fs::{Mode, OFlags};
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

impl Journal {
    /// Writes the journal and makes it appear at once.
    pub(super) fn appear(&self, stage: &Folder) -> io::Result<()> {
        let mut file =
            stage.open_file(DRAFT, OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC, Mode::from_raw_mode(0o666))?;
        serde_json::to_writer(&mut file, self).map_err(io::Error::from)?;
        file.flush()?;
        file.sync_all()?;
        stage.sync()?;
        stage.rename(DRAFT, stage, REDO)?;
        stage.sync()
    }

    /// The journal of that name. One that Codexa cannot have written, for it appears whole or not at all, and names only
    /// paths that Codexa writes, came with a stranger's repository and says nothing.
    fn read(stage: &Folder, name: &str) -> io::Result<Self> {
        let mut bytes = Vec::new();
        stage.open_file(name, OFlags::RDONLY, Mode::empty())?.take(LIMIT).read_to_end(&mut bytes)?;
        let journal = serde_json::from_slice(&bytes).unwrap_or(Self { swaps: Vec::new() });
        let is_ours = journal.swaps.iter().all(|swap: &Swap| is_writable(&swap.path));
        Ok(if is_ours { journal } else { Self { swaps: Vec::new() } })
    }
}

impl Journal {
    /// Forces the folders of all swaps to disk, each once: until then the journal must not go.
    pub(super) fn sync(&self, codexa: &Folder) -> io::Result<()> {
        let folder_of = |path: &'_ str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let folders: BTreeSet<String> = self.swaps.iter().map(|swap| folder_of(&swap.path)).collect();
        for folder in folders {
            if let Some((folder, _)) = at(codexa, &format!("{folder}/."))? {
                folder.sync()?;
            }
        }
        Ok(())
    }
}

impl Swap {
    /// Puts the new content in place, or removes the file; [`Journal::sync`] forces that to disk. Doing it twice does no more than doing it once.
    pub(super) fn redo(&self, index: usize, codexa: &Folder, stage: &Folder) -> io::Result<()> {
        let name = staged(index);
        if self.is_put && stage.kind(&name)?.is_none() {
            return Ok(());
        }
        let Some((folder, file)) = at(codexa, &self.path)? else { return Ok(()) };
        if self.is_put { stage.rename(&name, &folder, file) } else { folder.remove_file(file) }
    }

    /// Puts the old file back, or removes the new one; [`Journal::sync`] forces that to disk. Doing it twice does no more than doing it once.
    pub(super) fn undo(&self, index: usize, codexa: &Folder, stage: &Folder) -> io::Result<()> {
        let name = kept(index);
        if self.is_kept && stage.kind(&name)?.is_none() {
            return Ok(());
        }
        let Some((folder, file)) = at(codexa, &self.path)? else { return Ok(()) };
        if self.is_kept { stage.rename(&name, &folder, file) } else { folder.remove_file(file) }
    }
}

/// The folder that holds a writable path, and the path's last part; `None` where there is no such folder.
pub(super) fn at<'a>(codexa: &Folder, path: &'a str) -> io::Result<Option<(Folder, &'a str)>> {
    let beneath = path.split_once('/').map_or("", |(_, rest)| rest);
    let mut folder = codexa.open(".")?;
    let mut rest = beneath;
    while let Some((name, after)) = rest.split_once('/') {
        folder = match folder.open(name) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        rest = after;
    }
    Ok(Some((folder, rest)))
}

/// Completes, undoes or clears away what an interrupted writer left.
pub(crate) fn recover(lock: &Lock) -> Result<(), ProjectError> {
    let stage = lock.project.root().join(crate::FOLDER).join(STATE).join(STAGE);
    let writing = |error| ProjectError::writing(&stage, error);
    let state = lock.folder.open(STATE).map_err(writing)?;
    let stage = match state.open(STAGE) {
        Ok(stage) => stage,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(writing(error)),
    };
    complete(&lock.folder, &stage).map_err(writing)?;
    clear(&state, &stage).map_err(writing)
}

fn complete(codexa: &Folder, stage: &Folder) -> io::Result<()> {
    if stage.kind(UNDO)?.is_some() {
        return undo_all(&Journal::read(stage, UNDO)?, codexa, stage);
    }
    if stage.kind(REDO)?.is_none() {
        return Ok(());
    }
    let journal = Journal::read(stage, REDO)?;
    for (index, swap) in journal.swaps.iter().enumerate() {
        swap.redo(index, codexa, stage)?;
    }
    journal.sync(codexa)?;
    stage.remove_file(REDO)
}

/// Undoes every swap, the last first, and then forgets the journal.
pub(super) fn undo_all(journal: &Journal, codexa: &Folder, stage: &Folder) -> io::Result<()> {
    for (index, swap) in journal.swaps.iter().enumerate().rev() {
        swap.undo(index, codexa, stage)?;
    }
    journal.sync(codexa)?;
    stage.remove_file(UNDO)
}

/// Removes the stage with all that is in it.
pub(super) fn clear(state: &Folder, stage: &Folder) -> io::Result<()> {
    for name in stage.file_names()? {
        stage.remove_file(&name)?;
    }
    state.remove_folder(STAGE)
}
