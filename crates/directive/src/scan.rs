//! An order's words to its parts.

use crate::context::Context;
use crate::courtesy::{self, Tone};
use crate::date::{self, Until};
use crate::directive::{Mode, Severity, Target, TargetKind};
use crate::free_text::{self, Catch};
use crate::gate::{self, Gate};
use crate::opening::Found;
use crate::phrase::{self, Phrase};
use crate::requirements;
use crate::role::{self, Assignee};
use crate::second::{is_joiner_at, order_follows};
use crate::slips;
use crate::spellings::Spelling;
use crate::targets;
use crate::tokens::{Kind, Token, tokenise};
use crate::verb::{Class, Verb};
use crate::views::{self, View};

/// An order as it was found: parts, and everything that makes it less than certain.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub verb: Verb,
    /// Whether the verb's words mean just that verb.
    pub sure: bool,
    pub tone: Tone,
    /// Whether it ends with a question mark that its way of asking does not explain.
    pub asked: bool,
    pub gates: Vec<Gate>,
    pub targets: Vec<Target>,
    /// Nouns without an id.
    pub nouns: Vec<TargetKind>,
    pub to: Vec<Assignee>,
    pub until: Option<Until>,
    pub mode: Option<Mode>,
    pub severity: Option<Severity>,
    pub views: Vec<View>,
    /// Reason, title, answer or question.
    pub text: Option<String>,
    pub catch: Option<Catch>,
    /// Words that no table knows, in small letters.
    pub unknown: Vec<String>,
    /// Whether quoted or code-formatted words stand in it.
    pub foreign: bool,
    /// Whether another order follows in the same sentence.
    pub second: bool,
}

impl Draft {
    pub(crate) fn new(verb: Verb, sure: bool) -> Self {
        Self {
            verb,
            sure,
            tone: Tone::default(),
            asked: false,
            gates: Vec::new(),
            targets: Vec::new(),
            nouns: Vec::new(),
            to: Vec::new(),
            until: None,
            mode: None,
            severity: None,
            views: Vec::new(),
            text: None,
            catch: None,
            unknown: Vec::new(),
            foreign: false,
            second: false,
        }
    }
}

/// The sentence in which an order stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    /// The index behind its last token.
    pub end: usize,
    /// Whether it is asked for politely, so that a question mark at its end asks nothing.
    pub requested: bool,
    pub context: &'a Context,
}

/// The parts of the order whose verb ends before `from`, and the index behind its last token.
pub(crate) fn parts(sentence: Sentence<'_>, from: usize, found: Found) -> (Draft, usize) {
    let Spelling { words, tail, verb, .. } = found.spelling;
    let mut scanner = Scanner { sentence, from, at: from, found, draft: Draft::new(verb, found.sure) };
    for (noun, kind) in [("change", TargetKind::Change), ("concern", TargetKind::Concern)] {
        if words.split(' ').chain(tail.split(' ')).any(|word| word == noun) {
            scanner.draft.nouns.push(kind);
        }
    }
    if scanner.draft.verb == Verb::Ask {
        scanner.ask();
    } else {
        while scanner.at < sentence.end && scanner.step() {}
    }
    (scanner.draft, scanner.at)
}

struct Scanner<'a> {
    sentence: Sentence<'a>,
    from: usize,
    at: usize,
    found: Found,
    draft: Draft,
}

impl Scanner<'_> {
    /// The tokens of the sentence: what stands behind it does not belong to a phrase in it.
    fn head(&self) -> &[Token] {
        self.sentence.tokens.get(..self.sentence.end).unwrap_or(self.sentence.tokens)
    }

    fn deciding(&self) -> bool {
        self.draft.verb.class() == Class::Deciding
    }

    /// Reads the next part; `false` where free text has taken the rest.
    fn step(&mut self) -> bool {
        if let Some(taken) = self.marker() {
            self.free_text(self.at + taken);
            return false;
        }
        let Some(token) = self.sentence.tokens.get(self.at) else { return false };
        let taken = match token.kind {
            Kind::Word | Kind::Mention | Kind::Emoji => self.word(),
            Kind::Quote | Kind::Code => self.foreign(),
            Kind::Ask => self.flag(|draft| draft.asked = true),
            Kind::Comma => self.joint(),
            Kind::Colon => self.flag(|draft| draft.tone.soft = true),
            Kind::Stop => 1,
            Kind::Dash | Kind::Other if self.deciding() => self.unknown(),
            Kind::Dash | Kind::Other => 1,
        };
        self.at += taken;
        !self.draft.second
    }

    fn flag(&mut self, set: impl FnOnce(&mut Draft)) -> usize {
        set(&mut self.draft);
        1
    }

    /// The length of the words or marks that begin free text here.
    fn marker(&self) -> Option<usize> {
        let (head, at, verb) = (self.head(), self.at, self.draft.verb);
        let kind = head.get(at)?.kind;
        let begins = kind == Kind::Colon && self.at > self.from;
        let said = |phrases| Some(phrase::any(head, at, phrases)).filter(|taken| *taken > 0);
        match verb {
            Verb::Open if self.draft.nouns.contains(&TargetKind::Change) => {
                if begins || matches!(kind, Kind::Dash | Kind::Quote) || self.at == self.from && kind == Kind::Colon {
                    return Some(usize::from(kind != Kind::Quote));
                }
                said(&["titled", "called", "named", "entitled", "to"])
            }
            Verb::Answer if !self.draft.targets.is_empty() => {
                if begins || matches!(kind, Kind::Dash | Kind::Quote) {
                    return Some(usize::from(kind != Kind::Quote));
                }
                said(&["with", "by saying", "saying"])
            }
            _ if !requirements::takes_reason(verb) => None,
            Verb::Raise if kind == Kind::Dash && !self.draft.targets.is_empty() => Some(1),
            _ if begins => Some(1),
            _ => {
                let reason = phrase::one_of(head, at, &["reason"]);
                if reason && head.get(at + 1).is_some_and(|token| token.kind == Kind::Colon) {
                    return Some(2);
                }
                said(&[
                    "because",
                    "because of",
                    "b/c",
                    "b/c of",
                    "since",
                    "due to",
                    "reason is",
                    "the reason is",
                    "reason being",
                ])
            }
        }
    }

    /// Free text from a token to the end of the message.
    fn free_text(&mut self, from: usize) {
        let Sentence { text, tokens, context, requested, .. } = self.sentence;
        let start = tokens.get(from).map_or(text.len(), |token| token.start);
        let written = text.get(start..).unwrap_or_default();
        // "Can you ask RA: ready?" asks RA, "can you ask RA what it means?" asks Codexa.
        let direct = self.draft.verb == Verb::Ask
            && from.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|token| token.kind == Kind::Colon);
        let polite = written.trim_end().strip_suffix('?').filter(|_| requested && !direct);
        let written = polite.unwrap_or(written);
        let verb = self.draft.verb;
        self.draft.text = free_text::clean(written, verb, context);
        // As written as well: cleaned text is on one line, and a line may be an order.
        let caught = |text: &str| free_text::catch(text, verb, context);
        self.draft.catch = caught(written).or_else(|| self.draft.text.as_deref().and_then(caught));
        self.at = tokens.len();
    }

    /// A word, mention or emoji: the first table that knows it takes it.
    fn word(&mut self) -> usize {
        if let Some(taken) = self.argument().or_else(|| self.nothing()).or_else(|| self.subject()) {
            return taken;
        }
        if is_joiner_at(self.head(), self.at) {
            return self.joint();
        }
        // "My approval to the design of CH-010", and not "test to CH-010".
        let leads = self.draft.verb.needs_gate()
            && self.draft.gates.is_empty()
            && phrase::one_of(self.head(), self.at, &["to", "from"]);
        if leads || courtesy::is_filler(self.head(), self.at, Some(self.draft.verb)) {
            return 1;
        }
        self.unknown()
    }

    /// Courtesy, behind the order or in it, and the second part of a spelling.
    fn nothing(&mut self) -> Option<usize> {
        const INSIDE: &[&str] =
            &["please", "pls", "plz", "kindly", "now", "right now", "immediately", "asap", "just", "also", "codexa"];
        let head = self.head();
        let tail = self.found.spelling.tail;
        if !tail.is_empty()
            && let Some(taken) = Phrase(tail).at(head, self.at)
        {
            return Some(taken);
        }
        if let Some(tone) = trailing(head, self.at, self.sentence.context) {
            let taken = head.len() - self.at;
            self.draft.tone.add(tone);
            return Some(taken);
        }
        if head.get(self.at)?.kind == Kind::Word {
            return Some(phrase::any(head, self.at, INSIDE)).filter(|taken| *taken > 0);
        }
        let (taken, tone) = courtesy::at(head, self.at, false, self.sentence.context)?;
        self.draft.tone.add(tone);
        Some(taken)
    }

    /// What the verb carries: a last day, a role, a mode, a severity.
    fn argument(&mut self) -> Option<usize> {
        let Sentence { context, .. } = self.sentence;
        let verb = self.draft.verb;
        if requirements::takes_until(verb)
            && let Some((until, taken)) = date::at(self.head(), self.at, context.at)
            && self.draft.until.is_none()
        {
            self.draft.until = Some(until);
            return Some(taken);
        }
        if verb == Verb::Assign {
            let to = usize::from(phrase::one_of(self.head(), self.at, &["to"]));
            let mention = self.head().get(self.at).is_some_and(|token| token.kind == Kind::Mention);
            let found = role::at(self.head(), self.at + to, context.speaker.as_deref());
            if let Some((role, taken)) = found.filter(|_| to > 0 || mention || self.at == self.from) {
                self.draft.to.push(role);
                return Some(taken + to);
            }
        }
        if verb == Verb::Discover
            && let Some((mode, taken)) = mode_at(self.head(), self.at)
            && self.draft.mode.replace(mode).is_none_or(|before| before == mode)
        {
            return Some(taken);
        }
        if verb == Verb::Raise
            && let Some(severity) = severity_at(self.head(), self.at)
            && self.draft.severity.replace(severity).is_none_or(|before| before == severity)
        {
            return Some(1);
        }
        None
    }

    /// What the verb acts on: a target, a gate, a view, or a noun that lacks its id.
    fn subject(&mut self) -> Option<usize> {
        let verb = self.draft.verb;
        if let Some((target, taken)) = targets::at(self.head(), self.at, requirements::names_code(verb)) {
            if !self.draft.targets.contains(&target) {
                self.draft.targets.push(target);
            }
            return Some(taken);
        }
        if matches!(verb, Verb::Show)
            && let Some((view, taken)) = views::at(self.head(), self.at)
        {
            self.draft.views.push(view);
            return Some(taken);
        }
        if requirements::takes_gate(verb)
            && let Some((gate, taken, sure)) = gate_at(self.head(), self.at)
        {
            self.draft.sure &= sure || !self.deciding();
            if !self.draft.gates.contains(&gate) {
                self.draft.gates.push(gate);
            }
            return Some(taken);
        }
        // The vote that is withdrawn, not the gate: "my denial of design".
        if verb == Verb::Withdraw && phrase::one_of(self.head(), self.at, &["vote", "denial", "veto", "sign-off"]) {
            return Some(1);
        }
        let (kind, taken) = targets::noun_at(self.head(), self.at)?;
        self.draft.nouns.push(kind);
        Some(taken)
    }

    /// Quoted or code-formatted words: an id in code marks is still an id, but never for an order to decide.
    fn foreign(&mut self) -> usize {
        let Some(token) = self.sentence.tokens.get(self.at) else { return 1 };
        let target = targets::id(&token.raw.to_ascii_lowercase()).or_else(|| targets::evident(&token.raw));
        let target = target.filter(|target| requirements::kinds(self.draft.verb).contains(&target.kind));
        self.draft.foreign |= target.is_none() || self.deciding();
        self.draft.targets.extend(target);
        1
    }

    /// A comma or an "and": another order may follow.
    fn joint(&mut self) -> usize {
        let next = self.at + 1;
        // "approve design for CH-010 but": what a joint leads to may limit what is decided.
        self.draft.tone.soft |= is_joiner_at(self.head(), self.at);
        let gate = requirements::takes_gate(self.draft.verb) && gate::at(self.head(), next).is_some();
        if !gate && order_follows(self.head(), next, self.draft.verb, false, self.sentence.context) {
            self.draft.second = true;
        }
        1
    }

    fn unknown(&mut self) -> usize {
        if let Some(token) = self.sentence.tokens.get(self.at) {
            self.draft.unknown.push(token.word.clone());
        }
        1
    }

    /// `ask ROLE [about X] [:] question`: behind the role everything is the question.
    fn ask(&mut self) {
        let context = self.sentence.context;
        let Some((role, taken)) = role::at(self.head(), self.at, None) else {
            while self.at < self.sentence.end && self.step() {}
            return;
        };
        self.draft.to.push(role);
        self.at += taken;
        let about = phrase::one_of(self.head(), self.at, &["about", "regarding"]);
        let article = usize::from(phrase::one_of(self.head(), self.at + 1, &["the"]));
        let subject = targets::at(self.head(), self.at + 1 + article, true).filter(|_| about);
        if let Some((target, taken)) = subject {
            self.draft.targets.push(target);
            self.at += 1 + article + taken;
        }
        let mark = |token: &Token| matches!(token.kind, Kind::Colon | Kind::Comma | Kind::Dash);
        while self.head().get(self.at).is_some_and(mark) {
            self.at += 1;
        }
        let marked = self.at.checked_sub(1).and_then(|at| self.head().get(at)).is_some_and(mark);
        if self.at >= self.sentence.end && !marked {
            return;
        }
        self.free_text(self.at);
        let tokens = tokenise(self.draft.text.as_deref().unwrap_or_default());
        // "Ask RA, please" asks nothing.
        if trailing(&tokens, 0, context).is_some() {
            self.draft.text = None;
        }
        let named = (0..tokens.len()).find_map(|at| targets::at(&tokens, at, false));
        if let Some((target, _)) = named.filter(|_| self.draft.targets.is_empty()) {
            self.draft.targets.push(target);
        }
    }
}

/// The gate at a place, its length, and whether it is spelled right.
fn gate_at(head: &[Token], at: usize) -> Option<(Gate, usize, bool)> {
    if let Some((gate, taken)) = gate::at(head, at) {
        return Some((gate, taken, true));
    }
    let typed = &head.get(at).filter(|token| token.kind == Kind::Word)?.word;
    let slipped = |(word, _): &(&str, Gate)| slips::is_long(word) && slips::is_slip(typed, word);
    gate::words().find(slipped).map(|(_, gate)| {
        let noun = usize::from(phrase::one_of(head, at + 1, &["gate"]));
        (gate, 1 + noun, false)
    })
}

fn mode_at(head: &[Token], at: usize) -> Option<(Mode, usize)> {
    const MODES: &[(&str, Mode)] = &[
        ("quick", Mode::Quick),
        ("quickly", Mode::Quick),
        ("fast", Mode::Quick),
        ("deep", Mode::Deep),
        ("deeply", Mode::Deep),
        ("in depth", Mode::Deep),
        ("code-only", Mode::CodeOnly),
        ("code only", Mode::CodeOnly),
    ];
    let skipped = usize::from(phrase::one_of(head, at, &["in", "with", "using"]));
    let article = usize::from(phrase::one_of(head, at + skipped, &["a", "the"]));
    let from = at + skipped + article;
    let (mode, taken) = phrase::longest(head, from, MODES.iter().map(|(words, mode)| (Phrase(words), *mode)))?;
    let noun = usize::from(phrase::one_of(head, from + taken, &["mode"]));
    Some((mode, skipped + article + taken + noun))
}

fn severity_at(head: &[Token], at: usize) -> Option<Severity> {
    const SEVERITIES: &[(&[&str], Severity)] = &[
        (&["info", "informational"], Severity::Info),
        (&["warning", "warn"], Severity::Warning),
        (&["critical"], Severity::Critical),
    ];
    SEVERITIES.iter().find(|(words, _)| phrase::one_of(head, at, words)).map(|(_, severity)| *severity)
}

/// The tone of what is left, where it is nothing but courtesy.
fn trailing(tokens: &[Token], from: usize, context: &Context) -> Option<Tone> {
    let (mut at, mut tone) = (from, Tone::default());
    while let Some(token) = tokens.get(at) {
        if matches!(token.kind, Kind::Comma | Kind::Stop) {
            at += 1;
            continue;
        }
        let (taken, said) = courtesy::at(tokens, at, false, context)?;
        tone.add(said);
        at += taken;
    }
    Some(tone)
}
