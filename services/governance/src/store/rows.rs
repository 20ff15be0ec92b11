//! What the tables hold, a type for each. Times are milliseconds since 1970, UTC.
#![expect(missing_docs, reason = "the migrations say what each column holds, and the names are the columns'")]

use sqlx::FromRow;

#[derive(Clone, Debug, FromRow)]
pub struct LedgerRow {
    pub ledger: String,
    pub size: i64,
    pub last_at: i64,
    pub events: i64,
    pub relayed: i64,
    pub branch: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RulesRow {
    pub seq: i64,
    pub at: i64,
    pub branch: String,
    pub commit_id: String,
    pub digest: String,
    pub document: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LeafRow {
    pub seq: i64,
    pub at: i64,
    pub act: String,
    pub leaf: String,
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EventRow {
    pub id: i64,
    pub at: i64,
    pub kind: String,
    pub change_id: Option<String>,
    pub gate: Option<String>,
    pub job: Option<String>,
    pub says: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ChangeRow {
    pub id: String,
    pub number: i64,
    pub title: String,
    pub requester: String,
    pub opened_at: i64,
    pub held_by: Option<String>,
    pub held_reason: Option<String>,
    pub held_at: Option<i64>,
    pub held_until: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    pub by: String,
    pub reason: String,
    pub at: i64,
    pub until: Option<i64>,
}

impl ChangeRow {
    /// The hold that is in force at a time.
    #[must_use]
    pub fn hold(&self, now: i64) -> Option<HoldRow> {
        if self.held_until.is_some_and(|until| until <= now) {
            return None;
        }
        let by = self.held_by.clone()?;
        let reason = self.held_reason.clone().unwrap_or_default();
        Some(HoldRow { by, reason, at: self.held_at.unwrap_or_default(), until: self.held_until })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct GateRow {
    pub change_id: String,
    pub gate: String,
    pub rule: String,
    pub round: i64,
    pub opened_at: i64,
    pub closes_at: Option<i64>,
    pub seen: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct VoteRow {
    pub change_id: String,
    pub gate: String,
    pub person: String,
    pub verdict: String,
    pub digest: String,
    pub reason: Option<String>,
    pub at: i64,
    pub via: String,
    pub own: bool,
    pub seq: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NonceRow {
    pub hash: String,
    pub person: String,
    pub directive: String,
    pub digest: String,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RequestRow {
    pub caller: String,
    pub key: String,
    pub fingerprint: String,
    pub answer: Vec<u8>,
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DirectiveRow {
    pub id: String,
    pub at: i64,
    pub caller: String,
    pub via: String,
    pub canonical: String,
    pub outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    pub args: String,
    pub state: String,
    pub progress: String,
    pub summary: String,
    pub person: String,
    pub asked_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TokenRow {
    pub hash: String,
    pub kind: String,
    pub subject: String,
    pub made_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

impl TokenRow {
    /// Whether it stands for somebody at a time.
    #[must_use]
    pub fn holds(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AccountRow {
    pub platform: String,
    pub space: String,
    pub account: String,
    pub person: String,
    pub linked_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LinkCodeRow {
    pub hash: String,
    pub platform: String,
    pub space: String,
    pub account: String,
    pub name: String,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}
