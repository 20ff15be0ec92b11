//! What the argument parser says: help and version are answers, all else is wrong usage.

use super::{Exit, Failure};
use crate::Outcome;
use crate::output::{Format, Page, Report, Ui};
use clap::Command;
use clap::error::ErrorKind;
use serde::Serialize;
use std::ffi::OsString;

/// Prints help and versions.
///
/// # Errors
/// Wrong usage.
pub fn from_usage(error: &clap::Error, arguments: &[OsString], ui: &Ui) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion if ui.format() == Format::Json => {
            ui.answer(&Help { text: error.render().to_string() })?;
            Ok(Exit::Well)
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ui.styled(&error.render().ansi().to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            without_command(&mut meant(arguments), ui)
        }
        _ => Err(wrong(error, &meant(arguments))),
    }
}

/// A command of commands, alone: people read its help, as it is laid out anywhere.
fn without_command(command: &mut Command, ui: &Ui) -> Outcome {
    if ui.format() == Format::Text {
        ui.note(&command.render_help().ansi().to_string());
        return Ok(Exit::Blocked);
    }
    let name = name(command);
    let below = command.get_subcommands().filter(|below| !below.is_hide_set()).map(Command::get_name);
    let below: Vec<&str> = below.filter(|name| *name != "help").collect();
    let help = format!("one of {}; see `{name} --help`", below.join(", "));
    Err(Failure::blocked("CLI_USAGE", format!("`{name}` needs a command")).with_help(help))
}

fn wrong(error: &clap::Error, command: &Command) -> Failure {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let rest = rest.replace("For more information, try '--help'.", "");
    let parts = rest.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let hidden = command.get_subcommands().filter(|below| below.is_hide_set());
    let hidden: Vec<String> = hidden.map(|below| format!("'{}'", below.get_name())).collect();
    let is_told = |part: &String| !part.is_empty() && !hidden.iter().any(|name| part.contains(name));
    let parts: Vec<String> = parts.filter(is_told).collect();
    let help = if parts.is_empty() { format!("see `{} --help`", name(command)) } else { parts.join("; ") };
    Failure::blocked("CLI_USAGE", message).with_help(help)
}

/// The command that the words lead to, as far as they can be understood.
fn meant(arguments: &[OsString]) -> Command {
    let mut command = crate::command();
    command.build();
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next().filter(|word| word != "--") {
        let option =
            word.strip_prefix("--").and_then(|name| command.get_arguments().find(|of| of.get_long() == Some(name)));
        if option.is_some_and(|option| option.get_action().takes_values()) {
            // Its value, which may look like a command.
            let _value = words.next();
        } else if let Some(below) = command.find_subcommand(&*word).filter(|below| !below.is_hide_set()).cloned() {
            command = below;
        }
    }
    command
}

/// `codexa control-plane`.
fn name(command: &Command) -> &str {
    command.get_bin_name().unwrap_or("codexa")
}

/// The help of a command, for machines.
#[derive(Serialize)]
struct Help {
    text: String,
}

impl Report for Help {
    const NAME: &'static str = "help";

    fn page(&self, page: &mut Page) {
        page.line(&self.text);
    }
}
