//! Whether another order follows: one message is one order.

use crate::context::Context;
use crate::courtesy;
use crate::gate;
use crate::opening::exact_verb;
use crate::phrase;
use crate::targets;
use crate::tokens::{Kind, Token};
use crate::verb::{Class, Verb};

const JOINERS: &[&str] = &["and", "then", "or", "plus", "&", "+", "also", "but", "afterwards"];

/// Whether a token may join two orders.
pub(crate) fn is_joiner(token: &Token) -> bool {
    token.kind == Kind::Word && JOINERS.contains(&token.word.as_str())
}

/// Whether such a token stands at this place.
pub(crate) fn is_joiner_at(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(is_joiner)
}

/// How many tokens of what follows are looked at to tell an order from a word that only looks like a verb.
const LOOK_AHEAD: usize = 16;

/// Whether another order stands at this place. Beside one that decides, any verb that decides is an order; beside others it
/// needs something to act on, and one that decides nothing also a sentence of its own (`strong`).
pub(crate) fn order_follows(tokens: &[Token], from: usize, beside: Verb, strong: bool, context: &Context) -> bool {
    let mut at = from;
    // Bounded, so that a row of them costs what it is long.
    // "No rollback" is a thing that is missing.
    while at < from + LOOK_AHEAD && !phrase::one_of(tokens, at, &["no"]) {
        let skipped = courtesy::at(tokens, at, false, context).map(|(taken, _)| taken);
        let skipped = skipped.or_else(|| courtesy::request(tokens, at).map(|(taken, _)| taken));
        let Some(taken) = skipped.or_else(|| is_joiner_at(tokens, at).then_some(1)) else { break };
        at += taken;
    }
    let end = tokens.len().min(at + LOOK_AHEAD);
    let Some(found) = exact_verb(tokens, at, end) else { return false };
    let class = found.spelling.verb.class();
    let deciding = class == Class::Deciding;
    let acts = (at + found.taken..end).any(|at| targets::at(tokens, at, false).is_some());
    match beside.class() {
        Class::Deciding => acts || (deciding && found.sure && has_object(tokens, at + found.taken)),
        _ if deciding => acts && found.sure || (!strong && found.sure && beside.class() == Class::Query),
        Class::Working => acts && (strong || free_is_over(beside)),
        Class::Query => acts || class == Class::Working,
    }
}

/// Whether a verb that decides stands at this place with something to act on, and is not part of a longer statement
/// ("QA asked to hold CH-011").
pub(crate) fn runs_on(tokens: &[Token], at: usize) -> bool {
    const STATE: &[&str] = &[
        "to", "we", "i", "they", "you", "he", "she", "it", "who", "would", "will", "must", "should", "can", "could",
        "not", "may", "might", "the", "a", "an", "did", "do", "does", "and", "or",
    ];
    let stated = at.checked_sub(1).is_some_and(|before| phrase::one_of(tokens, before, STATE));
    let end = tokens.len().min(at + 6);
    let verb = exact_verb(tokens, at, end).filter(|found| found.sure && found.spelling.verb.class() == Class::Deciding);
    verb.is_some_and(|found| !stated && (at + found.taken..end).any(|at| targets::at(tokens, at, false).is_some()))
}

/// Whether the word in front of this place is used as a verb: "and publish it" is, "and rollback are in place" is not.
fn has_object(tokens: &[Token], at: usize) -> bool {
    const OBJECTS: &[&str] = &[
        "it",
        "this",
        "that",
        "them",
        "these",
        "those",
        "everything",
        "all",
        "both",
        "the",
        "my",
        "our",
        "a",
        "another",
    ];
    tokens.get(at).is_none_or(|token| token.kind != Kind::Word)
        || phrase::one_of(tokens, at, OBJECTS)
        || gate::at(tokens, at).is_some()
        || phrase::is_word(tokens, at, courtesy::is_thanks)
}

/// Whether the words of a verb end with its parts: what follows is then no free text.
fn free_is_over(verb: Verb) -> bool {
    !matches!(verb, Verb::Open | Verb::Answer | Verb::Ask | Verb::Raise)
}
