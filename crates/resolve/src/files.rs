//! The tracked paths as a set, and how near two folders are.

use crate::Repository;
use rustc_hash::FxHashSet;

/// The tracked paths, for asking whether one exists.
#[derive(Debug, Default)]
pub(crate) struct Files(FxHashSet<Box<str>>);

impl Files {
    /// Every tracked path.
    pub(crate) fn of(repo: &dyn Repository) -> Self {
        Self(repo.paths().iter().cloned().collect())
    }

    /// Whether the path is a tracked file.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.0.contains(path)
    }
}

/// What follows `folder` in a path that is `folder` or lies in it, without a leading `/`.
pub(crate) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// How many leading folders two folders share.
pub(crate) fn shared_folders(left: &str, right: &str) -> usize {
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    left.split('/').zip(right.split('/')).take_while(|(left, right)| left == right).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_by_whole_folders() {
        assert_eq!(shared_folders("a/b/c", "a/b/d"), 2);
        assert_eq!(shared_folders("ab", "a"), 0);
        assert_eq!(shared_folders("", ""), 0);
        assert_eq!(below("a/b/c", "a/b"), Some("c"));
        assert_eq!(below("a", "a"), Some(""));
        assert_eq!(below("ab/c", "a"), None);
    }
}
