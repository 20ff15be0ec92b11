//! Nonces: what a person sends back to confirm what they were shown. Each is one person's, for one directive and one digest,
//! once, for a while. Only hashes are stored: the answer that held a nonce is kept without it, and whoever asks again under
//! the same key has with the token what it is made of.

use crate::act::Act;
use crate::identity::hash;
use crate::refusal::Refusal;
use crate::store::rows::NonceRow;
use crate::store::{StoreError, Transaction};
use codexa_directive::Directive;
use codexa_proto::v1;

/// How long a nonce can be used, in milliseconds.
pub const LIFETIME: i64 = 10 * 60 * 1_000;

/// Hexadecimal digits of a nonce: 128 bits.
const CHARS: usize = 32;

/// A nonce for what the act is about.
pub(crate) async fn issue(
    act: &mut Act<'_>,
    digest: String,
    covers: Vec<v1::Covered>,
    summary: String,
) -> Result<v1::Confirm, Refusal> {
    let nonce = of(act.caller, &act.person.id, act.key);
    let expires_at = act.now + LIFETIME;
    let row = NonceRow {
        hash: hash(&nonce),
        person: act.person.id.clone(),
        directive: serde_json::to_string(act.directive).unwrap_or_default(),
        digest: digest.clone(),
        expires_at,
        used_at: None,
    };
    act.tx.put_nonce(&row).await?;
    Ok(v1::Confirm { digest, nonce, expires_at, covers, summary })
}

/// The nonce of a person's request. Nobody can tell it who does not know the caller's token; no two requests have the same,
/// because a person uses a key once.
pub(crate) fn of(caller: &v1::Caller, person: &str, key: &str) -> String {
    let parts = serde_json::json!(["nonce", caller.token, person, key]);
    hash(&parts.to_string()).chars().take(CHARS).collect()
}

/// An answer as it is kept: without what only its receiver may know.
pub(crate) fn without(answer: &v1::Answer) -> v1::Answer {
    let mut answer = answer.clone();
    if let Some(confirm) = &mut answer.confirm {
        confirm.nonce.clear();
    }
    answer
}

/// The directive that a nonce would confirm, whoever it was given to; `None` where nobody was given it.
pub(crate) async fn directive(tx: &mut dyn Transaction, nonce: &str) -> Result<Option<Directive>, StoreError> {
    tx.nonce(&hash(nonce)).await?.map(|row| read(&row.directive)).transpose()
}

fn read(directive: &str) -> Result<Directive, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Unreadable { what: "a directive", why: error.to_string() };
    serde_json::from_str(directive).map_err(unreadable)
}

/// Uses a nonce: the directive that it confirms, and the digest that was shown.
pub(crate) async fn redeem(
    tx: &mut dyn Transaction,
    nonce: &str,
    person: &str,
    now: i64,
) -> Result<(Directive, String), Refusal> {
    let again = "say the directive again, and confirm what it answers";
    let unknown = || Refusal::invalid("NONCE_UNKNOWN", "this nonce was never given to you", again);
    let row = tx.nonce(&hash(nonce)).await?.filter(|row| row.person == person).ok_or_else(unknown)?;
    if row.used_at.is_some() {
        return Err(Refusal::conflict("NONCE_USED", "this nonce was used already", again));
    }
    if row.expires_at <= now {
        return Err(Refusal::conflict("NONCE_EXPIRED", "this nonce has ended", again));
    }
    let directive = read(&row.directive)?;
    tx.use_nonce(&row.hash, now).await?;
    Ok((directive, row.digest))
}
