//! The comparisons, and the table of them.

mod deep;
mod linux;
mod queries;
mod quick;
mod radon;
mod rerun;

use crate::error::{Error, at};
use crate::subjects::Subjects;
use crate::table::{Row, render};
use crate::{Compare, machine, page};
use std::io::Write;

/// One comparison: its name, and what makes its rows.
type Case = (&'static str, fn(&Subjects<'_>, &Compare) -> Result<Vec<Row>, Error>);

/// Every comparison, in the order of the table.
const CASES: &[Case] = &[
    ("deep", deep::rows),
    ("quick", quick::rows),
    ("rerun", rerun::rows),
    ("linux", linux::rows),
    ("radon", radon::rows),
    ("queries", queries::rows),
];

/// Makes the comparisons that were asked for, prints the table and keeps it on its page.
pub(crate) fn run(compare: &Compare) -> Result<(), Error> {
    let subjects = Subjects::new(compare)?;
    let mut rows = Vec::new();
    for (name, case) in CASES {
        if compare.only.is_empty() || compare.only.iter().any(|only| only == name) {
            progress(name);
            rows.extend(or_skipped(name, case(&subjects, compare))?);
        }
    }

    let mut text = render(&rows);
    for line in machine::describe(compare, subjects.threads) {
        text.push('\n');
        text.push_str(&line);
        text.push('\n');
    }
    let out = std::path::Path::new("standard output");
    std::io::stdout().write_all(text.as_bytes()).map_err(at(out))?;
    compare.write.as_deref().map_or(Ok(()), |to| page::write(to, &text))
}

/// What is not here is a row that says so; what fails ends the run.
fn or_skipped(what: &str, rows: Result<Vec<Row>, Error>) -> Result<Vec<Row>, Error> {
    match rows {
        Err(Error::Absent(why)) => Ok(vec![Row::skipped(what, why)]),
        rows => rows,
    }
}

#[allow(clippy::print_stderr, reason = "a run takes minutes; the table itself goes to standard output")]
fn progress(name: &str) {
    eprintln!("bench: {name}");
}
