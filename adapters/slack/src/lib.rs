//! Slack: messages and presses to the gateway, cards and jobs back. Over Socket Mode, where the adapter dials out, or over
//! HTTP requests that Slack signs. What comes in is on the disk before Slack hears that it arrived.
//!
//! - `desk`: what Slack tells, sorted: what a person said or pressed goes into the inbox, all else is left.
//! - `socket`, `endpoint`: the two ways in.
//! - `web`: the way out, the Web API; `platform`: what the engine has it do.
//! - `blocks`: messages in Slack's Block Kit.
//!
//! The app needs the bot's scopes `app_mentions:read`, `chat:write`, `im:history`, `im:write` and `users:read`, the events
//! `app_mention` and `message.im`, interactivity, and for Socket Mode an app token with `connections:write`.
//!
//! A `response_url` that Slack hands out is never used: whoever forges one would be called.

mod blocks;
mod desk;
mod endpoint;
mod platform;
mod socket;
mod told;
mod web;

use codexa_chassis::http::Limits;
use codexa_chassis::shutdown::Shutdown;
use codexa_chat::{Engine, Inbox, InboxError, PlatformError};
use codexa_client::Client;
use codexa_secret::Secret;
use desk::Desk;
use platform::Slack;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use web::{Bot, Web};

/// Slack's own API.
pub const API: &str = "https://slack.com/api";

/// The longest wait between two tries to reach Slack at the start.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How the adapter is set up.
#[derive(Debug)]
pub struct Settings {
    /// The bot's token (`xoxb-…`).
    pub bot_token: Secret,
    /// How Slack reaches the adapter.
    pub ingress: Ingress,
    /// Where Slack's API is: [`API`], or a stub.
    pub api_url: String,
    /// The gateway, with the adapter's token.
    pub gateway: Client,
    /// The inbox: one SQLite file, for this adapter alone.
    pub inbox: PathBuf,
}

/// How Slack reaches the adapter.
#[derive(Debug)]
pub enum Ingress {
    /// The adapter dials Slack (Socket Mode): nothing has to be reachable from outside.
    Socket {
        /// The app's token (`xapp-…`).
        app_token: Secret,
    },
    /// Slack posts to `/slack/events` and `/slack/interactive`.
    Http {
        /// Where the adapter listens; a proxy in front of it ends TLS.
        listener: TcpListener,
        /// What it bears from whoever connects.
        limits: Limits,
        /// What Slack signs its requests with.
        signing_secret: Secret,
    },
}

/// Why the adapter ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The inbox cannot be used.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// Slack does not take the settings.
    #[error("Slack does not take the bot's token: {0}; check it, and that the app is installed")]
    Token(String),
    /// The app may not look at users.
    #[error(
        "Slack does not let the bot see who is a member, a guest or gone; give the app the bot's scope `users:read` and \
         install it again"
    )]
    Scope,
}

/// Serves Slack until `shutdown` is ready.
///
/// # Errors
/// When the inbox cannot be used, Slack refuses the token, or the app lacks a scope that everything depends on.
pub async fn serve(settings: Settings, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
    let Settings { bot_token, ingress, api_url, gateway, inbox } = settings;
    let web = Arc::new(Web::new(&api_url, &bot_token));
    tokio::pin!(shutdown);
    let bot = tokio::select! {
        bot = introduce(&web) => bot?,
        () = &mut shutdown => return Ok(()),
    };
    let inbox = Inbox::open(&inbox).await?;
    let slack = Slack::new(Arc::clone(&web), bot.home.clone());
    let desk = Arc::new(Desk::new(bot, inbox.clone()));
    let engine = Engine::new(inbox.clone(), gateway, Arc::new(slack));
    let served = match ingress {
        Ingress::Socket { app_token } => {
            let ear = socket::listen(&web, &app_token, desk).await;
            let served = engine.run(shutdown).await.map_err(Error::from);
            ear.shutdown().await;
            served
        }
        Ingress::Http { listener, limits, signing_secret } => {
            // What arrives to the end is kept and acknowledged; the next start has its effect.
            let stop = Shutdown::new();
            let working = async {
                let ended = engine.run(shutdown).await;
                stop.request();
                ended
            };
            let hearing = endpoint::serve(listener, limits, &signing_secret, desk, stop.clone());
            tokio::join!(working, hearing).0.map_err(Error::from)
        }
    };
    inbox.close().await;
    served
}

/// Who the bot is, once it is sure that the bot may look at users. Waits for Slack to be there.
async fn introduce(web: &Web) -> Result<Bot, Error> {
    let mut wait = Duration::from_secs(1);
    loop {
        match ask(web).await {
            Ok(bot) => return Ok(bot),
            Err(fault) if web::is_of_the_token(&fault) => return Err(Error::Token(fault.what)),
            Err(fault) if web::is(&fault, "missing_scope") => return Err(Error::Scope),
            Err(fault) => tracing::warn!(%fault, "Slack does not answer yet"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn ask(web: &Web) -> Result<Bot, PlatformError> {
    let bot = web.who().await?;
    web.user(&bot.user).await?;
    Ok(bot)
}
