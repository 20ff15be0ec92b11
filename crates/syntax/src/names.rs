//! The file's vocabulary: Halstead's operators and operands, and how often each name is used.

use crate::text::{LONG, number};
use codexa_model::facts::{Halstead, Reference};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::ops::Range;

/// How a text occurs as an operand.
#[derive(Clone, Copy)]
struct Uses {
    references: u32,
    first_reference: u32,
}

/// Counts operators by kind and operands by text.
pub(crate) struct Names<'a> {
    operator_kinds: Vec<bool>,
    halstead: Halstead,
    operands: FxHashMap<&'a [u8], Uses>,
}

/// Names shorter than this are not kept as references: they are loop variables and type parameters.
pub const SHORTEST: usize = 2;

impl<'a> Names<'a> {
    pub(crate) fn new(kinds: usize, bytes: usize) -> Self {
        // About as many as there mostly are; the table grows where there are more.
        let operands = FxHashMap::with_capacity_and_hasher((bytes / 48).min(4_096), FxBuildHasher);
        Self { operator_kinds: vec![false; kinds], halstead: Halstead::default(), operands }
    }

    pub(crate) fn operator(&mut self, kind: u16) {
        self.halstead.operators = self.halstead.operators.saturating_add(1);
        if let Some(seen @ false) = self.operator_kinds.get_mut(usize::from(kind)) {
            *seen = true;
            self.halstead.distinct_operators += 1;
        }
    }

    pub(crate) fn operand(&mut self, text: &'a [u8], reference: bool, line: impl FnOnce() -> u32) {
        self.halstead.operands = self.halstead.operands.saturating_add(1);
        let uses = self.operands.entry(text).or_insert(Uses { references: 0, first_reference: 0 });
        if reference {
            if uses.references == 0 {
                uses.first_reference = line();
            }
            uses.references = uses.references.saturating_add(1);
        }
    }

    /// Names that were not parsed are used all the same.
    pub(crate) fn left_out(&mut self, source: &'a [u8], places: &[Range<usize>]) {
        let (mut row, mut read) = (1, 0);
        for place in places {
            row += memchr::memchr_iter(b'\n', source.get(read..place.start).unwrap_or_default()).count();
            read = place.start;
            // One among parameters is left out with the comma before it; what asks for a header holds no name.
            let place = source.get(place.clone()).unwrap_or_default();
            let word = place.strip_prefix(b",").unwrap_or(place).trim_ascii_start();
            let letters = word.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            if letters > 0 {
                self.operand(word.get(..letters).unwrap_or_default(), true, || number(row));
            }
        }
    }

    pub(crate) fn finish(mut self) -> (Halstead, Vec<Reference>) {
        self.halstead.distinct_operands = number(self.operands.len());
        let mut references: Vec<Reference> = self
            .operands
            .into_iter()
            .filter(|(text, uses)| uses.references > 0 && (SHORTEST..=LONG).contains(&text.len()))
            .filter_map(|(text, uses)| {
                let name = std::str::from_utf8(text).ok()?.into();
                Some(Reference { name, count: uses.references, line: uses.first_reference })
            })
            .collect();
        references.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        (self.halstead, references)
    }
}
