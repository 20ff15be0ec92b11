//! What people read: each answer of the gateway as a [`Message`](crate::Message).

pub mod answer;
pub mod card;
pub mod job;
pub mod problem;

use jiff::Timestamp;

/// A digest as people compare it: `7f3a…c2`.
fn short_digest(digest: &str) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
    match (hex.get(..4), hex.len().checked_sub(2).and_then(|from| hex.get(from..))) {
        (Some(head), Some(tail)) if hex.len() > 8 => format!("{head}…{tail}"),
        _ => hex.to_owned(),
    }
}

/// A commit as git shortens it.
fn short_commit(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// A moment, the same for whoever reads it and whenever: `24 Nov 2026 14:02 UTC`.
fn moment(at: i64) -> String {
    Timestamp::from_millisecond(at)
        .map_or_else(|_| "at an unknown time".to_owned(), |at| at.strftime("%-d %b %Y %H:%M UTC").to_string())
}

/// The first items and how many more there are, on one line.
fn some_of(items: impl ExactSizeIterator<Item = String>, most: usize, between: &str) -> String {
    let more = items.len().saturating_sub(most);
    let mut line = items.take(most).collect::<Vec<_>>().join(between);
    if more > 0 {
        line.push_str(&format!("{between}{more} more"));
    }
    line
}

/// A count with its noun.
fn count(number: u32, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
