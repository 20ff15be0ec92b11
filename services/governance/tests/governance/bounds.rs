//! Texts from outside end in entries that stay for ever: how long they may be, and what they may hold.

use crate::engine::Engine;
use crate::world::{World, block_on, code};
use codexa_directive::MAX_CHARS;
use codexa_governance::Order;
use codexa_governance::refusal::Kind;
use codexa_proto::v1;
use codexa_testkit::postgres::Version;

#[test]
fn abuse_28_the_longest_reason_fits_a_ledger_entry_and_a_longer_one_is_refused() {
    block_on(async {
        let world = World::with_change().await;
        for (letter, person) in [("\u{1f9ea}", "cat"), ("\"", "dan")] {
            let mut order = world.order(person, "deny design for CH-001 because x");
            let reason = letter.repeat(MAX_CHARS);
            order.directive.as_mut().unwrap().args.reason = Some(reason.clone());
            let asked = world.governance.execute(order.clone()).await.unwrap();
            let denied = world.governance.execute(world.confirmation(world.caller(person), &asked)).await.unwrap();
            assert!(denied.card.unwrap().votes.iter().any(|vote| vote.reason.as_ref() == Some(&reason)));

            let before = world.traces().await;
            let mut order = world.order(person, "deny design for CH-001 because x");
            order.directive.as_mut().unwrap().args.reason = Some(reason + letter);
            assert_eq!(code(world.governance.execute(order).await), "DIRECTIVE_INVALID");
            assert_eq!(world.traces().await, before);
        }
        world.acts().await;
    });
}

#[test]
fn a_title_is_one_short_line() {
    block_on(async {
        let world = World::new().await;
        let open = |title: &str| {
            let mut order = world.order("ada", "open change: x");
            order.directive.as_mut().unwrap().args.title = Some(title.to_owned());
            world.governance.execute(order)
        };
        assert_eq!(open(" two\n\tlines ").await.unwrap().change.unwrap().title, "two lines");
        assert_eq!(open(&"t".repeat(200)).await.unwrap().change.unwrap().title.len(), 200);
        assert_eq!(code(open(&"t".repeat(201)).await), "TITLE_TOO_LONG");
        assert_eq!(code(open(" \n").await), "TITLE_MISSING");
        for odd in ["a\0b", "a\u{1b}[31mb", "a\rb", "a\u{9b}b"] {
            assert_eq!(code(open(odd).await), "DIRECTIVE_INVALID", "{odd:?}");
        }
    });
}

#[test]
fn no_text_makes_the_store_refuse() {
    block_on(odd_texts(Engine::sqlite()));
}

#[test]
fn no_text_makes_postgresql_refuse() {
    block_on(odd_texts(Engine::postgres(Version::V15)));
}

/// PostgreSQL has no place for NUL: what holds one is refused before, and on every engine with the same words.
async fn odd_texts(engine: Engine) {
    let world = World::over(engine).await;
    world.open_change().await;
    let before = world.traces().await;
    let long = "x".repeat(201);
    for odd in ["\0", "a\nb", long.as_str()] {
        let ada = world.caller("ada");
        let channel = |kind: &str, place: &str| v1::Channel {
            kind: kind.to_owned(),
            place: place.to_owned(),
            link: String::new(),
        };
        for channel in [channel(odd, ""), channel("rest", odd)] {
            let caller = v1::Caller { channel: Some(channel), ..ada.clone() };
            assert_eq!(code(world.governance.execute(world.order_of(caller, "status")).await), "CALLER_INVALID");
        }
        let mut order = world.order("ada", "approve design for CH-001");
        order.directive.as_mut().unwrap().target.as_mut().unwrap().id = odd.to_owned();
        assert_eq!(code(world.governance.execute(order).await), "DIRECTIVE_INVALID");
        assert_eq!(world.governance.change(&ada, odd).await.unwrap_err().kind, Kind::NotFound);
        assert_eq!(world.governance.job(&ada, odd).await.unwrap_err().kind, Kind::NotFound);
    }
    for digest in ["\0", long.as_str()] {
        let order = Order { digest: Some(digest.to_owned()), ..world.order("ben", "approve design for CH-001") };
        assert_eq!(code(world.governance.execute(order).await), "SUBJECT_STALE");
        let order = Order { nonce: Some(digest.to_owned()), directive: None, ..world.order("ben", "status") };
        assert_eq!(code(world.governance.execute(order).await), "NONCE_UNKNOWN");
    }
    assert_eq!(world.traces().await, before);
}

#[test]
fn a_file_that_is_too_long_is_not_approved() {
    block_on(async {
        let world = World::with_change().await;
        world.repository.write("changes/CH-001/plan.md", "x".repeat((1 << 20) + 1));
        let asked = world.say("ben", "approve design for CH-001").await.unwrap();
        assert_eq!(asked.confirm, None);
        assert!(asked.says.starts_with("Nothing can be approved yet: changes/CH-001/plan.md"), "{}", asked.says);
    });
}
