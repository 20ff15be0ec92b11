//! One question.

use codexa_model::manifest::FollowupState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a question is about. The order is that of the list, one of each kind before a second of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Where control may come in, and a rule is not sure.
    EntryPoint,
    /// Several mains where no manifest says what is a program.
    Mains,
    /// A part of which nobody knows what it is for.
    Intent,
    /// What changes much and nobody answers for.
    Owner,
    /// Parts that depend on each other in a circle.
    Cycle,
    /// Code that nothing here needs.
    DeadCode,
    /// Imports that should lead to a file here and do not.
    Imports,
    /// Much code that no grammar reads.
    Language,
    /// Files that were not read, or not to their end.
    Cut,
    /// A document that settings name and that could not be read.
    Context,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::EntryPoint,
        Self::Mains,
        Self::Intent,
        Self::Owner,
        Self::Cycle,
        Self::DeadCode,
        Self::Imports,
        Self::Language,
        Self::Cut,
        Self::Context,
    ];

    /// The word for it, in keys and on screens.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::EntryPoint => "entry_point",
            Self::Mains => "mains",
            Self::Intent => "intent",
            Self::Owner => "owner",
            Self::Cycle => "cycle",
            Self::DeadCode => "dead_code",
            Self::Imports => "imports",
            Self::Language => "language",
            Self::Cut => "cut",
            Self::Context => "context",
        }
    }

    /// The kind and the subject of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<(Self, &str)> {
        let (word, about) = key.split_once(':')?;
        Self::ALL.into_iter().find(|kind| kind.word() == word).map(|kind| (kind, about))
    }
}

/// A question that a person can answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is about.
    pub kind: Kind,
    /// A path, a component's id or a name: with the kind it is the same in every run.
    pub about: Box<str>,
    /// One sentence.
    pub question: String,
    /// Why it is asked, with its numbers.
    pub why: String,
    /// What an answer changes.
    pub changes: String,
    /// Answers that fit; empty where any words do.
    pub options: Vec<String>,
    /// Its id, once it was asked.
    pub id: Option<String>,
}

impl Question {
    /// What it is known by in `ids.yaml` and in answers.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.word(), self.about)
    }
}

/// Every question of a model, ranked, and how the run found them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questions {
    /// Most worth an answer first.
    pub all: Vec<Question>,
    /// How many more there are of a kind than are kept.
    pub left_out: BTreeMap<Kind, u32>,
    /// Which of them the run asked, by index, and whom.
    pub asked: Vec<(u32, Option<String>)>,
    /// Further ones that wait until those are answered, by kind.
    pub waiting: BTreeMap<Kind, u32>,
    /// Those that the run did not ask because of an answer, by state.
    pub settled: BTreeMap<FollowupState, u32>,
}
