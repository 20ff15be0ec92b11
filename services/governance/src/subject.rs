//! What a gate approves, as a digest: the files of the change's workspace that the gate's rule names, with their line ends
//! made one, and the rule itself. Whole files count: Codexa writes nothing of its own into them.

use crate::rules::GateRule;
use crate::store::rows::ChangeRow;
use codexa_directive::Gate;
use codexa_ledger::Hash;
use codexa_model::workspace;
use codexa_proto::v1;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use std::sync::Arc;
use std::time::Instant;

/// Longest file that a gate approves.
pub(crate) const MAX_BYTES: u64 = 1 << 20;

/// Most changed lines that are shown of one file, and the longest of them in characters.
const MAX_LINES: usize = 20;
const MAX_CHARS: usize = 200;

/// What would be approved now.
#[derive(Clone, Debug)]
pub struct Subject {
    /// `sha256:` and the hash of the document.
    pub digest: String,
    /// What the digest was taken of, as canonical JSON.
    pub document: String,
    /// The files.
    pub files: Vec<File>,
    /// Why nothing can be approved yet.
    pub obstacle: Option<String>,
}

/// A file under a digest.
#[derive(Clone, Debug)]
pub struct File {
    /// From the project's root.
    pub path: String,
    /// Hash of the content; `None` where the file is not there.
    pub hash: Option<Hash>,
    /// The content, line ends made one.
    pub content: Arc<[u8]>,
    /// How many lines it has.
    pub lines: u32,
}

impl File {
    /// A file with its content as it was read.
    pub(crate) fn new(path: String, bytes: &[u8]) -> Self {
        let content: Arc<[u8]> = normalised(bytes).into();
        let ends = content.iter().filter(|byte| **byte == b'\n').count();
        let open = content.last().is_some_and(|byte| *byte != b'\n');
        let lines = u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX);
        Self { path, hash: Some(Hash::of(&content)), content, lines }
    }

    /// Whether it is as it was made with the workspace of its change: nobody wrote in it.
    pub(crate) fn is_unwritten(&self, change: &ChangeRow) -> bool {
        let name = self.path.rsplit_once('/').map_or(&*self.path, |(_, name)| name);
        workspace::made(name, &change.id, &change.title).is_some_and(|made| made.as_bytes() == &*self.content)
    }

    /// A file that is not there.
    pub(crate) fn missing(path: String) -> Self {
        Self { path, hash: None, content: Arc::default(), lines: 0 }
    }
}

/// The document of a digest.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    v: u32,
    project: String,
    change: String,
    gate: Gate,
    /// Which opening of the gate: a vote of an earlier one never counts.
    round: i64,
    rule: GateRule,
    files: Vec<DocumentFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DocumentFile {
    path: String,
    sha256: Option<Hash>,
}

/// Which gate of which change.
#[derive(Clone, Debug)]
pub struct Of {
    /// The change.
    pub change: String,
    /// The gate.
    pub gate: Gate,
    /// Which opening of it.
    pub round: i64,
    /// Its frozen rule.
    pub rule: GateRule,
}

/// The digest of a document.
#[must_use]
pub fn digest(document: &str) -> String {
    format!("sha256:{}", Hash::of(document.as_bytes()))
}

/// Line ends made one, so that a checkout on another system approves the same.
fn normalised(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(byte) = rest.next() {
        if *byte != b'\r' || rest.peek() != Some(&&b'\n') {
            content.push(*byte);
        }
    }
    content
}

impl Subject {
    /// What a gate of a project would approve, given its files.
    pub(crate) fn new(project: &str, of: Of, files: Vec<File>, obstacle: Option<String>) -> Self {
        let document = Document {
            v: 1,
            project: project.to_owned(),
            change: of.change,
            gate: of.gate,
            round: of.round,
            rule: of.rule,
            files: files.iter().map(|file| DocumentFile { path: file.path.clone(), sha256: file.hash }).collect(),
        };
        let document = serde_jcs::to_string(&document).unwrap_or_default();
        let digest = digest(&document);
        Self { digest, document, files, obstacle }
    }

    /// The files, as answers show them.
    pub(crate) fn covers(&self, change: &ChangeRow) -> Vec<v1::Covered> {
        let covered = |file: &File| v1::Covered {
            path: file.path.clone(),
            sha256: file.hash.map(|hash| hash.to_string()).unwrap_or_default(),
            lines: file.lines,
            unwritten: file.is_unwritten(change),
        };
        self.files.iter().map(covered).collect()
    }
}

/// The files and hashes that an earlier document names; `None` where it is no document.
#[must_use]
pub fn files_of(document: &str) -> Option<Vec<(String, Option<Hash>)>> {
    let document: Document = serde_json::from_str(document).ok()?;
    Some(document.files.into_iter().map(|file| (file.path, file.sha256)).collect())
}

/// What changed in a file: the shortest way to say it, or one that was found before the time was up.
#[must_use]
pub(crate) fn changed(path: &str, before: &[u8], after: &[u8], end: Instant) -> v1::Changed {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::configure().deadline(end).diff_lines(before.as_ref(), after.as_ref());
    let mut changed = v1::Changed { path: path.to_owned(), added: 0, removed: 0, lines: Vec::new() };
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Insert => {
                changed.added += 1;
                '+'
            }
            ChangeTag::Delete => {
                changed.removed += 1;
                '-'
            }
        };
        if changed.lines.len() < MAX_LINES {
            let line = change.value().trim_end_matches(['\n', '\r']);
            let cut: String = line.chars().take(MAX_CHARS).collect();
            changed.lines.push(format!("{sign}{cut}"));
        }
    }
    changed
}
