//! From a folder to a project.

use crate::git::{Basis, Head, LISTING_LIMIT, Listing, Repository};
use crate::lacks::Lack;
use crate::tree::Tree;
use crate::{FOLDER, ProjectError, WRITTEN_BY_CODEXA};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// How a project lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The work tree of a git repository, or a folder in one.
    WorkTree,
    /// A bare repository: no files but those in its objects.
    Bare,
    /// A folder that git does not know.
    Folder,
}

/// A project on disk. It can be shared between threads.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    kind: Kind,
    repository: Option<Repository>,
    /// The root's path in the repository, as bytes with a trailing `/`; empty where they are the same.
    prefix: Vec<u8>,
    tree: Tree,
}

impl Project {
    /// The project that `start` is in: the nearest folder upwards that holds `.codexa/` or `.git`; else `start` itself,
    /// as a bare repository or as a plain folder.
    pub fn find(start: &Path) -> Result<Self, ProjectError> {
        let start = canonical(start)?;
        let owner = start.ancestors().find(|folder| folder.join(FOLDER).is_dir() || has_git(folder));
        match owner {
            Some(root) => Self::open_canonical(root),
            None => Self::open_canonical(&start),
        }
    }

    /// The project whose root is `folder` (what `--project` names), without a search for a better root. Its `.codexa/`
    /// stands for it.
    ///
    /// A folder inside a repository that tracks files beneath it is read as that part of the repository.
    pub fn open(folder: &Path) -> Result<Self, ProjectError> {
        let folder = canonical(folder)?;
        let owner = folder.parent().filter(|_| folder.ends_with(FOLDER));
        Self::open_canonical(owner.unwrap_or(&folder))
    }

    fn open_canonical(root: &Path) -> Result<Self, ProjectError> {
        let tree = Tree::open(root).map_err(|error| ProjectError::opening(root, error))?;
        let project = |kind, repository, prefix| Self { root: root.to_path_buf(), kind, repository, prefix, tree };
        if has_git(root) {
            return Ok(project(Kind::WorkTree, Some(Repository::open(&root.join(".git"))?), Vec::new()));
        }
        if Repository::is_git_folder(root) {
            return Ok(project(Kind::Bare, Some(Repository::open(root)?), Vec::new()));
        }
        if let Some((repository, prefix)) = enclosing(root)? {
            return Ok(project(Kind::WorkTree, Some(repository), prefix));
        }
        Ok(project(Kind::Folder, None, Vec::new()))
    }

    /// The project's folder, absolute and free of symbolic links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How it lies on disk.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The folder, open: every access to its files goes through it.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The root's path in the repository, with a trailing `/`; empty where they are the same.
    #[must_use]
    pub fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Its git repository.
    #[must_use]
    pub fn repository(&self) -> Option<&Repository> {
        self.repository.as_ref()
    }

    /// HEAD; `None` outside git.
    pub fn head(&self) -> Result<Option<Head>, ProjectError> {
        self.repository.as_ref().map(Repository::head).transpose()
    }

    /// The commit a manifest stands on: the newest, by first parents, that touches anything but what Codexa writes
    /// ([`WRITTEN_BY_CODEXA`]); `None` outside git or without a commit.
    pub fn basis(&self) -> Result<Option<Basis>, ProjectError> {
        self.basis_unless(&|| false)
    }

    /// The same; `cancelled` is asked before every commit, and ends it.
    pub fn basis_unless(&self, cancelled: &dyn Fn() -> bool) -> Result<Option<Basis>, ProjectError> {
        let Some(repository) = &self.repository else { return Ok(None) };
        repository.basis(&self.prefix, &WRITTEN_BY_CODEXA, cancelled)
    }

    /// What git tracks: the index, or HEAD's tree in a bare repository; empty outside git.
    pub fn tracked(&self) -> Result<Listing, ProjectError> {
        self.tracked_unless(|| false)
    }

    /// The same; `cancelled` is asked between trees, and ends it.
    pub fn tracked_unless(&self, cancelled: impl Fn() -> bool) -> Result<Listing, ProjectError> {
        let Some(repository) = &self.repository else { return Ok(Listing::default()) };
        match self.kind {
            Kind::Bare => match repository.head()?.commit {
                Some(commit) => repository.tree_entries(commit, LISTING_LIMIT, cancelled),
                None => Ok(Listing::default()),
            },
            Kind::WorkTree | Kind::Folder => repository.index_entries(&self.prefix, LISTING_LIMIT),
        }
    }

    /// How many files the last commit has, where it has any and the project is all of its repository.
    pub fn committed(&self) -> Result<u64, ProjectError> {
        let commit = self.head()?.and_then(|head| head.commit);
        match (&self.repository, commit) {
            (Some(repository), Some(commit)) if self.prefix.is_empty() => {
                Ok(repository.tree_entries(commit, LISTING_LIMIT, || false)?.entries.len() as u64)
            }
            _ => Ok(0),
        }
    }

    /// What the project as a whole lacks, sorted; listing and scanning it add what they meet.
    pub fn lacks(&self) -> Result<Vec<Lack>, ProjectError> {
        let mut lacks = Vec::new();
        if !self.root.join(FOLDER).is_dir() {
            lacks.push(Lack::NoConfiguration);
        }
        match &self.repository {
            None => lacks.push(Lack::NoGit),
            Some(repository) => {
                lacks.extend(repository.lacks());
                let head = repository.head()?;
                if head.commit.is_none() {
                    lacks.push(Lack::NoCommit);
                } else if head.branch.is_none() {
                    lacks.push(Lack::NoBranch);
                }
                if self.kind == Kind::Bare {
                    lacks.push(Lack::NoWorkTree);
                }
            }
        }
        lacks.sort();
        Ok(lacks)
    }
}

fn canonical(folder: &Path) -> Result<PathBuf, ProjectError> {
    let error = |error| ProjectError::opening(folder, error);
    let canonical = fs::canonicalize(folder).map_err(error)?;
    if !fs::metadata(&canonical).map_err(error)?.is_dir() {
        return Err(error(io::ErrorKind::NotADirectory.into()));
    }
    Ok(canonical)
}

/// Whether the folder is the top of a work tree. A `.git` may lead elsewhere, as a file (worktrees, submodules) or as a
/// link; what it leads to is only read.
fn has_git(folder: &Path) -> bool {
    let git = folder.join(".git");
    fs::metadata(&git)
        .is_ok_and(|metadata| metadata.is_file() || (metadata.is_dir() && Repository::is_git_folder(&git)))
}

/// The repository above a folder, where it tracks anything beneath that folder. One that cannot be read may do so.
fn enclosing(folder: &Path) -> Result<Option<(Repository, Vec<u8>)>, ProjectError> {
    let Some(top) = folder.ancestors().skip(1).find(|folder| has_git(folder)) else { return Ok(None) };
    let Ok(beneath) = folder.strip_prefix(top) else { return Ok(None) };
    let mut prefix = beneath.as_os_str().as_bytes().to_vec();
    prefix.push(b'/');
    let repository = Repository::open(&top.join(".git"))?;
    let listing = repository.index_entries(&prefix, LISTING_LIMIT)?;
    Ok((!listing.entries.is_empty()).then_some((repository, prefix)))
}
