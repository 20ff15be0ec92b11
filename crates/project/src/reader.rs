//! File contents, wherever the project keeps them.

use crate::find::{Kind, Project};
use crate::git::ObjectId;
use crate::path;
pub use crate::tree::NotRead as ReadError;
use crate::tree::Tree;
use crate::{FileStat, ProjectError};

/// A file's content.
#[derive(Debug)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The state on disk just before they were read; `None` where they come from git's objects.
    pub stat: Option<FileStat>,
}

/// Reads files of a project; make one per thread.
pub struct Reader {
    source: Source,
}

enum Source {
    WorkTree(Tree),
    Objects { repository: Box<gix::Repository>, root: Option<ObjectId> },
}

impl Project {
    /// A reader of the project's files.
    pub fn reader(&self) -> Result<Reader, ProjectError> {
        let source = match (self.kind(), self.repository()) {
            (Kind::Bare, Some(repository)) => {
                let mut inner = repository.inner.to_thread_local();
                inner.object_cache_size_if_unset(4 << 20);
                let root = repository
                    .head()?
                    .commit
                    .and_then(|commit| Some(inner.find_commit(commit).ok()?.tree_id().ok()?.detach()));
                Source::Objects { repository: Box::new(inner), root }
            }
            _ => Source::WorkTree(self.tree().clone()),
        };
        Ok(Reader { source })
    }
}

impl Project {
    /// A reader of the project's files as a local branch has them, and the commit it stands on; `None` where there is no
    /// such branch. Only what is committed there is read, whatever lies in the work tree.
    pub fn reader_of_branch(&self, name: &str) -> Result<Option<(ObjectId, Reader)>, ProjectError> {
        let Some(repository) = self.repository() else { return Ok(None) };
        let Some(commit) = repository.branch(name)? else { return Ok(None) };
        let inner = repository.inner.to_thread_local();
        let root = inner.find_commit(commit).ok().and_then(|commit| commit.tree().ok()).and_then(|tree| {
            let prefix = self.prefix().strip_suffix(b"/").unwrap_or_default();
            if prefix.is_empty() {
                return Some(tree.id);
            }
            let entry = tree.lookup_entry(prefix.split(|byte| *byte == b'/')).ok().flatten()?;
            entry.mode().is_tree().then(|| entry.object_id())
        });
        Ok(Some((commit, Reader { source: Source::Objects { repository: Box::new(inner), root } })))
    }
}

impl Reader {
    /// The size in bytes of an object of a bare repository; `None` where it is missing, or files are read from a work tree.
    #[must_use]
    pub fn size_of(&self, id: ObjectId) -> Option<u64> {
        match &self.source {
            Source::WorkTree(_) => None,
            Source::Objects { repository, .. } => repository.find_header(id).ok().map(|header| header.size()),
        }
    }

    /// The state on disk of the regular file at `path`, without opening it; `None` where there is none, or files are read from
    /// git's objects.
    #[must_use]
    pub fn stat(&self, path: &str) -> Option<FileStat> {
        match &self.source {
            Source::WorkTree(tree) => tree.stat(&path::raw(path)).ok(),
            Source::Objects { .. } => None,
        }
    }

    /// The names of the folders in the folder at `path`, as text. Symbolic links are no folders and are not followed.
    pub fn folders(&self, path: &str) -> Result<Vec<Box<str>>, ReadError> {
        let raw = path::raw(path);
        let names = match &self.source {
            Source::WorkTree(_) if raw.is_empty() => return Err(ReadError::UnsafeName),
            Source::WorkTree(tree) => tree.names(&raw)?.folders,
            Source::Objects { repository, root } => object_folders(repository, *root, &raw)?,
        };
        Ok(names.iter().map(|name| path::text(name)).collect())
    }

    /// The content of the regular file at `path` (safe text, see [`crate::path`]), of at most `limit` bytes.
    ///
    /// Symbolic links are not followed, neither here nor on the way; FIFOs, sockets and devices are not opened for
    /// reading. A larger file is not read at all.
    pub fn read(&self, path: &str, limit: u64) -> Result<Content, ReadError> {
        let mut bytes = Vec::new();
        let stat = self.read_into(path, limit, &mut bytes)?;
        Ok(Content { bytes, stat })
    }

    /// The same, in the place of what `bytes` held, for who reads one file after another.
    pub fn read_into(&self, path: &str, limit: u64, bytes: &mut Vec<u8>) -> Result<Option<FileStat>, ReadError> {
        let raw = path::raw(path);
        match &self.source {
            Source::WorkTree(tree) => tree.read_into(&raw, limit, bytes).map(Some),
            Source::Objects { repository, root } => {
                *bytes = read_object(repository, *root, &raw, limit)?;
                Ok(None)
            }
        }
    }
}

fn object_folders(repository: &gix::Repository, root: Option<ObjectId>, raw: &[u8]) -> Result<Vec<Vec<u8>>, ReadError> {
    let tree = root.and_then(|root| repository.find_tree(root).ok()).ok_or(ReadError::Missing)?;
    let entry = tree.lookup_entry(raw.split(|byte| *byte == b'/')).ok().flatten().ok_or(ReadError::Missing)?;
    let folder = repository.find_tree(entry.object_id()).map_err(|_| ReadError::Missing)?;
    let folders = folder.iter().filter_map(Result::ok).filter(|entry| entry.mode().is_tree());
    Ok(folders.map(|entry| entry.filename().to_vec()).collect())
}

fn read_object(
    repository: &gix::Repository,
    root: Option<ObjectId>,
    raw: &[u8],
    limit: u64,
) -> Result<Vec<u8>, ReadError> {
    if !path::is_safe(raw) {
        return Err(ReadError::UnsafeName);
    }
    let tree = root.and_then(|root| repository.find_tree(root).ok()).ok_or(ReadError::Missing)?;
    let entry = tree.lookup_entry(raw.split(|byte| *byte == b'/')).ok().flatten().ok_or(ReadError::Missing)?;
    if entry.mode().is_link() {
        return Err(ReadError::Symlink);
    }
    if !entry.mode().is_blob() {
        return Err(ReadError::Special);
    }
    let size = repository.find_header(entry.object_id()).map_err(|_| ReadError::Missing)?.size();
    if size > limit {
        return Err(ReadError::TooLarge { size });
    }
    let mut object = repository.find_object(entry.object_id()).map_err(|_| ReadError::Missing)?;
    Ok(std::mem::take(&mut object.data))
}
