//! Gates that close, and holds that end: by the database's clock.

use crate::engine::Engine;
use crate::world::{World, block_on, code};
use codexa_governance::Order;

/// Moves the end of each gate into the past.
async fn close(world: &World) {
    world.engine.sql("UPDATE gates SET closes_at = 1").await;
}

#[test]
fn abuse_20_a_closed_gate_opens_anew_by_asking_and_earlier_votes_do_not_count() {
    block_on(closed(Engine::sqlite()));
}

#[test]
fn abuse_20_a_closed_gate_opens_anew_on_postgresql() {
    block_on(closed(Engine::postgres(codexa_testkit::postgres::Version::V15)));
}

async fn closed(engine: Engine) {
    let world = World::over(engine).await;
    world.open_change().await;
    world.decide("ben", "approve design for CH-001").await.unwrap();
    let asked = world.say("cat", "approve design for CH-001").await.unwrap();
    close(&world).await;
    let card = world.card("design").await;
    assert_eq!(card.state, "expired");

    let confirmation = world.confirmation(world.caller("cat"), &asked);
    assert_eq!(code(world.governance.execute(confirmation).await), "GATE_EXPIRED");
    let press =
        Order { digest: Some(card.digest.clone()), ..world.order("dan", "deny design for CH-001 because it is wrong") };
    assert_eq!(code(world.governance.execute(press).await), "GATE_EXPIRED");

    let anew = world.say("cat", "approve design for CH-001").await.unwrap().card.unwrap();
    assert_eq!((anew.state.as_str(), anew.have, anew.votes.len()), ("open", 0, 0));
    assert_ne!(anew.digest, card.digest, "a digest is of one opening");
    let press = Order { digest: Some(card.digest), ..world.order("dan", "approve design for CH-001") };
    assert_eq!(code(world.governance.execute(press).await), "SUBJECT_STALE");
    let late = world.confirmation(world.caller("cat"), &asked);
    assert_eq!(code(world.governance.execute(late).await), "SUBJECT_STALE");
    assert_eq!(world.acts().await, ["change.open", "gate.open", "gate.approve", "gate.open"]);
}

#[test]
fn abuse_20_a_gate_that_closed_denied_takes_no_approval() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.decide("cat", "deny design for CH-001 because it is wrong").await.unwrap();
        close(&world).await;
        let card = world.card("design").await;
        assert_eq!(card.state, "denied", "closing is no way round a veto");
        let asked = world.say("dan", "approve design for CH-001").await.unwrap();
        assert_eq!(asked.confirm, None, "{}", asked.says);
        let press = Order { digest: Some(card.digest), ..world.order("dan", "approve design for CH-001") };
        assert_eq!(code(world.governance.execute(press).await), "GATE_EXPIRED");
        let card = world.decide("cat", "withdraw design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.have), ("expired", 1));
        let card = world.say("dan", "approve design for CH-001").await.unwrap().card.unwrap();
        assert_eq!((card.state.as_str(), card.have), ("open", 0));
    });
}

#[test]
fn abuse_20_a_gate_that_closed_met_stays_met_until_somebody_vetoes_it() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.decide("cat", "approve design for CH-001").await.unwrap();
        close(&world).await;
        assert_eq!(world.card("design").await.state, "met");
        let card = world.decide("dan", "deny design for CH-001 because it is wrong").await.unwrap().card.unwrap();
        assert_eq!(card.state, "denied");
    });
}

#[test]
fn everyone_learns_once_that_a_gate_closed() {
    block_on(async {
        let world = World::with_change().await;
        world.say("ben", "approve design for CH-001").await.unwrap();
        let newest = async || world.events().await.pop().unwrap().says;
        assert_eq!(world.governance.notice_edits().await.unwrap(), 0);
        close(&world).await;
        assert_eq!(world.governance.notice_edits().await.unwrap(), 1);
        assert_eq!(newest().await, "The time of the design gate of CH-001 is up.");
        assert_eq!(world.governance.notice_edits().await.unwrap(), 0);
        world.repository.write("changes/CH-001/plan.md", "# Plan B\n");
        assert_eq!(world.governance.notice_edits().await.unwrap(), 1);
        assert_eq!(newest().await, "What the design gate of CH-001 covers was edited.");
        world.say("ben", "approve design for CH-001").await.unwrap();
        assert_eq!(world.governance.notice_edits().await.unwrap(), 0, "it opened anew");
    });
}

#[test]
fn a_hold_ends_by_itself_and_never_before_it_began() {
    block_on(async {
        let world = World::with_change().await;
        let before = world.traces().await;
        let mut order = world.order("ben", "hold CH-001 because of the audit");
        order.directive.as_mut().unwrap().args.until = Some(jiff::civil::date(2020, 2, 29));
        assert_eq!(code(world.governance.execute(order).await), "DATE_PAST");
        assert_eq!(world.traces().await, before);
        let held = world.decide("ben", "hold CH-001 until 2099-02-28 because of the audit").await.unwrap();
        let end = held.change.unwrap().hold.unwrap().until.unwrap();
        assert_eq!(end, 4_076_006_400_000, "to the end of that day, UTC");
        world.engine.sql("UPDATE changes SET held_until = 1").await;
        let change = world.governance.change(&world.caller("ada"), "CH-001").await.unwrap();
        assert_eq!(change.hold, None);
        assert_eq!(code(world.say("ben", "resume CH-001").await), "CHANGE_NOT_HELD");
        world.decide("eve", "hold CH-001").await.unwrap();
    });
}

#[test]
fn a_hold_that_was_replaced_is_not_resumed_by_an_old_confirmation() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("eve", "hold CH-001 because of one thing").await.unwrap();
        let asked = world.say("ben", "resume CH-001").await.unwrap();
        world.decide("eve", "resume CH-001").await.unwrap();
        world.decide("eve", "hold CH-001 because of another").await.unwrap();
        let refused = world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await;
        assert_eq!(code(refused), "SUBJECT_STALE");
    });
}

#[test]
fn a_gate_that_cannot_be_read_hides_no_edit_of_another() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.say("ben", "approve scope for CH-001").await.unwrap();
        world.engine.sql("UPDATE gates SET rule = '{\"of\":\"another version\"}' WHERE gate = 'scope'").await;
        world.repository.write("changes/CH-001/plan.md", "# Another plan\n");
        assert_eq!(world.governance.notice_edits().await.unwrap(), 1);
    });
}
