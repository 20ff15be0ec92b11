//! The roles, and who something can be given to.

use crate::phrase::{self, Phrase};
use crate::tokens::{Kind, Token};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A role of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Project manager.
    Pm,
    /// Requirements analyst.
    Ra,
    /// Impact assessor.
    Ia,
    /// Implementation manager.
    Im,
    /// Governance officer.
    Go,
    /// Quality assurance.
    Qa,
    /// Test quality assurance.
    Tqa,
    /// Change evaluator.
    Ce,
    /// Human reviewer.
    Hr,
}

/// Every role.
pub(crate) const ROLES: &[Role] =
    &[Role::Pm, Role::Ra, Role::Ia, Role::Im, Role::Go, Role::Qa, Role::Tqa, Role::Ce, Role::Hr];

/// How people write a role.
const SPELLINGS: &[(&str, Role)] = &[
    ("pm", Role::Pm),
    ("project manager", Role::Pm),
    ("ra", Role::Ra),
    ("requirements analyst", Role::Ra),
    ("requirement analyst", Role::Ra),
    ("ia", Role::Ia),
    ("impact assessor", Role::Ia),
    ("im", Role::Im),
    ("implementation manager", Role::Im),
    ("go", Role::Go),
    ("governance officer", Role::Go),
    ("qa", Role::Qa),
    ("quality assurance", Role::Qa),
    ("tqa", Role::Tqa),
    ("test qa", Role::Tqa),
    ("test quality assurance", Role::Tqa),
    ("technical qa", Role::Tqa),
    ("technical quality assurance", Role::Tqa),
    ("ce", Role::Ce),
    ("change evaluator", Role::Ce),
    ("hr", Role::Hr),
    ("human reviewer", Role::Hr),
];

impl Role {
    /// The role in capitals, as in JSON and in the canonical form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pm => "PM",
            Self::Ra => "RA",
            Self::Ia => "IA",
            Self::Im => "IM",
            Self::Go => "GO",
            Self::Qa => "QA",
            Self::Tqa => "TQA",
            Self::Ce => "CE",
            Self::Hr => "HR",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Who something is given to or asked of: a role, or a person as `@name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Assignee {
    /// Whoever has the role.
    Role(Role),
    /// One person: `@` and the name or the platform's id.
    Person(String),
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => role.fmt(f),
            Self::Person(name) => f.write_str(name),
        }
    }
}

/// The role or person that stands at a place, with the number of tokens it takes; `speaker` is who `me` is.
pub(crate) fn at(tokens: &[Token], at: usize, speaker: Option<&str>) -> Option<(Assignee, usize)> {
    let article = usize::from(phrase::one_of(tokens, at, &["the", "our", "a"]));
    let rows = SPELLINGS.iter().map(|(words, role)| (Phrase(words), *role));
    if let Some((role, taken)) = phrase::longest(tokens, at + article, rows) {
        return Some((Assignee::Role(role), article + taken));
    }
    let token = tokens.get(at)?;
    if token.kind == Kind::Mention {
        return Some((Assignee::Person(token.raw.clone()), 1));
    }
    let me = phrase::one_of(tokens, at, &["me", "myself"]);
    speaker.filter(|_| me).map(|name| (Assignee::Person(format!("@{}", name.trim_start_matches('@'))), 1))
}

/// Whether a word is a role in short.
pub(crate) fn is_short(word: &str) -> bool {
    SPELLINGS.iter().any(|(words, role)| *words == word && words.len() == role.word().len())
}
