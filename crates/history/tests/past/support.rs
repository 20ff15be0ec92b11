//! Reading a repository that a test made.

use codexa_history::read::Pulse;
use codexa_history::{Past, Request, read};
use codexa_testkit::git::GitRepository as Repository;
use std::path::Path;

/// What a test may want otherwise.
pub struct Way<'a> {
    pub prefix: &'a [u8],
    pub mailmap: &'a [u8],
    pub max_commits: usize,
    pub max_files: usize,
    pub max_changes: usize,
    pub threads: usize,
    pub pulse: &'a (dyn Fn() -> Pulse + Sync),
}

impl Default for Way<'_> {
    fn default() -> Self {
        Self {
            prefix: b"",
            mailmap: b"",
            max_commits: 10_000,
            max_files: 10_000,
            max_changes: 1_000_000,
            threads: 2,
            pulse: &|| Pulse::GoOn,
        }
    }
}

pub fn past(repository: &Repository) -> Past {
    past_of(repository.path(), &Way::default(), &Past::default())
}

pub fn past_with(repository: &Repository, way: &Way<'_>) -> Past {
    past_of(repository.path(), way, &Past::default())
}

pub fn past_of(folder: &Path, way: &Way<'_>, before: &Past) -> Past {
    let repository = gix::open_opts(folder, gix::open::Options::isolated()).unwrap().into_sync();
    let from = repository.to_thread_local().head_id().unwrap().detach();
    let request = Request {
        repository: &repository,
        from,
        prefix: way.prefix,
        mailmap: way.mailmap,
        is_left_out: &|path| path.starts_with(b"out/"),
        max_commits: way.max_commits,
        max_files: way.max_files,
        max_changes: way.max_changes,
        threads: way.threads,
        pulse: way.pulse,
    };
    read(&request, before).unwrap()
}

/// Every commit as `subject: changes`, newest first.
pub fn told(past: &Past) -> Vec<String> {
    use codexa_history::past::Kind;
    let path = |path: u32| String::from_utf8_lossy(past.path(path)).into_owned();
    let change = |change: &codexa_history::Change| match change.kind {
        Kind::Added => format!("+{}", path(change.path)),
        Kind::Modified => format!("~{}", path(change.path)),
        Kind::Deleted => format!("-{}", path(change.path)),
        Kind::Renamed { from } => format!("{}>{}", path(from), path(change.path)),
    };
    let line = |commit: &codexa_history::Commit| {
        let changes: Vec<String> = past.changes_of(commit).iter().map(change).collect();
        format!("{}: {}", commit.subject, changes.join(" "))
    };
    past.commits.iter().map(line).collect()
}
