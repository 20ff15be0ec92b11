//! `withdraw`: a person takes their own vote back.

use super::Confirmation;
use super::vote::{card, gate, standing};
use crate::act::{About, Act, Announced};
use crate::card::rule_of;
use crate::nonce;
use crate::refusal::{Kind, Refusal};
use crate::store::rows::VoteRow;
use crate::subject::digest;
use codexa_proto::v1;
use serde_json::{Map, Value, json};

pub(super) async fn withdraw(act: &mut Act<'_>, confirmed: &Confirmation) -> Result<v1::Answer, Refusal> {
    let change = act.change().await?;
    let gate = gate(act)?;
    let votes = act.tx.votes(&change.id).await?;
    let mine = votes.into_iter().find(|vote| vote.gate == gate.word() && vote.person == act.person.id);
    let (Some(row), Some(mine)) = (act.opened(&change.id, gate).await?, mine) else {
        let message = format!("you have no vote on the {gate} gate of {}", change.id);
        return Err(Refusal::new(
            Kind::NotFound,
            "VOTE_NOT_FOUND",
            message,
            format!("`show {}` has the votes", change.id),
        ));
    };
    let subject = subject(act, &mine);
    let Some(digest) = &confirmed.digest else {
        let covers = act.subject(&row, gate, &rule_of(&row, act.rules)?)?.covers();
        let summary = format!("withdraw your vote ({}) on the {gate} gate of {}", mine.verdict, change.id);
        let confirm = nonce::issue(act, subject, covers, summary.clone()).await?;
        let card = card(act, &change, &row).await?;
        let says = format!("Confirm to {summary}.");
        return Ok(v1::Answer { says, confirm: Some(confirm), card: Some(card), ..v1::Answer::default() });
    };
    if *digest != subject {
        let message = format!("your vote on the {gate} gate of {} is another one since", change.id);
        return Err(Refusal::conflict("SUBJECT_STALE", message, "ask again without a digest"));
    }
    let data = Map::from_iter([("verdict".to_owned(), Value::from(mine.verdict.clone()))]);
    let about = About { change: Some(&change.id), gate: Some(gate), subject: Some(&mine.digest), data };
    let entry = act.record("gate.withdraw", about).await?;
    act.tx.remove_votes(&change.id, gate.word(), Some(&act.person.id)).await?;
    let says = format!("@{} withdrew their vote on {gate} for {}.", act.person.id, change.id);
    act.announce("gate.changed", Announced { change: Some(&change.id), gate: Some(gate), job: None }, says).await?;
    let card = card(act, &change, &row).await?;
    let says = format!("Your vote on {gate} for {} is withdrawn; {}.", change.id, standing(&card));
    Ok(v1::Answer { says, card: Some(card), entry: Some(entry), ..v1::Answer::default() })
}

/// What is decided about: this one vote. Another one of the same person on the same files is not what was shown.
fn subject(act: &Act<'_>, vote: &VoteRow) -> String {
    let document = json!({
        "v": 1, "project": act.project_id, "change": vote.change_id, "gate": vote.gate, "verb": "withdraw",
        "vote": vote.seq,
    });
    digest(&serde_jcs::to_string(&document).unwrap_or_default())
}
