//! What differs between two bundles, file by file and line by line.

use super::bundle::Bundle;
use serde::Serialize;
use similar::TextDiff;
use std::collections::BTreeSet;

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only the newer side has it.
    Added,
    /// Only the older side has it.
    Removed,
    /// Both have it, with other contents.
    Changed,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileDrift {
    /// Relative to the control plane.
    pub path: String,
    /// What happened to it.
    pub state: State,
    /// Lines that only the newer side has.
    pub lines_added: usize,
    /// Lines that only the older side has.
    pub lines_removed: usize,
    /// The change as a unified diff; empty where the file is not text.
    pub diff: String,
}

/// What has to happen to `older` to become `newer`, by path.
pub(super) fn between(older: &Bundle, newer: &Bundle) -> Vec<FileDrift> {
    let paths: BTreeSet<&String> = older.files.keys().chain(newer.files.keys()).collect();
    let differing = paths.into_iter().filter(|path| older.files.get(*path) != newer.files.get(*path));
    differing.map(|path| file(path, older.files.get(path), newer.files.get(path))).collect()
}

fn file(path: &str, older: Option<&Vec<u8>>, newer: Option<&Vec<u8>>) -> FileDrift {
    let state = match (older, newer) {
        (None, _) => State::Added,
        (_, None) => State::Removed,
        _ => State::Changed,
    };
    let mut drift = FileDrift { path: path.to_owned(), state, lines_added: 0, lines_removed: 0, diff: String::new() };
    let text = |bytes: Option<&Vec<u8>>| std::str::from_utf8(bytes.map_or(&[][..], Vec::as_slice)).map(str::to_owned);
    if let (Ok(old), Ok(new)) = (text(older), text(newer)) {
        let lines = TextDiff::from_lines(&old, &new);
        for change in lines.iter_all_changes() {
            match change.tag() {
                similar::ChangeTag::Insert => drift.lines_added += 1,
                similar::ChangeTag::Delete => drift.lines_removed += 1,
                similar::ChangeTag::Equal => {}
            }
        }
        drift.diff = lines.unified_diff().context_radius(2).header(path, path).to_string();
    }
    drift
}
