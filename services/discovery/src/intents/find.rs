//! From files to intents: clusters with names, and the reasons where there are none.

use super::clusters::{Clusters, clusters, groups, is_large};
use super::evidence::{components, edges, is_aside, symbols, telling_end};
use super::graph::{Bonds, Pair, alike};
use super::leiden::Network;
use super::memory::{Memory, Remembered};
use super::naming::{Name, Naming, Telling, slug};
use super::terms::{self, Terms};
use super::{BOUND, FEWEST_FILES, FITTING, Intent, Intents, MAX_INTENTS, MOST, PREFIX, Parts, STABLE, Unnamed, count};
use crate::components::{Components, is_markup};
use crate::parallel::in_turns;
use crate::query::text::plural;
use crate::record::{FileClass, FileRecord};
use std::collections::{BTreeMap, BTreeSet};

impl Intents {
    /// Finds the intents of a project of this name. `co_changes` are pairs of files that changed together, each with how
    /// often, from 0 to 1; `memory` is what was found the last time, whatever of.
    #[must_use]
    pub fn new(project: &str, parts: &Parts<'_>, co_changes: &[(u32, u32, f32)], memory: &mut Memory) -> Self {
        let mut intents = Self { of_file: vec![None; parts.records.len()], ..Self::default() };
        let files = taking_part(parts.records, parts.components);
        intents.files = count(files.len());
        intents.documents = count(parts.documents.len());
        intents.co_changes = count(co_changes.len());
        if files.len() < FEWEST_FILES {
            let few = plural(files.len() as u64, "file");
            intents.declined = Some(format!("only {few} of code that ship: too few to find groups in").into());
            return intents;
        }
        let Memory { words, communities } = memory;
        let own = own_records(&files, parts.records);
        let is_sound = |(terms, _): &(Terms, Vec<Pair>)| terms.len() == own.len();
        let keys = terms::keys(&own);
        let words = words.recall(terms::key(project, &keys), is_sound, |before| {
            let terms = Terms::of(project, &own, keys, &before.unwrap_or_default().0);
            let alike = alike(&terms);
            (terms, alike)
        });
        let found = intents.cluster(parts, &files, words, co_changes, communities);
        intents.settle(found);
        intents
    }

    /// No intents of so many files, because nothing was read of what stands in them.
    #[must_use]
    pub fn not_read(files: usize, cause: &str) -> Self {
        Self { of_file: vec![None; files], declined: Some(cause.into()), ..Self::default() }
    }

    /// The clusters of these files that are intents; the others are counted.
    fn cluster(
        &mut self,
        parts: &Parts<'_>,
        files: &[u32],
        (terms, alike): &(Terms, Vec<Pair>),
        co_changes: &[(u32, u32, f32)],
        communities: &mut Remembered<Vec<Vec<u32>>>,
    ) -> Vec<Intent> {
        let records = own_records(files, parts.records);
        self.unparsed = count(records.iter().filter(|record| record.digest.is_none()).count());
        let Parts { graph, references, .. } = *parts;
        let network = Bonds { files, records: &records, alike, graph, references, co_changes }.network();
        let lines: Vec<u64> = records.iter().map(|record| record.lines.code.into()).collect();
        let clusters = clusters(&network, &lines, communities);
        self.modularity = network.modularity(&clusters.partition, 1.0);
        self.stability = clusters.stability.overall;
        let naming = Naming::new(&records, terms, clusters.strays_from as usize, parts.documents);
        let (naming, network, all_lines) = (&naming, &network, lines.iter().sum());
        let named = Groups { parts, files, naming, network, lines: &lines, all_lines }.named(clusters);
        for (reason, files) in named.left.into_iter().filter(|(_, files)| *files > 0) {
            *self.unnamed.entry(reason).or_default() += files;
        }
        let mut found = named.intents;
        share(parts, files, &mut found);
        found
    }

    /// Ranks and tells apart what was found.
    fn settle(&mut self, mut found: Vec<Intent>) {
        found.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then(a.files.cmp(&b.files)));
        for intent in found.drain(MAX_INTENTS.min(found.len())..) {
            *self.unnamed.entry(Unnamed::BeyondCap).or_default() += count(intent.files.len());
        }
        tell_apart(&mut found);
        for (id, intent) in (0_u32..).zip(&found) {
            for &file in &intent.files {
                if let Some(slot) = self.of_file.get_mut(file as usize) {
                    *slot = Some(id);
                }
            }
        }
        self.all = found;
    }
}

/// Fewer files are no intent where so many take part: two of a small system are, of a large one they are an accident.
pub(super) fn fewest_files(taking_part: usize) -> usize {
    (taking_part / 100).clamp(2, 5)
}

/// Languages, as tokei names them, that say how the code is built and not what it does.
const BUILDS: [&str; 6] = ["Automake", "Bazel", "Just", "M4", "Meson", "Module-Definition"];

/// Folders at the top that hold what is done with the code, and not what the code does.
const CHORES: [&str; 4] = ["ci", "hack", "script", "scripts"];

fn own_records<'r>(files: &[u32], records: &[&'r FileRecord]) -> Vec<&'r FileRecord> {
    files.iter().filter_map(|&file| records.get(file as usize).copied()).collect()
}

/// Code that people write and ship, in languages that say what they do.
fn taking_part(records: &[&FileRecord], components: &Components) -> Vec<u32> {
    let takes_part = |file: u32, record: &FileRecord| {
        record.class == FileClass::Source
            && record.language.as_deref().is_some_and(|language| !is_markup(language) && !BUILDS.contains(&language))
            && crate::components::is_code(record)
            && components.of(file).is_some_and(|component| component.kind.ships())
            && !components.is_apart(file, &record.path)
            && !record.path.split('/').any(|part| part.starts_with('.'))
            && !CHORES.iter().any(|folder| record.path.split_once('/').is_some_and(|(top, _)| top == *folder))
    };
    let all = (0_u32..).zip(records);
    all.filter(|(file, record)| takes_part(*file, record)).map(|(file, _)| file).collect()
}

/// Groups of files on their way to a name.
struct Groups<'a> {
    parts: &'a Parts<'a>,
    files: &'a [u32],
    naming: &'a Naming<'a>,
    network: &'a Network,
    /// The lines of code of each, and of all.
    lines: &'a [u64],
    all_lines: u64,
}

/// A group without a name.
struct Unknown {
    nodes: Vec<u32>,
    stability: f64,
    is_stray: bool,
}

/// What came of groups.
#[derive(Default)]
struct Found {
    intents: Vec<Intent>,
    /// Files that are left without one.
    left: BTreeMap<Unnamed, u32>,
}

impl Groups<'_> {
    /// The intents that clusters are, in no order. Each is named by itself.
    fn named(&self, clusters: Clusters) -> Found {
        let Clusters { partition, stability, strays_from } = clusters;
        let all: Vec<(Vec<u32>, f64)> = groups(&partition).into_iter().zip(stability.of).collect();
        let [mut found, rest] = in_turns(all.len(), |found, number| {
            let Some((nodes, stability)) = all.get(number).cloned() else { return };
            self.name(Unknown { nodes, stability, is_stray: number >= strays_from as usize }, found);
        });
        found.intents.extend(rest.intents);
        for (reason, files) in rest.left {
            *found.left.entry(reason).or_default() += files;
        }
        found
    }

    /// Adds the intent that a group is, or those that it falls into, or the reason why it is none.
    fn name(&self, group: Unknown, found: &mut Found) {
        let mut leave = |reason: Unnamed, files: usize| *found.left.entry(reason).or_default() += count(files);
        let mut open = vec![group];
        while let Some(Unknown { nodes, stability, is_stray }) = open.pop() {
            let reason = match () {
                () if nodes.is_empty() => continue,
                () if self.is_small(&nodes) && is_stray => Unnamed::Stray,
                () if self.is_small(&nodes) => Unnamed::Small,
                () if stability < STABLE => Unnamed::Unstable,
                () => match called(self.naming, self.network, &nodes) {
                    Outcome::NoWord => Unnamed::NoWord,
                    Outcome::Two(two) => {
                        open.extend(two.map(|nodes| Unknown { nodes, stability, is_stray }));
                        continue;
                    }
                    Outcome::Named(called) if self.is_small(&called.nodes) => Unnamed::Small,
                    Outcome::Named(called) => {
                        leave(Unnamed::Stray, nodes.len() - called.nodes.len());
                        found.intents.push(intent(self.parts, self.naming, self.files, called, stability));
                        continue;
                    }
                },
            };
            leave(reason, nodes.len());
        }
    }

    /// Whether so few files are none, and do not hold much of the code either.
    fn is_small(&self, nodes: &[u32]) -> bool {
        let own = nodes.iter().filter_map(|&node| self.lines.get(node as usize)).sum();
        nodes.len() < fewest_files(self.files.len()) && !is_large(own, self.all_lines)
    }
}

/// What becomes of a group.
enum Outcome {
    Named(Called),
    /// It is two groups: what has one word of its name has not the other.
    Two([Vec<u32>; 2]),
    /// No word tells it from the others.
    NoWord,
}

/// What a group is called, and for which of its nodes.
struct Called {
    name: String,
    /// The words of the name, where words tell the group from others.
    words: Vec<u32>,
    telling: Vec<Telling>,
    named_by: f64,
    /// Those that have a word of the name or hardly have bonds to others.
    nodes: Vec<u32>,
}

/// What a group is called.
fn called(naming: &Naming<'_>, network: &Network, group: &[u32]) -> Outcome {
    let mut telling = naming.telling(group);
    if let Some(Name { text, first, second }) = naming.name(group, &mut telling) {
        let words = [&*first, &*second].concat();
        if naming.fits(group, &words) >= FITTING {
            if let Some(two) = apart(naming, network, group, [&first, &second]) {
                return Outcome::Two(two);
            }
            let belongs = |node: &u32| naming.has(*node, &words) || bound(network, group, *node) >= BOUND;
            let nodes: Vec<u32> = group.iter().copied().filter(belongs).collect();
            let named_by = naming.fits(&nodes, &words);
            return Outcome::Named(Called { name: text, words, telling, named_by, nodes });
        }
    }
    // A file by itself is always called as it is called.
    match naming.by_place(group).filter(|_| group.len() > 1) {
        Some((name, named_by)) => {
            Outcome::Named(Called { name, words: Vec::new(), telling, named_by, nodes: group.to_vec() })
        }
        None => Outcome::NoWord,
    }
}

/// The two groups that a group is where hardly a file has both words of its name, and neither word is that of most.
fn apart(naming: &Naming<'_>, network: &Network, group: &[u32], words: [&[u32]; 2]) -> Option<[Vec<u32>; 2]> {
    let has = |node: &u32| words.map(|words| naming.has(*node, words));
    let count = |wanted: [bool; 2]| group.iter().filter(|node| has(node) == wanted).count();
    let (both, first, second) = (count([true, true]), count([true, false]), count([false, true]));
    if first.min(second) == 0
        || both * 10 > first + second + both
        || words.iter().any(|it| naming.fits(group, it) >= MOST)
    {
        return None;
    }
    let own = |wanted: [bool; 2]| group.iter().copied().filter(|node| has(node) == wanted).collect::<Vec<u32>>();
    let (first, second) = (own([true, false]), own([false, true]));
    let mut parts = [first.clone(), second.clone()];
    for node in group.iter().filter(|node| has(node)[0] == has(node)[1]) {
        let nearer = usize::from(bound(network, &second, *node) > bound(network, &first, *node));
        if let Some(part) = parts.get_mut(nearer) {
            part.push(*node);
        }
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    Some(parts)
}

/// The share of a node's bonds that lie within its group, which is sorted.
fn bound(network: &Network, group: &[u32], node: u32) -> f32 {
    let (mut within, mut all) = (0.0, f32::MIN_POSITIVE);
    for (other, weight) in network.of(node) {
        all += weight;
        within += if group.binary_search(other).is_ok() { *weight } else { 0.0 };
    }
    within / all
}

/// The intent of nodes that have a name.
fn intent(parts: &Parts<'_>, naming: &Naming<'_>, files: &[u32], called: Called, stability: f64) -> Intent {
    let Called { name, words, telling, named_by, nodes } = called;
    let in_name: Vec<Telling> = telling.iter().filter(|word| words.contains(&word.term)).cloned().collect();
    let own: Vec<u32> = nodes.iter().filter_map(|&node| files.get(node as usize).copied()).collect();
    let (edges_inside, edges_outside) = edges(parts, files, &own);
    let symbols = symbols(parts, naming, &words, &own);
    let components = components(parts, &own);
    let rank = |file: u32| parts.references.file_ranks.get(file as usize).copied().unwrap_or(0.0);
    let distance = |file: u32| {
        let path = parts.records.get(file as usize).map_or("", |record| &*record.path);
        let is_near = files.binary_search(&file).is_ok_and(|node| naming.is_called(count(node), &words));
        match () {
            () if is_aside(path) || !is_near => 2,
            () if naming.speaks_of(telling_end(path), &words) => 0,
            () => 1,
        }
    };
    let mut in_order: Vec<(u8, f64, u32)> = own.iter().map(|&file| (distance(file), rank(file), file)).collect();
    in_order.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    Intent {
        id: Box::default(),
        headings: naming.headings.that_speak_of(&in_name),
        name: name.into(),
        terms: telling.into_iter().map(|word| (word.word.into(), word.score)).collect(),
        files: in_order.into_iter().map(|(.., file)| file).collect(),
        share: 0.0,
        edges_inside,
        edges_outside,
        stability,
        named_by,
        components,
        symbols,
    }
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
