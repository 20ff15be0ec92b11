//! The workspace's users.

use super::{BOT, Slack, TEAM};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The bot, and the members `U1` to `U9`.
pub(super) fn at_the_start() -> BTreeMap<String, Value> {
    let members = (1..=9).map(|number| format!("U{number}")).map(|id| (id.clone(), user(&id, false)));
    members.chain([(BOT.to_owned(), user(BOT, true))]).collect()
}

/// A user as `users.info` shows one who is whole: <https://docs.slack.dev/reference/objects/user-object>
fn user(id: &str, is_bot: bool) -> Value {
    json!({
        "id": id,
        "team_id": TEAM,
        "name": id.to_lowercase(),
        "deleted": false,
        "color": "9f69e7",
        "real_name": id,
        "tz": "Europe/Amsterdam",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": {"real_name": id, "display_name": "", "team": TEAM},
        "is_admin": false,
        "is_owner": false,
        "is_primary_owner": false,
        "is_restricted": false,
        "is_ultra_restricted": false,
        "is_bot": is_bot,
        "is_app_user": false,
        "updated": 1_795_701_720,
    })
}

impl Slack {
    /// Changes what `users.info` shows of a user; who was not there is there from then on.
    pub fn change_user(&self, id: &str, change: impl FnOnce(&mut Value)) {
        change(self.shared.held().users.entry(id.to_owned()).or_insert_with(|| user(id, false)));
    }

    /// A user joins the channel that is there from the start.
    pub fn add_to_channel(&self, id: &str) {
        self.shared.held().members.push(id.to_owned());
    }

    /// A user is deactivated: Slack leaves out what they could do.
    pub fn deactivate(&self, id: &str) {
        self.change_user(id, |user| {
            const KEPT: [&str; 7] = ["id", "team_id", "name", "profile", "is_bot", "is_app_user", "updated"];
            if let Some(fields) = user.as_object_mut() {
                fields.retain(|name, _| KEPT.contains(&name.as_str()));
            }
            user["deleted"] = json!(true);
        });
    }
}
