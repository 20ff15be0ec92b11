//! What a gate of a change looks like now.

use crate::files::{Files, Pair};
use crate::refusal::Refusal;
use crate::rules::{GateRule, Rules};
use crate::store::rows::{ChangeRow, GateRow, VoteRow};
use crate::store::{StoreError, Transaction};
use crate::subject::{self, Of, Subject};
use crate::tally::{Ballot, Requester, Tally, Verdict, tally};
use codexa_directive::Gate;
use codexa_proto::v1;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What cards are made from.
pub(crate) struct Desk<'a> {
    pub rules: &'a Rules,
    pub files: &'a Files,
    pub now: i64,
    /// Whether stale votes say what changed since.
    pub compares: bool,
}

/// Changed lines that a vote shows at most, over all files.
const MAX_SINCE: usize = 60;

/// What changed since votes were given, by the digest that they were given for.
type Since = BTreeMap<String, Vec<v1::Changed>>;

/// A gate as it stands.
pub(crate) struct Standing {
    pub rule: GateRule,
    pub subject: Subject,
    pub votes: Vec<VoteRow>,
    pub tally: Tally,
    pub state: &'static str,
}

/// The rule that holds for an opened gate: the frozen one, or that of now where it is stricter.
pub(crate) fn rule_of(row: &GateRow, rules: &Rules) -> Result<GateRule, StoreError> {
    let frozen: GateRule = serde_json::from_str(&row.rule)
        .map_err(|error| StoreError::Unreadable { what: "a gate's rule", why: error.to_string() })?;
    let now = rules.gates.get(&gate_of(row)?).filter(|rule| rule.replaces(&frozen));
    Ok(now.cloned().unwrap_or(frozen))
}

/// A gate by its word; what the store holds was written by us.
pub(crate) fn gate_of(row: &GateRow) -> Result<Gate, StoreError> {
    serde_json::from_value(serde_json::Value::String(row.gate.clone()))
        .map_err(|error| StoreError::Unreadable { what: "a gate", why: error.to_string() })
}

/// What an opened gate is about, under the rule that holds for it.
pub(crate) fn of(row: &GateRow, rule: &GateRule) -> Result<Of, StoreError> {
    Ok(Of { change: row.change_id.clone(), gate: gate_of(row)?, round: row.round, rule: rule.clone() })
}

impl Desk<'_> {
    /// How an opened gate stands.
    pub async fn standing(&self, change: &ChangeRow, row: &GateRow, votes: Vec<VoteRow>) -> Result<Standing, Refusal> {
        let rule = rule_of(row, self.rules)?;
        let subject = self.files.subject(of(row, &rule)?).await?;
        let ballots: Vec<Ballot<'_>> = votes.iter().map(ballot).collect();
        let requester = Requester { person: &change.requester, may_vote: self.rules.sole_person_decides() };
        let tally = tally(&rule, &ballots, &self.rules.people, requester, &subject.digest);
        let state = if tally.denied {
            "denied"
        } else if tally.is_met(&rule) && subject.obstacle.is_none() {
            "met"
        } else if row.closes_at.is_some_and(|at| at <= self.now) {
            "expired"
        } else {
            "open"
        };
        Ok(Standing { rule, subject, votes, tally, state })
    }

    /// The card of an opened gate.
    pub async fn card(&self, tx: &mut dyn Transaction, change: &ChangeRow, row: &GateRow) -> Result<v1::Card, Refusal> {
        let votes = tx.votes(&change.id).await?.into_iter().filter(|vote| vote.gate == row.gate).collect();
        let standing = self.standing(change, row, votes).await?;
        let as_of = tx.ledger().await?.events;
        let mut since = Since::new();
        let mut shown = Vec::with_capacity(standing.votes.len());
        for (vote, role) in standing.votes.iter().zip(&standing.tally.roles) {
            let stale = vote.digest != standing.subject.digest;
            let since = match stale && self.compares {
                true => self.since(tx, &vote.digest, &standing.subject, &mut since).await?,
                false => Vec::new(),
            };
            shown.push(v1::Vote {
                person: vote.person.clone(),
                role: role.map(|role| role.word().to_owned()).unwrap_or_default(),
                verdict: vote.verdict.clone(),
                digest: vote.digest.clone(),
                reason: vote.reason.clone(),
                at: vote.at,
                via: vote.via.clone(),
                own: vote.own,
                stale,
                since,
            });
        }
        Ok(v1::Card {
            change: change.id.clone(),
            title: change.title.clone(),
            gate: row.gate.clone(),
            state: standing.state.to_owned(),
            quorum: standing.rule.quorum,
            have: standing.tally.have,
            digest: standing.subject.digest.clone(),
            covers: standing.subject.covers(change),
            base: self.files.base().await.unwrap_or_default(),
            votes: shown,
            missing: standing.tally.missing,
            closes_at: row.closes_at,
            hold: hold(change, self.now),
            as_of,
            obstacle: standing.subject.obstacle,
        })
    }

    /// What changed between what a vote was given for and what is there now; votes for the same share the answer.
    async fn since(
        &self,
        tx: &mut dyn Transaction,
        digest: &str,
        subject: &Subject,
        known: &mut Since,
    ) -> Result<Vec<v1::Changed>, Refusal> {
        if let Some(changed) = known.get(digest) {
            return Ok(changed.clone());
        }
        let Some(document) = tx.subject(digest).await? else { return Ok(Vec::new()) };
        let earlier = subject::files_of(&document).unwrap_or_default();
        let mut pairs = Vec::new();
        for file in &subject.files {
            let hash = earlier.iter().find(|(path, _)| *path == file.path).and_then(|(_, hash)| *hash);
            if hash == file.hash {
                continue;
            }
            let before = match hash {
                Some(hash) => tx.text(&hash.to_string()).await?.unwrap_or_default(),
                None => Vec::new(),
            };
            pairs.push(Pair { path: file.path.clone(), before, after: Arc::clone(&file.content) });
        }
        let mut changed = self.files.changed(pairs).await?;
        let mut room = MAX_SINCE;
        for file in &mut changed {
            file.lines.truncate(room);
            room -= file.lines.len();
        }
        known.insert(digest.to_owned(), changed.clone());
        Ok(changed)
    }

    /// A change with the cards of its opened gates.
    pub async fn change(&self, tx: &mut dyn Transaction, change: &ChangeRow) -> Result<v1::Change, Refusal> {
        let mut gates = Vec::new();
        let mut opened = tx.gates(&change.id).await?;
        opened.sort_by_key(|row| gate_of(row).ok());
        for row in &opened {
            gates.push(self.card(tx, change, row).await?);
        }
        Ok(v1::Change {
            id: change.id.clone(),
            title: change.title.clone(),
            state: Self::state(self.required(&opened)?, &gates).to_owned(),
            requester: change.requester.clone(),
            opened_at: change.opened_at,
            hold: hold(change, self.now),
            gates,
        })
    }

    /// The gates without which a change is not approved: those of the rules of now, and those that were required when they
    /// opened.
    pub fn required(&self, opened: &[GateRow]) -> Result<BTreeSet<Gate>, StoreError> {
        let mut required: BTreeSet<Gate> =
            self.rules.gates.iter().filter(|(_, rule)| rule.required).map(|(gate, _)| *gate).collect();
        for row in opened {
            if rule_of(row, self.rules)?.required {
                required.insert(gate_of(row)?);
            }
        }
        Ok(required)
    }

    /// Where a change is in its life, by its gates. It is in progress by an act that this version does not have yet.
    fn state(required: BTreeSet<Gate>, gates: &[v1::Card]) -> &'static str {
        let met = |gate: &Gate| gates.iter().any(|card| card.gate == gate.word() && card.state == "met");
        let (met_gates, open): (Vec<Gate>, Vec<Gate>) = required.into_iter().partition(met);
        match (met_gates.as_slice(), open.is_empty()) {
            ([], false) => "draft",
            (_, true) => "approved",
            ([Gate::Scope], false) => "analyzed",
            (_, false) => "partially_approved",
        }
    }
}

fn ballot(vote: &VoteRow) -> Ballot<'_> {
    Ballot { person: &vote.person, verdict: Verdict::of(&vote.verdict), digest: &vote.digest, own: vote.own }
}

/// What holds a change now.
pub(crate) fn hold(change: &ChangeRow, now: i64) -> Option<v1::Hold> {
    let hold = change.hold(now)?;
    Some(v1::Hold { person: hold.by, reason: hold.reason, at: hold.at, until: hold.until })
}
