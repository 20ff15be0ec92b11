//! Questions: one at a time, short, with what can be said instead.

use crate::context::Context;
use crate::date::day_of;
use crate::directive::{Directive, Severity, Target, TargetKind};
use crate::gate::{GATES, Gate};
use crate::interpretation::Interpretation;
use crate::requirements;
use crate::role::{Assignee, ROLES};
use crate::targets::{REPORTS, written};
use crate::verb::Verb;

/// The most options that a question has.
const OPTIONS: usize = 10;

fn ask(question: impl Into<String>, options: impl IntoIterator<Item = String>) -> Interpretation {
    Interpretation::clarify(question, options.into_iter().take(OPTIONS).collect())
}

/// "Do you mean …?" for an order of which not every word is understood.
pub(crate) fn meant(directive: &Directive) -> Interpretation {
    let canonical = directive.canonical();
    ask(format!("Do you mean `{canonical}`? Say it just like that, or pick it."), [canonical])
}

/// Two orders, targets or gates in one message.
pub(crate) fn one_at_a_time(what: &str, options: Vec<String>) -> Interpretation {
    ask(format!("I read two {what} in one message, and I take one at a time. Which comes first?"), options)
}

/// An order without what it acts on.
pub(crate) fn target(directive: &Directive, noun: Option<TargetKind>, context: &Context) -> Interpretation {
    let verb = directive.verb;
    let kinds = requirements::kinds(verb);
    let kind = noun.filter(|kind| kinds.contains(kind)).or(kinds.first().copied()).unwrap_or(TargetKind::Change);
    let with = |target: Target| Directive { target: Some(target), ..directive.clone() }.canonical();
    let options: Vec<String> = match kind {
        TargetKind::Change => context.changes.iter().map(|id| with(Target::new(kind, id.clone()))).collect(),
        TargetKind::Report => REPORTS.iter().map(|name| with(Target::new(kind, *name))).collect(),
        _ => Vec::new(),
    };
    ask(format!("{} which {}? Name it, for example {}.", capital(verb), kind.noun(), kind.example()), options)
}

/// A target of a kind that the verb does not act on.
pub(crate) fn kind(directive: &Directive, target: &Target) -> Interpretation {
    let verb = directive.verb;
    if verb == Verb::Open {
        return open(target);
    }
    let kinds = requirements::kinds(verb);
    let named = kinds.iter().find(|kind| !matches!(kind, TargetKind::Project | TargetKind::Loop));
    let Some(kind) = named.or(kinds.first()) else {
        return ask(format!("`{verb}` acts on nothing by itself. Do you mean `{verb}`?"), [verb.word().to_owned()]);
    };
    let (is, acts) = (target.kind.noun(), kind.noun());
    let question = format!("{} is a {is}, and `{verb}` acts on a {acts} such as {}.", written(target), kind.example());
    ask(format!("{question} Which one do you mean?"), [])
}

/// Something that is there already, and was to be opened.
pub(crate) fn open(target: &Target) -> Interpretation {
    let show = format!("show {}", written(target));
    ask(format!("`open` opens a new change. To look at this one, say `{show}`."), [show])
}

/// A gate that is missing.
pub(crate) fn gate(directive: &Directive, target: &Target, context: &Context) -> Interpretation {
    let fits = |gate: &&Gate| gate.of() == target.kind;
    let known = context.open_gates.get(&target.id).filter(|gates| !gates.is_empty());
    let gates: Vec<Gate> = known.map_or(GATES, Vec::as_slice).iter().filter(fits).copied().collect();
    let with = |gate: &Gate| Directive { gate: Some(*gate), ..directive.clone() }.canonical();
    let names = gates.iter().map(|gate| gate.word()).collect::<Vec<_>>().join(", ");
    let question = format!("{} which gate of {}? {names}.", capital(directive.verb), target.id);
    ask(question, gates.iter().map(with))
}

/// A gate that what was named does not have.
pub(crate) fn foreign_gate(gate: Gate, target: &Target) -> Interpretation {
    let of = gate.of();
    let question = format!("{gate} is a gate of a {}, and {} is a {}.", of.noun(), target.id, target.kind.noun());
    ask(format!("{question} Which {} do you mean?", of.noun()), [])
}

/// Who is meant.
pub(crate) fn person(directive: &Directive, guess: Option<&String>) -> Interpretation {
    let with = |to: Assignee| {
        let mut directive = directive.clone();
        directive.args.to = Some(to);
        directive.canonical()
    };
    let named = guess.map(|name| with(Assignee::Person(format!("@{name}"))));
    let verb = directive.verb;
    let whom = if verb == Verb::Ask { "Ask whom?" } else { "Assign it to whom?" };
    let roles = ROLES.iter().map(|role| with(Assignee::Role(*role)));
    ask(
        format!("{whom} A role (PM, RA, IA, IM, GO, QA, TQA, CE, HR) or a person as @name."),
        named.into_iter().chain(roles),
    )
}

/// How long; `moved` is the order with a day that was found in its reason.
pub(crate) fn until(directive: &Directive, moved: Option<Directive>) -> Interpretation {
    let question = format!(
        "Until when? Say `{} until YYYY-MM-DD`, or for 2 weeks, then why.",
        Directive { args: crate::directive::Args::default(), ..directive.clone() }
    );
    ask(question, moved.map(|directive| directive.canonical()))
}

/// A last day that names no day.
pub(crate) fn unclear(said: &str) -> Interpretation {
    ask(format!("Until when? I cannot read `{said}` as a day. Write it as YYYY-MM-DD, or say for 2 weeks."), [])
}

/// A last day that is over.
pub(crate) fn past(day: jiff::civil::Date, context: &Context) -> Interpretation {
    ask(format!("{day} is past (today is {}, UTC). Until which day?", day_of(context.at)), [])
}

/// Text that is missing: a reason, a title, an answer, a question.
pub(crate) fn text(directive: &Directive) -> Interpretation {
    let canonical = directive.canonical();
    ask(
        match directive.verb {
            Verb::Open => "What is the change called? Say `open change: ` and its title.".to_owned(),
            Verb::Answer => format!("What is the answer? Say `{canonical}: ` and the answer."),
            Verb::Ask => format!("What should I ask? Say `{canonical}: ` and the question."),
            Verb::Raise => format!("What is the concern? Say `{canonical}: ` and the concern."),
            _ => format!("Why? Say `{canonical} because ` and the reason."),
        },
        [],
    )
}

/// Something to raise that is no concern.
pub(crate) fn concern(directive: &Directive) -> Interpretation {
    let with = |severity: Severity| {
        let mut directive = directive.clone();
        directive.args.severity = Some(severity);
        directive.canonical()
    };
    let severities = [Severity::Info, Severity::Warning, Severity::Critical];
    ask("How grave is the concern: info, warning or critical?", severities.map(with))
}

/// Something to show that is not named.
pub(crate) fn view() -> Interpretation {
    let views = ["show zones", "show gaps", "show concerns", "show followups", "show approvals", "show changes"];
    ask("Show what? A view such as zones or gaps, or an id such as CH-010.", views.map(str::to_owned))
}

/// Words that may be an order or a report of one.
pub(crate) fn order_or_report(directive: Option<&Directive>) -> Interpretation {
    match directive {
        Some(directive) => {
            let canonical = directive.canonical();
            ask(format!("Is that an order or news? To give the order, say `{canonical}`."), [canonical])
        }
        None => ask("Is that an order? Say it in full, for example `approve design for CH-010`.", []),
    }
}

/// An id and nothing else.
pub(crate) fn what_about(target: &Target) -> Interpretation {
    let id = written(target);
    ask(format!("What about {id}?"), ["status", "show", "explain"].map(|verb| format!("{verb} {id}")))
}

fn capital(verb: Verb) -> String {
    let word = verb.word();
    word.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(word.chars().skip(1)).collect()
}
