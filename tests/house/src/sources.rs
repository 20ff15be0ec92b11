//! What each source file must be, and the tests that are in them.

use crate::Workspace;
use crate::workspace::Source;

/// A file of more lines than this says why at its top.
const LINES: usize = 600;

/// How the reason begins: a line among the first ten.
const REASON: &str = "//! Long because";

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

/// The tests of one file: functions under a `#[test]` attribute (also inside macros such as `proptest!`).
#[must_use]
pub fn tests(source: &Source) -> Vec<Test<'_>> {
    let mut found = Vec::new();
    let (mut test, mut ignored) = (false, false);
    for (at, line) in source.text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with("#[test]") {
            test = true;
        } else if line.starts_with("#[ignore") {
            ignored = true;
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
    let rest = line.strip_prefix("fn ")?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    rest.get(..end)
}
