//! `codexa control-plane`: what projects on this machine inherit from.

mod diff;
mod init;
mod status;
mod sync;

use crate::cli::Globals;
use crate::failure::Failure;
use crate::output::Ui;
use clap::Subcommand;
use codexa_config::control_plane::Plane;

/// What to do with the control plane.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make `~/.config/codexa/`; overwrites nothing
    Init(init::Arguments),
    /// Install a version from a directory or a git repository on disk
    Sync(sync::Arguments),
    /// Show version, source and drift
    Status,
    /// Show drift line by line: edits made here, and changes at the source
    Diff,
}

pub(super) fn run(command: Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let options = globals.options()?;
    let path = options.control_plane().ok_or_else(|| {
        Failure::blocked("CONTROL_PLANE_NO_HOME", "neither HOME nor XDG_CONFIG_HOME is an absolute path")
            .with_help("set HOME; the control plane lives in `~/.config/codexa/`")
    })?;
    let plane = Plane::at(path);
    match command {
        Command::Init(arguments) => init::run(&arguments, &plane, ui),
        Command::Sync(arguments) => sync::run(&arguments, &options.directory, &plane, ui),
        Command::Status => status::run(&plane, ui),
        Command::Diff => diff::run(&plane, ui),
    }
}
