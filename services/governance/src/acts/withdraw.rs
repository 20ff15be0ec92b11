//! `withdraw`: a person takes their own vote back, or a governance officer the denial of somebody who can vote no more.

use super::Confirmation;
use super::vote::{gate, standing};
use crate::act::{About, Act, Announced};
use crate::card::{of, rule_of};
use crate::nonce;
use crate::refusal::{Kind, Refusal};
use crate::rules::GateRule;
use crate::store::rows::{ChangeRow, GateRow, VoteRow};
use crate::subject::digest;
use crate::tally::Verdict;
use codexa_directive::{Gate, Role};
use codexa_proto::v1;
use serde_json::{Map, Value, json};

pub(super) async fn withdraw(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    let change = act.change().await?;
    let gate = gate(act)?;
    let Some(row) = act.opened(&change.id, gate).await? else { return Err(nothing(&change, gate)) };
    let rule = rule_of(&row, act.rules)?;
    let votes = votes(act, &change, &row, &rule).await?;
    if votes.is_empty() {
        return Err(nothing(&change, gate));
    }
    let subject = subject(act, &votes);
    let stale = || super::stale(format!("the votes on the {gate} gate of {} are others since", change.id));
    if confirmed.is_for(&subject, stale)? {
        return apply(act, &change, &row, gate, &votes).await;
    }
    let covers = act.files.subject(of(&row, &rule)?).await?.covers(&change);
    let summary = format!("withdraw {} on the {gate} gate of {}", named(act, &votes), change.id);
    let confirm = nonce::issue(act, subject, covers, summary.clone()).await?;
    let card = act.card(&change, &row).await?;
    let says = format!("Confirm to {summary}.");
    Ok(v1::Answer { says, confirm: Some(confirm), card: Some(card), ..v1::Answer::default() })
}

fn nothing(change: &ChangeRow, gate: Gate) -> Refusal {
    let message = format!("you have no vote on the {gate} gate of {}", change.id);
    let help =
        format!("`show {}` has the votes; a GO can withdraw the denial of somebody who can vote no more", change.id);
    Refusal::new(Kind::NotFound, "VOTE_NOT_FOUND", message, help)
}

/// The votes that the person can take back: their own; else, as a governance officer who did not ask for the change, the
/// denials of those who have no say any more. Nobody else could ever lift those.
async fn votes(act: &mut Act<'_>, change: &ChangeRow, row: &GateRow, rule: &GateRule) -> Result<Vec<VoteRow>, Refusal> {
    let all = act.tx.votes(&change.id).await?.into_iter().filter(|vote| vote.gate == row.gate);
    let (own, others): (Vec<VoteRow>, Vec<VoteRow>) = all.partition(|vote| vote.person == act.person.id);
    if !own.is_empty() {
        return Ok(own);
    }
    let may =
        act.person.roles.contains(&Role::Go) && (act.person.id != change.requester || act.rules.sole_person_decides());
    let has_a_say = |id: &str| {
        act.rules.people.find(id).is_some_and(|person| person.roles.iter().any(|role| rule.roles.contains(role)))
    };
    let is_left_over = |vote: &VoteRow| Verdict::of(&vote.verdict) == Verdict::Deny && !has_a_say(&vote.person);
    Ok(others.into_iter().filter(|vote| may && is_left_over(vote)).collect())
}

/// Whose votes they are, in words.
fn named(act: &Act<'_>, votes: &[VoteRow]) -> String {
    match votes {
        [own] if own.person == act.person.id => format!("your vote ({})", own.verdict),
        others => {
            let names: Vec<String> = others.iter().map(|vote| format!("@{}", vote.person)).collect();
            format!("the denial of {}, who can vote no more,", names.join(" and "))
        }
    }
}

/// What is decided about: these votes. Another one of the same person on the same files is not what was shown.
fn subject(act: &Act<'_>, votes: &[VoteRow]) -> String {
    let seqs: Vec<i64> = votes.iter().map(|vote| vote.seq).collect();
    let places = votes.first().map(|vote| (&vote.change_id, &vote.gate));
    let document = json!({
        "v": 1, "project": act.files.project_id(), "change": places.map(|place| place.0),
        "gate": places.map(|place| place.1), "verb": "withdraw", "votes": seqs,
    });
    digest(&serde_jcs::to_string(&document).unwrap_or_default())
}

async fn apply(
    act: &mut Act<'_>,
    change: &ChangeRow,
    row: &GateRow,
    gate: Gate,
    votes: &[VoteRow],
) -> Result<v1::Answer, Refusal> {
    let mut entry = None;
    for vote in votes {
        let mut data = Map::from_iter([("verdict".to_owned(), Value::from(vote.verdict.clone()))]);
        if vote.person != act.person.id {
            data.insert("of".to_owned(), Value::from(vote.person.clone()));
        }
        let about = About { change: Some(&change.id), gate: Some(gate), subject: Some(&vote.digest), data };
        entry = Some(act.record("gate.withdraw", about).await?);
        act.tx.remove_votes(&change.id, gate.word(), Some(&vote.person)).await?;
    }
    let who = &act.person.id;
    let is_own = votes.iter().any(|vote| vote.person == *who);
    let what = if is_own { "their vote".to_owned() } else { named(act, votes) };
    let says = format!("@{who} withdrew {what} on {gate} for {}.", change.id);
    act.announce("gate.changed", Announced { change: Some(&change.id), gate: Some(gate), job: None }, says).await?;
    let card = act.card(change, row).await?;
    let what = if is_own { "Your vote" } else { "The denial" };
    let says = format!("{what} on {gate} for {} is withdrawn; {}.", change.id, standing(&card));
    Ok(v1::Answer { says, card: Some(card), entry, ..v1::Answer::default() })
}
