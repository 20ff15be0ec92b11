//! `publish governance report`: the report, or what still blocks it.

use super::{Confirmation, other_target};
use crate::act::{About, Act, Announced};
use crate::card::Desk;
use crate::nonce;
use crate::pages;
use crate::refusal::Refusal;
use crate::subject::digest;
use codexa_directive::{Gate, Role, TargetKind};
use codexa_proto::v1;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const NAME: &str = "governance";

pub(super) async fn publish(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    let target = act.directive.target.as_ref();
    if !target.is_some_and(|target| target.kind == TargetKind::Report && target.id == NAME) {
        return Err(other_target(act, "the governance report: `publish governance report`"));
    }
    let rows = act.tx.changes().await?;
    // Nothing of what changed since is in the report.
    let desk = Desk { compares: false, ..act.desk() };
    let (mut changes, mut blockers) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        let change = desk.change(act.tx, row).await?;
        let required = desk.required(&act.tx.gates(&row.id).await?)?;
        blockers.extend(blocking(&change, &required));
        changes.push(change);
    }
    if !blockers.is_empty() {
        let plural = if blockers.len() == 1 { "1 thing blocks" } else { &format!("{} things block", blockers.len()) };
        let says = format!("The governance report is not published: {plural} it.");
        let blockers = pages::lines(blockers);
        let lines = blockers.iter().map(|blocker| format!("- {blocker}")).collect();
        let report = v1::Report { name: NAME.to_owned(), blockers, ..v1::Report::default() };
        return Ok(v1::Answer { says, lines, report: Some(report), ..v1::Answer::default() });
    }
    may_publish(act)?;
    let text = text(act, &changes);
    let subject = digest(&text);
    if let Some(answer) = published(act, &text, &subject).await? {
        return Ok(answer);
    }
    let stale = || super::stale("the report is not what it was when that was asked");
    if confirmed.is_for(&subject, stale)? { apply(act, text, &subject).await } else { ask(act, text, subject).await }
}

/// What of a change stands against publishing: each is approved, and nothing is held.
fn blocking(change: &v1::Change, required: &BTreeSet<Gate>) -> Vec<String> {
    let held = change.hold.as_ref().map(|hold| format!("{} is held by @{}", change.id, hold.person));
    let unmet = required.iter().filter_map(|gate| match change.gates.iter().find(|card| card.gate == gate.word()) {
        None => Some(format!("{}: nobody asked for the {gate} gate yet", change.id)),
        Some(card) if card.state == "met" => None,
        Some(card) => Some(format!("{}: {gate} is {}{}", change.id, card.state, missing(card))),
    });
    held.into_iter().chain(unmet).collect()
}

fn missing(card: &v1::Card) -> String {
    let stale = card.votes.iter().filter(|vote| vote.stale).count();
    let stale = if stale == 0 { String::new() } else { format!(", {stale} stale") };
    match card.missing.is_empty() {
        true => stale,
        false => format!(", missing {}{stale}", card.missing.join(", ")),
    }
}

/// The report: a function of what is decided, so that the same decisions have the same digest.
fn text(act: &Act<'_>, changes: &[v1::Change]) -> String {
    let mut text = format!("# Governance report\n\nMaturity {}, rules of {}.\n", act.rules.maturity, act.rules.origin);
    if changes.is_empty() {
        text.push_str("\nNo change was opened.\n");
    }
    for change in changes {
        let _ = write!(
            text,
            "\n## {}: {}\n\nAsked for by @{}; {}.\n\n",
            change.id,
            escaped(&change.title),
            change.requester,
            change.state
        );
        for card in &change.gates {
            let _ =
                writeln!(text, "- {}: {}, {} of {}, `{}`", card.gate, card.state, card.have, card.quorum, card.digest);
            for vote in &card.votes {
                let own = if vote.own { ", their own change" } else { "" };
                let role = if vote.role.is_empty() { "no role that counts" } else { &vote.role };
                let _ = writeln!(text, "  - @{} {} as {role} through {}{own}", vote.person, vote.verdict, vote.via);
            }
        }
    }
    text
}

/// Untrusted text in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn report(text: String, subject: &str, published: bool) -> v1::Report {
    let text = pages::sections(&text);
    v1::Report { name: NAME.to_owned(), published, text, digest: subject.to_owned(), ..v1::Report::default() }
}

async fn ask(act: &mut Act<'_>, text: String, subject: String) -> Result<v1::Answer, Refusal> {
    let summary = "publish the governance report".to_owned();
    let confirm = nonce::issue(act, subject.clone(), Vec::new(), summary.clone()).await?;
    let says = format!("Nothing blocks it. Confirm to {summary}.");
    let report = report(text, &subject, false);
    Ok(v1::Answer { says, confirm: Some(confirm), report: Some(report), ..v1::Answer::default() })
}

async fn apply(act: &mut Act<'_>, text: String, subject: &str) -> Result<v1::Answer, Refusal> {
    act.tx.put_subject(subject, &text).await?;
    let data = Map::from_iter([("report".to_owned(), Value::from(NAME))]);
    let entry = act.record("report.publish", About { subject: Some(subject), data, ..About::default() }).await?;
    let says = format!("@{} published the governance report.", act.person.id);
    act.announce("report.published", Announced::default(), says).await?;
    let says = format!("The governance report is published as ledger entry {}.", entry.sequence);
    let report = report(text, subject, true);
    Ok(v1::Answer { says, report: Some(report), entry: Some(entry), ..v1::Answer::default() })
}

/// The answer where the report that was published last says the same: a button may be pressed twice.
async fn published(act: &mut Act<'_>, text: &str, subject: &str) -> Result<Option<v1::Answer>, Refusal> {
    let Some(leaf) = act.tx.newest_of("report.publish").await? else { return Ok(None) };
    let draft: Value = serde_json::from_str(&leaf.leaf).unwrap_or_default();
    if draft.get("subject").and_then(Value::as_str) != Some(subject) {
        return Ok(None);
    }
    let says = format!("The governance report was published as ledger entry {}, and says the same now.", leaf.seq);
    let report = report(text.to_owned(), subject, true);
    Ok(Some(v1::Answer { says, report: Some(report), ..v1::Answer::default() }))
}

fn may_publish(act: &Act<'_>) -> Result<(), Refusal> {
    if act.person.roles.iter().any(|role| matches!(role, Role::Go | Role::Pm)) {
        return Ok(());
    }
    let message = "a governance officer or a project manager publishes reports";
    Err(Refusal::forbidden("PUBLISH_ROLE", message, "ask one of them"))
}
