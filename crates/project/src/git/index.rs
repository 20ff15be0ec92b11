//! What git tracks, from its index.

use super::index_file::IndexFile;
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
    /// The entries of the index beneath `prefix` (raw bytes with a trailing `/`, or empty), with paths from there, of the
    /// index's first `limit`.
    pub(crate) fn index_entries(&self, prefix: &[u8], limit: usize) -> Result<Listing, ProjectError> {
        let repository = self.inner.to_thread_local();
        let read = IndexFile::read(&repository.index_path(), repository.object_hash(), limit);
        let Some(index) = read.map_err(|reason| self.malformed(&reason))? else { return Ok(Listing::default()) };
        let entries = index.entries().map_err(|reason| self.malformed(&reason))?;
        let mut listing = Listing { entries: Vec::with_capacity(entries.len()), ..Listing::default() };
        for (path, entry) in entries {
            let Some(raw) = path.strip_prefix(prefix) else { continue };
            listing.push(raw, entry);
        }
        if index.is_cut {
            listing.lacks.push(Lack::TooManyEntries { listed: listing.entries.len() as u64 });
        }
        listing.finish();
        Ok(listing)
    }
}

impl Listing {
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

#[cfg(test)]
mod tests {
    use super::*;
    use codexa_testkit::GitRepository;
    use std::fs;

    fn listing(fixture: &GitRepository, limit: usize) -> Result<Listing, ProjectError> {
        Repository::open(&fixture.path().join(".git")).unwrap().index_entries(b"", limit)
    }

    /// An index of the fourth version: paths that each drop so many bytes of the one before and add others.
    fn folded(paths: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x04".to_vec();
        bytes.extend_from_slice(&u32::try_from(paths.len()).unwrap().to_be_bytes());
        for (dropped, added) in paths {
            let mut entry = [0; 62];
            entry[24..28].copy_from_slice(&0o100_644_u32.to_be_bytes());
            bytes.extend_from_slice(&entry);
            bytes.push(*dropped);
            bytes.extend_from_slice(added);
            bytes.push(0);
        }
        bytes.extend_from_slice(&[0; 20]);
        bytes
    }

    #[test]
    fn abuse_35_an_index_that_unfolds_without_end_is_cut() {
        let fixture = GitRepository::empty();
        let long = "x".repeat(4_000);
        let ends: Vec<[u8; 4]> = (0..2_000).map(|n| format!("{n:04}").into_bytes().try_into().unwrap()).collect();
        let mut paths: Vec<(u8, &[u8])> = vec![(0, long.as_bytes())];
        paths.extend(ends.iter().map(|end| (4, &end[..])));
        fixture.write(".git/index", folded(&paths));
        assert_eq!(listing(&fixture, 100_000).unwrap().entries.len(), 2_001);
        let cut = listing(&fixture, 3_000).unwrap();
        assert_eq!(cut.entries.len(), 3_000 * 256 / 4_000);
        assert_eq!(cut.lacks, [Lack::TooManyEntries { listed: cut.entries.len() as u64 }]);
    }

    #[test]
    fn abuse_35_an_index_of_too_many_entries_is_cut() {
        let names: Vec<String> = (0..40).map(|n| format!("folder/{n:02}")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let fixture = GitRepository::with_files(&files);
        for version in ["2", "4"] {
            fixture.git(&["update-index", "--index-version", version]);
            assert_eq!(listing(&fixture, 40).unwrap().lacks, []);
            let cut = listing(&fixture, 10).unwrap();
            let paths: Vec<&str> = cut.entries.iter().map(|entry| &*entry.path).collect();
            assert_eq!(paths, names[..10]);
            assert_eq!(cut.lacks, [Lack::TooManyEntries { listed: 10 }]);
        }
        // A sparse file has more bytes than any index that could be listed.
        fs::OpenOptions::new().write(true).open(fixture.path().join(".git/index")).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(listing(&fixture, 10).unwrap().lacks, [Lack::TooManyEntries { listed: 10 }]);
    }

    #[test]
    fn abuse_35_what_git_caches_in_the_index_is_not_followed_into_the_deep() {
        let fixture = GitRepository::with_files(&[("a", "")]);
        let mut bytes = fs::read(fixture.path().join(".git/index")).unwrap();
        let deep = b"\0-1 1\n".repeat(1_000_000);
        let checksum = bytes.split_off(bytes.len() - 20);
        bytes.extend_from_slice(b"TREE");
        bytes.extend_from_slice(&u32::try_from(deep.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&deep);
        bytes.extend_from_slice(&checksum);
        fixture.write(".git/index", bytes);
        assert_eq!(listing(&fixture, 1_000_000).unwrap().entries.len(), 1);
    }

    #[test]
    fn a_split_index_is_read_as_git_reads_it() {
        let fixture = GitRepository::with_files(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        fixture.git(&["config", "splitIndex.maxPercentChange", "100"]);
        fixture.git(&["update-index", "--split-index"]);
        fixture.write("b", "2");
        fixture.write("bb", "2");
        fixture.git(&["add", "b", "bb"]);
        fixture.git(&["rm", "--quiet", "--cached", "c"]);
        let index = fs::read(fixture.path().join(".git/index")).unwrap();
        assert!(index.windows(4).any(|window| window == b"link"));
        let ours: Vec<String> = listing(&fixture, 100)
            .unwrap()
            .entries
            .iter()
            .map(|entry| format!("100644 {} 0\t{}", entry.id, entry.path))
            .collect();
        assert_eq!(ours.join("\n"), fixture.git(&["ls-files", "--stage"]));
    }
}
