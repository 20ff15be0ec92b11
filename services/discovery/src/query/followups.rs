//! `codexa followups`: what a person must say, as it stands with the answers of now.

use super::text::{clean, plural, wrap};
use crate::followups::{self, Item, Kind, listing};
use crate::model::Model;
use codexa_model::annotations::Annotations;
use codexa_model::manifest::FollowupState;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Settled follow-ups that the text shows.
const SETTLED_SHOWN: usize = 20;

/// What a person must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowupsAnswer {
    /// What is asked, most worth an answer first.
    pub asked: Vec<FollowupRow>,
    /// Further questions that wait until these are answered, by kind.
    pub waiting: BTreeMap<&'static str, u32>,
    /// Follow-ups that are not asked any more, or not now.
    pub settled: Vec<FollowupRow>,
    /// Why nobody looked for what takes a parser, where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<&'static str>,
}

/// One follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowupRow {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub state: FollowupState,
    /// What kind of question it is.
    pub kind: String,
    /// What it is about.
    pub about: String,
    /// The question; absent where what it is about is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Why it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What an answer changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<String>,
    /// Answers that fit; empty where any words do.
    pub options: Vec<String>,
    /// Who is to answer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The last day on which it is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The follow-ups of a model, with what was answered up to now.
#[must_use]
pub fn followups(model: &Model, annotations: &Annotations) -> FollowupsAnswer {
    let questions = &model.questions;
    let listing = listing(questions, annotations, model.run.generated_at.as_deref());
    let waiting = listing.waiting(&listing.to_ask(), questions);
    FollowupsAnswer {
        asked: listing.asked().iter().map(row).collect(),
        waiting: waiting.into_iter().map(|(kind, count)| (kind.word(), count)).collect(),
        settled: listing.settled.iter().map(row).collect(),
        unknown_because: model.not_read(),
    }
}

fn row(item: &Item<'_>) -> FollowupRow {
    let key = item.answer.map(|answer| &*answer.about);
    let (kind, about) = match (item.question, key.and_then(followups::Kind::of_key)) {
        (Some(question), _) => (question.kind.word(), &*question.about),
        (None, Some((kind, about))) => (kind.word(), about),
        (None, None) => ("unknown", key.unwrap_or_default()),
    };
    let asked = |of: fn(&followups::Question) -> &String| item.question.map(|question| of(question).clone());
    let answered = |of: fn(&codexa_model::annotations::Answer) -> &Option<String>| {
        item.answer.and_then(|answer| of(answer).clone())
    };
    FollowupRow {
        id: item.id().unwrap_or_default().to_owned(),
        state: item.state,
        kind: kind.to_owned(),
        about: about.to_owned(),
        question: asked(|question| &question.question),
        why: asked(|question| &question.why),
        changes: asked(|question| &question.changes),
        options: item.question.map(|question| question.options.clone()).unwrap_or_default(),
        to: answered(|answer| &answer.to),
        until: answered(|answer| &answer.until),
        answer: answered(|answer| &answer.text).or_else(|| answered(|answer| &answer.reason)),
        by: answered(|answer| &answer.by),
    }
}

impl FollowupsAnswer {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.write(&mut out).is_err() {
            out.push_str("…\n");
        }
        out
    }

    /// How many are asked, in a line.
    #[must_use]
    pub fn says(&self) -> String {
        let waiting: u32 = self.waiting.values().sum();
        let more = if waiting > 0 { format!(", {waiting} more wait until these are answered") } else { String::new() };
        format!("{} for you{more}", plural(self.asked.len() as u64, "question"))
    }

    /// A line for each that is asked.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |row: &FollowupRow| {
            let to = row.to.as_ref().map(|to| format!(" ({to})")).unwrap_or_default();
            clean(&format!("{:<10} {}{to}", row.id, row.question.as_deref().unwrap_or_default()))
        };
        self.asked.iter().map(line).collect()
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "followups  {}", self.says())?;
        if let Some(cause) = self.unknown_because {
            out.push_str(&wrap(&format!("  not asked about code: {cause}"), "  "));
        }
        for row in &self.asked {
            Self::write_asked(out, row)?;
        }
        if !self.settled.is_empty() {
            writeln!(out, "\n  settled")?;
        }
        for row in self.settled.iter().take(SETTLED_SHOWN) {
            out.push_str(&wrap(&settled(row), "              "));
        }
        out.push_str(&super::text::more(SETTLED_SHOWN, self.settled.len(), "--format json shows all"));
        match self.asked.first() {
            Some(first) => writeln!(out, "\n  next: codexa followup accept {} --text \"…\"", first.id),
            None => writeln!(out, "\n  next: codexa show components"),
        }
    }

    fn write_asked(out: &mut String, row: &FollowupRow) -> std::fmt::Result {
        let changes = row.changes.as_deref().unwrap_or_default();
        let answer = match row.options.is_empty() {
            true => changes.to_owned(),
            false => format!("{}. {changes}", row.options.join(" | ")),
        };
        let said = [
            (&*row.id, row.question.as_deref()),
            ("why", row.why.as_deref()),
            ("answer", Some(&*answer)),
            ("asked", row.to.as_deref()),
        ];
        writeln!(out)?;
        for (word, text) in said.into_iter().filter_map(|(word, text)| Some((word, text?))) {
            out.push_str(&wrap(&format!("  {word:<10} {}", clean(text)), "             "));
        }
        Ok(())
    }
}

/// `issue-3   dismissed  dead_code src/old.py: kept for the migration (@sam)`.
fn settled(row: &FollowupRow) -> String {
    let until = row.until.as_ref().filter(|_| row.state == FollowupState::Deferred);
    let until = until.map(|day| format!(" until {day}")).unwrap_or_default();
    let said = row.answer.as_ref().map(|answer| format!(": {answer}")).unwrap_or_default();
    let by = row.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
    let kind = row.kind.replace('_', " ");
    let line = format!("{:<10} {}{until}, {kind} {}{said}{by}", row.id, row.state.word(), row.about);
    format!("  {}", clean(&line))
}

/// The first questions in a line: `issue-3 (is src/old.py still needed?), issue-5 (…)`.
#[must_use]
pub fn in_a_line(model: &Model) -> Option<String> {
    /// Questions that the line names.
    const NAMED: usize = 2;
    let questions = &model.questions;
    let asked: Vec<_> = questions.asked.iter().filter_map(|(at, _)| questions.all.get(*at as usize)).collect();
    let named = asked.iter().take(NAMED).map(|question| {
        let (id, subject) = (question.id.as_deref().unwrap_or_default(), short(question.kind, &question.about));
        format!("{id} ({})", clean(&subject))
    });
    let named: Vec<String> = named.collect();
    let rest = if asked.len() > named.len() { ", …" } else { "" };
    (!asked.is_empty())
        .then(|| format!("{} for you: {}{rest}", plural(asked.len() as u64, "question"), named.join(", ")))
}

/// What a question asks, in a few words.
fn short(kind: Kind, about: &str) -> String {
    let part = about.strip_prefix("c:").unwrap_or(about);
    match kind {
        Kind::EntryPoint => format!("does {part} have entry points?"),
        Kind::Mains => format!("which main of {part} starts the system?"),
        Kind::Intent => format!("what is {part} for?"),
        Kind::Owner => format!("who answers for {part}?"),
        Kind::Cycle => format!("is the circle around {part} meant?"),
        Kind::DeadCode => format!("is {part} still needed?"),
        Kind::Imports => format!("where does {} come from?", part.split_once(':').map_or(part, |(_, stem)| stem)),
        Kind::Language => format!("what is the {part} code?"),
        Kind::Cut => format!("what are the files that were {}?", part.replace('_', " ")),
        Kind::Context => format!("should {part} be read?"),
    }
}
