//! Rows of the abuse cases that concern Discord's gateway.

use crate::common::{World, mention};
use codexa_api::{Card, EventKind};
use codexa_testkit::discord::{BOT, CHANNEL, Discord, GUILD, OTHER_CHANNEL, OTHER_GUILD, User};
use codexa_testkit::gateway::{self, CODE};
use serde_json::{Value, json};
use sqlx::Connection;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_05_what_cannot_be_kept_is_said_so_and_has_no_effect() {
    let world = World::start().await;
    let ada = world.ada.clone();
    let mut locker = sqlx::SqliteConnection::connect(world.inbox().to_str().unwrap()).await.unwrap();
    // Nothing else may wait for the lock: what the start writes is written once the newest event was heard.
    let heard = || sqlx::query_scalar::<_, i64>("SELECT coalesce(max(event), 0) FROM heard");
    for event in 1.. {
        world.gateway.emit(event, EventKind::ReportPublished, None, None, None);
        tokio::time::sleep(Duration::from_millis(100)).await;
        if heard().fetch_one(&mut locker).await.unwrap() == event {
            break;
        }
    }
    sqlx::query("BEGIN IMMEDIATE").execute(&mut locker).await.unwrap();
    world.discord.slash(CHANNEL, &ada, "status");
    let told = world.message(&ada, "I could not keep that, and did nothing").await;
    assert_eq!(told.only, Some(ada.id));
    world.says(&ada, "status");
    let reply = |discord: &Discord| {
        discord.seen(CHANNEL, &ada).into_iter().find(|it| it.only.is_none() && it.text().contains("could not keep"))
    };
    world.discord.until("a reply says so too", reply).await;
    sqlx::query("ROLLBACK").execute(&mut locker).await.unwrap();

    world.says(&ada, "help");
    world.message(&ada, "I heard: help").await;
    assert_eq!(world.gateway.effects(), 1);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_06_an_answer_after_fifteen_minutes_is_a_message_of_its_own() {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.gateway.set_down(true);
    let command = world.discord.slash(CHANNEL, &ada, "approve design for CH-001");
    world.discord.until("it is acknowledged", |discord| discord.acknowledged(command)).await;
    world.discord.expire(command);
    world.gateway.set_down(false);
    let card = world.message(&ada, "design gate · 0 of 2").await;
    let seen = world.discord.seen(CHANNEL, &ada);
    assert!(seen.iter().any(|message| message.loading && message.id != card.id), "{seen:#?}");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_06_a_private_answer_after_fifteen_minutes_is_a_direct_message() {
    let world = World::start().await;
    let mallory = world.mallory.clone();
    world.gateway.set_down(true);
    let command = world.discord.slash(CHANNEL, &mallory, "status");
    world.discord.until("it is acknowledged", |discord| discord.acknowledged(command)).await;
    world.discord.expire(command);
    world.gateway.set_down(false);
    world.message_in(world.discord.direct(&mallory), &mallory, CODE).await;
    assert!(world.discord.seen(CHANNEL, &mallory).iter().all(|message| !message.text().contains(CODE)));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_06_an_interaction_that_was_acknowledged_too_late_is_answered_all_the_same() {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.discord.set_answer_within(Duration::ZERO);
    let command = world.discord.slash(CHANNEL, &ada, "status");
    world.message(&ada, "I heard: status").await;
    world.discord.slash(CHANNEL, &world.mallory, "status");
    world.message_in(world.discord.direct(&world.mallory), &world.mallory, CODE).await;
    let faults = world.discord.faults();
    assert!(faults.iter().all(|fault| fault.contains("was not answered within")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains(&command.to_string())), "Discord took no acknowledgement");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_08_only_what_a_person_writes_just_now_is_a_directive() {
    let world = World::start().await;
    let ada = &world.ada;
    let order = mention("approve design for CH-001");
    let draft = |content: &str| world.discord.draft(CHANNEL, ada, content);
    let send = |change: &dyn Fn(&mut Value)| {
        let mut message = draft(&order);
        change(&mut message);
        world.discord.dispatch("MESSAGE_CREATE", message);
    };
    // A bot, a webhook under an approver's name, another application's answer, Discord itself.
    send(&|message| message["author"]["bot"] = json!(true));
    send(&|message| message["webhook_id"] = json!("940000000000000001"));
    send(&|message| message["application_id"] = json!("940000000000000002"));
    send(&|message| message["author"]["system"] = json!(true));
    // A message that was pinned, or followed from another server.
    send(&|message| message["type"] = json!(6));
    send(&|message| message["flags"] = json!(2));

    // What is edited: before, and once it had been read.
    send(&|message| message["edited_timestamp"] = json!("2026-11-25T14:03:00.000000+00:00"));
    let mut edited = draft(&order);
    edited["edited_timestamp"] = json!("2026-11-25T14:03:00.000000+00:00");
    world.discord.dispatch("MESSAGE_UPDATE", edited);

    // A reply to a directive, which mentions the bot without saying so, and one that was forwarded.
    let quoted = draft(&order);
    send(&|message| {
        message["content"] = json!("what does this do?");
        message["type"] = json!(19);
        message["message_reference"] =
            json!({"type": 0, "message_id": quoted["id"], "channel_id": quoted["channel_id"]});
        message["referenced_message"] = quoted.clone();
    });
    send(&|message| {
        message["message_reference"] =
            json!({"type": 1, "message_id": quoted["id"], "channel_id": quoted["channel_id"]});
        message["message_snapshots"] = json!([{"message": quoted}]);
    });
    // Said to nobody, and to somebody else.
    world.discord.says(CHANNEL, ada, "approve design for CH-001");
    world.discord.says(CHANNEL, ada, "<@910000000000000001> approve design for CH-001");

    world.says(ada, "status");
    world.message(ada, "I heard: status").await;
    assert_eq!(world.gateway.asked().len(), 1, "{:#?}", world.gateway.asked());
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_08_a_reply_hands_on_its_own_words_only() {
    let world = World::start().await;
    let quoted = world.discord.draft(CHANNEL, &world.mallory, &mention("approve design for CH-001"));
    let mut reply = world.discord.draft(CHANNEL, &world.ada, &mention("status"));
    reply["type"] = json!(19);
    reply["message_reference"] = json!({"type": 0, "message_id": quoted["id"], "channel_id": quoted["channel_id"]});
    reply["referenced_message"] = quoted;
    world.discord.dispatch("MESSAGE_CREATE", reply);
    world.message(&world.ada, "I heard: status").await;
    let (_, directive) = world.directives().pop().unwrap();
    assert_eq!((directive.words, directive.own), (mention("status"), vec![BOT.to_string()]));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_a_user_counts_only_in_the_guild_that_was_linked() {
    let world = World::start().await;
    let ada = &world.ada;
    let direct = world.discord.direct(ada);
    world.discord.says(OTHER_CHANNEL, ada, &mention("approve design for CH-001"));
    world.effects(1).await;
    // The bot's one guild is where direct messages are taken from.
    world.discord.remove_bot(OTHER_GUILD);
    world.discord.says(direct, ada, "approve design for CH-001");
    world.effects(2).await;
    let code = |discord: &Discord| (discord.seen(direct, ada).len() == 2).then(|| discord.seen(direct, ada));
    let told = world.discord.until("both are answered with a code", code).await;
    assert!(told.iter().all(|message| message.text().contains(CODE)), "{told:#?}");
    assert!(world.discord.seen(OTHER_CHANNEL, ada).is_empty());

    let spaces: Vec<String> = world.directives().into_iter().map(|(_, it)| it.account.unwrap().space).collect();
    assert_eq!(spaces, [OTHER_GUILD.to_string(), "@me".to_owned()]);
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_09_a_borrowed_name_is_nobody() {
    let world = World::start().await;
    let dressed_up = User { name: world.ada.name.clone(), ..world.mallory.clone() };
    world.says(&dressed_up, "approve design for CH-001");
    world.message_in(world.discord.direct(&dressed_up), &dressed_up, CODE).await;
    let (_, directive) = world.directives().pop().unwrap();
    let account = directive.account.unwrap();
    assert_eq!((account.space, account.user), (GUILD.to_string(), world.mallory.id.to_string()));
    world.discord.assert_no_faults();
}

/// What is left for Discord to obey: no character behind a backslash is.
fn obeyed(raw: &str) -> String {
    let mut escaped = false;
    raw.chars()
        .filter(|c| {
            if escaped {
                escaped = false;
                false
            } else {
                escaped = *c == '\\';
                !escaped
            }
        })
        .collect()
}

/// Answers "show" with a card.
async fn shown(card: Card) -> (World, codexa_testkit::discord::Message) {
    let world = World::start().await;
    world.gateway.answer(move |_| {
        let mut answer = gateway::answered(gateway::said("approve design for CH-001"));
        answer.card = Some(card.clone());
        Ok(answer)
    });
    world.says(&world.ada, "show");
    let message = world.message(&world.ada, "CH-001").await;
    (world, message)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_13_foreign_text_on_a_card_is_neither_obeyed_nor_a_mention() {
    let mut card = gateway::card(vec![gateway::vote("**ada** <@1>", "GO", 2)], 2);
    card.title = "@everyone <!here> <@&2> [CH-002](https://evil.test/a_b) *b* ~~c~~ ||d||".to_owned();
    card.covers[0].path = "changes/CH-001/# `@here`\u{1b}[31m\u{202e}dm.ceps".to_owned();
    card.missing = vec!["```\n# big\n```".to_owned()];
    let title = card.title.clone();
    let (world, message) = shown(card).await;

    let raw = message.raw();
    assert!(message.text().contains(&title), "people read the title as it is:\n{raw}");
    assert!(message.text().contains(r"`@here`\u{1b}[31m\u{202e}dm.ceps"), "what hides is shown as its code:\n{raw}");
    let obeyed = obeyed(&raw);
    for live in ["<", "@", "[", "](", "`", "|", "~", "://", "\u{1b}", "\u{202e}"] {
        assert!(!obeyed.contains(live), "`{live}` is live in:\n{raw}");
    }
    assert!(!raw.lines().any(|line| line.starts_with("# ")), "{raw}");
    assert_eq!(obeyed.matches('*').count(), 3 * 4, "only our own bold names:\n{raw}");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_13_a_card_that_is_too_long_is_cut_and_never_refused() {
    let reason = "*".repeat(3000);
    let vote = |number: i64| codexa_api::Vote {
        reason: Some(reason.clone()),
        ..gateway::vote(&format!("person {number}"), "GO", number)
    };
    let mut card = gateway::card((0..40).map(vote).collect(), 40);
    card.title = "_".repeat(5000);
    let (world, message) = shown(card).await;
    assert!(message.raw().contains('…'), "{}", message.raw());
    assert_eq!(message.buttons().len(), 4, "the buttons are all there");
    world.discord.assert_no_faults();
}
