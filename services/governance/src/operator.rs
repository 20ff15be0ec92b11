//! What whoever holds the store may do at its host: tokens and accounts. Nobody votes on it, and each of it is a ledger entry
//! under the name of the account that did it.

use crate::acceptance::come_into_force;
use crate::act::{About, Speaker, record};
use crate::governance::Governance;
use crate::identity::{TokenKind, hash};
use crate::people::is_id;
use crate::refusal::{Kind, Refusal};
use crate::rules::{Origin, Rules};
use crate::store::Transaction;
use crate::store::rows::{AccountRow, TokenRow};
use codexa_ledger::{Actor, Via};
use codexa_proto::v1;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

/// Hexadecimal digits by which a token is named, and as many as are enough to name it by.
const ID: usize = 12;
const SHORTEST_ID: usize = 6;

const DAY: i64 = 24 * 3_600_000;

/// A token, as it is listed: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenListed {
    /// What it is named by.
    pub id: String,
    /// person, adapter or service.
    pub kind: String,
    /// Whose it is.
    pub subject: String,
    /// When it was made.
    pub made_at: i64,
    /// When it ends by itself.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// Whether it stands for somebody now.
    pub holds: bool,
}

impl Governance {
    /// Makes a token for a person, an adapter or a service. It is shown once: only its hash is stored.
    ///
    /// # Errors
    /// When the person is not among the people, or the store does not answer.
    pub async fn new_token(&self, kind: TokenKind, subject: &str, days: Option<u32>) -> Result<String, Refusal> {
        if !is_id(subject) {
            let help = "small letters, digits, `.`, `-` and `_`";
            return Err(Refusal::invalid("TOKEN_SUBJECT", format!("`{subject}` names nobody"), help));
        }
        let mut operator = self.operator().await?;
        if kind == TokenKind::Person && operator.rules.clone()?.people.find(subject).is_none() {
            drop(operator);
            return Err(self.no_person(subject).await);
        }
        let token = secret();
        let row = TokenRow {
            hash: hash(&token),
            kind: kind.word().to_owned(),
            subject: subject.to_owned(),
            made_at: operator.now,
            expires_at: days.map(|days| operator.now + i64::from(days) * DAY),
            revoked_at: None,
        };
        operator.tx.put_token(&row).await?;
        operator.record("token.make", about_token(&row)).await?;
        self.commit(operator.tx).await?;
        Ok(token)
    }

    /// All tokens that were made, oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tokens(&self) -> Result<Vec<TokenListed>, Refusal> {
        let mut tx = self.store().read().await?;
        let now = tx.now().await?;
        Ok(tx.tokens().await?.into_iter().map(|row| listed(row, now)).collect())
    }

    /// Ends a token, by what it is listed under. Doing it again changes nothing.
    ///
    /// # Errors
    /// When there is no such token, more than one, or the store does not answer.
    pub async fn revoke_token(&self, id: &str) -> Result<TokenListed, Refusal> {
        let mut operator = self.operator().await?;
        let is_meant = |row: &TokenRow| id.len() >= SHORTEST_ID && row.hash.starts_with(id);
        let mut meant: Vec<TokenRow> = operator.tx.tokens().await?.into_iter().filter(is_meant).collect();
        let (Some(mut row), true) = (meant.pop(), meant.is_empty()) else {
            let message = format!("`{id}` names no token, or more than one");
            let help = "`codexa token list` has the ids; six digits or more name one";
            return Err(Refusal::new(Kind::NotFound, "TOKEN_NOT_FOUND", message, help));
        };
        if row.revoked_at.is_none() {
            row.revoked_at = Some(operator.now);
            operator.tx.revoke_token(&row.hash, operator.now).await?;
            operator.record("token.revoke", about_token(&row)).await?;
            let now = operator.now;
            self.commit(operator.tx).await?;
            return Ok(listed(row, now));
        }
        Ok(listed(row, operator.now))
    }

    /// All accounts that are linked, oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn accounts(&self) -> Result<Vec<AccountRow>, Refusal> {
        Ok(self.store().read().await?.accounts().await?)
    }

    /// Unlinks an account: what is written from it is nobody's again. Votes that were given stay.
    ///
    /// # Errors
    /// When no such account is linked, or the store does not answer.
    pub async fn unlink(&self, platform: &str, space: &str, account: &str) -> Result<AccountRow, Refusal> {
        let mut operator = self.operator().await?;
        let Some(row) = operator.tx.account(platform, space, account).await? else {
            let message = format!("the account {platform}/{space}/{account} is not linked");
            let help = "`codexa account list` has those that are";
            return Err(Refusal::new(Kind::NotFound, "ACCOUNT_NOT_FOUND", message, help));
        };
        operator.tx.remove_account(platform, space, account).await?;
        let account = format!("{platform}/{space}/{account}");
        let data = [("account", account), ("person", row.person.clone())];
        operator.record("account.unlink", data.into_iter().collect::<Vec<_>>()).await?;
        self.commit(operator.tx).await?;
        Ok(row)
    }

    async fn operator(&self) -> Result<Operator, Refusal> {
        let mut tx = self.store().write().await?;
        let now = tx.now().await?;
        let rules = self.rules(&mut *tx).await;
        let reading = self.rulebook().reading();
        let (maturity, digest) = match &rules {
            Ok(rules) => (rules.maturity.to_string(), rules.digest.clone()),
            // A token has to be revoked whatever the rules say.
            Err(_) => (reading.maturity.to_string(), String::new()),
        };
        let (name, base) = (reading.operator.clone(), self.files().base().await);
        Ok(Operator { tx, now, rules, name, base, maturity, digest })
    }

    /// There is no such person; who only stands in what the branch proposes is one as soon as that is accepted.
    async fn no_person(&self, id: &str) -> Refusal {
        let proposed = self.proposed(None).await.ok().filter(|proposed| proposed.people.find(id).is_some());
        let help = match proposed {
            Some(proposed) => format!("{} proposes them: `codexa rules accept`", proposed.origin),
            None => "the people are those of the rules in force: `codexa rules show`".to_owned(),
        };
        Refusal::invalid("PERSON_UNKNOWN", format!("there is no person `{id}`"), help)
    }
}

/// The account at the store's host, in a transaction that writes.
struct Operator {
    tx: Box<dyn Transaction>,
    now: i64,
    rules: Result<Arc<Rules>, Refusal>,
    name: String,
    base: Option<String>,
    maturity: String,
    digest: String,
}

impl Operator {
    async fn record(&mut self, act: &str, data: Vec<(&str, String)>) -> Result<v1::Entry, Refusal> {
        let speaker = self.speaker();
        // As with every first act.
        if let Ok(rules) = &self.rules
            && let Origin::Branch(head) = &rules.origin
        {
            come_into_force(&mut *self.tx, self.now, speaker.clone(), "rules.branch", rules, head).await?;
        }
        let data: Map<String, Value> =
            data.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
        record(&mut *self.tx, self.now, speaker, act, About { data, ..About::default() }).await
    }

    fn speaker(&self) -> Speaker {
        Speaker {
            actor: Actor { person: self.name.clone(), roles: Vec::new() },
            via: at_the_host(),
            directive: None,
            base: self.base.clone(),
            maturity: self.maturity.clone(),
            rules: self.digest.clone(),
        }
    }
}

/// Where something is said that is done over the store itself.
pub(crate) fn at_the_host() -> Via {
    Via { kind: "host".to_owned(), place: String::new(), account: String::new() }
}

fn about_token(row: &TokenRow) -> Vec<(&'static str, String)> {
    vec![("token", id(&row.hash)), ("kind", row.kind.clone()), ("subject", row.subject.clone())]
}

fn listed(row: TokenRow, now: i64) -> TokenListed {
    TokenListed {
        id: id(&row.hash),
        holds: row.holds(now),
        kind: row.kind,
        subject: row.subject,
        made_at: row.made_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}

/// What a token is listed under.
#[must_use]
pub fn token_id(token: &str) -> String {
    id(&hash(token))
}

/// What a token is named by: the beginning of its hash, which says nothing about it.
fn id(hash: &str) -> String {
    hash.chars().take(ID).collect()
}

/// A token: 244 random bits behind a prefix by which scanners of secrets find it.
#[must_use]
pub fn secret() -> String {
    format!("cdx_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
