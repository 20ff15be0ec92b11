//! What people write of rules, in three files of a branch. All else in `config.yaml` is not of interest here, so that an edit of
//! it is no change of rules.

use super::source::Source;
use super::{GateRule, RulesError};
use crate::people::{People, PeopleFile};
use codexa_config::settings::Maturity;
use codexa_directive::{Gate, Role};
use serde::Deserialize;
use std::collections::BTreeMap;

const CONFIG: &str = ".codexa/config.yaml";
const PEOPLE: &str = ".codexa/rules/people.yaml";
const GATES: &str = ".codexa/rules/gates.yaml";

/// What people wrote; what is not said stays as it is built in.
#[derive(Debug)]
pub(crate) struct Written {
    pub maturity: Option<Maturity>,
    pub people: People,
    gates: BTreeMap<Gate, WrittenGate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGate {
    roles: Option<Vec<Role>>,
    quorum: Option<u32>,
    distinct_roles: Option<bool>,
    covers: Option<Vec<String>>,
    closes_after_hours: Option<u32>,
    required: Option<bool>,
}

/// `config.yaml`, of which the maturity counts.
#[derive(Debug, Default, Deserialize)]
struct ConfigFile {
    maturity: Option<Maturity>,
}

/// `.codexa/rules/gates.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GatesFile {
    version: u32,
    #[serde(default)]
    gates: BTreeMap<Gate, WrittenGate>,
}

impl Written {
    /// Reads what is written in a place.
    pub fn read(source: &Source) -> Result<Self, RulesError> {
        let maturity = source.read::<ConfigFile>(CONFIG)?.unwrap_or_default().maturity;
        let people = match source.read::<PeopleFile>(PEOPLE)? {
            Some(file) => People::try_from(file).map_err(|why| RulesError::Invalid { path: PEOPLE, why })?,
            None => People::default(),
        };
        let gates = match source.read::<GatesFile>(GATES)? {
            Some(file) if file.version != 1 => {
                return Err(in_gates(format!("version {} is not known; write 1", file.version)));
            }
            Some(file) => file.gates,
            None => BTreeMap::new(),
        };
        Ok(Self { maturity, people, gates })
    }

    /// The gates: those built in for the maturity, as `gates.yaml` changes them.
    pub fn gates(&self, maturity: Maturity) -> Result<BTreeMap<Gate, GateRule>, RulesError> {
        let mut gates = built_in(maturity);
        for (gate, said) in &self.gates {
            let rule = said.over(gates.remove(gate));
            let lacks = || in_gates(format!("{gate} is not built in: it needs `roles`, `quorum` and `covers`"));
            let rule = rule.ok_or_else(lacks)?;
            rule.check().map_err(|why| in_gates(format!("{gate}: {why}")))?;
            gates.insert(*gate, rule);
        }
        Ok(gates)
    }
}

impl WrittenGate {
    /// What is said, and for the rest what is built in; `None` where that is not enough.
    fn over(&self, base: Option<GateRule>) -> Option<GateRule> {
        let base = base.as_ref();
        Some(GateRule {
            roles: self.roles.as_ref().or(base.map(|base| &base.roles))?.clone(),
            quorum: self.quorum.or(base.map(|base| base.quorum))?,
            distinct_roles: self.distinct_roles.or(base.map(|base| base.distinct_roles)).unwrap_or(true),
            covers: self.covers.as_ref().or(base.map(|base| &base.covers))?.clone(),
            closes_after_hours: self.closes_after_hours.or_else(|| base?.closes_after_hours),
            required: self.required.or(base.map(|base| base.required)).unwrap_or(true),
        })
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

fn in_gates(why: String) -> RulesError {
    RulesError::Invalid { path: GATES, why }
}
