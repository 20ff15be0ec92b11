//! The commands, one file each. To add one: a file, a line in each list below, and what `docs/adding-a-command.md` says.

mod control_plane;
mod doctor;
mod init;
mod schema;

use crate::Outcome;
use crate::cli::Globals;
use crate::output::Ui;
use clap::Subcommand;

/// Every command, in the order of help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a `.codexa/` in a directory; overwrites nothing
    Init(init::Arguments),
    /// Check the environment and the settings
    Doctor(doctor::Arguments),
    /// Print the JSON Schema of a file format, or list them
    Schema(schema::Arguments),
    /// Manage the global control plane that projects inherit from
    #[command(subcommand, name = "control-plane")]
    ControlPlane(control_plane::Command),
}

pub(crate) fn run(command: Command, globals: &Globals, ui: &Ui) -> Outcome {
    match command {
        Command::Init(arguments) => init::run(&arguments, globals, ui),
        Command::Doctor(arguments) => doctor::run(&arguments, globals, ui),
        Command::Schema(arguments) => schema::run(&arguments, ui),
        Command::ControlPlane(command) => control_plane::run(command, globals, ui),
    }
}
