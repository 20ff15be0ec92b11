//! Codexa on Discord: what people write to the bot, press or order with `/codexa` goes to the gateway, and its answers
//! come back as cards.
//!
//! - [`serve`]: the adapter, over Discord's gateway (WebSocket) and REST API.
//! - `gateway`: the connection; `incoming`: what of an event is a person's act.
//! - `receive`: into the inbox first, then acknowledged; `missed`: what was said while nobody listened.
//! - `platform`, `render`, `escape`: messages within Discord's limits; `standing`: who is a member.
//!
//! The application is invited with the scopes `bot` and `applications.commands`; the bot may View Channels, Send Messages,
//! Embed Links and Read Message History. It needs none of the privileged intents.
//!
//! Direct messages are taken from members of the bot's guild, as long as it is in one alone: Public Bot is to be switched off,
//! so that nobody adds it to another.
//!
//! What is said while nobody listens is read afterwards, in the channels where somebody spoke to the bot within a week, and
//! for an hour; beyond that, words have to be said again.

mod escape;
mod gateway;
mod incoming;
mod missed;
mod platform;
mod receive;
mod render;
mod reply;
mod standing;

use codexa_chat::{Engine, Inbox, InboxError};
use codexa_client::Client;
use codexa_secret::Secret;
use platform::Discord;
use serenity::http::{Http, HttpError};
use serenity::model::id::UserId;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How the platform is called in accounts, keys and channels.
const PLATFORM: &str = "discord";

/// How long requests may take: serenity sets no limit.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first wait after Discord could not be reached; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What the adapter is given.
#[derive(Debug)]
pub struct Settings {
    /// The bot's token, as the Bot page of the application shows it.
    pub token: Secret,
    /// Another address than Discord's for its REST API: `http://127.0.0.1:8080`. It also says where the gateway is.
    pub api_url: Option<String>,
    /// Codexa's gateway, with a token of the kind `adapter`.
    pub gateway: Client,
    /// The file of the inbox.
    pub inbox: PathBuf,
}

/// Why the adapter ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token is not one.
    #[error("Discord refuses the bot's token; copy it again from the Bot page of the application")]
    Token,
    /// Discord refuses the connection for another reason.
    #[error("Discord's gateway: {0}")]
    Gateway(Box<serenity::Error>),
    /// The inbox cannot be used.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// The system gives no thread or no sockets.
    #[error("the connection to Discord cannot be set up: {0}")]
    Thread(std::io::Error),
    /// The connection's thread is gone.
    #[error("the connection to Discord ended without a word; see the log")]
    Lost,
}

/// Serves Discord until `shutdown` is ready. Where Discord or Codexa's gateway cannot be reached it waits and tries again.
///
/// # Errors
/// When the token is refused, or the inbox cannot be used.
pub async fn serve(settings: Settings, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
    let inbox = Inbox::open(&settings.inbox).await?;
    let discord = Arc::new(Discord::new(gateway::rest(&settings)));
    tokio::pin!(shutdown);
    let (bot, url) = tokio::select! {
        known = introduce(&discord.http) => known?,
        () = &mut shutdown => return Ok(()),
    };

    let engine = Engine::new(inbox.clone(), settings.gateway.clone(), Arc::clone(&discord) as _);
    let (end_gateway, gateway_ends) = oneshot::channel::<()>();
    let (end_engine, engine_ends) = oneshot::channel::<()>();
    let (tell, told) = mpsc::unbounded_channel();

    // What still arrives near the end is kept and acknowledged: the gateway ends first, the engine last.
    let hearing = async {
        let listening = gateway::listen(&settings, bot, url, tell, gateway_ends);
        let (heard, ()) = tokio::join!(listening, receive::take_in(discord, inbox.clone(), bot, told));
        drop(end_engine);
        heard
    };
    let working = async {
        let ended = async { engine_ends.await.unwrap_or_default() };
        engine.run(ended).await.map_err(Error::from)
    };
    let all = async { tokio::try_join!(hearing, working).map(|_| ()) };
    tokio::pin!(all);
    let ended = tokio::select! {
        ended = &mut all => ended,
        () = shutdown => {
            drop(end_gateway);
            all.await
        }
    };
    inbox.close().await;
    ended
}

/// Who the bot is and where the gateway is; the slash command is registered by the way.
async fn introduce(http: &Http) -> Result<(UserId, String), Error> {
    let mut wait = FIRST_WAIT;
    loop {
        match tokio::time::timeout(PATIENCE, ask(http)).await {
            Ok(Ok(known)) => return Ok(known),
            Ok(Err(error)) if is_refusal(&error) => return Err(Error::Token),
            Ok(Err(error)) => tracing::warn!(%error, ?wait, "Discord gives no answer yet"),
            Err(_) => tracing::warn!(?PATIENCE, ?wait, "Discord does not answer in time"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn ask(http: &Http) -> serenity::Result<(UserId, String)> {
    let bot = http.get_current_user().await?.id;
    http.set_application_id(http.get_current_application_info().await?.id);
    match http.create_global_commands(&gateway::commands()).await {
        Err(error) if platform::is_permanent(&error) => {
            tracing::error!(%error, "/codexa could not be registered; mentions work all the same");
        }
        registered => drop(registered?),
    }
    Ok((bot, http.get_gateway().await?.url))
}

fn is_refusal(error: &serenity::Error) -> bool {
    matches!(error, serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) if answer.status_code.as_u16() == 401)
}
