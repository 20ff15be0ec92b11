//! What a commit's tree holds: how a project without a work tree is listed.

use super::{Entry, EntryKind, Listing, ObjectId, Repository};
use crate::lacks::Lack;
use crate::{ProjectError, path};
use gix::objs::tree::EntryKind as TreeEntryKind;

/// Most entries that are listed: trees may name each other so that a few objects unfold to more files than atoms.
pub const LISTING_LIMIT: usize = 2_000_000;

impl Repository {
    /// Every entry of the commit's tree. Trees that are missing are counted, not fatal.
    pub(crate) fn tree_entries(&self, commit: ObjectId) -> Result<Listing, ProjectError> {
        let repository = self.inner.to_thread_local();
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
                if listing.entries.len() + pending.len() >= LISTING_LIMIT {
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
