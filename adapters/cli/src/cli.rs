//! Arguments that every command takes.

use crate::commands::Command;
use crate::failure::Failure;
use crate::output::Format;
use clap::{Args, ColorChoice, Parser};
use codexa_config::Options;
use std::path::PathBuf;

/// Understand a codebase, plan scoped changes, and stay in control of the agents that make them.
#[derive(Debug, Parser)]
#[command(name = "codexa", version, propagate_version = true, max_term_width = 80)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// How to print the answer; json is one document on stdout, also for failures
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// The project's directory [default: the first one upward with a `.codexa/`]
    #[arg(long, global = true, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Colours; auto also honours NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

impl Globals {
    /// Where settings are looked for.
    ///
    /// # Errors
    /// When the working directory is gone.
    pub fn options(&self) -> Result<Options, Failure> {
        let options = Options::from_process().map_err(|error| {
            Failure::blocked("CLI_DIRECTORY", format!("the working directory cannot be read: {error}"))
        })?;
        Ok(Options { project: self.project.clone(), ..options })
    }
}
