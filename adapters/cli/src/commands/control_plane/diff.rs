//! `codexa control-plane diff`.

use crate::failure::{Exit, Failure};
use crate::output::{Page, Report, Ui, counted};
use codexa_config::control_plane::{FileDrift, Plane, PlaneError};
use serde::Serialize;

#[derive(Serialize)]
struct Answer {
    /// Since the last sync, made here.
    edited: Vec<FileDrift>,
    /// At the source, not installed yet; absent when the source cannot be read.
    incoming: Option<Vec<FileDrift>>,
    /// Why the source was not compared.
    incoming_unknown: Option<String>,
}

pub(super) fn run(plane: &Plane, ui: &Ui) -> crate::Outcome {
    if !plane.exists() {
        return Err(Failure::from(PlaneError::Missing(plane.path().to_owned())));
    }
    let edited = plane.edited()?;
    let (incoming, incoming_unknown) = match plane.incoming() {
        Ok(incoming) => (Some(incoming), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let same = edited.is_empty() && incoming.as_ref().is_some_and(Vec::is_empty);
    ui.answer(&Answer { edited, incoming, incoming_unknown })?;
    Ok(if same { Exit::Well } else { Exit::Findings })
}

impl Report for Answer {
    const NAME: &'static str = "control-plane-diff";

    fn page(&self, page: &mut Page) {
        section(page, "edited here", &self.edited);
        match (&self.incoming, &self.incoming_unknown) {
            (Some(incoming), _) => section(page, "at the source", incoming),
            (None, reason) => {
                page.heading("at the source", "not compared", "");
                page.line(&format!("  {}", reason.as_deref().unwrap_or_default()));
            }
        }
        page.blank();
        page.next(match (&self.edited[..], &self.incoming) {
            ([], Some(incoming)) if !incoming.is_empty() => "codexa control-plane sync",
            ([], _) => "codexa control-plane status",
            _ => "codexa control-plane sync --discard-edits, or carry the edits to the source",
        });
    }
}

fn section(page: &mut Page, title: &str, drift: &[FileDrift]) {
    page.heading(title, &counted(drift.len(), "file"), "");
    for file in drift {
        if file.diff.is_empty() {
            page.line(&format!("{} {} (not text)", file.state.as_str(), file.path));
        } else {
            page.line(&file.diff);
        }
    }
}
