//! What texts from outside may be: they end up in ledger entries, which stay for ever, and in rows, which hold no NUL.

use crate::governance::Order;
use crate::refusal::Refusal;
use codexa_directive::{Directive, MAX_CHARS};
use codexa_proto::v1;
use serde_json::Value;

/// Longest idempotency key, in bytes.
const MAX_KEY: usize = 200;

/// Longest fingerprint, in bytes: words, where somebody does not hash them.
const MAX_FINGERPRINT: usize = 8 * MAX_CHARS;

/// Longest id of anything, and longest part of an account or a place, in bytes.
const MAX_ID: usize = 200;

/// Whether a text can be an id, or a part of an account.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID && !text.contains(char::is_control)
}

/// Refuses an order that no honest caller sends.
pub(crate) fn order(order: &Order) -> Result<(), Refusal> {
    if order.key.is_empty() || order.key.len() > MAX_KEY || order.key.contains(char::is_control) {
        let message =
            format!("a request that may change something needs an idempotency key of at most {MAX_KEY} bytes");
        return Err(Refusal::invalid("IDEMPOTENCY_KEY", message, "send a new UUID with each new request"));
    }
    if order.fingerprint.is_empty() || order.fingerprint.len() > MAX_FINGERPRINT || order.fingerprint.contains('\0') {
        let message = "a request without what tells it from another";
        return Err(Refusal::invalid("FINGERPRINT", message, "send a hash of all of it"));
    }
    caller(&order.caller)?;
    order.directive.as_ref().map_or(Ok(()), directive)
}

/// Refuses an account or a place that no platform has.
pub(crate) fn caller(caller: &v1::Caller) -> Result<(), Refusal> {
    let account = caller.account.iter().flat_map(|account| [&account.platform, &account.space, &account.user]);
    let channel = caller.channel.iter().flat_map(|channel| [&channel.kind, &channel.place]);
    match account.chain(channel).all(|text| is_id(text)) {
        true => Ok(()),
        false => {
            let message =
                format!("an account or a place is named in at most {MAX_ID} bytes, without control characters");
            Err(Refusal::invalid("CALLER_INVALID", message, "send the ids of the platform"))
        }
    }
}

/// Refuses what nobody can have said: the language reads neither longer texts nor control characters.
fn directive(directive: &Directive) -> Result<(), Refusal> {
    let target = directive.target.as_ref();
    let args = serde_json::to_value(&directive.args).unwrap_or_default();
    let args = args.as_object().into_iter().flatten().filter_map(|(_, value)| Value::as_str(value));
    let is_read = |text: &str| text.chars().count() <= MAX_CHARS && !text.contains(unreadable);
    match target.is_none_or(|target| is_id(&target.id)) && args.into_iter().all(is_read) {
        true => Ok(()),
        false => {
            let message =
                format!("a directive's texts have at most {MAX_CHARS} characters, none of them a control character");
            Err(Refusal::invalid("DIRECTIVE_INVALID", message, "say it in fewer and plainer words"))
        }
    }
}

/// Control characters but those that part lines and words.
fn unreadable(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t')
}

/// A text of a worker: without what a row cannot hold, and cut.
pub(crate) fn cut(text: &str, chars: usize) -> String {
    text.chars().filter(|letter| !unreadable(*letter)).take(chars).collect()
}
