//! The connection to Discord's gateway. It runs on a thread of its own, where tasks start in the order in which they were
//! made: serenity makes one for each event, and "hold" must not overtake "resume" when a broken connection catches up.

use crate::incoming;
use crate::receive::{Arrival, Told, Way};
use crate::{Error, Settings};
use serenity::Client;
use serenity::all::{
    ClientBuilder, Context, CreateCommand, CreateCommandOption, EventHandler, GatewayIntents, HttpBuilder,
    InstallationContext, Interaction, InteractionContext, Message, Ready, ResumedEvent, UserId,
};
use serenity::async_trait;
use serenity::gateway::GatewayError;
use serenity::http::Http;
use serenity::model::application::CommandOptionType;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

/// The slash command.
const COMMAND: &str = "codexa";
/// Its one option.
pub(crate) const OPTION: &str = "words";

/// How long Discord is given to say goodbye.
const FAREWELL: Duration = Duration::from_secs(2);

/// What the bot wants to hear. Neither is privileged: Discord hands out the text of direct messages and of messages that
/// mention the bot, and of no others.
const INTENTS: GatewayIntents = GatewayIntents::GUILD_MESSAGES.union(GatewayIntents::DIRECT_MESSAGES);

/// A client of Discord's REST API. Behind another address there is no rate limit to keep that would be Discord's.
pub(crate) fn rest(settings: &Settings) -> Http {
    let builder = HttpBuilder::new(settings.token.expose());
    match &settings.api_url {
        Some(url) => builder.proxy(url).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

/// The slash command, in guilds and in direct messages with the bot.
pub(crate) fn commands() -> Vec<CreateCommand> {
    let words = CreateCommandOption::new(CommandOptionType::String, OPTION, "What you would write: status, help, …");
    vec![
        CreateCommand::new(COMMAND)
            .description("Say something to Codexa")
            .add_option(words.required(true))
            .integration_types(vec![InstallationContext::Guild])
            .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm]),
    ]
}

/// Hands on what people do, in Discord's order, until `stop` is told; reconnects by itself.
///
/// # Errors
/// When Discord closes the door for good, or the thread cannot be had.
pub(crate) async fn listen(
    settings: &Settings,
    bot: UserId,
    url: String,
    told: UnboundedSender<Told>,
    stop: oneshot::Receiver<()>,
) -> Result<(), Error> {
    let http = rest(settings);
    let (tell, ended) = oneshot::channel();
    let body = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Thread);
        let result = runtime.and_then(|runtime| runtime.block_on(connect(http, bot, url, told, stop)));
        // Nobody listens any more when the whole adapter was dropped.
        let _ = tell.send(result);
    };
    std::thread::Builder::new().name("discord-gateway".to_owned()).spawn(body).map_err(Error::Thread)?;
    ended.await.unwrap_or(Err(Error::Lost))
}

async fn connect(
    http: Http,
    bot: UserId,
    url: String,
    told: UnboundedSender<Told>,
    stop: oneshot::Receiver<()>,
) -> Result<(), Error> {
    let handler = Handler { bot, told };
    let mut client: Client = ClientBuilder::new_with_http(http, INTENTS)
        .event_handler(handler)
        .await
        .map_err(|error| Error::Gateway(error.into()))?;
    // Where its own look-up fails serenity takes the public gateway, whatever the settings say.
    *client.ws_url.lock().await = url;
    let shards = client.shard_manager.clone();
    tokio::select! {
        ended = client.start() => ended.map_err(refused),
        _ = stop => {
            let _ = tokio::time::timeout(FAREWELL, shards.shutdown_all()).await;
            Ok(())
        }
    }
}

fn refused(error: serenity::Error) -> Error {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Error::Token,
        other => Error::Gateway(other.into()),
    }
}

struct Handler {
    bot: UserId,
    told: UnboundedSender<Told>,
}

impl Handler {
    fn tell(&self, told: Told) {
        // The other end is gone only when the adapter ends.
        let _ = self.told.send(told);
    }

    fn arrived(&self, id: u64, incoming: Option<codexa_chat::Incoming>, way: Way) {
        if let Some(incoming) = incoming {
            self.tell(Told::Arrived(arrival(id, incoming, way).into()));
        }
    }
}

fn arrival(id: u64, incoming: codexa_chat::Incoming, way: Way) -> Arrival {
    Arrival { key: format!("{}:{id}", crate::PLATFORM), incoming, way }
}

/// What a person said to the bot.
pub(crate) fn said(message: &Message, bot: UserId) -> Option<Arrival> {
    let way = Way::Message { channel: message.channel_id, message: message.id };
    Some(arrival(message.id.get(), incoming::said(message, bot)?, way))
}

/// Each handler has done its work before it first waits: that keeps the order. `MESSAGE_UPDATE` has none: what was edited
/// was read before.
#[async_trait]
impl EventHandler for Handler {
    async fn message(&self, _: Context, message: Message) {
        if let Some(arrival) = said(&message, self.bot) {
            self.tell(Told::Arrived(arrival.into()));
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let way = |id, token: &String, thinking| Way::Interaction { id, token: token.clone(), thinking };
        match interaction {
            Interaction::Command(it) if it.data.name == COMMAND => {
                self.arrived(it.id.get(), incoming::ordered(&it, self.bot), way(it.id, &it.token, true));
            }
            Interaction::Component(it) => {
                self.arrived(it.id.get(), incoming::pressed(&it), way(it.id, &it.token, false));
            }
            Interaction::Modal(it) => {
                self.arrived(it.id.get(), incoming::reasoned(&it), way(it.id, &it.token, false));
            }
            _ => {}
        }
    }

    async fn ready(&self, _: Context, ready: Ready) {
        tracing::info!(guilds = ready.guilds.len(), "connected to Discord");
        self.tell(Told::Connected);
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("the connection to Discord was resumed");
    }
}
