//! One story, on every engine: a change from its opening to the published report.

use crate::engine::Engine;
use crate::work::Worker;
use crate::world::{World, block_on, code};
use codexa_governance::identity::TokenKind;
use codexa_proto::v1;
use codexa_testkit::postgres::Version;

#[test]
fn the_story_on_sqlite() {
    block_on(story(Engine::sqlite()));
}

#[test]
fn the_story_on_postgresql_15() {
    block_on(story(Engine::postgres(Version::V15)));
}

#[test]
fn the_story_on_postgresql_11() {
    block_on(story(Engine::postgres(Version::V11)));
}

async fn story(engine: Engine) {
    let world = World::over(engine).await;
    assert_eq!(world.open_change().await, "CH-001");

    approvals(&world).await;
    holds(&world).await;
    report(&world).await;
    job(&world).await;
    link(&world).await;
    two_processes(&world).await;

    // Bringing the tables up to date again changes nothing, and loses nothing.
    let acts = world.acts().await;
    world.engine.open().await.unwrap();
    assert_eq!(world.acts().await, acts);
    assert_eq!(acts[..4], ["change.open", "gate.open", "gate.approve", "gate.approve"]);
}

/// Asked, confirmed, edited, stale, voted again, denied, withdrawn, met.
async fn approvals(world: &World) {
    let asked = world.say("ben", "approve design for CH-001").await.unwrap();
    let confirm = asked.confirm.clone().unwrap();
    assert_eq!(asked.says, "Confirm to approve the design gate of CH-001: spec.md, plan.md.");
    assert_eq!(asked.card.as_ref().unwrap().digest, confirm.digest);
    assert_eq!(asked.card.as_ref().unwrap().have, 0, "asking is not voting");

    let voted = world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await.unwrap();
    let entry = voted.entry.clone().unwrap();
    assert_eq!((entry.sequence, entry.hash.len()), (3, 64));
    let card = voted.card.unwrap();
    assert_eq!((card.state.as_str(), card.have, card.quorum), ("open", 1, 2));
    assert_eq!(card.votes[0].role, "PM");
    assert_eq!(card.missing, ["1 of GO or HR, not the requester"]);

    // An edit makes the vote stale, with what changed.
    world.repository.write("changes/CH-001/plan.md", "# Plan\n\n1. Count.\n2. Stop at 200.\n");
    assert_eq!(world.governance.notice_edits().await.unwrap(), 1);
    assert_eq!(world.governance.notice_edits().await.unwrap(), 0, "an edit is announced once");
    let card = world.card("design").await;
    assert_eq!((card.have, card.votes[0].stale), (0, true));
    let since = &card.votes[0].since[0];
    assert_eq!((since.path.as_str(), since.added, since.removed), ("changes/CH-001/plan.md", 1, 1));
    assert_eq!(since.lines, ["-2. Stop.", "+2. Stop at 200."]);

    // What was shown before the edit is not what would be approved now.
    let press = world.order("ben", "approve design for CH-001");
    let old = codexa_governance::Order { digest: Some(confirm.digest), ..press };
    assert_eq!(code(world.governance.execute(old).await), "SUBJECT_STALE");

    world.decide("ben", "approve design for CH-001").await.unwrap();
    let card = world.decide("cat", "deny design for CH-001 because it is too deep").await.unwrap().card.unwrap();
    assert_eq!((card.state.as_str(), card.votes.len()), ("denied", 2));
    let card = world.decide("dan", "approve design for CH-001").await.unwrap().card.unwrap();
    assert_eq!(card.state, "denied", "enough approve, and one is against");
    let card = world.decide("cat", "withdraw design for CH-001").await.unwrap().card.unwrap();
    assert_eq!((card.state.as_str(), card.have), ("met", 2));
}

async fn holds(world: &World) {
    let held = world.decide("ben", "hold CH-001 because the tests are red").await.unwrap();
    assert_eq!(held.change.unwrap().hold.unwrap().reason, "the tests are red");
    assert_eq!(code(world.say("ben", "approve scope for CH-001").await), "CHANGE_HELD");
    assert_eq!(code(world.say("eve", "resume CH-001").await), "RESUME_ROLE");
    assert_eq!(code(world.say("eve", "hold CH-001").await), "CHANGE_HELD");
    let resumed = world.decide("ben", "resume CH-001").await.unwrap();
    assert_eq!(resumed.change.unwrap().hold, None);
    assert_eq!(code(world.say("ben", "resume CH-001").await), "CHANGE_NOT_HELD");
    let gates = world.governance.change(&world.caller("ada"), "CH-001").await.unwrap().gates;
    assert_eq!(gates.len(), 1, "no gate opened while it was held");
    world.say("ben", "approve scope for CH-001").await.unwrap();
}

async fn report(world: &World) {
    let blocked = world.say("dan", "publish governance report").await.unwrap();
    assert_eq!(blocked.confirm, None);
    let blockers = blocked.report.unwrap().blockers;
    assert_eq!(
        blockers,
        [
            "CH-001: scope is open, missing 1 of PM or RA, not the requester",
            "CH-001: nobody asked for the test gate yet"
        ]
    );

    world.repository.write("changes/CH-001/tasks.md", "- [x] all\n");
    world.repository.write("changes/CH-001/evidence.json", "{}\n");
    world.decide("ben", "approve scope for CH-001").await.unwrap();
    world.decide("eve", "approve test for CH-001").await.unwrap();
    assert_eq!(code(world.say("eve", "publish governance report").await), "PUBLISH_ROLE");
    let answer = world.decide("dan", "publish governance report").await.unwrap();
    let again = world.say("dan", "publish governance report").await.unwrap();
    assert!(answer.entry.is_some() && again.confirm.is_none(), "it is published once: {}", again.says);
    let published = answer.report.unwrap();
    assert_eq!(again.report.unwrap(), published);
    // What it said before is published again once it said something else in between.
    for deed in ["approve design for CH-001", "withdraw design for CH-001"] {
        world.decide("cat", deed).await.unwrap();
        let anew = world.decide("dan", "publish governance report").await.unwrap();
        assert!(anew.entry.is_some(), "{deed}: {}", anew.says);
    }
    assert!(published.published && published.text.contains("## CH-001: cap the parser depth"), "{}", published.text);
    let change = world.governance.change(&world.caller("eve"), "CH-001").await.unwrap();
    assert_eq!(change.state, "approved");
}

/// Leased, renewed, lost, taken by another, finished.
async fn job(world: &World) {
    let job = world.say("eve", "discover").await.unwrap().job.unwrap();
    let again = world.say("ben", "discover").await.unwrap();
    assert_eq!((again.job.unwrap().id, again.entry), (job.id.clone(), None), "it runs once");

    let worker = Worker::new(world).await;
    let leased = worker.lease("first").await.unwrap();
    assert_eq!(
        (leased.id.as_str(), leased.state.as_str(), leased.person.as_str()),
        (job.id.as_str(), "running", "eve")
    );
    assert_eq!(worker.lease("second").await, None, "the first has it");
    assert!(!worker.let_go("second", &job.id).await && worker.let_go("first", &job.id).await);
    assert_eq!(worker.lease("first").await.unwrap().id, job.id, "what is given back waits at once");
    assert!(worker.renew("first", &job.id, "10 of 20 files").await);
    assert!(!worker.renew("second", &job.id, "").await);
    assert!(!worker.finish("second", &job.id, "mine").await);

    world.engine.sql("UPDATE jobs SET leased_until = 0").await;
    assert_eq!(worker.lease("second").await.unwrap().id, job.id, "what was lost is taken by another");
    assert!(!worker.renew("first", &job.id, "19 of 20 files").await);
    assert!(!worker.finish("first", &job.id, "too late").await);
    assert!(worker.finish("second", &job.id, "20 files").await);
    assert!(!worker.finish("second", &job.id, "twice").await);
    assert_eq!(worker.lease("third").await, None);

    let job = world.governance.job(&world.caller("ada"), &job.id).await.unwrap();
    assert_eq!(
        (job.state.as_str(), job.progress.as_str(), job.summary.as_str()),
        ("done", "10 of 20 files", "20 files")
    );
}

async fn link(world: &World) {
    let adapter = world.governance.new_token(TokenKind::Adapter, "slack", None).await.unwrap();
    let account = v1::Account {
        platform: "slack".to_owned(),
        space: "T1".to_owned(),
        user: "U7".to_owned(),
        name: "Dan".to_owned(),
    };
    let caller = v1::Caller { token: adapter, account: Some(account), channel: None };
    let unknown = world.governance.execute(world.order_of(caller.clone(), "status")).await;
    assert_eq!(code(unknown), "ACCOUNT_NOT_LINKED");

    let code_of = world.governance.begin_link(&caller).await.unwrap().code;
    let mut request = v1::ConfirmLinkRequest {
        caller: Some(world.caller("dan")),
        code: code_of.to_lowercase(),
        look: true,
        idempotency_key: world.key(),
    };
    let looked = world.governance.confirm_link(&request).await.unwrap();
    assert_eq!(
        (looked.says.as_str(), looked.entry),
        ("This code links the slack account U7 (Dan) of T1 to @dan.", None)
    );
    request.look = false;
    assert!(world.governance.confirm_link(&request).await.unwrap().entry.is_some());
    let principal = world.governance.identify(&caller).await.unwrap();
    assert_eq!(principal.name(), "person/dan");
    assert_eq!(world.governance.confirm_link(&request).await.unwrap().entry, None, "once");
    request.caller = Some(world.caller("eve"));
    assert_eq!(code(world.governance.confirm_link(&request).await), "LINK_CODE_INVALID");
}

/// Two instances over one store, everyone at once.
async fn two_processes(world: &World) {
    assert_eq!(world.open_change().await, "CH-002");
    let before = world.acts().await.len();
    let governances = [world.governance.clone(), world.another().await];
    let mut tasks = tokio::task::JoinSet::new();
    for (place, person) in ["ben", "cat", "dan", "ben", "cat", "dan"].into_iter().enumerate() {
        let governance = governances[place % 2].clone();
        let caller = world.caller(person);
        let words =
            ["approve design for CH-002", "withdraw design for CH-002", "deny design for CH-002 because it is wrong"];
        let orders: Vec<_> =
            (0..9).map(|turn| (world.order_of(caller.clone(), words[(turn + place) % 3]), world.key())).collect();
        tasks.spawn(async move {
            let mut entries = Vec::new();
            for (order, key) in orders {
                // A withdrawal without a vote is refused, and so is what another task of the same person overtook.
                let Ok(asked) = governance.execute(order).await else { continue };
                entries.extend(asked.entry.map(|entry| entry.sequence));
                let nonce = asked.confirm.unwrap().nonce;
                let confirmation = codexa_governance::Order {
                    caller: caller.clone(),
                    key,
                    fingerprint: "a confirmation".to_owned(),
                    nonce: Some(nonce),
                    ..codexa_governance::Order::default()
                };
                if let Ok(answer) = governance.execute(confirmation).await {
                    entries.extend(answer.entry.map(|entry| entry.sequence));
                }
            }
            entries
        });
    }
    let mut entries: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    entries.sort_unstable();
    let after = world.acts().await.len();
    // The entry of an act stands behind the pin of the branch.
    let expected: Vec<i64> = (before..after).map(|place| i64::try_from(place + 1).unwrap()).collect();
    assert_eq!(entries, expected, "each answer has its own entry, and each entry its answer");
    let card = world.governance.change(&world.caller("ada"), "CH-002").await.unwrap().gates.remove(0);
    let mut voters: Vec<&str> = card.votes.iter().map(|vote| vote.person.as_str()).collect();
    voters.sort_unstable();
    voters.dedup();
    assert_eq!(voters.len(), card.votes.len(), "one vote a person");
}
