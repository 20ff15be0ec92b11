//! Which files change together.

use crate::churn::{Anchor, Known};
use crate::lineage::trace;
use crate::past::Past;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A commit of more files than this relates nothing.
pub const MAX_FILES: usize = 30;
/// Fewer common commits than this are chance.
pub const MIN_SUPPORT: u32 = 3;
/// A pair that meets in a smaller share of the commits of either is not kept.
pub const MIN_CONFIDENCE: f64 = 0.1;

/// Two files that change together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The file with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Commits that changed both.
    pub support: u32,
    /// Share of the commits that changed `a` and changed `b` as well; and the other way round.
    pub confidence: (f64, f64),
    /// Commits that changed both, of those that changed one of them.
    pub jaccard: f64,
    /// The common commits, each as much as it counts today, and less the more files it has.
    pub weight: f64,
}

/// What was seen, and what was dropped on the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Couplings {
    /// The pairs, sorted by their files.
    pub pairs: Vec<Pair>,
    /// Commits that were looked at.
    pub commits: u32,
    /// Commits that had too many files.
    pub dropped_large: u32,
    /// Pairs with too few common commits, or too small a share of them.
    pub dropped_pairs: u64,
}

/// The pairs of files of today that changed together.
#[must_use]
pub fn couplings(past: &Past, known: &Known<'_>, anchor: Anchor) -> Couplings {
    let mut found = Couplings::default();
    let mut together: FxHashMap<(u32, u32), (u32, f64)> = FxHashMap::default();
    let mut changes = vec![0_u32; known.count];
    let mut files = Vec::new();
    trace(past, known.files, |commit, touched| {
        if touched.len() > MAX_FILES {
            found.dropped_large += 1;
            return;
        }
        files.clear();
        files.extend(touched.iter().filter_map(|it| it.file));
        files.sort_unstable();
        files.dedup();
        found.commits += 1;
        for file in &files {
            if let Some(count) = changes.get_mut(*file as usize) {
                *count += 1;
            }
        }
        let weight = anchor.weight(commit.time) / (touched.len().max(2) - 1) as f64;
        for (at, a) in files.iter().enumerate() {
            for b in files.iter().skip(at + 1) {
                let pair = together.entry((*a, *b)).or_default();
                *pair = (pair.0 + 1, pair.1 + weight);
            }
        }
    });
    let all = together.len() as u64;
    found.pairs = together.into_iter().filter_map(|(pair, seen)| Pair::of(pair, seen, &changes)).collect();
    found.pairs.sort_by_key(|pair| (pair.a, pair.b));
    found.dropped_pairs = all - found.pairs.len() as u64;
    found
}

impl Couplings {
    /// The pairs by the weight of their common commits, then by their files.
    #[must_use]
    pub fn surest_first(&self) -> Vec<&Pair> {
        let mut pairs: Vec<&Pair> = self.pairs.iter().collect();
        pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight).then((a.a, a.b).cmp(&(b.a, b.b))));
        pairs
    }
}

impl Pair {
    fn of((a, b): (u32, u32), (support, weight): (u32, f64), changes: &[u32]) -> Option<Self> {
        let of = |file: u32| changes.get(file as usize).copied().unwrap_or(support).max(support);
        let share = |of: u32| f64::from(support) / f64::from(of.max(1));
        let confidence = (share(of(a)), share(of(b)));
        let is_kept = support >= MIN_SUPPORT && confidence.0.max(confidence.1) >= MIN_CONFIDENCE;
        let jaccard = share(of(a) + of(b) - support);
        is_kept.then_some(Self { a, b, support, confidence, jaccard, weight })
    }
}
