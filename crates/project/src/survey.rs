//! The state on disk: of every tracked entry, of what is not tracked, or of every file in a folder without git.
//!
//! One pass, folder by folder: each folder is opened once from the project's root without following links, its names are
//! read, and its tracked files are looked at relative to it. Folders are spread over threads; the result does not depend
//! on which thread met what.

mod walk;

pub use crate::rules::Rule;

use crate::ProjectError;
use crate::find::{Kind, Project};
use crate::git::Listing;
use crate::lacks::Lack;
use crate::stat::FileStat;
use std::collections::BTreeMap;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnDisk {
    /// Nothing.
    #[default]
    Missing,
    /// A regular file.
    File {
        /// Its state.
        stat: FileStat,
        /// Whether its owner may execute it.
        executable: bool,
    },
    /// A symbolic link.
    Symlink,
    /// A folder.
    Folder,
    /// A FIFO, socket or device.
    Special,
    /// This user may not look at it.
    Denied,
}

/// How to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct SurveyOptions {
    /// Threads; 0 means as many as the machine has, up to 8.
    pub threads: usize,
    /// Do not obey `.gitignore` files.
    pub no_ignore: bool,
}

/// A file of a folder without git.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path from the project's root, as safe text.
    pub path: Box<str>,
    /// What it is.
    pub on_disk: OnDisk,
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The state of each entry of the listing, in its order. Empty for a bare repository.
    pub tracked: Vec<OnDisk>,
    /// Every file that no rule hides, sorted; only for a folder without git.
    pub found: Vec<Found>,
    /// What is not tracked.
    pub untracked: Untracked,
    /// Which rules hide how many entries (a hidden folder is one).
    pub hidden_by: BTreeMap<Rule, u64>,
    /// Folders that could not be opened or read, as safe text, sorted.
    pub unread_folders: Vec<Box<str>>,
    /// What this looking left out.
    pub lacks: Vec<Lack>,
}

/// What is in the work tree and not in the index; nothing of it is modelled. What Codexa itself writes is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untracked {
    /// Files that no rule ignores.
    pub files: u64,
    /// Ignored entries; an ignored folder is one.
    pub ignored: u64,
    /// Folders that are repositories of their own, not entered.
    pub repositories: u64,
}

impl Project {
    /// Looks at every entry of `listing`, or at every file where git knows none.
    #[must_use]
    pub fn survey(&self, listing: &Listing, options: SurveyOptions) -> Survey {
        self.look(listing, options, &|| false)
    }

    /// The same; `cancelled` is asked for every name, and ends it.
    pub fn survey_unless(
        &self,
        listing: &Listing,
        options: SurveyOptions,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Survey, ProjectError> {
        let survey = self.look(listing, options, cancelled);
        if cancelled() { Err(ProjectError::Cancelled) } else { Ok(survey) }
    }

    fn look(&self, listing: &Listing, options: SurveyOptions, cancelled: &(dyn Fn() -> bool + Sync)) -> Survey {
        match self.kind() {
            Kind::Bare => Survey::default(),
            Kind::WorkTree => walk::run(self, Some(&listing.entries), options, cancelled),
            Kind::Folder => walk::run(self, None, options, cancelled),
        }
    }
}
