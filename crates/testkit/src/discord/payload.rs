//! The objects of Discord's API, as its gateway and its REST answers spell them.

use super::world::{APPLICATION, BOT, Membership, Message, User};
use serde_json::{Value, json};

/// When everything happens here: no test depends on a clock.
const WHEN: &str = "2026-11-25T14:02:00.000000+00:00";

pub(super) fn user(user: &User) -> Value {
    json!({
        "id": user.id.to_string(), "username": user.name, "discriminator": "0", "global_name": user.name,
        "avatar": null, "bot": user.bot,
    })
}

pub(super) fn bot() -> Value {
    user(&User { id: BOT, name: "codexa".to_owned(), bot: true })
}

/// `GET /users/@me`
pub(super) fn me() -> Value {
    let mut me = bot();
    me["verified"] = json!(true);
    me["mfa_enabled"] = json!(false);
    me
}

/// A guild in `GET /users/@me/guilds`.
pub(super) fn guild(id: u64) -> Value {
    json!({
        "id": id.to_string(), "name": "a guild", "icon": null, "banner": null, "owner": false,
        "permissions": "84992", "features": [],
    })
}

/// `GET /oauth2/applications/@me`
pub(super) fn application() -> Value {
    json!({
        "id": APPLICATION.to_string(), "name": "codexa", "icon": null, "description": "", "bot_public": false,
        "bot_require_code_grant": false, "verify_key": "00", "team": null, "flags": 0,
    })
}

pub(super) fn member(of: &User, membership: Membership) -> Value {
    json!({
        "user": user(of), "nick": null, "avatar": null, "roles": [], "joined_at": WHEN, "premium_since": null,
        "deaf": false, "mute": false, "flags": if membership == Membership::Guest { 1 << 4 } else { 0 },
        "pending": membership == Membership::Pending, "permissions": "2147483647",
    })
}

/// What a person says, as `MESSAGE_CREATE` carries it.
pub(super) fn said(id: u64, channel: u64, guild: Option<(u64, Membership)>, by: &User, content: &str) -> Value {
    let mentions: Vec<Value> = if content.contains(&format!("<@{BOT}>")) || content.contains(&format!("<@!{BOT}>")) {
        vec![bot()]
    } else {
        Vec::new()
    };
    let mut message = json!({
        "id": id.to_string(), "channel_id": channel.to_string(), "author": user(by), "content": content,
        "timestamp": WHEN, "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": mentions,
        "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0,
    });
    if let Some((guild, membership)) = guild {
        let mut member = member(by, membership);
        if let Some(member) = member.as_object_mut() {
            member.remove("user");
        }
        message["guild_id"] = json!(guild.to_string());
        message["member"] = member;
    }
    message
}

/// A message of the bot, as REST answers and interactions carry it.
pub(super) fn message(message: &Message) -> Value {
    let field = |key, otherwise| message.body.get(key).cloned().unwrap_or(otherwise);
    json!({
        "id": message.id.to_string(), "channel_id": message.channel.to_string(), "author": bot(),
        "content": field("content", json!("")), "embeds": field("embeds", json!([])),
        "components": field("components", json!([])), "timestamp": WHEN, "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "pinned": false, "type": 0,
        "flags": if message.only.is_some() { 64 } else { 0 },
    })
}

/// `INTERACTION_CREATE` without its `data` and `type`.
pub(super) fn interaction(id: u64, token: &str, channel: u64, guild: Option<(u64, Membership)>, by: &User) -> Value {
    let mut interaction = json!({
        "id": id.to_string(), "application_id": APPLICATION.to_string(), "token": token, "version": 1,
        "channel_id": channel.to_string(), "channel": {"id": channel.to_string(), "type": 0},
        "locale": "en-GB", "entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760,
    });
    if let Some((guild, membership)) = guild {
        interaction["guild_id"] = json!(guild.to_string());
        interaction["member"] = member(by, membership);
        interaction["context"] = json!(0);
    } else {
        interaction["user"] = user(by);
        interaction["context"] = json!(1);
    }
    interaction
}
