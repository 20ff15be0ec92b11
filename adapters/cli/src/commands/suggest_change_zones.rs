//! `codexa suggest-change-zones`: where to begin.

use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::Ui;
use clap::Args;
use codexa_discovery::query::{SuggestedZones, suggest_zones};

/// What the change is about.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only zones that these words are about
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    focus: String,
}

answer!(Suggested, SuggestedZones<'m>, "suggest-change-zones");

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    asked.answer(ui, &Suggested::new(suggest_zones(&asked.stored.model, &arguments.focus)))?;
    Ok(Exit::Well)
}
