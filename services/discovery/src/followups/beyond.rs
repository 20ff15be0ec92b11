//! What others know beside the model, and what they do not: each gives plain data, and here it becomes questions.

use super::question::{Kind, Question};
use crate::query::text::plural;

/// What is not known beside the model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beyond<'a> {
    /// Components of which nothing says what they are for, the one that matters most first.
    pub without_intent: &'a [Unexplained],
    /// What changes much and has no owner, the hottest first.
    pub without_owner: &'a [Unowned],
    /// Documents that settings name and that could not be read.
    pub unread_context: &'a [Unread],
}

/// A component without an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// Its id.
    pub component: String,
    /// The name people use for it.
    pub name: String,
    /// Where was looked for an intent in vain, with numbers.
    pub why: String,
}

/// A path without an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unowned {
    /// The path.
    pub path: String,
    /// How hot it is, and who was there, with numbers.
    pub why: String,
}

/// A document that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path, or the glob that found nothing.
    pub path: String,
    /// Why.
    pub why: String,
}

impl Beyond<'_> {
    pub(super) fn questions(&self) -> impl Iterator<Item = Question> {
        let intents = self.without_intent.iter().map(|part| Question {
            kind: Kind::Intent,
            about: part.component.as_str().into(),
            question: format!("What is `{}` for?", part.name),
            why: part.why.clone(),
            changes: "The words stand as its intent in the model.".to_owned(),
            options: Vec::new(),
            id: None,
        });
        let owners = self.without_owner.iter().map(|hot| Question {
            kind: Kind::Owner,
            about: hot.path.as_str().into(),
            question: format!("Who answers for `{}`?", hot.path),
            why: hot.why.clone(),
            changes: "The person stands as its owner in the model.".to_owned(),
            options: vec!["@PERSON".to_owned()],
            id: None,
        });
        let context = self.unread_context.iter().map(|document| Question {
            kind: Kind::Context,
            about: document.path.as_str().into(),
            question: format!("Should `{}` be read for what the parts are called and are for?", document.path),
            why: format!("`discovery.context` names it, and it was not read: {}", document.why),
            changes: "Mend or remove the entry of `discovery.context`; accepted, it is not asked again.".to_owned(),
            options: Vec::new(),
            id: None,
        });
        intents.chain(owners).chain(context).collect::<Vec<_>>().into_iter()
    }
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
