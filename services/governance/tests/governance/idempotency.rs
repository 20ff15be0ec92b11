//! One request, one effect: keys, and the answers kept under them.

use crate::engine::Engine;
use crate::world::{World, block_on, code};
use codexa_governance::Order;
use codexa_governance::refusal::Kind;
use codexa_testkit::postgres::Version;

#[test]
fn abuse_44_the_same_key_gets_the_first_answer() {
    block_on(same_key(Engine::sqlite()));
}

#[test]
fn abuse_44_the_same_key_gets_the_first_answer_on_postgresql_11() {
    block_on(same_key(Engine::postgres(Version::V11)));
}

async fn same_key(engine: Engine) {
    let world = World::over(engine).await;
    let open = world.order("ada", "open change: once");
    let first = world.governance.execute(open.clone()).await.unwrap();
    assert_eq!(world.governance.execute(open.clone()).await.unwrap(), first);
    assert_eq!(world.another().await.execute(open.clone()).await.unwrap(), first, "another process knows it too");
    world.open_change().await;
    assert_eq!(world.governance.execute(open).await.unwrap(), first, "also when things moved on");

    // Asking again gives the same nonce, and confirming again the same vote.
    let ask = world.order("ben", "approve design for CH-002");
    let asked = world.governance.execute(ask.clone()).await.unwrap();
    assert_eq!(world.governance.execute(ask.clone()).await.unwrap(), asked);
    let confirm = world.confirmation(world.caller("ben"), &asked);
    let voted = world.governance.execute(confirm.clone()).await.unwrap();
    assert_eq!(world.another().await.execute(confirm).await.unwrap(), voted);
    assert_eq!(world.governance.execute(ask).await.unwrap(), asked);
    assert_eq!(world.acts().await, ["change.open", "change.open", "gate.open", "gate.approve"]);
}

#[test]
fn abuse_44_a_key_is_needed_and_serves_one_request() {
    block_on(async {
        let world = World::new().await;
        let before = world.traces().await;
        for key in [String::new(), "k".repeat(201), "a\0b".to_owned(), "a\nb".to_owned()] {
            let order = Order { key, ..world.order("ada", "open change: x") };
            let refused = world.governance.execute(order).await.unwrap_err();
            assert_eq!((refused.kind, refused.code), (Kind::Invalid, "IDEMPOTENCY_KEY"));
        }
        let order = Order { fingerprint: String::new(), ..world.order("ada", "open change: x") };
        assert_eq!(code(world.governance.execute(order).await), "FINGERPRINT");
        assert_eq!(world.traces().await, before);

        let first = world.order("ada", "open change: x");
        world.governance.execute(first.clone()).await.unwrap();
        let before = world.traces().await;
        let other = Order { key: first.key, ..world.order("ada", "open change: y") };
        let refused = world.governance.execute(other).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::KeyReused, "IDEMPOTENCY_KEY_REUSED"));
        assert_eq!(world.traces().await, before);
        let noted = world.engine.texts("SELECT outcome FROM directives WHERE outcome <> 'done'").await;
        assert_eq!(noted, ["IDEMPOTENCY_KEY_REUSED"]);
    });
}

#[test]
fn abuse_44_a_key_belongs_to_its_principal() {
    block_on(async {
        let world = World::new().await;
        let first = world.order("ada", "open change: x");
        world.governance.execute(first.clone()).await.unwrap();
        let other = Order { caller: world.caller("ben"), ..first };
        let answer = world.governance.execute(other).await.unwrap();
        assert_eq!(answer.change.unwrap().requester, "ben");
        assert_eq!(world.acts().await.len(), 2);
    });
}

#[test]
fn abuse_44_a_key_of_something_that_was_refused_is_free() {
    block_on(async {
        let world = World::new().await;
        let order = world.order("ben", "approve scope for CH-001");
        assert_eq!(code(world.governance.execute(order.clone()).await), "CHANGE_NOT_FOUND");
        world.open_change().await;
        assert!(world.governance.execute(order).await.unwrap().confirm.is_some());
    });
}

#[test]
fn abuse_3_the_same_request_at_once_has_one_effect() {
    block_on(at_once(Engine::sqlite()));
}

#[test]
fn abuse_3_the_same_request_at_once_has_one_effect_on_postgresql() {
    block_on(at_once(Engine::postgres(Version::V15)));
}

/// Half through one process, which says that it is in flight, half through another, which waits for the store.
async fn at_once(engine: Engine) {
    let world = World::over(engine).await;
    let governances = [world.governance.clone(), world.another().await];
    let order = world.order("ada", "open change: once");
    let mut tasks = tokio::task::JoinSet::new();
    for place in 0..20 {
        let (governance, order) = (governances[place % 2].clone(), order.clone());
        tasks.spawn(async move { governance.execute(order).await });
    }
    let answers = tasks.join_all().await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(refused.iter().all(|refused| refused.as_ref().is_err_and(|refusal| refusal.kind == Kind::InFlight)));
    let done: Vec<_> = done.into_iter().flatten().collect();
    assert!(done.windows(2).all(|pair| pair[0] == pair[1]) && !done.is_empty(), "the first answer");
    assert_eq!(world.acts().await, ["change.open"]);
    assert_eq!(world.governance.execute(order).await.unwrap(), done[0]);
}
