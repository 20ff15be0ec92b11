//! The rules that hold: maturity, people, and what each gate asks for. They count only as the protected branch has them.

use crate::people::{EVERY_ROLE, People, PeopleFile};
use codexa_config::settings::Maturity;
use codexa_config::yaml;
use codexa_directive::{Gate, Role};
use codexa_ledger::Hash;
use codexa_project::{ObjectId, Project, ProjectError, ReadError, Reader};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Branches that are protected where nobody names one: the first that is there.
const PROTECTED: [&str; 2] = ["main", "master"];

/// Most files that a gate covers: its rule stands in ledger entries.
const MAX_COVERS: usize = 100;

/// Longest file of rules.
const MAX_BYTES: u64 = 256 << 10;

/// The rules of a project at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rules {
    /// How much governance applies.
    pub maturity: Maturity,
    /// Who the people are.
    pub people: People,
    /// The gates in force, in the order in which a change meets them.
    pub gates: BTreeMap<Gate, GateRule>,
    /// The branch that they come from; `None` where nothing is committed yet. Not part of their hash.
    #[serde(skip)]
    pub branch: Option<String>,
    /// Where they come from, in words. Not part of their hash.
    #[serde(skip)]
    pub origin: String,
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

/// `.codexa/rules/gates.yaml`, as people write it; what is not said stays as it is built in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GatesFile {
    version: u32,
    #[serde(default)]
    gates: BTreeMap<Gate, GateFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GateFile {
    roles: Option<Vec<Role>>,
    quorum: Option<u32>,
    distinct_roles: Option<bool>,
    covers: Option<Vec<String>>,
    closes_after_hours: Option<u32>,
    required: Option<bool>,
}

/// What `config.yaml` says about rules; the rest of it is not of interest here.
#[derive(Debug, Default, Deserialize)]
struct ConfigFile {
    maturity: Option<Maturity>,
}

/// Why there are no rules: nothing can be decided until this is mended.
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
    /// branch's holds.
    pub maturity: Maturity,
    /// Who stands alone where nobody is named.
    pub operator: String,
}

impl Rules {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file cannot be read or says something that is no rule.
    pub(crate) fn read(source: &Source, reading: &Reading) -> Result<Self, RulesError> {
        let config: ConfigFile = read(&source.reader, ".codexa/config.yaml")?.unwrap_or_default();
        let maturity = config.maturity.unwrap_or_default().max(reading.maturity);
        let people = match read::<PeopleFile>(&source.reader, PEOPLE)? {
            Some(file) => People::try_from(file).map_err(|why| RulesError::Invalid { path: PEOPLE, why })?,
            None => People::default(),
        };
        let people = if people.is_empty() { People::sole(&reading.operator) } else { people };
        let gates = gates(maturity, read(&source.reader, GATES)?)?;
        let branch = source.branch().map(|(branch, _)| branch.to_owned());
        Ok(Self { maturity, people, gates, branch, origin: source.origin() })
    }

    /// Whether a person may vote for their own change: at M0, where there is nobody else.
    #[must_use]
    pub fn sole_person_decides(&self) -> bool {
        self.maturity == Maturity::M0 && self.people.only().is_some()
    }

    /// Hash of the rules, as ledger entries name it.
    #[must_use]
    pub fn digest(&self) -> String {
        let text = serde_jcs::to_string(self).unwrap_or_default();
        format!("sha256:{}", Hash::of(text.as_bytes()))
    }
}

const PEOPLE: &str = ".codexa/rules/people.yaml";
const GATES: &str = ".codexa/rules/gates.yaml";

/// Where rules are read from: the protected branch, or the files on disk while nothing is committed.
pub(crate) struct Source {
    reader: Reader,
    branch: Option<(String, ObjectId)>,
}

impl Source {
    /// Finds the branch that is named; where none is, the first of those that are protected everywhere.
    pub fn find(project: &Project, named: Option<&str>) -> Result<Self, RulesError> {
        for branch in named.into_iter().chain(PROTECTED.into_iter().filter(|_| named.is_none())) {
            if let Some((commit, reader)) = project.reader_of_branch(branch)? {
                return Ok(Self { reader, branch: Some((branch.to_owned(), commit)) });
            }
        }
        let invalid = |why: String| RulesError::Invalid { path: ".codexa/rules", why };
        if let Some(branch) = named {
            let why = format!("the protected branch `{branch}` is not there; `codexa rules branch NAME` names another");
            return Err(invalid(why));
        }
        if project.head()?.is_some_and(|head| head.commit.is_some()) {
            let why = "neither `main` nor `master` is there: name `governance.protected_branch` in .codexa/config.yaml";
            return Err(invalid(why.to_owned()));
        }
        Ok(Self { reader: project.reader()?, branch: None })
    }

    /// The branch, and the commit that it stands on.
    pub fn branch(&self) -> Option<(&str, ObjectId)> {
        self.branch.as_ref().map(|(name, commit)| (name.as_str(), *commit))
    }

    /// Where it is, in words.
    fn origin(&self) -> String {
        match self.branch() {
            Some((branch, commit)) => format!("{branch} at {}", commit.to_hex_with_len(8)),
            None => "the files on disk: nothing is committed yet".to_owned(),
        }
    }
}

/// A file of rules; `None` where there is none.
fn read<T: DeserializeOwned>(source: &Reader, path: &'static str) -> Result<Option<T>, RulesError> {
    let bytes = match source.read(path, MAX_BYTES) {
        Ok(content) => content.bytes,
        Err(ReadError::Missing) => return Ok(None),
        Err(source) => return Err(RulesError::Read { path, source }),
    };
    let invalid = |why: String| RulesError::Invalid { path, why };
    let text = String::from_utf8(bytes).map_err(|_| invalid("not UTF-8".to_owned()))?;
    let node = yaml::parse(&text, yaml::Budget::SETTINGS).map_err(|error| invalid(error.to_string()))?;
    if node.is_null() {
        return Ok(None);
    }
    serde_json::from_value(node.to_json()).map(Some).map_err(|error| invalid(error.to_string()))
}

/// The gates in force: those built in for the maturity, as `gates.yaml` changes them.
fn gates(maturity: Maturity, file: Option<GatesFile>) -> Result<BTreeMap<Gate, GateRule>, RulesError> {
    let invalid = |why: String| RulesError::Invalid { path: GATES, why };
    let mut gates = built_in(maturity);
    let Some(file) = file else { return Ok(gates) };
    if file.version != 1 {
        return Err(invalid(format!("version {} is not known; write 1", file.version)));
    }
    for (gate, said) in file.gates {
        let rule = merged(gates.remove(&gate), said)
            .ok_or_else(|| invalid(format!("{gate} is not built in: it needs `roles`, `quorum` and `covers`")))?;
        rule.check().map_err(|why| invalid(format!("{gate}: {why}")))?;
        gates.insert(gate, rule);
    }
    Ok(gates)
}

fn merged(base: Option<GateRule>, said: GateFile) -> Option<GateRule> {
    let base = base.as_ref();
    Some(GateRule {
        roles: said.roles.or_else(|| Some(base?.roles.clone()))?,
        quorum: said.quorum.or_else(|| Some(base?.quorum))?,
        distinct_roles: said.distinct_roles.or_else(|| Some(base?.distinct_roles)).unwrap_or(true),
        covers: said.covers.or_else(|| Some(base?.covers.clone()))?,
        closes_after_hours: said.closes_after_hours.or_else(|| base?.closes_after_hours),
        required: said.required.or_else(|| Some(base?.required)).unwrap_or(true),
    })
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

/// What holds where nobody says otherwise.
fn built_in(maturity: Maturity) -> BTreeMap<Gate, GateRule> {
    let beta = maturity >= Maturity::M1;
    let rule = |roles: &[Role], quorum, covers: &[&str], hours, required| GateRule {
        roles: roles.to_vec(),
        quorum,
        distinct_roles: true,
        covers: covers.iter().map(|path| (*path).to_owned()).collect(),
        closes_after_hours: hours,
        required,
    };
    let design = if beta { 2 } else { 1 };
    BTreeMap::from([
        (Gate::Scope, rule(&[Role::Pm, Role::Ra], 1, &["spec.md"], None, true)),
        (Gate::Design, rule(&[Role::Go, Role::Pm, Role::Hr], design, &["spec.md", "plan.md"], Some(72), beta)),
        (Gate::Test, rule(&[Role::Qa, Role::Tqa], 1, &["tasks.md", "evidence.json"], Some(72), beta)),
    ])
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
