//! The story: a design is approved from Slack and Discord, and everything that looks on sees it.

use crate::world::{ASK, World, code_in, said};
use codexa_api::EventKind;
use codexa_testkit::discord::{BOT, CHANNEL as DISCORD_CHANNEL};
use codexa_testkit::slack::CHANNEL;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_design_is_approved_from_slack_and_discord_and_everybody_sees_it() {
    let world = World::new().await.up().await;
    world.open_change();
    let mut listener = world.listen("ada").await;

    // Nobody knows the accounts yet: each is told a code that only it sees.
    let dea = world.discord.user("dea");
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let told = world.in_slack("codexa link ").await;
    assert_eq!(told.ephemeral_to.as_deref(), Some("U1"));
    world.link("ada", &code_in(&told.read()));
    world.discord.ready().await;
    world.discord.says(DISCORD_CHANNEL, &dea, &mentioned(ASK));
    let private = world.discord.direct(&dea);
    let told = world
        .discord
        .until("a code comes in a direct message", |discord| {
            discord.seen(private, &dea).into_iter().find(|message| message.text().contains("codexa link "))
        })
        .await;
    world.link("bea", &code_in(&told.text()));

    // The card, in both.
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let card = world.in_slack("design gate · 0 of 2").await;
    world.discord.says(DISCORD_CHANNEL, &dea, &mentioned(ASK));
    let twin = world.in_discord(&dea, "design gate · 0 of 2").await;

    // The button votes.
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
    let voted = world.in_slack("design gate · 1 of 2").await;
    assert_eq!(voted.ts, card.ts, "the same message");
    let seen = world.in_discord(&dea, "design gate · 1 of 2").await;
    assert_eq!(seen.id, twin.id, "the same message");
    let change = world.change().await;
    let vote = &change.gates[0].votes[0];
    assert_eq!((vote.person.as_str(), vote.via.as_str(), vote.stale), ("ada", "slack", false));
    let status = world.say_ok(&["status"]).stdout;
    assert!(status.contains("CH-001") && status.contains("1 of 2"), "{status}");
    let heard = heard(&mut listener, |event| event.says == "@ada approved design for CH-001.").await;
    assert_eq!(
        (heard.kind, heard.change.as_deref(), heard.gate.as_deref()),
        (EventKind::GateChanged, Some("CH-001"), Some("design"))
    );

    // An edit makes it stale, and both cards say so.
    world.edit("spec.md", "# CH-001\n\nSomething else.\n");
    world.in_slack("design gate · 0 of 2").await;
    let stale = world.in_slack("spec.md").await;
    assert!(stale.read().contains("stale"), "{}", stale.read());
    let stale = world.in_discord(&dea, "design gate · 0 of 2").await;
    assert!(stale.text().contains("stale"), "{}", stale.text());

    // A press on what is shown now counts; both people together meet the gate.
    let card = world.in_slack("design gate · 0 of 2").await;
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
    let twin = world.in_discord(&dea, "design gate · 1 of 2").await;
    world.discord.press(&dea, twin.id, "Approve");
    world.in_slack("design gate · 2 of 2").await;
    let change = world.change().await;
    assert_eq!((change.gates[0].state.as_str(), change.gates[0].have), ("met", 2));

    // Discovery as a job, with its progress in the message.
    world.slack.send_event(world.slack.said(CHANNEL, "U1", "discover"));
    let job = world.in_slack("components").await;
    assert!(job.edits > 0, "progress is edited into the message: {}", job.read());

    // The report says what still blocks it; status and help answer.
    world.slack.send_event(world.slack.said(CHANNEL, "U1", "publish governance report"));
    world.in_slack("nobody asked for the scope gate yet").await;
    world.slack.send_event(world.slack.said(CHANNEL, "U1", "status"));
    world.in_slack("partially approved").await;
    world.discord.says(DISCORD_CHANNEL, &dea, &mentioned("help"));
    world.in_discord(&dea, "publish governance report").await;

    // The same words at a terminal and over HTTP.
    let by_terminal = world.say_ok(&["say", "--format", "json", "show", "CH-001"]).json();
    let by_http = said(&world.client("cid"), "show CH-001", "show-1").await.unwrap();
    assert_eq!(by_terminal["change"]["gates"][0]["digest"], by_http.change.unwrap().gates[0].digest.as_str());

    assert_eq!(world.slack.faults(), Vec::<String>::new());
    world.discord.assert_no_faults();
}

/// Words to the bot of Discord.
fn mentioned(words: &str) -> String {
    format!("<@{BOT}> {words}")
}

/// The first event that is looked for.
async fn heard(listener: &mut codexa_client::Stream, wanted: impl Fn(&codexa_api::Event) -> bool) -> codexa_api::Event {
    loop {
        let event = listener.next().await.expect("the stream goes on").expect("and is sound");
        if wanted(&event) {
            return event;
        }
    }
}
