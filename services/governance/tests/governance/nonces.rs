//! What confirms: one person's, for what was shown, once, for a while.

use crate::engine::Engine;
use crate::world::{World, block_on, code, directive};
use codexa_governance::Order;
use codexa_testkit::postgres::Version;

#[test]
fn a_nonce_is_used_once() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await.unwrap();
        let again = world.confirmation(world.caller("ben"), &asked);
        assert_eq!(code(world.governance.execute(again).await), "NONCE_USED");
    });
}

#[test]
fn a_nonce_that_was_refused_can_be_used_when_it_fits() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        let plan = world.repository.read("changes/CH-001/plan.md");
        world.repository.write("changes/CH-001/plan.md", "# Other\n");
        let confirmation = world.confirmation(world.caller("ben"), &asked);
        assert_eq!(code(world.governance.execute(confirmation.clone()).await), "SUBJECT_STALE");
        world.repository.write("changes/CH-001/plan.md", plan);
        world.governance.execute(confirmation).await.unwrap();
    });
}

#[test]
fn a_nonce_is_of_one_person() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        let theirs = world.confirmation(world.caller("cat"), &asked);
        assert_eq!(code(world.governance.execute(theirs).await), "NONCE_UNKNOWN");
        world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await.unwrap();
    });
}

#[test]
fn a_nonce_ends() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        world.engine.sql("UPDATE nonces SET expires_at = 1").await;
        let late = world.confirmation(world.caller("ben"), &asked);
        assert_eq!(code(world.governance.execute(late).await), "NONCE_EXPIRED");
        assert_eq!(world.card("design").await.have, 0);
    });
}

#[test]
fn a_nonce_confirms_what_was_said_and_shown_and_nothing_else() {
    block_on(async {
        let world = World::with_change().await;
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        let confirmation = || world.confirmation(world.caller("ben"), &asked);
        let other =
            Order { directive: Some(directive("deny design for CH-001 because it is wrong")), ..confirmation() };
        assert_eq!(code(world.governance.execute(other).await), "NONCE_MISMATCH");
        let other = Order { digest: Some("sha256:00".to_owned()), ..confirmation() };
        assert_eq!(code(world.governance.execute(other).await), "NONCE_MISMATCH");
        let unknown = Order { nonce: Some("0".repeat(32)), ..confirmation() };
        assert_eq!(code(world.governance.execute(unknown).await), "NONCE_UNKNOWN");
        assert_eq!(world.card("design").await.have, 0);
        let same = Order { directive: Some(directive("approve design for CH-001")), ..confirmation() };
        assert_eq!(world.governance.execute(same).await.unwrap().card.unwrap().have, 1);
    });
}

#[test]
fn nothing_at_all_confirms_nothing() {
    block_on(async {
        let world = World::with_change().await;
        let silent = Order { directive: None, ..world.order("ben", "status") };
        assert_eq!(code(world.governance.execute(silent).await), "WORDS_MISSING");
    });
}

#[test]
fn a_nonce_that_two_redeem_at_once_is_one_vote() {
    block_on(at_once(Engine::sqlite()));
}

#[test]
fn a_nonce_that_two_redeem_at_once_is_one_vote_on_postgresql() {
    block_on(at_once(Engine::postgres(Version::V11)));
}

async fn at_once(engine: Engine) {
    let world = World::over(engine).await;
    world.open_change().await;
    let asked = world.say("ben", "approve design for CH-001").await.unwrap();
    let governances = [world.governance.clone(), world.another().await];
    let mut tasks = tokio::task::JoinSet::new();
    for place in 0..12 {
        let order = world.confirmation(world.caller("ben"), &asked);
        let governance = governances[place % 2].clone();
        tasks.spawn(async move { governance.execute(order).await });
    }
    let (done, refused): (Vec<_>, Vec<_>) = tasks.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    assert!(refused.into_iter().all(|refused| code(refused) == "NONCE_USED"));
    assert_eq!(world.acts().await, ["change.open", "gate.open", "gate.approve"]);
}
