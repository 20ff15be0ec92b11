//! `status` and `show`: how things stand.

use super::other_target;
use super::vote::standing;
use crate::act::Act;
use crate::pages;
use crate::refusal::Refusal;
use codexa_directive::{TargetKind, View};
use codexa_proto::v1;

pub(super) async fn show(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let kind = act.directive.target.as_ref().map(|target| target.kind);
    match (kind, act.directive.args.view) {
        (Some(TargetKind::Change), _) => one(act).await,
        (
            None | Some(TargetKind::Project | TargetKind::Loop),
            None | Some(View::Changes | View::Approvals | View::Gates | View::Holds),
        ) => all(act).await,
        // What is asked lies with discovery, whom the gateway asks when it is known that this person may see it.
        (None | Some(TargetKind::Project), Some(View::Followups)) => Ok(v1::Answer::default()),
        (_, Some(view)) => {
            let message = format!("`show {}` is understood, and nothing in this version carries it out", view.word());
            let help = "`status`, `show changes`, `show CH-001` and `show followups` are";
            Err(Refusal::new(crate::refusal::Kind::NotYet, "VIEW_NOT_YET", message, help))
        }
        _ => Err(other_target(act, "the project and its changes: `status`, `show CH-001`")),
    }
}

async fn one(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let row = act.change().await?;
    let change = act.shown(&row).await?;
    let says = format!("{}: {}, {}.", change.id, change.title, state(&change));
    let lines = gates(&change);
    Ok(v1::Answer { says, lines, change: Some(change), ..v1::Answer::default() })
}

async fn all(act: &mut Act<'_>) -> Result<v1::Answer, Refusal> {
    let open = act.tx.count_changes().await?;
    let rows = act.tx.changes_below(i64::MAX, i64::from(pages::USUAL)).await?;
    let changes = pages::changes(&act.desk(), act.tx, &rows).await?;
    let ledger = act.tx.ledger().await?;
    let entries =
        if ledger.size == 1 { "1 ledger entry".to_owned() } else { format!("{} ledger entries", ledger.size) };
    let says = match open {
        0 => format!("No change is open; {entries}, maturity {}. `open change: …` begins one.", act.rules.maturity),
        1 => format!("1 change, {entries}, maturity {}.", act.rules.maturity),
        _ => format!("{open} changes, {entries}, maturity {}.", act.rules.maturity),
    };
    let says = match changes.len() {
        shown if i64::try_from(shown).is_ok_and(|shown| shown < open) => {
            format!("{says} Here are the {shown} newest; `codexa change list` has them all.")
        }
        _ => says,
    };
    let lines = changes.iter().flat_map(|change| std::iter::once(line(change)).chain(gates(change))).collect();
    Ok(v1::Answer { says, lines, changes, ..v1::Answer::default() })
}

fn state(change: &v1::Change) -> String {
    let state = change.state.replace('_', " ");
    match &change.hold {
        Some(hold) if hold.reason.is_empty() => format!("{state}, held by @{}", hold.person),
        Some(hold) => format!("{state}, held by @{}: {}", hold.person, hold.reason),
        None => state,
    }
}

fn line(change: &v1::Change) -> String {
    format!("{}  {}  {}", change.id, change.title, state(change))
}

fn gates(change: &v1::Change) -> Vec<String> {
    let stale = |card: &v1::Card| card.votes.iter().filter(|vote| vote.stale).count();
    let line = |card: &v1::Card| match stale(card) {
        0 => format!("  {:8}{}", card.gate, standing(card)),
        1 => format!("  {:8}{}; 1 vote is stale", card.gate, standing(card)),
        votes => format!("  {:8}{}; {votes} votes are stale", card.gate, standing(card)),
    };
    change.gates.iter().map(line).collect()
}
