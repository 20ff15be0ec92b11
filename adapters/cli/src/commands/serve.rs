//! `codexa serve`: one role, until it is asked to stop.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{self, KNOWN, Role, Told, run_async};
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_chassis::settings::{Settings, Sources, Table};
use codexa_chassis::shutdown::Shutdown;
use codexa_chassis::telemetry::{self, Telemetry};
use serde::Serialize;

/// A role and what it is told on the command line; all else comes from `CODEXA_…` variables and files of secrets.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What to be
    #[arg(value_name = "ROLE")]
    role: Role,
    /// Where to listen: HOST:PORT
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Print what the role is told and where each setting comes from, and end
    #[arg(long)]
    print_settings: bool,
}

#[derive(Serialize)]
struct Shown {
    settings: Table,
}

impl Report for Shown {
    const NAME: &'static str = "serve-settings";

    fn page(&self, page: &mut Page) {
        self.settings.to_string().lines().for_each(|line| page.line(line.trim_end()));
    }
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let flags = arguments.listen.iter().map(|address| ("listen".to_owned(), address.clone()));
    let mut settings = Settings::new(Sources::of_process(flags));
    settings.known_elsewhere(KNOWN);
    let lines = lines(&mut settings);
    let told = Told::read(arguments.role, &mut settings);
    settings.misspelt().iter().for_each(|misspelt| ui.remark(&misspelt.to_string()));
    if arguments.print_settings {
        let shown = Shown { settings: settings.table() };
        // What is missing is said beside what is there.
        if told.is_err() {
            ui.aside(&shown);
        } else {
            ui.answer(&shown)?;
        }
        return told.map(|_| Exit::Well);
    }
    let told = told?;
    log(lines?)?;
    run_async(async {
        let shutdown = Shutdown::new();
        obey(&shutdown)?;
        house::serve(told, globals, shutdown).await
    })?;
    Ok(Exit::Well)
}

/// Which log lines there are, and how they look: `CODEXA_LOG` and `CODEXA_LOG_FORMAT`.
pub(super) fn lines(settings: &mut Settings) -> Result<Telemetry, Failure> {
    let usual = Telemetry::default();
    Ok(Telemetry { filter: settings.or("log", usual.filter)?, format: settings.or("log-format", usual.format)? })
}

/// Log lines to stderr.
pub(super) fn log(lines: Telemetry) -> Result<(), Failure> {
    telemetry::init(&lines).map_err(|error| {
        Failure::blocked("LOG_INVALID", error.to_string())
            .with_help("CODEXA_LOG is `info`, or `codexa_governance=debug,warn`")
    })
}

/// SIGINT and SIGTERM ask to stop.
pub(super) fn obey(shutdown: &Shutdown) -> Result<(), Failure> {
    shutdown
        .on_signals()
        .map_err(|error| Failure::unexpected("CLI_SIGNALS", format!("signals cannot be watched: {error}")))
}
