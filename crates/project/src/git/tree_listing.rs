//! What a commit's tree holds: how a project without a work tree is listed.

use super::budget::Budget;
use super::{Entry, EntryKind, Listing, ObjectId, Repository};
use crate::lacks::Lack;
use crate::{ProjectError, path};
use gix::objs::tree::EntryKind as TreeEntryKind;
use std::collections::BTreeSet;

impl Repository {
    /// The entries of the commit's tree, at most `limit`. Trees that are missing are counted, not fatal.
    pub(crate) fn tree_entries(
        &self,
        commit: ObjectId,
        limit: usize,
        cancelled: impl Fn() -> bool,
    ) -> Result<Listing, ProjectError> {
        let mut repository = self.inner.to_thread_local();
        repository.object_cache_size_if_unset(16 << 20);
        let root = repository
            .find_commit(commit)
            .map_err(|error| self.error(&error))?
            .tree_id()
            .map_err(|error| self.error(&error))?
            .detach();
        let mut unfolding = Unfolding {
            listing: Listing::default(),
            pending: vec![(Vec::new(), root)],
            unreadable: BTreeSet::new(),
            missing: 0,
            budget: Budget::new(limit),
            limit,
        };
        while let Some((prefix, id)) = unfolding.pending.pop() {
            if cancelled() {
                return Err(ProjectError::Cancelled);
            }
            if !unfolding.tree(&repository, &prefix, id) {
                let listed = unfolding.listing.entries.len() as u64;
                unfolding.listing.lacks.push(Lack::TooManyEntries { listed });
                break;
            }
        }
        let Unfolding { mut listing, missing, .. } = unfolding;
        if missing > 0 {
            listing.lacks.push(Lack::MissingObjects { count: missing });
        }
        listing.finish();
        Ok(listing)
    }
}

/// A tree that is being listed.
struct Unfolding {
    listing: Listing,
    /// Trees to look at, with what their paths begin with.
    pending: Vec<(Vec<u8>, ObjectId)>,
    /// Trees that could not be read: that one is no tree may show only after all of it was inflated.
    unreadable: BTreeSet<ObjectId>,
    missing: u64,
    budget: Budget,
    limit: usize,
}

impl Unfolding {
    /// Takes in one tree; `false` where the budget does not allow all of it.
    fn tree(&mut self, repository: &gix::Repository, prefix: &[u8], id: ObjectId) -> bool {
        let tree = if self.unreadable.contains(&id) { None } else { repository.find_tree(id).ok() };
        let Some(tree) = tree else {
            self.unreadable.insert(id);
            self.missing += 1;
            return self.budget.step(0);
        };
        if !self.budget.step(tree.data.len()) {
            return false;
        }
        for entry in tree.iter() {
            let Ok(entry) = entry else {
                self.missing += 1;
                break;
            };
            if !self.budget.step(prefix.len() + entry.filename().len()) {
                return false;
            }
            let mut raw = prefix.to_vec();
            raw.extend_from_slice(entry.filename());
            if !path::is_safe(&raw) {
                self.listing.push_unsafe(&raw);
                continue;
            }
            let kind = match entry.kind() {
                TreeEntryKind::Tree => None,
                TreeEntryKind::Blob => Some(EntryKind::File),
                TreeEntryKind::BlobExecutable => Some(EntryKind::Executable),
                TreeEntryKind::Link => Some(EntryKind::Symlink),
                TreeEntryKind::Commit => Some(EntryKind::Submodule),
            };
            if self.listing.entries.len() + self.pending.len() >= self.limit {
                return false;
            }
            let Some(kind) = kind else {
                raw.push(b'/');
                self.pending.push((raw, entry.object_id()));
                continue;
            };
            self.listing.entries.push(Entry {
                path: path::text(&raw),
                kind,
                id: entry.object_id(),
                stat: None,
                conflicted: false,
                skip_worktree: false,
                intent_to_add: false,
            });
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codexa_testkit::GitRepository;

    /// The listing of twelve trees, each of which names the one before 16 times: 16^12 times the leaf.
    fn unfolded(fixture: &GitRepository, leaf: &str) -> Listing {
        let mut id = leaf.to_owned();
        for _ in 0..12 {
            let lines: String = (0..16).map(|name| format!("040000 tree {id}\t{name:02}\n")).collect();
            id = fixture.git_with_input(&["mktree", "--missing"], &lines);
        }
        let commit = fixture.git(&["commit-tree", &id, "-m", "bomb"]);
        let commit = ObjectId::from_hex(commit.as_bytes()).unwrap();
        let repository = Repository::open(&fixture.path().join(".git")).unwrap();
        repository.tree_entries(commit, 1_000, || false).unwrap()
    }

    #[test]
    fn abuse_35_trees_that_unfold_without_end_are_cut() {
        let fixture = GitRepository::with_files(&[("a", "")]);
        let leaf = fixture.git(&["rev-parse", "HEAD^{tree}"]);
        let listing = unfolded(&fixture, &leaf);
        assert!(listing.entries.len() <= 1_000);
        assert_eq!(listing.lacks, [Lack::TooManyEntries { listed: listing.entries.len() as u64 }]);
    }

    #[test]
    fn abuse_35_trees_that_unfold_to_nothing_are_cut() {
        let fixture = GitRepository::with_files(&[("a", "")]);
        let empty = fixture.git_with_input(&["mktree"], "");
        let listing = unfolded(&fixture, &empty);
        assert_eq!(listing.lacks, [Lack::TooManyEntries { listed: 0 }]);

        let listing = unfolded(&fixture, &"1".repeat(40));
        let [Lack::TooManyEntries { listed: 0 }, Lack::MissingObjects { count }] = listing.lacks[..] else {
            panic!("{:?}", listing.lacks);
        };
        assert!(count < 5_000);

        let blob = fixture.git(&["rev-parse", "HEAD:a"]);
        let unsafe_only = fixture.git_with_input(&["mktree"], &format!("100644 blob {blob}\t.git\n"));
        let listing = unfolded(&fixture, &unsafe_only);
        assert_eq!(listing.lacks, [Lack::TooManyEntries { listed: 0 }]);
        assert_eq!(listing.unsafe_names.len(), crate::git::UNSAFE_LISTED);
        assert!((1..4_000).contains(&listing.unsafe_unlisted));
    }

    #[test]
    fn abuse_35_paths_that_grow_without_end_are_cut() {
        // 16^12 folders with names of 250 bytes: a path each would fill any memory long before there are too many.
        let fixture = GitRepository::with_files(&[("a", "")]);
        let mut id = fixture.git(&["rev-parse", "HEAD^{tree}"]);
        for _ in 0..12 {
            let name = "x".repeat(248);
            let lines: String = (0..16).map(|n| format!("040000 tree {id}\t{n:02}{name}\n")).collect();
            id = fixture.git_with_input(&["mktree"], &lines);
        }
        let commit = fixture.git(&["commit-tree", &id, "-m", "bomb"]);
        let repository = Repository::open(&fixture.path().join(".git")).unwrap();
        let listing = repository.tree_entries(ObjectId::from_hex(commit.as_bytes()).unwrap(), 1_000, || false).unwrap();
        let bytes: usize = listing.entries.iter().map(|entry| entry.path.len()).sum();
        assert!(bytes <= 256_000, "{bytes}");
        assert!(matches!(listing.lacks[..], [Lack::TooManyEntries { .. }]));
    }
}
