//! Words in, answers out.

use crate::{Card, Change, Covered, Job};
use codexa_directive::{Directive, Interpretation, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account on a chat platform, for which an adapter speaks. A user's id counts only within its space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// `slack` or `discord`.
    pub platform: String,
    /// Slack's workspace or Discord's guild.
    pub space: String,
    /// The platform's id of the user.
    pub user: String,
    /// What the platform calls the user: shown to people, never compared.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// Where something was said. That it was at a terminal, over HTTP or on which platform is not said: the way in tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Channel {
    /// The place within a platform: a channel's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// A link to the message.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub link: String,
}

/// `POST /v1/interpret`: words, to be read and not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterpretRequest {
    /// The message, as one would write it in chat.
    #[schema(example = "approve design for CH-001")]
    pub words: String,
}

/// `POST /v1/directives`: words to be carried out, or the confirmation of an earlier answer.
///
/// A deciding directive without `digest` is answered with what it is about and a nonce, and nothing is done; a second
/// request with that nonce as `confirm` carries it out. `words` may then be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DirectiveRequest {
    /// The message, as one would write it in chat.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(example = "approve design for CH-001")]
    pub words: String,
    /// The nonce of an earlier answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// The digest of what is decided about: what a button carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whose words these are, where an adapter passes them on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// Where they were said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The names and platform ids that mean Codexa in these words, without `@`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<String>,
}

/// What words were read as: the document of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// `directive`, `clarify`, `refused` or `none`.
    #[schema(value_type = String, example = "directive")]
    pub outcome: Outcome,
    /// The directive: `verb`, `gate`, `target` with `kind` and `id`, `args`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub directive: Option<Directive>,
    /// The directive in its one written form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "approve design for CH-001")]
    pub canonical: Option<String>,
    /// What Codexa asks back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What could be said instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Why nothing was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<Interpretation> for Said {
    fn from(read: Interpretation) -> Self {
        let Interpretation { outcome, directive, canonical, question, options, reason } = read;
        Self { outcome, directive, canonical, question, options, reason }
    }
}

/// `POST /v1/directives`: what the words were read as, and what came of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// What the words were read as.
    #[serde(flatten)]
    pub said: Said,
    /// The answer in a sentence, with the next step; empty where the question or reason says it all.
    #[serde(default)]
    pub says: String,
    /// Longer text for people, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// What has to be confirmed; nothing was done yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirm>,
    /// The gate that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The change that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The newest changes, as lists have them, where that was asked; `says` tells of how many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The work that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Job>,
    /// The report that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// The ledger entry of what was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

/// What a deciding directive is about, and how it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Confirm {
    /// The digest of what is decided about.
    pub digest: String,
    /// To be sent back as `confirm`, once.
    pub nonce: String,
    /// When the nonce ends.
    pub expires_at: i64,
    /// What the digest covers.
    pub covers: Vec<Covered>,
    /// What would be done, in words.
    pub summary: String,
}

/// A report, or what still blocks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// `governance`
    pub name: String,
    /// Whether it is published.
    pub published: bool,
    /// What still blocks it; the last says how many more there are where they are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<String>,
    /// The report as Markdown; the last line says what was left out where it is long.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The digest of all of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// A ledger entry, by its place and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Its place: the first is 0.
    pub sequence: i64,
    /// Its RFC 6962 leaf hash, in hexadecimal digits.
    pub hash: String,
}
