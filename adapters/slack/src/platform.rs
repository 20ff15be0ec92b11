//! Slack as a [`Platform`].

use crate::blocks;
use crate::web::{self, User, Web};
use async_trait::async_trait;
use codexa_api::Account;
use codexa_chat::{Message, MessageRef, Place, Platform, PlatformError, ReasonForm, Standing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// A user whom Slack does not know, or does not let the bot see.
const UNSEEN: [&str; 2] = ["user_not_found", "user_not_visible"];

/// Slack, as the bot is there.
pub(crate) struct Slack {
    web: Arc<Web>,
    /// The workspace that the bot was installed in.
    home: String,
}

/// What comes back with a form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) value: String,
    pub(crate) channel: String,
    pub(crate) thread: Option<String>,
}

#[derive(Deserialize)]
struct Posted {
    channel: String,
    ts: String,
}

/// An answer of which nothing is wanted but that it is one.
#[derive(Deserialize)]
struct Done {}

impl Slack {
    pub(crate) fn new(web: Arc<Web>, home: String) -> Self {
        Self { web, home }
    }

    /// Posts a message: in a channel, or to a user.
    async fn say(&self, channel: &str, thread: Option<&str>, message: &Message) -> Result<MessageRef, PlatformError> {
        let mut asked = content(message);
        put(&mut asked, "channel", Some(channel));
        put(&mut asked, "thread_ts", thread);
        if let Value::Object(fields) = &mut asked {
            fields.extend(["unfurl_links", "unfurl_media"].map(|name| (name.to_owned(), json!(false))));
        }
        let posted: Posted = self.web.call("chat.postMessage", &asked).await?;
        Ok(MessageRef { channel: posted.channel, message: posted.ts })
    }
}

#[async_trait]
impl Platform for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn longest_value(&self) -> usize {
        blocks::VALUE
    }

    async fn standing(&self, account: &Account) -> Result<Standing, PlatformError> {
        match self.web.user(&account.user).await {
            Ok(user) => Ok(standing(&user, &account.space, &self.home)),
            Err(fault) if UNSEEN.iter().any(|code| web::is(&fault, code)) => Ok(Standing::Stranger),
            Err(fault) => Err(fault),
        }
    }

    async fn post(&self, place: &Place, message: &Message, _key: &str) -> Result<MessageRef, PlatformError> {
        self.say(&place.channel, place.thread.as_deref(), message).await
    }

    async fn edit(&self, at: &MessageRef, message: &Message) -> Result<(), PlatformError> {
        let mut asked = content(message);
        put(&mut asked, "channel", Some(&at.channel));
        put(&mut asked, "ts", Some(&at.message));
        self.web.call::<Done>("chat.update", &asked).await.map(drop)
    }

    async fn whisper(&self, place: &Place, user: &str, message: &Message) -> Result<(), PlatformError> {
        if place.channel.starts_with('D') {
            // Only the two are there, and what is said in the usual way stays there.
            return self.say(&place.channel, place.thread.as_deref(), message).await.map(drop);
        }
        let mut asked = content(message);
        put(&mut asked, "channel", Some(&place.channel));
        put(&mut asked, "user", Some(user));
        put(&mut asked, "thread_ts", place.thread.as_ref());
        match self.web.call::<Done>("chat.postEphemeral", &asked).await {
            Err(fault) if web::is(&fault, "user_not_in_channel") => self.say(user, None, message).await.map(drop),
            answer => answer.map(drop),
        }
    }

    async fn ask_reason(&self, form: ReasonForm<'_>) -> Result<bool, PlatformError> {
        let metadata = Metadata {
            value: form.value.to_owned(),
            channel: form.place.channel.clone(),
            thread: form.place.thread.clone(),
        };
        let metadata = serde_json::to_string(&metadata).map_err(|fault| PlatformError::permanent(fault.to_string()))?;
        let view = blocks::reason_form(form.title, &metadata);
        self.web.call::<Done>("views.open", &json!({"trigger_id": form.trigger, "view": view})).await?;
        Ok(true)
    }
}

/// How a user stands whose words came as those of the workspace `space`, where the bot is at home in another or the same. In an
/// organisation with several workspaces a person may be one of both.
fn standing(user: &User, space: &str, home: &str) -> Standing {
    let of_the_organisation =
        user.enterprise_user.iter().flat_map(|known| known.teams.iter().chain(&known.enterprise_id));
    let is_of = |space: &str| user.team_id.iter().chain(of_the_organisation.clone()).any(|known| known == space);
    if user.deleted || user.is_bot {
        Standing::Nobody
    } else if user.is_stranger || !is_of(home) || !is_of(space) {
        Standing::Stranger
    } else {
        match user.is_restricted {
            Some(false) if !user.is_ultra_restricted => Standing::Member,
            Some(_) => Standing::Guest,
            None => Standing::Unknown,
        }
    }
}

/// A message as the arguments of a call.
fn content(message: &Message) -> Value {
    json!({"text": blocks::notification(message), "blocks": blocks::render(message)})
}

fn put(asked: &mut Value, name: &str, value: Option<impl AsRef<str>>) {
    if let (Value::Object(fields), Some(value)) = (asked, value) {
        fields.insert(name.to_owned(), json!(value.as_ref()));
    }
}
