//! `codexa say`: words are read, and nothing is done.

#![cfg(test)]

use codexa_testkit::cli::{Run, World};
use serde_json::json;
use std::fs;

/// What is said on a day of which the answers tell.
fn say(arguments: &[&str]) -> Run {
    let world = World::new();
    let before = fs::read_dir(world.project()).unwrap().count();
    let run = world.run(&[&["say", "--dry-run", "--at", "2026-11-22"], arguments].concat());
    assert_eq!(fs::read_dir(world.project()).unwrap().count(), before, "a dry run leaves nothing");
    run
}

#[test]
fn what_words_are_read_as() {
    let said = [
        "please approve the design of ch 10 because the plan is whole",
        "waive test for CH-010 for 2 weeks because staging is down",
        "raise a critical concern on CH-010: secrets in the log",
        "show me the change zones",
        "approve CH-010",
        "aprove design for CH-010",
        "don't approve design for CH-010",
        "approve design for \u{421}H-010",
        "approve design for CH-010 \u{202e}",
        "good morning",
    ];
    let pages: Vec<String> = said.iter().map(|words| say(&[words]).stdout).collect();
    insta::assert_snapshot!("say", pages.join("\n"));
}

#[test]
fn the_document_is_that_of_the_contract() {
    let document = |words: &str| say(&["--format", "json", words]).json();
    let approval = document("withdraw my approval of design for CH-010");
    let directive =
        json!({"verb": "withdraw", "gate": "design", "target": {"kind": "change", "id": "CH-010"}, "args": {}});
    let canonical = "withdraw design for CH-010";
    let expected =
        json!({"schema": "codexa/say@1", "outcome": "directive", "directive": directive, "canonical": canonical});
    assert_eq!(approval, expected);
    let denial = document("deny design for CH-010");
    assert_eq!(denial["outcome"], "clarify");
    assert!(denial["question"].is_string() && denial.get("directive").is_none(), "{denial}");
}

#[test]
fn words_may_come_in_pieces_and_behind_two_dashes() {
    let whole = say(&["status"]).stdout;
    assert_eq!(say(&["--", "status"]).stdout, whole);
    assert_eq!(say(&["hold", "CH-010"]).stdout, say(&["hold CH-010"]).stdout);
}

#[test]
fn only_a_dry_run_is_there_and_a_time_is_a_time() {
    let world = World::new();
    assert_eq!(world.run(&["say", "status"]).code, 2);
    assert_eq!(world.run(&["say", "--dry-run", "--at", "soon", "status"]).code, 2);
    let until = world.run(&["say", "--dry-run", "--at", "2026-11-22T23:59:00Z", "defer issue-7 for 1 day"]);
    assert!(until.stdout.contains("until 2026-11-23"), "{}", until.stdout);
}
