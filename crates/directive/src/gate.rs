//! The gates and how people write them.

use crate::directive::TargetKind;
use crate::phrase::{self, Phrase};
use crate::tokens::Token;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A checkpoint of a change (or, for `elaboration`, of a requirement).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the gate's name in .codexa/rules")]
pub enum Gate {
    Scope,
    Design,
    Test,
    Impact,
    Evaluation,
    Governance,
    Release,
    Elaboration,
}

/// Every gate, in the order in which a change meets them.
pub(crate) const GATES: &[Gate] = &[
    Gate::Scope,
    Gate::Design,
    Gate::Test,
    Gate::Impact,
    Gate::Evaluation,
    Gate::Governance,
    Gate::Release,
    Gate::Elaboration,
];

/// How people write a gate; the words `gate`, `review` and the like that may follow are in [`NOUNS`].
const SPELLINGS: &[(&str, Gate)] = &[
    ("scope", Gate::Scope),
    ("scoping", Gate::Scope),
    ("design", Gate::Design),
    ("test", Gate::Test),
    ("tests", Gate::Test),
    ("testing", Gate::Test),
    ("test plan", Gate::Test),
    ("test plans", Gate::Test),
    ("impact", Gate::Impact),
    ("impact assessment", Gate::Impact),
    ("impact analysis", Gate::Impact),
    ("evaluation", Gate::Evaluation),
    ("change evaluation", Gate::Evaluation),
    ("governance", Gate::Governance),
    ("release", Gate::Release),
    ("elaboration", Gate::Elaboration),
];

/// What a gate may be called beside its name.
const NOUNS: &[&str] = &["gate", "gates", "review", "checkpoint", "approval", "step", "stage"];

impl Gate {
    /// The word, as in JSON and in the canonical form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Design => "design",
            Self::Test => "test",
            Self::Impact => "impact",
            Self::Evaluation => "evaluation",
            Self::Governance => "governance",
            Self::Release => "release",
            Self::Elaboration => "elaboration",
        }
    }

    /// What kind of thing it is a gate of.
    #[must_use]
    pub const fn of(self) -> TargetKind {
        match self {
            Self::Elaboration => TargetKind::Requirement,
            _ => TargetKind::Change,
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The gate that stands at a place, with the number of tokens it takes.
pub(crate) fn at(tokens: &[Token], at: usize) -> Option<(Gate, usize)> {
    let (gate, taken) = phrase::longest(tokens, at, SPELLINGS.iter().map(|(words, gate)| (Phrase(words), *gate)))?;
    let noun = phrase::one_of(tokens, at + taken, NOUNS);
    Some((gate, taken + usize::from(noun)))
}

/// Every single word that names a gate: what a look-alike may imitate and a slip may miss.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, Gate)> {
    SPELLINGS.iter().copied().filter(|(words, _)| !words.contains(' '))
}
