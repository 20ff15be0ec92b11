//! Uses of names across files: who uses what a file defines, how sure that is, and what is used most.
//!
//! A use counts once per file and name. Where the using file depends on a file that defines the name, that is the one
//! (`linked`); where only one file of the language family defines it, it is taken with a low confidence (`unique`);
//! otherwise nothing decides (`ambiguous`): it weighs a little for each in the ranks and makes no edge.

use super::rank::{Weights, pagerank};
use super::{FileGraph, MAX_DEFINERS};
use crate::record::{Digest, FileClass, FileRecord};
use codexa_model::Language;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// Confidence of a use whose name only one file defines, in percent.
const UNIQUE_CONFIDENCE: u8 = 60;

/// Names that files define and others use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct References {
    /// Symbols at file level that another file uses, sorted by file and name.
    pub symbols: Vec<Symbol>,
    /// Where each symbol's users begin; one entry more than there are symbols.
    offsets: Vec<u32>,
    users: Vec<User>,
    /// The rank of each file; they sum to 1.
    pub file_ranks: Vec<f64>,
    /// What the uses came to.
    pub tally: NameTally,
}

/// A symbol that is used from other files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Symbol {
    /// The file that defines it.
    pub file: u32,
    /// Its name.
    pub name: Box<str>,
    /// The rank that its users pass on to it.
    pub rank: f64,
}

/// A file that uses a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct User {
    /// The file.
    pub file: u32,
    /// How often it uses the name.
    pub count: u32,
    /// How sure it is that this symbol is meant, in percent.
    pub confidence: u8,
    /// Whether the file depends on the defining file (else only the name says so).
    pub linked: bool,
}

/// What the uses of names came to; one use is one name in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameTally {
    /// The using file depends on a file that defines the name.
    pub linked: u64,
    /// Only one file defines it.
    pub unique: u64,
    /// More than one does and nothing decides.
    pub ambiguous: u64,
    /// More than [`MAX_DEFINERS`] do: left out.
    pub common: u64,
    /// Distinct names that were left out for that reason.
    pub common_names: u64,
}

impl NameTally {
    /// All uses.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.linked + self.unique + self.ambiguous + self.common
    }
}

impl References {
    /// Follows every name that the files use and ranks files and symbols. Records stand in the graph's order.
    #[must_use]
    pub fn new(records: &[&FileRecord], graph: &FileGraph) -> Self {
        let definitions = Definitions::of(records);
        let mut found = Found { slots: vec![UNUSED; definitions.names.len() * MAX_DEFINERS], ..Found::default() };
        let mut weights: Vec<Weights> = Vec::with_capacity(records.len());
        let mut bounds = Vec::with_capacity(records.len());
        for (file, record) in (0_u32..).zip(records) {
            let imported = graph.depends_on.of(file as usize);
            let mut uses: Weights = imported.iter().map(|&to| (to, 1.0)).collect();
            if let Some(digest) = &record.digest {
                found.follow(file, digest, &definitions, graph, &mut uses);
            }
            merge(&mut uses);
            weights.push(uses);
            bounds.push(found.uses.len());
        }
        let starts: Vec<bool> =
            records.iter().map(|record| record.class == FileClass::Source && record.digest.is_some()).collect();
        let file_ranks = pagerank(&weights, &starts);
        found.into_references(&definitions, &weights, &bounds, file_ranks)
    }

    /// Who uses a symbol, by its index in [`References::symbols`]; sorted by file.
    #[must_use]
    pub fn users(&self, symbol: usize) -> &[User] {
        let bounds = self.offsets.get(symbol).zip(self.offsets.get(symbol + 1));
        bounds.and_then(|(&from, &to)| self.users.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// The indices of a file's symbols in [`References::symbols`].
    #[must_use]
    pub fn of_file(&self, file: u32) -> std::ops::Range<usize> {
        self.symbols.partition_point(|symbol| symbol.file < file)
            ..self.symbols.partition_point(|symbol| symbol.file <= file)
    }

    /// A file's symbol with its index in [`References::symbols`]; `None` where nobody outside uses it.
    #[must_use]
    pub fn find(&self, file: u32, name: &str) -> Option<(usize, &Symbol)> {
        let range = self.of_file(file);
        let symbols = self.symbols.get(range.clone())?;
        let at = symbols.binary_search_by(|symbol| (*symbol.name).cmp(name)).ok()?;
        symbols.get(at).map(|symbol| (range.start + at, symbol))
    }
}

/// Languages that use each other's names.
fn family(language: Language) -> usize {
    match language {
        Language::C | Language::Cpp => 0,
        Language::JavaScript | Language::TypeScript | Language::Tsx => 1,
        Language::Bash => 2,
        Language::CSharp => 3,
        Language::Go => 4,
        Language::Java => 5,
        Language::Php => 6,
        Language::Python => 7,
        Language::Ruby => 8,
        Language::Rust => 9,
    }
}

const FAMILIES: usize = 10;
const UNUSED: u32 = u32::MAX;

/// Names that files define, numbered in order of file and name.
struct Definitions<'a> {
    ids: [FxHashMap<&'a str, u32>; FAMILIES],
    names: Vec<Name<'a>>,
    sieve: Sieve,
}

/// One bit per hash of a name: most names that files use are defined nowhere here, and this says so without touching the
/// maps, which do not fit into the processor's nearest caches.
struct Sieve(Vec<u64>);

impl Sieve {
    fn of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let words = (names.len() / 4).next_power_of_two().clamp(16, 1 << 16);
        let mut sieve = Self(vec![0; words]);
        for name in names {
            let (word, bit) = sieve.place(name);
            if let Some(word) = sieve.0.get_mut(word) {
                *word |= bit;
            }
        }
        sieve
    }

    fn may_hold(&self, name: &str) -> bool {
        let (word, bit) = self.place(name);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, name: &str) -> (usize, u64) {
        let hash = FxBuildHasher.hash_one(name);
        #[allow(clippy::cast_possible_truncation, reason = "only the low bits choose a word")]
        let word = (hash >> 6) as usize & (self.0.len() - 1);
        (word, 1 << (hash & 63))
    }
}

struct Name<'a> {
    name: &'a str,
    /// Files that define it; more than fit into `definers` make it common.
    count: u32,
    definers: [u32; MAX_DEFINERS],
}

impl<'a> Definitions<'a> {
    fn of(records: &[&'a FileRecord]) -> Self {
        let mut all = Self { ids: Default::default(), names: Vec::new(), sieve: Sieve(Vec::new()) };
        for (file, record) in (0_u32..).zip(records) {
            let Some(digest) = &record.digest else { continue };
            for name in &digest.definitions {
                all.add(family(digest.language), name, file);
            }
        }
        all.sieve = Sieve::of(all.names.iter().map(|name| name.name));
        all
    }

    fn add(&mut self, family: usize, name: &'a str, file: u32) {
        let Some(ids) = self.ids.get_mut(family) else { return };
        let id = *ids.entry(name).or_insert_with(|| {
            self.names.push(Name { name, count: 0, definers: [UNUSED; MAX_DEFINERS] });
            u32::try_from(self.names.len() - 1).unwrap_or(UNUSED)
        });
        if let Some(entry) = self.names.get_mut(id as usize) {
            if let Some(slot) = entry.definers.get_mut(entry.count as usize) {
                *slot = file;
            }
            entry.count += 1;
        }
    }

    fn get(&self, family: usize, name: &str) -> Option<(u32, &Name<'a>)> {
        if !self.sieve.may_hold(name) {
            return None;
        }
        let id = *self.ids.get(family)?.get(name)?;
        self.names.get(id as usize).map(|entry| (id, entry))
    }
}

/// One use of one symbol, before symbols are sorted.
struct Use {
    symbol: u32,
    user: User,
    weight: f64,
}

#[derive(Default)]
struct Found {
    /// Name and definer to symbol.
    slots: Vec<u32>,
    /// Name and definer of each symbol, in order of first use.
    symbols: Vec<(u32, u32)>,
    uses: Vec<Use>,
    tally: NameTally,
}

impl Found {
    fn follow(
        &mut self,
        file: u32,
        digest: &Digest,
        definitions: &Definitions<'_>,
        graph: &FileGraph,
        out: &mut Weights,
    ) {
        let family = family(digest.language);
        let imported = graph.depends_on.of(file as usize);
        for (name, count) in digest.references.iter().zip(&digest.uses) {
            let Some((id, entry)) = definitions.get(family, name) else { continue };
            let definers = entry.definers.get(..entry.count as usize);
            let Some(definers) = definers else {
                self.tally.common += 1;
                continue;
            };
            if definers.contains(&file) {
                continue;
            }
            let is_linked = |to: &&u32| imported.binary_search(to).is_ok();
            let linked = definers.iter().filter(is_linked).count();
            let kind = match (linked, definers.len()) {
                (0, 1) => &mut self.tally.unique,
                (0, _) => &mut self.tally.ambiguous,
                _ => &mut self.tally.linked,
            };
            *kind += 1;
            let candidates = if linked > 0 { linked } else { definers.len() };
            let weight = weight(name, *count, candidates);
            for (slot, &to) in definers.iter().enumerate().filter(|(_, to)| linked == 0 || is_linked(to)) {
                out.push((to, weight));
                let confidence = if linked > 0 {
                    graph.surest(file as usize, to).map_or(UNIQUE_CONFIDENCE, |edge| edge.confidence)
                } else if definers.len() == 1 {
                    UNIQUE_CONFIDENCE
                } else {
                    continue;
                };
                let user = User { file, count: *count, confidence, linked: linked > 0 };
                let symbol = self.symbol(id, slot);
                self.uses.push(Use { symbol, user, weight });
            }
        }
    }

    fn symbol(&mut self, name: u32, slot: usize) -> u32 {
        let Some(known) = self.slots.get_mut(name as usize * MAX_DEFINERS + slot) else { return UNUSED };
        if *known == UNUSED {
            *known = u32::try_from(self.symbols.len()).unwrap_or(UNUSED);
            self.symbols.push((name, u32::try_from(slot).unwrap_or(UNUSED)));
        }
        *known
    }

    /// Sorts symbols by file and name, their users by file, and hands each symbol the rank its users pass on.
    fn into_references(
        self,
        definitions: &Definitions<'_>,
        weights: &[Weights],
        bounds: &[usize],
        file_ranks: Vec<f64>,
    ) -> References {
        let key = |&(name, slot): &(u32, u32)| {
            let name = definitions.names.get(name as usize);
            let file = name.and_then(|name| name.definers.get(slot as usize)).copied().unwrap_or(UNUSED);
            (file, name.map_or("", |name| name.name))
        };
        let mut order: Vec<u32> = (0_u32..).take(self.symbols.len()).collect();
        order.sort_unstable_by_key(|&symbol| self.symbols.get(symbol as usize).map(key));
        let mut place = vec![0_u32; order.len()];
        for (at, &symbol) in (0_u32..).zip(&order) {
            if let Some(slot) = place.get_mut(symbol as usize) {
                *slot = at;
            }
        }
        let mut ranks = vec![0.0_f64; order.len()];
        let mut counts = vec![0_u32; order.len() + 1];
        let mut start = 0;
        for ((&end, file), rank) in bounds.iter().zip(weights).zip(&file_ranks) {
            let all: f64 = file.iter().map(|(_, weight)| weight).sum();
            for used in self.uses.get(start..end).unwrap_or_default() {
                let at = place.get(used.symbol as usize).map_or(usize::MAX, |&at| at as usize);
                if let (Some(sum), Some(count)) = (ranks.get_mut(at), counts.get_mut(at.saturating_add(1))) {
                    *sum += rank * used.weight / all;
                    *count += 1;
                }
            }
            start = end;
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        let mut next = counts.clone();
        let mut users = vec![User { file: 0, count: 0, confidence: 0, linked: false }; self.uses.len()];
        for used in &self.uses {
            let slot = place.get(used.symbol as usize).and_then(|&at| next.get_mut(at as usize));
            if let Some(slot) = slot {
                if let Some(user) = users.get_mut(*slot as usize) {
                    *user = used.user;
                }
                *slot += 1;
            }
        }
        let symbols = order
            .iter()
            .zip(ranks)
            .filter_map(|(&symbol, rank)| {
                let (file, name) = self.symbols.get(symbol as usize).map(key)?;
                Some(Symbol { file, name: name.into(), rank })
            })
            .collect();
        let common_names = definitions.names.iter().filter(|name| name.count as usize > MAX_DEFINERS).count() as u64;
        let tally = NameTally { common_names, ..self.tally };
        References { symbols, offsets: counts, users, file_ranks, tally }
    }
}

/// How much a use counts: the square root of the number of uses, as in aider, so that a loop over one name does not
/// outweigh a design; a tenth for names that their author marked as private; shared among candidates.
fn weight(name: &str, count: u32, candidates: usize) -> f64 {
    let marked = if name.starts_with('_') { 0.1 } else { 1.0 };
    #[allow(clippy::cast_precision_loss, reason = "at most MAX_DEFINERS")]
    let candidates = candidates.max(1) as f64;
    marked * f64::from(count).sqrt() / candidates
}

/// One entry per file used, sorted; sums in the order of names.
fn merge(uses: &mut Weights) {
    uses.sort_by_key(|(to, _)| *to);
    uses.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
}
