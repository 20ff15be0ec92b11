//! `codexa summarize`: the system, or what words are about in it, on a screen.

use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::Ui;
use clap::Args;
use codexa_discovery::query::{SummaryAnswer, summarize};

/// What to summarise.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only what these words are about: paths, what code is for, and public names count
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    focus: String,
}

answer!(Summary, SummaryAnswer<'m>, "summarize");

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    asked.answer(ui, &Summary::new(summarize(&asked.stored.model, &arguments.focus)))?;
    Ok(Exit::Well)
}
