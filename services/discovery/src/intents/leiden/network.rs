//! A network: edges by node, and the network of its communities.

use super::lists::{add, add_up, get, part, set};
use super::near::Near;
use sha2::{Digest as _, Sha256};
use std::ops::Range;

/// An undirected network with weights.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Where each node's edges begin; one entry more than there are nodes.
    offsets: Vec<u32>,
    /// The other end and the weight of each edge; every edge stands at both of its ends.
    edges: Vec<(u32, f32)>,
    /// The weight of each node's edges, with twice what lies within it where it stands for several nodes.
    pub(super) strengths: Vec<f64>,
}

impl Network {
    /// A network of nodes `0..nodes`. Edges between the same two nodes add up; loops, ends that are no nodes, and weights
    /// that are not above zero are left out.
    #[must_use]
    pub fn new(nodes: usize, edges: impl IntoIterator<Item = (u32, u32, f32)>) -> Self {
        let is_edge = |&(a, b, weight): &(u32, u32, f32)| a != b && (a.max(b) as usize) < nodes && weight > 0.0;
        let upwards = |(a, b, weight): (u32, u32, f32)| (a.min(b), a.max(b), weight);
        let mut pairs: Vec<(u32, u32, f32)> = edges.into_iter().filter(is_edge).map(upwards).collect();
        pairs.sort_by_key(|&(low, high, _)| (low, high));
        pairs.dedup_by(|later, first| {
            let is_same = (later.0, later.1) == (first.0, first.1);
            if is_same {
                first.2 += later.2;
            }
            is_same
        });
        let mut network = Self { offsets: offsets(nodes, &pairs), ..Self::default() };
        network.edges = vec![(0, 0.0); pairs.len() * 2];
        network.strengths = vec![0.0; nodes];
        let mut next = network.offsets.clone();
        // Neighbours below a node come before those above it, and both in their order: the lists are sorted.
        let downwards = pairs.iter().map(|&(low, high, weight)| (high, low, weight));
        for (from, to, weight) in downwards.chain(pairs.iter().copied()) {
            add(&mut network.strengths, from, f64::from(weight));
            let Some(place) = next.get_mut(from as usize) else { continue };
            set(&mut network.edges, *place, (to, weight));
            *place += 1;
        }
        network
    }

    /// A hash of all that a partition depends on besides the resolution, the rounds and the seed.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(self.edges.len() * 8 + self.offsets.len() * 4);
        self.offsets.iter().for_each(|offset| bytes.extend_from_slice(&offset.to_le_bytes()));
        for (to, weight) in &self.edges {
            bytes.extend_from_slice(&to.to_le_bytes());
            bytes.extend_from_slice(&weight.to_bits().to_le_bytes());
        }
        Sha256::digest(bytes).into()
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.strengths.len()
    }

    /// Number of edges.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.edges.len() / 2
    }

    /// The node's neighbours with the weights of the edges to them, sorted.
    #[must_use]
    pub fn of(&self, node: u32) -> &[(u32, f32)] {
        self.edges.get(self.range(node)).unwrap_or_default()
    }

    /// Where the node's edges stand.
    pub(super) fn range(&self, node: u32) -> Range<usize> {
        let at = node as usize;
        let bounds = self.offsets.get(at).zip(self.offsets.get(at + 1));
        bounds.map(|(&from, &to)| from as usize..to as usize).unwrap_or_default()
    }

    /// The modularity of a partition: the share of weight within communities, less what chance would put there
    /// (M. E. J. Newman, "Analysis of weighted networks", 2004), with a resolution.
    #[must_use]
    pub fn modularity(&self, partition: &[u32], resolution: f64) -> f64 {
        let total = self.total();
        if total <= 0.0 {
            return 0.0;
        }
        let mut inside = 0.0;
        let mut strengths = vec![0.0; partition.len()];
        for ((node, strength), &community) in (0_u32..).zip(&self.strengths).zip(partition) {
            add(&mut strengths, community, *strength);
            let own = self.of(node).iter().filter(|(to, _)| get(partition, *to) == community);
            inside += own.map(|(_, weight)| f64::from(*weight)).sum::<f64>();
        }
        let by_chance: f64 = strengths.iter().map(|strength| (strength / total) * (strength / total)).sum();
        inside / total - resolution * by_chance
    }

    /// Ends the edges of the node whose turn it is.
    fn close(&mut self, strength: f64) {
        self.strengths.push(strength);
        self.offsets.push(u32::try_from(self.edges.len()).unwrap_or(u32::MAX));
    }

    /// Twice the weight of all edges.
    pub(super) fn total(&self) -> f64 {
        self.strengths.iter().sum()
    }

    /// The network whose nodes are the communities (numbered without a gap) of this one.
    pub(super) fn aggregate(&self, communities: &[u32], count: usize) -> Self {
        let (starts, members) = grouped(communities, count);
        let edges = Vec::with_capacity(self.edges.len());
        let mut network = Self { offsets: vec![0], edges, strengths: Vec::with_capacity(count) };
        let mut near = Near::new(count);
        for (community, bounds) in (0_u32..).zip(starts.windows(2)) {
            let mut strength = 0.0;
            for &member in part(&members, bounds) {
                strength += get(&self.strengths, member);
                near.add_all(self.of(member), communities);
            }
            for (other, weight) in near.drain().filter(|(other, _)| *other != community) {
                #[allow(clippy::cast_possible_truncation, reason = "a sum of such weights, rounded alike everywhere")]
                network.edges.push((other, weight as f32));
            }
            network.close(strength);
        }
        network.turn();
        network
    }

    /// Takes each edge to its other end, with the weight it has at this one: the two may be rounded apart, and either will do.
    /// Lists fill up in the order of nodes, so that they are sorted whatever they were before.
    fn turn(&mut self) {
        let mut next = self.offsets.clone();
        let mut turned = vec![(0, 0.0); self.edges.len()];
        for (from, bounds) in (0_u32..).zip(self.offsets.windows(2)) {
            for &(to, weight) in part(&self.edges, bounds) {
                let Some(place) = next.get_mut(to as usize) else { continue };
                set(&mut turned, *place, (from, weight));
                *place += 1;
            }
        }
        self.edges = turned;
    }
}

/// Where each node's edges begin.
fn offsets(nodes: usize, pairs: &[(u32, u32, f32)]) -> Vec<u32> {
    let mut offsets = vec![0_u32; nodes + 1];
    for &(low, high, _) in pairs {
        for end in [low, high] {
            if let Some(count) = offsets.get_mut(end as usize + 1) {
                *count += 1;
            }
        }
    }
    add_up(&mut offsets);
    offsets
}

/// Where each community's nodes begin (one entry more than there are communities), and the nodes in that order.
fn grouped(communities: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; count + 1];
    for &community in communities {
        if let Some(size) = starts.get_mut(community as usize + 1) {
            *size += 1;
        }
    }
    add_up(&mut starts);
    let mut next = starts.clone();
    let mut members = vec![0; communities.len()];
    for (node, &community) in (0_u32..).zip(communities) {
        let Some(place) = next.get_mut(community as usize) else { continue };
        set(&mut members, *place, node);
        *place += 1;
    }
    (starts, members)
}
