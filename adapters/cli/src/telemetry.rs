//! What a long command says while it runs: a bar on a terminal, lines of JSON where asked, else nothing.

use crate::output::{Ui, escape};
use clap::ValueEnum;
use codexa_discovery::engine::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How progress is shown, always on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressFormat {
    /// A bar on a terminal, else nothing
    #[default]
    Auto,
    /// One JSON object per line
    Json,
    /// Nothing
    Off,
}

/// Shorter runs show no bar: it would only flicker.
const DELAY: Duration = Duration::from_millis(300);
/// Least time between two lines of JSON of the same phase.
const PACE: Duration = Duration::from_millis(200);

/// Progress in the format that was asked for.
pub(crate) fn progress<'u>(format: ProgressFormat, ui: &'u Ui) -> Box<dyn Progress + 'u> {
    match format {
        ProgressFormat::Json => Box::new(Lines::new()),
        ProgressFormat::Auto if std::io::stderr().is_terminal() => Box::new(Bar::new(ui)),
        ProgressFormat::Auto | ProgressFormat::Off => Box::new(Quiet { ui }),
    }
}

/// Only remarks.
struct Quiet<'u> {
    ui: &'u Ui,
}

impl Progress for Quiet<'_> {
    fn phase(&self, _phase: Phase, _files: u64) {}

    fn advance(&self, _files: u64, _bytes: u64) {}

    fn remark(&self, text: &str) {
        self.ui.remark(text);
    }
}

/// A bar that appears after a moment and leaves nothing behind.
struct Bar<'u> {
    ui: &'u Ui,
    bar: ProgressBar,
    began: Instant,
    bytes: Cell<u64>,
}

impl<'u> Bar<'u> {
    fn new(ui: &'u Ui) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let template = "  {prefix:<7} [{bar:30}] {pos}/{len} files  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { ui, bar, began: Instant::now(), bytes: Cell::new(0) }
    }

    fn show_after_a_moment(&self) {
        if self.bar.is_hidden() && self.began.elapsed() > DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }
}

impl Progress for Bar<'_> {
    fn phase(&self, phase: Phase, files: u64) {
        self.bar.set_prefix(phase.name());
        self.bar.set_length(files);
        self.bar.set_position(0);
        self.bar.set_message("");
        self.show_after_a_moment();
    }

    fn advance(&self, files: u64, bytes: u64) {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
        self.show_after_a_moment();
        self.bar.inc(files);
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        // Bytes per millisecond are kilobytes per second.
        let tenths = self.bytes.get() / milliseconds / 100;
        self.bar.set_message(format!("{}.{} MB/s", tenths / 10, tenths % 10));
    }

    fn remark(&self, text: &str) {
        self.bar.suspend(|| self.ui.remark(text));
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Lines of JSON: `{"phase","files","of","bytes","ms"}`, and `{"remark"}`.
struct Lines {
    began: Instant,
    phase: Cell<Phase>,
    of: Cell<u64>,
    files: Cell<u64>,
    bytes: Cell<u64>,
    last: Cell<Duration>,
}

impl Lines {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            phase: Cell::new(Phase::Scan),
            of: Cell::new(0),
            files: Cell::new(0),
            bytes: Cell::new(0),
            last: Cell::new(Duration::ZERO),
        }
    }

    fn print(&self) {
        let elapsed = self.began.elapsed();
        self.last.set(elapsed);
        line(&json!({
            "phase": self.phase.get().name(),
            "files": self.files.get(),
            "of": self.of.get(),
            "bytes": self.bytes.get(),
            "ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        }));
    }
}

impl Progress for Lines {
    fn phase(&self, phase: Phase, files: u64) {
        self.phase.set(phase);
        self.of.set(files);
        self.files.set(0);
        self.bytes.set(0);
        self.print();
    }

    fn advance(&self, files: u64, bytes: u64) {
        self.files.set(self.files.get().saturating_add(files));
        self.bytes.set(self.bytes.get().saturating_add(bytes));
        let done = self.files.get() == self.of.get();
        if done || self.began.elapsed().saturating_sub(self.last.get()) >= PACE {
            self.print();
        }
    }

    fn remark(&self, text: &str) {
        line(&json!({ "remark": escape(text) }));
    }
}

fn line(value: &serde_json::Value) {
    // A reader that went away does not stop the run.
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
