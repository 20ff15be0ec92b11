//! `codexa doctor`: is everything in place? Alone it checks the environment and the settings, `doctor config` the settings
//! in full.

mod config;
mod environment;

use crate::cli::Globals;
use crate::failure::{Exit, sources};
use crate::output::{Page, Report, Ui, counted, wrapped};
use clap::{Args, Subcommand};
use codexa_config::{Kind, Resolution, resolve};
use codexa_model::{Diagnostic, Severity};
use environment::Check;
use serde::Serialize;

/// Columns that are left for a detail and for a next step.
const DETAIL: usize = 56;
const HELP: usize = 78;

/// What to check.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check the settings: every value's origin, the chain of files, hashes
    Config(config::Arguments),
}

#[derive(Serialize)]
struct Answer {
    ok: bool,
    checks: Vec<Check>,
    findings: Vec<Diagnostic>,
    #[serde(skip)]
    resolution: Resolution,
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    if let Some(What::Config(arguments)) = &arguments.what {
        return config::run(arguments, globals, ui);
    }
    let mut options = globals.options()?;
    // What is checked is what a run would be about; a project that cannot be opened is a finding of its own.
    if let Ok(project) = super::stored::project(&options) {
        options.project = Some(project.root().to_path_buf());
    }
    let resolution = resolve(&options)?;
    let checks = environment::checks(&resolution, &options);
    let exit = exit_of(&resolution).max(environment::exit_of(&checks));
    let findings = resolution.diagnostics.clone();
    ui.answer(&Answer { ok: exit == Exit::Well, checks, findings, resolution })?;
    Ok(exit)
}

/// Clean 0, recoverable 1, blocking 2 (FR-44).
fn exit_of(resolution: &Resolution) -> Exit {
    match resolution.worst() {
        None | Some(Severity::Note) => Exit::Well,
        Some(Severity::Warning) => Exit::Findings,
        Some(Severity::Error) => Exit::Blocked,
    }
}

impl Report for Answer {
    const NAME: &'static str = "doctor";

    fn page(&self, page: &mut Page) {
        let bad = self.checks.iter().filter(|check| check.state != environment::State::Ok).count();
        page.heading("doctor", &self.resolution.root.to_string_lossy(), "");
        page.blank();
        let mut rows: Vec<[String; 3]> = Vec::new();
        for check in &self.checks {
            let mut words = [check.state.word().to_owned(), check.name.to_owned()];
            for line in wrapped(&check.detail, DETAIL) {
                let [state, name] = std::mem::take(&mut words);
                rows.push([state, name, line]);
            }
        }
        let worst = match exit_of(&self.resolution) {
            Exit::Well => "ok",
            Exit::Findings => "check",
            _ => "blocks",
        };
        rows.push([worst.to_owned(), "settings".to_owned(), summary(&self.resolution)]);
        page.rows(&rows);
        for check in self.checks.iter().filter(|check| check.help.is_some()) {
            page.blank();
            let help = format!("{}: {}", check.name, check.help.as_deref().unwrap_or_default());
            wrapped(&help, HELP).iter().for_each(|line| page.line(&format!("  {line}")));
        }
        let grave = self.findings.iter().filter(|found| found.severity > Severity::Note);
        for diagnostic in grave {
            page.blank();
            page.diagnostic(diagnostic, &sources(&self.resolution));
        }
        page.blank();
        page.next(if bad == 0 && exit_of(&self.resolution) == Exit::Well {
            "codexa discover"
        } else {
            "codexa doctor config"
        });
    }
}

/// `hybrid, 2 files, 1 finding, 1 note`.
fn summary(resolution: &Resolution) -> String {
    let files = match (&resolution.provenance.config_root, resolution.kind) {
        (Some(_), _) => counted(1 + resolution.provenance.extends_chain.len(), "file"),
        (None, Kind::BuiltIn) => counted(0, "file"),
        (None, _) => "no file that can be read".to_owned(),
    };
    let findings = resolution.diagnostics.iter().filter(|found| found.severity > Severity::Note).count();
    let notes = resolution.diagnostics.len() - findings;
    let notes = if notes == 0 { String::new() } else { format!(", {}", counted(notes, "note")) };
    format!("{}, {files}, {}{notes}", resolution.kind.as_str(), counted(findings, "finding"))
}
