//! What binds files together: uses of names and imports, words in common, being changed together; more so within a folder.

use super::leiden::Network;
use super::terms::{Terms, log2, whole};
use crate::graph::{FileGraph, References};
use crate::record::FileRecord;
use rustc_hash::FxHashMap;

/// Words of a file that are compared with those of others, the most telling first.
pub(super) const WORDS_COMPARED: usize = 16;
/// A word in more files than this brings none of them together.
pub(super) const MAX_FILES_OF_WORD: usize = 96;
/// The files most like a file that it is bound to.
pub(super) const ALIKE_FILES: usize = 6;
/// How alike two files must be for it, as the cosine of their words.
pub(super) const ALIKE: f32 = 0.15;

/// What each kind of bond counts at most between two files.
const BY_USE: f32 = 1.0;
const BY_WORDS: f32 = 1.5;
const BY_CHANGE: f32 = 0.5;
/// What a bond counts between files of one folder, of folders beside each other, and of others.
const WITHIN_FOLDER: f32 = 1.0;
const BESIDE: f32 = 0.7;
const APART: f32 = 0.4;

/// Two files, by their places among those that take part, and how much binds them.
pub(super) type Pair = (u32, u32, f32);

/// What the network is made from, for the files that take part.
pub(super) struct Bonds<'a> {
    /// The files that take part, by index in the model, sorted.
    pub(super) files: &'a [u32],
    /// The same as records.
    pub(super) records: &'a [&'a FileRecord],
    /// The pairs whose words are most alike: [`alike`].
    pub(super) alike: &'a [Pair],
    pub(super) graph: &'a FileGraph,
    pub(super) references: &'a References,
    /// Pairs of files (by index in the model) that changed together, and how often, from 0 to 1.
    pub(super) co_changes: &'a [(u32, u32, f32)],
}

impl Bonds<'_> {
    pub(super) fn network(&self) -> Network {
        let places = Places::of(self.files);
        let mut uses = self.uses(&places);
        uses.sort_by_key(|&(a, b, _)| (a, b));
        uses.dedup_by(|later, first| {
            let is_same = (later.0, later.1) == (first.0, first.1);
            if is_same {
                first.2 += later.2;
            }
            is_same
        });
        // The tenth use binds less than the second.
        let uses = uses.into_iter().map(|(a, b, weight)| (a, b, BY_USE * weight / (weight + 1.0)));
        let alike = self.alike.iter().map(|&(a, b, cosine)| (a, b, BY_WORDS * cosine));
        let changes = self
            .co_changes
            .iter()
            .filter_map(|&(a, b, share)| Some((places.of_file(a)?, places.of_file(b)?, share.clamp(0.0, 1.0))))
            .map(|(a, b, share)| (a, b, BY_CHANGE * share));
        let folders: Vec<Folder<'_>> = self.records.iter().map(|record| Folder::of(record)).collect();
        let folder = |file: u32| folders.get(file as usize).copied().unwrap_or_default();
        let all = uses.chain(alike).chain(changes);
        let all = all.map(|(a, b, weight)| (a, b, weight * nearness(folder(a), folder(b))));
        Network::new(self.files.len(), all)
    }

    /// Who uses names of whom, and who imports whom. What everybody uses binds nobody.
    fn uses(&self, places: &Places) -> Vec<Pair> {
        let all = whole(self.files.len()) + 1.0;
        let rarity = |users: usize| log2(all / (whole(users) + 1.0)).max(0.0) / log2(all).max(1.0);
        let mut found = Vec::new();
        for (at, symbol) in self.references.symbols.iter().enumerate() {
            let Some(home) = places.of_file(symbol.file) else { continue };
            let users = self.references.users(at);
            let rare = rarity(users.len());
            let strength = 2.0 * rare * rare;
            for user in users {
                let Some(place) = places.of_file(user.file) else { continue };
                let sure = if user.linked { 1.0 } else { 0.5 };
                found.push(pair(home, place, strength * sure * whole(user.count as usize).sqrt()));
            }
        }
        for (place, &file) in (0_u32..).zip(self.files) {
            for &to in self.graph.depends_on.of(file as usize) {
                let Some(home) = places.of_file(to) else { continue };
                let rare = rarity(self.graph.dependents.of(to as usize).len());
                found.push(pair(home, place, rare * rare));
            }
        }
        found
    }
}

/// The places, among the files that take part, of all files.
struct Places(Vec<u32>);

impl Places {
    /// `files` are sorted.
    fn of(files: &[u32]) -> Self {
        let mut places = vec![u32::MAX; files.last().map_or(0, |last| *last as usize + 1)];
        for (place, &file) in (0_u32..).zip(files) {
            if let Some(slot) = places.get_mut(file as usize) {
                *slot = place;
            }
        }
        Self(places)
    }

    fn of_file(&self, file: u32) -> Option<u32> {
        self.0.get(file as usize).copied().filter(|place| *place != u32::MAX)
    }
}

/// The pairs of files whose words are most alike.
pub(super) fn alike(terms: &Terms) -> Vec<Pair> {
    let telling: Vec<Vec<(u32, f32)>> = (0_u32..).take(terms.len()).map(|file| telling(terms, file)).collect();
    let mut holders: FxHashMap<u32, Vec<(u32, f32)>> = FxHashMap::default();
    for (file, words) in (0_u32..).zip(&telling) {
        for &(word, weight) in words {
            holders.entry(word).or_default().push((file, weight));
        }
    }
    let mut found = Vec::new();
    let mut cosines = vec![0.0_f32; telling.len()];
    let mut touched: Vec<u32> = Vec::new();
    for (file, words) in (0_u32..).zip(&telling) {
        for &(word, weight) in words {
            let Some(holders) = holders.get(&word) else { continue };
            if holders.len() > MAX_FILES_OF_WORD {
                continue;
            }
            for &(other, theirs) in holders {
                if let Some(cosine) = cosines.get_mut(other as usize).filter(|_| other != file) {
                    if *cosine == 0.0 {
                        touched.push(other);
                    }
                    *cosine += weight * theirs;
                }
            }
        }
        let cosine = |other: u32| cosines.get(other as usize).copied().unwrap_or(0.0);
        let mut best: Vec<(u32, f32)> = touched.iter().map(|&other| (other, cosine(other))).collect();
        best.retain(|(_, cosine)| *cosine >= ALIKE);
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.extend(best.into_iter().take(ALIKE_FILES).map(|(other, cosine)| pair(file, other, cosine / 2.0)));
        for other in touched.drain(..) {
            if let Some(cosine) = cosines.get_mut(other as usize) {
                *cosine = 0.0;
            }
        }
    }
    found
}

/// The most telling words of a file as a vector of length 1.
fn telling(terms: &Terms, file: u32) -> Vec<(u32, f32)> {
    let shared = terms.of_file(file).iter().filter(|term| terms.files(term.id) > 1);
    let mut words: Vec<(u32, f32)> = shared.map(|term| (term.id, term.weight * terms.rarity(term.id))).collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    words.truncate(WORDS_COMPARED);
    let length = words.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    for (_, weight) in &mut words {
        *weight /= length.max(f32::MIN_POSITIVE);
    }
    words
}

/// A folder, and the one around it.
#[derive(Clone, Copy, Default)]
struct Folder<'a> {
    path: &'a str,
    above: &'a str,
}

impl<'a> Folder<'a> {
    fn of(record: &'a FileRecord) -> Self {
        let above = |path: &'a str| path.rsplit_once('/').map_or("", |(above, _)| above);
        let path = above(&record.path);
        Self { path, above: above(path) }
    }

    /// Whether it holds the other.
    fn is_above(self, below: Self) -> bool {
        below.path.strip_prefix(self.path).is_some_and(|rest| rest.starts_with('/') || self.path.is_empty())
    }
}

/// What a bond counts between files of these folders.
fn nearness(a: Folder<'_>, b: Folder<'_>) -> f32 {
    if a.path == b.path {
        WITHIN_FOLDER
    } else if a.above == b.above || a.is_above(b) || b.is_above(a) {
        BESIDE
    } else {
        APART
    }
}

fn pair(a: u32, b: u32, weight: f32) -> Pair {
    (a.min(b), a.max(b), weight)
}
