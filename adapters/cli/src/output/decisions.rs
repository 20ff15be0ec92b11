//! How decisions look in a terminal: cards, changes, and what has to be confirmed.

use super::{Page, wrapped};
use codexa_api::{Card, Change, Confirm, Vote};

/// Columns of a sentence.
const WIDTH: usize = 78;

/// A sentence, wrapped and indented.
pub(crate) fn sentence(page: &mut Page, text: &str) {
    wrapped(text, WIDTH).iter().for_each(|line| page.line(&format!("  {line}")));
}

/// A gate of a change, with everything that decides.
pub(crate) fn card(page: &mut Page, card: &Card, now: i64) {
    let right = format!("{} gate, {} of {}", card.gate, card.have, card.quorum);
    page.heading(&card.change, &card.title, &right);
    page.blank();
    let mut rows: Vec<[String; 2]> = Vec::new();
    let mut row = |name: &str, value: String| rows.push([name.to_owned(), value]);
    row("state", card.state.clone());
    let files: Vec<&str> = card.covers.iter().map(|file| short_path(&file.path)).collect();
    row("approves", files.join(", "));
    let as_made = card.covers.iter().filter(|file| file.unwritten).map(|file| short_path(&file.path));
    let as_made: Vec<&str> = as_made.collect();
    if !as_made.is_empty() {
        row("unwritten", format!("{}: as made with the workspace", as_made.join(", ")));
    }
    row("digest", card.digest.clone());
    if let Some(base) = &card.base {
        row("base", base.chars().take(8).collect());
    }
    if let Some(hold) = &card.hold {
        row("held", format!("by @{}: {}", hold.person, hold.reason));
    }
    for vote in &card.votes {
        row("voted", voted(vote));
        for since in &vote.since {
            row(
                "since",
                format!("{}: {} lines added, {} removed", short_path(&since.path), since.added, since.removed),
            );
        }
    }
    if !card.missing.is_empty() {
        row("missing", card.missing.join(", "));
    }
    if let Some(closes) = card.closes_at {
        row("closes", until(closes, now));
    }
    if let Some(obstacle) = &card.obstacle {
        row("obstacle", obstacle.clone());
    }
    page.rows(&rows);
}

fn voted(vote: &Vote) -> String {
    let role = if vote.role.is_empty() { String::new() } else { format!(" as {}", vote.role) };
    let own = if vote.own { ", own change" } else { "" };
    let stale = if vote.stale { ", stale" } else { "" };
    let reason = vote.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} @{}{role} through {}{own}{stale}{reason}", vote.verdict, vote.person, vote.via)
}

/// What has to be confirmed, and how it is where no person sits at the terminal: by its digest.
pub(crate) fn confirm(page: &mut Page, confirm: &Confirm, words: &str) {
    page.blank();
    page.next(&format!("codexa say --confirm {} \"{words}\"", confirm.digest));
}

/// A change in a line, and each of its gates in one.
pub(crate) fn change(page: &mut Page, change: &Change) {
    let state = change.state.replace('_', " ");
    let held = change.hold.as_ref().map(|hold| format!(", held by @{}", hold.person)).unwrap_or_default();
    page.heading(&change.id, &change.title, &format!("{state}{held}"));
    let stale = |card: &Card| card.votes.iter().filter(|vote| vote.stale).count();
    let line = |card: &Card| {
        let stale = match stale(card) {
            0 => String::new(),
            1 => "1 vote is stale".to_owned(),
            votes => format!("{votes} votes are stale"),
        };
        let missing =
            if card.missing.is_empty() { String::new() } else { format!("missing {}", card.missing.join(", ")) };
        let rest: Vec<String> = [missing, stale].into_iter().filter(|text| !text.is_empty()).collect();
        [card.gate.clone(), card.state.clone(), format!("{} of {}", card.have, card.quorum), rest.join("; ")]
    };
    page.rows(&change.gates.iter().map(line).collect::<Vec<_>>());
}

/// A path without the folder of its workspace.
fn short_path(path: &str) -> &str {
    path.strip_prefix("changes/").and_then(|rest| rest.split_once('/')).map_or(path, |(_, file)| file)
}

/// How long it is until a time.
fn until(at: i64, now: i64) -> String {
    let minutes = (at - now).max(0) / 60_000;
    match minutes {
        0 => "now".to_owned(),
        1..120 => format!("in {minutes} min"),
        _ => format!("in {} h", minutes / 60),
    }
}

/// The day of a time, UTC.
pub(crate) fn day(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map_or_else(|_| "on no day".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}
