//! The scan: which files a project is made of, what each is, and what is left out and why.
//!
//! Nothing is read here but git's index, folders and the state of files: what a file is follows from its path, git's
//! attributes and its neighbours. What only its content can tell ([`mod@sniff`]) is asked by whoever reads it anyway.

mod class;
mod filter;
mod language;
mod said;
pub mod sniff;

pub use class::Class;
pub use filter::PatternError;
pub(crate) use filter::Patterns;
pub use language::from_shebang;
pub(crate) use language::of_path as language_of_path;
pub use sniff::{Sniffed, sniff};
pub use tokei::LanguageType;

use crate::components::{is_markup, is_named_apart};
use crate::parallel::Pace;
use codexa_model::Language;
use codexa_project::git::{AttributeRules, Attributes};
use codexa_project::survey::{OnDisk, Rule, Survey, SurveyOptions, Untracked};
use codexa_project::{
    Entry, EntryKind, FileStat, Kind, Lack, ObjectId, Project, ProjectError, Reader, is_written_by_codexa, path,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to scan.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Paths that are left out, in the language of `.gitignore`.
    pub skip: Vec<String>,
    /// Only these paths, in the same language; empty means all.
    pub focus: Vec<String>,
    /// Files that are generated whatever the rules say, in the same language; with `!` before, files that are not.
    pub generated: Vec<String>,
    /// The same of vendored files.
    pub vendored: Vec<String>,
    /// Files beyond so many, by path, are listed as skipped.
    pub max_files: u64,
    /// Files of more bytes are listed as skipped.
    pub max_file_bytes: u64,
    /// Do not obey `.gitignore` in a folder without git.
    pub no_ignore: bool,
    /// Threads; 0 means as many as are useful.
    pub threads: usize,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            skip: Vec::new(),
            focus: Vec::new(),
            generated: Vec::new(),
            vendored: Vec::new(),
            max_files: 1_000_000,
            max_file_bytes: 4 << 20,
            no_ignore: false,
            threads: 0,
        }
    }
}

/// A file that belongs to the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedFile {
    /// Its path from the project's root, as safe text (see [`codexa_project::path`]).
    pub path: Box<str>,
    /// The language as tokei names it; `None` where the name does not tell (a shebang may, see [`mod@sniff`]).
    pub language: Option<LanguageType>,
    /// The language it is parsed as; `None` where it is counted only.
    pub parsed: Option<Language>,
    /// What it is, as far as its path and git's attributes tell.
    pub class: Class,
    /// Whether git's attributes decided the class, so that its content does not.
    pub is_class_final: bool,
    /// Bytes.
    pub size: u64,
    /// Its state on disk; `None` where it is read from git's objects.
    pub stat: Option<FileStat>,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// The id of its staged content; `None` outside git.
    pub id: Option<ObjectId>,
}

/// Why a path is not among the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A symbolic link: what it points at counts where it lies, if it lies in the project.
    Symlink,
    /// A submodule, which is a project of its own.
    Submodule,
    /// A FIFO, socket or device.
    SpecialFile,
    /// This user may not read it.
    NoPermission,
    /// Tracked, but not in the work tree.
    Deleted,
    /// Tracked, but left out of the work tree by a sparse checkout.
    NotCheckedOut,
    /// Larger than the limit.
    TooLarge,
    /// More files stand before it than the limit allows.
    TooMany,
    /// Left out by the configuration.
    ByConfiguration,
    /// Outside the focus of this run.
    OutOfFocus,
    /// A name that would leave the project or reach into `.git`.
    UnsafeName,
    /// A folder that could not be read.
    UnreadableFolder,
    /// Its object is missing from a bare repository.
    MissingObject,
}

/// A path that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The path.
    pub path: Box<str>,
    /// Why.
    pub reason: SkipReason,
    /// Its bytes, where they were looked at.
    pub size: Option<u64>,
}

/// Most skipped paths that are kept for each reason; all are counted.
pub const SKIPPED_LISTED: usize = 100;

/// What was scanned.
#[derive(Debug)]
pub struct Scan {
    /// The files, sorted by path.
    pub files: Vec<ScannedFile>,
    /// What was left out, sorted by path; at most [`SKIPPED_LISTED`] for each reason.
    pub skipped: Vec<Skipped>,
    /// How many were left out for each reason.
    pub skipped_counts: BTreeMap<SkipReason, u64>,
    /// What is in the work tree and not tracked.
    pub untracked: Untracked,
    /// What the project and its work tree lack, sorted.
    pub lacks: Vec<Lack>,
    /// Ignore rules that hide something in a folder without git, with the number of entries; in git, those that hide
    /// untracked entries.
    pub hidden_by: BTreeMap<Rule, u64>,
    /// What was cut: the model would say more without these limits. One sentence each, with names.
    pub cuts: Vec<String>,
}

/// What can go wrong with a scan.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The project could not be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A pattern of `skip` or `focus` has no meaning.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The patterns of `skip` leave nothing.
    #[error("the configuration leaves out every file; `{pattern}` leaves out the most ({skips} of {total})")]
    EverythingSkipped {
        /// The pattern, as configured.
        pattern: String,
        /// Files that it leaves out.
        skips: u64,
        /// Files there are.
        total: u64,
    },
    /// Git tracks files, and the work tree has none of them.
    #[error("none of the {missing} files that git tracks here is in the work tree")]
    NothingCheckedOut {
        /// Files that are tracked.
        missing: u64,
    },
    /// The patterns of `focus` match nothing.
    #[error("no file lies in the focus ({})", .patterns.join(", "))]
    NothingInFocus {
        /// The patterns, as given.
        patterns: Vec<String>,
    },
}

impl ScanError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Project(error) => error.code(),
            Self::Pattern(_) => "DISCOVERY_PATTERN",
            Self::EverythingSkipped { .. } => "DISCOVERY_EVERYTHING_SKIPPED",
            Self::NothingCheckedOut { .. } => "DISCOVERY_NOTHING_CHECKED_OUT",
            Self::NothingInFocus { .. } => "DISCOVERY_NOTHING_IN_FOCUS",
        }
    }
}

/// One path, before it is classified.
struct Candidate {
    path: Box<str>,
    on_disk: OnDisk,
    entry: Option<EntryFacts>,
}

/// What is taken from an entry of git's index or tree.
#[derive(Clone, Copy)]
struct EntryFacts {
    kind: EntryKind,
    id: ObjectId,
    skip_worktree: bool,
}

/// Scans a project. The result is sorted and does not depend on the number of threads.
///
/// Where ignore rules or `skip` leave no file at all, that is an error which names the rule. `cancelled` ends it.
pub fn scan(
    project: &Project,
    options: &ScanOptions,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Scan, ScanError> {
    let skip = Patterns::new(&options.skip)?;
    let focus = Patterns::new(&options.focus)?;
    let [generated, vendored] = [Patterns::new(&options.generated)?, Patterns::new(&options.vendored)?];
    let listing = project.tracked_unless(cancelled)?;
    let how = SurveyOptions { threads: options.threads, no_ignore: options.no_ignore };
    let survey = project.survey_unless(&listing, how, cancelled)?;
    refuse_everything_ignored(project, &listing.entries, &survey)?;
    let is_empty = listing.entries.is_empty();
    let mut scan = Scan {
        files: Vec::with_capacity(listing.entries.len().max(survey.found.len())),
        skipped: Vec::new(),
        skipped_counts: BTreeMap::new(),
        untracked: survey.untracked,
        lacks: project.lacks()?,
        hidden_by: survey.hidden_by,
        cuts: Vec::new(),
    };
    scan.lacks.extend(listing.lacks);
    scan.lacks.extend(survey.lacks);
    for name in listing.unsafe_names {
        scan.skip(name, SkipReason::UnsafeName, None);
    }
    if listing.unsafe_unlisted > 0 {
        *scan.skipped_counts.entry(SkipReason::UnsafeName).or_default() += listing.unsafe_unlisted;
    }
    for folder in survey.unread_folders {
        scan.skip(folder, SkipReason::UnreadableFolder, None);
    }
    let candidates = candidates(project, listing.entries, survey.tracked, survey.found, cancelled)?;
    let mut attributes = attributes(project, &candidates, cancelled)?;
    let mut left_out = Tally::default();
    let mut said_of = Vec::with_capacity(candidates.len());
    let is_bare = project.kind() == Kind::Bare;
    for candidate in candidates {
        go_on(cancelled)?;
        if is_written_by_codexa(&candidate.path) {
            continue;
        }
        left_out.total += 1;
        if let Some(pattern) = skip.matching(&candidate.path) {
            left_out.add(pattern);
            scan.skip(candidate.path, SkipReason::ByConfiguration, None);
        } else if !focus.is_empty() && focus.matching(&candidate.path).is_none() {
            scan.skip(candidate.path, SkipReason::OutOfFocus, None);
        } else {
            let mut said = if candidate.entry.is_some() {
                attributes.of(&path::raw(&candidate.path))
            } else {
                Attributes::default()
            };
            // Settings are the project's own word; attributes may be an upstream's.
            said.generated = generated.says(&candidate.path).or(said.generated);
            said.vendored = vendored.says(&candidate.path).or(said.vendored);
            if scan.take(candidate, is_bare, options) {
                said_of.push(said);
            }
        }
    }
    scan.classify(&said_of, cancelled)?;
    if scan.files.is_empty() {
        left_out.refuse(&skip)?;
        scan.refuse_nothing_checked_out(project, is_empty)?;
        if scan.skipped_counts.contains_key(&SkipReason::OutOfFocus) {
            return Err(ScanError::NothingInFocus { patterns: options.focus.clone() });
        }
    }
    scan.finish(attributes.is_cut());
    Ok(scan)
}

fn go_on(cancelled: &dyn Fn() -> bool) -> Result<(), ProjectError> {
    if cancelled() { Err(ProjectError::Cancelled) } else { Ok(()) }
}

/// Refuses a folder of which rules hide everything: in git, one where nothing is tracked and nothing else could be.
fn refuse_everything_ignored(project: &Project, tracked: &[Entry], survey: &Survey) -> Result<(), ProjectError> {
    let is_ours = |path: &str| path.starts_with(codexa_project::FOLDER);
    let has_files = match project.kind() {
        Kind::Folder => survey.found.iter().any(|found| !is_ours(&found.path)),
        Kind::WorkTree => survey.untracked.files > 0 || tracked.iter().any(|entry| !is_ours(&entry.path)),
        Kind::Bare => true,
    };
    if has_files {
        return Ok(());
    }
    // Of rules that hide the same number, the first in the file.
    let Some((rule, hides)) = survey.hidden_by.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))) else {
        return Ok(());
    };
    Err(ProjectError::EverythingIgnored {
        root: project.root().to_path_buf(),
        source_file: rule.file.to_string(),
        line: rule.line,
        pattern: rule.pattern.to_string(),
        hides: *hides,
        hidden: survey.hidden_by.values().sum(),
    })
}

/// Everything that may be a file, sorted by path.
fn candidates(
    project: &Project,
    entries: Vec<Entry>,
    tracked: Vec<OnDisk>,
    found: Vec<codexa_project::survey::Found>,
    cancelled: &dyn Fn() -> bool,
) -> Result<Vec<Candidate>, ProjectError> {
    let facts = |entry: &Entry| EntryFacts { kind: entry.kind, id: entry.id, skip_worktree: entry.skip_worktree };
    if project.kind() == Kind::Bare {
        let reader = project.reader()?;
        let candidate = |entry: Entry| {
            go_on(cancelled)?;
            let (on_disk, facts) = (in_objects(&reader, &entry), facts(&entry));
            Ok(Candidate { on_disk, entry: Some(facts), path: entry.path })
        };
        return entries.into_iter().map(candidate).collect();
    }
    let tracked = entries.into_iter().zip(tracked).map(|(entry, on_disk)| Candidate {
        on_disk,
        entry: Some(facts(&entry)),
        path: entry.path,
    });
    let found = found.into_iter().map(|found| Candidate { path: found.path, on_disk: found.on_disk, entry: None });
    Ok(tracked.chain(found).collect())
}

/// What a work tree would hold for an entry.
fn in_objects(reader: &Reader, entry: &Entry) -> OnDisk {
    let executable = entry.kind == EntryKind::Executable;
    match entry.kind {
        EntryKind::File | EntryKind::Executable => match reader.size_of(entry.id) {
            Some(size) => OnDisk::File { stat: FileStat { size, ..FileStat::default() }, executable },
            None => OnDisk::Missing,
        },
        EntryKind::Symlink => OnDisk::Symlink,
        EntryKind::Submodule | EntryKind::SparseFolder => OnDisk::Folder,
    }
}

/// The `.gitattributes` files of the project, the outermost first. Outside git they mean nothing.
fn attributes(
    project: &Project,
    candidates: &[Candidate],
    cancelled: &dyn Fn() -> bool,
) -> Result<AttributeRules, ProjectError> {
    const LIMIT: u64 = 1 << 20;
    let mut rules = AttributeRules::default();
    let mut files: Vec<&str> = candidates
        .iter()
        .filter(|candidate| candidate.entry.is_some() && matches!(candidate.on_disk, OnDisk::File { .. }))
        .map(|candidate| &*candidate.path)
        .filter(|path| path.rsplit('/').next() == Some(".gitattributes"))
        .collect();
    if files.is_empty() {
        return Ok(rules);
    }
    files.sort_by_key(|path| path.matches('/').count());
    let reader = project.reader()?;
    for file in files {
        go_on(cancelled)?;
        if let Ok(content) = reader.read(file, LIMIT) {
            rules.add(&path::raw(file), &content.bytes);
        }
    }
    Ok(rules)
}

impl ScannedFile {
    fn classify(&mut self, said: Attributes) {
        self.language = language::of_path(&self.path);
        self.parsed = self.language.and_then(codexa_syntax::language_of);
        let decided = class::said_by(said, self.language);
        self.class = decided.unwrap_or_else(|| class::of_path(&self.path, self.language, said));
        self.is_class_final = decided.is_some();
    }
}

impl Scan {
    /// Leaves a path out. Gives that it was not taken.
    fn skip(&mut self, path: Box<str>, reason: SkipReason, size: Option<u64>) -> bool {
        let count = self.skipped_counts.entry(reason).or_default();
        *count += 1;
        if *count <= SKIPPED_LISTED as u64 {
            self.skipped.push(Skipped { path, reason, size });
        }
        false
    }

    /// Takes a candidate as a file of which nothing is known but its state, or says why not. Gives whether it did.
    fn take(&mut self, candidate: Candidate, is_bare: bool, options: &ScanOptions) -> bool {
        let Candidate { path, on_disk, entry } = candidate;
        let (stat, executable) = match (on_disk, entry) {
            (OnDisk::File { stat, executable }, _) => (stat, executable),
            (OnDisk::Symlink, _) => return self.skip(path, SkipReason::Symlink, None),
            (OnDisk::Special, _) => return self.skip(path, SkipReason::SpecialFile, None),
            (OnDisk::Denied, _) => return self.skip(path, SkipReason::NoPermission, None),
            (_, Some(EntryFacts { kind: EntryKind::Submodule, .. })) => {
                return self.skip(path, SkipReason::Submodule, None);
            }
            (_, Some(EntryFacts { kind: EntryKind::SparseFolder, .. } | EntryFacts { skip_worktree: true, .. })) => {
                return self.skip(path, SkipReason::NotCheckedOut, None);
            }
            (OnDisk::Missing, _) if is_bare => return self.skip(path, SkipReason::MissingObject, None),
            (OnDisk::Folder | OnDisk::Missing, _) => return self.skip(path, SkipReason::Deleted, None),
        };
        if stat.size > options.max_file_bytes {
            return self.skip(path, SkipReason::TooLarge, Some(stat.size));
        }
        if self.files.len() as u64 >= options.max_files {
            return self.skip(path, SkipReason::TooMany, Some(stat.size));
        }
        self.files.push(ScannedFile {
            language: None,
            parsed: None,
            class: Class::Source,
            is_class_final: false,
            size: stat.size,
            stat: (!is_bare).then_some(stat),
            executable,
            id: entry.map(|entry| entry.id),
            path,
        });
        true
    }

    /// Says what each file is, as far as its path tells and what attributes say of it: half of them by another thread, for
    /// those that looked for files have ended, and what the last run left has mostly been read.
    fn classify(&mut self, said_of: &[Attributes], cancelled: &(dyn Fn() -> bool + Sync)) -> Result<(), ProjectError> {
        let classify = |files: &mut [ScannedFile], said_of: &[Attributes]| {
            files.iter_mut().zip(said_of).try_for_each(|(file, said)| {
                file.classify(*said);
                go_on(cancelled)
            })
        };
        let pace = Pace::of(self.files.len(), 0);
        let half = self.files.len() / 2;
        let (files, others) = self.files.split_at_mut(half);
        let (said_of, said_of_others) = said_of.split_at_checked(half).unwrap_or_default();
        let (others, files) = pace.both(|| classify(others, said_of_others), || classify(files, said_of));
        files.and(others)
    }

    /// Refuses a work tree without a file of those that git tracks; `is_empty` where not even the index has any, as after
    /// `git clone --no-checkout`.
    fn refuse_nothing_checked_out(&self, project: &Project, is_empty: bool) -> Result<(), ScanError> {
        let missing = match project.kind() {
            Kind::WorkTree if is_empty => project.committed()?,
            Kind::WorkTree => {
                let reasons = [SkipReason::Deleted, SkipReason::NotCheckedOut];
                reasons.iter().filter_map(|reason| self.skipped_counts.get(reason)).sum()
            }
            Kind::Bare | Kind::Folder => 0,
        };
        if missing > 0 { Err(ScanError::NothingCheckedOut { missing }) } else { Ok(()) }
    }

    fn finish(&mut self, attributes_cut: bool) {
        language::decide_headers(&mut self.files);
        if attributes_cut {
            self.lacks.push(Lack::TooManyAttributes);
        }
        self.lacks.sort();
        self.lacks.dedup();
        self.skipped.sort();
        self.cuts = self.cut();
    }
}

/// How many files each pattern of `skip` leaves out.
#[derive(Default)]
struct Tally {
    total: u64,
    skips: BTreeMap<usize, u64>,
}

impl Tally {
    fn add(&mut self, pattern: usize) {
        *self.skips.entry(pattern).or_default() += 1;
    }

    fn refuse(&self, skip: &Patterns) -> Result<(), ScanError> {
        let most = self.skips.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        match most {
            Some((pattern, skips)) if self.skips.values().sum::<u64>() == self.total => {
                Err(ScanError::EverythingSkipped { pattern: skip.text(*pattern), skips: *skips, total: self.total })
            }
            _ => Ok(()),
        }
    }
}

/// Whether a path is one of source code that ships, by its name alone: of a file that is gone nothing else is known.
pub(crate) fn is_source_path(path: &str) -> bool {
    let language = language::of_path(path);
    let is_code = language.is_some_and(|language| !is_markup(language.name()));
    is_code && !is_named_apart(path) && class::of_path(path, language, Attributes::default()) == Class::Source
}
