//! Free text behind an order: a reason, a title, an answer, a question.

use crate::context::Context;
use crate::courtesy;
use crate::mood;
use crate::normalise::normalise;
use crate::second;
use crate::tokens::{Kind, Token, tokenise};
use crate::verb::{Class, Verb};

/// The text as it is kept: on one line, without the quotes around it, without thanks and the full stop behind it.
pub(crate) fn clean(text: &str, verb: Verb, context: &Context) -> Option<String> {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    loop {
        let shorter = shorten(&text, verb, context);
        if shorter == text {
            return Some(text).filter(|text| text.chars().any(char::is_alphanumeric));
        }
        text = shorter;
    }
}

/// One step of cleaning.
fn shorten(text: &str, verb: Verb, context: &Context) -> String {
    // What stood on two lines may be mark-up on one.
    let text = normalise(text).unwrap_or_default();
    let text = text.trim().trim_start_matches([':', ',', '>', '-']).trim_start();
    for mark in ['"', '\''] {
        let inside = text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
        if let Some(inside) = inside.filter(|inside| !inside.contains(mark)) {
            return inside.trim().to_owned();
        }
    }
    let text = without_thanks(text, context).unwrap_or(text).trim_end_matches([',', ';']).trim_end();
    // An answer is quoted as it was given; all else is a phrase.
    let keeps = matches!(verb, Verb::Answer) || text.ends_with("..");
    let text = if keeps { text } else { text.trim_end_matches(['.', ' ']) };
    text.trim().to_owned()
}

/// The text before a last part that only thanks or asks politely.
fn without_thanks<'a>(text: &'a str, context: &Context) -> Option<&'a str> {
    const POLITE: &[&str] = &["please", "thanks", "thank", "thx", "cheers", "pls", "plz", "many"];
    let tokens = tokenise(text);
    let parts = |token: &Token| matches!(token.kind, Kind::Comma | Kind::Stop | Kind::Dash);
    let ends = tokens.iter().rposition(|token| !parts(token))?;
    let last = tokens.get(..=ends)?.iter().rposition(parts)?;
    let mut at = last + 1;
    if !tokens.get(at).is_some_and(|token| POLITE.contains(&token.word.as_str())) {
        return None;
    }
    while at <= ends {
        at += courtesy::at(&tokens, at, false, context)?.0;
    }
    text.get(..tokens.get(last)?.start)
}

/// What makes free text more than free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Catch {
    /// It takes the order back.
    TakenBack(&'static str),
    /// It makes the order depend on something.
    Limited,
    /// It holds another order.
    SecondOrder,
}

/// What in the free text touches the order itself.
pub(crate) fn catch(text: &str, verb: Verb, context: &Context) -> Option<Catch> {
    let tokens = tokenise(text);
    let limit = (verb.class() == Class::Deciding).then(|| limit(&tokens, verb)).flatten();
    limit.or_else(|| holds_order(&tokens, verb, context).then_some(Catch::SecondOrder))
}

/// What in a reason for a decision limits it, takes it back, or runs on into another order.
fn limit(tokens: &[Token], verb: Verb) -> Option<Catch> {
    let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
    let from = |at: usize| words.get(at..).unwrap_or_default();
    let starts = || (0..tokens.len()).filter(|at| at.checked_sub(1).and_then(|at| tokens.get(at)).is_none_or(parts));
    let back = mood::taken_back(&words).or_else(|| starts().find_map(|at| mood::turned_down(from(at))));
    if let Some(phrase) = back {
        return Some(Catch::TakenBack(phrase));
    }
    if (0..tokens.len()).any(|at| second::runs_on(tokens, at)) {
        return Some(Catch::SecondOrder);
    }
    let asks = tokens.iter().any(|token| token.kind == Kind::Ask);
    let alone = |at: usize| tokens.get(at + 1).is_none_or(parts);
    let limited = starts().any(|at| {
        mood::limits(from(at), verb.permits()) || (matches!(from(at).first(), Some(&("not" | "no"))) && alone(at))
    });
    let refuses = tokens.last().is_some_and(|token| courtesy::is_refusal(&token.raw));
    (asks
        || limited
        || mood::is_denial(&words, verb.permits())
        || (verb.permits() && (refuses || hangs(&words) || mood::trails_off(&words))))
    .then_some(Catch::Limited)
}

/// Whether a condition stands anywhere in the reason for something to go ahead: it may be one of the order.
fn hangs(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "if" | "unless" | "provided" | "assuming"))
}

fn parts(token: &Token) -> bool {
    matches!(token.kind, Kind::Comma | Kind::Stop | Kind::Dash | Kind::Ask | Kind::Colon | Kind::Other)
}

/// Whether another order begins behind a mark or an "and".
fn holds_order(tokens: &[Token], verb: Verb, context: &Context) -> bool {
    let joint = |token: &Token| parts(token) || second::is_joiner(token);
    let strong = |token: &Token| token.kind == Kind::Stop;
    tokens
        .iter()
        .enumerate()
        .any(|(at, token)| joint(token) && second::order_follows(tokens, at + 1, verb, strong(token), context))
}
