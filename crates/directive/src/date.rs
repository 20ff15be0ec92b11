//! Until when: `until 2026-12-31`, `for 2 weeks`.

use crate::phrase;
use crate::tokens::{Kind, Token};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// A last day as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    Day(Date),
    /// Words that name no day.
    Unclear(String),
}

/// The day on which a moment lies, in UTC.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The last day that is named at a place, with the number of tokens it takes.
pub(crate) fn at(tokens: &[Token], at: usize, now: Timestamp) -> Option<(Until, usize)> {
    if phrase::one_of(tokens, at, &["for"]) {
        return span(tokens, at + 1, now).map(|(day, taken)| (day, taken + 1));
    }
    if !phrase::one_of(tokens, at, &["until", "till", "til"]) {
        return None;
    }
    let token = tokens.get(at + 1).filter(|token| token.kind == Kind::Word)?;
    if let Ok(day) = iso(&token.word) {
        return Some((Until::Day(day), 2));
    }
    if token.word == "tomorrow" {
        return Some((shifted(now, 1.day(), "tomorrow"), 2));
    }
    Some((Until::Unclear(token.raw.clone()), 2))
}

/// Ten characters and no time: jiff alone would also read `20261231` and a date with hours.
fn iso(word: &str) -> Result<Date, jiff::Error> {
    let shape = word.len() == 10 && word.bytes().enumerate().all(|(at, b)| (b == b'-') == (at == 4 || at == 7));
    word.get(..if shape { 10 } else { 0 }).unwrap_or_default().parse()
}

/// `2 weeks`, `a month`, `ten days`.
fn span(tokens: &[Token], at: usize, now: Timestamp) -> Option<(Until, usize)> {
    let skipped = usize::from(phrase::one_of(tokens, at, &["the"]) && phrase::one_of(tokens, at + 1, &["next"]));
    let at = at + 2 * skipped;
    let count = tokens.get(at).filter(|token| token.kind == Kind::Word).and_then(|token| count(&token.word))?;
    let unit = tokens.get(at + 1).filter(|token| token.kind == Kind::Word)?;
    let length = length(count, unit.word.strip_suffix('s').unwrap_or(&unit.word))?;
    let said = format!("{count} {}", unit.word);
    Some((length.map_or_else(|| Until::Unclear(said.clone()), |span| shifted(now, span, &said)), 2 + 2 * skipped))
}

fn count(word: &str) -> Option<i64> {
    const WORDS: &[&str] =
        &["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    let spelled = WORDS.iter().position(|spelled| *spelled == word).and_then(|at| i64::try_from(at).ok());
    spelled.or_else(|| word.parse().ok().filter(|count| (1..=100_000).contains(count)))
}

/// A length of time; `None` for no unit, `Some(None)` for more than a calendar holds.
fn length(count: i64, unit: &str) -> Option<Option<Span>> {
    let span = Span::new();
    Some(match unit {
        "hour" => span.try_hours(count).ok(),
        "day" => span.try_days(count).ok(),
        "week" => span.try_weeks(count).ok(),
        "month" => span.try_months(count).ok(),
        "year" => span.try_years(count).ok(),
        _ => return None,
    })
}

fn shifted(now: Timestamp, span: Span, said: &str) -> Until {
    let moment = now.to_zoned(TimeZone::UTC).checked_add(span);
    moment.map_or_else(|_| Until::Unclear(said.to_owned()), |moment| Until::Day(moment.date()))
}
