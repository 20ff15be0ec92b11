//! How components lie on each other: dependencies summed over files, cycles, layers, cohesion, instability.

use super::circles::{Circle, Units, circles};
use super::{ComponentKind, Components};
use crate::graph::{FileGraph, Strata, instability};
use crate::record::{FileClass, FileRecord};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How the components lie on each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Relations {
    /// What each component depends on, sorted by target.
    pub depends_on: Vec<Vec<Dependency>>,
    /// Circles of components, largest first. Tests and examples inside a component that ships do not count: they may use
    /// anything. Nor
    /// do imports that are gone when the program runs.
    pub circles: Vec<Circle>,
    /// Layers of components, by the same dependencies.
    pub strata: Strata,
    /// Martin's instability over files outside that it uses and that use it.
    pub instability: Vec<Option<f64>>,
    /// Share of the edges at its files that stay inside, 0 to 1; `None` where there are no edges.
    pub cohesion: Vec<Option<f64>>,
}

/// One component depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The other, by index.
    pub to: u32,
    /// Pairs of files behind it.
    pub edges: u32,
    /// Of them, pairs whose using file is a test, or uses the other only in what is compiled for tests; of a component that
    /// ships also those of the few examples and benchmarks in it.
    pub from_tests: u32,
    /// Of the others, pairs whose using file imports the other for its types only.
    pub for_types: u32,
    /// Confidence of the surest of them, in percent.
    pub confidence: u8,
}

impl Dependency {
    /// Pairs of files that are bound to each other when the program that ships runs.
    #[must_use]
    pub fn shaping(&self) -> u32 {
        self.edges.saturating_sub(self.from_tests).saturating_sub(self.for_types)
    }
}

#[derive(Clone, Default)]
struct Ends {
    inside: u32,
    out: Vec<u32>,
    into: Vec<u32>,
}

impl Relations {
    /// Sums the edges between files over components. `typed` has for each file the lines of its imports for types only.
    #[must_use]
    pub fn new(records: &[&FileRecord], typed: &[BTreeSet<u32>], graph: &FileGraph, components: &Components) -> Self {
        let owner = |file: u32| components.of_file.get(file as usize).copied().flatten();
        let units = Units::new(records, components);
        let mut shaping: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut pairs: BTreeMap<(u32, u32), Dependency> = BTreeMap::new();
        let mut ends = vec![Ends::default(); components.all.len()];
        // A file, and whether all that it uses is for tests: pairs of one file follow each other, and its path is looked at once.
        let mut of_file = (u32::MAX, false);
        for (from, to) in graph.depends_on.pairs() {
            let (Some(user), Some(used)) = (owner(from), owner(to)) else { continue };
            let record = records.get(from as usize);
            let ships = components.all.get(user as usize).is_some_and(|component| component.kind.ships());
            if of_file.0 != from {
                let is_test = |record: &FileRecord| {
                    record.class == FileClass::Test || ships && components.is_apart(from, &record.path)
                };
                of_file = (from, record.is_some_and(|record| is_test(record)));
            }
            let is_only_tested = |record: &&FileRecord| record.is_only_tested(graph.to(from as usize, to));
            let from_tests = of_file.1 || record.is_some_and(is_only_tested);
            let lines = typed.get(from as usize);
            let for_types = lines.is_some_and(|lines| graph.is_only_on(from as usize, to, lines));
            let shapes = !for_types && (!ships || !from_tests);
            if shapes
                && let (Some(from), Some(to)) = (units.of(from), units.of(to))
                && from != to
            {
                *shaping.entry((from, to)).or_default() += 1;
            }
            if user == used {
                if let Some(ends) = ends.get_mut(user as usize) {
                    ends.inside += 1;
                }
                continue;
            }
            if let Some(ends) = ends.get_mut(user as usize) {
                ends.out.push(to);
            }
            if let Some(ends) = ends.get_mut(used as usize) {
                ends.into.push(from);
            }
            let none = Dependency { to: used, edges: 0, from_tests: 0, for_types: 0, confidence: 0 };
            let pair = pairs.entry((user, used)).or_insert(none);
            pair.edges += 1;
            pair.from_tests += u32::from(from_tests);
            pair.for_types += u32::from(!from_tests && for_types);
            pair.confidence = pair.confidence.max(graph.surest(from as usize, to).map_or(0, |edge| edge.confidence));
        }
        let (circles, strata) = circles(&units, &shaping, &structural(&pairs, components), components.all.len());
        let mut depends_on = vec![Vec::new(); components.all.len()];
        for ((from, _), dependency) in pairs {
            if let Some(all) = depends_on.get_mut(from as usize) {
                all.push(dependency);
            }
        }
        let cohesion = ends.iter().map(cohesion).collect();
        let instability = ends.into_iter().map(|ends| instability(distinct(ends.into), distinct(ends.out))).collect();
        Self { depends_on, circles, strata, instability, cohesion }
    }

    /// What a component depends on.
    #[must_use]
    pub fn of(&self, component: usize) -> &[Dependency] {
        self.depends_on.get(component).map_or(&[], Vec::as_slice)
    }

    /// Who depends on a component by more than the tests inside of what ships, by index, sorted.
    #[must_use]
    pub fn dependents(&self, components: &Components, component: usize) -> Vec<u32> {
        let is_it = |dependency: &&Dependency| dependency.to as usize == component;
        let uses = |from: &u32| {
            self.of(*from as usize).iter().filter(is_it).any(|to| !Self::is_of_tests(components, *from, to))
        };
        (0_u32..).zip(&self.depends_on).map(|(from, _)| from).filter(uses).collect()
    }

    /// Whether only tests inside of a component that ships cause its dependency.
    #[must_use]
    pub fn is_of_tests(components: &Components, from: u32, dependency: &Dependency) -> bool {
        let ships = components.all.get(from as usize).is_some_and(|component| component.kind.ships());
        ships && dependency.edges == dependency.from_tests
    }
}

/// Edges that shape layers: those of code that ships, and all of areas that do not.
fn structural(pairs: &BTreeMap<(u32, u32), Dependency>, components: &Components) -> Vec<(u32, u32)> {
    let kind = |id: u32| components.all.get(id as usize).map_or(ComponentKind::Folder, |component| component.kind);
    let counts = |&(&(from, _), dependency): &(&(u32, u32), &Dependency)| {
        if kind(from).ships() { dependency.shaping() > 0 } else { dependency.edges > dependency.for_types }
    };
    pairs.iter().filter(counts).map(|(&pair, _)| pair).collect()
}

fn cohesion(ends: &Ends) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "numbers of edges are far below 2^52")]
    let (inside, across) = (f64::from(ends.inside), (ends.out.len() + ends.into.len()) as f64);
    (inside + across > 0.0).then(|| inside / (inside + across))
}

fn distinct(mut files: Vec<u32>) -> usize {
    files.sort_unstable();
    files.dedup();
    files.len()
}
