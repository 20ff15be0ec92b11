//! What people read.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

use codexa_api::{Answer, Confirm, Hold, Job, JobState, LinkCode, Problem, Report, Said};
use codexa_chat::wording::{answer, card, job, problem};
use codexa_chat::{Block, Message};
use codexa_client::Error;
use codexa_directive::interpret;
use codexa_testkit::gateway;

/// 26 Nov 2026, 14:02 UTC.
const NOW: i64 = 1_795_701_720_000;
const HOUR: i64 = 3_600_000;

fn said(words: &str) -> Said {
    interpret(words, &codexa_directive::Context::at(jiff::Timestamp::UNIX_EPOCH)).into()
}

fn values(message: &Message) -> Vec<String> {
    let buttons =
        message.blocks.iter().filter_map(|block| if let Block::Buttons(row) = block { Some(row) } else { None });
    buttons.flatten().map(|button| format!("{}: {}", button.label, button.value)).collect()
}

#[test]
fn an_open_card() {
    let mut stale = gateway::vote("bo", "QA", NOW - 26 * HOUR);
    (stale.stale, stale.since, stale.own) = (true, gateway::edited_plan(), true);
    let mut open = gateway::card(vec![stale, gateway::vote("gia", "GO", NOW)], 5);
    open.closes_at = Some(NOW + 46 * HOUR);
    let message = card::render(&open);
    insta::assert_snapshot!(message);
    insta::assert_snapshot!(values(&message).join("\n"));
    insta::assert_snapshot!(card::details(&open));
}

#[test]
fn a_held_card_can_be_resumed_and_not_decided() {
    let mut held = gateway::card(vec![], 5);
    held.hold = Some(Hold { person: "gia".into(), reason: "prod is on fire".into(), at: NOW, until: None });
    let message = card::render(&held);
    insta::assert_snapshot!(message);
    assert_eq!(values(&message).first().unwrap(), r#"Resume: {"words":"resume CH-001"}"#);
}

#[test]
fn a_card_that_cannot_be_decided_has_no_buttons() {
    let mut card_of = gateway::card(vec![], 5);
    card_of.obstacle = Some("spec.md is empty".into());
    insta::assert_snapshot!(card::render(&card_of));
    let mut met = gateway::card(vec![gateway::vote("gia", "GO", NOW), gateway::vote("pim", "PM", NOW)], 6);
    (met.state, met.missing) = ("met".into(), vec![]);
    insta::assert_snapshot!(card::render(&met));
}

#[test]
fn a_card_says_what_nobody_wrote_in() {
    let mut card_of = gateway::card(vec![], 5);
    card_of.covers.iter_mut().for_each(|file| file.unwritten = file.path.ends_with("plan.md"));
    assert!(card::render(&card_of).to_string().contains("\nNobody wrote yet in plan.md\n"));
}

#[test]
fn a_card_that_is_asked_for_is_the_card() {
    let mut asked = gateway::answered(said("approve design for CH-001"));
    asked.says = "This approves the design of CH-001.".into();
    asked.card = Some(gateway::card(vec![], 5));
    asked.confirm = Some(confirm("approve design for CH-001"));
    let message = answer::render(&asked);
    assert_eq!(message, card::render(asked.card.as_ref().unwrap()));
}

fn confirm(summary: &str) -> Confirm {
    Confirm {
        digest: gateway::digest(),
        nonce: "n".into(),
        expires_at: NOW,
        covers: vec![],
        summary: format!("This would {summary}."),
    }
}

#[test]
fn another_decision_has_a_button_of_its_own() {
    let mut asked = gateway::answered(said("deny design for CH-001 because it crashes"));
    asked.card = Some(gateway::card(vec![], 5));
    asked.confirm = Some(confirm("deny design for CH-001"));
    let values = values(&answer::render(&asked));
    let carried =
        format!(r#"Deny: {{"words":"deny design for CH-001 because it crashes","digest":"{}"}}"#, gateway::digest());
    assert_eq!(values.last(), Some(&carried));
}

#[test]
fn what_is_no_order_is_answered_in_the_words_of_the_language() {
    let render = |words: &str| answer::render(&gateway::answered(said(words))).to_string();
    insta::assert_snapshot!(render("approve design for \u{421}H-010"));
    insta::assert_snapshot!(render("aprove design for CH-010"));
    insta::assert_snapshot!(render("should we approve design for CH-010?"));
    assert_eq!(values(&answer::render(&gateway::answered(said("aprove design for CH-010")))).len(), 1);
}

#[test]
fn changes_and_reports() {
    let mut list = gateway::answered(said("status"));
    list.says = "One change is open.".into();
    list.changes = vec![gateway::change_with(gateway::card(vec![], 1))];
    insta::assert_snapshot!(answer::render(&list));
    let mut report = gateway::answered(said("publish governance report"));
    report.report = Some(Report {
        name: "governance".into(),
        published: false,
        blockers: vec!["CH-001: design gate, 0 of 2".into()],
        text: String::new(),
        digest: String::new(),
    });
    insta::assert_snapshot!(answer::render(&report));
    let nothing: Answer = gateway::answered(said("status"));
    assert!(!answer::render(&nothing).blocks.is_empty(), "a platform takes no empty message");
}

#[test]
fn a_job_from_its_start_to_its_end() {
    let at = |state, progress: &str, summary: &str| {
        let job = Job {
            id: "0c1f".into(),
            kind: "discover".into(),
            state,
            progress: progress.into(),
            summary: summary.into(),
            person: "ana".into(),
            asked_at: NOW,
            args: Default::default(),
        };
        job::render(&job).to_string()
    };
    insta::assert_snapshot!(at(JobState::Queued, "", ""));
    insta::assert_snapshot!(at(JobState::Running, "parsed 40 of 83 files", ""));
    insta::assert_snapshot!(at(JobState::Done, "", "flask @ 2579ce9f\n  parsed 83 of 84"));
    insta::assert_snapshot!(at(JobState::Failed, "", "the working tree is gone"));
}

#[test]
fn problems_say_what_next() {
    let stale = Problem::new(409, "SUBJECT_STALE", "stale", "plan.md changed since the card was shown.")
        .with_help("Look at the card again; it shows what would be approved now.");
    insta::assert_snapshot!(problem::render(&Error::Problem(Box::new(stale))));
    let away = Error::Unreachable { address: "http://10.0.0.1".into(), reason: "refused".into() };
    let said = problem::render(&away).to_string();
    assert!(!said.contains("10.0.0.1"), "where things run is not for a channel: {said}");
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(problem::unlinked(&LinkCode { code: "KXQW-7P2M".into(), expires_at: NOW + HOUR / 6 }, NOW));
}
