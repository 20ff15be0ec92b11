//! What Slack tells of what people do.

use super::{BOT, DIRECT, Shown, Slack, TEAM};
use serde_json::{Value, json};
use tokio::time::Instant;

impl Slack {
    /// A user writes in a channel. Gives the payload of the event that tells the bot, to be sent.
    ///
    /// # Panics
    /// When there is no such channel.
    #[must_use]
    pub fn said(&self, channel: &str, user: &str, text: &str) -> Value {
        let mut held = self.shared.held();
        let (ts, number) = (held.ts(), held.number());
        let shown = Shown { ts: ts.clone(), user: user.to_owned(), text: text.to_owned(), ..Shown::default() };
        held.channels.get_mut(channel).expect("a channel").push(shown);
        let kind = if channel == DIRECT { "message" } else { "app_mention" };
        let mut event = json!({
            "type": kind,
            "user": user,
            "text": text,
            "ts": ts,
            "channel": channel,
            "event_ts": ts,
            "team": TEAM,
            "client_msg_id": format!("message-{number}"),
        });
        if channel == DIRECT {
            event["channel_type"] = json!("im");
        }
        json!({
            "token": "deprecated",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "api_app_id": "A0CODEXA",
            "event": event,
            "type": "event_callback",
            "event_id": format!("Ev{number:08}"),
            "event_time": 1_795_701_720,
            "authorizations": [{"enterprise_id": null, "team_id": TEAM, "user_id": BOT, "is_bot": true}],
            "is_ext_shared_channel": false,
            "event_context": "4-eyJldCI6",
        })
    }

    /// A user presses a button of a message. Gives the payload that tells the bot, to be sent.
    ///
    /// # Panics
    /// When the message has no such button.
    #[must_use]
    pub fn pressed(&self, channel: &str, on: &Shown, label: &str, user: &str) -> Value {
        let button = on.button(label).unwrap_or_else(|| panic!("no button {label} in {on:?}"));
        let mut held = self.shared.held();
        let number = held.number();
        let trigger = format!("{number}.9000.abcdef");
        held.triggers.insert(trigger.clone(), Instant::now());
        json!({
            "type": "block_actions",
            "user": {"id": user, "username": "someone", "name": "someone", "team_id": TEAM},
            "api_app_id": "A0CODEXA",
            "token": "deprecated",
            "container": {
                "type": "message",
                "message_ts": on.ts,
                "channel_id": channel,
                "is_ephemeral": on.ephemeral_to.is_some(),
                "thread_ts": on.thread,
            },
            "trigger_id": trigger,
            "team": {"id": TEAM, "domain": "home"},
            "enterprise": null,
            "is_enterprise_install": false,
            "channel": {"id": channel, "name": "design"},
            "message": {
                "type": "message",
                "user": BOT,
                "bot_id": "B0CODEXA",
                "ts": on.ts,
                "thread_ts": on.thread,
                "text": on.text,
                "blocks": on.blocks,
            },
            "state": {"values": {}},
            "response_url": self.foreign_url(),
            "actions": [{
                "type": "button",
                "action_id": button["action_id"],
                "block_id": "b1",
                "text": button["text"],
                "value": button["value"],
                "action_ts": format!("1795701720.{number:06}"),
            }],
        })
    }

    /// A user sends a form with one field. Gives the payload that tells the bot, to be sent.
    ///
    /// # Panics
    /// When the form has no field.
    #[must_use]
    pub fn submitted(&self, view: &Value, user: &str, text: &str) -> Value {
        let fields = view["blocks"].as_array().expect("blocks");
        let input = fields.iter().find(|block| block["type"] == "input").expect("a field");
        let (block, action) = (&input["block_id"], &input["element"]["action_id"]);
        let state = json!({"type": "plain_text_input", "value": text});
        let mut view = view.clone();
        view["state"] = json!({"values": {block.as_str().expect("an id"): {action.as_str().expect("an id"): state}}});
        json!({
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "home"},
            "user": {"id": user, "username": "someone", "name": "someone", "team_id": TEAM},
            "api_app_id": "A0CODEXA",
            "token": "deprecated",
            "trigger_id": "1.2.3",
            "view": view,
            "response_urls": [],
        })
    }
}
