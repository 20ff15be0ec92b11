//! `codexa status`: how well the repository is understood, and how its changes stand.

use super::stored::{Asked, NO_MODEL};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{Remote, Site, reach, run_async};
use crate::output::{Page, Report, Ui, decisions};
use clap::Args;
use codexa_api::{Change, Changes};
use codexa_discovery::engine::Staleness;
use codexa_discovery::query::{Status, status};
use serde::Serialize;
use std::ops::Not;

/// No arguments of its own.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    remote: Remote,
}

#[derive(Serialize)]
struct Answer {
    /// What is known of the code; nothing before the first discovery.
    #[serde(flatten)]
    status: Option<Status>,
    /// The settings that `--config` named for the run, in place of the project's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    /// What has changed since; `null` where that cannot be told.
    since: Option<Staleness>,
    /// The newest changes; absent where no decision was ever made.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<Change>>,
    /// Whether there are older ones.
    #[serde(skip_serializing_if = "Not::not")]
    older_changes: bool,
}

impl Answer {
    fn of(changes: Option<Changes>) -> Self {
        let older_changes = changes.as_ref().is_some_and(|changes| changes.next.is_some());
        let changes = changes.map(|changes| changes.changes);
        Self { status: None, config: None, since: None, changes, older_changes }
    }
}

impl Report for Answer {
    const NAME: &'static str = "status";

    fn page(&self, page: &mut Page) {
        if let Some(status) = &self.status {
            let settings = self.config.as_ref().map(|config| ("settings", format!("of --config {config}")));
            let stale = self.since.filter(Staleness::is_stale);
            let stale = stale.map(|stale| ("stale", format!("{stale} since the model was made")));
            let rows: Vec<(&str, String)> = settings.into_iter().chain(stale).collect();
            page.laid_out(&status.text(None, None, &rows));
        }
        let changes = self.changes.as_deref().unwrap_or_default();
        if self.status.is_some() && !changes.is_empty() {
            page.blank();
        }
        if self.status.is_none() && changes.is_empty() {
            page.line("no change is open");
        }
        for change in changes {
            decisions::change(page, change);
        }
        if self.older_changes {
            page.blank();
            page.line("older changes: codexa change list");
        }
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let answer = Answer::of(changes(arguments, globals, ui));
    let asked = match Asked::new(globals) {
        Ok(asked) => asked,
        // Decisions do not wait for a model.
        Err(failure) if answer.changes.is_some() => {
            ui.answer(&answer)?;
            ui.remark(&without_model(&failure));
            return Ok(Exit::Well);
        }
        Err(failure) => return Err(failure),
    };
    let mut status = status(&asked.stored.model);
    if asked.stale().is_some() {
        asked.again.clone_into(&mut status.next);
    }
    let config = asked.stored.model.run.config.clone();
    ui.answer(&Answer { status: Some(status), config, since: asked.staleness, ..answer })?;
    Ok(Exit::Well)
}

/// Why nothing is said of the code.
fn without_model(failure: &Failure) -> String {
    match failure.diagnostics.first() {
        Some(first) if first.code != NO_MODEL => format!("the code cannot be told about: {}", first.message),
        _ => "nothing is known of the code yet: codexa discover".to_owned(),
    }
}

/// The newest changes, where decisions were ever made here or are made elsewhere. What stands in the way is said, and does not keep
/// the rest from being told.
fn changes(arguments: &Arguments, globals: &Globals, ui: &Ui) -> Option<Changes> {
    if !arguments.remote.is_elsewhere() && !Site::of(globals).is_ok_and(|site| site.data.is_in_use()) {
        return None;
    }
    let asked = run_async(async {
        let reached = reach(&arguments.remote, globals).await?;
        let changes = reached.client.changes().await;
        reached.leave().await;
        changes.map_err(Failure::from)
    });
    match asked {
        Ok(changes) => Some(changes),
        Err(failure) => {
            let why = failure.diagnostics.first().map(|first| first.message.clone()).unwrap_or_default();
            ui.remark(&format!("the changes could not be asked for: {why}"));
            None
        }
    }
}
