//! Connections that break, gateways that are away, events that come twice.

use crate::common::{World, mention, voted};
use codexa_api::EventKind;
use codexa_discord::Error;
use codexa_testkit::discord::{Acknowledged, CHANNEL, Discord, id_ago};
use codexa_testkit::gateway::{self, CODE};
use serde_json::json;
use std::time::Duration;

/// The words of the directives so far, in order, without the mention.
fn words(world: &World) -> Vec<String> {
    let last = |words: &str| words.split_once("> ").map_or(words, |(_, words)| words).to_owned();
    world.directives().iter().map(|(_, directive)| last(&directive.words)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interactions_are_acknowledged_while_the_gateway_is_away_and_have_their_effect_later() {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate · 0 of 2").await;

    world.gateway.set_down(true);
    let press = world.discord.press(&ada, card.id, "Approve");
    let command = world.discord.slash(CHANNEL, &ada, "status");
    let both = |discord: &Discord| discord.acknowledged(press).zip(discord.acknowledged(command));
    let how = world.discord.until("both are acknowledged", both).await;
    assert_eq!(how, (Acknowledged::Silently, Acknowledged::Deferred));
    assert_eq!(world.gateway.effects(), 1, "only the card so far");

    world.gateway.set_change(gateway::change_with(voted()));
    world.gateway.set_down(false);
    world.message(&ada, "design gate · 1 of 2").await;
    world.message(&ada, "I heard: status").await;
    assert_eq!(words(&world), ["approve design for CH-001", "approve design for CH-001", "status"]);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_does_not_overtake_the_acknowledgement() {
    let world = World::start().await;
    world.discord.slow_answers(Duration::from_millis(700));
    world.discord.slash(CHANNEL, &world.ada, "status");
    world.message(&world.ada, "I heard: status").await;
    assert_eq!(world.discord.seen(CHANNEL, &world.ada).len(), 1, "nothing still loads");
    world.discord.slash(CHANNEL, &world.mallory, "status");
    let private = world.message(&world.mallory, CODE).await;
    assert_eq!(private.only, Some(world.mallory.id));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_crash() {
    let mut world = World::start().await;
    let ada = world.ada.clone();
    world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate · 0 of 2").await;
    world.gateway.set_down(true);
    let press = world.discord.press(&ada, card.id, "Approve");
    world.discord.until("it is acknowledged", |discord| discord.acknowledged(press)).await;
    world.crash().await;

    world.gateway.set_change(gateway::change_with(voted()));
    world.gateway.set_down(false);
    world.connect().await;
    assert_eq!(world.message(&ada, "design gate · 1 of 2").await.id, card.id);
    world.message(&ada, "Your approval counts").await;
    assert_eq!(world.gateway.effects(), 2, "one card, one vote");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_restart() {
    let mut world = World::start().await;
    let ada = world.ada.clone();
    world.gateway.set_down(true);
    let command = world.discord.slash(CHANNEL, &ada, "status");
    world.discord.until("it is acknowledged", |discord| discord.acknowledged(command)).await;
    world.stop().await.unwrap();
    assert_eq!(world.gateway.effects(), 0);

    world.gateway.set_down(false);
    world.connect().await;
    world.message(&ada, "I heard: status").await;
    assert_eq!(world.gateway.effects(), 1);
    world.stop().await.unwrap();
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_while_nobody_listened_is_heard_afterwards_in_its_order() {
    let mut world = World::start().await;
    let ada = world.ada.clone();
    let ago = |hours: u64| json!(id_ago(Duration::from_secs(hours * 60 * 60)).to_string());
    let mut first = world.discord.draft(CHANNEL, &ada, &mention("first"));
    first["id"] = ago(3);
    world.discord.dispatch("MESSAGE_CREATE", first);
    world.message(&ada, "I heard: first").await;
    world.stop().await.unwrap();

    let mut old = world.discord.draft(CHANNEL, &ada, &mention("old"));
    old["id"] = ago(2);
    world.discord.said(old);
    let mut edited = world.discord.draft(CHANNEL, &ada, &mention("edited"));
    edited["edited_timestamp"] = edited["timestamp"].clone();
    world.discord.said(edited);
    world.discord.says(CHANNEL, &ada, "not said to the bot");
    for words in ["second", "third"] {
        world.says(&ada, words);
    }
    world.connect().await;
    world.says(&ada, "fourth");
    world.message(&ada, "I heard: fourth").await;
    assert_eq!(words(&world), ["first", "second", "third", "fourth"]);
    world.stop().await.unwrap();
    world.connect().await;
    world.says(&ada, "fifth");
    world.message(&ada, "I heard: fifth").await;
    assert_eq!(world.gateway.effects(), 5, "each once");
    world.discord.assert_no_faults();
}

/// Breaks the connection in some way, says things meanwhile, and looks at what arrives.
async fn nothing_is_lost_or_doubled(break_off: impl Fn(&Discord)) {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.says(&ada, "say 0");
    world.message(&ada, "I heard: say 0").await;
    break_off(&world.discord);
    for number in 1..=20 {
        world.says(&ada, &format!("say {number}"));
    }
    world.discord.until("the session is resumed", |discord| (discord.sessions() == (1, 1)).then_some(())).await;
    world.says(&ada, "say 21");
    world.message(&ada, "I heard: say 21").await;
    let expected: Vec<String> = (0..=21).map(|number| format!("say {number}")).collect();
    assert_eq!(words(&world), expected, "everything once, in its order");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_is_resumed() {
    nothing_is_lost_or_doubled(Discord::cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_discord_closes_is_resumed() {
    nothing_is_lost_or_doubled(|discord| discord.close(4000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_reconnect_is_followed() {
    nothing_is_lost_or_doubled(Discord::ask_to_reconnect).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_given_up_begins_anew() {
    let world = World::start().await;
    world.discord.invalidate();
    world.discord.ready().await;
    assert_eq!(world.discord.sessions(), (2, 0));
    world.says(&world.ada, "status");
    world.message(&world.ada, "I heard: status").await;
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_away_for_a_while_is_found_again() {
    let world = World::start().await;
    world.discord.set_away(true);
    world.discord.cut();
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.discord.set_away(false);
    world.discord.ready().await;
    world.says(&world.ada, "status");
    world.message(&world.ada, "I heard: status").await;
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heartbeats_are_sent_when_they_are_due() {
    let world = World::without_adapter().await;
    world.discord.set_heartbeat(Duration::from_secs(1));
    let mut world = world;
    world.connect().await;
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert_eq!(world.discord.sessions(), (1, 0), "one connection, never given up");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_comes_twice_has_one_effect() {
    let world = World::start().await;
    let ada = world.ada.clone();
    let message = world.says(&ada, "approve design for CH-001");
    world.discord.dispatch("MESSAGE_CREATE", message.clone());
    let card = world.message(&ada, "design gate").await;
    let press = world.discord.press(&ada, card.id, "Approve");
    world.discord.again(press);
    world.message(&ada, "Your approval counts").await;
    world.discord.dispatch("MESSAGE_CREATE", message);
    world.discord.again(press);
    world.says(&ada, "status");
    world.message(&ada, "I heard: status").await;

    assert_eq!(world.gateway.asked().len(), 3, "{:?}", world.gateway.asked());
    assert_eq!(world.discord.seen(CHANNEL, &ada).len(), 3, "a card, a confirmation, a status");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_discord_does_not_take_is_sent_again() {
    let world = World::start().await;
    world.discord.fail(502, 2);
    world.says(&world.ada, "status");
    world.message(&world.ada, "I heard: status").await;
    assert_eq!(world.discord.seen(CHANNEL, &world.ada).len(), 1);
    assert_eq!(world.gateway.effects(), 1);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_posted_unheard_is_not_posted_twice() {
    let world = World::start().await;
    world.discord.lose_answers(1);
    world.says(&world.ada, "approve design for CH-001");
    let card = world.message(&world.ada, "design gate · 0 of 2").await;
    // The card is known, and kept up to date, once the second try was answered.
    world.gateway.set_change(gateway::change_with(voted()));
    world.gateway.emit(2, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
    assert_eq!(world.message(&world.ada, "design gate · 1 of 2").await.id, card.id);
    assert_eq!(world.discord.seen(CHANNEL, &world.ada).len(), 1);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_revoked_ends_the_adapter() {
    let mut world = World::start().await;
    world.discord.close(4004);
    assert!(matches!(world.end().await, Err(Error::Token)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discord_that_is_not_there_yet_is_waited_for() {
    let mut world = World::without_adapter().await;
    world.discord.fail(503, 2);
    world.connect().await;
    world.says(&world.ada, "status");
    world.message(&world.ada, "I heard: status").await;
    world.discord.assert_no_faults();
}
