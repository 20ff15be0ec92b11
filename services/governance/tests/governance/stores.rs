//! What every engine promises: a transaction is there whole or not at all, and readers and writers leave one another alone.

use crate::engine::Engine;
use crate::world::block_on;
use codexa_governance::store::rows::{ChangeRow, EventRow, LeafRow};
use codexa_governance::store::{StoreError, Transaction};
use codexa_testkit::postgres::Version;

#[test]
fn promises_of_sqlite() {
    block_on(promises(Engine::sqlite()));
}

#[test]
fn promises_of_postgresql_15() {
    block_on(promises(Engine::postgres(Version::V15)));
}

#[test]
fn promises_of_postgresql_11() {
    block_on(promises(Engine::postgres(Version::V11)));
}

async fn promises(engine: Engine) {
    let store = engine.open().await.unwrap();

    // What is not committed was never there, and the next writer need not wait for it.
    let mut abandoned = store.write().await.unwrap();
    write(&mut *abandoned, 1).await.unwrap();
    drop(abandoned);
    let mut read = store.read().await.unwrap();
    assert_eq!(read.ledger().await.unwrap().size, 0);
    assert_eq!(read.change("CH-001").await.unwrap(), None);

    // A reader sees one moment, and holds up nobody.
    let mut writer = store.write().await.unwrap();
    write(&mut *writer, 1).await.unwrap();
    assert_eq!(read.changes().await.unwrap(), []);
    writer.commit().await.unwrap();
    assert_eq!((read.ledger().await.unwrap().size, read.changes().await.unwrap().len()), (0, 0));
    let mut later = store.read().await.unwrap();
    assert_eq!((later.ledger().await.unwrap().size, later.changes().await.unwrap().len()), (1, 1));
    assert_eq!(later.events(0, 10).await.unwrap()[0].id, 1);

    // A place in the ledger is taken once, also by whoever counted wrong.
    let mut writer = store.write().await.unwrap();
    assert!(matches!(writer.append(&leaf(0)).await.unwrap_err(), StoreError::Refused(_)));
    drop(writer);
    let mut writer = store.write().await.unwrap();
    assert!(matches!(writer.append(&leaf(7)).await.unwrap_err(), StoreError::Unreadable { .. }));
    drop(writer);
    assert_eq!(engine.count("leaves").await, 1);

    // Another process has another turn.
    let other = engine.open().await.unwrap();
    let mut first = store.write().await.unwrap();
    let waiting = tokio::spawn(async move {
        let mut second = other.write().await.unwrap();
        let seen = second.ledger().await.unwrap().size;
        second.append(&leaf(seen)).await.unwrap();
        second.commit().await.unwrap();
        seen
    });
    first.append(&leaf(1)).await.unwrap();
    tokio::task::yield_now().await;
    first.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap(), 2, "it sees what was written before it");
    assert_eq!(store.read().await.unwrap().ledger().await.unwrap().size, 3);
}

/// A change, its entry and its event.
async fn write(writer: &mut dyn Transaction, number: i64) -> Result<(), StoreError> {
    let change = ChangeRow {
        id: format!("CH-{number:03}"),
        number,
        title: "promise".to_owned(),
        requester: "ada".to_owned(),
        opened_at: 1,
        held_by: None,
        held_reason: None,
        held_at: None,
        held_until: None,
    };
    writer.put_change(&change).await?;
    writer.append(&leaf(number - 1)).await?;
    let event = EventRow {
        id: 0,
        at: 1,
        kind: "change.opened".to_owned(),
        change_id: Some(change.id),
        gate: None,
        job: None,
        says: String::new(),
    };
    writer.announce(&event).await?;
    Ok(())
}

fn leaf(seq: i64) -> LeafRow {
    LeafRow { seq, at: 1, act: "change.open".to_owned(), leaf: "{}".to_owned(), hash: "00".to_owned() }
}
