//! Asking the person at the terminal.

use crate::failure::Failure;
use crate::output::{Format, Ui, escape};
use std::io::{IsTerminal as _, Write as _};

/// Whether somebody is there who reads what is asked, and answers.
pub(super) fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether there is somebody to ask, and no program that waits for one document.
pub(super) fn can_ask(ui: &Ui) -> bool {
    is_terminal() && ui.format() == Format::Text
}

/// Asks; whatever is no yes is a no.
pub(super) fn agreed(question: &str) -> Result<bool, Failure> {
    let failed = |error: std::io::Error| Failure::unexpected("CLI_TERMINAL", format!("the terminal: {error}"));
    let mut stderr = std::io::stderr();
    write!(stderr, "\n  {}? [y/N] ", escape(question)).and_then(|()| stderr.flush()).map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(failed)?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
