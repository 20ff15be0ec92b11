//! The directive and its parts.

use crate::gate::Gate;
use crate::role::Assignee;
use crate::verb::Verb;
use crate::views::View;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A typed command that came from words. [`Directive::canonical`] is its one written form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directive {
    /// What to do.
    pub verb: Verb,
    /// The gate, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// What to do it to; `help` and `link` have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// All else.
    #[serde(default)]
    pub args: Args,
}

/// What a directive acts on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Of which kind it is.
    pub kind: TargetKind,
    /// Its id, spelled as Codexa spells it (`CH-010`, `zone-3`, `services/gateway`).
    pub id: String,
}

/// The kinds of things that directives act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// `CH-010`
    Change,
    /// `FR-38`
    Requirement,
    /// `WS-110`
    Workstream,
    /// `TC-FR44-001`
    Test,
    /// `issue-12`
    Followup,
    /// `gap-03`
    Gap,
    /// `CN-4`
    Concern,
    /// `WV-2`
    Waiver,
    /// `MS-02`
    Milestone,
    /// `1`
    Phase,
    /// `zone-3`
    Zone,
    /// `governance`, `status`, `velocity` or `traceability`
    Report,
    /// `current`
    Loop,
    /// `this`
    Project,
    /// `services/gateway`
    Path,
    /// `Parser::parse`
    Symbol,
}

impl TargetKind {
    /// The noun that people read.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Requirement => "requirement",
            Self::Workstream => "workstream",
            Self::Test => "test",
            Self::Followup => "follow-up",
            Self::Gap => "gap",
            Self::Concern => "concern",
            Self::Waiver => "waiver",
            Self::Milestone => "milestone",
            Self::Phase => "phase",
            Self::Zone => "zone",
            Self::Report => "report",
            Self::Loop => "loop",
            Self::Project => "project",
            Self::Path => "path",
            Self::Symbol => "symbol",
        }
    }

    /// An id of this kind, for questions.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Change => "CH-010",
            Self::Requirement => "FR-38",
            Self::Workstream => "WS-110",
            Self::Test => "TC-FR44-001",
            Self::Followup => "issue-12",
            Self::Gap => "gap-03",
            Self::Concern => "CN-4",
            Self::Waiver => "WV-2",
            Self::Milestone => "MS-02",
            Self::Phase => "phase 1",
            Self::Zone => "zone-3",
            Self::Report => "governance report",
            Self::Loop => "the loop",
            Self::Project => "the project",
            Self::Path => "services/gateway",
            Self::Symbol => "Parser::parse",
        }
    }
}

impl Target {
    /// A target from its parts.
    #[must_use]
    pub fn new(kind: TargetKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    pub(crate) fn project() -> Self {
        Self::new(TargetKind::Project, "this")
    }

    pub(crate) fn current_loop() -> Self {
        Self::new(TargetKind::Loop, "current")
    }
}

/// What a directive carries beside its gate and its target. What was not said is not there; only a concern's severity
/// is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Args {
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What a new change is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What a follow-up is answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The last day (its end, UTC) on which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Who it is given to or asked of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Assignee>,
    /// How discovery runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How grave a concern is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What `show` shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
}

/// How discovery runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Lexical.
    Quick,
    /// With parsing and history.
    Deep,
    /// Code without history and documents.
    CodeOnly,
}

impl Mode {
    /// The word, as in JSON and in the canonical form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Deep => "deep",
            Self::CodeOnly => "code-only",
        }
    }
}

/// How grave a concern is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at; what is filled in.
    Warning,
    /// Stops what it is about.
    Critical,
}

impl Severity {
    /// The word, as in JSON and in the canonical form.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}
