//! The loop, against a platform that can fail and a gateway that keeps to the contract.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

mod common;

use codexa_api::{EventKind, Job, JobState};
use codexa_chat::{Act, MessageRef, PlatformError, Press, Standing};
use codexa_testkit::gateway::{self, Gateway};
use common::{Adapter, Fake, by, eventually, incoming, pressed, said};
use std::sync::Arc;
use std::time::Duration;

const APPROVE: &str = "approve design for CH-001";

/// A gateway that shows the card, and counts a vote when it comes with the digest.
async fn voting() -> Gateway {
    let gateway = Gateway::start().await;
    gateway.set_change(gateway::change_with(gateway::card(vec![], 1)));
    gateway.answer(|request| {
        let mut answer = gateway::answered(gateway::said(&request.words));
        let voted = request.digest.is_some();
        let votes = if voted { vec![gateway::vote("gia", "GO", 0)] } else { vec![] };
        answer.card = Some(gateway::card(votes, if voted { 2 } else { 1 }));
        if voted {
            answer.says = "You approved the design of CH-001.".into();
            answer.entry = Some(gateway::entry());
        }
        Ok(answer)
    });
    gateway
}

/// The state of the gateway after the vote, as an event tells it.
fn tell_vote(gateway: &Gateway) {
    gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], 2)));
    gateway.emit(2, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
}

#[tokio::test]
async fn words_become_a_card_and_a_press_becomes_a_vote_that_the_card_shows() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let card = eventually(async || adapter.fake.shown("C1").pop()).await;
    assert!(card.text.contains("design gate · 0 of 2") && card.text.contains("[Approve]"), "{}", card.text);

    let value = Press::saying(APPROVE).about(gateway::digest()).value();
    gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], 2)));
    adapter.receive("p1", &pressed(&card.at, &value)).await;
    let card = eventually(async || adapter.fake.shown("C1").pop().filter(|card| card.edits == 1)).await;
    assert!(card.text.contains("design gate · 1 of 2") && card.text.contains("by gia"), "{}", card.text);
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert_eq!(told, "U1: You approved the design of CH-001.\n");
    let asked = gateway.asked().pop().unwrap();
    let directive = asked.directive.unwrap();
    assert_eq!((asked.key.as_str(), directive.digest), ("p1", Some(gateway::digest())));
    assert_eq!(directive.account.unwrap().user, "U1");
}

/// The keys under which the gateway was asked, repeats included.
fn keys(gateway: &Gateway) -> Vec<String> {
    gateway.asked().into_iter().map(|asked| asked.key).collect()
}

#[tokio::test]
async fn abuse_04_killed_after_the_directive_and_before_the_delivery_the_first_answer_arrives_once() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.hang(true);
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || (adapter.fake.tried() == ["m1"]).then_some(())).await;
    // What the gateway would answer now is not asked for.
    gateway.answer(|_| gateway::refused(500, "STORE_REFUSED", "another answer"));
    let adapter = adapter.killed_and_started_again().await;
    let card = eventually(async || adapter.fake.shown("C1").pop()).await;
    assert!(card.text.contains("design gate · 0 of 2"), "{}", card.text);
    eventually(async || (adapter.became("m1").await.0 == "done").then_some(())).await;
    assert_eq!((keys(&gateway), adapter.fake.shown("C1").len()), (vec!["m1".to_owned()], 1));
    assert_eq!(adapter.inbox.cards("CH-001", "design").await.unwrap().len(), 1, "it is kept up to date");
}

#[tokio::test]
async fn an_answer_that_cannot_be_delivered_holds_up_no_act_behind_it() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.refuse_in("C1", PlatformError::passing("the bot is not in the channel"));
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.tried().pop()).await;
    let at = MessageRef { channel: "C1".into(), message: "9".into() };
    let vote = Press::saying(APPROVE).about(gateway::digest()).value();
    adapter.receive("p1", &pressed(&at, &vote)).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert_eq!(told, "U1: You approved the design of CH-001.\n");
    assert_eq!((keys(&gateway), adapter.fake.shown("C1").len()), (vec!["m1".to_owned(), "p1".to_owned()], 0));
    adapter.fake.let_in("C1");
    eventually(async || adapter.fake.shown("C1").pop()).await;
    eventually(async || (adapter.became("m1").await.0 == "done").then_some(())).await;
    assert_eq!((gateway.effects(), gateway.asked().len(), adapter.fake.shown("C1").len()), (2, 2, 1));
}

#[tokio::test]
async fn an_answer_that_hangs_holds_up_no_act_behind_it() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.hang_in("C1");
    for key in ["m1", "m2", "m3"] {
        adapter.receive(key, &said("C1", APPROVE)).await;
    }
    eventually(async || (keys(&gateway) == ["m1", "m2", "m3"]).then_some(())).await;
    assert_eq!(adapter.fake.tried(), ["m1"], "answers go out one after the other");
}

#[tokio::test]
async fn an_answer_that_comes_near_the_end_is_delivered_before_it() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || (gateway.asked().len() == 1).then_some(())).await;
    let fake = Arc::clone(&adapter.fake);
    adapter.stop().await;
    assert_eq!(fake.shown("C1").len(), 1);
}

#[tokio::test]
async fn an_answer_that_the_platform_will_never_take_is_given_up() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.refuse_in("C1", PlatformError::permanent("channel_not_found"));
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || (adapter.became("m1").await.0 == "failed").then_some(())).await;
    assert_eq!(adapter.became("m1").await.1, "channel_not_found");
    adapter.fake.let_in("C1");
    adapter.receive("m2", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert_eq!(adapter.fake.tried(), ["m1", "m2"]);
}

#[tokio::test]
async fn abuse_05_while_the_gateway_is_away_a_message_waits_and_has_its_effect_when_it_is_back() {
    let gateway = voting().await;
    gateway.set_down(true);
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(adapter.fake.shown("C1").is_empty());
    gateway.set_down(false);
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert_eq!(gateway.effects(), 1);
}

#[tokio::test]
async fn whoever_waits_is_told_once_and_after_an_hour_that_it_was_given_up() {
    let gateway = voting().await;
    gateway.set_down(true);
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert!(told.contains("I keep this and try again for an hour"), "{told}");
    adapter.behind_its_back("UPDATE inbox SET due_at = 0").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    adapter.behind_its_back("UPDATE inbox SET received_at = received_at - 3600000, due_at = 0").await;
    let given_up = eventually(async || adapter.fake.shown("C1").pop()).await;
    assert!(given_up.text.contains("The gateway failed: the store does not answer"), "{}", given_up.text);
    gateway.set_down(false);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!((gateway.effects(), adapter.fake.whispers().len()), (0, 1), "it is not done behind anybody's back");
}

#[tokio::test]
async fn a_channel_whose_posts_hang_holds_up_no_other() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.hang_in("SLOW");
    adapter.receive("m1", &said("SLOW", APPROVE)).await;
    adapter.receive("m2", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
}

#[tokio::test]
async fn a_fault_of_the_program_costs_one_message() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.fault_next();
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || (gateway.asked().len() == 1).then_some(())).await;
    adapter.receive("m2", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert_eq!(keys(&gateway), ["m1", "m2"]);
}

#[tokio::test]
async fn a_platform_that_wants_to_be_left_alone_is_asked_again_under_the_same_key() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.refuse_next(Duration::from_millis(1500));
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let start = tokio::time::Instant::now();
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert!(start.elapsed() >= Duration::from_millis(1400), "{:?}", start.elapsed());
    assert_eq!(gateway.effects(), 1);
}

#[tokio::test]
async fn events_edit_every_card_and_an_older_state_never_replaces_a_newer_one() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    for (key, channel) in [("m1", "C1"), ("m2", "C2")] {
        adapter.receive(key, &said(channel, APPROVE)).await;
        eventually(async || adapter.fake.shown(channel).pop()).await;
    }
    tell_vote(&gateway);
    for channel in ["C1", "C2"] {
        let card = eventually(async || adapter.fake.shown(channel).pop().filter(|card| card.edits == 1)).await;
        assert!(card.text.contains("1 of 2"), "{}", card.text);
    }
    // A cache that is behind hands out the card of before.
    gateway.set_change(gateway::change_with(gateway::card(vec![], 1)));
    gateway.emit(3, EventKind::ChangeHeld, Some("CH-001"), None, None);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let card = adapter.fake.shown("C1").pop().unwrap();
    assert!(card.text.contains("1 of 2") && card.edits == 1, "{}", card.text);
}

#[tokio::test]
async fn other_rules_edit_every_card() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    for (key, channel) in [("m1", "C1"), ("m2", "C2")] {
        adapter.receive(key, &said(channel, APPROVE)).await;
        eventually(async || adapter.fake.shown(channel).pop()).await;
    }
    gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], 2)));
    gateway.emit(2, EventKind::RulesChanged, None, None, None);
    for channel in ["C1", "C2"] {
        eventually(async || adapter.fake.shown(channel).pop().filter(|card| card.text.contains("1 of 2"))).await;
    }
}

#[tokio::test]
async fn an_event_that_overtakes_the_post_is_on_the_card() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    // Heard before there is a card to note it on; the answer to the words is older than it.
    let mut id = 1;
    while adapter.inbox.heard().await.unwrap().is_none() {
        id += 1;
        gateway.emit(id, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], id)));
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop().filter(|card| card.text.contains("1 of 2"))).await;
}

#[tokio::test]
async fn what_happened_while_the_adapter_was_down_is_shown_after_its_start() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
    let stopped = adapter.stop().await;
    tell_vote(&gateway);
    let adapter = stopped.start().await;
    eventually(async || adapter.fake.shown("C1").pop().filter(|card| card.text.contains("1 of 2"))).await;
}

#[tokio::test]
async fn where_the_events_began_again_everything_is_looked_at_anew() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.refuse_in("C2", PlatformError::passing("not now"));
    for (key, channel) in [("m1", "C1"), ("m2", "C2")] {
        adapter.receive(key, &said(channel, APPROVE)).await;
    }
    eventually(async || adapter.fake.shown("C1").pop()).await;
    eventually(async || (gateway.effects() == 2).then_some(())).await;
    tell_vote(&gateway);
    let shows = async |votes: &str| {
        eventually(async || adapter.fake.shown("C1").pop().filter(|card| card.text.contains(votes))).await;
    };
    shows("1 of 2").await;

    // An old backup: nobody has voted, and no event says so.
    gateway.set_change(gateway::change_with(gateway::card(vec![], 0)));
    gateway.begin_again();
    shows("0 of 2").await;
    // Events count from one again, and are heard; also by an answer of before that is delivered now.
    gateway.set_change(gateway::change_with(gateway::card(vec![gateway::vote("gia", "GO", 0)], 1)));
    gateway.emit(1, EventKind::GateChanged, Some("CH-001"), Some("design"), None);
    shows("1 of 2").await;
    adapter.fake.let_in("C2");
    eventually(async || adapter.fake.shown("C2").pop().filter(|card| card.text.contains("1 of 2"))).await;
}

#[tokio::test]
async fn a_job_is_edited_at_most_once_a_second_and_ends_with_its_summary() {
    let gateway = Gateway::start().await;
    let job = |state, progress: String, summary: &str| Job {
        id: "j1".into(),
        kind: "discover".into(),
        state,
        progress,
        summary: summary.into(),
        person: "gia".into(),
        asked_at: 0,
        args: Default::default(),
    };
    gateway.set_job(job(JobState::Queued, String::new(), ""));
    let queued = job(JobState::Queued, String::new(), "");
    gateway.answer(move |request| {
        let mut answer = gateway::answered(gateway::said(&request.words));
        answer.job = Some(queued.clone());
        Ok(answer)
    });
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", "discover")).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
    let (begun, mut step) = (tokio::time::Instant::now(), 0);
    while adapter.fake.shown("C1").pop().unwrap().edits == 0 {
        step += 1;
        gateway.set_job(job(JobState::Running, format!("parsed {step} files"), ""));
        gateway.emit(step, EventKind::JobChanged, None, None, Some("j1"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    gateway.set_job(job(JobState::Done, String::new(), "20 files, 3 zones"));
    gateway.emit(step + 1, EventKind::JobChanged, None, None, Some("j1"));
    let shown =
        eventually(async || adapter.fake.shown("C1").pop().filter(|job| job.text.contains("20 files, 3 zones"))).await;
    let most = begun.elapsed().as_secs() as usize + 1;
    assert!((2..=most).contains(&shown.edits), "{} edits in {:?}", shown.edits, begun.elapsed());
    eventually(async || adapter.inbox.jobs("j1").await.unwrap().is_empty().then_some(())).await;
}

#[tokio::test]
async fn an_account_that_nobody_knows_is_told_privately_how_to_become_known() {
    let gateway = Gateway::start().await;
    gateway.answer(|_| gateway::refused(403, "ACCOUNT_NOT_LINKED", "nobody linked this account"));
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert!(told.contains("I do not know you yet") && told.contains("codexa link KXQW-7P2M"), "{told}");
    assert!(adapter.fake.shown("C1").is_empty(), "a code is nobody else's to see");
    let asked = gateway.asked().pop().unwrap();
    assert_eq!((asked.key.as_str(), asked.link.unwrap().space.as_str()), ("m1:link", "T1"));
}

#[tokio::test]
async fn abuse_09_who_is_no_member_is_not_heard_and_told_so_where_they_could_read_it() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    let shut_out = [("U2", Standing::Guest), ("U3", Standing::Stranger), ("U4", Standing::Nobody)];
    let vote = pressed(
        &MessageRef { channel: "C1".into(), message: "9".into() },
        &Press::saying(APPROVE).about(gateway::digest()).value(),
    );
    for (user, standing) in shut_out {
        adapter.fake.stands(user, Ok(standing));
        adapter.receive(&format!("m {user}"), &by(user, said("C1", APPROVE))).await;
        adapter.receive(&format!("p {user}"), &by(user, vote.clone())).await;
    }
    adapter.receive("m U1", &said("C1", APPROVE)).await;
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert_eq!(keys(&gateway), ["m U1"], "of all others the gateway hears nothing");
    for (user, _) in shut_out {
        eventually(async || (adapter.became(&format!("p {user}")).await.0 == "done").then_some(())).await;
    }
    let told =
        |user: &str| adapter.fake.whispers().into_iter().filter(|told| told.starts_with(user)).collect::<Vec<_>>();
    assert_eq!(told("U2").len(), 2);
    assert!(told("U2").iter().all(|told| told.contains("you are a guest")), "{:?}", told("U2"));
    assert!(told("U3").iter().all(|told| told.contains("I see you as none of them")), "{:?}", told("U3"));
    assert!(told("U4").is_empty(), "nobody would read it");
    assert_eq!(adapter.fake.looks(), ["U2", "U3", "U4", "U1"], "what the platform says is remembered");
}

#[tokio::test]
async fn abuse_09_while_the_platform_does_not_say_who_somebody_is_an_act_waits_and_then_happens_once() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.stands("U2", Err(PlatformError::passing("users.info: no answer in 15 s")));
    let at = MessageRef { channel: "C1".into(), message: "9".into() };
    let vote = Press::saying(APPROVE).about(gateway::digest()).value();
    adapter.receive("p1", &by("U2", pressed(&at, &vote))).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert!(told.contains("whether you are a member here. I keep this"), "{told}");
    adapter.receive("m1", &said("C2", APPROVE)).await;
    eventually(async || adapter.fake.shown("C2").pop()).await;
    assert_eq!(keys(&gateway), ["m1"], "other channels go on");

    adapter.fake.stands("U2", Ok(Standing::Member));
    adapter.behind_its_back("UPDATE inbox SET due_at = 0").await;
    eventually(async || (adapter.became("p1").await.0 == "done").then_some(())).await;
    assert_eq!(keys(&gateway), ["m1", "p1"]);
    assert_eq!(adapter.fake.whispers().len(), 2, "{:?}", adapter.fake.whispers());
}

#[tokio::test]
async fn abuse_09_who_cannot_be_looked_at_is_not_heard_and_told_so() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.fake.stands("U2", Err(PlatformError::permanent("users.info: invalid_arguments")));
    adapter.receive("m1", &by("U2", said("C1", APPROVE))).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert!(told.starts_with("U2: I could not find out whether you are a member here, and did nothing."), "{told}");

    adapter.fake.stands("U3", Err(PlatformError::passing("users.info: ratelimited")));
    adapter.receive("m2", &by("U3", said("C1", APPROVE))).await;
    eventually(async || adapter.fake.looks().contains(&"U3".to_owned()).then_some(())).await;
    adapter.receive("m3", &said("C1", APPROVE)).await;
    adapter.behind_its_back("UPDATE inbox SET received_at = received_at - 120000, due_at = 0 WHERE key = 'm2'").await;
    let told = eventually(async || adapter.fake.whispers().into_iter().nth(1)).await;
    assert!(told.starts_with("U3: I could not find out"), "{told}");
    eventually(async || adapter.fake.shown("C1").pop()).await;
    assert_eq!(keys(&gateway), ["m3"], "after two minutes the others in the channel go on");
}

#[tokio::test]
async fn what_waited_long_for_something_else_is_not_ended_by_the_first_look_in_vain() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    let busy = PlatformError { retry_after: Some(Duration::from_secs(60)), ..PlatformError::passing("ratelimited") };
    adapter.fake.stands("U2", Err(busy.clone()));
    adapter.fake.stands("U3", Err(busy));
    adapter.receive("m1", &by("U2", said("C1", APPROVE))).await;
    adapter.receive("m2", &by("U3", said("C1", APPROVE))).await;
    eventually(async || adapter.fake.looks().pop()).await;
    adapter.behind_its_back("UPDATE inbox SET received_at = received_at - 120000").await;
    let look_again = async || adapter.behind_its_back("UPDATE inbox SET due_at = 0 WHERE key = 'm1'").await;
    eventually(async || {
        look_again().await;
        adapter.fake.looks().contains(&"U3".to_owned()).then_some(())
    })
    .await;
    adapter.fake.stands("U3", Ok(Standing::Member));
    eventually(async || {
        adapter.behind_its_back("UPDATE inbox SET due_at = 0").await;
        adapter.fake.shown("C1").pop()
    })
    .await;
    assert_eq!(keys(&gateway), ["m2"]);
}

#[tokio::test]
async fn what_the_gateway_was_asked_once_is_carried_to_its_end_whoever_its_author_is_by_now() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    let lose = "CREATE TRIGGER lose BEFORE UPDATE OF answer ON inbox BEGIN SELECT RAISE(FAIL, 'lost'); END";
    adapter.behind_its_back(lose).await;
    let at = MessageRef { channel: "C1".into(), message: "9".into() };
    let vote = Press::saying(APPROVE).about(gateway::digest()).value();
    adapter.receive("p1", &pressed(&at, &vote)).await;
    eventually(async || (gateway.effects() == 1).then_some(())).await;
    adapter.fake.stands("U1", Ok(Standing::Guest));
    // What the platform said before is forgotten.
    let adapter = adapter.killed_and_started_again().await;
    adapter.behind_its_back("DROP TRIGGER lose").await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert_eq!(told, "U1: You approved the design of CH-001.\n", "the ledger has the vote");
    assert!(keys(&gateway).iter().all(|key| key == "p1") && keys(&gateway).len() > 1, "{:?}", keys(&gateway));
    assert_eq!(gateway.effects(), 1);

    adapter.receive("p2", &pressed(&at, &vote)).await;
    let told = eventually(async || adapter.fake.whispers().into_iter().nth(1)).await;
    assert!(told.contains("you are a guest"), "{told}");
    assert_eq!(gateway.effects(), 1, "a new act is asked about anew");
}

#[tokio::test]
async fn abuse_18_a_press_on_an_old_card_is_told_so_and_the_card_is_brought_up_to_date() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let card = eventually(async || adapter.fake.shown("C1").pop()).await;
    gateway.answer(|_| gateway::refused(409, "SUBJECT_STALE", "plan.md changed since."));
    let mut newer = gateway::card(vec![], 4);
    newer.digest = format!("sha256:{}", "9".repeat(64));
    gateway.set_change(gateway::change_with(newer));
    adapter.receive("p1", &pressed(&card.at, &Press::saying(APPROVE).about(gateway::digest()).value())).await;
    let card = eventually(async || adapter.fake.shown("C1").pop().filter(|card| card.edits == 1)).await;
    assert!(card.text.contains("9999…99"), "{}", card.text);
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert_eq!(told, "U1: I did not do that: plan.md changed since.\n");
}

#[tokio::test]
async fn a_denial_asks_for_its_reason_with_a_form_or_in_words() {
    let gateway = voting().await;
    let adapter = Adapter::start(&gateway.url()).await;
    let deny = Press { reason: true, ..Press::saying("deny design for CH-001").about(gateway::digest()) };
    let at = MessageRef { channel: "C1".into(), message: "9".into() };
    adapter.receive("p1", &pressed(&at, &deny.value())).await;
    let told = eventually(async || adapter.fake.whispers().pop()).await;
    assert!(told.contains("deny design for CH-001 because …"), "{told}");
    adapter.fake.offer_forms();
    adapter.receive("p2", &pressed(&at, &deny.value())).await;
    let form = eventually(async || adapter.fake.forms().pop()).await;
    assert!(gateway.asked().is_empty(), "nothing is denied without a reason");
    let reasoned = Act::Reasoned { value: form, reason: "it crashes\n on empty files ".into() };
    adapter.receive("p3", &incoming("C1", reasoned)).await;
    let asked = eventually(async || gateway.asked().pop()).await.directive.unwrap();
    assert_eq!(asked.words, "deny design for CH-001 because it crashes on empty files");
    assert_eq!(asked.digest, Some(gateway::digest()));
}

#[tokio::test]
async fn a_value_that_the_platform_cannot_carry_comes_back_whole() {
    let gateway = voting().await;
    let adapter = Adapter::start_with(&gateway.url(), Arc::new(Fake::with_longest_value(40))).await;
    adapter.receive("m1", &said("C1", APPROVE)).await;
    let card = eventually(async || adapter.fake.shown("C1").pop()).await;
    let value = card.values.first().unwrap();
    assert!(value.len() <= 40, "{value}");
    adapter.receive("p1", &pressed(&card.at, value)).await;
    let asked = eventually(async || gateway.asked().into_iter().nth(1)).await;
    assert_eq!(asked.directive.unwrap().words, APPROVE);
}
