//! `codexa link`: a chat account becomes a person's.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{Remote, reach, run_async};
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
    let answer = run_async(async {
        let reached = reach(&arguments.remote, globals).await?;
        let key = uuid::Uuid::new_v4().to_string();
        let answer = reached.client.confirm_link(&arguments.code, arguments.look, &key).await;
        reached.leave().await;
        answer.map_err(Failure::from)
    })?;
    ui.answer(&Linked { says: answer.says })?;
    Ok(Exit::Well)
}
