//! `codexa change`: changes from the terminal.

use crate::cli::Globals;
use crate::failure::Exit;
use crate::house::{Remote, reach, run_async};
use crate::output::{Page, Report, Ui, decisions};
use clap::{Args, Subcommand};
use codexa_api::Change;
use serde::Serialize;

/// What to do about changes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a change, with a workspace in `changes/`
    New(New),
    /// List the changes, newest first, and how their gates stand
    List(List),
    /// Show a change: what each gate approves, who voted, and who is missing
    Show(Show),
}

/// A new change.
#[derive(Debug, Args)]
pub struct New {
    /// What it is called
    #[arg(value_name = "TITLE")]
    title: String,
    #[command(flatten)]
    remote: Remote,
}

/// Nothing but where to ask.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    remote: Remote,
}

/// Which change.
#[derive(Debug, Args)]
pub struct Show {
    /// Its id: `CH-001`
    #[arg(value_name = "CHANGE")]
    id: String,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Serialize)]
struct Opened {
    #[serde(flatten)]
    change: Change,
}

impl Report for Opened {
    const NAME: &'static str = "change-new";

    fn page(&self, page: &mut Page) {
        let Change { id, title, .. } = &self.change;
        page.heading(id, title, &self.change.state);
        page.blank();
        let row = |name: &str, value: String| [name.to_owned(), value];
        page.rows(&[row("workspace", format!("changes/{id}/")), row("write", "spec.md, then plan.md".to_owned())]);
        page.blank();
        page.next(&format!("codexa say approve scope for {id}"));
    }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    change: Change,
    /// What times are seen from.
    #[serde(skip)]
    now: i64,
}

impl Report for Shown {
    const NAME: &'static str = "change-show";

    fn page(&self, page: &mut Page) {
        decisions::change(page, &self.change);
        for card in &self.change.gates {
            page.blank();
            decisions::card(page, card, self.now);
        }
        if self.change.gates.is_empty() {
            page.line("nobody asked for a gate yet");
            page.blank();
            page.next(&format!("codexa say approve scope for {}", self.change.id));
        }
    }
}

#[derive(Serialize)]
struct Listed {
    changes: Vec<Change>,
}

impl Report for Listed {
    const NAME: &'static str = "change-list";

    fn page(&self, page: &mut Page) {
        if self.changes.is_empty() {
            page.line("no change is open");
            page.blank();
            page.next("codexa change new \"cap the parser depth\"");
        }
        self.changes.iter().for_each(|change| decisions::change(page, change));
    }
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match command {
        Command::New(new) => {
            let change = run_async(async {
                let reached = reach(&new.remote, globals).await?;
                let key = uuid::Uuid::new_v4().to_string();
                let mut change = reached.client.open_change(&new.title, &key).await;
                // Under the same key: what was done and not heard of is not done again.
                if change.as_ref().is_err_and(codexa_client::Error::is_temporary) {
                    change = reached.client.open_change(&new.title, &key).await;
                }
                reached.leave().await;
                Ok(change?)
            })?;
            ui.answer(&Opened { change })?;
        }
        Command::List(list) => {
            let changes = run_async(async {
                let reached = reach(&list.remote, globals).await?;
                let changes = reached.client.all_changes().await;
                reached.leave().await;
                Ok(changes?)
            })?;
            ui.answer(&Listed { changes })?;
        }
        Command::Show(show) => {
            let change = run_async(async {
                let reached = reach(&show.remote, globals).await?;
                let change = reached.client.change(&show.id).await;
                reached.leave().await;
                Ok(change?)
            })?;
            ui.answer(&Shown { change, now: jiff::Timestamp::now().as_millisecond() })?;
        }
    }
    Ok(Exit::Well)
}
