//! How answers look. A command fills a [`Report`]; this module prints it, as text or as one JSON document.
//!
//! All text goes through [`mod@escape`]: names and messages of strangers cannot move the cursor, hide a word or turn the
//! reading direction, in either format.

pub(crate) mod decisions;
mod diagnostics;
mod escape;
mod page;

pub use escape::escape;
pub use page::{Page, counted, wrapped};

use crate::Outcome;
use crate::failure::{Exit, Failure, FailureDocument};
use anstream::AutoStream;
use clap::{ColorChoice, ValueEnum};
use serde::Serialize;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON document on stdout.
    Json,
}

impl Format {
    /// What a command line that cannot be parsed most probably wanted.
    #[must_use]
    pub fn guess(arguments: &[OsString]) -> Self {
        let words: Vec<_> = arguments.iter().map_while(|word| (word != "--").then(|| word.to_string_lossy())).collect();
        let json = words.iter().any(|word| word == "--format=json")
            || words.windows(2).any(|pair| matches!(pair, [a, b] if a == "--format" && b == "json"));
        if json { Self::Json } else { Self::Text }
    }
}

/// The answer of a command.
pub trait Report: Serialize {
    /// Its document: `doctor-config` makes `codexa/doctor-config@1`.
    const NAME: &'static str;

    /// Writes it for people.
    fn page(&self, page: &mut Page);
}

/// Where answers and errors go.
#[derive(Debug)]
pub struct Ui {
    format: Format,
    color: ColorChoice,
}

impl Ui {
    /// Prints in this format and with these colours.
    #[must_use]
    pub fn new(format: Format, color: ColorChoice) -> Self {
        Self { format, color }
    }

    /// The format that was asked for.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Prints the answer on stdout.
    ///
    /// # Errors
    /// When stdout cannot be written; a reader that went away is no error.
    pub fn answer<R: Report>(&self, report: &R) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.out(&document(report)?),
            Format::Text => {
                let mut page = Page::default();
                report.page(&mut page);
                self.out(page.text())
            }
        }
    }

    /// Prints another tool's document as it is, without the name of a schema of ours.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn foreign<D: Serialize>(&self, document: &D) -> Result<(), Failure> {
        let text = serde_json::to_string(document).map_err(|error| {
            Failure::unexpected("CLI_OUTPUT", format!("the answer cannot be written as JSON: {error}"))
        })?;
        self.out(&(escape::json(&text) + "\n"))
    }

    /// Prints text for people that a command laid out on a page.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn page(&self, page: &Page) -> Result<(), Failure> {
        self.out(page.text())
    }

    /// Prints text that is styled already, and trusted.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn styled(&self, text: &str) -> Outcome {
        self.out(text).map(|()| Exit::Well)
    }

    /// Prints text on stderr that is styled already, and trusted.
    pub fn note(&self, text: &str) {
        self.err(text);
    }

    /// Says why there is no answer: a document on stdout, or text on stderr.
    pub fn fail(&self, failure: &Failure) -> Exit {
        let printed = match self.format {
            Format::Json => document(&FailureDocument::of(failure)).and_then(|text| self.out(&text)),
            Format::Text => {
                let mut page = Page::default();
                for diagnostic in &failure.diagnostics {
                    page.diagnostic(diagnostic, &failure.sources);
                }
                self.err(page.text());
                Ok(())
            }
        };
        match printed {
            Ok(()) => failure.exit,
            Err(second) => {
                self.err(&format!("error: {}\n", second.diagnostics.first().map_or("", |first| &first.message)));
                Exit::Unexpected
            }
        }
    }

    /// Prints a report for people on stderr: something to look at before the answer.
    pub fn aside<R: Report>(&self, report: &R) {
        let mut page = Page::default();
        report.page(&mut page);
        self.err(page.text());
    }

    /// Prints a remark on stderr, in both formats.
    pub fn remark(&self, text: &str) {
        self.err(&format!("{}\n", escape(text)));
    }

    fn out(&self, text: &str) -> Result<(), Failure> {
        let mut stream = AutoStream::new(std::io::stdout().lock(), self.choice());
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::unexpected("CLI_OUTPUT", format!("stdout cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }

    fn err(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stderr().lock(), self.choice());
        // Where stderr is gone too there is nowhere left to say so; the exit code remains.
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    fn choice(&self) -> anstream::ColorChoice {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
    }
}

/// An answer with its schema's name in front.
#[derive(Serialize)]
struct Envelope<'r, R> {
    schema: String,
    #[serde(flatten)]
    report: &'r R,
}

fn document<R: Report>(report: &R) -> Result<String, Failure> {
    let envelope = Envelope { schema: format!("codexa/{}@1", R::NAME), report };
    let text = serde_json::to_string_pretty(&envelope)
        .map_err(|error| Failure::unexpected("CLI_OUTPUT", format!("the answer cannot be written as JSON: {error}")))?;
    Ok(escape::json(&text) + "\n")
}
