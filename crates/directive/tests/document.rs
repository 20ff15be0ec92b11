//! The document that the command line and the gateway answer with.

#![cfg(test)]

mod common;

use codexa_directive::{Context, Gate, Interpretation, interpret};
use common::{context, read};
use serde_json::{Value, json};

fn document(found: &Interpretation) -> Value {
    let value = serde_json::to_value(found).expect("plain data");
    let back: Interpretation = serde_json::from_value(value.clone()).expect("the same data");
    assert_eq!(&back, found);
    value
}

#[test]
fn a_directive_has_its_parts_and_no_others() {
    let expected = json!({
        "outcome": "directive",
        "directive": {
            "verb": "waive",
            "gate": "test",
            "target": {"kind": "change", "id": "CH-010"},
            "args": {"until": "2026-12-10", "reason": "staging is down"},
        },
        "canonical": "waive test for CH-010 until 2026-12-10 because staging is down",
    });
    assert_eq!(document(&read("waive tests on ch 10 for 2 weeks because staging is down")), expected);
    let expected = json!({"outcome": "directive", "directive": {"verb": "link", "args": {}}, "canonical": "link"});
    assert_eq!(document(&read("link my account")), expected);
}

#[test]
fn each_argument_has_its_name() {
    let args = |words: &str| document(&read(words))["directive"]["args"].clone();
    assert_eq!(args("assign gap-03 to impact assessor"), json!({"to": "IA"}));
    assert_eq!(args("assign gap-03 to <@U1>"), json!({"to": "@U1"}));
    assert_eq!(args("open a change: use parquet"), json!({"title": "use parquet"}));
    assert_eq!(args("answer issue-3: nobody"), json!({"text": "nobody"}));
    assert_eq!(args("ask RA: what is partial?"), json!({"to": "RA", "question": "what is partial?"}));
    assert_eq!(args("discover src/api in code-only mode"), json!({"mode": "code-only"}));
    assert_eq!(args("raise concern on CH-1: slow"), json!({"severity": "warning", "reason": "slow"}));
    assert_eq!(args("show entry points"), json!({"view": "entry-points"}));
}

#[test]
fn other_outcomes_say_why_or_ask() {
    let expected = json!({
        "outcome": "clarify",
        "question": "Do you mean `approve design for CH-010`? Say it just like that, or pick it.",
        "options": ["approve design for CH-010"],
    });
    assert_eq!(document(&read("aprove design for CH-010")), expected);
    let expected = json!({
        "outcome": "none",
        "reason": "I did nothing: this is not an order, `not` negates it. To give one, say it plainly, or ask for `help`.",
    });
    assert_eq!(document(&read("don't approve design for CH-010")), expected);
}

#[test]
fn a_missing_gate_is_asked_for_with_the_open_ones() {
    let mut context = context();
    context.open_gates.insert("CH-010".to_owned(), vec![Gate::Design, Gate::Test]);
    let found = interpret("approve CH-010", &context);
    assert_eq!(found.question.as_deref(), Some("Approve which gate of CH-010? design, test."));
    assert_eq!(found.options, ["approve design for CH-010", "approve test for CH-010"]);
}

#[test]
fn a_missing_change_is_asked_for_with_those_that_exist() {
    let context = Context { changes: vec!["CH-010".to_owned(), "CH-011".to_owned()], ..context() };
    let found = interpret("approve design", &context);
    assert_eq!(found.options, ["approve design for CH-010", "approve design for CH-011"]);
    assert_eq!(interpret("hold", &context).options, ["hold CH-010", "hold CH-011"]);
}

#[test]
fn me_is_who_speaks() {
    let context = Context { speaker: Some("dev-a".to_owned()), ..context() };
    assert_eq!(interpret("assign issue-12 to me", &context).canonical.as_deref(), Some("assign issue-12 to @dev-a"));
}

#[test]
fn a_mention_of_somebody_else_is_an_order_to_somebody_else() {
    let context = Context { own: vec!["U0BOT".to_owned()], ..context() };
    let asked = |words: &str| interpret(words, &context).canonical;
    assert_eq!(asked("<@U0BOT> hold CH-010").as_deref(), Some("hold CH-010"));
    assert_eq!(asked("<@U0EVE> hold CH-010"), None);
    assert_eq!(asked("<@U0BOT> <@U0EVE> hold CH-010"), None);
}
