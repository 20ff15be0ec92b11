//! What happens when something underneath gives way: nothing that was acknowledged is lost, and nothing is done twice.

use crate::engine::{Engine, PROJECT};
use crate::world::{World, block_on, code, directive, governance_over};
use codexa_governance::Order;
use codexa_governance::Page;
use codexa_governance::identity::TokenKind;
use codexa_governance::refusal::Kind;
use codexa_governance::store::{self, StoreError};
use codexa_proto::v1::{Caller, LeaseRequest};
use codexa_testkit::child;
use codexa_testkit::postgres::Version;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

#[test]
fn abuse_27_a_store_that_refuses_the_entry_refuses_the_directive() {
    block_on(full(Engine::sqlite(), "STORE_REFUSED"));
}

#[test]
fn abuse_27_a_store_that_refuses_the_entry_refuses_the_directive_on_postgresql() {
    block_on(full(Engine::postgres(Version::V11), "STORE_UNAVAILABLE"));
}

async fn full(engine: Engine, expected: &str) {
    let world = World::over(engine).await;
    world.open_change().await;
    let asked = world.say("ben", "approve design for CH-001").await.unwrap();
    let card = world.card("design").await;
    let before = world.traces().await;
    world.engine.refuse_entries("53100").await;
    let confirmation = world.confirmation(world.caller("ben"), &asked);
    assert_eq!(code(world.governance.execute(confirmation.clone()).await), expected);
    for words in ["open change: more", "approve scope for CH-001", "discover"] {
        assert_eq!(code(world.say("ben", words).await), expected, "{words}");
    }
    assert_eq!(world.traces().await, before);
    assert_eq!(world.card("design").await, card);
    world.engine.take_entries().await;
    let voted = world.governance.execute(confirmation).await.unwrap();
    assert_eq!(voted.card.unwrap().have, 1, "its nonce and its key are as good as before");
    world.acts().await;
}

#[test]
fn what_may_pass_is_told_from_what_does_not() {
    block_on(async {
        let world = World::over(Engine::postgres(Version::V15)).await;
        for (sqlstate, expected) in [
            ("53100", "STORE_UNAVAILABLE"),
            ("55P03", "STORE_UNAVAILABLE"),
            ("40001", "STORE_UNAVAILABLE"),
            ("25006", "STORE_UNAVAILABLE"),
            ("57014", "STORE_UNAVAILABLE"),
            ("58030", "STORE_UNAVAILABLE"),
            ("23505", "STORE_REFUSED"),
            ("42501", "STORE_REFUSED"),
            ("XX000", "STORE_REFUSED"),
        ] {
            world.engine.refuse_entries(sqlstate).await;
            assert_eq!(code(world.say("ada", "open change: x").await), expected, "{sqlstate}");
        }
        assert_eq!(world.engine.count("changes").await, 0);
    });
}

/// A child whose files may not grow any more, as on a full disk.
#[test]
fn abuse_27_a_disk_that_takes_no_more_refuses_the_directive() {
    if let Some(role) = child::role() {
        return block_on(open_changes(&role));
    }
    block_on(async {
        let world = World::new().await;
        let name = "faults::abuse_27_a_disk_that_takes_no_more_refuses_the_directive";
        let full = child::again(name, Path::new(&role(&world)));
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\""])
            .arg(full.get_program())
            .args(full.get_args())
            .envs(full.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let acknowledged = said.lines().filter(|line| line.contains("acknowledged ")).count();
        assert!(said.contains("refused STORE_UNAVAILABLE"), "{said} {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(world.acts().await.len(), acknowledged, "what was refused left nothing");
        let next = world.governance.execute(numbered(&world.token("ada"), acknowledged)).await.unwrap();
        assert_eq!(next.change.unwrap().id, format!("CH-{:03}", acknowledged + 1));
    });
}

/// What a child needs to know to work on a world.
fn role(world: &World) -> String {
    format!("{}|{}|{}", world.engine.file().display(), world.repository.path().display(), world.token("ada"))
}

/// A child's work: it opens changes until it is refused, and says so of each.
async fn open_changes(role: &str) {
    let parts: Vec<&str> = role.split('|').collect();
    let store = store::open_sqlite(Path::new(parts[0]), PROJECT).await.unwrap();
    let governance = governance_over(store, Path::new(parts[1]));
    for number in 0.. {
        match governance.execute(numbered(parts[2], number)).await {
            Ok(answer) => println!("acknowledged {number} {}", answer.change.unwrap().id),
            Err(refusal) => return println!("refused {}", refusal.code),
        }
    }
}

/// The order of a number: the same key each time.
fn numbered(token: &str, number: usize) -> Order {
    let words = format!("open change: number {number}");
    Order {
        caller: Caller { token: token.to_owned(), ..Caller::default() },
        directive: Some(directive(&words)),
        key: format!("number-{number}"),
        fingerprint: words,
        ..Order::default()
    }
}

/// A child opens changes until it is killed, somewhere between a commit and the next; whoever sends its last request again
/// gets the first answer.
#[test]
fn abuse_45_a_killed_process_loses_nothing_that_it_acknowledged_and_does_nothing_twice() {
    if let Some(role) = child::role() {
        return block_on(open_changes(&role));
    }
    block_on(async {
        for acknowledgements in [1, 4, 9] {
            let world = World::new().await;
            let token = world.token("ada");
            let name = "faults::abuse_45_a_killed_process_loses_nothing_that_it_acknowledged_and_does_nothing_twice";
            let mut child = child::again(name, Path::new(&role(&world))).spawn().unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let mut acknowledged: Vec<String> = Vec::new();
            for line in lines {
                let Some((_, said)) = line.split_once("acknowledged ") else { continue };
                acknowledged.push(said.to_owned());
                if acknowledged.len() == acknowledgements {
                    child.kill().unwrap();
                }
            }
            child.wait().unwrap();
            assert!(acknowledged.len() >= acknowledgements);
            // Also the one that was in progress, done or not.
            for number in 0..=acknowledged.len() {
                let answer = world.governance.execute(numbered(&token, number)).await.unwrap();
                let id = answer.change.unwrap().id;
                assert_eq!(id, format!("CH-{:03}", number + 1));
                if let Some(said) = acknowledged.get(number) {
                    assert_eq!(*said, format!("{number} {id}"));
                }
            }
            assert_eq!(world.acts().await.len(), acknowledged.len() + 1);
        }
    });
}

#[test]
fn abuse_45_postgresql_15_stopped_immediately_loses_no_acknowledged_vote() {
    block_on(stopped(Engine::durable(Version::V15)));
}

#[test]
fn abuse_45_postgresql_11_stopped_immediately_loses_no_acknowledged_vote() {
    block_on(stopped(Engine::durable(Version::V11)));
}

async fn stopped(engine: Engine) {
    let mut world = World::over(engine).await;
    world.open_change().await;
    for round in 0..2 {
        let (sender, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
        let mut tasks = tokio::task::JoinSet::new();
        for person in ["ben", "cat", "dan"] {
            // Each votes for and against in turn, so that each confirmation is another act.
            let (governance, caller, sender) = (world.governance.clone(), world.caller(person), sender.clone());
            tasks.spawn(async move {
                for number in 0.. {
                    let words = if number % 2 == 0 {
                        "approve design for CH-001"
                    } else {
                        "deny design for CH-001 because it is wrong"
                    };
                    let order = |step: &str| Order {
                        caller: caller.clone(),
                        key: format!("{round} {number} {step}"),
                        fingerprint: format!("{number} {step}"),
                        ..Order::default()
                    };
                    let ask = Order { directive: Some(directive(words)), ..order("ask") };
                    let Ok(asked) = governance.execute(ask).await else { return None };
                    let confirm = Order { nonce: asked.confirm.map(|confirm| confirm.nonce), ..order("confirm") };
                    match governance.execute(confirm.clone()).await {
                        Ok(answer) => sender.send((confirm, answer)).unwrap(),
                        Err(refusal) => {
                            assert_eq!(refusal.kind, Kind::Unavailable, "{refusal}");
                            return Some(confirm);
                        }
                    }
                }
                None
            });
        }
        drop(sender);
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(acknowledged.recv().await.unwrap());
        }
        world.engine.server().stop_immediately();
        let unknown: Vec<Order> = tasks.join_all().await.into_iter().flatten().collect();
        while let Some(answer) = acknowledged.recv().await {
            answers.push(answer);
        }
        world.engine.server().restart();

        let acts = world.acts().await;
        for (order, answer) in answers {
            // A vote that was there already has no entry.
            if let Some(entry) = &answer.entry {
                assert!(acts[usize::try_from(entry.sequence - 1).unwrap()].starts_with("gate."), "{acts:?}");
            }
            assert_eq!(world.governance.execute(order).await.unwrap(), answer, "the first answer");
        }
        // What nobody knows of is done once, then or now.
        let mut entries = BTreeSet::new();
        for order in unknown {
            let answer = world.governance.execute(order).await.unwrap();
            entries.extend(answer.entry.map(|entry| entry.sequence));
        }
        let after = world.acts().await;
        assert!(after.len() - acts.len() <= entries.len());
        assert_eq!(world.engine.count("votes").await, world.card("design").await.votes.len());
    }
}

#[test]
fn a_database_that_is_away_is_said_to_be_and_used_again_when_it_is_back() {
    block_on(async {
        let mut world = World::over(Engine::postgres(Version::V15)).await;
        world.engine.server().stop();
        let order = world.order("ada", "open change: later");
        let refused = world.governance.execute(order.clone()).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::Unavailable, "STORE_UNAVAILABLE"));
        assert!(
            matches!(world.engine.open().await.unwrap_err(), StoreError::Unavailable(_)),
            "whoever starts now waits"
        );
        world.engine.server().restart();
        world.governance.execute(order).await.unwrap();
        assert_eq!(world.acts().await, ["change.open"]);
    });
}

#[test]
fn many_processes_open_a_new_store_at_once() {
    block_on(opened_at_once(Engine::sqlite()));
}

#[test]
fn many_processes_open_a_new_store_at_once_on_postgresql() {
    block_on(opened_at_once(Engine::postgres(Version::V11)));
}

async fn opened_at_once(engine: Engine) {
    let engine = std::sync::Arc::new(engine);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let engine = std::sync::Arc::clone(&engine);
        tasks.spawn(async move {
            let mut read = engine.open().await.unwrap().read().await.unwrap();
            read.ledger().await.unwrap().ledger
        });
    }
    let ledgers: BTreeSet<String> = tasks.join_all().await.into_iter().collect();
    assert_eq!(ledgers.len(), 1, "all of them have the same ledger");
}

#[test]
fn writers_wait_for_one_another_whatever_the_database_is_set_to() {
    block_on(async {
        let engine = Engine::postgres(Version::V15);
        engine.sql("ALTER DATABASE test1 SET default_transaction_isolation = 'serializable'").await;
        engine.sql("ALTER DATABASE test1 SET default_transaction_read_only = off").await;
        let world = World::over(engine).await;
        let governances = [world.governance.clone(), world.another().await];
        let mut tasks = tokio::task::JoinSet::new();
        for place in 0..24 {
            let (governance, order) = (governances[place % 2].clone(), world.order("ada", "open change: one of many"));
            tasks.spawn(async move { governance.execute(order).await });
        }
        let ids: BTreeSet<String> =
            tasks.join_all().await.into_iter().map(|answer| answer.unwrap().change.unwrap().id).collect();
        assert_eq!(ids.len(), 24);
        assert_eq!(world.acts().await.len(), 24);
    });
}

#[test]
fn readers_find_a_connection_however_many_write() {
    block_on(crowd(Engine::sqlite()));
}

#[test]
fn readers_find_a_connection_however_many_write_on_postgresql() {
    block_on(crowd(Engine::postgres(Version::V15)));
}

/// A writer that hangs holds up the other writers and nobody else: no list, no question, no worker without work, and nobody
/// whose token is none.
async fn crowd(engine: Engine) {
    let world = World::over(engine).await;
    let store = world.engine.open().await.unwrap();
    let hanging = store.write().await.unwrap();
    let governance = governance_over(std::sync::Arc::clone(&store), world.repository.path());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let (governance, order) = (governance.clone(), world.order("ada", "open change: one of many"));
        tasks.spawn(async move { governance.execute(order).await });
    }
    governance.know(TokenKind::Service, "worker", "cdx_of_a_worker");
    let caller = Caller { token: "cdx_of_a_worker".to_owned(), ..Caller::default() };
    let idle =
        LeaseRequest { caller: Some(caller), worker: "w".to_owned(), kinds: vec!["discover".to_owned()], seconds: 9 };
    for _ in 0..50 {
        assert_eq!(governance.lease(idle.clone()).await.unwrap(), None);
        assert_eq!(governance.changes(&world.caller("ada"), &Page::default()).await.unwrap().changes, []);
        governance.execute(world.order("ben", "status")).await.unwrap();
        let nobody = world.order_of(Caller { token: "cdx_0".to_owned(), ..Caller::default() }, "open change: x");
        assert_eq!(code(governance.execute(nobody).await), "TOKEN_INVALID");
        tokio::task::yield_now().await;
    }
    drop(hanging);
    assert!(tasks.join_all().await.into_iter().all(|answer| answer.is_ok()));
    assert_eq!(world.acts().await.len(), 30);
}

#[test]
fn time_in_the_ledger_never_runs_back() {
    block_on(async {
        let world = World::with_change().await;
        world.engine.sql("UPDATE ledgers SET last_at = 4102444800000").await;
        world.say("ben", "approve design for CH-001").await.unwrap();
        let times = world.engine.texts("SELECT CAST(at AS TEXT) FROM leaves WHERE seq = 2").await;
        assert_eq!(times, ["4102444800000"]);
        assert_eq!(world.check().await, Ok(3));
    });
}

#[test]
fn an_address_that_is_none_is_refused_at_once() {
    block_on(async {
        for url in ["", "no address", "postgres://localhost:port/x"] {
            let refused = store::open_postgres(url, PROJECT).await.unwrap_err();
            assert!(matches!(refused, StoreError::Refused(_)), "{url}: {refused:?}");
        }
    });
}

#[test]
fn a_store_without_its_ledger_writes_nothing() {
    block_on(without_ledger(Engine::sqlite()));
}

#[test]
fn a_store_without_its_ledger_writes_nothing_on_postgresql() {
    block_on(without_ledger(Engine::postgres(Version::V15)));
}

async fn without_ledger(engine: Engine) {
    let world = World::over(engine).await;
    world.engine.sql("DELETE FROM ledgers").await;
    assert_eq!(code(world.say("ada", "open change: x").await), "STORE_REFUSED");
    assert_eq!(world.engine.count("changes").await, 0);
}

#[test]
fn abuse_29_a_changed_entry_is_found() {
    block_on(async {
        let world = World::with_change().await;
        world.decide("ben", "approve design for CH-001").await.unwrap();
        world.acts().await;
        for (change, back) in [
            (
                "UPDATE leaves SET leaf = replace(leaf, 'ben', 'cat') WHERE seq = 3",
                "UPDATE leaves SET leaf = replace(leaf, 'cat', 'ben') WHERE seq = 3",
            ),
            (
                "UPDATE leaves SET hash = 'x' || hash WHERE seq = 1",
                "UPDATE leaves SET hash = substr(hash, 2) WHERE seq = 1",
            ),
        ] {
            world.engine.sql(change).await;
            assert!(world.check().await.is_err(), "{change}");
            world.engine.sql(back).await;
            assert_eq!(world.check().await, Ok(4));
        }
    });
}
