//! `approve` and `deny`: a person's vote on a gate.

use super::Confirmation;
use crate::act::{About, Act, Announced};
use crate::card::{of, rule_of};
use crate::nonce;
use crate::refusal::{Kind, Refusal};
use crate::rules::{GateRule, any_of};
use crate::store::rows::{ChangeRow, GateRow, VoteRow};
use crate::subject::{Of, Subject};
use crate::tally::Verdict;
use codexa_directive::{Gate, Verb};
use codexa_proto::v1;
use serde_json::{Map, Value};

const HOUR: i64 = 3_600_000;

pub(super) async fn vote(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    let verdict = if act.directive.verb == Verb::Approve { Verdict::Approve } else { Verdict::Deny };
    let change = act.change().await?;
    let gate = gate(act)?;
    if verdict == Verdict::Approve {
        not_held(&change, act.now)?;
    }
    let (row, opened) = open(act, &change, gate, confirmed).await?;
    let rule = rule_of(&row, act.rules)?;
    let subject = act.files.subject(of(&row, &rule)?).await?;
    let may = still_open(act, &row, verdict).and_then(|()| may_vote(act, &change, gate, &rule, verdict));

    if !confirmed.is_for(&subject.digest, || stale(&change, gate))? {
        return ask(act, &change, &row, &subject, verdict, may, opened).await;
    }
    let own = may?;
    if let (Verdict::Approve, Some(obstacle)) = (verdict, &subject.obstacle) {
        return Err(Refusal::conflict("SUBJECT_INCOMPLETE", obstacle.clone(), "write it, and ask again"));
    }
    cast(act, &change, &row, gate, &subject, verdict, own).await
}

/// A change that is held takes no approval, and no gate of it opens.
fn not_held(change: &ChangeRow, now: i64) -> Result<(), Refusal> {
    let Some(hold) = change.hold(now) else { return Ok(()) };
    let why = if hold.reason.is_empty() { String::new() } else { format!(": {}", hold.reason) };
    let message = format!("{} is held by @{}{why}", change.id, hold.by);
    Err(Refusal::conflict("CHANGE_HELD", message, format!("`resume {}` lets it go on", change.id)))
}

/// The gate that the directive names, where it is in force.
pub(super) fn gate(act: &Act<'_>) -> Result<Gate, Refusal> {
    let gates: Vec<&str> = act.rules.gates.keys().map(|gate| gate.word()).collect();
    let help = format!("the gates are: {}", gates.join(", "));
    match act.directive.gate {
        Some(gate) if act.rules.gates.contains_key(&gate) => Ok(gate),
        Some(gate) => {
            let message = format!("there is no {gate} gate at {}", act.rules.maturity);
            Err(Refusal::new(Kind::NotFound, "GATE_NOT_FOUND", message, help))
        }
        None => Err(Refusal::invalid("GATE_MISSING", "this is about a gate", help)),
    }
}

/// The gate's row; a gate opens when somebody first asks for it, and again when it had closed. Its rule is frozen then.
async fn open(
    act: &mut Act<'_>,
    change: &ChangeRow,
    gate: Gate,
    confirmed: &Confirmation,
) -> Result<(GateRow, Option<v1::Entry>), Refusal> {
    let before = act.opened(&change.id, gate).await?;
    let closed = before.as_ref().is_some_and(|row| row.closes_at.is_some_and(|at| at <= act.now));
    match before {
        Some(row) if !closed => tighten(act, row, gate).await,
        Some(row) => {
            let votes = act.tx.votes(&change.id).await?.into_iter().filter(|vote| vote.gate == row.gate).collect();
            if act.desk().standing(change, &row, votes).await?.state != "expired" {
                return Ok((row, None));
            }
            if confirmed.digest.is_some() {
                let message = format!("the {gate} gate of {} has closed", change.id);
                let help = format!("`approve {gate} for {}` without a digest opens it again", change.id);
                return Err(Refusal::conflict("GATE_EXPIRED", message, help));
            }
            open_anew(act, change, gate, row.round + 1).await
        }
        None => open_anew(act, change, gate, 1).await,
    }
}

/// Freezes a rule that became stricter since the gate opened: it holds from now on, even where it is lowered again.
async fn tighten(act: &mut Act<'_>, mut row: GateRow, gate: Gate) -> Result<(GateRow, Option<v1::Entry>), Refusal> {
    let rule = rule_of(&row, act.rules)?;
    let tightened = serde_jcs::to_string(&rule).unwrap_or_default();
    if tightened == row.rule {
        return Ok((row, None));
    }
    let subject = act.files.subject(of(&row, &rule)?).await?;
    row.closes_at = row.closes_at.into_iter().chain(closing(&rule, row.opened_at)).min();
    row.seen.clone_from(&subject.digest);
    let data = Map::from_iter([("rule".to_owned(), serde_json::from_str(&tightened).unwrap_or(Value::Null))]);
    row.rule = tightened;
    act.tx.put_gate(&row).await?;
    let about = About { change: Some(&row.change_id), gate: Some(gate), subject: Some(&subject.digest), data };
    let entry = act.record("gate.tighten", about).await?;
    let says = format!("The rule of the {gate} gate of {} is stricter now.", row.change_id);
    act.announce("gate.changed", Announced { change: Some(&row.change_id), gate: Some(gate), job: None }, says).await?;
    Ok((row, Some(entry)))
}

/// When a gate that opened at a time closes by itself.
fn closing(rule: &GateRule, opened_at: i64) -> Option<i64> {
    rule.closes_after_hours.map(|hours| opened_at + i64::from(hours) * HOUR)
}

async fn open_anew(
    act: &mut Act<'_>,
    change: &ChangeRow,
    gate: Gate,
    round: i64,
) -> Result<(GateRow, Option<v1::Entry>), Refusal> {
    let rule = act.rules.gates.get(&gate).cloned().ok_or_else(|| Refusal::change_not_found(&change.id))?;
    let frozen = serde_jcs::to_string(&rule).unwrap_or_default();
    let of = Of { change: change.id.clone(), gate, round, rule: rule.clone() };
    let subject = act.files.subject(of).await?;
    act.tx.remove_votes(&change.id, gate.word(), None).await?;
    let row = GateRow {
        change_id: change.id.clone(),
        gate: gate.word().to_owned(),
        rule: frozen.clone(),
        round,
        opened_at: act.now,
        closes_at: closing(&rule, act.now),
        seen: subject.digest.clone(),
    };
    act.tx.put_gate(&row).await?;
    let rule = serde_json::from_str(&frozen).unwrap_or(Value::Null);
    let data = Map::from_iter([("round".to_owned(), Value::from(round)), ("rule".to_owned(), rule)]);
    let about = About { change: Some(&change.id), gate: Some(gate), subject: Some(&subject.digest), data };
    let entry = act.record("gate.open", about).await?;
    let says = format!("@{} asks for the {gate} gate of {}.", act.person.id, change.id);
    act.announce("gate.changed", Announced { change: Some(&change.id), gate: Some(gate), job: None }, says).await?;
    Ok((row, Some(entry)))
}

/// Whether a vote can still be given: one that closed while it was met or denied stays as it is, but for a veto.
fn still_open(act: &Act<'_>, row: &GateRow, verdict: Verdict) -> Result<(), Refusal> {
    if verdict == Verdict::Deny || row.closes_at.is_none_or(|at| at > act.now) {
        return Ok(());
    }
    let message = format!("the {} gate of {} has closed", row.gate, row.change_id);
    Err(Refusal::conflict("GATE_EXPIRED", message, "it can be asked for again once it is neither met nor denied"))
}

/// Whether this person's vote would count, and as their own where nobody else could vote.
fn may_vote(act: &Act<'_>, change: &ChangeRow, gate: Gate, rule: &GateRule, verdict: Verdict) -> Result<bool, Refusal> {
    let has = |roles: &[codexa_directive::Role]| roles.iter().any(|role| rule.roles.contains(role));
    if !has(&act.person.roles) {
        let message = format!("the {gate} gate asks for {}; you have none of these roles", any_of(&rule.roles));
        return Err(Refusal::forbidden("VOTE_ROLE", message, who_can(act, change, rule)));
    }
    if verdict == Verdict::Deny || act.person.id != change.requester {
        return Ok(false);
    }
    if act.rules.sole_person_decides() {
        return Ok(true);
    }
    let message = format!("you asked for {}: your own approval does not count", change.id);
    Err(Refusal::forbidden("VOTE_OWN_CHANGE", message, who_can(act, change, rule)))
}

/// Who could vote, in words.
fn who_can(act: &Act<'_>, change: &ChangeRow, rule: &GateRule) -> String {
    let can = |person: &&crate::people::Person| {
        person.id != change.requester && person.roles.iter().any(|role| rule.roles.contains(role))
    };
    let names: Vec<String> = act.rules.people.iter().filter(can).map(|person| format!("@{}", person.id)).collect();
    if names.is_empty() {
        let roles = any_of(&rule.roles);
        return format!(
            "nobody can: give somebody the role {roles} in .codexa/rules/people.yaml, and accept the rules"
        );
    }
    format!("{} can", names.join(", "))
}

fn stale(change: &ChangeRow, gate: Gate) -> Refusal {
    let message = format!("that is not what the {gate} gate of {} would approve now: it was edited since", change.id);
    Refusal::conflict("SUBJECT_STALE", message, format!("look again: `approve {gate} for {}`", change.id))
}

/// The answer to a directive without a digest: what it is about, and what confirms it.
async fn ask(
    act: &mut Act<'_>,
    change: &ChangeRow,
    row: &GateRow,
    subject: &Subject,
    verdict: Verdict,
    may: Result<bool, Refusal>,
    opened: Option<v1::Entry>,
) -> Result<v1::Answer, Refusal> {
    let card = act.card(change, row).await?;
    let word = verdict.word();
    let (says, confirm) = match (&subject.obstacle, may) {
        // What cannot be approved can be vetoed.
        (Some(obstacle), _) if verdict == Verdict::Approve => {
            (format!("Nothing can be approved yet: {obstacle}."), None)
        }
        (_, Err(refusal)) => (format!("{}; {}.", sentence(&refusal.message), refusal.help), None),
        (_, Ok(_)) => {
            let files: Vec<&str> = subject.files.iter().map(|file| short(&file.path)).collect();
            let summary = format!("{word} the {} gate of {}: {}", row.gate, change.id, files.join(", "));
            let confirm = nonce::issue(act, subject.digest.clone(), subject.covers(change), summary.clone()).await?;
            (format!("Confirm to {summary}."), Some(confirm))
        }
    };
    Ok(v1::Answer { says, confirm, card: Some(card), entry: opened, ..v1::Answer::default() })
}

/// Writes the vote.
async fn cast(
    act: &mut Act<'_>,
    change: &ChangeRow,
    row: &GateRow,
    gate: Gate,
    subject: &Subject,
    verdict: Verdict,
    own: bool,
) -> Result<v1::Answer, Refusal> {
    let votes = act.tx.votes(&change.id).await?;
    let same = |vote: &&VoteRow| {
        vote.gate == row.gate
            && vote.person == act.person.id
            && vote.verdict == verdict.word()
            && vote.digest == subject.digest
    };
    if votes.iter().any(|vote| same(&vote)) {
        let card = act.card(change, row).await?;
        let says = format!("Your vote on the {gate} gate of {} is there already; {}.", change.id, standing(&card));
        return Ok(v1::Answer { says, card: Some(card), ..v1::Answer::default() });
    }
    keep(act, subject).await?;
    let reason = act.directive.args.reason.clone();
    let mut data = Map::new();
    if own {
        data.insert("self".to_owned(), Value::Bool(true));
    }
    if let Some(reason) = &reason {
        data.insert("reason".to_owned(), Value::from(reason.clone()));
    }
    let unwritten = subject.files.iter().filter(|file| verdict == Verdict::Approve && file.is_unwritten(change));
    let unwritten: Vec<Value> = unwritten.map(|file| Value::from(short(&file.path))).collect();
    if !unwritten.is_empty() {
        data.insert("unwritten".to_owned(), Value::from(unwritten));
    }
    let about = About { change: Some(&change.id), gate: Some(gate), subject: Some(&subject.digest), data };
    let entry = act.record(&format!("gate.{}", verdict.word()), about).await?;
    let vote = VoteRow {
        change_id: change.id.clone(),
        gate: row.gate.clone(),
        person: act.person.id.clone(),
        verdict: verdict.word().to_owned(),
        digest: subject.digest.clone(),
        reason,
        at: act.now,
        via: crate::identity::via(act.caller).kind,
        own,
        seq: entry.sequence,
    };
    act.tx.put_vote(&vote).await?;
    let did = if verdict == Verdict::Approve { "approved" } else { "denied" };
    let says = format!("@{} {did} {gate} for {}.", act.person.id, change.id);
    act.announce("gate.changed", Announced { change: Some(&change.id), gate: Some(gate), job: None }, says).await?;
    let card = act.card(change, row).await?;
    let says = format!("You {did} {gate} for {}; {}. Ledger entry {}.", change.id, standing(&card), entry.sequence);
    Ok(v1::Answer { says, card: Some(card), entry: Some(entry), ..v1::Answer::default() })
}

/// Keeps what was voted on, so that what changes later can be shown.
async fn keep(act: &mut Act<'_>, subject: &Subject) -> Result<(), Refusal> {
    act.tx.put_subject(&subject.digest, &subject.document).await?;
    for file in &subject.files {
        if let Some(hash) = file.hash {
            act.tx.put_text(&hash.to_string(), &file.content).await?;
        }
    }
    Ok(())
}

/// How a gate stands, in words.
pub(super) fn standing(card: &v1::Card) -> String {
    match card.state.as_str() {
        "met" => "the gate is met".to_owned(),
        "denied" => "the gate is denied until the denial is withdrawn".to_owned(),
        "expired" => "the gate has closed".to_owned(),
        _ => format!("{} of {}, missing {}", card.have, card.quorum, card.missing.join(", ")),
    }
}

/// A path without the folder of its workspace.
pub(super) fn short(path: &str) -> &str {
    path.splitn(3, '/').nth(2).unwrap_or(path)
}

/// A message as the beginning of a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
