//! `codexa rules show`.

use super::{roles, said};
use crate::cli::Globals;
use crate::failure::Exit;
use crate::house::{host, run_async};
use crate::output::{Page, Report, Ui, decisions};
use codexa_governance::rules::{GateRule, Origin, Rules};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Shown {
    maturity: String,
    /// Where they were written, in words.
    origin: String,
    #[serde(flatten)]
    accepted: Option<Accepted>,
    digest: String,
    people: BTreeMap<String, Vec<String>>,
    gates: BTreeMap<String, GateRule>,
    /// Other rules that their branch proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<Proposed>,
}

/// How they came into force; absent where nothing was decided under them yet.
#[derive(Serialize)]
struct Accepted {
    /// The branch that the ledger pins.
    pinned: String,
    commit: String,
    at: i64,
    entry: i64,
}

#[derive(Serialize)]
struct Proposed {
    branch: String,
    commit: String,
    digest: String,
}

impl Shown {
    fn new(rules: &Rules, proposed: Option<&Rules>) -> Self {
        let accepted = match &rules.origin {
            Origin::Store { head, at, entry } => {
                Some(Accepted { pinned: head.branch.clone(), commit: head.commit.clone(), at: *at, entry: *entry })
            }
            Origin::Disk | Origin::Branch(_) => None,
        };
        let other = |proposed: &Rules| {
            let head = proposed.origin.head().filter(|_| proposed.differ_from(rules))?.clone();
            Some(Proposed { branch: head.branch, commit: head.commit, digest: proposed.digest.clone() })
        };
        Self {
            maturity: rules.maturity.to_string(),
            origin: rules.origin.to_string(),
            accepted,
            digest: rules.digest.clone(),
            people: rules.people.iter().map(|person| (person.id.clone(), roles(person))).collect(),
            gates: rules.gates.iter().map(|(gate, rule)| (gate.word().to_owned(), rule.clone())).collect(),
            proposed: proposed.and_then(other),
        }
    }
}

impl Report for Shown {
    const NAME: &'static str = "rules-show";

    fn page(&self, page: &mut Page) {
        let row = |name: &str, value: String| [name.to_owned(), value];
        let since = match &self.accepted {
            Some(accepted) => format!("{}, by ledger entry {}", decisions::day(accepted.at), accepted.entry),
            None => "no act yet: the first takes them as they are written then".to_owned(),
        };
        page.rows(&[
            row("maturity", self.maturity.clone()),
            row("rules of", self.origin.clone()),
            row("since", since),
            row("digest", self.digest.clone()),
        ]);
        page.blank();
        let people = self.people.iter().map(|(person, roles)| [format!("@{person}"), roles.join(" ")]);
        page.rows(&people.collect::<Vec<_>>());
        page.blank();
        page.rows(&self.gates.iter().map(|(gate, rule)| row(gate, said(rule))).collect::<Vec<_>>());
        if let Some(Proposed { branch, commit, .. }) = &self.proposed {
            page.blank();
            page.line(&format!("{branch} at {commit:.8} proposes others: codexa rules accept"));
        }
    }
}

pub(super) fn run(globals: &Globals, ui: &Ui) -> crate::Outcome {
    let (rules, proposed) = run_async(async {
        let governance = host(globals).await?;
        Ok((governance.rules_now().await?, governance.proposed(None).await))
    })?;
    ui.answer(&Shown::new(&rules, proposed.as_deref().ok()))?;
    // What is in force holds whatever became of its branch.
    if let Err(refusal) = proposed {
        ui.remark(&format!("what is proposed cannot be told: {}", refusal.message));
    }
    Ok(Exit::Well)
}
