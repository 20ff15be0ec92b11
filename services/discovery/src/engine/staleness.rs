//! Whether a model is still that of its project: which files the next run would find otherwise. Nothing is read but what a
//! scan reads, the names and states of files, and those documents and coverage files of which no state is kept.

use super::cache::Stored;
use super::context::{CONTEXT_BYTES, PLANE};
use super::knowledge::Knowledge;
use super::reports::hash;
use crate::model::{Model, Run};
use crate::query::text::plural;
use crate::record::FileClass;
use crate::scan::{ScanError, ScanOptions, ScannedFile, scan};
use crate::tested::reports::MAX_BYTES;
use codexa_project::{FileStat, Kind, Project, ReadError};
use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;

/// How far a project has moved on since the run that left its model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Staleness {
    /// Files that the model was made from and that were written since, or only touched.
    pub changed: u64,
    /// Files that a run would read and the model does not have.
    pub new: u64,
    /// Files that the model was made from and that a run would not find.
    pub gone: u64,
    /// Whether other settings take part than did.
    pub other_settings: bool,
    /// Whether people answered something since, or took an answer back.
    pub other_answers: bool,
}

impl Staleness {
    /// Whether anything is otherwise.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        *self != Self::default()
    }

    fn count(&mut self, before: &[(&str, Option<FileStat>)], now: &[ScannedFile]) {
        let (mut before, mut now) = (before.iter().peekable(), now.iter().peekable());
        loop {
            let order = match (before.peek(), now.peek()) {
                (Some((path, _)), Some(file)) => (*path).cmp(&*file.path),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            let then = if order.is_le() { before.next() } else { None };
            let file = if order.is_ge() { now.next() } else { None };
            match (then, file) {
                // A file without a state was not read: the model says so itself.
                (Some((_, Some(then))), Some(file)) => self.changed += u64::from(file.stat.as_ref() != Some(then)),
                (Some((_, None)), Some(_)) => {}
                (Some(_), None) => self.gone += 1,
                (None, _) => self.new += 1,
            }
        }
    }
}

impl Staleness {
    /// Counts the documents and coverage files that had a say in the model without being files of it.
    fn count_beside(&mut self, project: &Project, model: &Model) {
        let Ok(reader) = project.reader() else { return };
        let documents = model.run.context.read.iter().filter(|read| !read.tracked && !read.path.starts_with(PLANE));
        let documents = documents.map(|read| (&*read.path, &*read.sha256, CONTEXT_BYTES));
        let reports = model.tested.sources.iter().filter(|source| model.find(&source.path).is_none());
        let reports = reports.map(|source| (&*source.path, &*source.sha256, MAX_BYTES));
        for (path, sha256, limit) in documents.chain(reports) {
            match reader.read(path, limit) {
                Ok(content) => self.changed += u64::from(hash(&content.bytes) != sha256),
                Err(ReadError::TooLarge { .. }) => self.changed += u64::from(!sha256.is_empty()),
                Err(_) => self.gone += 1,
            }
        }
    }
}

impl fmt::Display for Staleness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = [(self.changed, "changed"), (self.new, "new"), (self.gone, "gone")];
        let said = files.into_iter().filter(|(count, _)| *count > 0);
        let mut parts: Vec<String> = said.map(|(count, state)| format!("{} {state}", plural(count, "file"))).collect();
        parts.extend(self.other_settings.then(|| "other settings".to_owned()));
        parts.extend(self.other_answers.then(|| "other answers".to_owned()));
        f.write_str(&parts.join(", "))
    }
}

impl Stored {
    /// What has changed since the model was made, with the settings that take part now (name and SHA-256) where those that
    /// the run was told to use are used again, where they are known. `None` where that cannot be told: in a bare repository,
    /// or where the project cannot be scanned.
    #[must_use]
    pub fn staleness(&self, project: &Project, configuration: Option<&[(String, String)]>) -> Option<Staleness> {
        if project.kind() == Kind::Bare {
            return None;
        }
        let run = &self.model.run;
        let mut files = match scan(project, &scan_options(run), &|| false) {
            Ok(scan) => scan.files,
            Err(ScanError::Project(_) | ScanError::Pattern(_)) => return None,
            // No file is left of those that there were.
            Err(_) => Vec::new(),
        };
        if run.mode == "code-only" {
            files.retain(|file| !matches!(file.class, FileClass::Documentation | FileClass::Test));
        }
        let mut staleness = Staleness {
            other_settings: configuration.is_some_and(|now| *now != run.configuration),
            other_answers: Knowledge::sha256_of(project) != run.annotations,
            ..Staleness::default()
        };
        staleness.count(&self.states().collect::<Vec<_>>(), &files);
        staleness.count_beside(project, &self.model);
        Some(staleness)
    }
}

/// The options of the run that left the model.
fn scan_options(run: &Run) -> ScanOptions {
    let limit = |name: &str| run.limits.get(name).copied().unwrap_or(u64::MAX);
    ScanOptions {
        skip: run.skip_paths.clone(),
        focus: run.focus.clone(),
        generated: run.generated.clone(),
        vendored: run.vendored.clone(),
        max_files: limit("max_files"),
        max_file_bytes: limit("parse_max_file_bytes"),
        no_ignore: run.no_ignore,
        threads: 0,
    }
}
