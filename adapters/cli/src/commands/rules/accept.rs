//! `codexa rules accept` and `codexa rules branch`: what a branch proposes is looked at, and comes into force.

use super::{Confirmed, roles, said};
use crate::cli::Globals;
use crate::commands::ask::{agreed, can_ask};
use crate::failure::{Exit, Failure};
use crate::house::{host_for, run_async};
use crate::output::{Page, Report, Ui};
use codexa_discovery::projections::quoted;
use codexa_governance::acceptance::Proposal;
use codexa_governance::rules::{Head, Rules};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Serialize)]
struct Answer {
    branch: String,
    commit: String,
    /// What confirms it.
    digest: String,
    /// What would be otherwise, or is now.
    changes: Vec<Change>,
    /// The ledger entry; absent where nothing was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<i64>,
    /// Whether somebody at the terminal has seen it, and did not agree.
    #[serde(skip)]
    is_seen: bool,
    /// The command that accepts it, where nobody is asked.
    #[serde(skip)]
    next: Option<String>,
}

/// What is said of a person, of a gate or of the maturity, before and after.
#[derive(Serialize)]
struct Change {
    of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl Answer {
    fn new(proposal: &Proposal) -> Self {
        let Head { branch, commit } = proposal.head.clone();
        let before = proposal.before.as_deref().map(sayings).unwrap_or_default();
        let changes = changes(&before, &sayings(&proposal.after));
        Self { branch, commit, digest: proposal.after.digest.clone(), changes, entry: None, is_seen: false, next: None }
    }
}

impl Report for Answer {
    const NAME: &'static str = "rules-accept";

    fn page(&self, page: &mut Page) {
        let head = format!("{} at {:.8}", self.branch, self.commit);
        if let Some(entry) = self.entry {
            return page.line(&format!("the rules of {head} count now; ledger entry {entry}"));
        }
        if self.is_seen {
            page.line("nothing came into force");
        } else {
            page.heading("rules", &format!("as {head} proposes them"), "");
            if self.changes.is_empty() {
                page.line("  What holds stays the same: it is written on another branch.");
            }
            page.rows(&self.changes.iter().flat_map(Change::rows).collect::<Vec<_>>());
            page.blank();
            page.rows(&[["digest".to_owned(), self.digest.clone()]]);
        }
        if let Some(next) = &self.next {
            page.blank();
            page.next(next);
        }
    }
}

impl Change {
    fn rows(&self) -> Vec<[String; 3]> {
        let row = |of: &str, when: &str, said: &String| [of.to_owned(), when.to_owned(), said.clone()];
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => vec![row(&self.of, "was", before), row("", "becomes", after)],
            (None, Some(after)) => vec![row(&self.of, "is new", after)],
            (Some(before), None) => vec![row(&self.of, "goes", before)],
            (None, None) => Vec::new(),
        }
    }
}

/// The same under the name of the other command.
#[derive(Serialize)]
#[serde(transparent)]
struct Branched(Answer);

impl Report for Branched {
    const NAME: &'static str = "rules-branch";

    fn page(&self, page: &mut Page) {
        self.0.page(page);
    }
}

pub(super) fn run(branch: Option<&str>, confirmed: &Confirmed, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let answer = run_async(answered(branch, confirmed, globals, ui))?;
    let exit = if answer.entry.is_some() { Exit::Well } else { Exit::Findings };
    match branch {
        Some(_) => ui.answer(&Branched(answer))?,
        None => ui.answer(&answer)?,
    }
    Ok(exit)
}

/// What is accepted has been seen: at a terminal, or by who names its digest.
async fn answered(branch: Option<&str>, confirmed: &Confirmed, globals: &Globals, ui: &Ui) -> Result<Answer, Failure> {
    let (governance, token) = host_for(globals).await?;
    let mut answer = Answer::new(&governance.proposal(branch).await?);
    let digest = match &confirmed.confirm {
        Some(digest) => digest.clone(),
        None if asked(&mut answer, branch, ui)? => answer.digest.clone(),
        None => return Ok(answer),
    };
    answer.entry = Some(governance.accept(token.expose(), branch, &digest).await?.sequence);
    Ok(answer)
}

/// Whether somebody at the terminal agrees; where they do not, or nobody is there, the answer says how it is done.
fn asked(answer: &mut Answer, branch: Option<&str>, ui: &Ui) -> Result<bool, Failure> {
    if can_ask(ui) {
        ui.aside(answer);
        if agreed("Let these rules come into force")? {
            return Ok(true);
        }
        answer.is_seen = true;
    }
    let command = branch.map_or("accept".to_owned(), |branch| format!("branch {}", quoted(branch)));
    answer.next = Some(format!("codexa rules {command} --confirm {}", answer.digest));
    Ok(false)
}

/// What a person reads of rules, by what it is about.
fn sayings(rules: &Rules) -> BTreeMap<String, String> {
    let maturity = [("maturity".to_owned(), rules.maturity.to_string())];
    let people = rules.people.iter().map(|person| {
        let name = person.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let roles = if person.roles.is_empty() { "no role".to_owned() } else { roles(person).join(" ") };
        (format!("@{}", person.id), roles + &name)
    });
    let gates = rules.gates.iter().map(|(gate, rule)| (gate.word().to_owned(), said(rule)));
    maturity.into_iter().chain(people).chain(gates).collect()
}

fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Change> {
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differ = all.into_iter().filter(|of| before.get(*of) != after.get(*of));
    differ.map(|of| Change { of: of.clone(), before: before.get(of).cloned(), after: after.get(of).cloned() }).collect()
}
