//! An order that was found to what becomes of it.

use crate::clarify;
use crate::context::Context;
use crate::date::{self, Until, day_of};
use crate::directive::{Args, Directive, Severity, Target, TargetKind};
use crate::free_text::{self, Catch};
use crate::gate::{self, Gate};
use crate::interpretation::Interpretation;
use crate::mood::{self, Mood};
use crate::requirements;
use crate::scan::Draft;
use crate::spellings::SPELLINGS;
use crate::tokens::{Kind, tokenise};
use crate::verb::{Class, Verb};

/// What stands around the order in the same message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    /// The words of sentences that are neither courtesy nor an order.
    pub words: &'a [&'a str],
    /// Whether quoted or code-formatted words stand beside it.
    pub foreign: bool,
}

/// What becomes of the only order in a message. Each check answers or lets the order pass to the next one.
pub(crate) fn decide(mut draft: Draft, around: Around<'_>, context: &Context) -> Interpretation {
    settle(&mut draft);
    let mut directive = directive(&draft);
    if let Some(moved) = moved(&directive, context).filter(|(_, parted)| *parted && draft.until.is_none()) {
        directive = moved.0;
        draft.until = directive.args.until.map(Until::Day);
    }
    no_order(&draft, around)
        .or_else(|| too_much(&draft, &directive))
        .or_else(|| subject(&draft, &mut directive, context))
        .or_else(|| arguments(&draft, &directive, context))
        .or_else(|| (!is_certain(&draft, around)).then(|| clarify::meant(&directive)))
        .unwrap_or_else(|| Interpretation::directive(directive))
}

/// Verbs whose meaning what they act on decides, and targets that another one makes superfluous.
fn settle(draft: &mut Draft) {
    let first = draft.targets.first().map(|target| target.kind);
    let found = matches!(first, Some(TargetKind::Followup | TargetKind::Gap | TargetKind::Concern));
    match draft.verb {
        Verb::Deny if found && draft.gates.is_empty() => draft.verb = Verb::Dismiss,
        Verb::Accept if matches!(first, Some(TargetKind::Change | TargetKind::Requirement)) => {
            draft.verb = Verb::Approve;
            draft.sure = false;
            let named = |word: &String| gate::words().find(|(known, _)| known == word).map(|(_, gate)| gate);
            draft.gates.extend(draft.unknown.iter().find_map(named));
        }
        _ => {}
    }
    if draft.verb.class() != Class::Deciding && draft.targets.len() > 1 {
        let implied = |target: &Target| matches!(target.kind, TargetKind::Loop | TargetKind::Project);
        if draft.targets.iter().any(|target| !implied(target)) {
            draft.targets.retain(|target| !implied(target));
        }
    }
    if draft.verb.class() == Class::Query {
        let fits = |gate: &Gate| draft.targets.first().is_none_or(|target| target.kind == gate.of());
        draft.gates.retain(fits);
        draft.views.dedup();
        if !draft.views.is_empty() {
            draft.gates.clear();
        }
    }
    if draft.verb == Verb::Help {
        draft.targets.clear();
    }
}

/// The directive as far as it was said.
fn directive(draft: &Draft) -> Directive {
    let text = || draft.text.clone();
    let mut args = Args { to: draft.to.first().cloned(), mode: draft.mode, ..Args::default() };
    match draft.verb {
        Verb::Open => args.title = text(),
        Verb::Answer => args.text = text(),
        Verb::Ask => args.question = text(),
        _ => args.reason = text(),
    }
    if draft.verb == Verb::Raise {
        args.severity = Some(draft.severity.unwrap_or(Severity::Warning));
    }
    if let Some(Until::Day(day)) = &draft.until {
        args.until = Some(*day);
    }
    args.view = draft.views.first().copied().filter(|_| draft.verb == Verb::Show);
    let implied = || match draft.verb {
        // A gate is one of something that must be named.
        _ if !draft.gates.is_empty() || missing_noun(draft).is_some() => None,
        Verb::Show if args.view.is_some() => Some(Target::project()),
        verb => requirements::default_target(verb),
    };
    let target = draft.targets.first().cloned().or_else(implied);
    Directive { verb: draft.verb, gate: draft.gates.first().copied(), target, args }
}

/// A noun that stands without its id, where the verb acts on such things.
fn missing_noun(draft: &Draft) -> Option<TargetKind> {
    let own = |kind: &TargetKind| match draft.verb {
        Verb::Open => *kind == TargetKind::Change,
        Verb::Raise => *kind == TargetKind::Concern,
        _ => false,
    };
    let kinds = requirements::kinds(draft.verb);
    draft.nouns.iter().find(|kind| !own(kind) && kinds.contains(kind)).copied()
}

/// Words that make it no order at all.
fn no_order(draft: &Draft, around: Around<'_>) -> Option<Interpretation> {
    let unknown: Vec<&str> = draft.unknown.iter().map(String::as_str).collect();
    let none = |mood: Mood, word: &str| Some(Interpretation::none(mood.reason(word)));
    if let Some(Catch::TakenBack(word)) = draft.catch {
        return none(Mood::TakenBack, word);
    }
    if let Some(word) = mood::taken_back(&unknown).or_else(|| mood::taken_back(around.words)) {
        return none(Mood::TakenBack, word);
    }
    let (mood, word) = match draft.verb.class() {
        Class::Deciding => mood::of(&unknown).or_else(|| mood::of(around.words))?,
        // What stands where a name is missing may be the question.
        Class::Working if draft.verb == Verb::Ask => return None,
        Class::Working => mood::of(&unknown)?,
        Class::Query => mood::of(&unknown).filter(|(mood, word)| {
            *mood == Mood::Conditional && matches!(*word, "if" | "unless")
                || *mood == Mood::Doubtful && matches!(*word, "maybe" | "perhaps")
                || *mood == Mood::Negated && unknown.first() == Some(word)
        })?,
    };
    none(mood, word)
}

/// More than one order, target, gate or view.
fn too_much(draft: &Draft, directive: &Directive) -> Option<Interpretation> {
    let decides = |word: &String| {
        let deciding = |verb: Verb| verb.class() == Class::Deciding;
        SPELLINGS.iter().any(|row| row.is_single() && row.sure && deciding(row.verb) && row.words == word)
    };
    if draft.second || draft.catch == Some(Catch::SecondOrder) || draft.unknown.iter().any(decides) {
        let complete = directive.target.is_some() && (directive.gate.is_some() || !draft.verb.needs_gate());
        let options = if complete { vec![directive.canonical()] } else { Vec::new() };
        return Some(clarify::one_at_a_time("orders", options));
    }
    if draft.targets.len() > 1 {
        let with = |target: &Target| Directive { target: Some(target.clone()), ..directive.clone() }.canonical();
        return Some(clarify::one_at_a_time("targets", draft.targets.iter().map(with).collect()));
    }
    if draft.gates.len() > 1 {
        let with = |gate: &Gate| Directive { gate: Some(*gate), ..directive.clone() }.canonical();
        return Some(clarify::one_at_a_time("gates", draft.gates.iter().map(with).collect()));
    }
    let other_view = |view| {
        let mut directive = directive.clone();
        directive.args.view = Some(view);
        directive.canonical()
    };
    (draft.views.len() > 1)
        .then(|| clarify::one_at_a_time("views", draft.views.iter().copied().map(other_view).collect()))
}

/// What it acts on: missing, of the wrong kind, or without a gate that it needs.
fn subject(draft: &Draft, directive: &mut Directive, context: &Context) -> Option<Interpretation> {
    let verb = draft.verb;
    let kinds = requirements::kinds(verb);
    let Some(target) = directive.target.clone() else {
        return match verb {
            Verb::Help | Verb::Link => None,
            Verb::Show if draft.gates.is_empty() && missing_noun(draft).is_none() => Some(clarify::view()),
            _ => Some(clarify::target(directive, missing_noun(draft), context)),
        };
    };
    if !kinds.contains(&target.kind) {
        let hint = verb.class() == Class::Deciding && !draft.sure;
        return Some(if hint { clarify::order_or_report(None) } else { clarify::kind(directive, &target) });
    }
    let gated = verb.needs_gate() && target.kind != TargetKind::Waiver;
    match directive.gate {
        None if gated => Some(clarify::gate(directive, &target, context)),
        Some(gate) if gate.of() != target.kind => Some(clarify::foreign_gate(gate, &target)),
        _ => None,
    }
}

/// What it carries: missing or unclear.
fn arguments(draft: &Draft, directive: &Directive, context: &Context) -> Option<Interpretation> {
    let verb = draft.verb;
    if matches!(verb, Verb::Assign | Verb::Ask) && draft.to.len() != 1 {
        let guess = draft.unknown.iter().find(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        return Some(clarify::person(directive, guess));
    }
    match &draft.until {
        Some(Until::Unclear(said)) => return Some(clarify::unclear(said)),
        Some(Until::Day(day)) if *day < day_of(context.at) => return Some(clarify::past(*day, context)),
        None if verb == Verb::Waive => {
            return Some(clarify::until(directive, moved(directive, context).map(|(directive, _)| directive)));
        }
        _ => {}
    }
    if verb == Verb::Open && !draft.nouns.contains(&TargetKind::Change) {
        return Some(draft.targets.first().map_or_else(|| clarify::text(directive), clarify::open));
    }
    if verb == Verb::Raise && draft.severity.is_none() && !draft.nouns.contains(&TargetKind::Concern) {
        return Some(clarify::concern(directive));
    }
    let needs_text = requirements::needs_reason(verb) || matches!(verb, Verb::Open | Verb::Answer | Verb::Ask);
    (needs_text && draft.text.is_none()).then(|| clarify::text(directive))
}

/// The waiver with its last day in front of the reason, where the reason ends with one; and whether a comma parts them, so
/// that the day can only be the waiver's.
fn moved(directive: &Directive, context: &Context) -> Option<(Directive, bool)> {
    let reason = directive.args.reason.as_deref().filter(|_| directive.verb == Verb::Waive)?;
    let tokens = tokenise(reason);
    let (at, until) = (0..tokens.len()).find_map(|at| {
        let (until, taken) = date::at(&tokens, at, context.at)?;
        (at + taken == tokens.len()).then_some((at, until))
    })?;
    let Until::Day(day) = until else { return None };
    let parted = tokens.get(at.checked_sub(1)?).is_some_and(|token| token.kind == Kind::Comma);
    let why = reason.get(..tokens.get(at)?.start)?;
    let reason = free_text::clean(why, directive.verb, context);
    let args = Args { until: Some(day), reason, ..directive.args.clone() };
    Some((Directive { args, ..directive.clone() }, parted))
}

/// Whether nothing is left to ask. The more a verb can do, the less may be left over.
fn is_certain(draft: &Draft, around: Around<'_>) -> bool {
    let understood = draft.unknown.is_empty() && !draft.foreign && draft.catch.is_none();
    match draft.verb.class() {
        Class::Deciding => {
            let alone = around.words.is_empty() && !around.foreign;
            // A noun of another kind is what it is about: the waiver of a gate is not the gate.
            let fits = draft.nouns.iter().all(|kind| draft.targets.iter().any(|target| target.kind == *kind));
            draft.sure && understood && alone && !draft.asked && !draft.tone.soft && fits
        }
        Class::Working => draft.sure && understood && !draft.tone.aside,
        Class::Query => draft.sure,
    }
}
