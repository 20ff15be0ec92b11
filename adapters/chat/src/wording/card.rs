//! The card of a gate. It stays where it was posted: what it says is true whenever it is read, and it says nothing that only
//! the time of day would change.

use super::{count, moment, short_commit, short_digest, some_of};
use crate::incoming::{GateOf, Press};
use crate::message::{Block, Button, Message, Style};
use codexa_api::{Card, Changed, Hold, Vote};

/// As many files are named on one line of a card.
const FILES: usize = 6;

/// As many votes are shown, the newest.
const VOTES: usize = 12;

/// The card.
#[must_use]
pub fn render(card: &Card) -> Message {
    let mut blocks = vec![
        Block::Heading(format!("{}  {}", card.change, card.title)),
        Block::Context(standing(card)),
        Block::Fields(subject(card)),
    ];
    blocks.extend(unwritten(card).map(Block::Text));
    blocks.extend(since_last_vote(card).map(Block::Text));
    if !card.votes.is_empty() {
        blocks.push(Block::Text("Voted".to_owned()));
        blocks.push(Block::List(votes(card)));
    }
    blocks.extend(missing(card).map(Block::Text));
    blocks.extend(card.hold.as_ref().map(|hold| Block::Text(held(hold))));
    blocks.extend(card.obstacle.as_ref().map(|why| Block::Text(format!("Not yet: {why}"))));
    if card.state == "open" && card.obstacle.is_none() {
        blocks.push(Block::Buttons(buttons(card)));
    }
    Message { blocks }
}

/// All that there is to say about a gate, for whoever asks.
#[must_use]
pub fn details(card: &Card) -> Message {
    let mut blocks = vec![
        Block::Heading(format!("{}  {}", card.change, card.title)),
        Block::Context(standing(card)),
        Block::Text(format!("Digest {}", card.digest)),
    ];
    if let Some(base) = &card.base {
        blocks.push(Block::Text(format!("Base {base}")));
    }
    let file = |file: &codexa_api::Covered| {
        format!("{}, {}, {}", file.path, count(file.lines, "line"), short_digest(&file.sha256))
    };
    blocks.push(Block::List(card.covers.iter().map(file).collect()));
    blocks.push(Block::List(votes(card)));
    for changed in card.votes.iter().rev().find(|vote| vote.stale).map(|vote| &vote.since).into_iter().flatten() {
        blocks.push(Block::Text(format!("{} since the last vote", changed.path)));
        blocks.push(Block::Code(changed.lines.join("\n")));
    }
    blocks.retain(|block| !matches!(block, Block::List(items) if items.is_empty()));
    Message { blocks }
}

/// `design gate · 1 of 2`
fn standing(card: &Card) -> String {
    let votes = format!("{} of {}", card.have, card.quorum);
    match card.state.as_str() {
        "open" => format!("{} gate · {votes}", card.gate),
        state => format!("{} gate · {votes} · {state}", card.gate),
    }
}

fn subject(card: &Card) -> Vec<(String, String)> {
    let files = card.covers.iter().map(|file| file_name(&file.path).to_owned());
    let mut fields = vec![
        (
            "Approves".to_owned(),
            if card.covers.is_empty() { "nothing".to_owned() } else { some_of(files, FILES, ", ") },
        ),
        ("Digest".to_owned(), short_digest(&card.digest)),
    ];
    fields.extend(card.base.as_ref().map(|base| ("Base".to_owned(), short_commit(base).to_owned())));
    fields
}

/// A workspace's files are known by their names.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Which files hold nothing but what Codexa made them with.
fn unwritten(card: &Card) -> Option<String> {
    let files = card.covers.iter().filter(|file| file.unwritten).map(|file| file_name(&file.path).to_owned());
    let files: Vec<String> = files.collect();
    (!files.is_empty()).then(|| format!("Nobody wrote yet in {}", some_of(files.into_iter(), FILES, ", ")))
}

/// What made the newest stale vote stale.
fn since_last_vote(card: &Card) -> Option<String> {
    let vote = card.votes.iter().rev().find(|vote| vote.stale && !vote.since.is_empty())?;
    let file = |changed: &Changed| {
        format!("{}, {}", file_name(&changed.path), count(changed.added.saturating_add(changed.removed), "line"))
    };
    Some(format!("Since the last vote: {}", some_of(vote.since.iter().map(file), FILES, "; ")))
}

fn votes(card: &Card) -> Vec<String> {
    let hidden = card.votes.len().saturating_sub(VOTES);
    let mut lines: Vec<String> = card.votes.iter().skip(hidden).map(voted).collect();
    if hidden > 0 {
        lines.insert(0, format!("{hidden} older"));
    }
    lines
}

fn voted(vote: &Vote) -> String {
    let mut line = format!("{}  {}, by {}, {}", vote.verdict, vote.role, vote.person, moment(vote.at));
    if vote.own {
        line.push_str(", self");
    }
    if vote.stale {
        line.push_str(", stale: does not count");
    }
    if let Some(reason) = &vote.reason {
        line.push_str(&format!(": {reason}"));
    }
    line
}

fn missing(card: &Card) -> Option<String> {
    if card.state != "open" {
        return None;
    }
    let who = (!card.missing.is_empty()).then(|| format!("Missing {}", card.missing.join("; ")));
    let ends = card.closes_at.map(|at| format!("closes {}", moment(at)));
    match (who, ends) {
        (Some(who), Some(ends)) => Some(format!("{who} · {ends}")),
        (who, ends) => who.or(ends),
    }
}

fn held(hold: &Hold) -> String {
    let mut line = format!("Held by {} since {}", hold.person, moment(hold.at));
    if let Some(until) = hold.until {
        line.push_str(&format!(" until {}", moment(until)));
    }
    if !hold.reason.is_empty() {
        line.push_str(&format!(": {}", hold.reason));
    }
    line
}

fn buttons(card: &Card) -> Vec<Button> {
    let Card { change, gate, digest, .. } = card;
    let button = |label: &str, style, press: Press| Button { label: label.to_owned(), value: press.value(), style };
    let show = Press { show: Some(GateOf { change: change.clone(), gate: gate.clone() }), ..Press::default() };
    let details = button("Details", Style::Plain, show);
    if card.hold.is_some() {
        return vec![button("Resume", Style::Plain, Press::saying(format!("resume {change}"))), details];
    }
    let deny = Press { reason: true, ..Press::saying(format!("deny {gate} for {change}")).about(digest) };
    vec![
        button("Approve", Style::Primary, Press::saying(format!("approve {gate} for {change}")).about(digest)),
        button("Deny", Style::Danger, deny),
        button("Hold", Style::Plain, Press::saying(format!("hold {change}"))),
        details,
    ]
}
