//! Where HEAD points. The refs on the way are read here and not by `gix`, which opens whatever lies at their names: a FIFO
//! would make it wait for ever.

use super::{ObjectId, Repository};
use crate::ProjectError;
use crate::tree::{NotRead, read_path};
use gix::objs::Kind;
use gix::refs::FullName;
use std::path::Path;

/// HEAD of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit; `None` where there is none yet.
    pub commit: Option<ObjectId>,
    /// The branch without `refs/heads/`, as safe text; `None` where HEAD is detached.
    pub branch: Option<Box<str>>,
}

/// What a ref says.
enum Target {
    Object(ObjectId),
    Ref(FullName),
}

/// Refs that are followed from one to the next; git follows as many.
const HOPS: usize = 5;

/// Tags that are followed from one to the next.
const TAGS: usize = 32;

/// Longest file of a ref: a path and what git writes around it.
const LIMIT: u64 = 8 << 10;

impl Repository {
    /// HEAD's commit and branch.
    pub fn head(&self) -> Result<Head, ProjectError> {
        let head = match self.loose(self.git_dir(), "HEAD")? {
            Some(Target::Object(id)) => return Ok(Head { commit: Some(self.peeled(id)?), branch: None }),
            Some(Target::Ref(name)) => name,
            None => return Err(self.malformed("there is no HEAD")),
        };
        let branch = Some(crate::path::text(head.as_ref().shorten()));
        Ok(Head { commit: self.follow(head)?, branch })
    }

    /// The commit of a local branch; `None` where there is no such branch.
    pub fn branch(&self, name: &str) -> Result<Option<ObjectId>, ProjectError> {
        let full = FullName::try_from(format!("refs/heads/{name}"));
        full.map_or(Ok(None), |name| self.follow(name))
    }

    /// The commit that a ref leads to, by way of others; `None` where it leads to none yet.
    fn follow(&self, mut name: FullName) -> Result<Option<ObjectId>, ProjectError> {
        for _ in 0..HOPS {
            name = match self.target(&name)? {
                None => return Ok(None),
                Some(Target::Object(id)) => return Ok(Some(self.peeled(id)?)),
                Some(Target::Ref(next)) => next,
            };
        }
        Err(self.malformed("a ref leads from ref to ref without end"))
    }

    /// What the ref of that name says; `None` where there is no such ref.
    fn target(&self, name: &FullName) -> Result<Option<Target>, ProjectError> {
        let repository = self.inner.to_thread_local();
        let text = name.as_ref().as_bstr().to_string();
        if !text.starts_with("refs/") || !crate::path::is_safe(text.as_bytes()) {
            return Err(self.malformed("a ref leads to an unsafe name"));
        }
        // Some refs are each work tree's own.
        let is_own = ["refs/bisect/", "refs/rewritten/", "refs/worktree/"].iter().any(|own| text.starts_with(own));
        let folder = if is_own { self.git_dir() } else { repository.common_dir() };
        if let Some(target) = self.loose(folder, &text)? {
            return Ok(Some(target));
        }
        let packed = repository.refs.cached_packed_buffer().map_err(|error| self.error(&error))?;
        let Some(packed) = packed else { return Ok(None) };
        let found = packed.try_find(name.as_ref()).map_err(|error| self.error(&error))?;
        Ok(found.map(|found| Target::Object(found.target())))
    }

    /// What the file of a ref says; `None` where there is no such file.
    fn loose(&self, folder: &Path, name: &str) -> Result<Option<Target>, ProjectError> {
        let path = folder.join(name);
        let content = match read_path(&path, LIMIT) {
            Ok(content) => content.bytes,
            // A folder may lie where a packed ref has its name.
            Err(NotRead::Missing) => return Ok(None),
            Err(NotRead::Special) if path.is_dir() => return Ok(None),
            Err(NotRead::Symlink | NotRead::Special) => {
                return Err(self.malformed(&format!("{} is not a regular file", crate::path::text(name.as_bytes()))));
            }
            Err(error) => {
                return Err(self.malformed(&format!("{}: {error}", crate::path::text(name.as_bytes()))));
            }
        };
        let line = content.split(|byte| b"\0\r\n".contains(byte)).next().unwrap_or_default().trim_ascii();
        let target = match line.strip_prefix(b"ref:") {
            Some(name) => FullName::try_from(gix::bstr::BStr::new(name.trim_ascii())).ok().map(Target::Ref),
            None => {
                let id = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                ObjectId::from_hex(id).ok().map(Target::Object)
            }
        };
        match target {
            Some(target) => Ok(Some(target)),
            None => Err(self.malformed(&format!("{} holds no ref", crate::path::text(name.as_bytes())))),
        }
    }

    /// The commit that an object is or, as a tag, names.
    fn peeled(&self, id: ObjectId) -> Result<ObjectId, ProjectError> {
        let repository = self.inner.to_thread_local();
        let mut id = id;
        for _ in 0..TAGS {
            match repository.find_header(id).map_err(|error| self.error(&error))?.kind() {
                Kind::Commit => return Ok(id),
                Kind::Tag => {
                    let tag = repository.find_tag(id).map_err(|error| self.error(&error))?;
                    id = tag.target_id().map_err(|error| self.error(&error))?.detach();
                }
                Kind::Tree | Kind::Blob => break,
            }
        }
        Err(self.malformed("a ref leads to no commit"))
    }

    pub(super) fn malformed(&self, reason: &str) -> ProjectError {
        ProjectError::Git { path: self.git_dir().to_path_buf(), reason: reason.to_owned() }
    }
}
