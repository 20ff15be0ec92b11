//! `setup.cfg`, and the literal lists of `setup.py`, which is read word by word and never run.

use super::Statements;
use crate::external::files::ManifestFiles;
use crate::external::words::{PYTHON, Word, words};
use codexa_model::relation::DependencyScope as Scope;

pub(super) fn read<'a>(files: &ManifestFiles<'a>, statements: &mut Statements<'a>) {
    for path in files.named("setup.cfg") {
        if let Some(text) = files.text(path) {
            cfg(path, &text, statements);
        }
    }
    for path in files.named("setup.py") {
        if let Some(text) = files.text(path) {
            script(path, &words(&text, &PYTHON), statements);
        }
    }
}

/// setuptools' declarative form: sections, keys, and values that go on in indented lines.
fn cfg<'a>(path: &'a str, text: &str, statements: &mut Statements<'a>) {
    let mut section = String::new();
    let mut key = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let value = if line.starts_with([' ', '\t']) {
            trimmed
        } else if let Some(name) = trimmed.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
            key.clear();
            continue;
        } else {
            let (name, value) = trimmed.split_once('=').or_else(|| trimmed.split_once(':')).unwrap_or((trimmed, ""));
            key = name.trim().to_owned();
            value.trim()
        };
        let scope = match (section.as_str(), key.as_str()) {
            ("metadata", "name") => {
                statements.own(value);
                continue;
            }
            ("options", "install_requires") => Scope::Runtime,
            ("options", "setup_requires") => Scope::Build,
            ("options", "tests_require") => Scope::Development,
            ("options.extras_require", _) => Scope::Optional,
            _ => continue,
        };
        statements.state_line(path, value, scope);
    }
}

/// The arguments of `setup(…)` that are literal lists, or for extras a dictionary of them.
fn script<'a>(path: &'a str, words: &[Word<'_>], statements: &mut Statements<'a>) {
    // Lists do not stand in one another; without closing brackets each would go to the end of the file.
    let mut read_to = 0;
    for (at, window) in words.windows(3).enumerate() {
        let [Word::Name(argument), Word::Mark('='), value] = window else { continue };
        let scope = match *argument {
            "name" => {
                statements.own(value.text().unwrap_or_default());
                continue;
            }
            "install_requires" => Scope::Runtime,
            "setup_requires" => Scope::Build,
            "tests_require" => Scope::Development,
            "extras_require" => Scope::Optional,
            _ => continue,
        };
        if at < read_to {
            continue;
        }
        let body = words.get(at + 3..).unwrap_or_default();
        match value {
            Word::Mark('[' | '(') if scope != Scope::Optional => {
                read_to = at + 3 + list(path, body, scope, statements);
            }
            Word::Mark('{') if scope == Scope::Optional => {
                let end = body.iter().position(|word| *word == Word::Mark('}')).unwrap_or(body.len());
                read_to = at + 3 + end;
                let mut rest = body.get(..end).unwrap_or_default();
                while let Some(open) = rest.iter().position(|word| *word == Word::Mark('[')) {
                    rest = rest.get(open + 1..).unwrap_or_default();
                    let length = list(path, rest, scope, statements);
                    rest = rest.get(length..).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
}

/// The strings of a list up to its end, which it gives. A string that is part of an expression (`"a" + x`) is not a
/// literal entry.
fn list<'a>(path: &'a str, body: &[Word<'_>], scope: Scope, statements: &mut Statements<'a>) -> usize {
    let end = body.iter().position(|word| matches!(word, Word::Mark(']' | ')'))).map_or(body.len(), |at| at + 1);
    let body = body.get(..end).unwrap_or_default();
    let mut body = body.iter().filter(|word| **word != Word::Line).peekable();
    let mut starts_entry = true;
    while let Some(word) = body.next() {
        match word {
            Word::Mark(']' | ')') => break,
            Word::Text(text) => {
                let ends_entry = matches!(body.peek(), Some(Word::Mark(',' | ']' | ')')));
                if starts_entry && ends_entry {
                    statements.state_line(path, text, scope);
                }
                starts_entry = false;
            }
            other => starts_entry = *other == Word::Mark(','),
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(text: &str) -> usize {
        let mut statements = Statements::default();
        script("setup.py", &words(text, &PYTHON), &mut statements);
        statements.stated.len()
    }

    #[test]
    fn lists_that_are_never_closed_are_read_once() {
        assert!(stated(&"install_requires=['a',".repeat(200)) <= 200);
        assert!(stated(&"extras_require={'x': ['a',".repeat(200)) <= 200);
        assert_eq!(
            stated("install_requires=['a'], extras_require={'x': ['b', 'c'], 'y': ['d']}, tests_require=['e']"),
            5
        );
    }
}
