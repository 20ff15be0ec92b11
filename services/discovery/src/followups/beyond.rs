//! What the model has no answer to beside the structure: what parts are for, who answers for what changes much, and
//! documents that could not be read.

use super::question::{Kind, Question};
use crate::coverage::has_intent;
use crate::model::Model;
use crate::query::text::plural;

/// A component with fewer lines than this explains itself.
pub const UNEXPLAINED_LINES: u64 = 200;
/// The first so many files of the ranking should have somebody who answers for them.
pub const OWNED_HOTSPOTS: usize = 15;

/// Components of which nothing says what they are for, the largest first.
pub(super) fn intents(model: &Model) -> Vec<Question> {
    if model.intents.declined.is_some() {
        return Vec::new();
    }
    let parts = model.components.all.iter().filter(|part| part.kind.ships() && !has_intent(model, part));
    let mut parts: Vec<_> = parts.map(|part| (part.lines.values().sum::<u64>(), part)).collect();
    parts.retain(|(lines, _)| *lines >= UNEXPLAINED_LINES);
    parts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let question = |(lines, part): (u64, &crate::components::Component)| Question {
        kind: Kind::Intent,
        about: part.id.clone(),
        question: format!("What is `{}` for?", part.name),
        why: format!(
            "{} in {} of code; no intent was found in it",
            plural(lines, "line"),
            plural(part.files.len() as u64, "file")
        ),
        changes: "The words stand as its intent in the model.".to_owned(),
        options: Vec::new(),
        id: None,
    };
    parts.into_iter().map(question).collect()
}

/// Files that are repaired much and that nobody who is still active knows, the hottest first.
pub(crate) fn unowned(model: &Model) -> Vec<u32> {
    let (Some(history), Some(hotspots)) = (&model.history, &model.hotspots) else { return Vec::new() };
    let hot = hotspots.ranked.iter().take(OWNED_HOTSPOTS).filter(|hotspot| hotspot.scored.is_likely);
    let is_orphan = |file: &u32| {
        let is_repaired = history.files.get(*file as usize).is_some_and(|churn| churn.lately.1 > 0);
        is_repaired && history.owners.get(*file as usize).is_none_or(|owners| !owners.is_active)
    };
    hot.map(|hotspot| hotspot.file).filter(is_orphan).collect()
}

/// Who answers for what nobody knows.
pub(super) fn owners(model: &Model) -> Vec<Question> {
    let Some(history) = &model.history else { return Vec::new() };
    let question = |file: u32| {
        let (changes, repairs) = history.files.get(file as usize).map_or((0, 0), |churn| churn.lately);
        let authors = history.owners.get(file as usize).map(|owners| &*owners.authors).unwrap_or_default();
        let names: Vec<&str> = authors.iter().take(2).map(|person| history.name(*person)).collect();
        let known = match &*names {
            [] => "nobody is known to know it".to_owned(),
            names => format!("who knows it ({}) changed nothing in the last year", names.join(", ")),
        };
        Question {
            kind: Kind::Owner,
            about: model.path(file).into(),
            question: format!("Who answers for `{}`?", model.path(file)),
            why: format!("{} in the last year, {repairs} of them repairs; {known}", plural(changes.into(), "change")),
            changes: "The person stands as its owner in the model.".to_owned(),
            options: vec!["@PERSON".to_owned()],
            id: None,
        }
    };
    unowned(model).into_iter().map(question).collect()
}

/// Documents that settings name and that could not be read.
pub(super) fn context(model: &Model) -> Vec<Question> {
    let question = |(path, why): (&String, &String)| Question {
        kind: Kind::Context,
        about: path.as_str().into(),
        question: format!("Should `{path}` be read for what the parts are called and are for?"),
        why: format!("`discovery.context` names it, and it was not read: {why}"),
        changes: "Mend or remove the entry of `discovery.context`; accepted, it is not asked again.".to_owned(),
        options: Vec::new(),
        id: None,
    };
    model.run.context.unread.iter().map(question).collect()
}

/// `a`, `b` and 3 more files.
pub(super) fn named<'p>(paths: impl ExactSizeIterator<Item = &'p str>, most: usize, what: &str) -> String {
    let all = paths.len();
    let mut named: Vec<String> = paths.take(most).map(|path| format!("`{path}`")).collect();
    if all > most {
        named.push(plural((all - most) as u64, &format!("more {what}")));
    }
    match named.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
