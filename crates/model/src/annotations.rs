//! `.codexa/annotations.yaml`: what people answered to Codexa's questions. Codexa appends to it, people may edit it, and the next
//! run of discovery goes by it.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

/// `schema:` of `annotations.yaml`.
pub const ANNOTATIONS: &str = "codexa/annotations@1";

/// Most answers that a file may hold.
pub const MOST_ANSWERS: usize = 2_000;

/// What people answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Codexa annotations")]
pub struct Annotations {
    /// `codexa/annotations@1`.
    #[serde(default = "this_schema")]
    #[schemars(regex(pattern = "^codexa/annotations@1$"), example = "codexa/annotations@1")]
    pub schema: String,
    /// Oldest first: of several for one follow-up, the last holds.
    #[serde(default)]
    #[schemars(extend("maxItems" = MOST_ANSWERS))]
    pub answers: Vec<Answer>,
}

fn this_schema() -> String {
    ANNOTATIONS.to_owned()
}

/// One answer to one follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The follow-up's id.
    #[schemars(regex(pattern = "^issue-[1-9][0-9]{0,5}$"), example = "issue-12")]
    pub followup: String,
    /// What the follow-up is about: its kind and its subject, as `ids.yaml` has it. It decides where ids were lost.
    pub about: String,
    /// What was decided.
    pub decision: Decision,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Of a deferred one: the last day on which it is not asked, seen from the time of the commit that a run stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), example = "2027-01-15")]
    pub until: Option<String>,
    /// Of an assigned one: who is to answer it (`@sam`, or a role).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The answer in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the answer says of the code; it holds in the model from the next run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<Statement>,
}

/// What was decided about a follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is answered.
    Accept,
    /// It is to be asked again later.
    Defer,
    /// It is not worth an answer.
    Dismiss,
    /// Somebody is to answer it.
    Assign,
}

impl Decision {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Defer => "defer",
            Self::Dismiss => "dismiss",
            Self::Assign => "assign",
        }
    }
}

/// What an answer says of the code that its follow-up is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether control comes in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<bool>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// Whether nobody needs it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<bool>,
    /// Files whose main starts the system, of several in one folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<String>,
}

impl Statement {
    /// Whether it says anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The JSON Schema of the file.
#[must_use]
pub fn schema() -> Schema {
    schemars::schema_for!(Annotations)
}
