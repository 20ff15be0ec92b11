//! The model that the last run left, for commands that only ask.

use crate::cli::Globals;
use crate::failure::Failure;
use crate::output::{Format, Page, Report, Ui};
use codexa_config::{Options, Resolution, resolve, without_dots};
use codexa_discovery::engine::{Staleness, Stored, is_left};
use codexa_discovery::projections::quoted;
use codexa_project::{Kind, Project};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The code of the failure that says that there is no model.
pub(super) const NO_MODEL: &str = "MODEL_NOT_FOUND";

/// A project that is asked about, and what its last run left.
pub(super) struct Asked {
    pub(super) project: Project,
    pub(super) stored: Stored,
    /// How far the project has moved on since; `None` where that cannot be told.
    pub(super) staleness: Option<Staleness>,
    /// The command that makes the model anew, with the settings that it was made with.
    pub(super) again: String,
}

/// The project that the command line means: exactly the folder that `--project` names, else the one around the working
/// directory. Whatever else a command looks for, settings first, it looks for there.
pub(crate) fn project(options: &Options) -> Result<Project, Failure> {
    let found = match &options.project {
        Some(named) => Project::open(&options.directory.join(named)),
        None => Project::find(&options.directory),
    };
    found.map_err(Failure::from)
}

/// The configuration files that take part, with their hashes.
pub(super) fn configuration(resolution: &Resolution) -> Vec<(String, String)> {
    let provenance = &resolution.provenance;
    let files = provenance.config_root.iter().chain(&provenance.extends_chain);
    files.map(|file| (file.path.clone(), file.sha256.clone())).collect()
}

/// The settings that `--config` names in place of the project's own: from the project's root, or absolute.
pub(super) fn named_settings(options: &Options, root: &Path) -> Option<String> {
    let path = without_dots(&options.directory.join(options.config.as_ref()?));
    path.strip_prefix(root).unwrap_or(&path).to_str().map(str::to_owned)
}

impl Asked {
    /// The project that the command line means, and what its last run left.
    pub(super) fn new(globals: &Globals) -> Result<Self, Failure> {
        let mut options = globals.options()?;
        let project = project(&options)?;
        let Some(stored) = codexa_discovery::engine::stored(&project) else { return Err(without_model(&project)) };
        options.project = Some(project.root().to_path_buf());
        options.config = stored.model.run.config.as_ref().map(|config| project.root().join(config));
        // Broken settings stop a run, not a question.
        let configuration = resolve(&options).ok().map(|resolution| configuration(&resolution));
        let staleness = stored.staleness(&project, configuration.as_deref());
        Ok(Self { project, stored, staleness, again: again(&options) })
    }

    /// The same, with a remark for people where the project has moved on since.
    pub(super) fn with_remark(globals: &Globals, ui: &Ui) -> Result<Self, Failure> {
        let asked = Self::new(globals)?;
        if let Some(stale) = asked.stale().filter(|_| ui.format() == Format::Text) {
            let again = &asked.again;
            ui.remark(&format!("note: the model is older than the project ({stale}): run `{again}`"));
        }
        Ok(asked)
    }

    /// What has changed since the model was made, where something has.
    pub(super) fn stale(&self) -> Option<Staleness> {
        self.staleness.filter(Staleness::is_stale)
    }

    /// Prints an answer; as JSON with what has changed since.
    pub(super) fn answer<R: Report>(&self, ui: &Ui, answer: &R) -> Result<(), Failure> {
        ui.answer(&Dated { answer, stale: self.stale() })
    }
}

/// The command for the settings that these options name, seen from where it is typed.
fn again(options: &Options) -> String {
    let seen = |path: &PathBuf| quoted(&path.strip_prefix(&options.directory).unwrap_or(path).to_string_lossy());
    let named = options.config.as_ref().map(|path| format!(" --config {}", seen(path)));
    format!("codexa discover{}", named.unwrap_or_default())
}

fn without_model(project: &Project) -> Failure {
    if project.kind() == Kind::Bare {
        return Failure::blocked(NO_MODEL, "a bare repository has no place for a model")
            .with_help("clone it with a work tree, and run `codexa discover` there");
    }
    let message = match is_left(project) {
        true => "another version of Codexa, or another folder, left the model that is here",
        false => "there is no model of this project here yet",
    };
    Failure::blocked(NO_MODEL, message)
        .with_help("run `codexa discover`; questions are answered from what a run leaves in `.codexa/state/`")
}

/// An answer of a model, and whether that is still the project's.
#[derive(Serialize)]
struct Dated<'a, R> {
    #[serde(flatten)]
    answer: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale: Option<Staleness>,
}

impl<R: Report> Report for Dated<'_, R> {
    const NAME: &'static str = R::NAME;

    fn page(&self, page: &mut Page) {
        self.answer.page(page);
    }
}

/// Makes an answer of the model printable: its document's name, and the text that it lays out itself.
macro_rules! answer {
    ($name:ident, $of:ty, $document:literal) => {
        #[derive(serde::Serialize)]
        #[serde(transparent)]
        struct $name<'m>($of, #[serde(skip)] std::marker::PhantomData<&'m ()>);

        impl<'m> $name<'m> {
            fn new(answer: $of) -> Self {
                Self(answer, std::marker::PhantomData)
            }
        }

        impl crate::output::Report for $name<'_> {
            const NAME: &'static str = $document;

            fn page(&self, page: &mut crate::output::Page) {
                page.laid_out(&self.0.text());
            }
        }
    };
}
pub(super) use answer;
