//! The running test executable, once more, in a process of its own: for tests of what a killed process leaves behind.

use std::path::Path;
use std::process::{Command, Stdio};

/// Tells the child what to work on.
const VARIABLE: &str = "CODEXA_TEST_CHILD";

/// What this process was told to work on; `None` in the parent.
#[must_use]
pub fn role() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

/// This executable, to run only the test `name` (its full path) as a child that works on `what`.
///
/// # Panics
/// When the executable's own path is unknown.
#[must_use]
pub fn again(name: &str, what: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the test executable"));
    command
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(VARIABLE, what)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}
