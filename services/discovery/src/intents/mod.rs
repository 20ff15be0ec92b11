//! What the code is for: clusters of files that belong together, named by the words that tell them from the others.
//!
//! [`graph`] binds files by uses, words and folders; [`leiden`] finds the clusters, [`stability`] how far they depend on
//! chance, and [`naming`] what they are called. A cluster that is small, that chance made, or that no word tells from the others is
//! no intent: its files are counted, with the reason.

mod graph;
pub mod leiden;
mod naming;
pub mod stability;
mod stop;
mod terms;
mod words;

use crate::components::{Components, is_markup};
use crate::documents::Document;
use crate::graph::{FileGraph, References};
use crate::query::text::plural;
use crate::record::{FileClass, FileRecord};
use graph::Bonds;
use leiden::{Network, leiden};
use naming::{Naming, Telling, slug, speaks_of};
use serde::{Deserialize, Serialize};
use stability::Stability;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use terms::Terms;

/// How fine clusters are at most: above 1, smaller ones than plain modularity finds.
const FINEST: f64 = 2.5;
/// The same network is clustered from so many seeds.
const SEEDS: u64 = 6;
/// A cluster that is found again less than this is chance.
const STABLE: f64 = 0.5;
/// A name of which less than this share of the files has a word is none.
const FITTING: f64 = 0.5;
/// Most intents.
const MAX_INTENTS: usize = 60;
/// Fewer files that ship are no system to find parts in.
const FEWEST_FILES: usize = 4;
/// What the id of an intent begins with.
pub const PREFIX: &str = "intent:";
/// Headings and symbols that are kept as evidence of one intent.
const EVIDENCE: usize = 5;

/// Every threshold and cap that shapes intents where so many files take part; shares in percent.
#[must_use]
pub fn thresholds(taking_part: usize) -> Vec<(&'static str, u64)> {
    let shares = [
        ("intent_files_alike_percent", graph::ALIKE.into()),
        ("intent_name_fits_percent", FITTING),
        ("intent_name_second_percent", naming::SECOND.into()),
        ("intent_name_together_percent", naming::TOGETHER.into()),
        ("intent_name_within_percent", naming::NAMING_SHARE.into()),
        ("intent_resolution_percent", resolution(taking_part)),
        ("intent_stable_percent", STABLE),
        ("intent_word_common_percent", terms::COMMON_SHARE.into()),
    ];
    let counts = [
        ("intent_evidence_max", EVIDENCE),
        ("intent_fewest_files", fewest_files(taking_part)),
        ("intent_files_alike_max", graph::ALIKE_FILES),
        ("intent_names_per_file", terms::MAX_NAMES),
        ("intent_rounds_max", leiden::ROUNDS as usize),
        ("intent_seeds", usize::try_from(SEEDS).unwrap_or(usize::MAX)),
        ("intent_terms_max", naming::TERMS_KEPT),
        ("intent_word_max_files", graph::MAX_FILES_OF_WORD),
        ("intent_words_compared", graph::WORDS_COMPARED),
        ("intents_fewest_files_that_ship", FEWEST_FILES),
        ("intents_max", MAX_INTENTS),
    ];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "constants between 0 and 10")]
    let shares = shares.into_iter().map(|(name, share): (_, f64)| (name, (share * 100.0).round() as u64));
    shares.chain(counts.into_iter().map(|(name, count)| (name, count as u64))).collect()
}

/// What intents are found in.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The project's name.
    pub project: &'a str,
    /// Every file, sorted by path.
    pub records: &'a [&'a FileRecord],
    /// Which depends on which.
    pub graph: &'a FileGraph,
    /// Who uses which name.
    pub references: &'a References,
    /// The parts of the system.
    pub components: &'a Components,
    /// Documents, sorted by path.
    pub documents: &'a [Document],
    /// Why nothing was read of what stands in the files, where that is so.
    pub not_read: Option<&'a str>,
}

/// What the code is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Intents {
    /// The intents, those with the largest share first.
    pub all: Vec<Intent>,
    /// The intent of each file of the model.
    pub of_file: Vec<Option<u32>>,
    /// How far clusters are found again from other seeds, 0 to 1, over all files that take part.
    pub stability: f64,
    /// The modularity of the partition that intents were taken from.
    pub modularity: f64,
    /// Files that take part: code that people write and ship.
    pub files: u32,
    /// Of them, files without an intent, by the reason.
    pub unnamed: BTreeMap<Unnamed, u32>,
    /// Why there are none, where they were not looked for.
    pub declined: Option<Box<str>>,
    /// Documents whose headings were read.
    pub documents: u32,
    /// Files that take part and were not parsed: only their paths speak for them.
    pub unparsed: u32,
    /// Pairs of files that are known to have changed together.
    pub co_changes: u32,
}

/// Why files that take part have no intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unnamed {
    /// Their cluster has too few files.
    Small,
    /// Their cluster is not found again from other seeds.
    Unstable,
    /// No word tells their cluster from the others.
    NoWord,
    /// There are more clusters than [`MAX_INTENTS`], and theirs is among the smallest.
    BeyondCap,
}

impl Unnamed {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Unstable => "unstable",
            Self::NoWord => "no_word",
            Self::BeyondCap => "beyond_cap",
        }
    }

    /// For people, after a number of files.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Small => "in groups too small to be an intent",
            Self::Unstable => "in groups that chance made",
            Self::NoWord => "in groups that no word tells from the others",
            Self::BeyondCap => "in groups beyond the most that are listed",
        }
    }
}

/// Files that are there for one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// `intent:` and its name.
    pub id: Box<str>,
    /// A few words.
    pub name: Box<str>,
    /// The words that tell it from the others with their scores, the most telling first.
    pub terms: Vec<(Box<str>, f32)>,
    /// Its files, those that the rest leans on most first.
    pub files: Vec<u32>,
    /// Share of the lines of code and of the reference rank of all files that take part: the mean of both.
    pub share: f64,
    /// Pairs of files of which one depends on the other, both in it.
    pub edges_inside: u32,
    /// The same with one of them outside.
    pub edges_outside: u32,
    /// How far it is found again from other seeds, 0 to 1.
    pub stability: f64,
    /// Share of its files, by size, that have a word of its name, 0 to 1.
    pub named_by: f64,
    /// Components that its files lie in, most files first.
    pub components: Vec<u32>,
    /// Headings that speak of it, each with the path of its document.
    pub headings: Vec<(Box<str>, Box<str>)>,
    /// What others use of it most, by file.
    pub symbols: Vec<(u32, Box<str>)>,
}

impl Intent {
    /// How sure it is, in percent: no surer than it is stable and than its name fits its files.
    #[must_use]
    pub fn confidence(&self) -> u8 {
        percent(self.stability.min(self.named_by))
    }

    /// How far it is found again from other seeds, in percent.
    #[must_use]
    pub fn stable(&self) -> u8 {
        percent(self.stability)
    }

    /// Share of its files, by size, that have a word of its name, in percent.
    #[must_use]
    pub fn fits(&self) -> u8 {
        percent(self.named_by)
    }

    /// Share of the edges at its files that stay inside, in percent; `None` where there are none.
    #[must_use]
    pub fn cohesion(&self) -> Option<u8> {
        let all = self.edges_inside + self.edges_outside;
        (all > 0).then(|| percent(f64::from(self.edges_inside) / f64::from(all)))
    }
}

impl Intents {
    /// The intent with this id, with or without `intent:`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        let slug = id.strip_prefix(PREFIX).unwrap_or(id);
        self.all.iter().position(|intent| intent.id.strip_prefix(PREFIX) == Some(slug))
    }

    /// What could not be known in a run of this mode, one sentence each.
    #[must_use]
    pub fn not_known(&self, mode: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        match (mode, self.documents) {
            _ if self.declined.is_some() => return all,
            ("code-only", _) => all.push(
                "code-only: no document and no `discovery.context` was read, so that no heading names an intent".into(),
            ),
            (_, 0) => all.push("no document with headings was found, so that none names an intent".into()),
            _ => {}
        }
        if self.co_changes == 0 {
            all.push("nothing is known of files that changed together: history took no part".into());
        }
        if self.unparsed > 0 {
            let files = plural(self.unparsed.into(), "file");
            let (are, paths) =
                if self.unparsed == 1 { ("is", "its path speaks") } else { ("are", "their paths speak") };
            all.push(format!("{files} of {} {are} not parsed: only {paths}", self.files));
        }
        all
    }

    /// Finds intents. `co_changes` are pairs of files that changed together, each with how often, from 0 to 1.
    #[must_use]
    pub fn new(parts: &Parts<'_>, co_changes: &[(u32, u32, f32)]) -> Self {
        let mut intents = Self { of_file: vec![None; parts.records.len()], ..Self::default() };
        if let Some(cause) = parts.not_read {
            intents.declined = Some(cause.into());
            return intents;
        }
        let files = taking_part(parts);
        intents.files = count(files.len());
        intents.documents = count(parts.documents.len());
        intents.co_changes = count(co_changes.len());
        if files.len() < FEWEST_FILES {
            intents.declined = Some(
                format!("only {} of code that ship: too few to find groups in", plural(files.len() as u64, "file"))
                    .into(),
            );
            return intents;
        }
        let records: Vec<&FileRecord> =
            files.iter().filter_map(|&file| parts.records.get(file as usize).copied()).collect();
        intents.unparsed = count(records.iter().filter(|record| record.digest.is_none()).count());
        let paths: Vec<&str> = records.iter().map(|record| &*record.path).collect();
        let terms = Terms::of(parts.project, &records);
        let Parts { graph, references, .. } = *parts;
        let bonds = Bonds { files: &files, paths: &paths, terms: &terms, graph, references, co_changes };
        let network = bonds.network();
        let (partition, stability) = clusters(&network);
        intents.modularity = network.modularity(&partition, 1.0);
        intents.stability = stability.overall;
        let groups = groups(&partition);
        let headings = parts.documents.iter().flat_map(|document| document.headings.iter().map(|heading| &**heading));
        let naming = Naming::new(&records, &terms, groups.len(), headings);
        let fewest = fewest_files(files.len());
        let mut found: Vec<Intent> = Vec::new();
        for (group, stability) in groups.iter().zip(&stability.of) {
            let unnamed = match () {
                () if group.len() < fewest => Unnamed::Small,
                () if *stability < STABLE => Unnamed::Unstable,
                () => match intent(parts, &naming, &files, group, *stability) {
                    Some(intent) => {
                        found.push(intent);
                        continue;
                    }
                    None => Unnamed::NoWord,
                },
            };
            *intents.unnamed.entry(unnamed).or_default() += count(group.len());
        }
        share(parts, &files, &mut found);
        found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.files.cmp(&b.files)));
        for intent in found.drain(MAX_INTENTS.min(found.len())..) {
            *intents.unnamed.entry(Unnamed::BeyondCap).or_default() += count(intent.files.len());
        }
        tell_apart(&mut found);
        for (id, intent) in (0_u32..).zip(&found) {
            for &file in &intent.files {
                if let Some(slot) = intents.of_file.get_mut(file as usize) {
                    *slot = Some(id);
                }
            }
        }
        intents.all = found;
        intents
    }
}

/// Fewer files are no intent where so many take part: two of a small system are, of a large one they are an accident.
fn fewest_files(taking_part: usize) -> usize {
    (taking_part / 100).clamp(2, 5)
}

/// How fine clusters are where so many files take part: the groups of a small system are few.
fn resolution(taking_part: usize) -> f64 {
    (f64::from(count(taking_part)) / 10.0).clamp(1.0, FINEST)
}

/// Code that people write and ship, in languages that say what they do.
fn taking_part(parts: &Parts<'_>) -> Vec<u32> {
    let takes_part = |file: u32, record: &FileRecord| {
        record.class == FileClass::Source
            && record.language.as_deref().is_some_and(|language| !is_markup(language))
            && crate::components::is_code(record)
            && parts.components.of(file).is_some_and(|component| component.kind.ships())
            && !parts.components.is_apart(file, &record.path)
    };
    let all = (0_u32..).zip(parts.records);
    all.filter(|(file, record)| takes_part(*file, record)).map(|(file, _)| file).collect()
}

/// The best partition of several, and how far it is found again in the others.
fn clusters(network: &Network) -> (Vec<u32>, Stability) {
    let mut all: Vec<(f64, Vec<u32>)> = Vec::new();
    for seed in 0..SEEDS {
        let partition = leiden(network, resolution(network.nodes()), seed);
        all.push((network.modularity(&partition, resolution(network.nodes())), partition));
    }
    // The sort is stable: of equals the one of the first seed.
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut all = all.into_iter().map(|(_, partition)| partition);
    let best = all.next().unwrap_or_default();
    let stability = Stability::new(&best, &all.collect::<Vec<_>>());
    (best, stability)
}

/// The nodes of each community.
fn groups(partition: &[u32]) -> Vec<Vec<u32>> {
    let mut groups = vec![Vec::new(); partition.iter().max().map_or(0, |max| *max as usize + 1)];
    for (node, &community) in (0_u32..).zip(partition) {
        if let Some(group) = groups.get_mut(community as usize) {
            group.push(node);
        }
    }
    groups
}

/// The intent of a group of nodes, where words tell it from the others.
fn intent(parts: &Parts<'_>, naming: &Naming<'_>, files: &[u32], group: &[u32], stability: f64) -> Option<Intent> {
    let mut telling = naming.telling(group);
    let (name, words) = naming.name(group, &mut telling)?;
    let named_by = naming.share(group, &words);
    if named_by < FITTING {
        return None;
    }
    let in_name: Vec<Telling> = telling.iter().filter(|word| words.contains(&word.term)).cloned().collect();
    let mut own: Vec<u32> = group.iter().filter_map(|&node| files.get(node as usize).copied()).collect();
    let (edges_inside, edges_outside) = edges(parts, &own);
    let symbols = symbols(parts, &own);
    let components = components(parts, &own);
    let rank = |file: u32| parts.references.file_ranks.get(file as usize).copied().unwrap_or(0.0);
    own.sort_by(|&a, &b| rank(b).total_cmp(&rank(a)).then(a.cmp(&b)));
    Some(Intent {
        id: Box::default(),
        headings: headings(parts, naming, &in_name),
        name: name.into(),
        terms: telling.into_iter().map(|word| (word.word.into(), word.score)).collect(),
        files: own,
        share: 0.0,
        edges_inside,
        edges_outside,
        stability,
        named_by,
        components,
        symbols,
    })
}

/// Edges within these files (sorted), and between them and others.
fn edges(parts: &Parts<'_>, own: &[u32]) -> (u32, u32) {
    let is_own = |file: &u32| own.binary_search(file).is_ok();
    let (mut inside, mut outside) = (0, 0);
    for &file in own {
        let to = parts.graph.depends_on.of(file as usize);
        let from = parts.graph.dependents.of(file as usize);
        let within = count(to.iter().filter(|to| is_own(to)).count());
        inside += within;
        outside += count(to.len()) - within + count(from.iter().filter(|from| !is_own(from)).count());
    }
    (inside, outside)
}

/// What other files use most of these (sorted).
fn symbols(parts: &Parts<'_>, own: &[u32]) -> Vec<(u32, Box<str>)> {
    let all = own.iter().flat_map(|&file| parts.references.symbols.get(parts.references.of_file(file))).flatten();
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| (a.file, &a.name).cmp(&(b.file, &b.name))));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let first = all.into_iter().filter(|symbol| told.insert(&symbol.name)).take(EVIDENCE);
    first.map(|symbol| (symbol.file, symbol.name.clone())).collect()
}

/// The components of these files, most files first.
fn components(parts: &Parts<'_>, own: &[u32]) -> Vec<u32> {
    let mut files: BTreeMap<u32, usize> = BTreeMap::new();
    for component in own.iter().filter_map(|&file| parts.components.of_file.get(file as usize).copied().flatten()) {
        *files.entry(component).or_default() += 1;
    }
    let mut all: Vec<(u32, usize)> = files.into_iter().collect();
    all.sort_by_key(|&(component, files)| (Reverse(files), component));
    all.into_iter().map(|(component, _)| component).collect()
}

/// The headings that speak of these words most.
fn headings(parts: &Parts<'_>, naming: &Naming<'_>, telling: &[Telling]) -> Vec<(Box<str>, Box<str>)> {
    let mut found: Vec<(f32, &Document, &str)> = Vec::new();
    for document in parts.documents.iter().filter(|document| !tells_of_releases(&document.path)) {
        let scored =
            document.headings.iter().map(|heading| (speaks_of(heading, telling, naming.terms), document, &**heading));
        found.extend(scored.filter(|(score, ..)| *score > 0.0));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1.path, a.2).cmp(&(&b.1.path, b.2))));
    found.dedup_by(|later, first| later.2 == first.2);
    found.into_iter().take(EVIDENCE).map(|(_, document, heading)| (document.path.clone(), heading.into())).collect()
}

/// Whether a document is a list of releases: what it says of a thing is when it changed.
fn tells_of_releases(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["changelog", "changes", "history", "news", "release", "upgrad", "licen", "copying", "contributing"]
        .iter()
        .any(|start| name.starts_with(start) || (name.contains(start) && *start != "news"))
}

/// Gives each intent its share of the files that take part.
fn share(parts: &Parts<'_>, files: &[u32], found: &mut [Intent]) {
    let lines = |file: u32| parts.records.get(file as usize).map_or(0.0, |record| f64::from(record.lines.code));
    let rank = |file: u32| parts.references.file_ranks.get(file as usize).copied().unwrap_or(0.0);
    let sums = |files: &[u32]| {
        let add = |sum: (f64, f64), &file: &u32| (sum.0 + lines(file), sum.1 + rank(file));
        files.iter().fold((0.0, 0.0), add)
    };
    let all = sums(files);
    for intent in found {
        let own = sums(&intent.files);
        let of = |own: f64, all: f64| if all > 0.0 { own / all } else { 0.0 };
        intent.share = (of(own.0, all.0) + of(own.1, all.1)) / 2.0;
    }
}

/// Adds to a name that several intents have the first word that only one of them has, and numbers ids where there is none.
fn tell_apart(found: &mut [Intent]) {
    let mut of_name: BTreeMap<Box<str>, Vec<usize>> = BTreeMap::new();
    for (at, intent) in found.iter().enumerate() {
        of_name.entry(intent.name.clone()).or_default().push(at);
    }
    for namesakes in of_name.into_values().filter(|namesakes| namesakes.len() > 1) {
        let words =
            |at: &usize| found.get(*at).into_iter().flat_map(|intent| intent.terms.iter().map(|(word, _)| &**word));
        let own = |at: &usize| {
            let others =
                |word: &&str| namesakes.iter().any(|other| other != at && words(other).any(|known| known == *word));
            words(at).find(|word| !others(word)).map(|word| (*at, word.to_owned()))
        };
        let told: Vec<(usize, String)> = namesakes.iter().filter_map(own).collect();
        for (at, word) in told {
            if let Some(intent) = found.get_mut(at) {
                intent.name = format!("{} ({word})", intent.name).into();
            }
        }
    }
    let mut taken: BTreeSet<Box<str>> = BTreeSet::new();
    for intent in found {
        let base = format!("{PREFIX}{}", slug(&intent.name));
        let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
        let id = std::iter::once(base.clone()).chain(numbered).map(Box::<str>::from).find(|id| !taken.contains(id));
        intent.id = id.unwrap_or_default();
        taken.insert(intent.id.clone());
    }
}

fn percent(share: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let whole = (share.clamp(0.0, 1.0) * 100.0).round() as u8;
    whole
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
