//! The Leiden algorithm: V. A. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected
//! communities", Scientific Reports 9, 5233 (2019), for modularity with a resolution.
//!
//! Where the paper draws at random, this takes the best: only the order in which nodes have their turn comes from the seed.
//! A partition is a function of the network, the resolution and the seed, and a manifest stands on it: that is why it is
//! here and in no crate, whose generators of numbers change their sequences between versions.

use sha2::{Digest as _, Sha256};

/// An undirected network with weights.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Where each node's edges begin; one entry more than there are nodes.
    offsets: Vec<u32>,
    /// The other end and the weight of each edge; every edge stands at both of its ends.
    edges: Vec<(u32, f32)>,
    /// The weight of each node's edges, with twice what lies within it where it stands for several nodes.
    strengths: Vec<f64>,
}

/// Gains below this are rounding.
const EPSILON: f64 = 1e-10;

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
        let at = node as usize;
        let bounds = self.offsets.get(at).zip(self.offsets.get(at + 1));
        bounds.and_then(|(&from, &to)| self.edges.get(from as usize..to as usize)).unwrap_or_default()
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
    fn total(&self) -> f64 {
        self.strengths.iter().sum()
    }

    /// The network whose nodes are the communities (numbered without a gap) of this one.
    fn aggregate(&self, communities: &[u32], count: usize) -> Self {
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (node, &community) in (0_u32..).zip(communities) {
            if let Some(members) = members.get_mut(community as usize) {
                members.push(node);
            }
        }
        let mut network = Self { offsets: vec![0], ..Self::default() };
        let mut near = Near::new(count);
        for (community, members) in (0_u32..).zip(&members) {
            let mut strength = 0.0;
            for &member in members {
                strength += get(&self.strengths, member);
                near.add_all(self.of(member), communities);
            }
            near.touched.sort_unstable();
            for (other, weight) in near.drain().filter(|(other, _)| *other != community) {
                #[allow(clippy::cast_possible_truncation, reason = "a sum of such weights, rounded alike everywhere")]
                network.edges.push((other, weight as f32));
            }
            network.close(strength);
        }
        network
    }
}

/// The communities of a network, after at most so many rounds, of which each starts from what the last one found: for each
/// node the number of its own, without gaps, in the order of their first nodes. Nodes of one community are connected within it.
#[must_use]
pub fn leiden(network: &Network, resolution: f64, rounds: usize, seed: u64) -> Vec<u32> {
    let mut random = Random(seed);
    let mut found: Vec<u32> = (0_u32..).take(network.nodes()).collect();
    for _ in 0..rounds {
        let next = renumbered(&round(network, found.clone(), resolution, &mut random)).0;
        if next == found {
            break;
        }
        found = next;
    }
    connected(network, &found)
}

/// One round: nodes move, communities are refined, and what was refined moves as one, until nothing does.
fn round(network: &Network, start: Vec<u32>, resolution: f64, random: &mut Random) -> Vec<u32> {
    // Which node of the aggregate stands for each node of the network.
    let mut stands_for: Vec<u32> = (0_u32..).take(network.nodes()).collect();
    let mut level = Level { network: network.clone(), scale: resolution / network.total().max(f64::MIN_POSITIVE) };
    let mut communities = start;
    loop {
        communities = level.move_nodes(communities, random);
        let (refined, count) = renumbered(&level.refine(&communities, random));
        if count == level.network.nodes() {
            return stands_for.iter().map(|&node| get(&communities, node)).collect();
        }
        let mut next = vec![0; count];
        for (&node, &community) in refined.iter().zip(&communities) {
            set(&mut next, node, community);
        }
        communities = renumbered(&next).0;
        for node in &mut stands_for {
            *node = get(&refined, *node);
        }
        level.network = level.network.aggregate(&refined, count);
    }
}

/// A network on the way, and what a product of two strengths counts.
struct Level {
    network: Network,
    scale: f64,
}

impl Level {
    /// The expected weight between two groups of nodes.
    fn expected(&self, a: f64, b: f64) -> f64 {
        self.scale * a * b
    }

    /// Moves nodes to the best community near them until none would rather be elsewhere. A node whose neighbour has moved
    /// away has its turn again.
    fn move_nodes(&self, mut communities: Vec<u32>, random: &mut Random) -> Vec<u32> {
        let nodes = self.network.nodes();
        let mut strengths = vec![0.0; nodes];
        let mut sizes = vec![0_u32; nodes];
        for (&community, strength) in communities.iter().zip(&self.network.strengths) {
            add(&mut strengths, community, *strength);
            if let Some(size) = sizes.get_mut(community as usize) {
                *size += 1;
            }
        }
        let mut empty: Vec<u32> = (0_u32..).zip(&sizes).filter(|(_, size)| **size == 0).map(|(id, _)| id).collect();
        let mut near = Near::new(nodes);
        let mut queue = Queue::new(random.order(nodes));
        while let Some(node) = queue.next() {
            let (old, strength) = (get(&communities, node), get(&self.network.strengths, node));
            add(&mut strengths, old, -strength);
            near.add_all(self.network.of(node), &communities);
            let gain = |community: u32, weight: f64| weight - self.expected(strength, get(&strengths, community));
            let mut best = (gain(old, get(&near.weights, old)), old);
            // Alone is worth nothing, which is more than less.
            if let Some(&alone) = empty.last().filter(|_| best.0 < -EPSILON) {
                best = (0.0, alone);
            }
            for (community, weight) in near.drain() {
                let gain = gain(community, weight);
                if gain > best.0 + EPSILON {
                    best = (gain, community);
                }
            }
            let new = best.1;
            add(&mut strengths, new, strength);
            if new == old {
                continue;
            }
            if empty.last() == Some(&new) {
                empty.pop();
            }
            resize(&mut sizes, new, 1);
            if resize(&mut sizes, old, -1) == 0 {
                empty.push(old);
            }
            set(&mut communities, node, new);
            for &(neighbour, _) in self.network.of(node) {
                if get(&communities, neighbour) != new {
                    queue.push(neighbour);
                }
            }
        }
        communities
    }

    /// Parts of the communities that hold together well by themselves: single nodes that join parts near them, where both
    /// are well connected with the rest of their community.
    fn refine(&self, communities: &[u32], random: &mut Random) -> Vec<u32> {
        let nodes = self.network.nodes();
        let mut strengths = vec![0.0; nodes];
        let mut cuts = vec![0.0; nodes];
        for ((node, &community), strength) in (0_u32..).zip(communities).zip(&self.network.strengths) {
            add(&mut strengths, community, *strength);
            let own = self.network.of(node).iter().filter(|(to, _)| get(communities, *to) == community);
            add(&mut cuts, node, own.map(|(_, weight)| f64::from(*weight)).sum());
        }
        let mut parts: Vec<u32> = (0_u32..).take(nodes).collect();
        let mut part_strengths = self.network.strengths.clone();
        let mut is_alone = vec![true; nodes];
        let mut near = Near::new(nodes);
        for node in random.order(nodes) {
            let community = get(communities, node);
            let whole = get(&strengths, community);
            let is_well_connected = |cut: f64, own: f64| cut + EPSILON >= self.expected(own, whole - own);
            let (cut, strength) = (get(&cuts, node), get(&part_strengths, node));
            if !get(&is_alone, node) || !is_well_connected(cut, strength) {
                continue;
            }
            let own = self.network.of(node).iter().filter(|(to, _)| get(communities, *to) == community);
            for &(to, weight) in own {
                near.add(get(&parts, to), weight);
            }
            let mut best: Option<(f64, u32, f64)> = None;
            for (part, weight) in near.drain().filter(|(part, _)| *part != node) {
                let gain = weight - self.expected(strength, get(&part_strengths, part));
                let is_best = best.is_none_or(|(most, id, _)| gain > most || (gain >= most && part < id));
                if gain >= 0.0 && is_best && is_well_connected(get(&cuts, part), get(&part_strengths, part)) {
                    best = Some((gain, part, weight));
                }
            }
            let Some((_, part, weight)) = best else { continue };
            add(&mut part_strengths, part, strength);
            add(&mut cuts, part, cut - 2.0 * weight);
            set(&mut parts, node, part);
            set(&mut is_alone, node, false);
            set(&mut is_alone, part, false);
        }
        parts
    }
}

/// Nodes that wait for their turn, each once.
struct Queue {
    nodes: std::collections::VecDeque<u32>,
    is_waiting: Vec<bool>,
}

impl Queue {
    fn new(order: Vec<u32>) -> Self {
        Self { is_waiting: vec![true; order.len()], nodes: order.into() }
    }

    fn push(&mut self, node: u32) {
        if let Some(waiting) = self.is_waiting.get_mut(node as usize).filter(|waiting| !**waiting) {
            *waiting = true;
            self.nodes.push_back(node);
        }
    }

    fn next(&mut self) -> Option<u32> {
        let node = self.nodes.pop_front()?;
        set(&mut self.is_waiting, node, false);
        Some(node)
    }
}

/// The weight of a node's edges by the community they lead to; kept, because clearing what was touched is all it costs.
struct Near {
    weights: Vec<f64>,
    touched: Vec<u32>,
}

impl Near {
    fn new(communities: usize) -> Self {
        Self { weights: vec![0.0; communities], touched: Vec::new() }
    }

    fn add(&mut self, community: u32, weight: f32) {
        if let Some(sum) = self.weights.get_mut(community as usize) {
            if *sum == 0.0 {
                self.touched.push(community);
            }
            *sum += f64::from(weight);
        }
    }

    fn add_all(&mut self, edges: &[(u32, f32)], communities: &[u32]) {
        edges.iter().for_each(|&(to, weight)| self.add(get(communities, to), weight));
    }

    /// Hands out what was added, in the order in which communities were met.
    fn drain(&mut self) -> impl Iterator<Item = (u32, f64)> {
        let weights = &mut self.weights;
        self.touched.drain(..).map(|id| (id, weights.get_mut(id as usize).map(std::mem::take).unwrap_or_default()))
    }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The nodes in an order by chance (Fisher and Yates).
    fn order(&mut self, nodes: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0_u32..).take(nodes).collect();
        for last in (1..order.len()).rev() {
            let bound = last as u64 + 1;
            #[allow(clippy::cast_possible_truncation, reason = "below the bound, which is an index")]
            order.swap(last, (self.next() % bound) as usize);
        }
        order
    }
}

/// The communities with those that are in pieces taken apart, numbered in the order of their first nodes.
fn connected(network: &Network, communities: &[u32]) -> Vec<u32> {
    let mut pieces = vec![u32::MAX; communities.len()];
    let mut next = 0;
    let mut open = Vec::new();
    for start in (0_u32..).take(communities.len()) {
        open.push(start);
        let mut is_piece = false;
        while let Some(node) = open.pop() {
            let Some(piece) = pieces.get_mut(node as usize).filter(|piece| **piece == u32::MAX) else { continue };
            *piece = next;
            is_piece = true;
            let community = get(communities, node);
            open.extend(network.of(node).iter().map(|(to, _)| *to).filter(|to| get(communities, *to) == community));
        }
        next += u32::from(is_piece);
    }
    pieces
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
    let mut sum = 0;
    for offset in &mut offsets {
        sum += *offset;
        *offset = sum;
    }
    offsets
}

/// The numbers without gaps, in the order in which they come, and how many there are.
fn renumbered(communities: &[u32]) -> (Vec<u32>, usize) {
    let mut known = vec![u32::MAX; communities.iter().max().map_or(0, |max| *max as usize + 1)];
    let mut count = 0_u32;
    let number = |&community: &u32| {
        let Some(slot) = known.get_mut(community as usize) else { return 0 };
        if *slot == u32::MAX {
            *slot = count;
            count += 1;
        }
        *slot
    };
    let renumbered = communities.iter().map(number).collect();
    (renumbered, count as usize)
}

fn get<T: Copy + Default>(list: &[T], at: u32) -> T {
    list.get(at as usize).copied().unwrap_or_default()
}

fn set<T>(list: &mut [T], at: u32, value: T) {
    if let Some(slot) = list.get_mut(at as usize) {
        *slot = value;
    }
}

fn add(sums: &mut [f64], at: u32, value: f64) {
    if let Some(sum) = sums.get_mut(at as usize) {
        *sum += value;
    }
}

/// The size after a change by one.
fn resize(sizes: &mut [u32], at: u32, by: i32) -> u32 {
    sizes.get_mut(at as usize).map_or(0, |size| {
        *size = size.saturating_add_signed(by);
        *size
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The friendships of W. W. Zachary's karate club (1977), by the member with the lower number.
    const KARATE: [&[u32]; 34] = [
        &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
        &[2, 3, 7, 13, 17, 19, 21, 30],
        &[3, 7, 8, 9, 13, 27, 28, 32],
        &[7, 12, 13],
        &[6, 10],
        &[6, 10, 16],
        &[16],
        &[],
        &[30, 32, 33],
        &[33],
        &[],
        &[],
        &[],
        &[33],
        &[32, 33],
        &[32, 33],
        &[],
        &[],
        &[32, 33],
        &[33],
        &[32, 33],
        &[],
        &[32, 33],
        &[25, 27, 29, 32, 33],
        &[25, 27, 31],
        &[31],
        &[29, 33],
        &[33],
        &[31, 33],
        &[32, 33],
        &[32, 33],
        &[32, 33],
        &[33],
        &[],
    ];

    fn karate() -> Network {
        let edges = (0_u32..).zip(KARATE).flat_map(|(from, all)| all.iter().map(move |&to| (from, to, 1.0)));
        Network::new(34, edges)
    }

    #[test]
    fn the_karate_club_falls_into_its_best_four() {
        let network = karate();
        assert_eq!((network.nodes(), network.edges()), (34, 78));
        for seed in 0..20 {
            let found = leiden(&network, 1.0, 8, seed);
            let modularity = network.modularity(&found, 1.0);
            // 0.4198 is the optimum (U. Brandes et al., "On modularity clustering", 2008).
            assert!((0.419..0.4199).contains(&modularity), "seed {seed}: {modularity}");
            assert_eq!(found.iter().max(), Some(&3));
        }
    }

    #[test]
    fn a_ring_of_cliques_falls_into_its_cliques() {
        let clique = |first: u32| (0..5).flat_map(move |a| (a + 1..5).map(move |b| (first + a, first + b, 1.0)));
        let ring = (0..8_u32).map(|at| (at * 5, (at + 1) % 8 * 5 + 1, 1.0));
        let network = Network::new(41, (0..8).flat_map(|at| clique(at * 5)).chain(ring));
        let whole: Vec<u32> = (0..41).map(|node| node / 5).collect();
        assert_eq!(leiden(&network, 1.0, 8, 7), whole, "and the node without an edge stays alone");
        assert!(leiden(&network, 0.0, 8, 7).iter().take(40).all(|community| *community == 0));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert!(leiden(&Network::new(0, []), 1.0, 8, 1).is_empty());
        let odd = [(0, 0, 1.0), (0, 9, 1.0), (1, 2, 0.0), (1, 2, -1.0)];
        assert_eq!(leiden(&Network::new(3, odd), 1.0, 8, 1), [0, 1, 2]);
    }

    fn networks() -> impl Strategy<Value = (usize, Vec<(u32, u32, f32)>)> {
        (1_usize..40).prop_flat_map(|nodes| {
            let end = 0..u32::try_from(nodes).unwrap();
            let weight = (1_u16..900).prop_map(|hundredths| f32::from(hundredths) / 100.0);
            (Just(nodes), prop::collection::vec((end.clone(), end, weight), 0..120))
        })
    }

    proptest! {
        #[test]
        fn communities_are_connected_and_worth_it((nodes, edges) in networks(), seed: u64) {
            let network = Network::new(nodes, edges);
            let found = leiden(&network, 1.0, 8, seed);
            prop_assert_eq!(connected(&network, &found), found.clone());
            let alone: Vec<u32> = (0_u32..).take(nodes).collect();
            prop_assert!(network.modularity(&found, 1.0) + 1e-9 >= network.modularity(&alone, 1.0));
        }

        #[test]
        fn the_order_of_edges_means_nothing((nodes, mut edges) in networks(), seed: u64) {
            // Between two nodes the sum of weights may be rounded by its order; one edge each has none.
            edges.sort_by_key(|&(a, b, _)| (a.min(b), a.max(b)));
            edges.dedup_by_key(|&mut (a, b, _)| (a.min(b), a.max(b)));
            let one = leiden(&Network::new(nodes, edges.clone()), 1.0, 8, seed);
            edges.reverse();
            prop_assert_eq!(one, leiden(&Network::new(nodes, edges), 1.0, 8, seed));
        }
    }
}
