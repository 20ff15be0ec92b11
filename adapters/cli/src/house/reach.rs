//! How a command reaches the gateway: the one that `--remote` names, else the one that runs on this machine for this project,
//! else one of its own, for as long as the command runs.

use super::errand::Errand;
use super::{Site, location};
use crate::cli::Globals;
use crate::failure::Failure;
use clap::Args;
use codexa_chassis::settings::{Settings, Sources};
use codexa_client::Client;
use codexa_governance::identity::TokenKind;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long a command waits for the store. A role waits for ever and says so; a person has gone by then.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the gateway is.
#[derive(Clone, Debug, Default, Args)]
pub struct Remote {
    /// The gateway to ask: http://HOST:PORT [default: CODEXA_REMOTE, else this machine's]
    #[arg(long, value_name = "URL")]
    pub remote: Option<String>,
}

impl Remote {
    fn settings(&self) -> Settings {
        Settings::new(Sources::of_process(self.remote.iter().map(|url| ("remote".to_owned(), url.clone()))))
    }

    /// Whether a gateway is named. One that cannot be read is: reaching it says what is wrong.
    pub fn is_elsewhere(&self) -> bool {
        !matches!(self.settings().optional::<String>("remote"), Ok(None))
    }
}

/// A gateway, reached.
pub(crate) struct Reached {
    pub client: Client,
    /// The house that was built for this command.
    house: Option<Errand>,
}

/// Reaches the gateway.
pub(crate) async fn reach(remote: &Remote, globals: &Globals) -> Result<Reached, Failure> {
    let mut settings = remote.settings();
    let url: Option<String> = settings.optional("remote")?;
    let token = settings.secret("token")?;
    if let Some(url) = url {
        let token = token.ok_or_else(|| {
            Failure::blocked("TOKEN_MISSING", format!("{url} asks for a token"))
                .with_help("set CODEXA_TOKEN, or CODEXA_TOKEN_FILE to a file that holds it")
        })?;
        return Ok(Reached { client: Client::http(&url, token)?, house: None });
    }
    let site = Site::of(globals)?;
    let operator = site.data.secret("operator")?;
    let token = token.unwrap_or_else(|| operator.clone());
    let socket = site.data.socket();
    // A socket file that nobody listens at is left of a process that was killed.
    if UnixStream::connect(&socket).is_ok() {
        return Ok(Reached { client: Client::unix(&socket, token), house: None });
    }
    let building = Errand::build(&site, location(&mut settings, &site)?);
    let house = tokio::time::timeout(PATIENCE, building).await.map_err(|_| {
        Failure::blocked("STORE_AWAY", "the store of decisions does not answer")
            .with_help("is the database of CODEXA_DATABASE_URL there? nothing was done")
    })??;
    house.governance.know(TokenKind::Operator, "operator", operator.expose());
    let client = house.client(&token);
    Ok(Reached { client, house: Some(house) })
}

impl Reached {
    /// Whether somebody takes jobs while nobody waits for them.
    pub fn is_staffed(&self) -> bool {
        self.house.is_none()
    }

    /// Sees a job through that the command waits for: a house that was built for it takes jobs meanwhile.
    pub async fn see_through<T>(&mut self, job: impl AsyncFnOnce(&Client) -> Result<T, Failure>) -> Result<T, Failure> {
        let Some(house) = &mut self.house else { return job(&self.client).await };
        house.work().await?;
        tokio::select! {
            done = job(&self.client) => done,
            () = house.interrupted() => {
                Err(Failure::blocked("JOB_INTERRUPTED", "interrupted before the job was done: it waits for another worker")
                    .with_help("`codexa up` does what waits"))
            }
        }
    }

    /// Lets go of the gateway; a house that was built for this command leaves its files in step with what was decided.
    pub async fn leave(self) {
        drop(self.client);
        if let Some(house) = self.house {
            house.end().await;
        }
    }
}
