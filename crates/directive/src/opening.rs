//! The words that open an order: which verb they are.

use crate::courtesy;
use crate::gate;
use crate::phrase::{self, Phrase};
use crate::slips;
use crate::spellings::{SPELLINGS, Spelling};
use crate::tokens::{Kind, Token};
use crate::verb::Class;

/// How a verb was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub spelling: Spelling,
    /// How many tokens its opening words take.
    pub taken: usize,
    pub sure: bool,
}

/// The verb that opens the order at a place; `end` is where its words before any free text end.
pub(crate) fn verb_at(tokens: &[Token], at: usize, end: usize) -> Option<Found> {
    exact_verb(tokens, at, end).or_else(|| slipped_verb(tokens, at))
}

/// The verb that opens the order at a place, spelled right.
pub(crate) fn exact_verb(tokens: &[Token], at: usize, end: usize) -> Option<Found> {
    let head = tokens.get(..end).unwrap_or(tokens);
    let mut best: Option<(Found, (usize, std::cmp::Reverse<usize>))> = None;
    for spelling in SPELLINGS {
        let Some(taken) = spelling.phrase().at(head, at) else { continue };
        let (tail, place) = if spelling.tail.is_empty() {
            (0, 0)
        } else {
            let Some(found) = tail_at(head, at + taken, spelling.tail) else { continue };
            found
        };
        // A tie goes to the spelling with a tail, and among those to the tail that comes first.
        let place = if tail == 0 { usize::MAX } else { place };
        let score = (taken + tail, std::cmp::Reverse(place));
        if best.as_ref().is_none_or(|(_, most)| score > *most) {
            best = Some((Found { spelling: *spelling, taken, sure: spelling.sure }, score));
        }
    }
    best.map(|(found, _)| found)
}

/// Where the second part of a spelling stands: its length and place. "status" in "status report" is no such part.
fn tail_at(head: &[Token], from: usize, tail: &'static str) -> Option<(usize, usize)> {
    (from..head.len()).find_map(|at| {
        let taken = Phrase(tail).at(head, at)?;
        (!phrase::one_of(head, at + taken, &["report"])).then_some((taken, at))
    })
}

/// A verb with a slip in it. One that decides is never more than a question, nor is a short one.
fn slipped_verb(tokens: &[Token], at: usize) -> Option<Found> {
    let typed = &tokens.get(at).filter(|token| token.kind == Kind::Word)?.word;
    let known = gate::words().any(|(word, _)| word == typed) || courtesy::is_filler(tokens, at, None);
    let single = || SPELLINGS.iter().filter(|spelling| spelling.is_single() && spelling.sure);
    if known || typed.len() < 3 || single().any(|spelling| slips::is_inflected(typed, spelling.words)) {
        return None;
    }
    let deciding = |spelling: &&Spelling| spelling.verb.class() == Class::Deciding;
    let near = |spelling: &&Spelling| slips::is_slip(typed, spelling.words);
    if let Some(spelling) = single().filter(deciding).find(near) {
        return Some(Found { spelling: *spelling, taken: 1, sure: false });
    }
    let slip = single().filter(|spelling| typed.len() >= 4 && spelling.words.len() >= 4).find(near)?;
    let sure = slips::is_long(slip.words);
    (sure || !LIKE_VERBS.contains(&typed.as_str())).then_some(Found { spelling: *slip, taken: 1, sure })
}

/// Words of their own that are one edit from a short verb.
const LIKE_VERBS: &[&str] = &[
    "need", "feed", "send", "seen", "weed", "shed", "seek", "plane", "plain", "plant", "slow", "snow", "shot", "shop",
    "shoe", "last", "lost", "mist", "lift", "fist", "live", "lint", "line", "sink", "pink", "like", "links", "mate",
    "must", "mutex", "even", "oven", "hell", "held", "self", "kelp", "halp",
];
