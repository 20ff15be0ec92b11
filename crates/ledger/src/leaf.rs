//! One ledger entry.

use crate::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Longest leaf, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

/// A governed act as it is written. Everything is text that a person can read, or a whole number: canonical JSON has no
/// second way to write either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// Version of this form.
    pub v: u32,
    /// The ledger's id.
    pub ledger: String,
    /// Its place in the ledger; the first is 0.
    pub seq: u64,
    /// Milliseconds since 1970, UTC, by the database's clock; never less than the entry before.
    pub at: i64,
    /// What was done, and by whom.
    #[serde(flatten)]
    pub act: Draft,
}

/// A governed act before it has its place in a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// What was done: `gate.approve`.
    pub act: String,
    /// Who did it.
    pub actor: Actor,
    /// Where it was said.
    pub via: Via,
    /// The directive in its one written form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directive: Option<String>,
    /// The change that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// The gate that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The digest of what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The commit that the project stood on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The maturity level that held.
    pub maturity: String,
    /// Hash of the rules that held.
    pub rules: String,
    /// What else belongs to the act: a title, a reason, hashes of artefacts.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub data: Map<String, Value>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// A person's id.
    pub person: String,
    /// The roles that the person had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// Where something was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Via {
    /// `terminal`, `rest`, `slack` or `discord`.
    pub kind: String,
    /// The place within it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The account on the platform: space and user.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// A leaf as its bytes, under its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Canonical JSON.
    pub text: String,
    /// The leaf's hash.
    pub hash: Hash,
}

/// Why an act cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// Longer than [`MAX_BYTES`].
    #[error("a ledger entry of {bytes} bytes; at most {MAX_BYTES} are written")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// It has no canonical form.
    #[error("the ledger entry has no canonical form: {0}")]
    Form(#[source] serde_json::Error),
}

impl Draft {
    /// The act at its place.
    ///
    /// # Errors
    /// When it is too large, or holds a number that canonical JSON cannot write.
    pub fn seal(self, ledger: &str, seq: u64, at: i64) -> Result<Sealed, LeafError> {
        Leaf { v: 1, ledger: ledger.to_owned(), seq, at, act: self }.seal()
    }
}

impl Leaf {
    /// Its bytes and their hash.
    ///
    /// # Errors
    /// As [`Draft::seal`].
    pub fn seal(&self) -> Result<Sealed, LeafError> {
        let text = serde_jcs::to_string(self).map_err(LeafError::Form)?;
        if text.len() > MAX_BYTES {
            return Err(LeafError::TooLarge { bytes: text.len() });
        }
        let hash = Hash::of_leaf(text.as_bytes());
        Ok(Sealed { text, hash })
    }
}
