//! The Linux tree: quick against scc, both without `.gitignore` (its own hides everything), and deep's peak memory.

use crate::Compare;
use crate::error::Error;
use crate::measure::{Side, interleave};
use crate::memory;
use crate::subjects::Subjects;
use crate::table::Row;
use std::process::Command;

/// Most memory that deep discovery of the tree may hold, in bytes.
const MEMORY: u64 = 2 << 30;

/// Runs of each side: each takes so long that a stray disturbance is small beside it.
const RUNS: usize = 3;

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.tree("linux-source-6.1")?;

    let codexa = Side::of([subjects.discover(&project, "quick")]).after(|| subjects.forget(&project));
    let mut scc = Command::new(&compare.scc);
    scc.args(["--no-gitignore", "--no-ignore"]).arg(&project);
    let (codexa, scc) = interleave(codexa, Side::of([scc]), compare.runs.min(RUNS))?;
    let quick = Row::ratio("quick, cold: Linux 6.1".to_owned(), &codexa, "scc", &scc, 2.0, 0.0);

    subjects.forget(&project)?;
    let peak = memory::peak(&mut subjects.discover(&project, "deep"))?;
    let memory = Row::bytes("deep, cold: Linux 6.1, peak memory".to_owned(), peak, MEMORY);
    Ok(vec![quick, memory])
}
