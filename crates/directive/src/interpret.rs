//! One message to one interpretation: the sentences, and the order in one of them.

use crate::clarify;
use crate::context::Context;
use crate::courtesy::{self, Tone};
use crate::decide::{Around, decide};
use crate::directive::Target;
use crate::interpretation::Interpretation;
use crate::lookalike;
use crate::normalise::normalise;
use crate::opening;
use crate::phrase;
use crate::questions;
use crate::refuse;
use crate::scan::{self, Draft, Sentence};
use crate::stray;
use crate::targets;
use crate::tokens::{Kind, Token, tokenise};
use crate::verb::{Class, Verb};

/// The longest message that is read, in characters. What is longer is refused as a whole: half of a message may be the
/// opposite of it.
pub const MAX_CHARS: usize = 4_000;

/// Reads one message that was addressed to Codexa.
#[must_use]
pub fn interpret(words: &str, context: &Context) -> Interpretation {
    if let Some((c, what)) = refuse::forbidden(words) {
        let code = u32::from(c);
        let reason = format!("I did not read this: it holds U+{code:04X}, {what}. Type the message again without it.");
        return Interpretation::refused(reason, Vec::new());
    }
    let length = words.chars().count();
    if length > MAX_CHARS {
        let reason =
            format!("I did not read this: it has {length} characters, and I read at most {MAX_CHARS}. Say it shorter.");
        return Interpretation::refused(reason, Vec::new());
    }
    let Some(text) = normalise(words) else {
        let reason = "I did not read this: its mark-up is nested without end. Type it as plain text.";
        return Interpretation::refused(reason, Vec::new());
    };
    let tokens = tokenise(&text);
    imitation(&tokens).unwrap_or_else(|| {
        let found = read(&text, &tokens, context);
        // Not every colon begins free text ("status of: …"), so what the order came to is looked at as well.
        let canonical = found.canonical.as_deref().filter(|canonical| !canonical.is_ascii());
        canonical.and_then(|canonical| imitation(&tokenise(canonical))).unwrap_or(found)
    })
}

/// The refusal of a word that only looks like one of a command.
fn imitation(tokens: &[Token]) -> Option<Interpretation> {
    let found = lookalike::find(tokens)?;
    let options = if found.plain.is_empty() { Vec::new() } else { vec![found.plain] };
    Some(Interpretation::refused(found.reason, options))
}

/// The plain text, sentence by sentence.
fn read(text: &str, tokens: &[Token], context: &Context) -> Interpretation {
    let mut orders: Vec<Draft> = Vec::new();
    let mut around: Vec<&str> = Vec::new();
    let mut foreign = false;
    let mut tone = Tone::default();
    let mut at = 0;
    while at < tokens.len() {
        let end = sentence_end(tokens, at);
        let sentence = Sentence { text, tokens, end, requested: false, context };
        let next = match read_sentence(sentence, at) {
            Reading::Order(mut draft, next) => {
                draft.tone.add(tone);
                orders.push(*draft);
                next.max(end)
            }
            Reading::Courtesy(said) => {
                tone.add(said);
                // "Ok? Start CH-010": a question about nothing is still a doubt.
                tone.soft |= tokens.get(end).is_some_and(|token| token.kind == Kind::Ask);
                end
            }
            Reading::Stray => {
                let stray = tokens.get(at..end).unwrap_or_default();
                foreign |= stray.iter().any(|token| matches!(token.kind, Kind::Quote | Kind::Code));
                let words = stray.iter().filter(|token| token.kind == Kind::Word || token.kind == Kind::Mention);
                around.extend(words.map(|token| token.word.as_str()));
                end
            }
        };
        // The mark that ends the sentence goes with it.
        at = next + 1;
    }
    // What is said behind an order in a tone of its own touches it as well.
    for order in &mut orders {
        order.tone.add(tone);
    }
    match orders.len() {
        0 => stray::answer(tokens, context),
        1 => orders.pop().map_or_else(
            || stray::answer(tokens, context),
            |order| decide(order, Around { words: &around, foreign }, context),
        ),
        _ => clarify::one_at_a_time("orders", Vec::new()),
    }
}

fn sentence_end(tokens: &[Token], from: usize) -> usize {
    let ends = |token: &Token| matches!(token.kind, Kind::Stop | Kind::Ask);
    tokens.get(from..).unwrap_or_default().iter().position(ends).map_or(tokens.len(), |length| from + length)
}

enum Reading {
    /// An order, and the index behind its last token.
    Order(Box<Draft>, usize),
    /// Nothing but greetings and thanks.
    Courtesy(Tone),
    /// Anything else.
    Stray,
}

fn read_sentence(sentence: Sentence<'_>, from: usize) -> Reading {
    let head = sentence.tokens.get(..sentence.end).unwrap_or(sentence.tokens);
    let (start, mut tone) = skip_courtesy(head, from, sentence.context);
    if start >= sentence.end {
        return Reading::Courtesy(tone);
    }
    if let Some(mut draft) = questions::answer(head.get(start..).unwrap_or_default()) {
        draft.tone.add(tone);
        return Reading::Order(Box::new(draft), sentence.end);
    }
    let mut at = start;
    let mut requested = false;
    let mut fronted: Option<Target> = None;
    // "Let me" asks, and "let me see" is a verb: verbs come first, and slips of them last.
    while opening::exact_verb(head, at, marker_or_end(head, at)).is_none() {
        if let Some((taken, soft)) = courtesy::request(head, at) {
            tone.soft |= soft;
            requested |= !soft;
            at += taken;
        } else if let Some((taken, said)) = courtesy::at(head, at, false, sentence.context).filter(|_| at > start) {
            tone.add(said);
            at += taken;
        } else if let Some((target, taken)) = front(head, at).filter(|_| at == start) {
            fronted = Some(target);
            at += taken;
        } else if at == start && phrase::one_of(head, at, &["i"]) && performs(head, at + 1) {
            at += 1;
        } else {
            break;
        }
    }
    let Some(found) = opening::verb_at(head, at, marker_or_end(head, at)) else { return Reading::Stray };
    let (mut draft, next) = scan::parts(Sentence { requested, ..sentence }, at + found.taken, found);
    draft.tone.add(tone);
    let asks = sentence.tokens.get(sentence.end).is_some_and(|token| token.kind == Kind::Ask);
    draft.asked |= asks && !requested && next <= sentence.end;
    if let Some(target) = fronted.filter(|target| !draft.targets.contains(target)) {
        draft.targets.push(target);
    }
    // A word that merely may be a verb, and nothing that it could act on: "hold on", or a slip of another word.
    let bare = draft.targets.is_empty() && draft.gates.is_empty() && draft.views.is_empty() && draft.nouns.is_empty();
    let exact = opening::exact_verb(head, at, marker_or_end(head, at)).is_some();
    if bare && (!found.sure || !exact) && (head.len() - at > 1 || exact) {
        return Reading::Stray;
    }
    // "See you tomorrow" and "open the window" are no orders to Codexa.
    let talk =
        found.spelling.tail.is_empty() && !matches!(draft.verb, Verb::Ask | Verb::Status | Verb::Help | Verb::Suggest);
    if bare && talk && draft.verb.class() != Class::Deciding && draft.text.is_none() && !draft.unknown.is_empty() {
        return Reading::Stray;
    }
    Reading::Order(Box::new(draft), next)
}

/// Greetings and addresses in front, with the marks behind them.
fn skip_courtesy(head: &[Token], from: usize, context: &Context) -> (usize, Tone) {
    let (mut at, mut tone) = (from, Tone::default());
    loop {
        let mark = head.get(at).is_some_and(|token| match token.kind {
            Kind::Comma => true,
            Kind::Colon | Kind::Dash => at > from,
            _ => false,
        });
        let bang = at == from && head.get(at).is_some_and(|token| token.kind == Kind::Other && token.raw == "!");
        if mark {
            // "next: promote CH-010" is an entry of a list.
            let before = at.checked_sub(1).and_then(|at| head.get(at)).filter(|_| at > from);
            let names = before.is_some_and(|token| token.kind == Kind::Word && !context.is_own(&token.word));
            tone.soft |= names && head.get(at).is_some_and(|token| token.kind == Kind::Colon);
            at += 1;
        } else if bang {
            at += 1;
            tone.soft = true;
        } else if let Some((taken, said)) = courtesy::at(head, at, true, context).filter(|_| !opens_phrase(head, at)) {
            tone.add(said);
            at += taken;
        } else {
            return (at, tone);
        }
    }
}

/// Whether a word of courtesy is the beginning of something that is asked: "next" alone is, "no worries" is not.
fn opens_phrase(head: &[Token], at: usize) -> bool {
    phrase::one_of(head, at, &["all", "next", "question", "first"]) && targets::noun_at(head, at).is_some()
}

/// Where the words before any free text end: a colon behind a word, or a word that gives a reason.
fn marker_or_end(head: &[Token], from: usize) -> usize {
    let marks = |token: &Token| {
        token.kind == Kind::Colon || (token.kind == Kind::Word && matches!(token.word.as_str(), "because" | "since"))
    };
    head.iter().skip(from).position(marks).map_or(head.len(), |length| from + length)
}

/// `for CH-010, …`: what is acted on, in front.
fn front(head: &[Token], at: usize) -> Option<(Target, usize)> {
    if !phrase::one_of(head, at, &["for", "on", "in"]) {
        return None;
    }
    let article = usize::from(phrase::one_of(head, at + 1, &["the"]));
    let (target, taken) = targets::at(head, at + 1 + article, false)?;
    let end = at + 1 + article + taken;
    let comma = usize::from(head.get(end).is_some_and(|token| token.kind == Kind::Comma));
    Some((target, end + comma - at))
}

/// Whether saying "I" before the verb does what the verb says.
fn performs(head: &[Token], at: usize) -> bool {
    opening::verb_at(head, at, marker_or_end(head, at)).is_some_and(|found| {
        let verb = found.spelling.verb;
        let also = [Verb::Accept, Verb::Assign, Verb::Defer, Verb::Dismiss, Verb::Raise, Verb::Ack, Verb::Resolve];
        verb.class() == Class::Deciding || also.contains(&verb)
    })
}
