//! The comparisons, and the table of them.

mod deep;
mod history;
mod linux;
mod million;
mod queries;
mod quick;
mod radon;
mod rerun;

use crate::error::{Error, at};
use crate::subjects::Subjects;
use crate::table::{Row, Verdict, render};
use crate::{Compare, machine, page};
use std::io::Write;
use std::path::Path;

/// One comparison: its name, and what makes its rows.
type Case = (&'static str, fn(&Subjects<'_>, &Compare) -> Result<Vec<Row>, Error>);

/// Every comparison, in the order of the table. Those that make most files in the shortest time come first.
const CASES: &[Case] = &[
    ("quick", quick::rows),
    ("deep", deep::rows),
    ("history", history::rows),
    ("rerun", rerun::rows),
    ("linux", linux::rows),
    ("million", million::rows),
    ("radon", radon::rows),
    ("queries", queries::rows),
];

/// Makes the comparisons that were asked for, prints the table and keeps it on its page.
///
/// Gives the worst verdict.
pub(crate) fn run(compare: &Compare) -> Result<Verdict, Error> {
    let subjects = Subjects::new(compare)?;
    let mut rows = Vec::new();
    for (name, case) in CASES {
        if compare.only.is_empty() || compare.only.iter().any(|only| only == name) {
            progress(name);
            rows.extend(or_why_not(name, case(&subjects, compare)));
        }
    }

    let mut text = render(&rows);
    for line in machine::describe(compare, subjects.threads) {
        text.push('\n');
        text.push_str(&line);
        text.push('\n');
    }
    std::io::stdout().write_all(text.as_bytes()).map_err(at(Path::new("standard output")))?;
    compare.write.as_deref().map_or(Ok(()), |to| page::write(to, &text))?;
    Ok(rows.iter().map(Row::verdict).max().unwrap_or(Verdict::Skipped))
}

/// A comparison that was not made is a row that says why; the others go on.
fn or_why_not(what: &str, rows: Result<Vec<Row>, Error>) -> Vec<Row> {
    rows.unwrap_or_else(|error| {
        let verdict = if matches!(error, Error::Absent(_)) { Verdict::Skipped } else { Verdict::Failed };
        vec![Row::not_made(what, verdict, error.to_string())]
    })
}

#[allow(clippy::print_stderr, reason = "a run takes minutes; the table itself goes to standard output")]
pub(crate) fn progress(name: &str) {
    eprintln!("bench: {name}");
}
