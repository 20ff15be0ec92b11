//! Slack over Socket Mode, from a mention to a card that stays true.

use crate::world::{ASK, World, eventually};
use codexa_api::EventKind;
use codexa_directive::Outcome;
use codexa_testkit::gateway;
use codexa_testkit::slack::{self, CHANNEL, DIRECT};
use std::time::Duration;

const NO_FAULTS: [String; 0] = [];

#[tokio::test]
async fn a_mention_becomes_a_card_a_press_a_vote_and_an_event_an_edit() {
    let world = World::over_socket().await;
    let card = world.card().await;
    let mention = world.slack.channel(CHANNEL).remove(0);
    assert_eq!(card.thread.as_ref(), Some(&mention.ts), "in the thread of the mention");
    assert!(card.read().contains("design gate · 0 of 2") && card.read().contains("7f3a…c2"), "{}", card.read());

    let asked = world.gateway.asked().pop().unwrap();
    let directive = asked.directive.unwrap();
    assert_eq!((directive.words.as_str(), directive.own), (ASK, vec![slack::BOT.to_owned()]));
    let account = directive.account.unwrap();
    assert_eq!(
        (account.platform.as_str(), account.space.as_str(), account.user.as_str()),
        ("slack", slack::TEAM, "U1")
    );
    assert!(asked.key.starts_with("slack:T0HOME:Ev"), "{}", asked.key);
    let link = directive.channel.unwrap().link;
    assert!(link.starts_with("https://home.slack.com/archives/C0DESIGN/p1795701720"), "{link}");

    world.gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], 2)));
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Approve", "U2"));
    let voted = world.reply_that(|card| card.edits == 1).await;
    assert!(voted.ts == card.ts && voted.read().contains("1 of 2"), "{}", voted.read());
    assert_eq!(world.whisper("U2").await.read(), "You approved the design of CH-001.");
    let press = world.gateway.asked().pop().unwrap().directive.unwrap();
    assert_eq!((press.digest, press.account.unwrap().user), (Some(gateway::digest()), "U2".to_owned()));

    let both = vec![gateway::vote("gia", "GO", 0), gateway::vote("pim", "PM", 0)];
    world.gateway.set_change(gateway::change_with(gateway::card(both, 3)));
    world.gateway.emit(3, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
    world.reply_that(|card| card.read().contains("2 of 2")).await;
    assert_eq!(world.slack.faults(), NO_FAULTS);
    assert!(world.slack.acknowledged().iter().all(|took| *took < slack::PATIENCE));
}

#[tokio::test]
async fn an_account_that_nobody_knows_is_told_privately() {
    let world = World::over_socket().await;
    world.gateway.answer(|_| gateway::refused(403, "ACCOUNT_NOT_LINKED", "nobody linked this account"));
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let told = world.whisper("U1").await;
    assert!(told.read().contains(&format!("codexa link {}", gateway::CODE)), "{}", told.read());
    assert!(world.slack.replies(CHANNEL).iter().all(|shown| shown.ephemeral_to.is_some()));
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn whom_nothing_can_be_whispered_to_is_told_in_a_direct_message() {
    let world = World::over_socket().await;
    world.gateway.answer(|_| gateway::refused(403, "ACCOUNT_NOT_LINKED", "nobody linked this account"));
    let code = format!("codexa link {}", gateway::CODE);
    for (number, channel, user) in [(1, CHANNEL, "U9"), (2, DIRECT, "U1")] {
        world.slack.send_event(world.slack.said(channel, user, ASK));
        let told = eventually(async || world.slack.replies(DIRECT).into_iter().nth(number - 1)).await;
        assert!(told.read().contains(&code) && told.ephemeral_to.is_none(), "{}", told.read());
    }
    assert!(world.slack.replies(CHANNEL).is_empty(), "a code is nobody else's to see");
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn a_denial_asks_why_with_a_form() {
    let world = World::over_socket().await;
    let card = world.card().await;
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Deny", "U2"));
    let form = eventually(async || world.slack.views().pop()).await;
    assert_eq!(world.gateway.asked().len(), 1, "nothing is denied without a reason");
    world.slack.send_interaction(world.slack.submitted(&form, "U2", "it crashes\non empty files"));
    let asked = eventually(async || world.gateway.asked().into_iter().nth(1)).await;
    let directive = asked.directive.unwrap();
    assert_eq!(directive.words, "deny design for CH-001 because it crashes on empty files");
    assert_eq!((directive.digest, directive.account.unwrap().user), (Some(gateway::digest()), "U2".to_owned()));
    world.whisper("U2").await;
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn details_are_for_whoever_asks_and_is_known() {
    let world = World::over_socket().await;
    let card = world.card().await;
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Details", "U3"));
    let details = world.whisper("U3").await;
    assert!(details.read().contains(&gateway::digest()) && details.read().contains("changes/CH-001/spec.md"));
    let asked = world.gateway.asked().pop().unwrap().directive.unwrap();
    assert_eq!((asked.words.as_str(), asked.account.unwrap().user.as_str()), ("status CH-001", "U3"));

    world.gateway.answer(|_| gateway::refused(403, "ACCOUNT_NOT_LINKED", "nobody linked this account"));
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Details", "U2"));
    let told = world.whisper("U2").await;
    assert!(told.read().contains("I do not know you yet") && !told.read().contains("spec.md"), "{}", told.read());
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn abuse_05_while_the_gateway_is_away_messages_are_acknowledged_and_have_their_effect_later() {
    let mut world = World::over_socket().await;
    world.gateway.set_down(true);
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    eventually(async || (world.slack.acknowledged().len() == 1).then_some(())).await;
    assert!(world.slack.acknowledged().iter().all(|took| *took < slack::PATIENCE));
    // Not even the adapter has to stay.
    world.stop().await;
    world.connect().await;
    world.gateway.set_down(false);
    world.reply().await;
    assert_eq!((world.gateway.effects(), world.slack.replies(CHANNEL).len()), (1, 1));
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn connections_that_break_or_are_renewed_lose_nothing() {
    let world = World::over_socket().await;
    eventually(async || (world.slack.connections() == 2).then_some(())).await;
    for (number, cut) in [true, false].into_iter().enumerate() {
        if cut {
            world.slack.drop_connections();
        } else {
            world.slack.refresh_connections();
        }
        let both_again = || world.slack.connections_ever() == 2 * (number + 2) && world.slack.connections() == 2;
        eventually(async || both_again().then_some(())).await;
        world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
        eventually(async || (world.slack.replies(CHANNEL).len() == number + 1).then_some(())).await;
    }
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn a_direct_message_needs_no_mention() {
    let world = World::over_socket().await;
    world.slack.send_event(world.slack.said(DIRECT, "U1", "approve design for CH-001"));
    eventually(async || world.slack.replies(DIRECT).pop()).await;
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn when_slack_wants_to_be_left_alone_the_answer_comes_later_and_once() {
    let world = World::over_socket().await;
    let calls = |method: &str| world.slack.calls().iter().filter(|called| *called == method).count();
    eventually(async || (calls("apps.connections.open") == 2).then_some(())).await;
    world.slack.limit(1);
    world.card().await;
    assert_eq!((calls("users.info"), calls("chat.postMessage")), (3, 1), "who it is was asked for again");
    world.slack.limit(1);
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    eventually(async || (world.slack.replies(CHANNEL).len() == 2).then_some(())).await;
    assert_eq!((calls("users.info"), calls("chat.postMessage")), (3, 3), "the answer was posted again");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((world.slack.replies(CHANNEL).len(), world.gateway.effects()), (2, 2));
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

/// What a stranger writes into every text that people see.
const HOSTILE: &str = "<!here> <https://evil.example|spec.md> <@U1> *bold* ```x``` &lt;!channel&gt; <script>";

#[tokio::test]
async fn abuse_13_nothing_that_strangers_write_comes_alive() {
    let world = World::over_socket().await;
    world.gateway.answer(|_| {
        let mut answer = gateway::answered(gateway::said("status"));
        answer.says = HOSTILE.into();
        answer.lines = vec![HOSTILE.into(), format!("two\nlines {HOSTILE}")];
        let mut card = gateway::card(vec![gateway::vote(HOSTILE, HOSTILE, 0)], 1);
        card.title = HOSTILE.into();
        card.missing = vec![HOSTILE.into()];
        card.covers.iter_mut().for_each(|covered| covered.path = HOSTILE.into());
        answer.card = Some(card);
        Ok(answer)
    });
    let shown = world.card().await;
    assert_eq!(shown.live(), NO_FAULTS, "{shown:?}");
    assert!(shown.read().matches(HOSTILE).count() >= 5, "as it was written: {}", shown.read());
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn what_is_too_long_for_slack_is_cut_and_never_refused() {
    let world = World::over_socket().await;
    world.gateway.answer(|_| {
        let mut answer = gateway::answered(gateway::said("status"));
        answer.says = "é".repeat(50_000);
        answer.lines = (0..5000).map(|number| format!("line {number} {}", "x".repeat(50))).collect();
        let mut card = gateway::card((0..40).map(|_| gateway::vote(&"p".repeat(500), "GO", 0)).collect(), 1);
        card.title = "t".repeat(500);
        card.covers = vec![card.covers.remove(0); 400];
        card.gate = "g".repeat(3000);
        answer.card = Some(card);
        Ok(answer)
    });
    let shown = world.card().await;
    assert!(shown.read().contains('…') && shown.read().chars().count() < 60_000);
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &shown, "Approve", "U1"));
    let press = eventually(async || world.gateway.asked().into_iter().nth(1)).await.directive.unwrap();
    assert_eq!(press.words, format!("approve {} for CH-001", "g".repeat(3000)), "what the button says is whole");

    let mut stale = gateway::vote("bo", "QA", 0);
    (stale.stale, stale.since) = (true, vec![gateway::edited_plan().remove(0); 60]);
    let mut changed = gateway::card(vec![stale], 2);
    changed.gate = "g".repeat(3000);
    world.gateway.set_change(gateway::change_with(changed));
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &shown, "Details", "U2"));
    assert_eq!(world.whisper("U2").await.blocks.len(), 50);
    assert_eq!(world.slack.faults(), NO_FAULTS);
}

#[tokio::test]
async fn empty_texts_are_no_reason_for_slack_to_refuse() {
    let world = World::over_socket().await;
    world.gateway.answer(|_| {
        let mut answer = gateway::answered(gateway::said("status"));
        answer.lines = vec![String::new()];
        let mut card = gateway::card(vec![gateway::vote("", "", 0)], 1);
        (card.title, card.change, card.gate) = (" ".into(), String::new(), String::new());
        card.obstacle = Some(String::new());
        answer.card = Some(card);
        Ok(answer)
    });
    world.card().await;
    world.gateway.answer(|_| {
        let mut answer = gateway::answered(gateway::said(""));
        (answer.said.outcome, answer.said.question) = (Outcome::Clarify, Some(String::new()));
        answer.said.options = vec![String::new()];
        Ok(answer)
    });
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    eventually(async || (world.slack.replies(CHANNEL).len() == 2).then_some(())).await;
    assert_eq!(world.slack.faults(), NO_FAULTS);
}
