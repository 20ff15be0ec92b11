//! The sections `followups` and `stated`.

use crate::followups::Question;
use crate::model::Model;
use codexa_model::manifest::{Flow, FollowupEntry, Followups, Stated};
use std::collections::BTreeMap;

/// What a person must say.
pub(super) fn followups(model: &Model) -> Followups {
    let questions = &model.questions;
    let asked = questions.asked.iter().filter_map(|(at, to)| Some((questions.all.get(*at as usize)?, to)));
    let entry = |(question, to): (&Question, &Option<String>)| FollowupEntry {
        id: question.id.clone().unwrap_or_default(),
        kind: question.kind.word().to_owned(),
        about: question.about.to_string(),
        question: question.question.clone(),
        why: question.why.clone(),
        changes: question.changes.clone(),
        options: question.options.clone(),
        assigned_to: to.clone(),
    };
    let waiting: BTreeMap<String, u32> =
        questions.waiting.iter().map(|(kind, count)| (kind.word().to_owned(), *count)).collect();
    let settled: BTreeMap<String, u32> =
        questions.settled.iter().map(|(state, count)| (state.word().to_owned(), *count)).collect();
    Followups {
        asked: asked.map(entry).collect(),
        waiting: Some(Flow(waiting)).filter(|waiting| !waiting.0.is_empty()),
        settled: Some(Flow(settled)).filter(|settled| !settled.0.is_empty()),
        unknown_because: model.not_read().map(str::to_owned),
    }
}

/// What people said of the code.
pub(super) fn stated(model: &Model) -> Vec<Flow<Stated>> {
    let stated = |said: &crate::followups::Stated| {
        let (of, what, is) = (said.of.to_string(), said.what.to_string(), said.is.clone());
        Flow(Stated { of, what, is, by: said.by.clone(), followup: said.followup.clone() })
    };
    model.stated.iter().map(stated).collect()
}
