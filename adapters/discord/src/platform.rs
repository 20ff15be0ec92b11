//! Discord as a [`Platform`].

use crate::PATIENCE;
use crate::render::{self, Body};
use crate::reply::Reply;
use async_trait::async_trait;
use codexa_api::Account;
use codexa_chat::{Message, MessageRef, Place, Platform, PlatformError, Standing};
use serde::Serialize;
use serde_json::json;
use serenity::http::{Http, HttpError};
use serenity::model::id::{ChannelId, MessageId};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Once;
use std::time::Duration;
use tokio::sync::watch;

/// Only the person who acted sees the message.
const EPHEMERAL: u64 = 1 << 6;

/// "Unknown Webhook", "Unknown Interaction", "Unknown Message", "Invalid Webhook Token": the way back to the person is
/// closed, because of time or because it was never opened.
const CLOSED: [isize; 4] = [10015, 10062, 10008, 50027];

/// "Cannot send messages to this user".
const NO_DIRECT: isize = 50007;

/// What everybody reads after "codexa is thinking" when the answer was private.
const ANSWERED: &str = "I answered privately.";
/// What a person reads in the channel who cannot be reached in private.
const SHUT: &str = "I have a private answer, and you take no direct messages here. Say it again with /codexa, or allow \
                    direct messages from members of this server.";

/// Discord's REST API.
pub(crate) struct Discord {
    pub(crate) http: Http,
    /// The tokens of interactions whose acknowledgement is on its way. Before that has arrived nothing can be edited,
    /// and an answer that took another way would leave "codexa is thinking" behind for ever.
    unacknowledged: watch::Sender<BTreeSet<String>>,
    /// Whether it was said that the bot is in several guilds.
    pub(crate) several: Once,
}

/// A body on its way.
#[derive(Debug, Serialize)]
pub(crate) struct Sent<'a> {
    #[serde(flatten)]
    body: &'a Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    /// Discord posts it once, however often it is sent within some minutes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    enforce_nonce: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_reference: Option<RepliedTo<'a>>,
}

/// The message that is replied to; where it is gone, the reply is a message of its own.
#[derive(Debug, Serialize)]
struct RepliedTo<'a> {
    message_id: &'a str,
    fail_if_not_exists: bool,
}

impl<'a> Sent<'a> {
    /// For the person who acted.
    pub(crate) fn privately(body: &'a Body) -> Self {
        Self { body, flags: Some(EPHEMERAL), nonce: None, enforce_nonce: false, message_reference: None }
    }

    /// For everybody, in reply to a message if to any. The same `key` within minutes is the same message.
    pub(crate) fn once(body: &'a Body, to: Option<&'a str>, key: &str) -> Self {
        // A nonce has at most 25 characters.
        let nonce = Sha256::digest(key.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let message_reference = to.map(|message_id| RepliedTo { message_id, fail_if_not_exists: false });
        Self { body, flags: None, nonce: Some(nonce), enforce_nonce: true, message_reference }
    }
}

#[async_trait]
impl Platform for Discord {
    fn name(&self) -> &'static str {
        crate::PLATFORM
    }

    fn longest_value(&self) -> usize {
        render::CUSTOM_ID
    }

    async fn standing(&self, account: &Account) -> Result<Standing, PlatformError> {
        in_time(self.stands(account)).await
    }

    async fn post(&self, place: &Place, message: &Message, key: &str) -> Result<MessageRef, PlatformError> {
        in_time(self.answer(place, &render::body(message), key)).await
    }

    async fn edit(&self, at: &MessageRef, message: &Message) -> Result<(), PlatformError> {
        let (channel, id) = (channel(&at.channel)?, MessageId::new(id(&at.message)?));
        let body = render::body(message);
        in_time(async { self.http.edit_message(channel, id, &body, Vec::new()).await.map(|_| ()).map_err(failure) })
            .await
    }

    async fn whisper(&self, place: &Place, user: &str, message: &Message) -> Result<(), PlatformError> {
        in_time(self.tell(place, user, &render::body(message))).await
    }
}

/// The result of some requests, or that they took too long.
async fn in_time<T>(requests: impl Future<Output = Result<T, PlatformError>> + Send) -> Result<T, PlatformError> {
    let late = |_| Err(PlatformError::passing(format!("Discord does not answer within {PATIENCE:?}")));
    tokio::time::timeout(PATIENCE, requests).await.unwrap_or_else(late)
}

impl Discord {
    pub(crate) fn new(http: Http) -> Self {
        Self { http, unacknowledged: watch::Sender::default(), several: Once::new() }
    }

    /// Answers to this token wait from now on, until [`Self::acknowledged`]; `false` where they do already.
    pub(crate) fn acknowledging(&self, token: &str) -> bool {
        self.unacknowledged.send_if_modified(|tokens| tokens.insert(token.to_owned()))
    }

    /// The acknowledgement arrived, or never will.
    pub(crate) fn acknowledged(&self, token: &str) {
        self.unacknowledged.send_modify(|tokens| {
            tokens.remove(token);
        });
    }

    /// The way back to the person, once it is open.
    async fn way_back(&self, place: &Place) -> Option<Reply> {
        let reply = place.reply.as_deref().and_then(Reply::parse)?;
        let mut unacknowledged = self.unacknowledged.subscribe();
        // The sender lives as long as this does.
        let _ = unacknowledged.wait_for(|tokens| !tokens.contains(reply.token())).await;
        Some(reply)
    }

    /// An answer for everybody: in the place of "codexa is thinking", or as a message of its own.
    async fn answer(&self, place: &Place, body: &Body, key: &str) -> Result<MessageRef, PlatformError> {
        if let Some(Reply::Command(token)) = self.way_back(place).await {
            match self.http.edit_original_interaction_response(&token, body, Vec::new()).await {
                Ok(posted) => return Ok(reference(&posted)),
                Err(error) if is_closed(&error) => {}
                Err(error) => return Err(failure(error)),
            }
        }
        self.send(channel(&place.channel)?, &Sent::once(body, place.thread.as_deref(), key)).await
    }

    /// Something for one person: by the way that the person opened, or as a direct message.
    async fn tell(&self, place: &Place, user: &str, body: &Body) -> Result<(), PlatformError> {
        if let Some(reply) = self.way_back(place).await {
            match self.answer_privately(&reply, body).await {
                Err(error) if is_closed(&error) => {}
                other => return other.map_err(failure),
            }
        }
        self.direct(place, user, body).await
    }

    async fn send(&self, to: ChannelId, body: &Sent<'_>) -> Result<MessageRef, PlatformError> {
        self.http.send_message(to, Vec::new(), body).await.map(|posted| reference(&posted)).map_err(failure)
    }

    /// "codexa is thinking" is public, and the first follow-up would take its place before everybody: it is ended first.
    async fn answer_privately(&self, reply: &Reply, body: &Body) -> serenity::Result<()> {
        if let Reply::Command(token) = reply {
            let ended = render::body(&Message::text(ANSWERED));
            self.http.edit_original_interaction_response(token, &ended, Vec::new()).await?;
        }
        self.http.create_followup_message(reply.token(), &Sent::privately(body), Vec::new()).await.map(|_| ())
    }

    /// A direct message; where the person takes none, a word about that in the channel.
    async fn direct(&self, place: &Place, user: &str, body: &Body) -> Result<(), PlatformError> {
        let opened = self.http.create_private_channel(&json!({"recipient_id": user})).await;
        let sent = match opened {
            Ok(direct) => self.http.send_message(direct.id, Vec::new(), body).await.map(|_| ()),
            Err(error) => Err(error),
        };
        match sent {
            Err(error) if code(&error) == Some(NO_DIRECT) => {
                let shut = render::body(&Message::text(SHUT));
                let key = format!("{}:{}", place.channel, place.thread.as_deref().unwrap_or(user));
                let shut = Sent::once(&shut, place.thread.as_deref(), &key);
                self.send(channel(&place.channel)?, &shut).await.map(|_| ())
            }
            other => other.map_err(failure),
        }
    }
}

fn reference(posted: &serenity::model::channel::Message) -> MessageRef {
    MessageRef { channel: posted.channel_id.to_string(), message: posted.id.to_string() }
}

fn channel(text: &str) -> Result<ChannelId, PlatformError> {
    id(text).map(ChannelId::new)
}

/// An id of Discord: a number that is not 0.
pub(crate) fn id(text: &str) -> Result<u64, PlatformError> {
    let wrong = || PlatformError::permanent(format!("`{text}` is no id of Discord"));
    text.parse().ok().filter(|id| *id != 0).ok_or_else(wrong)
}

/// Discord's own code of a refusal.
pub(crate) fn code(error: &serenity::Error) -> Option<isize> {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => Some(answer.error.code),
        _ => None,
    }
}

fn is_closed(error: &serenity::Error) -> bool {
    code(error).is_some_and(|code| CLOSED.contains(&code))
}

/// Whether the same request will be refused again. A revoked token ends the adapter elsewhere; what waits here is then for
/// the next start.
pub(crate) fn is_permanent(error: &serenity::Error) -> bool {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
            !matches!(answer.status_code.as_u16(), 401 | 408 | 429 | 500..)
        }
        _ => false,
    }
}

pub(crate) fn failure(error: serenity::Error) -> PlatformError {
    let (what, busy) = match &error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
            let status = answer.status_code.as_u16();
            (format!("Discord answers {status}: {}", answer.error.message), status == 429)
        }
        _ => (format!("Discord cannot be reached: {error}"), false),
    };
    let retry_after = busy.then_some(Duration::from_secs(2));
    PlatformError { what, permanent: is_permanent(&error), retry_after }
}
