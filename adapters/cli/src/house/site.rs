//! The project that a house stands on, as the command line and its settings give it.

use super::DataFolder;
use crate::cli::Globals;
use crate::commands::discover::orders;
use crate::commands::stored::project;
use crate::failure::Failure;
use codexa_config::settings::Settings;
use codexa_config::{Options, resolve};
use codexa_discovery::serve::Orders;
use codexa_governance::rules::Reading;
use codexa_project::Project;

/// A project with the settings that its services need.
pub(crate) struct Site {
    pub options: Options,
    pub project: Project,
    pub id: String,
    pub settings: Settings,
    pub data: DataFolder,
}

impl Site {
    pub fn of(globals: &Globals) -> Result<Self, Failure> {
        match Self::found(globals)? {
            (site, None) => Ok(site),
            (_, Some(broken)) => Err(broken),
        }
    }

    /// The same though settings are broken, for what must be possible then: a token is revoked whatever a work tree says. What is
    /// broken counts as not said.
    pub fn though_broken(globals: &Globals) -> Result<Self, Failure> {
        Self::found(globals).map(|(site, _)| site)
    }

    /// A project, and what is wrong with its settings.
    fn found(globals: &Globals) -> Result<(Self, Option<Failure>), Failure> {
        let mut options = globals.options()?;
        let project = project(&options)?;
        options.project = Some(project.root().to_path_buf());
        let resolution = resolve(&options)?;
        let (settings, broken) = match resolution.ready() {
            Ok(settings) => (settings.clone(), None),
            Err(errors) => (Settings::default(), Some(Failure::broken_settings(&resolution, errors))),
        };
        let said = resolution.values.get("project.id").and_then(|resolved| resolved.value.as_str().map(str::to_owned));
        let Some(id) = settings.project.id.clone().or(said) else {
            let shown = project.root().display();
            return Err(broken.unwrap_or_else(|| {
                Failure::blocked("PROJECT_NO_ID", format!("decisions belong to a project, and {shown} has no id yet"))
                    .with_help("`codexa init` gives it one")
            }));
        };
        let data = DataFolder::of(&options, &id)?;
        Ok((Self { options, project, id, settings, data }, broken))
    }

    /// How the rules are read.
    pub fn reading(&self) -> Reading {
        let branch = self.settings.governance.protected_branch.clone();
        Reading { branch, maturity: self.settings.maturity, operator: operator(&self.options) }
    }

    /// What a run of discovery is asked to do, by the settings as they are when it begins.
    pub fn orders(&self) -> Orders {
        orders(self.options.clone(), self.project.root().to_path_buf())
    }
}

/// What a project's one person is called where nobody is named: the account's name, as far as it can be a person's id. Where people
/// are named, it says nothing of who somebody is.
pub(crate) fn operator(options: &Options) -> String {
    let name = ["USER", "LOGNAME"].into_iter().find_map(|name| options.environment.get(name));
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_".contains(letter);
    let id: String =
        name.map(|name| name.to_lowercase().chars().filter(|c| letter(*c)).take(64).collect()).unwrap_or_default();
    let id = id.trim_start_matches(['.', '-', '_']);
    if id.is_empty() { "operator".to_owned() } else { id.to_owned() }
}
