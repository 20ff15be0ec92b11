//! Answers to follow-ups, written down: one function for the command line and for jobs.
//!
//! [`answer`] appends to `.codexa/annotations.yaml`, so that what people wrote there stays as they wrote it, and only what can be
//! read before and after is written.

mod append;

use crate::engine::{ANNOTATIONS_PATH, Broken, Knowledge};
use crate::followups::{Kind, Misfit, latest, statement};
use crate::ids::IdKind;
use codexa_model::annotations::{Answer, Decision, MOST_ANSWERS, Statement};
use codexa_project::lock::{Holder, Lock};
use codexa_project::write::Transaction;
use codexa_project::{Project, ProjectError};
use std::time::Duration;

/// Longest text of an answer, in characters.
const MOST_TEXT: usize = 2_000;

/// What a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The follow-up: `issue-12`.
    pub followup: String,
    /// What is decided.
    pub decision: Decision,
    /// Who decides.
    pub by: Option<String>,
    /// When, RFC 3339.
    pub at: Option<String>,
    /// Of a deferred one: the last day on which it is not asked.
    pub until: Option<String>,
    /// Of an assigned one: who is to answer it.
    pub to: Option<String>,
    /// The answer.
    pub text: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The answer as it stands in the file.
    pub answer: Answer,
    /// Whether the file has new content; `false` where it said the same already.
    pub written: bool,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The project could not be locked or written.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The answers, or the ids, cannot be read.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// No follow-up has the id.
    #[error("there is no follow-up `{id}`")]
    Unknown {
        /// The id.
        id: String,
    },
    /// The answer does not fit the question.
    #[error("{id} is about {about}: {misfit}")]
    Misfit {
        /// The id.
        id: String,
        /// What it is about.
        about: String,
        /// What it wants.
        misfit: Misfit,
    },
    /// A part is missing or too much.
    #[error("{0}")]
    Order(&'static str),
    /// The file is laid out so that nothing can be added without changing what people wrote.
    #[error("`{ANNOTATIONS_PATH}` is laid out so that no answer can be added to it")]
    Layout,
    /// The file holds as many answers as it may.
    #[error("`{ANNOTATIONS_PATH}` holds {MOST_ANSWERS} answers, and no more are read")]
    Full,
}

impl AnswerError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Project(error) => error.code(),
            Self::Broken(_) => "KNOWLEDGE_BROKEN",
            Self::Unknown { .. } => "FOLLOWUP_NOT_FOUND",
            Self::Misfit { .. } => "FOLLOWUP_ANSWER",
            Self::Order(_) => "FOLLOWUP_ORDER",
            Self::Layout => "ANNOTATIONS_LAYOUT",
            Self::Full => "ANNOTATIONS_FULL",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Project(error) => error.help(),
            Self::Broken(_) => "mend the file; it was left as it is",
            Self::Unknown { .. } => "`codexa followups` lists them, once `codexa discover` has asked",
            Self::Misfit { misfit, .. } => misfit.help,
            Self::Order(_) => "see `codexa followup --help`; nothing was written",
            Self::Layout => "make `answers` a list with a `-` before each entry; the file was left as it is",
            Self::Full => "take out answers that others replaced; the file was left as it is",
        }
    }
}

/// Writes an answer down, under the project's lock.
///
/// # Errors
/// [`AnswerError`]: nothing was written.
pub fn answer(project: &Project, order: &Order, patience: Duration) -> Result<Answered, AnswerError> {
    check(order)?;
    let lock = Lock::acquire(project, "codexa followup", patience, |_: &Holder| (), || false)?;
    let knowledge = Knowledge::read(project)?;
    let answer = answer_of(order, &knowledge)?;
    let last = latest(&knowledge.annotations).get(&*answer.about).copied();
    if last.is_some_and(|last| Answer { at: None, ..last.clone() } == Answer { at: None, ..answer.clone() }) {
        return Ok(Answered { answer, written: false });
    }
    if knowledge.annotations.answers.len() >= MOST_ANSWERS {
        return Err(AnswerError::Full);
    }
    let text = append::appended(&knowledge.text, &knowledge.annotations, &answer).ok_or(AnswerError::Layout)?;
    let mut transaction = Transaction::new(&lock);
    transaction.put(ANNOTATIONS_PATH, text);
    transaction.commit(|| false)?;
    Ok(Answered { answer, written: true })
}

/// The answer to the follow-up that the id was given to.
fn answer_of(order: &Order, knowledge: &Knowledge) -> Result<Answer, AnswerError> {
    let id = order.followup.clone();
    let key = knowledge.ids.key(IdKind::Issue, &id).ok_or_else(|| AnswerError::Unknown { id: id.clone() })?;
    let kind = Kind::of_key(key);
    let states = match (order.decision, kind) {
        (Decision::Accept, Some((kind, about))) => statement(kind, order.text.as_deref())
            .map_err(|misfit| AnswerError::Misfit { id: id.clone(), about: about.to_owned(), misfit })?,
        _ => Statement::default(),
    };
    Ok(Answer {
        followup: id,
        about: key.to_owned(),
        decision: order.decision,
        by: order.by.clone(),
        at: order.at.clone(),
        until: order.until.clone(),
        to: order.to.clone(),
        text: order.text.clone(),
        reason: order.reason.clone(),
        states: Some(states).filter(|states| !states.is_empty()),
    })
}

/// Whether an order says what its decision needs, in bounds.
fn check(order: &Order) -> Result<(), AnswerError> {
    let texts = [&order.by, &order.to, &order.text, &order.reason];
    if texts.into_iter().flatten().any(|text| text.chars().count() > MOST_TEXT) {
        return Err(AnswerError::Order("an answer has 2000 characters at most"));
    }
    let is_day = |day: &str| {
        let digits: Vec<usize> =
            day.split('-').filter(|part| part.bytes().all(|b| b.is_ascii_digit())).map(str::len).collect();
        digits == [4, 2, 2]
    };
    match order.decision {
        Decision::Defer if !order.until.as_deref().is_some_and(is_day) => {
            Err(AnswerError::Order("what is deferred needs a day: 2027-01-31"))
        }
        Decision::Assign if order.to.as_deref().is_none_or(|to| to.trim().is_empty()) => {
            Err(AnswerError::Order("what is assigned needs somebody: @sam, or a role"))
        }
        _ => Ok(()),
    }
}
