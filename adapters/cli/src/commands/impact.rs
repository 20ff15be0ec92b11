//! `codexa impact`: what a change of a file or symbol reaches, and by which relations.

use super::here::Here;
use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::output::Ui;
use clap::Args;
use codexa_discovery::query::{ImpactAnswer, ImpactOptions, impact};

/// What changes, and how far to follow.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A path, a symbol as `show symbols` prints it or its language writes it, or `path:symbol`
    #[arg(value_name = "PATH|SYMBOL")]
    target: String,
    /// Follow only relations that are at least this sure, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    min_confidence: u8,
    /// Follow at most this many relations in a row [default: all]
    #[arg(long, value_name = "N")]
    depth: Option<u32>,
}

answer!(Answer, ImpactAnswer<'m>, "impact");

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    let (project, stored) = (&asked.project, &asked.stored);
    let target = Here::new(project, globals)?.target(&arguments.target);
    let options =
        ImpactOptions { min_confidence: arguments.min_confidence, max_depth: arguments.depth.unwrap_or(u32::MAX) };
    asked.answer(ui, &Answer::new(impact(&stored.model, &stored.symbols(project), &target, options)?))?;
    Ok(Exit::Well)
}
