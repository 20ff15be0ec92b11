//! Uses of names across files: who uses what a file defines, how sure that is, and what is used most.
//!
//! A use counts once per file and name. Where the using file depends on a file that defines the name, that is the one
//! (`linked`). So it is where what it depends on passes the name on: `from flask import Flask` names the package, which has it
//! from `app.py`. Where only one file of the language family defines it, it is taken with a low confidence (`unique`): the name
//! may as well be that of something that is not in the repository, so it lends no rank. Otherwise nothing decides
//! (`ambiguous`). Names that no other file can name (C's `static`, Rust's private items) are looked for nowhere, and those
//! that only their package can (Go's in lower case) only there.

use super::rank::{Weights, pagerank, sum};
use super::through_headers::{Follower, ThroughHeaders};
use super::{Csr, FileGraph, MAX_DEFINERS};
use crate::record::{Digest, FileClass, FileRecord};
use codexa_model::Language;
use codexa_model::facts::SymbolKind;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::hash::BuildHasher;

/// Confidence of a use whose name only one file defines, in percent.
const UNIQUE_CONFIDENCE: u8 = 60;
/// Confidence of a use whose name is passed on by a file between, in percent.
const PASSED_ON_CONFIDENCE: u8 = 80;

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
    /// Of each file, whether another uses a name that may be one that it defines, however many define it.
    pub named: Vec<bool>,
    /// Who uses what sources of C define and headers declare. It lends no rank.
    pub through_headers: ThroughHeaders,
    /// Of each file, who uses members that it adds to a type of another file. It lends no rank either.
    pub members: Csr,
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
    /// Whether the file depends on the defining file, or on one that passes the name on (else only the name says so).
    pub linked: bool,
}

/// What the uses of names came to; one use is one name in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameTally {
    /// The using file depends on a file that defines the name, or on one that passes it on.
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
        let mut found = Found { named: vec![false; definitions.all.len()], ..Found::default() };
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
        let through_headers = through_headers(records, graph, &definitions);
        let found = found.into_references(&definitions, &weights, &bounds, file_ranks);
        let members = super::members::users(records, graph, &found);
        References { through_headers, members, ..found }
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

    /// Who uses a name of a file; nobody where nobody outside does.
    #[must_use]
    pub fn users_of(&self, file: u32, name: &str) -> &[User] {
        self.find(file, name).map_or(&[], |(at, _)| self.users(at))
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

/// What files define. Definitions are numbered in order of file and name, which is the order of symbols.
#[derive(Default)]
struct Definitions<'a> {
    ids: [FxHashMap<&'a str, u32>; FAMILIES],
    /// Names that only their package can name, with it.
    narrow: FxHashMap<(u32, &'a str), u32>,
    /// The package of each file, in languages that have such names; 0 elsewhere.
    packages: Vec<u32>,
    /// File and name of each definition.
    all: Vec<(u32, &'a str)>,
    /// The definitions of each name, by its id.
    of_name: Csr,
    sieve: Sieve,
}

impl<'a> Definitions<'a> {
    fn of(records: &[&'a FileRecord]) -> Self {
        let mut found = Self::default();
        let mut pairs = Vec::new();
        found.packages = packages(records);
        for ((file, record), package) in (0_u32..).zip(records).zip(&found.packages) {
            let Some(digest) = &record.digest else { continue };
            let Some(ids) = found.ids.get_mut(family(digest.language)) else { continue };
            for (at, name) in (0_u32..).zip(digest.definitions.iter()) {
                if digest.hidden.binary_search(&at).is_ok() {
                    continue;
                }
                let next = u32::try_from(found.sieve.names).unwrap_or(u32::MAX);
                let is_narrow = digest.package_only.binary_search(&at).is_ok();
                let id = if is_narrow {
                    *found.narrow.entry((*package, name)).or_insert(next)
                } else {
                    *ids.entry(name).or_insert(next)
                };
                found.sieve.names += usize::from(id == next);
                pairs.push((id, u32::try_from(found.all.len()).unwrap_or(u32::MAX)));
                found.all.push((file, name));
            }
        }
        let names = found.sieve.names;
        found.sieve = Sieve::of(names, found.all.iter().map(|(_, name)| *name));
        found.of_name = Csr::new(names, pairs);
        found
    }

    /// The definitions of a name that a file may mean; `None` where there are none.
    fn get(&self, family: usize, file: u32, name: &str) -> Option<Cow<'_, [u32]>> {
        if !self.sieve.may_hold(name) {
            return None;
        }
        let of = |id: Option<&u32>| id.map(|&id| self.of_name.of(id as usize));
        let wide = of(self.ids.get(family)?.get(name));
        let package = self.packages.get(file as usize).copied().filter(|package| *package > 0);
        let narrow = package.and_then(|package| of(self.narrow.get(&(package, name))));
        match (wide, narrow) {
            (Some(all), None) | (None, Some(all)) => Some(Cow::Borrowed(all)),
            (Some(wide), Some(narrow)) => {
                let mut all = [wide, narrow].concat();
                all.sort_unstable();
                Some(Cow::Owned(all))
            }
            (None, None) => None,
        }
    }

    fn file(&self, definition: u32) -> u32 {
        self.all.get(definition as usize).map_or(u32::MAX, |(file, _)| *file)
    }
}

/// The package of each file whose language has names for a package alone: a folder of Go, a declared package of Java.
fn packages(records: &[&FileRecord]) -> Vec<u32> {
    let mut known: FxHashMap<(Language, &str), u32> = FxHashMap::default();
    let ids = records.iter().map(|record| {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX).saturating_add(1);
        package(record).map_or(0, |package| *known.entry(package).or_insert(next))
    });
    ids.collect()
}

fn package(record: &FileRecord) -> Option<(Language, &str)> {
    let digest = record.digest.as_ref()?;
    let package = match digest.language {
        Language::Go => record.path.rsplit_once('/').map_or("", |(folder, _)| folder),
        Language::Java => digest.module.as_deref().unwrap_or_default(),
        _ => return None,
    };
    Some((digest.language, package))
}

/// One bit per hash of a name: most names that files use are defined nowhere here, and this says so without touching the
/// maps, which do not fit into the processor's nearest caches.
#[derive(Default)]
struct Sieve {
    names: usize,
    bits: Vec<u64>,
}

impl Sieve {
    fn of<'a>(count: usize, names: impl Iterator<Item = &'a str>) -> Self {
        let words = (count / 4).next_power_of_two().clamp(16, 1 << 18);
        let mut sieve = Self { names: count, bits: vec![0; words] };
        for name in names {
            let (word, bit) = sieve.place(name);
            if let Some(word) = sieve.bits.get_mut(word) {
                *word |= bit;
            }
        }
        sieve
    }

    fn may_hold(&self, name: &str) -> bool {
        let (word, bit) = self.place(name);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, name: &str) -> (usize, u64) {
        let hash = FxBuildHasher.hash_one(name);
        #[allow(clippy::cast_possible_truncation, reason = "only the low bits choose a word")]
        let word = (hash >> 6) as usize & self.bits.len().wrapping_sub(1);
        (word, 1 << (hash & 63))
    }
}

/// One use of one definition by the file whose turn it is.
struct Use {
    definition: u32,
    count: u32,
    weight: f32,
    confidence: u8,
    linked: bool,
}

#[derive(Default)]
struct Found {
    /// In the order of using files.
    uses: Vec<Use>,
    /// Definitions whose name another file uses.
    named: Vec<bool>,
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
        let mut behind = None;
        for (name, count) in digest.references.iter().zip(&digest.uses) {
            let Some(candidates) = definitions.get(family, file, name) else { continue };
            let is_own = digest.definitions.holds(name);
            // In C, who uses a name declares it, itself or in a header, and another file defines it.
            if !is_own || is_of_c(digest.language) {
                self.name(file, &candidates, definitions);
            }
            if is_own {
                continue;
            }
            if candidates.len() > MAX_DEFINERS {
                self.tally.common += 1;
                continue;
            }
            let is_linked = |&definition: &u32| imported.binary_search(&definitions.file(definition)).is_ok();
            let linked = candidates.iter().filter(|definition| is_linked(definition)).count();
            if linked == 0 && passes_names_on(digest.language) {
                let behind = behind.get_or_insert_with(|| files_behind(graph, imported));
                let is_behind = |definition: &&u32| behind.binary_search(&definitions.file(**definition)).is_ok();
                let mut passed_on = candidates.iter().filter(is_behind);
                if let (Some(&definition), None) = (passed_on.next(), passed_on.next()) {
                    self.tally.linked += 1;
                    let confidence = PASSED_ON_CONFIDENCE;
                    self.uses.push(Use { definition, count: *count, weight: 0.0, confidence, linked: true });
                    continue;
                }
            }
            *match (linked, candidates.len()) {
                (0, 1) => &mut self.tally.unique,
                (0, _) => &mut self.tally.ambiguous,
                _ => &mut self.tally.linked,
            } += 1;
            if let (0, &[definition]) = (linked, &*candidates) {
                let confidence = UNIQUE_CONFIDENCE;
                self.uses.push(Use { definition, count: *count, weight: 0.0, confidence, linked: false });
                continue;
            }
            let weight = weight(name, *count, linked);
            for &definition in candidates.iter().filter(|definition| is_linked(definition)) {
                let to = definitions.file(definition);
                out.push((to, weight));
                let confidence = graph.surest(file as usize, to).map_or(UNIQUE_CONFIDENCE, |edge| edge.confidence);
                self.uses.push(Use { definition, count: *count, weight, confidence, linked: true });
            }
        }
    }

    /// Notes that a file may mean these. Of many with one name all were noted when the first were.
    fn name(&mut self, file: u32, candidates: &[u32], definitions: &Definitions<'_>) {
        let is_noted = |definition: &u32| self.named.get(*definition as usize).is_some_and(|named| *named);
        if candidates.len() > MAX_DEFINERS && candidates.iter().take(2).all(is_noted) {
            return;
        }
        for &definition in candidates.iter().filter(|definition| definitions.file(**definition) != file) {
            if let Some(named) = self.named.get_mut(definition as usize) {
                *named = true;
            }
        }
    }

    /// Gathers users by symbol and hands each symbol the rank its users pass on. Definitions nobody uses fall away.
    fn into_references(
        self,
        definitions: &Definitions<'_>,
        weights: &[Weights],
        bounds: &[usize],
        file_ranks: Vec<f64>,
    ) -> References {
        let mut ranks = vec![0.0_f64; definitions.all.len()];
        let mut ends = vec![0_u32; definitions.all.len()];
        for (uses, _, file) in self.by_file(bounds) {
            let all = sum(weights.get(file).map_or(&[], Vec::as_slice));
            let rank = file_ranks.get(file).copied().unwrap_or(0.0);
            for used in uses {
                let at = used.definition as usize;
                if let (Some(sum), Some(count)) = (ranks.get_mut(at), ends.get_mut(at)) {
                    *sum += if all > 0.0 { rank * f64::from(used.weight) / all } else { 0.0 };
                    *count += 1;
                }
            }
        }
        let mut symbols = Vec::new();
        let mut offsets = vec![0_u32];
        let mut next = 0_u32;
        for ((end, &(file, name)), &rank) in ends.iter_mut().zip(&definitions.all).zip(&ranks) {
            let users = std::mem::replace(end, next);
            if users > 0 {
                next += users;
                offsets.push(next);
                symbols.push(Symbol { file, name: name.into(), rank });
            }
        }
        let mut users = vec![User { file: 0, count: 0, confidence: 0, linked: false }; self.uses.len()];
        for (uses, id, _) in self.by_file(bounds) {
            for used in uses {
                let Some(end) = ends.get_mut(used.definition as usize) else { continue };
                if let Some(user) = users.get_mut(*end as usize) {
                    *user = User { file: id, count: used.count, confidence: used.confidence, linked: used.linked };
                }
                *end += 1;
            }
        }
        let mut named = vec![false; file_ranks.len()];
        for ((file, _), _) in definitions.all.iter().zip(&self.named).filter(|(_, is_named)| **is_named) {
            if let Some(named) = named.get_mut(*file as usize) {
                *named = true;
            }
        }
        let is_common = |name: &usize| definitions.of_name.of(*name).len() > MAX_DEFINERS;
        let common_names = (0..definitions.of_name.nodes()).filter(is_common).count() as u64;
        let tally = NameTally { common_names, ..self.tally };
        References { symbols, offsets, users, file_ranks, named, tally, ..References::default() }
    }

    /// The uses of each file, with the file as id and as index.
    fn by_file<'f>(&'f self, bounds: &'f [usize]) -> impl Iterator<Item = (&'f [Use], u32, usize)> {
        let starts = std::iter::once(0).chain(bounds.iter().copied());
        let slices = starts.zip(bounds).map(|(start, &end)| self.uses.get(start..end).unwrap_or_default());
        slices.zip(0_u32..).zip(0..).map(|((uses, id), at)| (uses, id, at))
    }
}

fn is_of_c(language: Language) -> bool {
    matches!(language, Language::C | Language::Cpp)
}

/// Who uses what sources of C define: first which headers declare it, then who includes those and uses the name.
fn through_headers(records: &[&FileRecord], graph: &FileGraph, definitions: &Definitions<'_>) -> ThroughHeaders {
    let of_c = |file: u32| {
        let digest = records.get(file as usize)?.digest.as_deref()?;
        is_of_c(digest.language).then_some(digest)
    };
    let place = |definition| definitions.file(definition);
    let named = |file, digest: &Digest, name| {
        let all = definitions.get(family(digest.language), file, name)?;
        (2..=MAX_DEFINERS).contains(&all.len()).then_some(all)
    };
    let mut follower = Follower::new(records, graph);
    let mut id = 0;
    for own in definitions.all.chunk_by(|a, b| a.0 == b.0) {
        let file = own.first().map_or(u32::MAX, |(file, _)| *file);
        if let Some(digest) = of_c(file).filter(|_| !follower.is_header(file)) {
            let callable = callable(digest);
            follower.turn_to(file);
            for (id, (_, name)) in (id..).zip(own).filter(|(_, (_, name))| callable.contains(name)) {
                named(file, digest, name).inspect(|all| follower.declare(id, all, place));
            }
        }
        id += u32::try_from(own.len()).unwrap_or(u32::MAX);
    }
    let declared = follower.declared(definitions.all.len());
    for (file, digest) in (0_u32..).zip(records).filter_map(|(file, _)| Some((file, of_c(file)?))) {
        follower.turn_to(file);
        for name in digest.references.iter().filter(|name| !digest.definitions.holds(name)) {
            named(file, digest, name).inspect(|all| follower.follow(all, &declared, place));
        }
    }
    follower.finish(&declared, &definitions.all)
}

/// What a source defines that others can mean by a name: its macros and types are its own.
fn callable(digest: &Digest) -> FxHashSet<&str> {
    let named = |kind| matches!(kind, SymbolKind::Function | SymbolKind::Variable | SymbolKind::Constant);
    digest.offers.iter().filter(|offer| named(offer.kind)).map(|offer| last_of(offer.name)).collect()
}

fn last_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

/// Whether files of the language hand names on that they have from others.
fn passes_names_on(language: Language) -> bool {
    use Language::{JavaScript, Python, Rust, Tsx, TypeScript};
    matches!(language, JavaScript | Python | Rust | Tsx | TypeScript)
}

/// What these files depend on, sorted.
fn files_behind(graph: &FileGraph, files: &[u32]) -> Vec<u32> {
    let mut behind: Vec<u32> = files.iter().flat_map(|&file| graph.depends_on.of(file as usize)).copied().collect();
    behind.sort_unstable();
    behind.dedup();
    behind
}

/// How much a use counts: the square root of the number of uses, as in aider, so that a loop over one name does not
/// outweigh a design; a tenth for names that their author marked as private; shared among candidates.
fn weight(name: &str, count: u32, candidates: usize) -> f32 {
    let marked = if name.starts_with('_') { 0.1 } else { 1.0 };
    #[allow(clippy::cast_precision_loss, reason = "counts are small, and a rounded weight is the same everywhere")]
    let (count, candidates) = (count as f32, candidates.max(1) as f32);
    marked * count.sqrt() / candidates
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
