//! Circles of components, and the order in which the others stand.
//!
//! A component may gather folders that have nothing to do with each other: those too small to be one. Something may then
//! lean on the first and be leaned on by the second, and nothing is in a circle: Go, where no circle of packages compiles,
//! would be full of them. So a circle counts only where the folders themselves are in one. Folders are the packages of Go
//! and Java, and the finest parts that people of other languages keep apart; a package of an ecosystem that is one
//! component is one unit, because it is built, published and depended on as a whole.

use super::{Component, ComponentKind, Components};
use crate::graph::{Csr, Strata};
use crate::record::FileRecord;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Components that depend on each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// Which, sorted.
    pub members: Vec<u32>,
    /// The dependency inside the circle that the fewest pairs of files cause.
    pub weakest: Option<Cut>,
}

/// A dependency whose end would open a circle or make it smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The component that depends.
    pub from: u32,
    /// The one that it depends on.
    pub to: u32,
    /// Pairs of files behind it that are part of the circle.
    pub pairs: u32,
}

/// The unit of each file; `None` for files outside of every component.
pub(super) struct Units {
    of_file: Vec<Option<u32>>,
    /// The component of each unit.
    owners: Vec<u32>,
}

impl Units {
    pub(super) fn new(records: &[&FileRecord], components: &Components) -> Self {
        let whole: Vec<bool> = components.all.iter().map(|component| is_whole(component, components)).collect();
        let mut known: FxHashMap<(u32, &str), u32> = FxHashMap::default();
        let mut owners = Vec::new();
        let of_file = records.iter().zip(&components.of_file).map(|(record, owner)| {
            let owner = (*owner)?;
            let component = components.all.get(owner as usize)?;
            let folder = record.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            // The file of a Rust module lies beside the module's folder.
            let is_inside = super::folders::is_at_or_below(folder, &component.root);
            let is_whole = whole.get(owner as usize).copied().unwrap_or(false);
            let folder = if is_whole || !is_inside { &*component.root } else { folder };
            let next = u32::try_from(owners.len()).unwrap_or(u32::MAX);
            let unit = *known.entry((owner, folder)).or_insert(next);
            if unit == next {
                owners.push(owner);
            }
            Some(unit)
        });
        Self { of_file: of_file.collect(), owners }
    }

    pub(super) fn of(&self, file: u32) -> Option<u32> {
        self.of_file.get(file as usize).copied().flatten()
    }

    fn owner(&self, unit: u32) -> Option<u32> {
        self.owners.get(unit as usize).copied()
    }
}

/// A package that is built as one and has no parts of its own. What Go calls a module is built package by package.
fn is_whole(component: &Component, components: &Components) -> bool {
    let is_part = |other: &&Component| {
        other.kind.ships() && other.id != component.id && super::folders::is_at_or_below(&other.root, &component.root)
    };
    component.kind == ComponentKind::Package
        && component.evidence.rule != "go.package"
        && !components.all.iter().any(|other| is_part(&other))
}

/// The circles, largest first, and how the components lie on each other: `pairs` are the pairs of units behind all that
/// shapes layers, with how many pairs of files there are, `edges` the pairs of components.
pub(super) fn circles(
    units: &Units,
    pairs: &BTreeMap<(u32, u32), u32>,
    edges: &[(u32, u32)],
    components: usize,
) -> (Vec<Circle>, Strata) {
    let strata = Strata::of(&Csr::new(units.owners.len(), pairs.keys().copied().collect()));
    let circles = found(units, &strata, pairs);
    let height = heights(units, &strata, &circles, components);
    let together: BTreeSet<(u32, u32)> = circles
        .iter()
        .flat_map(|circle| circle.members.iter().flat_map(|&a| circle.members.iter().map(move |&b| (a, b))))
        .collect();
    let all = Strata::of(&Csr::new(components, edges.to_vec()));
    let group = |component: u32| all.group.get(component as usize);
    let height = |component: u32| height.get(component as usize).copied().unwrap_or(0);
    // Where components lean on each other and are in no circle, only what leads down stays: the lower of both leans on a
    // folder of the higher that stands lower still.
    let kept = edges
        .iter()
        .copied()
        .filter(|&(from, to)| group(from) != group(to) || together.contains(&(from, to)) || height(from) > height(to));
    (circles, Strata::of(&Csr::new(components, kept.collect())))
}

/// The components whose units are in one group, where those are several.
fn found(units: &Units, strata: &Strata, pairs: &BTreeMap<(u32, u32), u32>) -> Vec<Circle> {
    let mut cuts: BTreeMap<u32, BTreeMap<(u32, u32), u32>> = BTreeMap::new();
    for (&(from, to), &count) in pairs {
        let (Some(&group), Some(user), Some(used)) =
            (strata.group.get(from as usize), units.owner(from), units.owner(to))
        else {
            continue;
        };
        if user != used && strata.group.get(to as usize) == Some(&group) {
            *cuts.entry(group).or_default().entry((user, used)).or_default() += count;
        }
    }
    let mut circles: BTreeMap<Vec<u32>, BTreeMap<(u32, u32), u32>> = BTreeMap::new();
    for inside in cuts.into_values() {
        let members: BTreeSet<u32> = inside.keys().flat_map(|&(from, to)| [from, to]).collect();
        let known = circles.entry(members.into_iter().collect()).or_default();
        for (edge, count) in inside {
            *known.entry(edge).or_default() += count;
        }
    }
    let mut circles: Vec<Circle> = circles
        .into_iter()
        .map(|(members, inside)| {
            let weakest = inside.into_iter().min_by_key(|&(edge, pairs)| (pairs, edge));
            Circle { members, weakest: weakest.map(|((from, to), pairs)| Cut { from, to, pairs }) }
        })
        .collect();
    circles.sort_by(|a, b| (Reverse(a.members.len()), &a.members).cmp(&(Reverse(b.members.len()), &b.members)));
    circles
}

/// How high each component's highest unit stands; those of a circle stand as high as the highest of them.
fn heights(units: &Units, strata: &Strata, circles: &[Circle], components: usize) -> Vec<u32> {
    let mut heights = vec![0_u32; components];
    for (unit, &owner) in units.owners.iter().enumerate() {
        if let Some(height) = heights.get_mut(owner as usize) {
            *height = (*height).max(strata.layer(unit));
        }
    }
    // Circles may share members: what one of them lifts may lift another, and each round lifts at least one more.
    loop {
        let before = heights.clone();
        for circle in circles {
            let of = |member: &u32| heights.get(*member as usize).copied().unwrap_or(0);
            let highest = circle.members.iter().map(of).max().unwrap_or(0);
            for &member in &circle.members {
                if let Some(height) = heights.get_mut(member as usize) {
                    *height = highest;
                }
            }
        }
        if heights == before {
            return heights;
        }
    }
}
