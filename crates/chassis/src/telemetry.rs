//! Log lines, to standard error and nowhere else: standard output belongs to what a command answers.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

/// How log lines look, and which there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telemetry {
    /// How they look.
    pub format: Format,
    /// Which there are: `info`, `codexa_governance=debug,warn` …, as tracing-subscriber's `EnvFilter` reads it.
    pub filter: String,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { format: Format::Text, filter: "info".to_owned() }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is neither text nor json"),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("{filter}: not a filter of log lines")]
    Filter {
        /// As it was given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// The process logs already.
    #[error("the process logs already")]
    Already(#[source] TryInitError),
}

/// From now on the whole process logs so.
///
/// # Errors
/// When the filter cannot be read, or the process logs already.
pub fn init(telemetry: &Telemetry) -> Result<(), TelemetryError> {
    subscriber(telemetry, std::io::stderr)?.try_init().map_err(TelemetryError::Already)
}

/// What [`init`] installs, with another place for the lines.
///
/// # Errors
/// When the filter cannot be read.
pub fn subscriber<W>(telemetry: &Telemetry, writer: W) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let unreadable = |source| TelemetryError::Filter { filter: telemetry.filter.clone(), source };
    let filter = EnvFilter::try_new(&telemetry.filter).map_err(unreadable)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match telemetry.format {
        Format::Text => Box::new(lines.finish()),
        Format::Json => Box::new(lines.json().flatten_event(true).with_current_span(false).finish()),
    })
}

/// An error with what caused it, as one line: `not published: connection refused`.
pub fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
