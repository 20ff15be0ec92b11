//! The house killed at each step of the story: it ends right, and nothing is counted twice.

use crate::world::{ASK, World, code_in};
use codexa_testkit::slack::CHANNEL;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_45_killed_at_each_step_the_story_ends_right_and_nothing_counts_twice() {
    let mut world = World::new().await.up().await;
    world.open_change();
    world.restart();
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let told = world.in_slack("codexa link ").await;
    world.restart();
    world.link("ada", &code_in(&told.read()));
    world.restart();
    world.slack.send_event(world.slack.said(CHANNEL, "U1", ASK));
    let card = world.in_slack("design gate · 0 of 2").await;
    world.restart();
    // Killed while the press is on its way: whatever was acknowledged is carried out by the next process, once.
    world.slack.send_interaction(world.slack.pressed(CHANNEL, &card, "Approve", "U1"));
    world.restart();
    world.pressed_until(&card, "design gate · 1 of 2").await;
    world.restart();
    world.edit("plan.md", "# another plan\n");
    world.in_slack("design gate · 0 of 2").await;
    let ledger = world.client("ada");
    let change = ledger.change("CH-001").await.unwrap();
    assert_eq!((change.gates[0].votes.len(), change.gates[0].votes[0].stale), (1, true));
    let status = crate::world::said(&ledger, "status", "status").await.unwrap();
    // The tokens of three people made, the branch pinned, one change opened, one account linked, one gate opened, one vote.
    assert!(status.says.contains("8 ledger entries"), "{}", status.says);
    assert_eq!(world.slack_faults(), Vec::<String>::new());
}
