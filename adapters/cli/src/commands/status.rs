//! `codexa status`: how well the repository is understood.

use super::stored::Asked;
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_discovery::engine::Staleness;
use codexa_discovery::query::{Status, status};
use serde::Serialize;

/// No arguments of its own.
#[derive(Debug, Args)]
pub struct Arguments {}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    status: Status,
    /// The settings that `--config` named for the run, in place of the project's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    /// What has changed since; `null` where that cannot be told.
    since: Option<Staleness>,
}

impl Report for Answer {
    const NAME: &'static str = "status";

    fn page(&self, page: &mut Page) {
        let settings = self.config.as_ref().map(|config| ("settings", format!("of --config {config}")));
        let stale = self.since.filter(Staleness::is_stale);
        let stale = stale.map(|stale| ("stale", format!("{stale} since the model was made")));
        let rows: Vec<(&str, String)> = settings.into_iter().chain(stale).collect();
        page.laid_out(&self.status.text(None, None, &rows));
    }
}

pub(super) fn run(_arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::new(globals)?;
    let mut status = status(&asked.stored.model);
    if asked.stale().is_some() {
        asked.again.clone_into(&mut status.next);
    }
    let config = asked.stored.model.run.config.clone();
    ui.answer(&Answer { status, config, since: asked.staleness })?;
    Ok(Exit::Well)
}
