//! A repository's past, read cold, against `git log --raw` of the same commits: at most 1.5 x.

use super::or_why_not;
use crate::Compare;
use crate::error::{Error, at};
use crate::measure::{Side, interleave, quietly};
use crate::subjects::Subjects;
use crate::table::Row;
use std::path::Path;
use std::process::Command;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for name in ["redis", "ruff", "kafka"] {
        let what = format!("history, cold: {name}");
        let row =
            subjects.original(name).and_then(|project| row(subjects, compare, &what, &project).map(|row| vec![row]));
        rows.extend(or_why_not(&what, row));
    }
    Ok(rows)
}

fn row(subjects: &Subjects<'_>, compare: &Compare, what: &str, project: &Path) -> Result<Row, Error> {
    let this = std::env::current_exe().map_err(at(Path::new("codexa-bench")))?;
    let mut past = Command::new(this);
    past.arg("past").arg(project).args(["--threads", &subjects.threads.to_string()]);
    // To find what was renamed and edited, git compares contents, which a clone need not have: without them only renames of
    // whole files are asked for, and that is the harder comparison.
    let (git, name) = match quietly(&mut log(project)) {
        Ok(()) => (log(project), "git log --raw"),
        Err(_) => (exact(project), "git log --raw -M100%"),
    };
    let (ours, git) = interleave(Side::of([past]), Side::of([git]), compare.runs)?;
    Ok(Row::ratio(what.to_owned(), &ours, name, &git, 1.5, 0.0))
}

fn exact(project: &Path) -> Command {
    let mut git = log(project);
    git.arg("-M100%");
    git
}

/// What git takes to tell the same.
pub(super) fn log(project: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(project).args(["log", "--raw"]);
    git
}
