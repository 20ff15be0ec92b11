//! What git tracks, from its index.

use super::{ObjectId, Repository, UNSAFE_LISTED};
use crate::lacks::Lack;
use crate::{ProjectError, path};
use gix::index::entry::{Flags, Mode, Stage};

/// What a tracked entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A file.
    File,
    /// A file that may be executed.
    Executable,
    /// A symbolic link; its target is its content, and is never followed.
    Symlink,
    /// A submodule; the id is its commit.
    Submodule,
    /// A folder that a sparse index keeps whole; the id is its tree.
    SparseFolder,
}

/// What git's index remembers of the file on disk when it was last known to have the entry's content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexStat {
    /// Bytes, modulo 2^32.
    pub size: u32,
    /// Modification time: whole seconds and nanoseconds.
    pub mtime: (u32, u32),
    /// Change time: whole seconds and nanoseconds.
    pub ctime: (u32, u32),
    /// Inode number, modulo 2^32.
    pub inode: u32,
}

/// One tracked path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path from the project's root, as safe text (see [`crate::path`]).
    pub path: Box<str>,
    /// What it is.
    pub kind: EntryKind,
    /// The id of its content as git would store it (of the staged content, where the file on disk differs).
    pub id: ObjectId,
    /// What git remembers of the file; `None` where it was read from a tree.
    pub stat: Option<IndexStat>,
    /// Whether a merge left it in more than one version; the id is that of our side, where there is one.
    pub conflicted: bool,
    /// Whether it is left out of the work tree (sparse checkout).
    pub skip_worktree: bool,
    /// Whether only the intent to add it was staged (`git add -N`): it has no content in git yet.
    pub intent_to_add: bool,
}

/// Everything tracked beneath the project's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The entries, sorted by path, one per path.
    pub entries: Vec<Entry>,
    /// Names that would leave the folder or reach into `.git`, as safe text, sorted; they are never used as paths.
    /// At most [`UNSAFE_LISTED`].
    pub unsafe_names: Vec<Box<str>>,
    /// How many more of them were met.
    pub unsafe_unlisted: u64,
    /// What is missing from the listing or from the work tree.
    pub lacks: Vec<Lack>,
}

impl Repository {
    /// The entries of the index beneath `prefix` (raw bytes with a trailing `/`, or empty), with paths from there.
    pub(crate) fn index_entries(&self, prefix: &[u8]) -> Result<Listing, ProjectError> {
        let repository = self.inner.to_thread_local();
        let path = repository.index_path();
        if !path.exists() {
            return Ok(Listing::default());
        }
        let options = gix::index::decode::Options {
            thread_limit: Some(1),
            min_extension_block_in_bytes_for_threading: usize::MAX,
            expected_checksum: None,
            alloc_limit_bytes: None,
        };
        // The checksum guards against a broken disk, not against a stranger, and costs as much as reading.
        let file =
            gix::index::File::at(path, repository.object_hash(), true, options).map_err(|error| self.error(&error))?;
        Ok(Listing::from_index(&file, prefix))
    }
}

impl Listing {
    fn from_index(index: &gix::index::State, prefix: &[u8]) -> Self {
        let mut listing = Self { entries: Vec::with_capacity(index.entries().len()), ..Self::default() };
        for entry in index.entries() {
            let Some(raw) = entry.path(index).strip_prefix(prefix) else { continue };
            listing.push(raw, entry);
        }
        listing.finish();
        listing
    }

    fn push(&mut self, raw: &[u8], entry: &gix::index::Entry) {
        let Some(kind) = kind_of(entry.mode) else { return };
        let raw = if kind == EntryKind::SparseFolder { raw.strip_suffix(b"/").unwrap_or(raw) } else { raw };
        if !path::is_safe(raw) {
            self.push_unsafe(raw);
            return;
        }
        let text = path::text(raw);
        let stage = entry.stage();
        if let Some(last) = self.entries.last_mut().filter(|last| last.path == text) {
            last.conflicted = true;
            if stage == Stage::Ours {
                (last.kind, last.id) = (kind, entry.id);
            }
            return;
        }
        let stat = entry.stat;
        self.entries.push(Entry {
            path: text,
            kind,
            id: entry.id,
            stat: Some(IndexStat {
                size: stat.size,
                mtime: (stat.mtime.secs, stat.mtime.nsecs),
                ctime: (stat.ctime.secs, stat.ctime.nsecs),
                inode: stat.ino,
            }),
            conflicted: stage != Stage::Unconflicted,
            skip_worktree: entry.flags.contains(Flags::SKIP_WORKTREE),
            intent_to_add: entry.flags.contains(Flags::INTENT_TO_ADD),
        });
    }

    /// Keeps a name that is not used. Being too long may be what makes it unsafe.
    pub(super) fn push_unsafe(&mut self, raw: &[u8]) {
        if self.unsafe_names.len() < UNSAFE_LISTED {
            self.unsafe_names.push(path::text(raw.get(..path::MAX_LENGTH).unwrap_or(raw)));
        } else {
            self.unsafe_unlisted += 1;
        }
    }

    /// Puts the entries in the order of their text and counts what they lack.
    pub(super) fn finish(&mut self) {
        // Git sorts by bytes; escapes can change that, and a hostile index keeps no order at all.
        if !self.entries.is_sorted_by(|a, b| a.path < b.path) {
            self.entries.sort_by(|a, b| a.path.cmp(&b.path));
            self.entries.dedup_by(|a, b| a.path == b.path);
        }
        self.unsafe_names.sort();
        self.unsafe_names.dedup();
        let count = |of: fn(&Entry) -> bool| self.entries.iter().filter(|entry| of(entry)).count() as u64;
        let submodules = count(|entry| entry.kind == EntryKind::Submodule);
        let sparse = count(|entry| entry.skip_worktree || entry.kind == EntryKind::SparseFolder);
        let conflicts = count(|entry| entry.conflicted);
        let lacks = [
            (submodules, Lack::Submodules { count: submodules }),
            (sparse, Lack::SparseFiles { count: sparse }),
            (conflicts, Lack::Conflicts { count: conflicts }),
        ];
        self.lacks.extend(lacks.into_iter().filter(|(count, _)| *count > 0).map(|(_, lack)| lack));
    }
}

fn kind_of(mode: Mode) -> Option<EntryKind> {
    match mode {
        Mode::FILE => Some(EntryKind::File),
        Mode::FILE_EXECUTABLE => Some(EntryKind::Executable),
        Mode::SYMLINK => Some(EntryKind::Symlink),
        Mode::COMMIT => Some(EntryKind::Submodule),
        Mode::DIR => Some(EntryKind::SparseFolder),
        _ => None,
    }
}
