//! Every tracked path by its last name, so that an include finds the few files it could mean at once.

use crate::Repository;
use crate::paths::{name, resolve};
use crate::work::Work;
use rustc_hash::FxHashMap;

/// A name that more files share is only looked up in known folders, never searched: keeps a hostile tree linear.
const MOST_SHARED: usize = 1024;
/// Files that are gone through faster than they are searched.
const FEW: usize = 8;

/// The tracked paths by their last name; each list is sorted.
#[derive(Debug, Default)]
pub(super) struct Tree(FxHashMap<Box<str>, Vec<Box<str>>>);

/// The files whose path ends with an include's target.
pub(super) enum Matches<'a> {
    /// The folder before the target, and the path, sorted by path; and the target.
    Few(Vec<(&'a str, &'a str)>, &'a str),
    /// Too many share the name, or the target climbs with `..`: all that share it, and the target.
    ByFolder(&'a [Box<str>], &'a str),
}

impl Tree {
    /// Every tracked path.
    pub(super) fn of(repo: &dyn Repository) -> Self {
        let mut tree: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
        for path in repo.paths() {
            let last = name(path);
            match tree.get_mut(last) {
                Some(known) => known.push(path.clone()),
                None => {
                    tree.insert(last.into(), vec![path.clone()]);
                }
            }
        }
        Self(tree)
    }

    /// The files that the target could mean; `None` where no tracked path ends with it, or where the work is spent.
    pub(super) fn ending_with<'a>(&'a self, target: &'a str, work: &Work) -> Option<Matches<'a>> {
        let sharing = self.0.get(name(target)).filter(|sharing| work.take(sharing.len().min(MOST_SHARED)))?;
        let climbs = target.split('/').any(|part| matches!(part, "." | ".." | ""));
        if sharing.len() > MOST_SHARED {
            work.leave_out();
        }
        if climbs || sharing.len() > MOST_SHARED {
            return Some(Matches::ByFolder(sharing, target));
        }
        let fitting: Vec<_> = sharing.iter().filter_map(|path| Some((root_of(path, target)?, &**path))).collect();
        (!fitting.is_empty()).then_some(Matches::Few(fitting, target))
    }
}

/// The folder that `target` is written from, where the path ends with it.
fn root_of<'a>(path: &'a str, target: &str) -> Option<&'a str> {
    let root = path.strip_suffix(target)?;
    if root.is_empty() { Some(root) } else { root.strip_suffix('/') }
}

impl<'a> Matches<'a> {
    /// The file that the target means when it is looked for in a folder.
    pub(super) fn under(&self, folder: &str) -> Option<&'a str> {
        match self {
            Self::Few(fitting, target) if fitting.len() > FEW => {
                let slash = (!folder.is_empty()).then_some(b'/');
                let wanted = || folder.bytes().chain(slash).chain(target.bytes());
                let found = fitting.binary_search_by(|(_, path)| path.bytes().cmp(wanted())).ok()?;
                fitting.get(found).map(|(_, path)| *path)
            }
            Self::Few(fitting, _) => fitting.iter().find(|(root, _)| *root == folder).map(|(_, path)| *path),
            Self::ByFolder(sharing, target) => {
                let wanted = resolve(folder, target)?;
                let found = sharing.binary_search_by(|path| (**path).cmp(&wanted)).ok()?;
                sharing.get(found).map(|path| &**path)
            }
        }
    }

    /// Every file that ends with the target, with the folder before it; none where they are too many to look at.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fitting = if let Self::Few(fitting, _) = self { fitting.as_slice() } else { &[] };
        fitting.iter().copied()
    }
}
