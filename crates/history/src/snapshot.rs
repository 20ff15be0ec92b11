//! How many lines the files of a commit have. This is the one place where contents are read: newlines are counted, and
//! nothing else is looked at.

use gix::ObjectId;
use gix::objs::{Find as _, FindExt as _};
use std::thread;

/// A file as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Then {
    /// Its path, from the project's root.
    pub path: Box<[u8]>,
    /// Its lines.
    pub lines: u32,
}

/// The files of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Those whose lines could be counted, sorted by path.
    pub files: Vec<Then>,
    /// Those whose content is not there, or is larger than is read.
    pub missing: u32,
}

/// Deepest folder that is looked into.
const DEPTH: usize = 256;
/// Most files.
const MAX_FILES: usize = 200_000;
/// Largest file that is read.
const MAX_BYTES: u64 = 4 << 20;
/// Memory for the bases that other objects are stored as differences from, per thread.
const PACK_CACHE: usize = 32 << 20;

/// The files of a commit beneath a folder (`prefix`, with `/` at its end), of those whose paths are wanted. `None` where the
/// commit's trees are not there.
#[must_use]
pub fn snapshot(
    repository: &gix::ThreadSafeRepository,
    commit: ObjectId,
    prefix: &[u8],
    is_wanted: &(dyn Fn(&[u8]) -> bool + Sync),
    threads: usize,
) -> Option<Snapshot> {
    let files = list(&handle(repository), commit, prefix, is_wanted)?;
    let share = files.len().div_ceil(threads.max(1)).max(1);
    let counted: Vec<Option<u32>> = thread::scope(|scope| {
        let work = |share: Vec<ObjectId>| {
            let repository = handle(repository);
            let mut bytes = Vec::new();
            share.into_iter().map(|id| lines(&repository, id, &mut bytes)).collect::<Vec<_>>()
        };
        let shares = files.chunks(share).map(|share| share.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        let running: Vec<_> = shares.map(|share| scope.spawn(move || work(share))).collect();
        running.into_iter().flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut all = Snapshot::default();
    for ((path, _), lines) in files.into_iter().zip(counted) {
        match lines {
            Some(lines) => all.files.push(Then { path: path.into(), lines }),
            None => all.missing += 1,
        }
    }
    all.files.sort_by(|a, b| a.path.cmp(&b.path));
    Some(all)
}

fn handle(repository: &gix::ThreadSafeRepository) -> gix::Repository {
    let mut repository = repository.to_thread_local();
    repository.objects.set_pack_cache(|| Box::new(gix::odb::pack::cache::lru::MemoryCappedHashmap::new(PACK_CACHE)));
    repository
}

/// Path and content of each wanted file.
fn list(
    repository: &gix::Repository,
    commit: ObjectId,
    prefix: &[u8],
    is_wanted: &dyn Fn(&[u8]) -> bool,
) -> Option<Vec<(Vec<u8>, ObjectId)>> {
    let tree = repository.find_commit(commit).ok()?.tree_id().ok()?.detach();
    let mut files = Vec::new();
    let mut left = vec![(Vec::new(), tree, 0_usize)];
    let mut bytes = Vec::new();
    while let Some((folder, tree, depth)) = left.pop() {
        for entry in repository.objects.find_tree_iter(&tree, &mut bytes).ok()? {
            let Ok(entry) = entry else { break };
            let path = [&folder, &**entry.filename].concat();
            if entry.mode.is_tree() {
                let path = [&path, &b"/"[..]].concat();
                let leads_on = path.starts_with(prefix) || prefix.starts_with(&path);
                if leads_on && depth < DEPTH {
                    left.push((path, entry.oid.to_owned(), depth + 1));
                }
            } else if entry.mode.is_blob()
                && let Some(path) = path.strip_prefix(prefix)
                && files.len() < MAX_FILES
                && is_wanted(path)
            {
                files.push((path.to_vec(), entry.oid.to_owned()));
            }
        }
    }
    Some(files)
}

fn lines(repository: &gix::Repository, id: ObjectId, bytes: &mut Vec<u8>) -> Option<u32> {
    let header = repository.find_header(id).ok()?;
    if header.size() > MAX_BYTES {
        return None;
    }
    let content = repository.objects.try_find(&id, bytes).ok()??.data;
    let ends = content.iter().filter(|byte| **byte == b'\n').count();
    let is_open = content.last().is_some_and(|last| *last != b'\n');
    u32::try_from(ends + usize::from(is_open)).ok()
}
