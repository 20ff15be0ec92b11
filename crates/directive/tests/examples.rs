//! Labelled sentences: `examples.txt` says how it is written.

#![cfg(test)]

mod common;

use codexa_directive::{Class, Gate, Interpretation, Outcome, Verb};
use common::read;
use std::collections::BTreeSet;

const EXAMPLES: &str = include_str!("examples.txt");

/// The marks between words and what they are read as.
const MARKS: &[(&str, Outcome)] =
    &[(" => ", Outcome::Directive), (" ?? ", Outcome::Clarify), (" -- ", Outcome::None), (" !! ", Outcome::Refused)];

/// One line: the words, the outcome, and what stands behind the mark.
fn parse(line: &str) -> Option<(String, Outcome, &str)> {
    let (words, outcome, rest) = MARKS.iter().find_map(|(mark, outcome)| {
        let padded = line.rsplit_once(mark).or_else(|| line.strip_suffix(mark.trim_end()).map(|words| (words, "")))?;
        Some((padded.0, *outcome, padded.1))
    })?;
    Some((unescape(words.trim()), outcome, rest.trim()))
}

/// `\n` and `\u{…}` as the characters that they stand for.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        if let Some(behind) = after.strip_prefix('n') {
            out.push('\n');
            rest = behind;
        } else {
            let (code, behind) = after.strip_prefix("u{").and_then(|code| code.split_once('}')).expect("an escape");
            out.push(char::from_u32(u32::from_str_radix(code, 16).expect("a number")).expect("a character"));
            rest = behind;
        }
    }
    out + rest
}

fn examples() -> Vec<(String, Outcome, &'static str)> {
    let lines = EXAMPLES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| parse(line).unwrap_or_else(|| panic!("no mark in: {line}"))).collect()
}

fn wrong(words: &str, outcome: Outcome, expected: &str) -> Option<String> {
    let found = read(words);
    let Interpretation { canonical, question, options, reason, .. } = &found;
    let right = found.outcome == outcome
        && match outcome {
            Outcome::Directive => canonical.as_deref() == Some(expected),
            Outcome::Clarify => question.is_some() && (expected.is_empty() || options.iter().any(|o| o == expected)),
            Outcome::None => reason.is_some(),
            Outcome::Refused => reason.as_ref().is_some_and(|reason| reason.contains(expected)),
        };
    (!right).then(|| format!("{words:?}: expected {outcome:?} {expected:?}, found {found:?}"))
}

#[test]
fn every_example_is_read_as_labelled() {
    let wrong: Vec<String> =
        examples().iter().filter_map(|(words, outcome, rest)| wrong(words, *outcome, rest)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_verb_and_every_gate_has_an_example() {
    let read: Vec<_> = examples().iter().filter_map(|(words, ..)| read(words).directive).collect();
    let verbs: BTreeSet<Verb> = read.iter().map(|directive| directive.verb).collect();
    let gates: BTreeSet<Gate> = read.iter().filter_map(|directive| directive.gate).collect();
    let of = |class| verbs.iter().filter(|verb| verb.class() == class).count();
    assert_eq!((of(Class::Deciding), of(Class::Working), of(Class::Query)), (10, 16, 7), "{verbs:?}");
    assert_eq!(gates.len(), 8, "{gates:?}");
    let kinds: BTreeSet<_> = read.iter().filter_map(|directive| Some(directive.target.as_ref()?.kind)).collect();
    assert_eq!(kinds.len(), 16, "{kinds:?}");
}

#[test]
fn every_canonical_form_reads_back_as_the_same_directive() {
    for (words, ..) in examples() {
        let first = read(&words);
        let Some(canonical) = &first.canonical else { continue };
        assert_eq!(read(canonical), first, "{words:?}");
    }
}

#[test]
fn what_is_offered_can_be_said() {
    for (words, ..) in examples() {
        let found = read(&words);
        if found.outcome != Outcome::Clarify {
            continue;
        }
        for option in &found.options {
            assert!(
                matches!(read(option).outcome, Outcome::Directive | Outcome::Clarify),
                "{words:?} offers {option:?}"
            );
        }
    }
}
