//! The model that the last run left, for commands that only ask.

use crate::cli::Globals;
use crate::failure::Failure;
use codexa_config::Options;
use codexa_discovery::engine::Stored;
use codexa_discovery::model::Model;
use codexa_project::Project;

/// The model of the project that the command line means.
pub(super) fn model(globals: &Globals) -> Result<Model, Failure> {
    stored(globals).map(|(_, stored)| stored.model)
}

/// The project that the command line means: exactly the folder that `--project` names, else the one around the working
/// directory. Whatever else a command looks for, settings first, it looks for there.
pub(super) fn project(options: &Options) -> Result<Project, Failure> {
    let found = match &options.project {
        Some(named) => Project::open(&options.directory.join(named)),
        None => Project::find(&options.directory),
    };
    found.map_err(Failure::from)
}

/// The project that the command line means, and what its last run left.
pub(super) fn stored(globals: &Globals) -> Result<(Project, Stored), Failure> {
    let project = project(&globals.options()?)?;
    match codexa_discovery::engine::stored(&project) {
        Some(stored) => Ok((project, stored)),
        None => Err(Failure::blocked("MODEL_NOT_FOUND", "there is no model of this project here yet")
            .with_help("run `codexa discover`; questions are answered from what a run leaves in `.codexa/state/`")),
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
