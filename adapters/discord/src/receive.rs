//! What arrives goes into the inbox, and is acknowledged once it is there.

use crate::missed;
use crate::platform::{Discord, Sent};
use crate::render;
use codexa_chat::{Act, Inbox, Incoming, Message, Press, Received};
use serde_json::{Value, json};
use serenity::http::Http;
use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

/// Something that a person did, and how Discord wants to hear that it arrived.
pub(crate) struct Arrival {
    pub(crate) key: String,
    pub(crate) incoming: Incoming,
    pub(crate) way: Way,
}

/// How Discord wants to hear that something arrived: a message not at all, all else within three seconds.
pub(crate) enum Way {
    /// A message; what goes wrong is said in reply to it.
    Message { channel: ChannelId, message: MessageId },
    /// A slash command, a press or a form. With `thinking` people read "codexa is thinking" until the answer comes.
    Interaction { id: InteractionId, token: String, thinking: bool },
}

/// What an interaction is answered with at once; the names are Discord's.
mod callback {
    pub(super) const CHANNEL_MESSAGE_WITH_SOURCE: u8 = 4;
    pub(super) const DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE: u8 = 5;
    pub(super) const DEFERRED_UPDATE_MESSAGE: u8 = 6;
    pub(super) const MODAL: u8 = 9;
}

/// What a person reads whose words could not be kept. Discord does not send them again.
const NOT_KEPT: &str = "I could not keep that, and did nothing. Say it again in a minute.";
/// What a person reads whose words came under an id that was used before.
const NOT_NEW: &str = "Discord sent this under an id that something else came under before. I did nothing.";

/// How long an acknowledgement may take: later ones Discord does not take.
const IN_TIME: Duration = Duration::from_secs(3);

impl Way {
    /// What an interaction is answered with; a message has none.
    fn token(&self) -> Option<&str> {
        match self {
            Self::Message { .. } => None,
            Self::Interaction { token, .. } => Some(token),
        }
    }
}

/// What the connection tells.
pub(crate) enum Told {
    /// It is a new one: nothing that was said before it comes by it.
    Connected,
    /// Somebody did something.
    Arrived(Box<Arrival>),
}

/// Takes in what arrives, one after the other, until nothing more can.
pub(crate) async fn take_in(discord: Arc<Discord>, inbox: Inbox, bot: UserId, mut told: UnboundedReceiver<Told>) {
    let mut desk = Desk { discord, inbox, acknowledging: JoinSet::new() };
    let (mut reading, mut waiting) = (JoinSet::new(), Vec::new());
    loop {
        tokio::select! {
            told = told.recv() => match told {
                Some(Told::Connected) => {
                    reading.spawn(missed::read(Arc::clone(&desk.discord), desk.inbox.clone(), bot));
                }
                // Words wait for those that were said before them; all else has to be acknowledged in time.
                Some(Told::Arrived(arrival)) if !reading.is_empty() && arrival.way.token().is_none() => {
                    waiting.push(*arrival);
                }
                Some(Told::Arrived(arrival)) => desk.take(*arrival).await,
                None => break,
            },
            Some(missed) = reading.join_next(), if !reading.is_empty() => {
                desk.take_all(missed.unwrap_or_default()).await;
                if reading.is_empty() {
                    desk.take_all(std::mem::take(&mut waiting)).await;
                }
            }
        }
    }
    desk.take_all(waiting).await;
    while desk.acknowledging.join_next().await.is_some() {}
}

/// Where things are taken in.
struct Desk {
    discord: Arc<Discord>,
    inbox: Inbox,
    /// One slow acknowledgement does not make the next one late.
    acknowledging: JoinSet<()>,
}

impl Desk {
    async fn take_all(&mut self, arrivals: Vec<Arrival>) {
        for arrival in arrivals {
            self.take(arrival).await;
        }
    }

    async fn take(&mut self, arrival: Arrival) {
        // Before it is in the inbox, where the engine may take it at once.
        let waits = arrival.way.token().is_some_and(|token| self.discord.acknowledging(token));
        let answer = received(&self.inbox, &arrival).await;
        let discord = Arc::clone(&self.discord);
        self.acknowledging.spawn(async move {
            if let Some(answer) = answer
                && tokio::time::timeout(IN_TIME, acknowledge(&discord.http, &arrival, answer)).await.is_err()
            {
                tracing::warn!(key = arrival.key, "Discord did not take the acknowledgement in time");
            }
            if let Some(token) = arrival.way.token().filter(|_| waits) {
                discord.acknowledged(token);
            }
        });
        while self.acknowledging.try_join_next().is_some() {}
    }
}

/// What is answered at once.
enum Now {
    /// It is in the inbox.
    Kept,
    /// Nothing was done, for this reason.
    Nothing(&'static str),
    /// A reason is needed first: nothing is decided before it is given.
    Reason { title: String },
}

async fn received(inbox: &Inbox, arrival: &Arrival) -> Option<Now> {
    if let Some(title) = wants_reason(inbox, &arrival.incoming.act).await {
        return Some(Now::Reason { title });
    }
    match inbox.receive(&arrival.key, &arrival.incoming).await {
        Ok(Received::New) => Some(Now::Kept),
        // The first of them was acknowledged.
        Ok(Received::Again) => None,
        Ok(Received::Conflict) => Some(Now::Nothing(NOT_NEW)),
        Err(fault) => {
            tracing::error!(key = arrival.key, %fault, "a message was not kept");
            Some(Now::Nothing(NOT_KEPT))
        }
    }
}

/// What a form asks the reason for. Discord shows a form only in place of an acknowledgement, so it cannot wait for the
/// engine; the press itself decides nothing and need not be kept.
async fn wants_reason(inbox: &Inbox, act: &Act) -> Option<String> {
    let Act::Pressed { value, .. } = act else { return None };
    let carried = inbox.carried(value).await.ok()??;
    let press: Press = serde_json::from_str(&carried).ok()?;
    press.reason.then_some(press.words)
}

async fn acknowledge(http: &Http, arrival: &Arrival, answer: Now) {
    let sent = match (&arrival.way, answer) {
        (Way::Message { .. }, Now::Kept | Now::Reason { .. }) => return,
        (Way::Message { channel, message }, Now::Nothing(why)) => {
            let (body, to) = (render::body(&Message::text(why)), message.to_string());
            http.send_message(*channel, Vec::new(), &Sent::once(&body, Some(&to), &arrival.key)).await.map(|_| ())
        }
        (Way::Interaction { id, token, thinking }, answer) => {
            let body = callback(&arrival.incoming.act, *thinking, answer);
            http.create_interaction_response(*id, token, &body, Vec::new()).await
        }
    };
    if let Err(fault) = sent {
        // What is in the inbox is answered all the same, by another way where this one is closed.
        tracing::warn!(key = arrival.key, %fault, "Discord did not take the acknowledgement");
    }
}

fn callback(act: &Act, thinking: bool, answer: Now) -> Value {
    match answer {
        Now::Kept if thinking => json!({"type": callback::DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE}),
        Now::Kept => json!({"type": callback::DEFERRED_UPDATE_MESSAGE}),
        Now::Reason { title } => json!({"type": callback::MODAL, "data": form(act, &title)}),
        Now::Nothing(why) => json!({
            "type": callback::CHANNEL_MESSAGE_WITH_SOURCE,
            "data": Sent::privately(&render::body(&Message::text(why))),
        }),
    }
}

/// A form with one field. It carries what the button carried.
fn form(act: &Act, title: &str) -> Value {
    // https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
    const TITLE: usize = 45;
    const REASON: usize = 400;
    let carried = match act {
        Act::Pressed { value, .. } => value.as_str(),
        Act::Said { .. } | Act::Reasoned { .. } => "",
    };
    let field = json!({
        "type": 4, "custom_id": "reason", "label": "Why?", "style": 2, "required": true, "min_length": 1,
        "max_length": REASON,
    });
    json!({
        "custom_id": carried,
        "title": crate::escape::plain(title, TITLE),
        "components": [{"type": 1, "components": [field]}],
    })
}
