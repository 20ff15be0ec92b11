//! The commands of the `codexa` binary and their pages.

use crate::Workspace;

/// Where the commands are listed, as the variants of an enum.
const TABLE: &str = "adapters/cli/src/commands/mod.rs";

/// The page that describes them all.
pub const PAGE: &str = "docs/command-line.md";

/// The commands as people type them (`discover`, `control-plane`), in the order of the table; not those that help does
/// not show.
#[must_use]
pub fn commands(workspace: &Workspace) -> Vec<String> {
    let table = workspace.text(TABLE).unwrap_or_default();
    let mut found = Vec::new();
    let mut hidden = false;
    for line in table.lines().map(str::trim).skip_while(|line| *line != "pub enum Command {").skip(1) {
        if line == "}" {
            break;
        }
        if line.starts_with("#[") {
            hidden |= line.contains("hide = true");
        } else if line.starts_with(|c: char| c.is_ascii_uppercase()) {
            let name = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(line);
            found.extend((!hidden).then(|| kebab(name)));
            hidden = false;
        }
    }
    found
}

/// A variant's name as clap spells the command: `ControlPlane` is `control-plane`.
fn kebab(name: &str) -> String {
    let mut command = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !command.is_empty() {
            command.push('-');
        }
        command.push(c.to_ascii_lowercase());
    }
    command
}

/// Commands without a section of their own (`## codexa discover`) on the page.
#[must_use]
pub fn each_command_has_docs(workspace: &Workspace) -> Vec<String> {
    let page = workspace.text(PAGE).unwrap_or_default();
    commands(workspace)
        .into_iter()
        .filter(|command| {
            let heading = format!("codexa {command}");
            !page.lines().any(|line| line.trim_start_matches('#').trim().trim_matches('`') == heading)
        })
        .map(|command| format!("{PAGE} has no section `codexa {command}`"))
        .collect()
}
