//! What came of words.

use super::{card, count, job};
use crate::incoming::Press;
use crate::message::{Block, Button, Message, Style};
use codexa_api::{Answer, Change, Confirm, Report, Said};
use codexa_directive::Outcome;

/// As many options are buttons; more of them are a list.
const BUTTONS: usize = 5;

/// A longer option does not fit on a button.
const LABEL: usize = 60;

/// The answer.
#[must_use]
pub fn render(answer: &Answer) -> Message {
    let mut blocks: Vec<Block> = match answer.said.outcome {
        Outcome::Clarify => question(&answer.said),
        Outcome::Refused | Outcome::None => answer.said.reason.clone().map(Block::Text).into_iter().collect(),
        Outcome::Directive => Vec::new(),
    };
    // A card says what it is about; the sentence would stand above it and say the same.
    let asked = answer.confirm.is_some() && answer.card.is_some();
    if !answer.says.is_empty() && !asked {
        blocks.push(Block::Text(answer.says.clone()));
    }
    if !answer.lines.is_empty() {
        blocks.push(Block::List(answer.lines.clone()));
    }
    if !answer.changes.is_empty() {
        blocks.push(Block::List(answer.changes.iter().map(change).collect()));
    }
    if let (Some(one), None) = (&answer.change, &answer.card) {
        blocks.push(Block::List(std::iter::once(change(one)).chain(one.gates.iter().map(gate)).collect()));
    }
    blocks.extend(answer.report.iter().flat_map(report));
    blocks.extend(answer.job.iter().flat_map(|job| job::render(job).blocks));
    blocks.extend(answer.card.iter().flat_map(|card| card::render(card).blocks));
    blocks.extend(answer.confirm.iter().flat_map(|confirm| confirmation(answer, confirm)));
    if blocks.is_empty() {
        blocks.push(Block::Text("Nothing to say about that.".to_owned()));
    }
    Message { blocks }
}

/// A question with what could be said instead: as buttons where they fit.
fn question(said: &Said) -> Vec<Block> {
    let mut blocks: Vec<Block> = said.question.clone().map(Block::Text).into_iter().collect();
    let options = &said.options;
    if options.is_empty() {
        return blocks;
    }
    if options.len() <= BUTTONS && options.iter().all(|option| option.chars().count() <= LABEL) {
        let button = |option: &String| Button {
            label: option.clone(),
            value: Press::saying(option).value(),
            style: Style::Plain,
        };
        blocks.push(Block::Buttons(options.iter().map(button).collect()));
    } else {
        blocks.push(Block::List(options.clone()));
    }
    blocks
}

/// What confirms an answer, where the card's own buttons do not.
fn confirmation(answer: &Answer, confirm: &Confirm) -> Vec<Block> {
    let words = answer.said.canonical.as_deref().unwrap_or_default();
    let on_card = |card: &codexa_api::Card| {
        words == format!("approve {} for {}", card.gate, card.change) && card.digest == confirm.digest
    };
    if words.is_empty() || answer.card.as_ref().is_some_and(on_card) {
        return Vec::new();
    }
    let verb = words.split(' ').next().unwrap_or_default();
    let mut label = verb.to_owned();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let style = if verb == "deny" { Style::Danger } else { Style::Primary };
    let button = Button { label, value: Press::saying(words).about(&confirm.digest).value(), style };
    vec![Block::Text(confirm.summary.clone()), Block::Buttons(vec![button])]
}

/// `CH-010  cap the parser depth, in_progress`
fn change(change: &Change) -> String {
    let held = if change.hold.is_some() { ", held" } else { "" };
    format!("{}  {}, {}{held}", change.id, change.title, change.state)
}

/// `design gate: open, 1 of 2`
fn gate(card: &codexa_api::Card) -> String {
    format!("{} gate: {}, {} of {}", card.gate, card.state, card.have, card.quorum)
}

fn report(report: &Report) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !report.blockers.is_empty() {
        let number = u32::try_from(report.blockers.len()).unwrap_or(u32::MAX);
        blocks.push(Block::Text(format!("The {} report waits for {}:", report.name, count(number, "thing"))));
        blocks.push(Block::List(report.blockers.clone()));
    }
    if !report.text.is_empty() {
        blocks.push(Block::Code(report.text.clone()));
    }
    if !report.digest.is_empty() {
        blocks.push(Block::Context(report.digest.clone()));
    }
    blocks
}
