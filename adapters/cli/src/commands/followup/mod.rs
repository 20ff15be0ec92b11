//! `codexa followup …`: answers to what discovery asks.

pub(super) mod list;

use super::stored::project;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::house::operator;
use crate::output::{Page, Report, Ui};
use clap::{Args, Subcommand};
use codexa_discovery::annotate::{Answered, Order, answer};
use codexa_discovery::followups::stated_words;
use codexa_model::annotations::{Answer, Decision};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::time::Duration;

/// What to do about a follow-up.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer it; what the answer says of the code holds from the next run on
    Accept(Accept),
    /// Put it off: it is asked again by a run on a commit that is newer than the day
    Defer(Defer),
    /// Do not ask it again
    Dismiss(Dismiss),
    /// Say who is to answer it
    Assign(Assign),
}

/// An answer.
#[derive(Debug, Args)]
pub struct Accept {
    #[command(flatten)]
    of: Of,
    /// The answer, as `codexa followups` says which fit; without it, what the question suspects is so
    #[arg(long, value_name = "ANSWER")]
    text: Option<String>,
}

/// Until when.
#[derive(Debug, Args)]
pub struct Defer {
    #[command(flatten)]
    of: Of,
    /// The last day on which it is not asked: 2027-01-31
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// Nothing but why.
#[derive(Debug, Args)]
pub struct Dismiss {
    #[command(flatten)]
    of: Of,
}

/// Who.
#[derive(Debug, Args)]
pub struct Assign {
    #[command(flatten)]
    of: Of,
    /// Who is to answer it: @sam, or a role
    #[arg(long, value_name = "PERSON")]
    to: String,
}

/// Which follow-up, and why.
#[derive(Debug, Args)]
pub struct Of {
    /// Its id: issue-12
    #[arg(value_name = "ID")]
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// How long another run in the same project is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn run(command: &Command, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let options = globals.options()?;
    let project = project(&options)?;
    let order = Order { by: Some(format!("@{}", operator(&options))), ..order(command)? };
    let answered = answer(&project, &order, PATIENCE)?;
    ui.answer(&Written::of(answered))?;
    Ok(Exit::Well)
}

fn order(command: &Command) -> Result<Order, Failure> {
    let (of, decision) = match command {
        Command::Accept(accept) => (&accept.of, Decision::Accept),
        Command::Defer(defer) => (&defer.of, Decision::Defer),
        Command::Dismiss(dismiss) => (&dismiss.of, Decision::Dismiss),
        Command::Assign(assign) => (&assign.of, Decision::Assign),
    };
    let now = Timestamp::now().round(jiff::Unit::Second).unwrap_or_default();
    let mut order = Order {
        followup: of.id.clone(),
        decision,
        by: None,
        at: Some(now.to_string()),
        until: None,
        to: None,
        text: None,
        reason: of.reason.clone(),
    };
    match command {
        Command::Accept(accept) => order.text.clone_from(&accept.text),
        Command::Defer(defer) => order.until = Some(future(defer.until, now)?.to_string()),
        Command::Dismiss(_) => {}
        Command::Assign(assign) => order.to = Some(assign.to.clone()),
    }
    Ok(order)
}

/// A day that is not over anywhere.
fn future(day: Date, now: Timestamp) -> Result<Date, Failure> {
    let yesterday = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now).to_zoned(TimeZone::UTC).date();
    if day >= yesterday {
        return Ok(day);
    }
    Err(Failure::blocked("FOLLOWUP_PAST", format!("{day} is over")).with_help("name a day to come"))
}

/// What was written down.
#[derive(Serialize)]
struct Written {
    #[serde(flatten)]
    answer: Answer,
    written: bool,
}

impl Written {
    fn of(answered: Answered) -> Self {
        Self { answer: answered.answer, written: answered.written }
    }
}

impl Report for Written {
    const NAME: &'static str = "followup";

    fn page(&self, page: &mut Page) {
        let Answer { followup, about, decision, until, to, text, reason, states, .. } = &self.answer;
        let state =
            if self.written { "written to .codexa/annotations.yaml" } else { "said already; nothing was written" };
        page.heading(followup, about, decision.word());
        page.blank();
        let row = |name: &str, value: &Option<String>| value.as_ref().map(|value| [name.to_owned(), value.clone()]);
        let said = [("answer", text), ("because", reason), ("until", until), ("to", to)];
        let mut rows: Vec<[String; 2]> = said.into_iter().filter_map(|(name, value)| row(name, value)).collect();
        let states = states.as_ref().map(stated_words).unwrap_or_default();
        rows.extend(
            states.into_iter().map(|(what, is)| ["states".to_owned(), format!("{}: {is}", what.replace('_', " "))]),
        );
        rows.push(["".to_owned(), state.to_owned()]);
        page.rows(&rows);
        page.blank();
        page.next("codexa discover");
    }
}
