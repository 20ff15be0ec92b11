//! Quick against scc with its complexity on: at most 1.5 x.

use super::or_why_not;
use crate::Compare;
use crate::error::Error;
use crate::measure::{Side, interleave};
use crate::subjects::Subjects;
use crate::table::Row;
use std::process::Command;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    subjects.rest();
    for name in ["redis", "kafka", "tokio"] {
        let what = format!("quick, cold: {name}");
        let row = subjects.clone(name).and_then(|project| {
            let codexa = Side::of([subjects.discover(&project, "quick")]).after(|| subjects.forget(&project));
            let mut scc = Command::new(&compare.scc);
            scc.arg(&project);
            let (codexa, scc) = interleave(codexa, Side::of([scc]), compare.runs)?;
            Ok(vec![Row::ratio(what.clone(), &codexa, "scc", &scc, 1.5, 0.0)])
        });
        rows.extend(or_why_not(&what, row));
    }
    Ok(rows)
}
