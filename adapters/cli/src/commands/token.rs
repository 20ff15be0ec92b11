//! `codexa token`: tokens for people, adapters and services. Whoever can open the store of decisions can make them.

use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::{Site, location, run_async};
use crate::output::{Page, Report, Ui};
use clap::{Args, Subcommand};
use codexa_chassis::settings::{Settings, Sources};
use codexa_chassis::shutdown::Shutdown;
use codexa_governance::identity::TokenKind;
use serde::Serialize;

/// What to do about tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token; it is shown once
    New(New),
}

/// Whose token it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct New {
    /// A person of .codexa/rules/people.yaml
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// A chat adapter: slack or discord
    #[arg(long, value_name = "PLATFORM")]
    adapter: Option<String>,
    /// A worker, by a name of your choice
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

#[derive(Serialize)]
struct Made {
    kind: &'static str,
    subject: String,
    token: String,
}

impl Report for Made {
    const NAME: &'static str = "token-new";

    fn page(&self, page: &mut Page) {
        page.line(&self.token);
    }
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let Command::New(new) = command;
    let asked =
        [(TokenKind::Person, &new.person), (TokenKind::Adapter, &new.adapter), (TokenKind::Service, &new.service)];
    let named = asked.into_iter().find_map(|(kind, subject)| Some((kind, subject.clone()?)));
    let Some((kind, subject)) = named else { return Err(Failure::blocked("CLI_USAGE", "a token is somebody's")) };
    let token = run_async(async {
        let site = Site::of(globals)?;
        let mut settings = Settings::new(Sources::of_process([]));
        let needs = codexa_governance::serve::Settings {
            location: location(&mut settings, &site)?,
            project: site.project.clone(),
            project_id: site.id.clone(),
            reading: site.reading(),
            tokens: Vec::new(),
        };
        let governance = codexa_governance::serve::open(needs, &Shutdown::new()).await?;
        Ok(governance.new_token(kind, &subject).await?)
    })?;
    ui.answer(&Made { kind: kind.word(), subject, token })?;
    Ok(Exit::Well)
}
