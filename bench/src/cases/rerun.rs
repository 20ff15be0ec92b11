//! A re-run after one changed file against `git status` after the same change: at most 4 x.

use crate::Compare;
use crate::error::{Error, at};
use crate::list;
use crate::measure::{Side, interleave, quietly};
use crate::subjects::{Subjects, git};
use crate::table::Row;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.clone("kafka")?;
    quietly(&mut subjects.discover(&project, "deep"))?;
    let entries = list::parsed(&project)?;
    let middle = entries.get(entries.len() / 2).map(|entry| entry.path.clone());
    let changed = middle.ok_or_else(|| Error::Absent("no parsed file in kafka".to_owned()))?;

    let codexa = Side::of([subjects.discover(&project, "deep")]).after(|| edit(&changed));
    let mut status = git(&project);
    status.args(["status", "--porcelain"]);
    let status = Side::of([status]).after(|| edit(&changed));
    let (codexa, status) = interleave(codexa, status, compare.runs)?;
    quietly(git(&project).arg("checkout").arg("--").arg(&changed))?;

    let what = format!("re-run, one file changed: kafka, {} files", entries.len());
    Ok(vec![Row::ratio(what, &codexa, "git status", &status, 4.0, 0.0)])
}

/// One more line at the end of a file.
fn edit(path: &Path) -> Result<(), Error> {
    let mut file = OpenOptions::new().append(true).open(path).map_err(at(path))?;
    file.write_all(b"// one more line\n").map_err(at(path))
}
