//! Noticing what nobody does through Codexa: a file is edited, a gate's time is up. A vote stands for a digest, and people
//! should learn that theirs does not count any more before they rely on it. That a vote is stale is never stored: it is seen
//! whenever a card is made.

use crate::act::{Announced, announce};
use crate::card::{gate_of, of, rule_of};
use crate::governance::Governance;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::store::StoreError;
use crate::store::rows::GateRow;
use crate::subject::Subject;

/// Behind the digest that was announced last, once it was announced that the gate's time is up.
const CLOSED: &str = " closed";

impl Governance {
    /// Looks at what each open gate covers; announces every gate that would approve something else than when it was looked
    /// at last, and every gate whose time is up. Gives their number.
    ///
    /// # Errors
    /// When the store does not answer, or the rules are broken.
    pub async fn notice_edits(&self) -> Result<usize, Refusal> {
        let mut tx = self.store().read().await?;
        let now = tx.now().await?;
        let rules = self.rules(&mut *tx).await?;
        let rows: Vec<GateRow> = tx.every_gate().await?.into_iter().filter(|row| is_readable(row, &rules)).collect();
        let seen = self.seen_now(&rows, &rules, now).await?;
        let differ: Vec<GateRow> =
            rows.into_iter().zip(seen).filter(|(row, seen)| row.seen != *seen).map(|(row, _)| row).collect();
        drop(tx);
        if differ.is_empty() {
            return Ok(0);
        }
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let mut announced = 0;
        for row in differ {
            // Another process may have seen it first, and the file may have been edited again.
            let Some(row) = tx.gates(&row.change_id).await?.into_iter().find(|now| now.gate == row.gate) else {
                continue;
            };
            let seen = self.seen_now(std::slice::from_ref(&row), &rules, now).await?.pop().unwrap_or_default();
            if seen == row.seen {
                continue;
            }
            let digest = seen.trim_end_matches(CLOSED);
            let votes = tx.votes(&row.change_id).await?;
            let stale = votes.iter().filter(|vote| vote.gate == row.gate && vote.digest != digest).count();
            tx.set_seen(&row.change_id, &row.gate, &seen).await?;
            let is_edited = row.seen.trim_end_matches(CLOSED) != digest;
            let says = if is_edited { edited(&row, stale) } else { closed(&row) };
            let about = Announced { change: Some(&row.change_id), gate: Some(gate_of(&row)?), job: None };
            announce(&mut *tx, now, "gate.changed", about, says).await?;
            announced += 1;
        }
        self.commit(tx).await?;
        Ok(announced)
    }

    /// What there is to see of gates now: the digest of each, and whether its time is up.
    async fn seen_now(&self, rows: &[GateRow], rules: &Rules, now: i64) -> Result<Vec<String>, Refusal> {
        let of = rows.iter().map(|row| of(row, &rule_of(row, rules)?)).collect::<Result<_, StoreError>>()?;
        let subjects = self.files().subjects(of).await?;
        let seen = |(row, subject): (&GateRow, Subject)| match row.closes_at.is_some_and(|at| at <= now) {
            true => subject.digest + CLOSED,
            false => subject.digest,
        };
        Ok(rows.iter().zip(subjects).map(seen).collect())
    }
}

/// Whether this version can read a gate. One that it cannot read keeps none of the others from being looked at.
fn is_readable(row: &GateRow, rules: &Rules) -> bool {
    let read = rule_of(row, rules).and_then(|_| gate_of(row));
    if let Err(error) = &read {
        tracing::warn!(%error, change = row.change_id, gate = row.gate, "edits of what a gate covers go unnoticed");
    }
    read.is_ok()
}

fn closed(row: &GateRow) -> String {
    format!("The time of the {} gate of {} is up.", row.gate, row.change_id)
}

fn edited(row: &GateRow, stale: usize) -> String {
    let what = format!("What the {} gate of {} covers was edited", row.gate, row.change_id);
    match stale {
        0 => format!("{what}."),
        1 => format!("{what}: 1 vote is stale."),
        votes => format!("{what}: {votes} votes are stale."),
    }
}
