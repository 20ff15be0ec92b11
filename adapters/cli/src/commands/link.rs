//! `codexa link`: a chat account becomes a person's.

use super::ask::{agreed, can_ask};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{Reached, Remote, reach, run_async};
use crate::output::{Page, Report, Ui, decisions};
use clap::Args;
use serde::Serialize;

/// The code that Codexa gave the account in chat.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The code, as Codexa wrote it in chat
    #[arg(value_name = "CODE")]
    code: String,
    /// Only say which account the code is for
    #[arg(long)]
    look: bool,
    /// Link it without asking: the account is known to be yours
    #[arg(long, conflicts_with = "look")]
    yes: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Serialize)]
struct Linked {
    says: String,
}

impl Report for Linked {
    const NAME: &'static str = "link";

    fn page(&self, page: &mut Page) {
        decisions::sentence(page, &self.says);
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let (linked, exit) = run_async(async {
        let reached = reach(&arguments.remote, globals).await?;
        let linked = linked(arguments, &reached, ui).await;
        reached.leave().await;
        linked
    })?;
    ui.answer(&linked)?;
    Ok(exit)
}

/// Whoever holds a code may have been handed it: whose account it is, is seen before anything is linked.
async fn linked(arguments: &Arguments, reached: &Reached, ui: &Ui) -> Result<(Linked, Exit), Failure> {
    if !arguments.yes {
        let seen = confirm(arguments, reached, true).await?;
        if arguments.look {
            return Ok((seen, Exit::Well));
        }
        if !can_ask(ui) {
            return Err(Failure::blocked("LINK_UNCONFIRMED", format!("{} Nothing was linked.", seen.says))
                .with_help("is it yours? then say so with `--yes`"));
        }
        ui.aside(&seen);
        if !agreed("Link it")? {
            return Ok((Linked { says: "Nothing was linked.".to_owned() }, Exit::Findings));
        }
    }
    Ok((confirm(arguments, reached, false).await?, Exit::Well))
}

async fn confirm(arguments: &Arguments, reached: &Reached, look: bool) -> Result<Linked, Failure> {
    let key = uuid::Uuid::new_v4().to_string();
    let answer = reached.client.confirm_link(&arguments.code, look, &key).await?;
    Ok(Linked { says: answer.says })
}
