//! What a commit's tree holds: how a project without a work tree is listed.

use super::{Entry, EntryKind, Listing, ObjectId, Repository};
use crate::lacks::Lack;
use crate::{ProjectError, path};
use gix::objs::tree::EntryKind as TreeEntryKind;

/// Most entries that are listed: trees may name each other so that a few objects unfold to more files than atoms.
pub const LISTING_LIMIT: usize = 1_000_000;

impl Repository {
    /// The entries of the commit's tree, at most `limit`. Trees that are missing are counted, not fatal.
    pub(crate) fn tree_entries(&self, commit: ObjectId, limit: usize) -> Result<Listing, ProjectError> {
        let mut repository = self.inner.to_thread_local();
        repository.object_cache_size_if_unset(16 << 20);
        let root = repository
            .find_commit(commit)
            .map_err(|error| self.error(&error))?
            .tree_id()
            .map_err(|error| self.error(&error))?
            .detach();
        let mut listing = Listing::default();
        let mut missing = 0_u64;
        let mut pending: Vec<(Vec<u8>, ObjectId)> = vec![(Vec::new(), root)];
        'trees: while let Some((prefix, id)) = pending.pop() {
            let Ok(tree) = repository.find_tree(id) else {
                missing += 1;
                continue;
            };
            for entry in tree.iter() {
                let Ok(entry) = entry else {
                    missing += 1;
                    break;
                };
                if listing.entries.len() + pending.len() >= limit {
                    listing.lacks.push(Lack::TooManyEntries { listed: listing.entries.len() as u64 });
                    break 'trees;
                }
                let mut raw = prefix.clone();
                raw.extend_from_slice(entry.filename());
                if !path::is_safe(&raw) {
                    listing.unsafe_names.push(path::text(&raw));
                    continue;
                }
                let kind = match entry.kind() {
                    TreeEntryKind::Tree => {
                        raw.push(b'/');
                        pending.push((raw, entry.object_id()));
                        continue;
                    }
                    TreeEntryKind::Blob => EntryKind::File,
                    TreeEntryKind::BlobExecutable => EntryKind::Executable,
                    TreeEntryKind::Link => EntryKind::Symlink,
                    TreeEntryKind::Commit => EntryKind::Submodule,
                };
                listing.entries.push(Entry {
                    path: path::text(&raw),
                    kind,
                    id: entry.object_id(),
                    stat: None,
                    conflicted: false,
                    skip_worktree: false,
                    intent_to_add: false,
                });
            }
        }
        if missing > 0 {
            listing.lacks.push(Lack::MissingObjects { count: missing });
        }
        listing.finish();
        Ok(listing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codexa_testkit::GitRepository;

    #[test]
    fn abuse_35_trees_that_unfold_without_end_are_cut() {
        // Twelve trees, each of which names the one before 16 times: 16^12 files.
        let fixture = GitRepository::with_files(&[("a", "")]);
        let mut id = fixture.git(&["rev-parse", "HEAD^{tree}"]);
        for _ in 0..12 {
            let lines: String = (0..16).map(|name| format!("040000 tree {id}\t{name:02}\n")).collect();
            id = fixture.git_with_input(&["mktree"], &lines);
        }
        let commit = fixture.git(&["commit-tree", &id, "-m", "bomb"]);
        let commit = ObjectId::from_hex(commit.as_bytes()).unwrap();
        let repository = Repository::open(&fixture.path().join(".git")).unwrap();
        let listing = repository.tree_entries(commit, 1_000).unwrap();
        assert!(listing.entries.len() <= 1_000);
        assert_eq!(listing.lacks, [Lack::TooManyEntries { listed: listing.entries.len() as u64 }]);
    }
}
