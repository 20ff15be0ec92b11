//! The story: a design is approved from Slack and Discord, and everything that looks on sees it; the code is discovered, and
//! the governance report published. It is told once, for every house.

use crate::acts::{edit, mentioned, press_in_discord, press_in_slack, say_in_discord, say_in_slack};
use crate::listener::Listener;
use crate::world::{ASK, World, code_in, said};
use codexa_api::{EventKind, JobState};
use codexa_governance::store::{Store, open_sqlite};
use codexa_testkit::discord::{self, CHANNEL as DISCORD_CHANNEL};
use codexa_testkit::slack::{self, CHANNEL};
use std::sync::Arc;

/// A house that the story is told in.
pub trait House {
    fn world(&self) -> &World;

    /// Something has just begun: whatever is to break, breaks now.
    fn strike(&mut self);

    /// Where its decisions are kept.
    async fn store(&self) -> Arc<dyn Store>;
}

/// `codexa up`, which nothing befalls.
impl House for World {
    fn world(&self) -> &World {
        self
    }

    fn strike(&mut self) {}

    async fn store(&self) -> Arc<dyn Store> {
        let project = self.project_id();
        let file = self.home.home().join(format!(".local/share/codexa/{project}/decisions.sqlite"));
        open_sqlite(&file, &project).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_design_is_approved_from_slack_and_discord_and_everybody_sees_it() {
    let mut world = World::new().await.up().await;
    tell(&mut world).await;
    assert_eq!(world.faults(), Vec::<String>::new());
}

/// Tells the story. At its end everything stands as it should, and everything that was done was done once.
pub async fn tell(house: &mut impl House) {
    let mut listener = Listener::default();
    house.world().ready().await;
    a_change_is_opened(house).await;
    for (file, text) in [("spec.md", "# Cap it\n"), ("plan.md", "# At 100\n"), ("tasks.md", "- [x] all\n")] {
        house.world().edit(file, text);
    }

    accounts_are_linked(house).await;
    let cards = a_vote_is_seen_everywhere(house, &mut listener).await;
    an_edit_makes_it_stale(house, cards).await;
    let running = discovery_runs_as_a_job(house).await;
    what_blocks_the_report_is_said(house).await;
    the_report_is_published(house).await;
    house.world().slack_turns(&running, "components").await;
    say_in_slack(house, "show followups").await;
    house.world().in_slack("questions for you").await;
    each_happened_once(house, &mut listener).await;
}

/// Who hears no answer asks again under the same key.
async fn a_change_is_opened(house: &mut impl House) {
    let client = house.world().client("cid");
    let asked = tokio::spawn(async move { client.open_change("cap the parser depth", "open").await });
    house.strike();
    let _ = asked.await;
    house.strike();
    let world = house.world();
    let client = world.client("cid");
    world.until("it is open", async || client.open_change("cap the parser depth", "open").await.ok()).await;
    let workspace = world.home.project().join("changes/CH-001");
    let files = ["spec.md", "plan.md", "tasks.md", "evidence.json", "status.md"];
    let is_made = async || files.iter().all(|file| workspace.join(file).exists()).then_some(());
    world.until("it has its workspace", is_made).await;
}

/// Nobody knows the accounts yet: each is told a code that only it sees.
async fn accounts_are_linked(house: &mut impl House) {
    // A channel in which nobody spoke to Codexa before is not read back: somebody has to be there.
    house.world().discord.ready().await;
    house.world().discord.says(DISCORD_CHANNEL, &house.world().dea(), &mentioned(ASK));
    let private = house.world().discord.direct(&house.world().dea());
    let told = house.world().in_discord(private, "codexa link ").await;
    house.world().link("bea", &code_in(&told.text())).await;

    say_in_slack(house, ASK).await;
    let told = house.world().in_slack("codexa link ").await;
    assert_eq!(told.ephemeral_to.as_deref(), Some("U1"));
    house.world().link("ada", &code_in(&told.read())).await;
}

/// The cards of a gate, in both chats.
type Cards = (slack::Shown, discord::Message);

async fn a_vote_is_seen_everywhere(house: &mut impl House, listener: &mut Listener) -> Cards {
    say_in_slack(house, ASK).await;
    let card = house.world().in_slack("design gate · 0 of 2").await;
    say_in_discord(house, ASK);
    let twin = house.world().in_discord(DISCORD_CHANNEL, "design gate · 0 of 2").await;

    press_in_slack(house, &card, "Approve").await;
    let world = house.world();
    let card = world.slack_turns(&card, "design gate · 1 of 2").await;
    assert!(card.read().contains("by ada"), "{}", card.read());
    let twin = world.discord_turns(&twin, "design gate · 1 of 2").await;
    let change = world.change().await;
    let vote = &change.gates[0].votes[0];
    assert_eq!((vote.person.as_str(), vote.via.as_str(), vote.stale), ("ada", "slack", false));
    let status = async || Some(world.say(&["status"])).filter(|run| run.code == 0);
    let status = world.until("status answers", status).await.stdout;
    assert!(status.contains("CH-001") && status.contains("1 of 2"), "{status}");
    let heard = listener.hear(world, "@ada approved design for CH-001.").await;
    assert_eq!(
        (heard.kind, heard.change.as_deref(), heard.gate.as_deref()),
        (EventKind::GateChanged, Some("CH-001"), Some("design"))
    );
    (card, twin)
}

/// Both cards say so; a press on what is shown now counts, and both people together meet the gate.
async fn an_edit_makes_it_stale(house: &mut impl House, (card, twin): Cards) {
    edit(house, "spec.md", "# Something else\n");
    let card = house.world().slack_turns(&card, "design gate · 0 of 2").await;
    assert!(card.read().contains("stale") && card.read().contains("spec.md"), "{}", card.read());
    let twin = house.world().discord_turns(&twin, "design gate · 0 of 2").await;
    assert!(twin.text().contains("stale"), "{}", twin.text());

    press_in_slack(house, &card, "Approve").await;
    let twin = house.world().discord_turns(&twin, "design gate · 1 of 2").await;
    press_in_discord(house, &twin, "Approve").await;
    house.world().slack_turns(&card, "design gate · 2 of 2").await;
    house.world().discord_turns(&twin, "design gate · 2 of 2").await;
    let change = house.world().change().await;
    assert_eq!((change.gates[0].state.as_str(), change.gates[0].have), ("met", 2));
}

/// A job whose progress is edited into the message. It ends when it ends: where its worker is lost, the next gets it half a
/// minute later.
async fn discovery_runs_as_a_job(house: &mut impl House) -> slack::Shown {
    let files = house.world().hold_files();
    say_in_slack(house, "discover").await;
    let running = house.world().in_slack("waiting for `the story`").await;
    assert!(running.edits > 0, "progress is edited into the message: {}", running.read());
    house.strike();
    drop(files);
    running
}

async fn what_blocks_the_report_is_said(house: &mut impl House) {
    say_in_slack(house, "publish governance report").await;
    house.world().in_slack("nobody asked for the scope gate yet").await;
    say_in_slack(house, "status").await;
    house.world().in_slack("partially approved").await;
    say_in_discord(house, "help");
    house.world().in_discord(DISCORD_CHANNEL, "publish governance report").await;

    // The same words at a terminal and over HTTP.
    let world = house.world();
    let by_terminal =
        async || Some(world.say(&["say", "--format", "json", "show", "CH-001"])).filter(|run| run.code == 0);
    let by_terminal = world.until("the terminal answers", by_terminal).await.json();
    let client = world.client("cid");
    let by_http = async || said(&client, "show CH-001", "show-1").await.ok();
    let by_http = world.until("HTTP answers", by_http).await;
    assert_eq!(by_terminal["change"]["gates"][0]["digest"], by_http.change.unwrap().gates[0].digest.as_str());
}

/// The other gates are met as well, and nothing blocks it any more.
async fn the_report_is_published(house: &mut impl House) {
    say_in_discord(house, "approve scope for CH-001");
    let scope = house.world().in_discord(DISCORD_CHANNEL, "scope gate · 0 of 1").await;
    press_in_discord(house, &scope, "Approve").await;
    house.world().discord_turns(&scope, "scope gate · 1 of 1").await;

    edit(house, "evidence.json", "{\"evidence\": []}\n");
    say_in_slack(house, "approve test for CH-001").await;
    let test = house.world().in_slack("test gate · 0 of 1").await;
    press_in_slack(house, &test, "Approve").await;
    house.world().slack_turns(&test, "test gate · 1 of 1").await;

    say_in_slack(house, "publish governance report").await;
    let asked = house.world().in_slack("Nothing blocks it.").await;
    assert!(asked.read().contains("## CH-001: cap the parser depth"), "{}", asked.read());
    press_in_slack(house, &asked, "Publish").await;
    let published = house.world().in_slack("The governance report is published as ledger entry").await;
    assert_eq!(published.ephemeral_to.as_deref(), Some("U1"));
}

async fn each_happened_once(house: &impl House, listener: &mut Listener) {
    let world = house.world();
    listener.hear(world, "@ada published the governance report.").await;
    let jobs = world.client("cid").jobs().await.unwrap().jobs;
    let [job] = jobs.as_slice() else { panic!("one job: {jobs:?}") };
    assert_eq!((job.state, job.person.as_str()), (JobState::Done, "ada"));
    listener.hear(world, &job.summary).await;
    let summaries = world.slack.replies(CHANNEL).into_iter().filter(|shown| shown.read().contains(&job.summary));
    assert_eq!(summaries.count(), 1, "one message shows what came of the job");
    for (says, times) in [
        ("@ada approved design for CH-001.", 2),
        ("@bea approved design for CH-001.", 1),
        ("@bea approved scope for CH-001.", 1),
        ("@ada approved test for CH-001.", 1),
        ("@ada asked for a run of discovery.", 1),
        (job.summary.as_str(), 1),
        ("@ada published the governance report.", 1),
    ] {
        assert_eq!(listener.times(says), times, "{says}");
    }

    let leaves = house.store().await.read().await.unwrap().leaves(0, 100).await.unwrap();
    let acts = leaves.iter().map(|leaf| leaf.act.as_str()).filter(|act| !act.starts_with("token."));
    assert_eq!(
        acts.collect::<Vec<_>>(),
        [
            "rules.branch",
            "change.open",
            "account.link",
            "account.link",
            "gate.open",
            "gate.approve",
            "gate.approve",
            "gate.approve",
            "discovery.ask",
            "gate.open",
            "gate.approve",
            "gate.open",
            "gate.approve",
            "report.publish",
        ]
    );
}
