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
        let mut options = globals.options()?;
        let project = project(&options)?;
        options.project = Some(project.root().to_path_buf());
        let resolution = resolve(&options)?;
        let settings = resolution.ready().map_err(|errors| Failure::broken_settings(&resolution, errors))?.clone();
        let id = settings.project.id.clone().ok_or_else(|| {
            let shown = project.root().display();
            Failure::blocked("PROJECT_NO_ID", format!("decisions belong to a project, and {shown} has no id yet"))
                .with_help("`codexa init` gives it one")
        })?;
        let data = DataFolder::of(&options, &id)?;
        Ok(Self { options, project, id, settings, data })
    }

    /// How the rules are read.
    pub fn reading(&self) -> Reading {
        let branch = self.settings.governance.protected_branch.clone();
        Reading { branch, maturity: self.settings.maturity, operator: self.operator() }
    }

    /// Who sits at this machine: the account's name, as far as it can be a person's id.
    pub fn operator(&self) -> String {
        let name = ["USER", "LOGNAME"].into_iter().find_map(|name| self.options.environment.get(name));
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_".contains(letter);
        let id: String =
            name.map(|name| name.to_lowercase().chars().filter(|c| letter(*c)).take(64).collect()).unwrap_or_default();
        let id = id.trim_start_matches(['.', '-', '_']);
        if id.is_empty() { "operator".to_owned() } else { id.to_owned() }
    }

    /// What a run of discovery is asked to do, by the settings as they are when it begins.
    pub fn orders(&self) -> Orders {
        orders(self.options.clone(), self.project.root().to_path_buf())
    }
}
