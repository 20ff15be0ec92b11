//! How much is listed: a few kilobytes of git's data may unfold to more than any machine holds, or can walk through.

/// Most entries that are listed.
pub const LISTING_LIMIT: usize = 1_000_000;

/// Most unsafe names that a listing keeps; the others are counted.
pub const UNSAFE_LISTED: usize = 1_000;

/// Trees opened and names looked at, for each entry that may be listed. Git never writes an empty folder, so a tree that is
/// not made to explode has fewer trees than entries.
const STEPS: usize = 4;

/// Bytes of trees and paths for each entry that may be listed: all of them together come to 256 MB. People's paths are
/// well below 100 bytes on average.
pub(super) const BYTES: usize = 256;

/// What may still be looked at.
pub(super) struct Budget {
    steps: usize,
    bytes: usize,
}

impl Budget {
    /// For a listing of at most `limit` entries.
    pub(super) fn new(limit: usize) -> Self {
        Self { steps: limit.saturating_mul(STEPS), bytes: limit.saturating_mul(BYTES) }
    }

    /// For at most `limit` entries that are met one after another.
    pub(super) fn of_entries(limit: usize) -> Self {
        Self { steps: limit, bytes: limit.saturating_mul(BYTES) }
    }

    /// Takes one step that costs `bytes`; `false` where that is too much.
    pub(super) fn step(&mut self, bytes: usize) -> bool {
        take(&mut self.steps, 1) && take(&mut self.bytes, bytes)
    }
}

fn take(left: &mut usize, amount: usize) -> bool {
    match left.checked_sub(amount) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    }
}
