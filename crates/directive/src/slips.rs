//! Slips of one edit: a letter too many, too few, another one, or two swapped.

use strsim::osa_distance;

/// In how short a word a slip is understood.
const SHORTEST: usize = 5;

/// Whether `typed` is one edit away from `meant`.
pub(crate) fn is_slip(typed: &str, meant: &str) -> bool {
    typed.is_ascii() && typed.len().abs_diff(meant.len()) <= 1 && osa_distance(typed, meant) == 1
}

/// Whether a slip in this word may be understood without asking.
pub(crate) fn is_long(meant: &str) -> bool {
    meant.len() >= SHORTEST
}

/// Whether `typed` is a form of the verb that reports (`approved`, `approves`, `approving`): a word of its own, no slip.
pub(crate) fn is_inflected(typed: &str, verb: &str) -> bool {
    let stem = verb.strip_suffix('e').or_else(|| verb.strip_suffix('y')).unwrap_or(verb);
    let doubled = verb.chars().next_back();
    [verb, stem].iter().any(|base| {
        typed.strip_prefix(base).is_some_and(|ending| {
            let ending = doubled.and_then(|last| ending.strip_prefix(last)).unwrap_or(ending);
            matches!(ending, "s" | "es" | "d" | "ed" | "ing" | "ies" | "ied" | "al" | "er" | "ers" | "ition" | "able")
        })
    })
}
