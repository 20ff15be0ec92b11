//! From a message on Discord to the gateway and back.

use crate::common::{World, voted};
use codexa_api::EventKind;
use codexa_secret::Secret;
use codexa_testkit::discord::{Acknowledged, CHANNEL, GUILD};
use codexa_testkit::gateway::{self, CODE};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_answered_with_a_card_and_a_press_votes() {
    let mut world = World::start().await;
    let ada = world.ada.clone();
    let said = world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "CH-001 cap the parser depth").await;
    assert!(card.text().contains("design gate · 0 of 2"), "{}", card.text());
    assert!(card.text().contains("**Digest** 7f3a…c2"), "{}", card.text());
    let labels: Vec<String> = card.buttons().into_iter().map(|button| button.label).collect();
    assert_eq!(labels, ["Approve", "Deny", "Hold", "Details"]);

    world.gateway.set_change(gateway::change_with(voted()));
    let press = world.discord.press(&ada, card.id, "Approve");
    world.message(&ada, "GO, by ada").await;
    let told = world.message(&ada, "Your approval counts").await;
    assert_eq!(told.only, Some(ada.id), "a confirmation is for the presser");
    assert_eq!(world.discord.acknowledged(press), Some(Acknowledged::Silently));

    let directives = world.directives();
    let [(asked, card_request), (pressed, vote)] = directives.as_slice() else { panic!("{directives:?}") };
    assert_eq!(*asked, format!("discord:{}", said["id"].as_str().unwrap()));
    assert_eq!(card_request.digest, None);
    assert_eq!(*pressed, format!("discord:{press}"));
    assert_eq!(vote.words, "approve design for CH-001");
    assert_eq!(vote.digest, Some(gateway::digest()));
    let account = vote.account.clone().unwrap();
    assert_eq!(
        (account.platform.as_str(), account.space, account.user),
        ("discord", GUILD.to_string(), ada.id.to_string())
    );
    assert!(vote.channel.clone().unwrap().link.ends_with(&format!("/{GUILD}/{CHANNEL}/{}", card.id)));
    world.stop().await.unwrap();
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_elsewhere_changes_the_card() {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate · 0 of 2").await;

    world.gateway.set_change(gateway::change_with(voted()));
    world.gateway.emit(2, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
    let edited = world.message(&ada, "design gate · 1 of 2").await;
    assert_eq!(edited.id, card.id);
    assert_eq!(world.discord.seen(CHANNEL, &ada).len(), 1, "an edit, not another message");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_command_is_deferred_and_its_answer_takes_the_place() {
    let world = World::start().await;
    let ada = world.ada.clone();
    let command = world.discord.slash(CHANNEL, &ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate · 0 of 2").await;
    assert_eq!(world.discord.acknowledged(command), Some(Acknowledged::Deferred));
    assert_eq!(world.discord.seen(CHANNEL, &ada).len(), 1);

    world.gateway.set_change(gateway::change_with(voted()));
    world.gateway.emit(2, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
    assert_eq!(world.message(&ada, "design gate · 1 of 2").await.id, card.id, "the answer is a card like any other");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_linked_gets_a_code_that_nobody_else_sees() {
    let world = World::start().await;
    let (ada, mallory) = (world.ada.clone(), world.mallory.clone());
    world.says(&mallory, "status");
    let direct = world.discord.direct(&mallory);
    world.message_in(direct, &mallory, CODE).await;

    world.discord.slash(CHANNEL, &mallory, "status");
    let private = world.message(&mallory, CODE).await;
    assert_eq!(private.only, Some(mallory.id));

    world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate").await;
    world.discord.press(&mallory, card.id, "Approve");
    let look = |discord: &codexa_testkit::discord::Discord| {
        (discord.seen(CHANNEL, &mallory).iter().filter(|it| it.text().contains(CODE)).count() == 2).then_some(())
    };
    world.discord.until("the presser has a code", look).await;

    let public = world.discord.seen(CHANNEL, &ada);
    assert!(public.iter().all(|message| !message.text().contains(CODE)), "{public:#?}");
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_no_direct_messages_is_told_so_without_the_code() {
    let world = World::start().await;
    let mallory = world.mallory.clone();
    world.discord.close_direct(&mallory);
    world.says(&mallory, "status");
    let told = world.message(&mallory, "you take no direct messages").await;
    assert!(!told.text().contains(CODE));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_asks_for_its_reason_with_a_form() {
    let world = World::start().await;
    let ada = world.ada.clone();
    world.says(&ada, "approve design for CH-001");
    let card = world.message(&ada, "design gate").await;
    let press = world.discord.press(&ada, card.id, "Deny");
    let form = world.discord.until("a form opens", |discord| discord.form(press)).await;
    assert_eq!(form["title"], "deny design for CH-001");
    assert_eq!(world.directives().len(), 1, "nothing is denied before the reason is there");

    world.discord.fill(&ada, press, "the cap is too low");
    world.effects(2).await;
    let (_, denial) = world.directives().pop().unwrap();
    assert_eq!(denial.words, "deny design for CH-001 because the cap is too low");
    assert_eq!(denial.digest, Some(gateway::digest()));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_is_registered_once_for_all_guilds() {
    let world = World::start().await;
    let commands = world.discord.commands();
    assert_eq!(commands.len(), 1);
    assert_eq!((&commands[0]["name"], &commands[0]["options"][0]["name"]), (&"codexa".into(), &"words".into()));
    world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_ends_with_what_to_do() {
    let world = World::without_adapter().await;
    let mut settings = world.settings();
    settings.token = Secret::new("wrong");
    let error = codexa_discord::serve(settings, std::future::pending()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Discord refuses the bot's token; copy it again from the Bot page of the application"
    );
}
