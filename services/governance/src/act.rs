//! What every act has at hand: the transaction, the moment, who acts under which rules, and the ledger to write to.

use crate::identity::{actor, via};
use crate::people::Person;
use crate::refusal::Refusal;
use crate::rules::{GateRule, Rules};
use crate::store::Transaction;
use crate::store::rows::{ChangeRow, EventRow, GateRow, LeafRow};
use crate::subject::{self, Of, Subject};
use codexa_directive::{Directive, Gate, TargetKind};
use codexa_ledger::Draft;
use codexa_project::Project;
use codexa_proto::v1;
use serde_json::{Map, Value};

/// An act in progress. What it writes is there when its transaction is committed, or never.
pub(crate) struct Act<'a> {
    pub tx: &'a mut dyn Transaction,
    /// The database's clock when the act began.
    pub now: i64,
    pub rules: &'a Rules,
    pub project: &'a Project,
    pub project_id: &'a str,
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

impl Act<'_> {
    /// Writes the ledger entry of what is done.
    pub async fn record(&mut self, act: &str, about: About<'_>) -> Result<v1::Entry, Refusal> {
        let ledger = self.tx.ledger().await?;
        let at = self.now.max(ledger.last_at);
        let draft = Draft {
            act: act.to_owned(),
            actor: actor(self.person),
            via: via(self.caller),
            directive: Some(self.directive.canonical()),
            change: about.change.map(str::to_owned),
            gate: about.gate.map(|gate| gate.word().to_owned()),
            subject: about.subject.map(str::to_owned),
            base: self.base(),
            maturity: self.rules.maturity.to_string(),
            rules: self.rules.digest(),
            data: about.data,
        };
        let sealed = draft.seal(&ledger.ledger, u64::try_from(ledger.size).unwrap_or_default(), at)?;
        let hash = sealed.hash.to_string();
        let row = LeafRow { seq: ledger.size, at, act: act.to_owned(), leaf: sealed.text, hash: hash.clone() };
        self.tx.append(&row).await?;
        Ok(v1::Entry { sequence: ledger.size, hash })
    }

    /// Tells everyone who listens, once the act is committed.
    pub async fn announce(&mut self, kind: &str, event: Announced<'_>, says: String) -> Result<i64, Refusal> {
        Ok(announce(self.tx, self.now, kind, event, says).await?)
    }

    /// The commit that the project stands on.
    pub fn base(&self) -> Option<String> {
        base(self.project)
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

    /// What an opened gate would approve now.
    pub fn subject(&self, row: &GateRow, gate: Gate, rule: &GateRule) -> Result<Subject, Refusal> {
        let of = Of { project: self.project_id, change: &row.change_id, gate, round: row.round, rule };
        Ok(subject::read(self.project, &of)?)
    }
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

/// The commit that a project stands on; `None` where there is none, or it cannot be read.
pub(crate) fn base(project: &Project) -> Option<String> {
    project.head().ok().flatten()?.commit.map(|commit| commit.to_string())
}
