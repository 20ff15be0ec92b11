//! What each source file must be, and the tests that are in them.

use crate::Workspace;
use crate::workspace::Source;

/// A file of more lines than this says why at its top.
const LINES: usize = 600;

/// How the reason begins: a line among the first ten.
const REASON: &str = "//! Long because";

/// The only files that may start a process, and what they start. Nothing of a scanned repository is ever executed, and
/// the surest way to keep that is to have few places to look at.
const START_PROCESSES: &[(&str, &str)] = &[
    ("services/discovery/src/workers/worker.rs", "Codexa's own workers"),
    ("adapters/cli/src/commands/doctor/environment.rs", "`git --version`, away from the project"),
    ("bench/", "the programs that are compared"),
    ("crates/testkit/", "git and Codexa, for tests"),
    ("tests/house/src/tracked.rs", "`git ls-files`"),
];

/// Files of the product that start processes and are not among the few that may.
#[must_use]
pub fn few_start_processes(workspace: &Workspace) -> Vec<String> {
    workspace
        .sources()
        .filter(|source| source.path.contains("/src/") && source.text.lines().any(imports_command))
        .filter(|source| !START_PROCESSES.iter().any(|(path, _)| source.path.starts_with(path)))
        .map(|source| format!("{} starts processes: see START_PROCESSES in tests/house/src/sources.rs", source.path))
        .collect()
}

/// Whether a line of code names the type that starts processes (a table of names it may call is text, not code).
fn imports_command(line: &str) -> bool {
    let code = line.split('"').next().unwrap_or(line);
    code.contains("process::") && code.contains("Command")
}

/// Files that are longer than a file should be and do not say why.
#[must_use]
pub fn long_files_say_why(workspace: &Workspace) -> Vec<String> {
    workspace
        .sources()
        .filter(|source| !source.text.lines().take(10).any(|line| line.starts_with(REASON)))
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(source, lines)| format!("{} has {lines} lines: split it, or say `{REASON} …` at its top", source.path))
        .collect()
}

/// Tests that are switched off.
#[must_use]
pub fn no_test_is_ignored(workspace: &Workspace) -> Vec<String> {
    workspace
        .sources()
        .flat_map(tests)
        .filter(|test| test.ignored)
        .map(|test| format!("{} is ignored ({}:{}): mend it or delete it", test.name, test.path, test.line))
        .collect()
}

/// A test function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test<'a> {
    /// The function's name.
    pub name: &'a str,
    /// The file it stands in.
    pub path: &'a str,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it is switched off.
    pub ignored: bool,
}

/// The tests of one file: functions under `#[test]` or `#[tokio::test]` (also inside macros such as `proptest!`), and what a
/// macro of the file makes of its first argument where its body is such a function (`fn $name()`).
#[must_use]
pub fn tests(source: &Source) -> Vec<Test<'_>> {
    let mut found = Vec::new();
    let (mut test, mut ignored) = (false, false);
    let mut macros: Vec<&str> = Vec::new();
    let mut latest_macro = None;
    for (at, line) in source.text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            test = true;
        } else if line.starts_with("#[ignore") {
            ignored = true;
        } else if let Some(rest) = line.strip_prefix("macro_rules! ") {
            latest_macro = word(rest);
        } else if line.starts_with("fn $") {
            macros.extend(latest_macro.filter(|_| test && !ignored));
            (test, ignored) = (false, false);
        } else if let Some(name) = macros.iter().find_map(|name| word(line.strip_prefix(name)?.strip_prefix("!(")?)) {
            found.push(Test { name, path: &source.path, line: at + 1, ignored: false });
        }
        let Some(name) = function(line) else { continue };
        if test {
            found.push(Test { name, path: &source.path, line: at + 1, ignored });
        }
        (test, ignored) = (false, false);
    }
    found
}

/// The name of the function that a line defines.
fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    word(line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?)
}

/// The identifier that the text begins with.
fn word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    text.get(..end).filter(|word| !word.is_empty())
}
