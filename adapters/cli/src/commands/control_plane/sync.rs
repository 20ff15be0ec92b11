//! `codexa control-plane sync`.

use crate::failure::Exit;
use crate::output::{Page, Report, Ui, counted};
use clap::Args;
use codexa_config::control_plane::{Plane, SyncRequest, Synced};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What to install.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A directory or git repository on disk [default: where the last sync came from]
    source: Option<PathBuf>,
    /// A revision of the git repository [default: HEAD]
    #[arg(long, value_name = "REVISION")]
    rev: Option<String>,
    /// Give up edits that were made here
    #[arg(long)]
    discard_edits: bool,
    /// Let an older version replace a newer one
    #[arg(long)]
    allow_older: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Answer {
    dry_run: bool,
    #[serde(flatten)]
    synced: Synced,
}

pub(super) fn run(arguments: &Arguments, directory: &Path, plane: &Plane, ui: &Ui) -> crate::Outcome {
    let absolute = |source: &PathBuf| {
        let joined = directory.join(source);
        if source.to_string_lossy().contains("://") { source.clone() } else { joined.canonicalize().unwrap_or(joined) }
    };
    let request = SyncRequest {
        source: arguments.source.as_ref().map(absolute),
        revision: arguments.rev.clone(),
        discard_edits: arguments.discard_edits,
        allow_older: arguments.allow_older,
        dry_run: arguments.dry_run,
    };
    let synced = plane.sync(&request)?;
    ui.answer(&Answer { dry_run: arguments.dry_run, synced })?;
    Ok(Exit::Well)
}

impl Report for Answer {
    const NAME: &'static str = "control-plane-sync";

    fn page(&self, page: &mut Page) {
        let before = self.synced.before.as_deref().unwrap_or("none");
        let outcome = match (self.synced.installed, self.dry_run, self.synced.changed.is_empty()) {
            (true, ..) => "installed",
            (false, true, false) => "dry run, nothing written",
            _ => "up to date",
        };
        page.heading("control plane", &format!("{before} -> {}", self.synced.version), outcome);
        page.blank();
        let commit = self.synced.origin.commit.as_deref().and_then(|commit| commit.get(..12));
        let commit = commit.map(|commit| format!(" @ {commit}")).unwrap_or_default();
        let mut rows = vec![["source".to_owned(), format!("{}{commit}", self.synced.origin.source.display())]];
        if let uncommitted @ 1.. = self.synced.uncommitted.len() {
            let differ = if uncommitted == 1 { "differs" } else { "differ" };
            let text = format!("{} there {differ} from the commit and did not count", counted(uncommitted, "file"));
            rows.push(["taken".to_owned(), "HEAD".to_owned()]);
            rows.push(["not taken".to_owned(), text]);
        }
        page.rows(&rows);
        if !self.synced.changed.is_empty() {
            page.blank();
            page.rows(&super::status::drift_rows(&self.synced.changed));
        }
        page.blank();
        page.next("codexa control-plane status");
    }
}
