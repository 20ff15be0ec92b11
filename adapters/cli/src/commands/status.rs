//! `codexa status`: how well the repository is understood.

use super::stored::model;
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_discovery::query::{Status, status};
use serde::Serialize;

/// No arguments of its own.
#[derive(Debug, Args)]
pub struct Arguments {}

#[derive(Serialize)]
#[serde(transparent)]
struct Answer(Status);

impl Report for Answer {
    const NAME: &'static str = "status";

    fn page(&self, page: &mut Page) {
        page.laid_out(&self.0.text(None, None, &[]));
    }
}

pub(super) fn run(_arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    ui.answer(&Answer(status(&model(globals)?)))?;
    Ok(Exit::Well)
}
