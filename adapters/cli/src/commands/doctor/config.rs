//! `codexa doctor config`: settings resolved and checked, with lineage and hashes (FR-44).

use super::{exit_of, summary};
use crate::cli::Globals;
use crate::failure::{Exit, sources};
use crate::output::{Page, Report, Ui};
use clap::Args;
use codexa_config::{Kind, Origin, Provenance, Resolution, Resolved, resolve};
use codexa_model::{Diagnostic, Severity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What to show.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Check this file in place of .codexa/config.yaml
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Show the built-in values too
    #[arg(long)]
    all: bool,
}

#[derive(Serialize)]
struct Answer {
    ok: bool,
    root: String,
    kind: Kind,
    findings: Vec<Diagnostic>,
    provenance: Provenance,
    values: BTreeMap<String, Resolved>,
    #[serde(skip)]
    all: bool,
    #[serde(skip)]
    resolution: Resolution,
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let mut options = globals.options()?;
    options.config.clone_from(&arguments.config);
    let resolution = resolve(&options)?;
    let exit = exit_of(&resolution);
    ui.answer(&Answer {
        ok: exit == Exit::Well,
        root: resolution.root.to_string_lossy().into_owned(),
        kind: resolution.kind,
        findings: resolution.diagnostics.clone(),
        provenance: resolution.provenance.clone(),
        values: resolution.values.clone(),
        all: arguments.all,
        resolution,
    })?;
    Ok(exit)
}

impl Report for Answer {
    const NAME: &'static str = "doctor-config";

    fn page(&self, page: &mut Page) {
        page.heading("settings", &self.root, &summary(&self.resolution));
        page.blank();
        page.rows(&self.lineage());
        let values = self.value_rows();
        if !values.is_empty() {
            page.blank();
            page.attributed(&values);
        }
        let texts = sources(&self.resolution);
        for diagnostic in &self.findings {
            page.blank();
            page.diagnostic(diagnostic, &texts);
        }
        page.blank();
        let errors = self.findings.iter().filter(|found| found.severity == Severity::Error).count();
        match errors {
            0 if self.kind == Kind::BuiltIn => page.next("codexa init"),
            0 => page.next("codexa discover"),
            1 => page.line("  1 error blocks every run until it is solved"),
            several => page.line(&format!("  {several} errors block every run until they are solved")),
        }
    }
}

impl Answer {
    /// The files, weakest first, and hashes.
    fn lineage(&self) -> Vec<[String; 3]> {
        let short = |hash: &str| hash.chars().take(12).collect::<String>();
        let row = |word: &str, path: &str, hash: &str| [word.to_owned(), path.to_owned(), short(hash)];
        let plane = self.provenance.control_plane_version.iter();
        let plane = plane.map(|version| ["control plane".to_owned(), version.clone(), String::new()]);
        let chain = self.provenance.extends_chain.iter().map(|file| row("extends", &file.path, &file.sha256));
        let root = self.provenance.config_root.iter().map(|file| row("config root", &file.path, &file.sha256));
        let rest = [
            row("templates", "for codexa init", &self.provenance.template_hash),
            row("settings", "as they result", &self.provenance.settings_hash),
        ];
        plane.chain(chain).chain(root).chain(rest).collect()
    }

    /// Each value, where it comes from, and what it hides there.
    fn value_rows(&self) -> Vec<([String; 2], Vec<String>)> {
        let shown = self.values.iter().filter(|(_, value)| self.all || value.origin != Origin::BuiltIn);
        shown
            .map(|(key, value)| {
                let hidden = value.overridden.iter().filter(|given| given.origin != Origin::BuiltIn);
                let hidden = hidden.map(|given| format!("over {}", given.origin));
                let origins = std::iter::once(value.origin.to_string()).chain(hidden).collect();
                ([key.clone(), brief(&value.value.to_string())], origins)
            })
            .collect()
    }
}

/// At most 40 characters of a value; JSON has it whole.
fn brief(value: &str) -> String {
    let mut text: String = value.chars().take(40).collect();
    if text.len() < value.len() {
        text.push('…');
    }
    text
}
