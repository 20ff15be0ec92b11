//! Deep and cold against tree-sitter alone on the same files and threads: at most 1.25 x, and 0.3 s more where the floor
//! is under 5 s. The run reads the past as well, and may take for it what history may: 1.5 x `git log --raw`.

use super::{history, or_why_not};
use crate::error::{Error, at};
use crate::measure::{Side, alone, interleave, quietly};
use crate::subjects::Subjects;
use crate::table::Row;
use crate::{Compare, list};
use std::path::Path;
use std::process::Command;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (name, language) in [("redis", "C"), ("kafka", "Java"), ("cpython-3.11-stdlib", "Python"), ("tokio", "Rust")] {
        let project = if language == "Python" { subjects.standard_library() } else { subjects.clone(name) };
        let what = format!("deep, cold: {name} ({language})");
        let row = project.and_then(|project| row(subjects, compare, &what, &project).map(|row| vec![row]));
        rows.extend(or_why_not(&what, row));
    }
    Ok(rows)
}

fn row(subjects: &Subjects<'_>, compare: &Compare, what: &str, project: &Path) -> Result<Row, Error> {
    // What the model says was parsed, so that the floor parses neither more nor less.
    subjects.forget(project)?;
    quietly(&mut subjects.discover(project, "deep"))?;
    let entries = list::parsed(project)?;
    let list = subjects.beside("files.tsv");
    list::write(&entries, &list)?;

    let codexa = Side::of([subjects.discover(project, "deep")]).after(|| subjects.forget(project));
    let this = std::env::current_exe().map_err(at(Path::new("codexa-bench")))?;
    let mut floor = Command::new(this);
    floor.arg("floor").arg(&list).args(["--threads", &subjects.threads.to_string()]);
    let (codexa, floor) = interleave(codexa, Side::of([floor]), compare.runs)?;

    let past = alone(Side::of([history::log(project)]), compare.runs)?;
    let grace = if floor.median().as_secs_f64() < 5.0 { 0.3 } else { 0.0 } + 1.5 * past.median().as_secs_f64();
    let what = format!("{what}, {} files", entries.len());
    Ok(Row::ratio(what, &codexa, "tree-sitter alone", &floor, 1.25, grace))
}
