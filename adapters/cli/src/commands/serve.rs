//! `codexa serve`: one role, until it is asked to stop.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{self, Role, known_settings, run_async};
use crate::output::Ui;
use clap::Args;
use codexa_chassis::settings::{Settings, Sources};
use codexa_chassis::shutdown::Shutdown;
use codexa_chassis::telemetry::{self, Telemetry};

/// A role and what it is told on the command line; all else comes from `CODEXA_…` variables and files of secrets.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What to be
    #[arg(value_name = "ROLE")]
    role: Role,
    /// Where to listen: HOST:PORT
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Say where each setting comes from, when it starts
    #[arg(long)]
    print_settings: bool,
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, _ui: &Ui) -> crate::Outcome {
    let flags = arguments.listen.iter().map(|address| ("listen".to_owned(), address.clone()));
    let mut settings = Settings::new(Sources::of_process(flags));
    settings.known_elsewhere(known_settings());
    log()?;
    run_async(async {
        let shutdown = Shutdown::new();
        obey(&shutdown)?;
        let served = house::serve(arguments.role, &mut settings, globals, shutdown).await;
        if arguments.print_settings {
            eprintln!("{}", settings.table());
        }
        served
    })?;
    Ok(Exit::Well)
}

/// Log lines to stderr.
pub(super) fn log() -> Result<(), Failure> {
    telemetry::init(&Telemetry::default()).map_err(|error| Failure::unexpected("CLI_LOG", error.to_string()))
}

/// SIGINT and SIGTERM ask to stop.
pub(super) fn obey(shutdown: &Shutdown) -> Result<(), Failure> {
    shutdown
        .on_signals()
        .map_err(|error| Failure::unexpected("CLI_SIGNALS", format!("signals cannot be watched: {error}")))
}
