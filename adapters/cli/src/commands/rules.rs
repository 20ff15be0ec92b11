//! `codexa rules`: the rules that decisions are made under, and the branch that they come from.

use crate::cli::Globals;
use crate::failure::Exit;
use crate::house::{host, run_async};
use crate::output::{Page, Report, Ui};
use clap::{Args, Subcommand};
use codexa_governance::rules::{GateRule, Rules, any_of};
use serde::Serialize;
use std::collections::BTreeMap;

/// What to do about rules.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the rules that count now: maturity, people and gates
    Show,
    /// Let the rules of another branch count, at the store's host
    Branch(Branch),
}

/// Which branch.
#[derive(Debug, Args)]
pub struct Branch {
    /// A local branch
    #[arg(value_name = "NAME")]
    name: String,
}

#[derive(Serialize)]
struct Shown {
    maturity: String,
    origin: String,
    /// The branch that the ledger pins; none before the first act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<String>,
    digest: String,
    people: BTreeMap<String, Vec<String>>,
    gates: BTreeMap<String, GateRule>,
}

impl Shown {
    fn new(rules: &Rules, pinned: Option<String>) -> Self {
        let roles = |roles: &[codexa_directive::Role]| roles.iter().map(|role| role.word().to_owned()).collect();
        Self {
            maturity: rules.maturity.to_string(),
            origin: rules.origin.clone(),
            pinned,
            digest: rules.digest(),
            people: rules.people.iter().map(|person| (person.id.clone(), roles(&person.roles))).collect(),
            gates: rules.gates.iter().map(|(gate, rule)| (gate.word().to_owned(), rule.clone())).collect(),
        }
    }
}

impl Report for Shown {
    const NAME: &'static str = "rules-show";

    fn page(&self, page: &mut Page) {
        let row = |name: &str, value: String| [name.to_owned(), value];
        let pinned = match &self.pinned {
            Some(branch) => format!("{branch}, by the ledger; `codexa rules branch NAME` changes it"),
            None => "none yet; the first act pins it".to_owned(),
        };
        page.rows(&[
            row("maturity", self.maturity.clone()),
            row("rules of", self.origin.clone()),
            row("pinned", pinned),
            row("digest", self.digest.clone()),
        ]);
        page.blank();
        let people = self.people.iter().map(|(person, roles)| [format!("@{person}"), roles.join(" ")]);
        page.rows(&people.collect::<Vec<_>>());
        page.blank();
        page.rows(&self.gates.iter().map(|(gate, rule)| row(gate, said(rule))).collect::<Vec<_>>());
    }
}

/// A gate's rule in words.
fn said(rule: &GateRule) -> String {
    let distinct = if rule.distinct_roles && rule.quorum > 1 { ", each as another role" } else { "" };
    let closes = rule.closes_after_hours.map(|hours| format!("; {hours} hours")).unwrap_or_default();
    let optional = if rule.required { "" } else { "; not required" };
    format!("{} of {}{distinct}: {}{closes}{optional}", rule.quorum, any_of(&rule.roles), rule.covers.join(", "))
}

#[derive(Serialize)]
struct Changed {
    branch: String,
    entry: i64,
}

impl Report for Changed {
    const NAME: &'static str = "rules-branch";

    fn page(&self, page: &mut Page) {
        page.line(&format!("the rules of {} count now; ledger entry {}", self.branch, self.entry));
    }
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match command {
        Command::Show => {
            let (rules, pinned) = run_async(async {
                let governance = host(globals).await?;
                Ok((governance.rules_now().await?, governance.branch().await?))
            })?;
            ui.answer(&Shown::new(&rules, pinned))?;
        }
        Command::Branch(Branch { name }) => {
            let entry = run_async(async { Ok(host(globals).await?.protect(name).await?) })?;
            ui.answer(&Changed { branch: name.clone(), entry: entry.sequence })?;
        }
    }
    Ok(Exit::Well)
}
