//! What Slack tells, sorted. Only what a person said to Codexa, whole, new and in their own name, or pressed on a message
//! of Codexa's, goes into the inbox; it is acknowledged once it is there.

use crate::platform::Metadata;
use crate::told::{Callback, Event, Interaction};
use crate::web::Bot;
use codexa_api::Account;
use codexa_chat::{Act, Inbox, InboxError, Incoming, MessageRef, Place, Received};
use serde::Deserialize;
use serde_json::Value;

/// What became of what Slack told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is on the disk, now or since before.
    In,
    /// It is nothing for Codexa.
    Left,
    /// Another message came under its id before.
    Conflict,
}

/// Takes in what Slack tells, by whichever way.
pub(crate) struct Desk {
    bot: Bot,
    inbox: Inbox,
}

impl Desk {
    pub(crate) fn new(bot: Bot, inbox: Inbox) -> Self {
        Self { bot, inbox }
    }

    /// Takes in an event of the Events API.
    pub(crate) async fn event(&self, payload: &Value) -> Result<Taken, InboxError> {
        let Ok(told) = Callback::deserialize(payload) else { return Ok(left("an event of another kind")) };
        match self.words(&told) {
            Ok((key, incoming)) => self.receive(&key, &incoming).await,
            Err(why) => Ok(left(why)),
        }
    }

    /// Takes in a press, or a form that was sent.
    pub(crate) async fn interaction(&self, payload: &Value) -> Result<Taken, InboxError> {
        let Ok(told) = Interaction::deserialize(payload) else { return Ok(left("an interaction of another kind")) };
        match self.act(&told) {
            Some((key, incoming)) => self.receive(&key, &incoming).await,
            None => Ok(left("an interaction that is none of Codexa's")),
        }
    }

    async fn receive(&self, key: &str, incoming: &Incoming) -> Result<Taken, InboxError> {
        Ok(match self.inbox.receive(key, incoming).await? {
            Received::New | Received::Again => Taken::In,
            Received::Conflict => Taken::Conflict,
        })
    }

    /// What a person said, under its key; or why it is no directive.
    fn words(&self, told: &Callback) -> Result<(String, Incoming), &'static str> {
        let event = &told.event;
        own_and_whole(event)?;
        let user = event.user.as_deref().filter(|user| *user != self.bot.user).ok_or("nobody's message")?;
        let text = event.text.as_deref().filter(|text| !text.trim().is_empty()).ok_or("a message without words")?;
        let (Some(channel), Some(ts)) = (&event.channel, &event.ts) else { return Err("a message from nowhere") };
        let space = space(told).ok_or("a message of a workspace that is not said")?;
        let thread = event.thread_ts.as_ref().unwrap_or(ts);
        let incoming = Incoming {
            account: account(space, user, ""),
            place: Place { channel: channel.clone(), thread: Some(thread.clone()), reply: None },
            link: self.bot.link(channel, ts),
            act: Act::Said { words: text.to_owned(), own: vec![self.bot.user.clone()] },
        };
        Ok((format!("slack:{}:{}", told.team_id, told.event_id), incoming))
    }

    fn act(&self, told: &Interaction) -> Option<(String, Incoming)> {
        // Whose press it is: the workspace of the one who presses, not the one where the app is installed.
        let space = told.user.team_id.as_deref()?;
        let team = told.team.as_ref().map_or(space, |team| &team.id);
        let account = account(space, &told.user.id, &told.user.name);
        match told.kind.as_str() {
            "block_actions" => {
                let action = told.actions.first().filter(|action| action.kind == "button")?;
                let container = told.container.as_ref()?;
                let (channel, on) = (container.channel_id.clone()?, container.message_ts.clone()?);
                let thread = told.message.as_ref().and_then(|message| message.thread_ts.clone());
                let link = self.bot.link(&channel, &on);
                let act = Act::Pressed {
                    value: action.value.clone()?,
                    on: MessageRef { channel: channel.clone(), message: on.clone() },
                    trigger: told.trigger_id.clone(),
                };
                let place = Place { channel, thread: Some(thread.unwrap_or(on)), reply: None };
                let key = format!("slack:{team}:action:{}:{}", told.trigger_id, action.action_id);
                (!told.trigger_id.is_empty()).then_some((key, Incoming { account, place, link, act }))
            }
            "view_submission" => {
                let view = told.view.as_ref()?;
                let Metadata { value, channel, thread } = serde_json::from_str(&view.private_metadata).ok()?;
                let fields = view.state.as_ref()?.values.values().flat_map(|fields| fields.values());
                let reason = fields.filter_map(|field| field.value.clone()).next()?;
                let place = Place { channel, thread, reply: None };
                let incoming = Incoming { account, place, link: String::new(), act: Act::Reasoned { value, reason } };
                Some((format!("slack:{team}:view:{}", view.id), incoming))
            }
            _ => None,
        }
    }
}

fn account(space: &str, user: &str, name: &str) -> Account {
    Account { platform: "slack".to_owned(), space: space.to_owned(), user: user.to_owned(), name: name.to_owned() }
}

/// Whether an event is a message to Codexa that its author wrote just now, and nobody else.
fn own_and_whole(event: &Event) -> Result<(), &'static str> {
    let direct = event.kind == "message" && event.channel_type.as_deref() == Some("im");
    if !direct && event.kind != "app_mention" {
        return Err("not said to Codexa");
    }
    if event.bot_id.is_some() || event.bot_profile.is_some() || event.app_id.is_some() {
        return Err("a program's message");
    }
    if event.subtype.is_some() || event.hidden == Some(true) {
        return Err("not a plain message");
    }
    if event.edited.is_some() {
        return Err("an edited message");
    }
    if event.attachments.as_ref().is_some_and(|quoted| !quoted.is_empty()) {
        return Err("a message that quotes or forwards another");
    }
    Ok(())
}

/// The workspace of the author. In a channel that workspaces share, the one that told the event may be another.
fn space(told: &Callback) -> Option<&str> {
    let event = &told.event;
    let said = event.user_team.as_ref().or(event.source_team.as_ref()).or(event.team.as_ref());
    said.or((!told.is_ext_shared_channel).then_some(&told.team_id)).map(String::as_str)
}

fn left(why: &'static str) -> Taken {
    tracing::debug!(why, "left what Slack told");
    Taken::Left
}
