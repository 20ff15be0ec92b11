//! The commands of the `codexa` binary and their pages.

use crate::Workspace;

/// Where each command has a file of its own.
const COMMANDS: &str = "adapters/cli/src/commands/";

/// The page that describes them all.
pub const PAGE: &str = "docs/commands.md";

/// The commands as people type them (`discover`, `control-plane`), sorted.
#[must_use]
pub fn commands(workspace: &Workspace) -> Vec<String> {
    let mut found: Vec<String> = workspace
        .sources()
        .filter_map(|source| source.path.strip_prefix(COMMANDS))
        .filter_map(|path| path.split('/').next())
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .filter(|name| name != "mod")
        .collect();
    found.dedup();
    found
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
