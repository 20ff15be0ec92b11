//! Which files belong together: the best of several partitions, and how far it depends on chance.

use super::count;
use super::leiden::{Network, leiden};
use super::memory::Remembered;
use super::stability::{Stability, are_settled};
use crate::parallel::in_turns;
use std::collections::BTreeMap;

/// How fine clusters are at most: above 1, smaller ones than plain modularity finds.
pub(super) const FINEST: f64 = 2.0;
/// A group of few files is one all the same where it has this share of all lines of code, in percent.
pub(super) const LARGE: u64 = 2;
/// A large file with less than this share of its bonds within its community is one by itself.
pub(super) const LOOSE: f64 = 0.3;
/// A file that other seeds put with less than this share of its community is not sure to belong there.
pub(super) const SETTLED: f64 = 0.5;
/// Above so many files the search ends earlier: it would go on to move a few of them.
pub(super) const MANY_FILES: usize = 10_000;

/// From how many seeds the same network is clustered, and in how many rounds at most.
pub(super) fn effort(taking_part: usize) -> (usize, usize) {
    if taking_part < MANY_FILES { (6, 8) } else { (4, 2) }
}

/// How fine clusters are where so many files take part: the groups of a small system are few.
pub(super) fn resolution(taking_part: usize) -> f64 {
    (f64::from(count(taking_part)) / 10.0).clamp(1.0, FINEST)
}

/// The communities that were found.
pub(super) struct Clusters {
    /// For each node the number of its own.
    pub(super) partition: Vec<u32>,
    pub(super) stability: Stability,
    /// From this number on they are single nodes that no community holds for sure.
    pub(super) strays_from: u32,
}

/// The best partition of several, and how far it is found again in the others. `lines` are those of each node.
pub(super) fn clusters(network: &Network, lines: &[u64], memory: &mut Remembered<Vec<Vec<u32>>>) -> Clusters {
    let nodes = network.nodes();
    let is_partition = |of_node: &Vec<u32>| of_node.len() == nodes && of_node.iter().all(|it| (*it as usize) < nodes);
    let is_sound = |known: &Vec<Vec<u32>>| known.len() == effort(nodes).0 && known.iter().all(is_partition);
    let found = memory.recall(network.key(), is_sound, |_| communities(network));
    let mut all: Vec<(f64, Vec<u32>)> = Vec::with_capacity(found.len());
    for partition in found {
        let modularity = network.modularity(partition, resolution(nodes));
        all.push((modularity, on_their_own(network, lines, partition)));
    }
    // The sort is stable: of equals the one of the first seed.
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut all = all.into_iter().map(|(_, partition)| partition);
    let best = all.next().unwrap_or_default();
    let others: Vec<Vec<u32>> = all.collect();
    let strays_from = best.iter().max().map_or(0, |max| max + 1);
    let partition = without_unsettled(best, strays_from, &others);
    let stability = Stability::new(&partition, &others);
    Clusters { partition, stability, strays_from }
}

/// The communities of a network, from each seed.
fn communities(network: &Network) -> Vec<Vec<u32>> {
    let (seeds, rounds) = effort(network.nodes());
    let resolution = resolution(network.nodes());
    let found = in_turns(seeds, |found: &mut BTreeMap<usize, Vec<u32>>, seed| {
        found.insert(seed, leiden(network, resolution, rounds, seed as u64));
    });
    found.into_iter().flatten().collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The partition with each node by itself that other seeds put elsewhere.
fn without_unsettled(mut partition: Vec<u32>, mut next: u32, others: &[Vec<u32>]) -> Vec<u32> {
    let settled = are_settled(&partition, others, SETTLED);
    for (community, _) in partition.iter_mut().zip(settled).filter(|(_, is_settled)| !is_settled) {
        *community = next;
        next += 1;
    }
    partition
}

/// Whether so many lines are a large share of all.
pub(super) fn is_large(own: u64, all: u64) -> bool {
    all > 0 && own * 100 >= all * LARGE
}

/// The partition with each large file on its own that is bound to many communities and to none of them much: it is a
/// matter by itself, which merely had to lie somewhere.
fn on_their_own(network: &Network, lines: &[u64], partition: &[u32]) -> Vec<u32> {
    let all: u64 = lines.iter().sum();
    let mut next = partition.iter().max().map_or(0, |max| max + 1);
    let mut settled = partition.to_vec();
    let community = |node: u32| partition.get(node as usize);
    for ((node, own), _) in (0_u32..).zip(&mut settled).zip(lines).filter(|(_, lines)| is_large(**lines, all)) {
        let bonds = network.of(node).iter();
        let within = bonds.clone().filter(|(to, _)| community(*to) == community(node));
        if sum(within) < LOOSE * sum(bonds) {
            *own = next;
            next += 1;
        }
    }
    settled
}

fn sum<'e>(bonds: impl Iterator<Item = &'e (u32, f32)>) -> f64 {
    bonds.map(|(_, weight)| f64::from(*weight)).sum()
}

/// The nodes of each community.
pub(super) fn groups(partition: &[u32]) -> Vec<Vec<u32>> {
    let mut groups = vec![Vec::new(); partition.iter().max().map_or(0, |max| *max as usize + 1)];
    for (node, &community) in (0_u32..).zip(partition) {
        if let Some(group) = groups.get_mut(community as usize) {
            group.push(node);
        }
    }
    groups
}
