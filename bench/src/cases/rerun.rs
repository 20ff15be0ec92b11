//! A re-run after one changed file against `git status` after the same change: at most 4 x, whether the code has the same names
//! and uses after it or others.

use crate::Compare;
use crate::error::{Error, at};
use crate::list;
use crate::measure::{Side, interleave, quietly};
use crate::subjects::{Subjects, git};
use crate::table::Row;
use std::cell::Cell;
use std::fs;
use std::path::Path;

/// An edit of a file of Java: its text, and the edit's number, to the text after it.
type Edit = fn(&str, u32) -> String;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.clone("kafka")?;
    quietly(&mut subjects.discover(&project, "deep"))?;
    let entries = list::parsed(&project)?;
    let middle = entries.get(entries.len() / 2).map(|entry| entry.path.clone());
    let changed = middle.ok_or_else(|| Error::Absent("no parsed file in kafka".to_owned()))?;
    let edits: [(&str, Edit); 2] = [("one line more", line), ("one method more", method)];
    let row = |(what, edit): (&str, Edit)| {
        let number = Cell::new(0);
        let edit = || {
            number.set(number.get() + 1);
            let text = fs::read_to_string(&changed).map_err(at(&changed))?;
            fs::write(&changed, edit(&text, number.get())).map_err(at(&changed))
        };
        let codexa = Side::of([subjects.discover(&project, "deep")]).after(edit);
        let mut status = git(&project);
        status.args(["status", "--porcelain"]);
        let (codexa, status) = interleave(codexa, Side::of([status]).after(edit), compare.runs)?;
        restore(&project, &changed)?;
        let what = format!("re-run, {what}: kafka, {} files", entries.len());
        Ok(Row::ratio(what, &codexa, "git status", &status, 4.0, 0.0))
    };
    edits.into_iter().map(row).collect()
}

fn restore(project: &Path, changed: &Path) -> Result<(), Error> {
    quietly(git(project).arg("checkout").arg("--").arg(changed))
}

/// A comment at the end: the code has no other names and uses.
fn line(text: &str, number: u32) -> String {
    format!("{text}// one more line: {number}\n")
}

/// A public method at the end of the type, which calls another.
fn method(text: &str, number: u32) -> String {
    let (body, rest) = text.rsplit_once('}').unwrap_or((text, ""));
    format!("{body}\n    public int oneMore{number}() {{\n        return hashCode();\n    }}\n}}{rest}")
}
