//! Messages in which no order was found: small talk, or words that could be an order.

use crate::clarify;
use crate::context::Context;
use crate::courtesy;
use crate::directive::{Args, Directive, Target, TargetKind};
use crate::gate::{self, Gate};
use crate::interpretation::Interpretation;
use crate::mood::{self, Mood};
use crate::slips;
use crate::spellings::SPELLINGS;
use crate::targets;
use crate::tokens::{Kind, Token};
use crate::verb::{Class, Verb};

/// Nouns and forms that tables of verbs do not have, and what they may be an order for.
const FORMS: &[(&str, Verb)] = &[
    ("approval", Verb::Approve),
    ("lgtm", Verb::Approve),
    ("signed", Verb::Approve),
    ("denial", Verb::Deny),
    ("rejection", Verb::Deny),
    ("withdrawn", Verb::Withdraw),
    ("withdrew", Verb::Withdraw),
    ("waiver", Verb::Waive),
    ("held", Verb::Hold),
    ("promotion", Verb::Promote),
    ("rolled", Verb::Rollback),
    ("rolling", Verb::Rollback),
    ("started", Verb::Start),
    ("begun", Verb::Start),
];

/// The answer to a message without an order.
pub(crate) fn answer(tokens: &[Token], context: &Context) -> Interpretation {
    let words: Vec<&str> =
        tokens.iter().filter(|token| token.kind == Kind::Word).map(|token| token.word.as_str()).collect();
    let foreign = tokens.iter().any(|token| matches!(token.kind, Kind::Quote | Kind::Code));
    if let Some((mood, word)) = mood::of(&words) {
        return Interpretation::none(mood.reason(word));
    }
    if foreign {
        return Interpretation::none(Mood::Quoted.reason(""));
    }
    if let Some(verb) = words.iter().find_map(|word| deciding(word)) {
        let directive = gathered(tokens, verb);
        return clarify::order_or_report(directive.as_ref());
    }
    match alone(tokens, context) {
        Some(target) => clarify::what_about(&target),
        None => Interpretation::none("I found no order in this. Ask for `help` to see what I understand."),
    }
}

/// The deciding verb that a word is a form of.
fn deciding(word: &str) -> Option<Verb> {
    let form = FORMS.iter().find(|(form, _)| *form == word).map(|(_, verb)| *verb);
    form.or_else(|| {
        let decides =
            |row: &&crate::spellings::Spelling| row.is_single() && row.verb.class() == Class::Deciding && row.sure;
        let is_form = |row: &&crate::spellings::Spelling| row.words == word || slips::is_inflected(word, row.words);
        SPELLINGS.iter().filter(decides).find(is_form).map(|row| row.verb)
    })
}

/// The order that the words would be, where they name all that it needs.
fn gathered(tokens: &[Token], verb: Verb) -> Option<Directive> {
    let target = only((0..tokens.len()).filter_map(|at| Some(targets::at(tokens, at, false)?.0)))?;
    let gates = (0..tokens.len()).filter_map(|at| Some(gate::at(tokens, at)?.0));
    let gate: Option<Gate> = if verb.needs_gate() { Some(only(gates)?) } else { None };
    let fits = gate.is_none_or(|gate| gate.of() == target.kind);
    let whole = matches!(target.kind, TargetKind::Change | TargetKind::Requirement | TargetKind::Loop);
    (fits && whole).then(|| Directive { verb, gate, target: Some(target), args: Args::default() })
}

/// The one value of all that come; `None` where they differ.
fn only<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// The target of a message that names one and says nothing else.
fn alone(tokens: &[Token], context: &Context) -> Option<Target> {
    let mut named: Option<Target> = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some((target, taken)) = targets::at(tokens, at, true) {
            if named.replace(target).is_some() {
                return None;
            }
            at += taken;
        } else if let Some((taken, _)) = courtesy::at(tokens, at, at == 0, context) {
            at += taken;
        } else if token.kind != Kind::Word || courtesy::is_filler(tokens, at, None) {
            at += 1;
        } else {
            return None;
        }
    }
    named
}
