//! What git tells. The clones are the caller's own, and trusted.

use crate::error::Error;
use crate::measure::{output, quietly};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// A later commit.
pub(crate) struct Commit {
    pub(crate) subject: String,
    /// Files that it changed: the name before where it renamed one, and the name after.
    pub(crate) changes: Vec<(Option<String>, String)>,
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    command
}

/// For each later commit which of these files it changes, by place in the list and under whatever name they have by then.
pub(crate) fn touched<'p>(files: impl Iterator<Item = &'p str>, later: &'p [Commit]) -> Vec<BTreeSet<usize>> {
    let mut of_name: BTreeMap<&str, usize> = files.enumerate().map(|(at, name)| (name, at)).collect();
    let of_commit = |commit: &'p Commit| {
        for (before, after) in &commit.changes {
            if let Some(at) = before.as_deref().and_then(|before| of_name.remove(before)) {
                of_name.insert(after, at);
            }
        }
        commit.changes.iter().filter_map(|(_, after)| of_name.get(after.as_str()).copied()).collect()
    };
    later.iter().map(of_commit).collect()
}

pub(crate) fn id(folder: &Path, revision: &str) -> Result<String, Error> {
    Ok(output(git(folder).args(["rev-parse", revision]))?.trim().to_owned())
}

pub(crate) fn time(folder: &Path, revision: &str) -> Result<i64, Error> {
    let text = output(git(folder).args(["log", "-1", "--format=%ct", revision]))?;
    Ok(text.trim().parse().unwrap_or_default())
}

/// The newest commit of the main line that is older than a time.
pub(crate) fn mainline_before(folder: &Path, time: i64) -> Result<Option<String>, Error> {
    let text = output(git(folder).args(["rev-list", "-1", "--first-parent", &format!("--before={time}"), "HEAD"]))?;
    Ok(Some(text.trim().to_owned()).filter(|id| !id.is_empty()))
}

/// A copy whose work tree and branch are at a commit, as if nothing had happened since.
pub(crate) fn set_back(clone: &Path, copy: &Path, commit: &str) -> Result<(), Error> {
    let _ = std::fs::remove_dir_all(copy);
    quietly(Command::new("git").args(["clone", "--quiet", "--no-checkout", "--local"]).arg(clone).arg(copy))?;
    quietly(git(copy).args(["checkout", "--quiet", "--force", "-B", "then", commit]))
}

/// The commits between two, oldest first, without merges.
pub(crate) fn between(folder: &Path, after: &str, until: &str) -> Result<Vec<Commit>, Error> {
    let range = format!("{after}..{until}");
    let format = "--format=%x1e%s%x1f";
    let log = ["log", "--reverse", "--no-merges", "--name-status", "-M100%", "-z", format, &range];
    let text = output(git(folder).args(log))?;
    Ok(text.split('\u{1e}').skip(1).map(commit).collect())
}

fn commit(entry: &str) -> Commit {
    let (subject, names) = entry.split_once('\u{1f}').unwrap_or((entry, ""));
    let mut words = names.split('\0').map(|word| word.trim_matches('\n')).filter(|word| !word.is_empty());
    let mut changes = Vec::new();
    while let Some(state) = words.next() {
        let Some(first) = words.next() else { break };
        if state.starts_with(['R', 'C']) {
            let Some(second) = words.next() else { break };
            changes.push((Some(first.to_owned()), second.to_owned()));
        } else {
            changes.push((None, first.to_owned()));
        }
    }
    Commit { subject: subject.to_owned(), changes }
}
