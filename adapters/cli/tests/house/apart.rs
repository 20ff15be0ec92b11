//! Each role a process of its own, over TCP, PostgreSQL and Redis, as they stand in containers.

use crate::roles::{ADA, Apart, BEA, CID};
use crate::world::{ASK, code_in, said};
use codexa_testkit::discord::{BOT, CHANNEL as DISCORD_CHANNEL};
use codexa_testkit::slack::CHANNEL;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_45_each_role_is_killed_at_each_step_and_the_story_ends_right() {
    let mut house = Apart::new().await;
    house.start_all();
    house.ready().await;
    let cid = house.client(CID);
    cid.open_change("cap the parser depth", "open").await.unwrap();
    house.restart_each();

    let dea = house.world.discord.user("dea");
    house.world.slack.send_event(house.world.slack.said(CHANNEL, "U1", ASK));
    let told = house.world.in_slack("codexa link ").await;
    house.link(ADA, &code_in(&told.read())).await;
    house.restart_each();

    house.world.slack.send_event(house.world.slack.said(CHANNEL, "U1", ASK));
    let card = house.world.in_slack("design gate · 0 of 2").await;
    house.restart_each();
    house.world.slack.send_interaction(house.world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
    house.restart_each();
    house.world.pressed_until(&card, "design gate · 1 of 2").await;

    // The bus forgets everything, and the database goes away for a while.
    house.redis.restart();
    house.postgres.stop_immediately();
    house.postgres.restart();
    // A channel in which nobody spoke to Codexa before is not read back: the new process has to be there.
    let before = house.world.discord.sessions().0;
    house.restart("discord");
    house
        .world
        .discord
        .until("the new process is there", |discord| (discord.sessions().0 > before).then_some(()))
        .await;
    house.world.discord.ready().await;
    house.world.discord.says(DISCORD_CHANNEL, &dea, &format!("<@{BOT}> {ASK}"));
    let private = house.world.discord.direct(&dea);
    let look = |discord: &codexa_testkit::discord::Discord| {
        discord.seen(private, &dea).into_iter().find(|message| message.text().contains("codexa link "))
    };
    let told = house.world.discord.until("a code comes", look).await;
    house.link(BEA, &code_in(&told.text())).await;
    house.world.discord.says(DISCORD_CHANNEL, &dea, &format!("<@{BOT}> {ASK}"));
    let twin = house.world.in_discord(&dea, "design gate · 1 of 2").await;
    house.world.discord.press(&dea, twin.id, "Approve");
    house.world.in_slack("design gate · 2 of 2").await;
    house.world.edit("plan.md", "# another plan\n");
    house.world.in_slack("design gate · 0 of 2").await;
    house.world.in_discord(&dea, "design gate · 0 of 2").await;

    let change = cid.change("CH-001").await.unwrap();
    let stale = change.gates[0].votes.iter().filter(|vote| vote.stale).count();
    assert_eq!((change.gates[0].votes.len(), stale), (2, 2));
    let status = said(&cid, "status", "status").await.unwrap();
    // The branch pinned, a change opened, two accounts linked, a gate opened, two votes.
    assert!(status.says.contains("7 ledger entries"), "{}", status.says);
    assert_eq!(house.world.slack_faults(), Vec::<String>::new());
    house.world.discord.assert_no_faults();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_waited_for_and_said_to_be_away() {
    let mut house = Apart::new().await;
    house.postgres.stop();
    house.start_all();
    let cid = house.client(CID);
    let away = async || cid.changes().await.err().filter(|error| error.code() == Some("SERVICE_UNAVAILABLE"));
    house.world.until("the gateway says that governance is away", away).await;
    house.postgres.restart();
    house.ready().await;

    cid.open_change("cap the parser depth", "open").await.unwrap();
    let ada = house.client(ADA);
    let nonce = said(&ada, ASK, "ask").await.unwrap().confirm.unwrap().nonce;
    house.postgres.stop_immediately();
    let confirm = codexa_api::DirectiveRequest { confirm: Some(nonce), ..Default::default() };
    let error = ada.directive(&confirm, "vote").await.unwrap_err();
    assert!(error.is_temporary(), "{error}");
    house.postgres.restart();
    let voted = house.world.until("the vote is taken", async || ada.directive(&confirm, "vote").await.ok()).await;
    assert_eq!(voted.card.unwrap().have, 1);
}
