//! What Slack tells, as far as the adapter looks at it. The library's types leave out what says whose message it is
//! (`user_team`, `source_team`) and whether it is a person's own (`bot_id`, `subtype` and `edited` of a mention), and an
//! event that does not fit them is acknowledged and lost: so these are read here, from the same JSON.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// An event of the Events API.
#[derive(Debug, Deserialize)]
pub(crate) struct Callback {
    pub(crate) team_id: String,
    pub(crate) event_id: String,
    pub(crate) event: Event,
    #[serde(default)]
    pub(crate) is_ext_shared_channel: bool,
}

/// What happened: everything that decides whether it is a person's own, whole, new message.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) user: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) ts: Option<String>,
    pub(crate) thread_ts: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) channel_type: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) user_team: Option<String>,
    pub(crate) source_team: Option<String>,
    pub(crate) subtype: Option<String>,
    pub(crate) hidden: Option<bool>,
    pub(crate) bot_id: Option<String>,
    pub(crate) bot_profile: Option<Value>,
    pub(crate) app_id: Option<String>,
    pub(crate) edited: Option<Value>,
    pub(crate) attachments: Option<Vec<Value>>,
}

/// A press, or a form that was sent.
#[derive(Debug, Deserialize)]
pub(crate) struct Interaction {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) team: Option<Named>,
    pub(crate) user: User,
    #[serde(default)]
    pub(crate) trigger_id: String,
    pub(crate) container: Option<Container>,
    pub(crate) message: Option<Pressed>,
    #[serde(default)]
    pub(crate) actions: Vec<Action>,
    pub(crate) view: Option<View>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) team_id: Option<String>,
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Container {
    pub(crate) channel_id: Option<String>,
    pub(crate) message_ts: Option<String>,
}

/// The message that a button is on.
#[derive(Debug, Deserialize)]
pub(crate) struct Pressed {
    pub(crate) thread_ts: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Action {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) action_id: String,
    pub(crate) value: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct View {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) private_metadata: String,
    pub(crate) state: Option<State>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct State {
    pub(crate) values: BTreeMap<String, BTreeMap<String, Field>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) value: Option<String>,
}
