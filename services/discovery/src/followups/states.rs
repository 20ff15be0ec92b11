//! What answers say of the code: how words become a statement, and how a statement enters the model.

use super::answers::latest;
use super::question::Kind;
use super::structure::folder;
use crate::behaviour::{EntryKind, EntryPoint};
use crate::entries::SURE;
use crate::model::Model;
use codexa_model::annotations::{Annotations, Answer, Decision, Statement};
use serde::{Deserialize, Serialize};

/// What a person stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// A path, or a component's id.
    pub of: Box<str>,
    /// `owner`, `entry_point`, `intent`, `dead`, `starts`, or `answer` for words of any kind.
    pub what: Box<str>,
    /// The name, the words, `yes` or `no`.
    pub is: String,
    /// Who said so.
    pub by: Option<String>,
    /// The follow-up that asked.
    pub followup: String,
}

/// An answer that does not fit its question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wants}")]
pub struct Misfit {
    /// What the question wants.
    pub wants: &'static str,
    /// How it is answered.
    pub help: &'static str,
}

/// What an accepted answer says of the code. Without words, what a question suspects is so.
///
/// # Errors
/// [`Misfit`] where the words do not answer the question.
pub fn statement(kind: Kind, text: Option<&str>) -> Result<Statement, Misfit> {
    let none = Statement::default();
    let yes_or_no = |text: Option<&str>| match text.map(first_word).as_deref() {
        Some("yes" | "y" | "true") => Ok(Some(true)),
        Some("no" | "n" | "false") => Ok(Some(false)),
        None => Ok(None),
        Some(_) => {
            Err(Misfit { wants: "the answer begins with yes or no", help: "for example --text \"no: a self-test\"" })
        }
    };
    Ok(match kind {
        Kind::EntryPoint => Statement { entry_point: Some(yes_or_no(text)?.unwrap_or(true)), ..none },
        // Asked is whether it is needed; who accepts without a word agrees that it looks dead.
        Kind::DeadCode => Statement { dead: Some(!yes_or_no(text)?.unwrap_or(false)), ..none },
        Kind::Mains => {
            let words = text.unwrap_or_default().split([',', ' ']).filter(|word| !word.is_empty());
            let starts: Vec<String> = words.map(|word| word.trim_matches('`').to_owned()).collect();
            if starts.is_empty() {
                return Err(Misfit {
                    wants: "the answer names the files that start the system",
                    help: "for example --text src/server.c",
                });
            }
            Statement { starts, ..none }
        }
        Kind::Intent => match text.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Statement { intent: Some(text.to_owned()), ..none },
            None => {
                return Err(Misfit {
                    wants: "the answer says what it is for",
                    help: "for example --text \"turns requests into calls\"",
                });
            }
        },
        Kind::Owner => match text.map(str::trim).filter(|name| name.len() > 1 && name.starts_with('@')) {
            Some(owner) => Statement { owner: Some(owner.to_owned()), ..none },
            None => return Err(Misfit { wants: "the answer names a person", help: "for example --text @sam" }),
        },
        Kind::Cycle | Kind::Imports | Kind::Language | Kind::Cut | Kind::Context => none,
    })
}

fn first_word(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default().to_lowercase()
}

/// Puts what was stated into the model. What it is about may be gone: then it says nothing.
pub fn apply(model: &mut Model, annotations: &Annotations) {
    let mut all: Vec<Stated> = Vec::new();
    for (key, answer) in latest(annotations) {
        let Some((kind, about)) = Kind::of_key(key) else { continue };
        if answer.decision != Decision::Accept {
            continue;
        }
        let Some(states) = &answer.states else {
            all.extend(stated(about, answer, answer.text.iter().map(|text| ("answer", text.clone())).collect()));
            continue;
        };
        if let (Kind::EntryPoint, Some(is)) = (kind, states.entry_point) {
            settle_entry_points(model, about, is);
        }
        if kind == Kind::Mains && !states.starts.is_empty() {
            settle_mains(model, about, &states.starts);
        }
        all.extend(stated(about, answer, stated_words(states)));
    }
    model.stated = all;
}

fn stated(about: &str, answer: &Answer, words: Vec<(&'static str, String)>) -> impl Iterator<Item = Stated> {
    words.into_iter().map(move |(what, is)| {
        let (by, followup) = (answer.by.clone(), answer.followup.clone());
        Stated { of: about.into(), what: what.into(), is, by, followup }
    })
}

/// What a statement says, part by part.
#[must_use]
pub fn stated_words(states: &Statement) -> Vec<(&'static str, String)> {
    let word = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let starts = Some(states.starts.join(", ")).filter(|starts| !starts.is_empty());
    let said = [
        ("dead", states.dead.map(word)),
        ("entry_point", states.entry_point.map(word)),
        ("intent", states.intent.clone()),
        ("owner", states.owner.clone()),
        ("starts", starts),
    ];
    said.into_iter().filter_map(|(what, is)| is.map(|is| (what, is))).collect()
}

/// What a rule suspected in a folder is sure now, or is no entry point.
fn settle_entry_points(model: &mut Model, about: &str, is: bool) {
    let files = files_in(model, about);
    change_entries(model, &files, |_, entry| match (entry.confidence < SURE, is) {
        (false, _) => true,
        (true, false) => false,
        (true, true) => {
            entry.confidence = 100;
            true
        }
    });
}

/// Of the mains of a folder those count that are named, where one of them is there.
fn settle_mains(model: &mut Model, about: &str, starts: &[String]) {
    let is_named = |path: &str| starts.iter().any(|name| path == name || path.rsplit('/').next() == Some(&**name));
    let files = files_in(model, about);
    if files.iter().any(|file| is_named(model.path(*file))) {
        change_entries(model, &files, |path, entry| entry.kind != EntryKind::Main || is_named(path));
    }
}

fn files_in(model: &Model, about: &str) -> Vec<u32> {
    (0_u32..).zip(&model.files).filter(|(_, file)| folder(&file.path) == about).map(|(id, _)| id).collect()
}

fn change_entries(model: &mut Model, files: &[u32], mut keeps: impl FnMut(&str, &mut EntryPoint) -> bool) {
    for &id in files {
        let Some(file) = model.files.get_mut(id as usize) else { continue };
        if let Some(parsed) = &mut file.parsed {
            parsed.behaviour.entry_points.retain_mut(|entry| keeps(&file.path, entry));
        }
    }
}
