//! Questions to a repository of more than 5,000 files: each under 300 ms.

use crate::error::Error;
use crate::measure::{Side, alone, quietly};
use crate::subjects::Subjects;
use crate::table::Row;
use crate::{Compare, list};
use std::time::Duration;

const LIMIT: Duration = Duration::from_millis(300);

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.clone("kafka")?;
    quietly(&mut subjects.discover(&project, "deep"))?;
    let entries = list::parsed(&project)?;
    // The largest file of the repository is also one that much depends on.
    let path = entries.first().and_then(|entry| entry.path.strip_prefix(&project).ok()?.to_str()).unwrap_or_default();

    let questions: [&[&str]; 8] = [
        &["status"],
        &["show", "components"],
        &["show", "symbols"],
        &["show", "edges"],
        &["show", "entry-points"],
        &["show", "dependencies"],
        &["show", "coverage"],
        &["impact", path],
    ];
    questions
        .into_iter()
        .map(|question| {
            let mut command = subjects.codexa(&project, question);
            command.args(["--format", "json"]);
            let times = alone(Side::of([command]), compare.runs)?;
            let name = question.join(" ").replace(path, "PATH");
            Ok(Row::under(format!("codexa {name}: kafka, {} files", entries.len()), &times, LIMIT))
        })
        .collect()
}
