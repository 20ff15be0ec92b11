//! `codexa diff`: what two iterations differ in.

use super::stored::project;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_discovery::engine::{KEPT, Snapshots};
use codexa_discovery::iterations::{Difference, Snapshot};
use serde::Serialize;

/// Which iteration to look back at.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The iteration that the newest one is compared with [default: the last one that looked in the same way and says
    /// something else]
    #[arg(value_name = "ITERATION")]
    iteration: Option<u32>,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    difference: Difference,
    #[serde(skip)]
    project: String,
}

impl Report for Answer {
    const NAME: &'static str = "diff";

    fn page(&self, page: &mut Page) {
        page.laid_out(&self.difference.text(&self.project));
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let project = project(&globals.options()?)?;
    let snapshots = Snapshots::of(&project);
    let newest = snapshots.newest().ok_or_else(|| {
        Failure::blocked("ITERATION_NOT_FOUND", "no iteration of this project is kept here yet")
            .with_help("`codexa discover` makes one; what it keeps stays on this machine")
    })?;
    let from = match arguments.iteration {
        Some(number) => snapshots.at(number).ok_or_else(|| not_kept(&snapshots, number))?,
        None => last(&snapshots, &newest)?,
    };
    let name = project.root().file_name().map(|name| name.to_string_lossy().into_owned());
    ui.answer(&Answer { difference: Difference::between(&from, &newest), project: name.unwrap_or_default() })?;
    Ok(Exit::Well)
}

fn last(snapshots: &Snapshots, newest: &Snapshot) -> Result<Snapshot, Failure> {
    snapshots.before(newest.iteration).find(|last| last.looked_alike(newest)).ok_or_else(|| {
        let message =
            format!("iteration {} is the first of its kind: there is nothing to compare it with", newest.iteration);
        Failure::blocked("ITERATION_FIRST", message)
            .with_help("change something and run `codexa discover`, or name an iteration")
    })
}

fn not_kept(snapshots: &Snapshots, number: u32) -> Failure {
    let oldest = snapshots.oldest().unwrap_or_default();
    Failure::blocked("ITERATION_NOT_FOUND", format!("nothing is kept of iteration {number}")).with_help(format!(
        "the newest {KEPT} are kept: {oldest} is the oldest here; the log of runs is in .codexa/logs/"
    ))
}
