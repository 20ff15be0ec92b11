//! The rules that decisions are made under: maturity, people, and what each gate asks for. People write them on a branch
//! ([`written`]), which proposes them; an act brings them into force, and from then on they are those of the store.

mod source;
mod written;

pub(crate) use source::Source;
pub(crate) use written::Written;

use crate::people::{EVERY_ROLE, People};
use crate::store::StoreError;
use crate::store::rows::{LeafRow, RulesRow};
use codexa_config::settings::Maturity;
use codexa_directive::{Gate, Role};
use codexa_ledger::Hash;
use codexa_project::{ProjectError, ReadError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Most files that a gate covers: its rule stands in ledger entries.
const MAX_COVERS: usize = 100;

/// The rules of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How much governance applies.
    pub maturity: Maturity,
    /// Who the people are.
    pub people: People,
    /// The gates in force, in the order in which a change meets them.
    pub gates: BTreeMap<Gate, GateRule>,
    /// Digest of all of it, as ledger entries name it.
    pub digest: String,
    /// Where they come from.
    pub origin: Origin,
    /// What the digest was taken of, as canonical JSON.
    pub(crate) document: String,
}

/// Rules as they are kept: with what is built in and what settings add, so that neither another version of Codexa nor another
/// work tree makes others of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    maturity: Maturity,
    /// Nobody where nobody is named: then the operator stands alone.
    #[serde(default, skip_serializing_if = "People::is_empty")]
    people: People,
    gates: BTreeMap<Gate, GateRule>,
}

/// Where rules come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The files on disk: nothing is committed yet.
    Disk,
    /// A branch as it stands: what it proposes, and what counts before anything was decided.
    Branch(Head),
    /// The store, which an act brought them into.
    Store {
        /// Where they were written when the act was done.
        head: Head,
        /// When that was.
        at: i64,
        /// The ledger entry of it.
        entry: i64,
    },
}

/// A branch and the commit that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The branch's name.
    pub branch: String,
    /// In hexadecimal digits.
    pub commit: String,
}

impl Origin {
    /// The branch that they were written on.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::Disk => None,
            Self::Branch(head) | Self::Store { head, .. } => Some(head),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.head() {
            Some(head) => head.fmt(f),
            None => f.write_str("the files on disk: nothing is committed yet"),
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:.8}", self.branch, self.commit)
    }
}

/// What a gate asks for. It is frozen when the gate opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRule {
    /// Who may vote: whoever has one of these roles.
    pub roles: Vec<Role>,
    /// How many must approve.
    pub quorum: u32,
    /// Whether each approval must stand for another role.
    pub distinct_roles: bool,
    /// Files of the change's workspace that the gate approves.
    pub covers: Vec<String>,
    /// Hours after which an open gate closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_after_hours: Option<u32>,
    /// Whether a change cannot be approved without it.
    pub required: bool,
}

/// Why there are no rules.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The repository could not be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// From the project's root.
        path: &'static str,
        /// Why.
        source: ReadError,
    },
    /// A file says something that is no rule.
    #[error("{path}: {why}")]
    Invalid {
        /// From the project's root.
        path: &'static str,
        /// What is wrong.
        why: String,
    },
}

/// What rules are read with.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The protected branch, where none is pinned in the store yet; where none is named, the first of `main` and `master`
    /// that is there.
    pub branch: Option<String>,
    /// The maturity that the project's settings give with all that they extend: the stricter of it and the protected
    /// branch's is proposed.
    pub maturity: Maturity,
    /// Who stands alone where nobody is named.
    pub operator: String,
}

impl Rules {
    /// The rules as they are written in a place.
    pub(crate) fn read(source: &Source, reading: &Reading) -> Result<Self, RulesError> {
        let written = Written::read(source)?;
        let maturity = written.maturity.unwrap_or_default().max(reading.maturity);
        let gates = written.gates(maturity)?;
        let kept = Document { maturity, people: written.people, gates };
        let why = |error: serde_json::Error| RulesError::Invalid { path: ".codexa/rules", why: error.to_string() };
        let document = serde_jcs::to_string(&kept).map_err(why)?;
        Ok(Self::of(kept, document, source.origin(), reading))
    }

    fn of(kept: Document, document: String, origin: Origin, reading: &Reading) -> Self {
        let Document { maturity, people, gates } = kept;
        let people = if people.is_empty() { People::sole(&reading.operator) } else { people };
        Self { maturity, people, gates, digest: digest(&document), origin, document }
    }

    /// Whether these differ from those in force: by what is written, or by the branch that proposes the next.
    #[must_use]
    pub fn differ_from(&self, in_force: &Self) -> bool {
        let branch = |rules: &Self| rules.origin.head().map(|head| head.branch.clone());
        self.digest != in_force.digest || branch(self) != branch(in_force)
    }

    /// Whether somebody accepts rules by their role.
    pub(crate) fn has_officers(&self) -> bool {
        self.people.iter().any(|person| person.roles.contains(&Role::Go))
    }

    /// Whether a person may vote for their own change: at M0, where there is nobody else.
    #[must_use]
    pub fn sole_person_decides(&self) -> bool {
        self.maturity == Maturity::M0 && self.people.only().is_some()
    }
}

impl RulesRow {
    pub(crate) fn origin(&self) -> Origin {
        let head = Head { branch: self.branch.clone(), commit: self.commit_id.clone() };
        Origin::Store { head, at: self.at, entry: self.seq }
    }

    /// The rules, where the ledger entry that brought them into force is about these and no others.
    pub(crate) fn rules(self, entry: Option<&LeafRow>, reading: &Reading) -> Result<Rules, StoreError> {
        let unreadable = |why: String| StoreError::Unreadable { what: "rules", why };
        let leaf: Option<Value> = entry.and_then(|leaf| serde_json::from_str(&leaf.leaf).ok());
        let entered = leaf.as_ref().and_then(|leaf| leaf.pointer("/data/rules")).and_then(Value::as_str);
        if entered != Some(&*self.digest) || digest(&self.document) != self.digest {
            return Err(unreadable(format!("they are not those of ledger entry {}", self.seq)));
        }
        let kept = serde_json::from_str(&self.document).map_err(|error| unreadable(error.to_string()))?;
        let origin = self.origin();
        Ok(Rules::of(kept, self.document, origin, reading))
    }
}

fn digest(document: &str) -> String {
    format!("sha256:{}", Hash::of(document.as_bytes()))
}

impl GateRule {
    /// Whether this rule is stricter than the one that a gate opened under: in no respect looser, and in some not the same.
    /// A stricter rule replaces a frozen one; a looser one never.
    #[must_use]
    pub fn replaces(&self, frozen: &Self) -> bool {
        self.is_as_strict_as(frozen) && !frozen.is_as_strict_as(self)
    }

    fn is_as_strict_as(&self, other: &Self) -> bool {
        let hours = |rule: &Self| rule.closes_after_hours.unwrap_or(u32::MAX);
        self.quorum >= other.quorum
            && (self.required || !other.required)
            && (self.distinct_roles || !other.distinct_roles)
            && hours(self) <= hours(other)
            && self.roles.iter().all(|role| other.roles.contains(role))
            && other.covers.iter().all(|path| self.covers.contains(path))
    }

    fn check(&self) -> Result<(), String> {
        let roles = u32::try_from(self.roles.len()).unwrap_or(u32::MAX);
        if self.roles.is_empty() || self.roles.iter().any(|role| self.roles.iter().filter(|r| *r == role).count() > 1) {
            return Err("`roles` names each role that may vote, once".to_owned());
        }
        if self.quorum == 0 || (self.distinct_roles && self.quorum > roles) {
            return Err(format!("a quorum of {} cannot be met by {roles} roles", self.quorum));
        }
        let plain = |path: &String| {
            let part = |part: &str| !part.is_empty() && !part.starts_with('.');
            path.len() <= 200 && path.split('/').all(part) && !path.contains(|c: char| c.is_control() || c == '\\')
        };
        if self.closes_after_hours == Some(0) {
            return Err("`closes_after_hours` is 1 or more: a gate that closes at once is never met".to_owned());
        }
        match self.covers.iter().find(|path| !plain(path)) {
            Some(path) => Err(format!("{path:?} is no file of a workspace")),
            None if self.covers.len() > MAX_COVERS => Err(format!("`covers` names more than {MAX_COVERS} files")),
            None if self.covers.is_empty() => Err("`covers` names no file".to_owned()),
            None => Ok(()),
        }
    }
}

/// Roles in words: `PM or HR`.
#[must_use]
pub fn any_of(roles: &[Role]) -> String {
    let words: Vec<&str> = EVERY_ROLE.iter().filter(|role| roles.contains(role)).map(|role| role.word()).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
