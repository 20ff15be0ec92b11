//! What people do in the chats, with the house struck in the midst of it: when it was sent, and again when the platform hears
//! that it arrived, while it is carried out.

use crate::story::House;
use codexa_testkit::discord::{self, BOT, CHANNEL as DISCORD_CHANNEL};
use codexa_testkit::slack::{self, CHANNEL, Slack};

/// Ada says something in Slack.
pub async fn say_in_slack(house: &mut impl House, words: &str) {
    let say = |slack: &Slack| slack.send_event(slack.said(CHANNEL, "U1", words));
    in_slack(house, &format!("{words:?}"), say).await;
}

/// Ada presses a button in Slack.
pub async fn press_in_slack(house: &mut impl House, on: &slack::Shown, label: &str) {
    let press = |slack: &Slack| slack.send_interaction(slack.pressed(CHANNEL, on, label, "U1"));
    in_slack(house, &format!("the press of {label}"), press).await;
}

/// What Slack does not send again is lost with the process that it was sent to: ada sees that nothing came of it, and does it
/// once more.
async fn in_slack(house: &mut impl House, what: &str, send: impl Fn(&Slack)) {
    let slack = &house.world().slack;
    let (before, mut lost) = (slack.acknowledged().len(), slack.lost());
    send(slack);
    house.strike();
    let world = house.world();
    let arrived = async || {
        if world.slack.lost() > lost {
            lost = world.slack.lost();
            send(&world.slack);
        }
        (world.slack.acknowledged().len() > before).then_some(())
    };
    world.until(&format!("Slack hears that {what} arrived"), arrived).await;
    house.strike();
}

/// Dea says something in Discord, which nobody acknowledges there.
pub fn say_in_discord(house: &mut impl House, words: &str) {
    let world = house.world();
    world.discord.says(DISCORD_CHANNEL, &world.dea(), &mentioned(words));
    house.strike();
}

/// Dea presses a button in Discord, and once more where she sees that it failed.
pub async fn press_in_discord(house: &mut impl House, on: &discord::Message, label: &str) {
    let world = house.world();
    let mut press = world.discord.press(&world.dea(), on.id, label);
    house.strike();
    let world = house.world();
    let arrived = async || {
        if world.discord.has_failed(press) {
            press = world.discord.press_again(&world.dea(), press);
        }
        world.discord.acknowledged(press).map(|_| ())
    };
    world.until(&format!("Discord hears that the press of {label} arrived"), arrived).await;
    house.strike();
}

/// Somebody edits a file of the change's workspace.
pub fn edit(house: &mut impl House, name: &str, text: &str) {
    house.world().edit(name, text);
    house.strike();
}

/// Words to the bot of Discord.
pub fn mentioned(words: &str) -> String {
    format!("<@{BOT}> {words}")
}
