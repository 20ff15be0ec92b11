//! A second reading of a file that the grammar could not read all of, without the words that may have torn it.

use crate::grammar::Grammar;
use crate::parse;
use crate::patience::Patience;
use std::ops::Range;
use tree_sitter::{Parser, Tree};

/// Largest file that is read a second time, in bytes: both readings have to fit the time that one file may take, with much
/// to spare, for where the clock decides nothing is known of the file.
const MAX_BYTES: usize = 256 << 10;

/// The clock struck during the second reading.
pub(crate) struct TimedOut;

/// A tree, and the places that were left out of it.
pub(crate) type Reading = (Tree, Vec<Range<usize>>);

/// The reading of the source without the words that its language suspects; `None` where no more of it is understood so.
pub(crate) fn reread(
    parser: &mut Parser,
    grammar: &Grammar,
    source: &[u8],
    patience: &Patience,
    tree: &Tree,
    left_out: &[Range<usize>],
) -> Result<Option<Reading>, TimedOut> {
    if !tree.root_node().has_error() || source.len() > MAX_BYTES {
        return Ok(None);
    }
    let suspects = grammar.extract.suspects(source);
    let is_free = |suspect: &Range<usize>| {
        let next = left_out.partition_point(|place| place.end <= suspect.start);
        left_out.get(next).is_none_or(|place| place.start >= suspect.end)
    };
    let suspects: Vec<Range<usize>> = suspects.into_iter().filter(is_free).collect();
    if suspects.is_empty() {
        return Ok(None);
    }
    let mut all = [left_out, &suspects].concat();
    all.sort_unstable_by_key(|place| place.start);
    // Blanks cost the parser nothing, while it looks through all places that it is told of wherever it begins anew.
    let mut blanked = source.to_vec();
    for place in &all {
        let word = blanked.get_mut(place.clone()).unwrap_or_default();
        word.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    let again = parse(parser, &blanked, patience).ok_or(TimedOut)?;
    let (now, before) = (Damage::of(&again), Damage::of(tree));
    Ok((now.places < before.places && now.bytes <= before.bytes).then_some((again, all)))
}

/// What the grammar could not read.
#[derive(Default)]
struct Damage {
    /// Places at which it could not go on.
    places: usize,
    /// Bytes of the outermost of them.
    bytes: usize,
}

impl Damage {
    fn of(tree: &Tree) -> Self {
        let mut damage = Self::default();
        let mut cursor = tree.walk();
        let mut read = 0;
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                damage.places += 1;
                damage.bytes += node.end_byte().saturating_sub(node.start_byte().max(read));
                read = read.max(node.end_byte());
            }
            if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return damage;
                }
            }
        }
    }
}
