//! Follow-ups: what discovery cannot know and a person may, as questions that are worth an answer.
//!
//! [`find`] makes them of a model; [`listing`] says which of them are asked now, by what was answered before. Both are pure: a question is the same for as long as there is what it is about.

mod answers;
mod beyond;
mod gaps;
mod question;
mod states;
mod structure;
mod unused;

pub use answers::{Item, Listing, latest, listing};
pub(crate) use beyond::unowned;
pub use beyond::{OWNED_HOTSPOTS, UNEXPLAINED_LINES};
pub use question::{Kind, Question, Questions};
pub use states::{Misfit, Stated, apply, stated_words, statement};

use crate::ids::{IdKind, Ids};
use crate::model::Model;
use codexa_model::annotations::Annotations;
use std::collections::BTreeMap;

/// Questions that are asked at one time; what somebody was asked by name comes on top.
pub const SHOWN: usize = 12;
/// Questions of one kind that are asked at one time.
pub const SHOWN_PER_KIND: usize = 3;
/// Questions of one kind that are kept.
pub const PER_KIND: usize = 50;

/// Every question that a model leaves, most worth an answer first: the first of each kind, then the second of each. What was
/// answered is among them for as long as there is what it is about.
#[must_use]
pub fn find(model: &Model, annotations: &Annotations) -> Questions {
    let answered = latest(annotations);
    let mut all = Vec::new();
    if model.not_read().is_none() {
        all.extend(structure::cycles(model));
        all.extend(structure::suspected_entry_points(model));
        all.extend(structure::rival_mains(model));
        all.extend(unused::files(model, &answered));
        all.extend(gaps::imports(model));
        all.extend(gaps::languages(model));
        all.extend(gaps::cuts(model));
    }
    all.extend(beyond::intents(model));
    all.extend(beyond::owners(model));
    all.extend(beyond::context(model));
    ranked(all)
}

fn ranked(all: Vec<Question>) -> Questions {
    let mut places: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut placed = Vec::with_capacity(all.len());
    for question in all {
        let place = places.entry(question.kind).or_default();
        placed.push((*place, question));
        *place += 1;
    }
    placed.retain(|(place, _)| *place < PER_KIND);
    placed.sort_by(|(a, one), (b, other)| (a, one.kind).cmp(&(b, other.kind)));
    let left_out = places.into_iter().map(|(kind, all)| (kind, all.saturating_sub(PER_KIND)));
    let left_out =
        left_out.filter(|(_, rest)| *rest > 0).map(|(kind, rest)| (kind, u32::try_from(rest).unwrap_or(u32::MAX)));
    let all = placed.into_iter().map(|(_, question)| question).collect();
    Questions { left_out: left_out.collect(), all, ..Questions::default() }
}

/// Puts the questions, and what people stated, into a model. What is asked now has an id from here on.
pub fn enter(model: &mut Model, annotations: &Annotations, ids: &mut Ids) {
    let mut questions = find(model, annotations);
    for question in &mut questions.all {
        question.id = ids.of(IdKind::Issue, &question.key());
    }
    let listing = listing(&questions, annotations, model.run.generated_at.as_deref());
    let (asked, settled) = (listing.to_ask(), listing.settled_by_state());
    let waiting = listing.waiting(&asked, &questions);
    for (place, question) in (0..).zip(&mut questions.all) {
        if let Some(to) = asked.get(&question.key()) {
            question.id = Some(ids.allot(IdKind::Issue, &question.key()));
            questions.asked.push((place, to.clone()));
        }
    }
    questions.settled = settled;
    questions.waiting = waiting;
    apply(model, annotations);
    model.questions = questions;
}
