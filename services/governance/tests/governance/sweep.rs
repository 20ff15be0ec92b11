//! What is old is removed, and nothing that anybody needs.

use crate::engine::Engine;
use crate::world::{World, block_on};
use codexa_testkit::postgres::Version;

#[test]
fn what_is_old_is_swept_on_sqlite() {
    block_on(swept(Engine::sqlite()));
}

#[test]
fn what_is_old_is_swept_on_postgresql() {
    block_on(swept(Engine::postgres(Version::V11)));
}

async fn swept(engine: Engine) {
    let world = World::over(engine).await;
    world.open_change().await;
    let asked = world.say("ben", "approve design for CH-001").await.unwrap();
    world.decide("cat", "approve design for CH-001").await.unwrap();
    let all = world.traces().await;
    assert_eq!(world.governance.sweep().await.unwrap(), 0, "nothing is old");
    assert_eq!(world.traces().await, all);

    world.engine.sql("UPDATE nonces SET expires_at = 1 WHERE used_at IS NOT NULL").await;
    world.engine.sql("UPDATE requests SET at = 1").await;
    world.engine.sql("UPDATE directives SET at = 1").await;
    world.engine.sql("UPDATE outbox SET at = 1").await;
    let events = world.engine.count("outbox").await;
    world.engine.sql("UPDATE ledgers SET relayed = events - 2").await;
    assert!(world.governance.sweep().await.unwrap() > 0);
    assert_eq!(world.engine.count("requests").await, 0);
    assert_eq!(world.engine.count("directives").await, 0);
    assert_eq!(world.engine.count("nonces").await, 1, "one is still good");
    let kept = "SELECT CAST(id AS TEXT) FROM outbox ORDER BY id";
    assert_eq!(world.engine.texts(kept).await, [(events - 1).to_string(), events.to_string()], "not passed on yet");
    world.engine.sql("UPDATE ledgers SET relayed = events").await;
    world.governance.sweep().await.unwrap();
    assert_eq!(world.engine.texts(kept).await, [events.to_string()]);
    assert!(world.check().await.is_ok());
    let voted = world.governance.execute(world.confirmation(world.caller("ben"), &asked)).await.unwrap();
    assert_eq!(voted.card.unwrap().have, 2);
}
