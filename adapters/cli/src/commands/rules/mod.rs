//! `codexa rules`: the rules that decisions are made under, and what their branch proposes in their place.

mod accept;
mod show;

use crate::cli::Globals;
use crate::output::Ui;
use clap::{Args, Subcommand};
use codexa_directive::Role;
use codexa_governance::people::Person;
use codexa_governance::rules::{GateRule, any_of};

/// What to do about rules.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the rules in force, and whether their branch proposes others
    Show,
    /// Let the rules that their branch proposes come into force
    Accept(Confirmed),
    /// Let the rules of another branch come into force, and that branch propose the next
    Branch(Branch),
}

/// Which branch.
#[derive(Debug, Args)]
pub struct Branch {
    /// A local branch
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    confirmed: Confirmed,
}

/// What was looked at.
#[derive(Debug, Args)]
pub struct Confirmed {
    /// Accept without asking what has this digest [default: ask at a terminal]
    #[arg(long, value_name = "DIGEST")]
    confirm: Option<String>,
}

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    match command {
        Command::Show => show::run(globals, ui),
        Command::Accept(confirmed) => accept::run(None, confirmed, globals, ui),
        Command::Branch(Branch { name, confirmed }) => accept::run(Some(name), confirmed, globals, ui),
    }
}

/// The words of roles.
fn roles(person: &Person) -> Vec<String> {
    person.roles.iter().map(|role: &Role| role.word().to_owned()).collect()
}

/// A gate's rule in words.
fn said(rule: &GateRule) -> String {
    let distinct = if rule.distinct_roles && rule.quorum > 1 { ", each as another role" } else { "" };
    let closes = rule.closes_after_hours.map(|hours| format!("; {hours} hours")).unwrap_or_default();
    let optional = if rule.required { "" } else { "; not required" };
    format!("{} of {}{distinct}: {}{closes}{optional}", rule.quorum, any_of(&rule.roles), rule.covers.join(", "))
}
