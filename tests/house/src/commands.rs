//! The commands of the `codexa` binary and their pages.

use crate::Workspace;

/// Where each command has a file of its own.
const COMMANDS: &str = "adapters/cli/src/commands/";

/// The page that describes them all.
pub const PAGE: &str = "docs/command-line.md";

/// The commands as people type them (`discover`, `control-plane`), sorted; not those that help does not show.
#[must_use]
pub fn commands(workspace: &Workspace) -> Vec<String> {
    let hidden = hidden(workspace);
    let mut found: Vec<String> = workspace
        .sources()
        .filter_map(|source| source.path.strip_prefix(COMMANDS))
        .filter_map(|path| path.split('/').next())
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .filter(|name| name != "mod" && !hidden.contains(name))
        .collect();
    found.dedup();
    found
}

/// Commands that only Codexa itself calls: variants under `#[command(hide = true)]`.
fn hidden(workspace: &Workspace) -> Vec<String> {
    let table = workspace.text(&format!("{COMMANDS}mod.rs")).unwrap_or_default();
    let lines: Vec<&str> = table.lines().map(str::trim).collect();
    lines
        .windows(2)
        .filter_map(|pair| match pair {
            ["#[command(hide = true)]", variant] => variant.split(|c: char| !c.is_alphanumeric()).next(),
            _ => None,
        })
        .map(str::to_lowercase)
        .collect()
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
