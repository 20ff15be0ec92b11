//! `codexa init`: a `.codexa/` with useful contents.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::{Page, Report, Ui};
use clap::{Args, ValueEnum};
use codexa_config::scaffold::{Outcome, Plan, Templates};
use codexa_config::settings::Maturity;
use serde::Serialize;
use std::path::PathBuf;

/// What to make.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How much governance the project asks for; an existing config.yaml decides instead
    #[arg(long, value_name = "LEVEL", default_value = "M0")]
    maturity: Level,
    /// A name for people [default: the directory's]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Files to build on: a path, or `control-plane[:PATH]`; repeatable
    #[arg(long, value_name = "NAME")]
    extends: Vec<String>,
    /// Only say what would be made
    #[arg(long)]
    dry_run: bool,
}

/// The maturity levels as arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    /// Spike: only scope is approved
    #[value(name = "M0", alias = "m0")]
    M0,
    /// Beta: design and test gates
    #[value(name = "M1", alias = "m1")]
    M1,
    /// Governed release: every gate
    #[value(name = "M2", alias = "m2")]
    M2,
}

#[derive(Serialize)]
struct Answer {
    root: String,
    dry_run: bool,
    files: Vec<Outcome>,
}

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let options = globals.options()?;
    let root = options.directory.join(globals.project.clone().unwrap_or_else(|| PathBuf::from(".")));
    let root = root.canonicalize().ok().filter(|root| root.is_dir()).ok_or_else(|| {
        Failure::blocked("PROJECT_NOT_FOUND", format!("`{}` is not a directory", root.display()))
            .with_help("make it first, or name another with `--project DIR`")
    })?;
    let inherits = arguments.extends.iter().any(|name| name.starts_with("control-plane"));
    let plane = options.control_plane().filter(|_| inherits);
    let directory_name = root.file_name().map(|name| name.to_string_lossy().into_owned());
    let plan = Plan {
        maturity: match arguments.maturity {
            Level::M0 => Maturity::M0,
            Level::M1 => Maturity::M1,
            Level::M2 => Maturity::M2,
        },
        name: arguments.name.clone().or(directory_name).unwrap_or_else(|| "project".to_owned()),
        id: uuid::Uuid::new_v4(),
        extends: arguments.extends.clone(),
        templates: Templates::load(plane.as_deref()),
        root: root.clone(),
    };
    let files = plan.carry_out(arguments.dry_run)?;
    ui.answer(&Answer { root: root.to_string_lossy().into_owned(), dry_run: arguments.dry_run, files })?;
    Ok(Exit::Well)
}

impl Report for Answer {
    const NAME: &'static str = "init";

    fn page(&self, page: &mut Page) {
        let created = self.files.iter().filter(|file| file.created).count();
        let kept = self.files.len() - created;
        let word = if self.dry_run { "would make" } else { "made" };
        page.heading("init", &self.root, &format!("{created} new, {kept} kept"));
        page.blank();
        let rows: Vec<[String; 2]> = self
            .files
            .iter()
            .map(|file| [if file.created { word } else { "kept" }.to_owned(), file.path.clone()])
            .collect();
        page.rows(&rows);
        page.blank();
        page.next(if self.dry_run { "codexa init" } else { "codexa doctor config" });
    }
}
