//! Files of today followed back through the names they had.

use crate::past::{Commit, Kind, Past};

/// No file.
const NONE: u32 = u32::MAX;
/// Most names that one file is followed through where commits of other branches still use an older one.
const NAMES: usize = 16;

/// One file of today that a commit changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The file, as the caller numbers them; `None` for one that is gone.
    pub file: Option<u32>,
    /// The path it had, into [`Past::paths`].
    pub path: u32,
    /// Whether it came with this commit, or came back.
    pub is_new: bool,
}

/// Tells of every commit whose changes are known, newest first, which files of today it touched. `files` gives the file
/// that each of [`Past::paths`] is today.
pub fn trace<'p>(past: &'p Past, files: &[Option<u32>], mut tell: impl FnMut(&'p Commit, &[Touched])) {
    let mut holders = Holders::new(past, files);
    let mut touched = Vec::new();
    for commit in &past.commits {
        let changes = past.changes_of(commit);
        if changes.is_empty() {
            continue;
        }
        touched.clear();
        touched.extend(changes.iter().map(|change| Touched {
            file: holders.of(change.path),
            path: change.path,
            is_new: change.kind == Kind::Added,
        }));
        tell(commit, &touched);
        for change in changes {
            if let Kind::Renamed { from } = change.kind {
                holders.was(change.path, from);
            }
        }
    }
}

/// The same, oldest first, for files of the time before these commits: `files` gives the file that each of [`Past::paths`]
/// was then.
pub fn trace_forward<'p>(past: &'p Past, files: &[Option<u32>], mut tell: impl FnMut(&'p Commit, &[Touched])) {
    let mut now: Vec<Option<u32>> =
        past.paths.iter().enumerate().map(|(at, _)| files.get(at).copied().flatten()).collect();
    let mut touched = Vec::new();
    for commit in past.commits.iter().rev() {
        let changes = past.changes_of(commit);
        for change in changes {
            if let Kind::Renamed { from } = change.kind {
                let file = now.get_mut(from as usize).and_then(Option::take);
                if let Some(holder) = now.get_mut(change.path as usize) {
                    *holder = file;
                }
            }
        }
        touched.clear();
        touched.extend(changes.iter().map(|change| Touched {
            file: now.get(change.path as usize).copied().flatten(),
            path: change.path,
            is_new: change.kind == Kind::Added,
        }));
        if !touched.is_empty() {
            tell(commit, &touched);
        }
    }
}

/// Whose name a path is, at the commit that is looked at.
struct Holders {
    now: Vec<u32>,
    /// The name that a file with this name got later, by the newest commit that gave it one.
    later: Vec<u32>,
}

impl Holders {
    fn new(past: &Past, files: &[Option<u32>]) -> Self {
        let file_of = |path| files.get(path).copied().flatten().unwrap_or(NONE);
        let mut later = vec![NONE; past.paths.len()];
        for change in &past.changes {
            if let Kind::Renamed { from } = change.kind
                && let Some(name) = later.get_mut(from as usize)
                && *name == NONE
            {
                *name = change.path;
            }
        }
        Self { now: (0..past.paths.len()).map(file_of).collect(), later }
    }

    fn of(&self, path: u32) -> Option<u32> {
        let mut name = path;
        for _ in 0..NAMES {
            match self.now.get(name as usize) {
                Some(&NONE) => name = self.later.get(name as usize).copied().filter(|&later| later != NONE)?,
                Some(&file) => return Some(file),
                None => return None,
            }
        }
        None
    }

    /// Before this commit the file had another name, and this one was nobody's.
    fn was(&mut self, name: u32, before: u32) {
        let Some(file) = self.now.get(name as usize).copied() else { return };
        if let Some(holder) = self.now.get_mut(before as usize)
            && (*holder == NONE || file != NONE)
        {
            *holder = file;
        }
        if let Some(holder) = self.now.get_mut(name as usize) {
            *holder = NONE;
        }
        if let Some(later) = self.later.get_mut(name as usize) {
            *later = NONE;
        }
    }
}
