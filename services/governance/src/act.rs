//! What every act has at hand: the transaction, the moment, who acts under which rules, and the ledger to write to.

use crate::acceptance::come_into_force;
use crate::card::Desk;
use crate::files::Files;
use crate::identity::{actor, via};
use crate::people::Person;
use crate::refusal::Refusal;
use crate::rules::{Origin, Rules};
use crate::store::Transaction;
use crate::store::rows::{ChangeRow, EventRow, GateRow, LeafRow};
use codexa_directive::{Directive, Gate, TargetKind};
use codexa_ledger::{Actor, Draft, Via};
use codexa_proto::v1;
use serde_json::{Map, Value};

/// An act in progress. What it writes is there when its transaction is committed, or never.
pub(crate) struct Act<'a> {
    pub tx: &'a mut dyn Transaction,
    /// The database's clock when the act began.
    pub now: i64,
    pub rules: &'a Rules,
    pub files: &'a Files,
    pub person: &'a Person,
    pub caller: &'a v1::Caller,
    /// The idempotency key that the caller gave it.
    pub key: &'a str,
    pub directive: &'a Directive,
}

/// What an act is about, for its ledger entry.
#[derive(Debug, Default)]
pub(crate) struct About<'a> {
    pub change: Option<&'a str>,
    pub gate: Option<Gate>,
    pub subject: Option<&'a str>,
    pub data: Map<String, Value>,
}

impl<'a> Act<'a> {
    /// Writes the ledger entry of what is done.
    pub async fn record(&mut self, act: &str, about: About<'_>) -> Result<v1::Entry, Refusal> {
        let speaker = self.speaker().await;
        record(self.tx, self.now, speaker, act, about).await
    }

    /// The first act under a branch pins it and brings its rules into force: from then on neither a commit nor a setting of a work
    /// tree says which rules count.
    pub async fn pin_branch(&mut self) -> Result<(), Refusal> {
        let rules = self.rules;
        let Origin::Branch(head) = &rules.origin else { return Ok(()) };
        let speaker = self.speaker().await;
        come_into_force(self.tx, self.now, speaker, "rules.branch", rules, head).await?;
        Ok(())
    }

    async fn speaker(&mut self) -> Speaker {
        Speaker {
            actor: actor(self.person),
            via: via(self.caller),
            directive: Some(self.directive.canonical()),
            base: self.files.base().await,
            maturity: self.rules.maturity.to_string(),
            rules: self.rules.digest.clone(),
        }
    }

    /// Tells everyone who listens, once the act is committed.
    pub async fn announce(&mut self, kind: &str, event: Announced<'_>, says: String) -> Result<i64, Refusal> {
        Ok(announce(self.tx, self.now, kind, event, says).await?)
    }

    /// The change that the directive names.
    pub async fn change(&mut self) -> Result<ChangeRow, Refusal> {
        let target = self.directive.target.as_ref().filter(|target| target.kind == TargetKind::Change);
        let missing =
            || Refusal::invalid("CHANGE_MISSING", "this is about a change", "name one: `show changes` lists them");
        let id = &target.ok_or_else(missing)?.id;
        self.tx.change(id).await?.ok_or_else(|| Refusal::change_not_found(id))
    }

    /// A gate of a change, where it was opened.
    pub async fn opened(&mut self, change: &str, gate: Gate) -> Result<Option<GateRow>, Refusal> {
        Ok(self.tx.gates(change).await?.into_iter().find(|row| row.gate == gate.word()))
    }

    /// What cards are made from.
    pub fn desk(&self) -> Desk<'a> {
        Desk { rules: self.rules, files: self.files, now: self.now, compares: true }
    }

    /// A change with the cards of its gates.
    pub async fn shown(&mut self, change: &ChangeRow) -> Result<v1::Change, Refusal> {
        let desk = self.desk();
        desk.change(self.tx, change).await
    }

    /// The card of an opened gate.
    pub async fn card(&mut self, change: &ChangeRow, row: &GateRow) -> Result<v1::Card, Refusal> {
        let desk = self.desk();
        desk.card(self.tx, change, row).await
    }
}

/// Who does something, and under what: the part of a ledger entry that all of an act's entries share.
#[derive(Clone)]
pub(crate) struct Speaker {
    pub actor: Actor,
    pub via: Via,
    pub directive: Option<String>,
    pub base: Option<String>,
    pub maturity: String,
    pub rules: String,
}

/// Writes a ledger entry.
pub(crate) async fn record(
    tx: &mut dyn Transaction,
    now: i64,
    speaker: Speaker,
    act: &str,
    about: About<'_>,
) -> Result<v1::Entry, Refusal> {
    let ledger = tx.ledger().await?;
    let at = now.max(ledger.last_at);
    let draft = Draft {
        act: act.to_owned(),
        actor: speaker.actor,
        via: speaker.via,
        directive: speaker.directive,
        change: about.change.map(str::to_owned),
        gate: about.gate.map(|gate| gate.word().to_owned()),
        subject: about.subject.map(str::to_owned),
        base: speaker.base,
        maturity: speaker.maturity,
        rules: speaker.rules,
        data: about.data,
    };
    let sealed = draft.seal(&ledger.ledger, u64::try_from(ledger.size).unwrap_or_default(), at)?;
    let hash = sealed.hash.to_string();
    let row = LeafRow { seq: ledger.size, at, act: act.to_owned(), leaf: sealed.text, hash: hash.clone() };
    tx.append(&row).await?;
    Ok(v1::Entry { sequence: ledger.size, hash })
}

/// What an event is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Announced<'a> {
    pub change: Option<&'a str>,
    pub gate: Option<Gate>,
    pub job: Option<&'a str>,
}

pub(crate) async fn announce(
    tx: &mut dyn Transaction,
    at: i64,
    kind: &str,
    event: Announced<'_>,
    says: String,
) -> Result<i64, crate::store::StoreError> {
    let row = EventRow {
        id: 0,
        at,
        kind: kind.to_owned(),
        change_id: event.change.map(str::to_owned),
        gate: event.gate.map(|gate| gate.word().to_owned()),
        job: event.job.map(str::to_owned),
        says,
    };
    tx.announce(&row).await
}
