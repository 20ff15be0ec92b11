//! Four of radon's profiles together against radon, on the standard library: at least 20 x faster.

use crate::Compare;
use crate::error::Error;
use crate::measure::{Side, alone, once};
use crate::subjects::Subjects;
use crate::table::Row;
use std::process::Command;

/// Radon's commands; the profile of the same name is `radon-…`.
const PROFILES: [&str; 4] = ["cc", "raw", "mi", "hal"];

pub(super) fn rows(subjects: &Subjects<'_>, compare: &Compare) -> Result<Vec<Row>, Error> {
    let project = subjects.standard_library()?;
    let radon = PROFILES.map(|profile| {
        let mut radon = Command::new(&compare.radon);
        radon.args([profile, "--json"]).arg(&project);
        radon
    });
    let codexa = || {
        Side::of(PROFILES.map(|profile| {
            let mut codexa =
                subjects.codexa(&project, &["metrics", "--profile", &format!("radon-{profile}"), "--format", "json"]);
            codexa.arg(&project);
            codexa
        }))
    };
    // Radon takes minutes, so it runs once, between two halves of ours.
    let first = alone(codexa(), compare.runs)?;
    let theirs = once(Side::of(radon))?;
    let second = alone(codexa(), compare.runs)?;
    Ok(vec![Row::faster(
        "radon-cc, raw, mi and hal: CPython 3.11 library".to_owned(),
        &first.and(second),
        "radon",
        &theirs,
        20.0,
    )])
}
