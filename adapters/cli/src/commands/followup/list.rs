//! `codexa followups`, and `codexa show followups`: what a person must say.

use crate::cli::Globals;
use crate::commands::stored::{Asked, answer};
use crate::failure::Exit;
use crate::output::Ui;
use clap::Args;
use codexa_discovery::engine::Knowledge;
use codexa_discovery::query::{FollowupsAnswer, followups};

/// No arguments of its own.
#[derive(Debug, Args)]
pub struct Arguments {}

answer!(Shown, FollowupsAnswer, "followups");

/// Answers with what was said up to now; what that changes in the model the next run shows.
pub(in crate::commands) fn run(globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    let knowledge = Knowledge::read(&asked.project)?;
    asked.answer(ui, &Shown::new(followups(&asked.stored.model, &knowledge.annotations)))?;
    Ok(Exit::Well)
}
