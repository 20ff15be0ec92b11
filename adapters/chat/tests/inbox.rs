//! The inbox: what is in stays in, once.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

use codexa_api::{Account, Event, EventKind};
use codexa_chat::{Act, Inbox, Incoming, Place, Received, Step};
use codexa_testkit::child;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

fn said_in(channel: &str, words: &str) -> Incoming {
    Incoming {
        account: Account {
            platform: "slack".to_owned(),
            space: "T1".to_owned(),
            user: "U1".to_owned(),
            name: "Ana".to_owned(),
        },
        place: Place { channel: channel.to_owned(), thread: Some("1.0".to_owned()), reply: None },
        link: String::new(),
        act: Act::Said { words: words.to_owned(), own: vec!["UBOT".to_owned()] },
    }
}

async fn next(inbox: &Inbox, busy: &[&str]) -> Option<String> {
    let busy: BTreeSet<String> = busy.iter().map(|&channel| channel.to_owned()).collect();
    inbox.next(Step::Effect, &busy).await.unwrap().map(|row| row.key)
}

#[tokio::test]
async fn abuse_03_the_same_message_again_is_one_row_and_another_under_its_id_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&folder.path().join("inbox.db")).await.unwrap();
    let message = said_in("C1", "approve design for CH-001");
    assert_eq!(inbox.receive("E1", &message).await.unwrap(), Received::New);
    assert_eq!(inbox.receive("E1", &message).await.unwrap(), Received::Again);
    assert_eq!(inbox.receive("E1", &said_in("C1", "approve design for CH-002")).await.unwrap(), Received::Conflict);
    let row = inbox.next(Step::Effect, &BTreeSet::new()).await.unwrap().unwrap();
    assert_eq!(row.incoming, message, "the first stays");
    inbox.done("E1").await.unwrap();
    assert_eq!(inbox.receive("E1", &message).await.unwrap(), Received::Again, "also after its effect");
    assert_eq!(next(&inbox, &[]).await, None);
}

#[tokio::test]
async fn a_message_that_is_read_again_under_its_authors_new_name_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&folder.path().join("inbox.db")).await.unwrap();
    let message = said_in("C1", "approve design for CH-001");
    inbox.receive("E1", &message).await.unwrap();
    let mut renamed = message.clone();
    renamed.account.name = "Gia".to_owned();
    assert_eq!(inbox.receive("E1", &renamed).await.unwrap(), Received::Again);
    let mut anothers = renamed.clone();
    anothers.account.user = "U2".to_owned();
    assert_eq!(inbox.receive("E1", &anothers).await.unwrap(), Received::Conflict);
}

#[tokio::test]
async fn a_channel_is_answered_in_its_order_and_does_not_hold_up_others() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&folder.path().join("inbox.db")).await.unwrap();
    for (key, channel) in [("a1", "A"), ("a2", "A"), ("b1", "B")] {
        inbox.receive(key, &said_in(channel, "status")).await.unwrap();
    }
    assert_eq!(next(&inbox, &[]).await.as_deref(), Some("a1"));
    assert_eq!(next(&inbox, &["A"]).await.as_deref(), Some("b1"));
    inbox.failed("a1", "the gateway is away", Some(i64::MAX)).await.unwrap();
    assert_eq!(next(&inbox, &[]).await.as_deref(), Some("b1"), "a2 waits behind a1");
    inbox.failed("a1", "given up", None).await.unwrap();
    assert_eq!(next(&inbox, &[]).await.as_deref(), Some("a2"));
}

/// Changes the file behind the inbox's back: lets time pass, say.
async fn behind_its_back(file: &Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn what_is_done_is_forgotten_after_seven_days_and_what_waits_never_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.db");
    let inbox = Inbox::open(&file).await.unwrap();
    for key in ["old", "new", "waits"] {
        inbox.receive(key, &said_in("C1", "status")).await.unwrap();
    }
    inbox.done("old").await.unwrap();
    inbox.done("new").await.unwrap();
    behind_its_back(&file, "UPDATE inbox SET received_at = received_at - 604801000 WHERE key <> 'new'").await;
    inbox.purge().await.unwrap();
    assert_eq!(inbox.receive("new", &said_in("C1", "status")).await.unwrap(), Received::Again);
    assert_eq!(inbox.receive("waits", &said_in("C1", "status")).await.unwrap(), Received::Again);
    assert_eq!(inbox.receive("old", &said_in("C1", "status")).await.unwrap(), Received::New);
}

#[tokio::test]
async fn a_row_of_another_version_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.db");
    let inbox = Inbox::open(&file).await.unwrap();
    for key in ["strange", "known"] {
        inbox.receive(key, &said_in("C1", "status")).await.unwrap();
    }
    behind_its_back(&file, "UPDATE inbox SET payload = '{}' WHERE key = 'strange'").await;
    assert!(inbox.next(Step::Effect, &BTreeSet::new()).await.is_err(), "it is said once");
    assert_eq!(next(&inbox, &[]).await.as_deref(), Some("known"));
}

#[tokio::test]
async fn nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.db");
    let inbox = Inbox::open(&file).await.unwrap();
    inbox.receive("E1", &said_in("C1", "status")).await.unwrap();
    for name in ["inbox.db", "inbox.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn an_event_is_heard_once_and_never_backwards() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&folder.path().join("inbox.db")).await.unwrap();
    assert_eq!(inbox.heard().await.unwrap(), None);
    let event = |id| Event {
        id,
        cursor: format!("{id}.tag"),
        at: 0,
        kind: EventKind::GateChanged,
        change: Some("CH-001".to_owned()),
        gate: None,
        job: None,
        says: String::new(),
    };
    for id in [5, 5, 4] {
        inbox.hear(&event(id)).await.unwrap();
    }
    assert_eq!(inbox.heard().await.unwrap().as_deref(), Some("5.tag"));
}

#[tokio::test]
async fn what_is_too_long_for_a_button_is_kept_under_a_short_name() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(&folder.path().join("inbox.db")).await.unwrap();
    let value = "x".repeat(5000);
    let name = inbox.keep(&value).await.unwrap();
    assert!(name.len() == 37 && inbox.keep(&value).await.unwrap() == name);
    assert_eq!(inbox.carried(&name).await.unwrap().as_deref(), Some(value.as_str()));
    assert_eq!(inbox.carried("{}").await.unwrap().as_deref(), Some("{}"));
    assert_eq!(inbox.carried("kept:0000").await.unwrap(), None);
}

/// What the child does: takes a message in, says so, and waits to be killed.
async fn take_in_and_wait(file: &Path) {
    let inbox = Inbox::open(file).await.unwrap();
    inbox.receive("E1", &said_in("C1", "status")).await.unwrap();
    println!("\nit is in");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn abuse_04_killed_between_in_and_done_the_message_is_still_next() {
    const NAME: &str = "abuse_04_killed_between_in_and_done_the_message_is_still_next";
    if let Some(file) = child::role() {
        return take_in_and_wait(Path::new(&file)).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.db");
    let mut killed = child::again(NAME, &file).spawn().unwrap();
    let said = BufReader::new(killed.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.into_iter().any(|line| line == "it is in"));
    killed.kill().unwrap();
    killed.wait().unwrap();

    let inbox = Inbox::open(&file).await.unwrap();
    assert_eq!(inbox.receive("E1", &said_in("C1", "status")).await.unwrap(), Received::Again, "the platform's retry");
    assert_eq!(next(&inbox, &[]).await.as_deref(), Some("E1"));
}
