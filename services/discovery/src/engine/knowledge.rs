//! What people know and said, and the ids under which they said it: `.codexa/annotations.yaml` and `.codexa/manifests/ids.yaml`.

use crate::ids::{self, IdKind, Ids};
use codexa_config::document::{self, at};
use codexa_config::yaml::{Budget, Data, Entry, Node};
use codexa_model::annotations::{Annotations, Decision};
use codexa_model::{Diagnostic, Location};
use codexa_project::Project;
use codexa_project::tree::NotRead;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What people answered, from the project's root.
pub const ANNOTATIONS_PATH: &str = ".codexa/annotations.yaml";
/// What reading it may cost: two thousand answers of some length.
pub(crate) const ANNOTATIONS: Budget = Budget { bytes: 2 << 20, nodes: 60_000, depth: 6 };

/// A file of the project that people may edit does not say what it should; nothing was written.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .diagnostics.first().map_or_else(String::new, |first| format!("{}: {}", self.path.display(), first.message)))]
pub struct Broken {
    /// The file, from the project's root.
    pub path: PathBuf,
    /// Its text, as far as it is text.
    pub text: String,
    /// What is wrong, at least one thing, with its place.
    pub diagnostics: Vec<Diagnostic>,
}

/// What people said.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The ids that were given.
    pub ids: Ids,
    /// What was answered.
    pub annotations: Annotations,
    /// The file of answers as it is; empty where there is none.
    pub text: String,
    /// SHA-256 of that file; `None` where there is none.
    pub sha256: Option<String>,
    /// Whether there is a file of ids.
    pub has_ids: bool,
}

impl Knowledge {
    /// Reads both files, within bounds. A bare repository has none.
    ///
    /// # Errors
    /// [`Broken`], where one of them is there and cannot be read: it stays as it is.
    pub fn read(project: &Project) -> Result<Self, Broken> {
        let said = text(project, ANNOTATIONS_PATH, ANNOTATIONS.bytes)?;
        let given = text(project, ids::PATH, ids::BUDGET.bytes)?;
        let annotations = said.as_deref().map(answers).transpose()?.unwrap_or_default();
        let claims = annotations
            .answers
            .iter()
            .filter_map(|answer| Some((IdKind::Issue, &*answer.about, IdKind::Issue.number(&answer.followup)?)));
        let broken = |diagnostics: Vec<Diagnostic>| Broken {
            path: ids::PATH.into(),
            text: given.clone().unwrap_or_default(),
            diagnostics: diagnostics.into_iter().map(|problem| problem.with_help(IDS_HELP)).collect(),
        };
        let ids = Ids::read(given.as_deref().unwrap_or_default(), claims).map_err(broken)?;
        let sha256 = said.as_deref().map(|text| hex(&Sha256::digest(text)));
        Ok(Self { ids, sha256, has_ids: given.is_some(), text: said.unwrap_or_default(), annotations })
    }

    /// SHA-256 of the file of answers as it is now; `None` where there is none that can be read.
    pub(crate) fn sha256_of(project: &Project) -> Option<String> {
        let file = project.tree().read(ANNOTATIONS_PATH.as_bytes(), ANNOTATIONS.bytes as u64).ok()?;
        Some(hex(&Sha256::digest(file.bytes)))
    }
}

const IDS_HELP: &str =
    "settle what a merge left in it, or take the file of a commit that had it whole; ids are never given twice";

/// The text of a file; `None` where there is none.
fn text(project: &Project, path: &str, limit: usize) -> Result<Option<String>, Broken> {
    let broken = |why: String, help: &str| Broken {
        path: path.into(),
        text: String::new(),
        diagnostics: vec![
            Diagnostic::error("CONFIG_UNREADABLE", format!("`{path}` cannot be read: {why}")).with_help(help),
        ],
    };
    match project.tree().read(path.as_bytes(), limit as u64) {
        Ok(file) => match String::from_utf8(file.bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(broken("it is not UTF-8".to_owned(), "write it as UTF-8; nothing was changed")),
        },
        Err(NotRead::Missing) => Ok(None),
        Err(why) => Err(broken(why.to_string(), "make it a file that this user can read; nothing was changed")),
    }
}

/// What a text of answers says.
///
/// # Errors
/// [`Broken`]: what in it does not fit.
pub(crate) fn answers(text: &str) -> Result<Annotations, Broken> {
    let shown = Path::new(ANNOTATIONS_PATH);
    let broken = |diagnostics: Vec<Diagnostic>| Broken {
        path: ANNOTATIONS_PATH.into(),
        text: text.to_owned(),
        diagnostics: diagnostics
            .into_iter()
            .map(|problem| {
                problem.with_help("`codexa schema annotations` says what may stand there; the file was left as it is")
            })
            .collect(),
    };
    let read = document::read::<Annotations>(shown, text, ANNOTATIONS).map_err(broken)?;
    let problems = lacking(&read.value, &read.tree);
    if problems.is_empty() { Ok(read.value) } else { Err(broken(problems)) }
}

/// What a decision needs and an answer does not have.
fn lacking(annotations: &Annotations, tree: &Node) -> Vec<Diagnostic> {
    let nodes = match tree.entry("answers").map(|answers| &answers.node.data) {
        Some(Data::List(nodes)) => nodes.as_slice(),
        _ => &[],
    };
    let lacks = annotations.answers.iter().zip(nodes).filter_map(|(answer, node)| {
        let what = match answer.decision {
            Decision::Defer if answer.until.is_none() => "`until`, the last day on which it is not asked",
            Decision::Assign if answer.to.is_none() => "`to`, who is to answer it",
            _ => return None,
        };
        let place = node.entry("decision").map_or(node.span, |entry: &Entry| entry.key_span);
        let message = format!("`{}` of {} needs {what}", answer.decision.word(), answer.followup);
        Some(Diagnostic::error("CONFIG_REQUIRED", message).at(Location { ..at(Path::new(ANNOTATIONS_PATH), place) }))
    });
    lacks.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
