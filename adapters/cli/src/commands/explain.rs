//! `codexa explain`: all that is known of one thing that an answer names.

use super::stored::{Asked, answer};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::output::Ui;
use clap::Args;
use codexa_discovery::query::{IntentAnswer, ZoneAnswer, intent, zone};

/// What to explain.
#[derive(Debug, Args)]
pub struct Arguments {
    /// An intent as `show intents` prints it, or by its place there: `intent:sessions`, `intent-3`; a zone as `show zones`
    /// does: `zone-4`
    #[arg(value_name = "ID")]
    id: String,
}

answer!(IntentShown, IntentAnswer<'m>, "explain-intent");
answer!(ZoneShown, ZoneAnswer<'m>, "explain-zone");

/// A kind of thing, by how its ids begin.
struct Kind {
    begins: &'static [&'static str],
    explain: fn(&Asked, &Ui, &str) -> Result<(), Failure>,
}

/// What can be explained. To add a kind: a row here, and its answer in `codexa_discovery::query`.
const KINDS: [Kind; 2] = [
    Kind { begins: &["intent:", "intent-"], explain: explain_intent },
    Kind { begins: &["zone-"], explain: explain_zone },
];

pub(super) fn run(arguments: &Arguments, globals: &Globals, ui: &Ui) -> crate::Outcome {
    let asked = Asked::with_remark(globals, ui)?;
    let id = arguments.id.trim();
    let is_of = |kind: &&Kind| kind.begins.iter().any(|begin| id.starts_with(begin));
    let kind = KINDS.iter().find(is_of).ok_or_else(|| unknown_kind(id))?;
    (kind.explain)(&asked, ui, id)?;
    Ok(Exit::Well)
}

fn explain_intent(asked: &Asked, ui: &Ui, id: &str) -> Result<(), Failure> {
    let found = intent(&asked.stored.model, id).map_err(Failure::from)?;
    asked.answer(ui, &IntentShown::new(found))
}

fn explain_zone(asked: &Asked, ui: &Ui, id: &str) -> Result<(), Failure> {
    let found = zone(&asked.stored.model, id).ok_or_else(|| {
        Failure::blocked("ZONE_UNKNOWN", format!("there is no zone `{id}` in this model"))
            .with_help("`codexa show zones` lists them")
    })?;
    asked.answer(ui, &ZoneShown::new(found))
}

fn unknown_kind(id: &str) -> Failure {
    let begins: Vec<String> = KINDS.iter().flat_map(|kind| kind.begins).map(|begin| format!("`{begin}…`")).collect();
    Failure::blocked("EXPLAIN_KIND_UNKNOWN", format!("`{id}` is not the id of something that can be explained"))
        .with_help(format!("an id begins with {}; `codexa show intents` lists some", begins.join(" or ")))
}
