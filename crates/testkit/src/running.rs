//! Processes that run beside a test.

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A process that is killed with the value. What it logs goes to a file, which no full pipe can stop.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        let file = File::options().create(true).append(true).open(&log).expect("a file for its log");
        let child = command.stdout(Stdio::piped()).stderr(file).spawn().expect("the binary runs");
        Self { child, log }
    }

    /// The document that it prints: in pretty print it ends with a lone brace.
    ///
    /// # Panics
    /// When it ends without one; the message holds what it logged.
    pub fn document(&mut self) -> Value {
        let lines = self.lines_until(|line| line == "}");
        serde_json::from_str(&lines.concat()).expect("one document")
    }

    /// What it prints, up to the line that is waited for.
    ///
    /// # Panics
    /// When it ends without that line; the message holds what it logged.
    pub fn lines_until(&mut self, mut is_last: impl FnMut(&str) -> bool) -> Vec<String> {
        let stdout = self.child.stdout.take().expect("its output is piped");
        let mut lines = Vec::new();
        for line in BufReader::new(stdout).lines() {
            lines.push(line.expect("it prints text"));
            if lines.last().is_some_and(|line| is_last(line)) {
                return lines;
            }
        }
        panic!("it ended before: {lines:?}\n{}", self.log());
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as a power cut would.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Interrupts it as Ctrl-C would, and waits until it ends.
    ///
    /// # Panics
    /// When it cannot be interrupted.
    pub fn interrupt(&mut self) -> ExitStatus {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it can be interrupted");
        self.child.wait().expect("it ends")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
