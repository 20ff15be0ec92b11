//! What happened, for those who were away: whole from where they were, or they are told that it is not.

use crate::engine::Engine;
use crate::world::{World, block_on};
use codexa_governance::refusal::{Kind, Refusal};
use codexa_proto::v1::EventList;
use codexa_testkit::postgres::Version;

/// Forgets the newest events, as where an older backup was restored; keeps those up to this one.
async fn restore(world: &World, kept: i64) {
    world.engine.sql(&format!("DELETE FROM outbox WHERE id > {kept}; UPDATE ledgers SET events = {kept}")).await;
}

async fn after(world: &World, cursor: &str) -> Result<EventList, Refusal> {
    world.governance.events(&world.caller("ada"), cursor, 100).await
}

async fn ids(world: &World, cursor: &str) -> Vec<i64> {
    after(world, cursor).await.unwrap().events.into_iter().map(|event| event.id).collect()
}

async fn is_gone(world: &World, cursor: &str) -> bool {
    match after(world, cursor).await {
        Ok(_) => false,
        Err(refusal) => {
            assert_eq!((refusal.kind, refusal.code), (Kind::Gone, "EVENTS_GONE"), "{refusal}");
            true
        }
    }
}

/// Three events: three changes are opened.
async fn three(engine: Engine) -> World {
    let world = World::over(engine).await;
    for _ in 0..3 {
        world.open_change().await;
    }
    world
}

#[test]
fn events_begin_again_on_sqlite() {
    block_on(begins_again(Engine::sqlite()));
}

#[test]
fn events_begin_again_on_postgresql_15() {
    block_on(begins_again(Engine::postgres(Version::V15)));
}

#[test]
fn events_begin_again_on_postgresql_11() {
    block_on(begins_again(Engine::postgres(Version::V11)));
}

async fn begins_again(engine: Engine) {
    let world = three(engine).await;
    let cursors: Vec<String> = world.events().await.into_iter().map(|event| event.cursor).collect();
    let [first, second, third] = cursors.as_slice() else { panic!("{cursors:?}") };
    assert_eq!((ids(&world, first).await, ids(&world, third).await), (vec![2, 3], vec![]));

    restore(&world, 2).await;
    assert!(is_gone(&world, third).await, "it has not happened any more");
    assert!(ids(&world, second).await.is_empty(), "whoever was not that far has missed nothing");
    world.open_change().await;
    assert!(is_gone(&world, third).await, "another event has its id");
    assert_eq!((ids(&world, second).await, ids(&world, "3").await), (vec![3], vec![]));
    let newest = after(&world, "").await.unwrap().newest;
    assert!(newest.starts_with("3.") && newest != *third, "{newest}");
}

#[test]
fn a_cursor_names_an_event_by_everything_that_is_kept_of_it() {
    block_on(async {
        let world = three(Engine::sqlite()).await;
        let newest = after(&world, "").await.unwrap().newest;
        for changed in ["at = at + 1", "kind = 'x'", "change_id = NULL", "gate = 'x'", "job = 'x'", "says = 'x'"] {
            world.engine.sql("CREATE TABLE kept AS SELECT * FROM outbox WHERE id = 3").await;
            world.engine.sql(&format!("UPDATE outbox SET {changed} WHERE id = 3")).await;
            assert!(is_gone(&world, &newest).await, "{changed}");
            world.engine.sql("DELETE FROM outbox WHERE id = 3; INSERT INTO outbox SELECT * FROM kept").await;
            world.engine.sql("DROP TABLE kept").await;
            assert!(ids(&world, &newest).await.is_empty(), "{changed}");
        }
    });
}

#[test]
fn what_was_swept_is_gone_and_what_is_whole_is_given() {
    block_on(async {
        let world = three(Engine::sqlite()).await;
        let second = world.events().await.remove(1).cursor;
        world.engine.sql("DELETE FROM outbox WHERE id < 3").await;
        for cursor in ["0", "1", second.as_str()] {
            assert!(is_gone(&world, cursor).await, "{cursor}");
        }
        assert_eq!(ids(&world, "2").await, [3], "nothing behind it was swept");
        world.engine.sql("DELETE FROM outbox").await;
        assert_eq!(after(&world, "").await.unwrap().newest, "3");
        assert_eq!((ids(&world, "3").await, is_gone(&world, "2").await), (vec![], true));
    });
}

#[test]
fn events_are_given_in_bounded_parts_from_the_beginning() {
    block_on(async {
        let world = World::new().await;
        let ada = world.caller("ada");
        assert_eq!((after(&world, "").await.unwrap().newest, ids(&world, "0").await), ("0".to_owned(), vec![]));
        world.open_change().await;
        for limit in [0, 1, u32::MAX] {
            assert_eq!(world.governance.events(&ada, "0", limit).await.unwrap().events.len(), 1);
        }
        assert!(is_gone(&world, "2").await && is_gone(&world, &i64::MAX.to_string()).await);
        let odd = ["-1", "+1", "1.", ".5", "now", "1.zz", "1.0123456789abcdef0", "9223372036854775808", "\0"];
        for cursor in odd {
            assert_eq!(after(&world, cursor).await.unwrap_err().code, "CURSOR_INVALID", "{cursor:?}");
        }
    });
}
