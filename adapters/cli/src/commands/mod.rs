//! The commands, one file each. To add one: a file, a line in each list below, and what `docs/adding-a-command.md` says.

mod control_plane;
mod discover;
mod doctor;
mod here;
mod impact;
mod init;
mod metrics;
mod say;
mod schema;
mod show;
mod status;
mod stored;
mod worker;

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
    /// Read the repository and write its model into `.codexa/manifests/`
    Discover(discover::Arguments),
    /// Tell how well the repository is understood
    Status(status::Arguments),
    /// Show parts of the model
    #[command(subcommand)]
    Show(show::What),
    /// Tell what a change of a file or symbol reaches, and how
    Impact(impact::Arguments),
    /// Measure files, in Codexa's way or as radon, pygount or tokei would
    Metrics(metrics::Arguments),
    /// Print the JSON Schema of a file format, or list them
    Schema(schema::Arguments),
    /// Tell what words to Codexa are read as
    Say(say::Arguments),
    /// Manage the global control plane that projects inherit from
    #[command(subcommand, name = "control-plane")]
    ControlPlane(control_plane::Command),
    /// Parse files for another process of Codexa
    #[command(hide = true)]
    Worker,
}

pub(crate) fn run(command: Command, globals: &Globals, ui: &Ui) -> Outcome {
    match command {
        Command::Init(arguments) => init::run(&arguments, globals, ui),
        Command::Doctor(arguments) => doctor::run(&arguments, globals, ui),
        Command::Discover(arguments) => discover::run(&arguments, globals, ui),
        Command::Status(arguments) => status::run(&arguments, globals, ui),
        Command::Show(what) => show::run(&what, globals, ui),
        Command::Impact(arguments) => impact::run(&arguments, globals, ui),
        Command::Metrics(arguments) => metrics::run(&arguments, globals, ui),
        Command::Schema(arguments) => schema::run(&arguments, ui),
        Command::Say(arguments) => say::run(&arguments, globals, ui),
        Command::ControlPlane(command) => control_plane::run(command, globals, ui),
        Command::Worker => worker::run(),
    }
}
