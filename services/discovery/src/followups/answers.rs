//! Which questions are asked, by what was answered before.

use super::question::{Kind, Question, Questions};
use super::{SHOWN, SHOWN_PER_KIND};
use codexa_model::annotations::{Annotations, Answer, Decision};
use codexa_model::manifest::FollowupState;
use std::collections::{BTreeMap, BTreeSet};

/// A follow-up, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// What is asked; `None` where what it was about is gone.
    pub question: Option<&'a Question>,
    /// How it stands.
    pub state: FollowupState,
    /// What was answered last.
    pub answer: Option<&'a Answer>,
}

impl Item<'_> {
    /// Its id: that of the answer where what it is about is gone; `None` while it was never asked.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.question.and_then(|question| question.id.as_deref()).or(self.answer.map(|answer| &*answer.followup))
    }
}

/// Every follow-up.
#[derive(Clone, Debug, Default)]
pub struct Listing<'a> {
    /// Those that wait for an answer, ranked.
    pub open: Vec<Item<'a>>,
    /// Those that do not, in the order of their ids.
    pub settled: Vec<Item<'a>>,
}

/// The last answer about each key.
#[must_use]
pub fn latest(annotations: &Annotations) -> BTreeMap<&str, &Answer> {
    annotations.answers.iter().map(|answer| (&*answer.about, answer)).collect()
}

/// How the questions of a model stand. `basis` is the time of the commit that it stands on: what is deferred is asked again when a
/// commit is newer than that day, whatever a clock says.
#[must_use]
pub fn listing<'a>(questions: &'a Questions, annotations: &'a Annotations, basis: Option<&str>) -> Listing<'a> {
    let answers = latest(annotations);
    let mut listing = Listing::default();
    let mut known = BTreeSet::new();
    for question in &questions.all {
        let key = question.key();
        let answer = answers.get(&*key).copied();
        let state = answer.map_or(FollowupState::Open, |answer| state(answer, basis));
        let list = match state {
            FollowupState::Open | FollowupState::Assigned => &mut listing.open,
            _ => &mut listing.settled,
        };
        list.push(Item { question: Some(question), state, answer });
        known.insert(key);
    }
    for (key, answer) in answers.into_iter().filter(|(key, _)| !known.contains(*key)) {
        // An answer may have taken away what it was about.
        let is_answered = answer.decision == Decision::Accept && Kind::of_key(key).is_some();
        let state = if is_answered { FollowupState::Accepted } else { FollowupState::Closed };
        listing.settled.push(Item { question: None, state, answer: Some(answer) });
    }
    listing.settled.sort_by_key(|item| item.id().and_then(|id| crate::ids::IdKind::Issue.number(id)));
    listing
}

fn state(answer: &Answer, basis: Option<&str>) -> FollowupState {
    let is_due = |until: &str| basis.and_then(|time| time.get(..until.len())).is_some_and(|day| day > until);
    match answer.decision {
        Decision::Accept => FollowupState::Accepted,
        Decision::Dismiss => FollowupState::Dismissed,
        Decision::Assign => FollowupState::Assigned,
        Decision::Defer if answer.until.as_deref().is_some_and(is_due) => FollowupState::Open,
        Decision::Defer => FollowupState::Deferred,
    }
}

impl<'a> Listing<'a> {
    /// Keys of those that a run asks ([`SHOWN`], and [`SHOWN_PER_KIND`]), and those that somebody was asked by name, with that
    /// name.
    #[must_use]
    pub fn to_ask(&self) -> BTreeMap<String, Option<String>> {
        let mut asked = BTreeMap::new();
        let mut of_kind: BTreeMap<Kind, usize> = BTreeMap::new();
        for (item, question) in self.open.iter().filter_map(|item| Some((item, item.question?))) {
            if item.state == FollowupState::Assigned {
                asked.insert(question.key(), item.answer.and_then(|answer| answer.to.clone()));
                continue;
            }
            let before = of_kind.entry(question.kind).or_default();
            *before += 1;
            if *before <= SHOWN_PER_KIND && asked.len() < SHOWN {
                asked.insert(question.key(), None);
            }
        }
        asked
    }

    /// Those that are asked now: a question has its id since the run that asked it first.
    #[must_use]
    pub fn asked(&self) -> Vec<Item<'a>> {
        let keys = self.to_ask();
        let is_asked = |question: &Question| question.id.is_some() && keys.contains_key(&question.key());
        self.open.iter().copied().filter(|item| item.question.is_some_and(is_asked)).collect()
    }

    /// How many wait until the asked ones are answered, by kind.
    #[must_use]
    pub fn waiting(&self, asked: &BTreeMap<String, Option<String>>, questions: &Questions) -> BTreeMap<Kind, u32> {
        let mut waiting = questions.left_out.clone();
        let open = self.open.iter().filter_map(|item| item.question);
        for question in open.filter(|question| !asked.contains_key(&question.key())) {
            *waiting.entry(question.kind).or_default() += 1;
        }
        waiting
    }

    /// How many are settled, and how.
    #[must_use]
    pub fn settled_by_state(&self) -> BTreeMap<FollowupState, u32> {
        let mut counts = BTreeMap::new();
        self.settled.iter().for_each(|item| *counts.entry(item.state).or_default() += 1);
        counts
    }
}
