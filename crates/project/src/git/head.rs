//! Where HEAD points.

use super::{ObjectId, Repository};
use crate::ProjectError;
use std::fs;

/// HEAD of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit; `None` where there is none yet.
    pub commit: Option<ObjectId>,
    /// The branch without `refs/heads/`, as safe text; `None` where HEAD is detached.
    pub branch: Option<Box<str>>,
}

impl Repository {
    /// HEAD's commit and branch.
    pub fn head(&self) -> Result<Head, ProjectError> {
        self.refuse_special_ref()?;
        let repository = self.inner.to_thread_local();
        let head = repository.head().map_err(|error| self.error(&error))?;
        let branch = head.referent_name().map(|name| crate::path::text(name.shorten()));
        if head.is_unborn() {
            return Ok(Head { commit: None, branch });
        }
        let commit = head.into_peeled_id().map_err(|error| self.error(&error))?.detach();
        Ok(Head { commit: Some(commit), branch })
    }

    /// A ref that is a FIFO would make the reader wait for ever.
    fn refuse_special_ref(&self) -> Result<(), ProjectError> {
        let Ok(head) = fs::read_to_string(self.git_dir().join("HEAD")) else { return Ok(()) };
        let Some(name) = head.trim_end().strip_prefix("ref: ") else { return Ok(()) };
        if !crate::path::is_safe(name.as_bytes()) {
            return Err(self.malformed("HEAD names an unsafe ref"));
        }
        let common = self.inner.to_thread_local().common_dir().join(name);
        for path in [self.git_dir().join(name), common] {
            if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
                return Err(self.malformed("HEAD's ref is not a regular file"));
            }
        }
        Ok(())
    }

    pub(super) fn malformed(&self, reason: &str) -> ProjectError {
        ProjectError::Git { path: self.git_dir().to_path_buf(), reason: reason.to_owned() }
    }
}
