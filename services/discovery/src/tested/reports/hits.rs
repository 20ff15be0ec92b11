//! Which lines of which files ran, while a report is read: it may speak of a line more than once.

use super::Covered;
use std::collections::BTreeMap;

/// Places of files (lines, or blocks) with how many lines each stands for, and whether it ran.
pub(super) struct Hits<P> {
    files: BTreeMap<Box<str>, BTreeMap<P, (u32, bool)>>,
}

impl<P: Ord> Hits<P> {
    pub(super) fn new() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// A file that the report speaks of, though none of its lines may follow.
    pub(super) fn file(&mut self, path: &str) -> &mut BTreeMap<P, (u32, bool)> {
        if !self.files.contains_key(path) {
            self.files.insert(path.into(), BTreeMap::new());
        }
        // The entry is there now; without one a new map would be as good.
        self.files.entry(path.into()).or_default()
    }

    pub(super) fn hit(places: &mut BTreeMap<P, (u32, bool)>, place: P, lines: u32, ran: bool) {
        places.entry(place).or_insert((lines, false)).1 |= ran;
    }

    pub(super) fn covered(self) -> Vec<(Box<str>, Covered)> {
        let sum = |places: BTreeMap<P, (u32, bool)>| {
            places.into_values().fold(Covered::default(), |sum, (lines, ran)| Covered {
                covered: sum.covered.saturating_add(if ran { lines } else { 0 }),
                lines: sum.lines.saturating_add(lines),
            })
        };
        self.files.into_iter().map(|(path, places)| (path, sum(places))).collect()
    }
}
