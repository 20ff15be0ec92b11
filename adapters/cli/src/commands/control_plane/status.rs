//! `codexa control-plane status`.

use crate::failure::{Exit, Failure};
use crate::output::{Page, Report, Ui, counted};
use codexa_config::control_plane::{FileDrift, Plane, PlaneError, Status, Upstream};
use serde::Serialize;

#[derive(Serialize)]
struct Answer(Status);

pub(super) fn run(plane: &Plane, ui: &Ui) -> crate::Outcome {
    if !plane.exists() {
        return Err(Failure::from(PlaneError::Missing(plane.path().to_owned())));
    }
    let status = plane.status()?;
    let clean = status.version.is_some()
        && status.edited.is_empty()
        && matches!(status.upstream, Upstream::None | Upstream::Same);
    ui.answer(&Answer(status))?;
    Ok(if clean { Exit::Well } else { Exit::Findings })
}

/// One row per file that differs: what happened, where, how many lines.
pub(super) fn drift_rows(drift: &[FileDrift]) -> Vec<[String; 3]> {
    let lines = |file: &FileDrift| format!("+{} -{}", file.lines_added, file.lines_removed);
    drift.iter().map(|file| [file.state.as_str().to_owned(), file.path.clone(), lines(file)]).collect()
}

impl Report for Answer {
    const NAME: &'static str = "control-plane-status";

    fn page(&self, page: &mut Page) {
        let Self(status) = self;
        let version = status.version.as_deref().unwrap_or("without a valid VERSION");
        page.heading("control plane", version, "");
        page.blank();
        let mut rows = vec![["path".to_owned(), status.path.to_string_lossy().into_owned()]];
        match &status.origin {
            None => rows.push(["source".to_owned(), "none, made here".to_owned()]),
            Some(origin) => {
                rows.push(["source".to_owned(), origin.source.to_string_lossy().into_owned()]);
                rows.extend(origin.commit.iter().map(|commit| ["commit".to_owned(), commit.clone()]));
            }
        }
        let upstream = match &status.upstream {
            Upstream::None => None,
            Upstream::Same => Some("the same as installed".to_owned()),
            Upstream::Changed { version } => Some(format!("has other files, version {version}")),
            Upstream::Unreachable { reason } => Some(format!("not readable, the installed copy holds: {reason}")),
        };
        rows.extend(upstream.map(|text| ["upstream".to_owned(), text]));
        let edits = if status.origin.is_none() {
            "nothing to compare with before the first sync".to_owned()
        } else if status.edited.is_empty() {
            "none".to_owned()
        } else {
            counted(status.edited.len(), "file")
        };
        rows.push(["edited here".to_owned(), edits]);
        rows.extend(status.sha256.iter().map(|hash| ["sha256".to_owned(), hash.clone()]));
        page.rows(&rows);
        if !status.edited.is_empty() {
            page.blank();
            page.rows(&drift_rows(&status.edited));
        }
        page.blank();
        page.next(match (&status.upstream, status.edited.is_empty()) {
            (_, false) => "codexa control-plane diff",
            (Upstream::Changed { .. }, _) => "codexa control-plane sync",
            _ => "codexa doctor config",
        });
    }
}
