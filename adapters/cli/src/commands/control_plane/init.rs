//! `codexa control-plane init`.

use crate::failure::Exit;
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_config::control_plane::Plane;
use serde::Serialize;

/// How to make it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only say what would be made
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Answer {
    path: String,
    dry_run: bool,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: String,
    created: bool,
}

pub(super) fn run(arguments: &Arguments, plane: &Plane, ui: &Ui) -> crate::Outcome {
    let made = plane.init(arguments.dry_run)?;
    let files = made
        .into_iter()
        .map(|(path, created)| File {
            path: path.strip_prefix(plane.path()).unwrap_or(&path).to_string_lossy().into_owned(),
            created,
        })
        .collect();
    ui.answer(&Answer { path: plane.path().to_string_lossy().into_owned(), dry_run: arguments.dry_run, files })?;
    Ok(Exit::Well)
}

impl Report for Answer {
    const NAME: &'static str = "control-plane-init";

    fn page(&self, page: &mut Page) {
        let created = self.files.iter().filter(|file| file.created).count();
        page.heading("control plane", &self.path, &format!("{created} new, {} kept", self.files.len() - created));
        page.blank();
        let word = if self.dry_run { "would make" } else { "made" };
        let rows =
            self.files.iter().map(|file| [if file.created { word } else { "kept" }.to_owned(), file.path.clone()]);
        page.rows(&rows.collect::<Vec<_>>());
        page.blank();
        page.next("write `extends: control-plane` into .codexa/config.yaml");
    }
}
