//! A repository's past, read cold, against `git log --raw` of the same commits: at most 1.5 x.

use super::or_why_not;
use crate::Compare;
use crate::error::{Error, at};
use crate::measure::{Side, interleave};
use crate::subjects::Subjects;
use crate::table::Row;
use std::path::Path;
use std::process::Command;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for name in ["redis", "ruff", "kafka"] {
        let what = format!("history, cold: {name}");
        let row = subjects.clone(name).and_then(|project| row(subjects, compare, &what, &project).map(|row| vec![row]));
        rows.extend(or_why_not(&what, row));
    }
    Ok(rows)
}

fn row(subjects: &Subjects<'_>, compare: &Compare, what: &str, project: &Path) -> Result<Row, Error> {
    let this = std::env::current_exe().map_err(at(Path::new("codexa-bench")))?;
    let mut past = Command::new(this);
    past.arg("past").arg(project).args(["--threads", &subjects.threads.to_string()]);
    let (ours, git) = interleave(Side::of([past]), Side::of([log(project)]), compare.runs)?;
    Ok(Row::ratio(what.to_owned(), &ours, "git log --raw", &git, 1.5, 0.0))
}

/// What git takes to tell the same.
pub(super) fn log(project: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(project).args(["log", "--raw"]);
    git
}
