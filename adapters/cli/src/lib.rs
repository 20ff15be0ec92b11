//! The command line of Codexa: arguments in, one answer out.
//!
//! - [`commands`]: one file per command; `commands/mod.rs` is the table of contents.
//! - [`telemetry`]: what a long command says while it runs.
//! - [`output`]: how answers look, as text and as JSON; everything untrusted is escaped here.
//! - [`failure`]: how every error becomes words and an exit code, once.

pub mod cli;
pub mod commands;
pub mod failure;
mod house;
pub mod output;
mod telemetry;

use clap::{CommandFactory, FromArgMatches};
use cli::Cli;
use commands::worker;
use failure::{Exit, Failure};
use output::{Format, Ui};
use rustix::thread::{disable_transparent_huge_pages, transparent_huge_pages_are_disabled};
use std::ffi::OsString;
use std::process::ExitCode;

/// The whole command tree, as help and completions see it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs one command line and prints its answer.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let (ui, result) = if worker::is_meant(&arguments) {
        (Ui::new(Format::guess(&arguments), clap::ColorChoice::Auto), worker::run())
    } else {
        obey(&arguments)
    };
    let exit = result.unwrap_or_else(|failure| ui.fail(&failure));
    exit.into()
}

/// What people ask for.
fn obey(arguments: &[OsString]) -> (Ui, Outcome) {
    // A large page is cleared whole when it is first touched, which takes longer than to build the command tree in small ones.
    let are_disabled = transparent_huge_pages_are_disabled().unwrap_or(true);
    let _ = disable_transparent_huge_pages(true);
    let parsed = command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => {
            let _ = disable_transparent_huge_pages(are_disabled);
            let ui = Ui::new(cli.globals.format, cli.globals.color);
            let result = commands::run(cli.command, &cli.globals, &ui);
            (ui, result)
        }
        Err(error) => {
            let ui = Ui::new(Format::guess(arguments), clap::ColorChoice::Auto);
            let result = failure::from_usage(&error, arguments, &ui);
            (ui, result)
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What every command gives back: an exit code after its answer was printed, or why there is none.
pub type Outcome = Result<Exit, Failure>;
