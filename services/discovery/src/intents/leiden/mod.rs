//! The Leiden algorithm: V. A. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected
//! communities", Scientific Reports 9, 5233 (2019), for modularity with a resolution.
//!
//! Where the paper draws at random, this takes the best: only the order in which nodes have their turn comes from the seed.
//! A partition is a function of the network, the resolution and the seed, and a manifest stands on it: that is why it is
//! here and in no crate, whose generators of numbers change their sequences between versions.

mod lists;
mod near;
mod network;
mod split;

pub use network::Network;

use lists::{add, first, get, resize, set};
use near::Near;
use split::{Shares, Split};
use std::borrow::Cow;

/// Gains below this are rounding.
const EPSILON: f64 = 1e-10;
/// A round that makes modularity better by less than this is the last: from one seed to the next it differs by ten times as
/// much in a network of some thousand files (docs/evidence/intents.md says what ending there costs).
const ENOUGH: f64 = 1e-4;

/// The communities of a network, after at most so many rounds, of which each starts from what the last one found: for each
/// node the number of its own, without gaps, in the order of their first nodes. Nodes of one community are connected within it.
#[must_use]
pub fn leiden(network: &Network, resolution: f64, rounds: usize, seed: u64) -> Vec<u32> {
    let mut random = Random(seed);
    let mut found: Vec<u32> = (0_u32..).take(network.nodes()).collect();
    let mut base = Level::new(Cow::Borrowed(network), resolution / network.total().max(f64::MIN_POSITIVE));
    let mut worth = f64::NEG_INFINITY;
    for _ in 0..rounds {
        let moved = base.move_nodes(found, &mut random);
        let parts = base.refine(&moved, &mut random);
        found = renumbered(&rise(&base, &moved, &parts, &mut random)).0;
        base.regroup(&moved, &found);
        let before = std::mem::replace(&mut worth, base.modularity(&found));
        if worth < before + ENOUGH {
            break;
        }
    }
    connected(network, &found)
}

/// The communities once their parts have moved as one and have been refined again, until nothing moves.
fn rise(base: &Level, communities: &[u32], parts: &[u32], random: &mut Random) -> Vec<u32> {
    // Which node of the aggregate stands for each node of the network.
    let (mut stands_for, count) = renumbered(parts);
    if count == base.network.nodes() {
        return communities.to_vec();
    }
    let (mut level, mut communities) = base.above(&stands_for, count, communities);
    loop {
        communities = level.move_nodes(communities, random);
        let (refined, count) = renumbered(&level.refine(&communities, random));
        if count == level.network.nodes() {
            return stands_for.iter().map(|&node| get(&communities, node)).collect();
        }
        (level, communities) = level.above(&refined, count, &communities);
        for node in &mut stands_for {
            *node = get(&refined, *node);
        }
    }
}

/// A network on the way, what a product of two strengths counts, and what is known of the nodes' edges.
struct Level<'a> {
    network: Cow<'a, Network>,
    scale: f64,
    split: Split,
}

impl<'a> Level<'a> {
    fn new(network: Cow<'a, Network>, scale: f64) -> Self {
        Self { split: Split::new(&network), network, scale }
    }

    /// The expected weight between two groups of nodes.
    fn expected(&self, a: f64, b: f64) -> f64 {
        self.scale * a * b
    }

    /// The level whose nodes are the parts (numbered without a gap) of this one's communities, with these.
    fn above(&self, parts: &[u32], count: usize, communities: &[u32]) -> (Level<'static>, Vec<u32>) {
        let mut lifted = vec![0; count];
        for (&part, &community) in parts.iter().zip(communities) {
            set(&mut lifted, part, community);
        }
        (Level::new(Cow::Owned(self.network.aggregate(parts, count)), self.scale), renumbered(&lifted).0)
    }

    /// Moves nodes to the best community near them until none would rather be elsewhere. A node whose neighbour has moved
    /// away has its turn again.
    fn move_nodes(&mut self, communities: Vec<u32>, random: &mut Random) -> Vec<u32> {
        let nodes = self.network.nodes();
        let mut places = Places::new(communities, &self.network.strengths);
        let mut near = Near::new(nodes);
        let mut queue = Queue::new(random.order(nodes));
        while let Some(node) = queue.next() {
            let (old, strength) = (get(&places.communities, node), get(&self.network.strengths, node));
            places.leave(old, strength);
            let shares = self.split.look(&self.network, node, &places.communities);
            let new = self.best(node, shares, &places, &mut near);
            add(&mut places.strengths, new, strength);
            if new != old {
                places.change(node, new);
                self.tell(node, old, &places.communities, &mut queue);
            }
        }
        places.communities
    }

    /// The best community for a node that has left its own.
    fn best(&self, node: u32, shares: Shares, places: &Places, near: &mut Near) -> u32 {
        let (old, strength) = (get(&places.communities, node), get(&self.network.strengths, node));
        let stay = shares.own - self.expected(strength, get(&places.strengths, old));
        // No community near is worth more than if all other edges led to it and it had the least strength. Rounding
        // keeps that order, so that this never decides otherwise than a look at each community would.
        let most = shares.elsewhere - self.expected(strength, places.least);
        if self.scale >= 0.0 && stay >= -EPSILON && most <= stay + EPSILON {
            return old;
        }
        let mut best = (stay, old);
        // Alone is worth nothing, which is more than less.
        if let Some(&alone) = places.empty.last().filter(|_| stay < -EPSILON) {
            best = (0.0, alone);
        }
        near.add_all(self.network.of(node), &places.communities);
        for (community, weight) in near.drain() {
            let gain = weight - self.expected(strength, get(&places.strengths, community));
            if gain > best.0 + EPSILON {
                best = (gain, community);
            }
        }
        best.1
    }

    /// Lets the neighbours of a node that has moved know.
    fn tell(&mut self, node: u32, old: u32, communities: &[u32], queue: &mut Queue) {
        let new = get(communities, node);
        self.split.is_changed(node);
        for &(neighbour, _) in self.network.of(node) {
            let community = get(communities, neighbour);
            if community == new || community == old {
                self.split.is_changed(neighbour);
            }
            if community != new {
                queue.push(neighbour);
            }
        }
    }

    /// [`Network::modularity`], from what is known of the nodes' edges: all but those near a change are not gone through.
    fn modularity(&mut self, communities: &[u32]) -> f64 {
        let total = self.network.total().max(f64::MIN_POSITIVE);
        let mut strengths = vec![0.0; communities.len()];
        let mut inside = 0.0;
        for ((node, strength), &community) in (0_u32..).zip(&self.network.strengths).zip(communities) {
            add(&mut strengths, community, *strength);
            inside += self.split.look(&self.network, node, communities).own;
        }
        let by_chance: f64 = strengths.iter().map(|&strength| self.expected(strength, strength)).sum();
        (inside - by_chance) / total
    }

    /// Takes note of who has changed communities since they were last seen. The numbers themselves mean nothing: only
    /// where one does not stand for the same nodes before and after may two neighbours have come together or apart.
    fn regroup(&mut self, before: &[u32], after: &[u32]) {
        let mut was = vec![u32::MAX; before.len()];
        let mut becomes = was.clone();
        for ((node, &before), &after) in (0_u32..).zip(before).zip(after) {
            let is_same = first(&mut becomes, before, after) == after && first(&mut was, after, before) == before;
            if !is_same {
                self.split.is_changed(node);
                for &(neighbour, _) in self.network.of(node) {
                    self.split.is_changed(neighbour);
                }
            }
        }
    }

    /// Parts of the communities that hold together well by themselves: single nodes that join parts near them, where both
    /// are well connected with the rest of their community.
    fn refine(&mut self, communities: &[u32], random: &mut Random) -> Vec<u32> {
        let nodes = self.network.nodes();
        let mut strengths = vec![0.0; nodes];
        let mut cuts = vec![0.0; nodes];
        for ((node, &community), strength) in (0_u32..).zip(communities).zip(&self.network.strengths) {
            add(&mut strengths, community, *strength);
            set(&mut cuts, node, self.split.look(&self.network, node, communities).own);
        }
        let mut parts: Vec<u32> = (0_u32..).take(nodes).collect();
        let mut part_strengths = self.network.strengths.clone();
        let mut is_alone = vec![true; nodes];
        let mut near = Near::new(nodes);
        for node in random.order(nodes) {
            let whole = get(&strengths, get(communities, node));
            let is_well_connected = |cut: f64, own: f64| cut + EPSILON >= self.expected(own, whole - own);
            let (cut, strength) = (get(&cuts, node), get(&part_strengths, node));
            if !get(&is_alone, node) || !is_well_connected(cut, strength) {
                continue;
            }
            near.add_all(self.split.own(&self.network, node), &parts);
            let none = u32::MAX;
            let mut best = (0.0, none, 0.0);
            for (part, weight) in near.drain() {
                let (own, cut) = (get(&part_strengths, part), get(&cuts, part));
                let gain = weight - self.expected(strength, own);
                // Without `&&`: what cannot be foretold is better computed than jumped over.
                let is_best = (gain > best.0) | ((gain >= best.0) & (part < best.1));
                if is_best & is_well_connected(cut, own) {
                    best = (gain, part, weight);
                }
            }
            let (_, part, weight) = best;
            if part == none {
                continue;
            }
            add(&mut part_strengths, part, strength);
            add(&mut cuts, part, cut - 2.0 * weight);
            set(&mut parts, node, part);
            set(&mut is_alone, node, false);
            set(&mut is_alone, part, false);
        }
        parts
    }
}

/// Which nodes are where.
struct Places {
    communities: Vec<u32>,
    strengths: Vec<f64>,
    sizes: Vec<u32>,
    empty: Vec<u32>,
    /// No community's strength is below this: zero, unless rounding leaves less where a node has left.
    least: f64,
}

impl Places {
    fn new(communities: Vec<u32>, strengths_of_nodes: &[f64]) -> Self {
        let mut strengths = vec![0.0; communities.len()];
        let mut sizes = vec![0_u32; communities.len()];
        for (&community, strength) in communities.iter().zip(strengths_of_nodes) {
            add(&mut strengths, community, *strength);
            resize(&mut sizes, community, 1);
        }
        let empty = (0_u32..).zip(&sizes).filter(|(_, size)| **size == 0).map(|(id, _)| id).collect();
        Self { communities, strengths, sizes, empty, least: 0.0 }
    }

    fn leave(&mut self, community: u32, strength: f64) {
        add(&mut self.strengths, community, -strength);
        self.least = self.least.min(get(&self.strengths, community));
    }

    fn change(&mut self, node: u32, new: u32) {
        if self.empty.last() == Some(&new) {
            self.empty.pop();
        }
        let old = get(&self.communities, node);
        resize(&mut self.sizes, new, 1);
        if resize(&mut self.sizes, old, -1) == 0 {
            self.empty.push(old);
        }
        set(&mut self.communities, node, new);
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
        fn what_is_skipped_would_change_nothing((nodes, edges) in networks(), seed: u64) {
            let network = Network::new(nodes, edges);
            let mut random = Random(seed);
            let mut level = Level::new(Cow::Borrowed(&network), 1.0 / network.total().max(f64::MIN_POSITIVE));
            let mut found: Vec<u32> = (0_u32..).take(nodes).collect();
            for _ in 0..4 {
                let moved = level.move_nodes(found, &mut random);
                let parts = level.refine(&moved, &mut random);
                found = renumbered(&rise(&level, &moved, &parts, &mut random)).0;
                level.regroup(&moved, &found);
                let worth = network.modularity(&found, 1.0);
                prop_assert!((level.modularity(&found) - worth).abs() < 1e-9, "{worth}");
                let mut places = Places::new(found.clone(), &network.strengths);
                for (node, &community) in (0_u32..).zip(&found) {
                    let shares = level.split.look(&network, node, &found);
                    let anew = Split::new(&network).look(&network, node, &found);
                    prop_assert_eq!((shares.own, shares.elsewhere), (anew.own, anew.elsewhere));
                    // With so much elsewhere every community is looked at.
                    let mut open = shares;
                    open.elsewhere = f64::INFINITY;
                    let strength = get(&network.strengths, node);
                    places.leave(community, strength);
                    let best = |shares| level.best(node, shares, &places, &mut Near::new(nodes));
                    prop_assert_eq!(best(shares), best(open));
                    add(&mut places.strengths, community, strength);
                }
            }
        }

        #[test]
        fn edges_between_communities_stand_in_order_and_at_both_ends((nodes, edges) in networks(), seed: u64) {
            let network = Network::new(nodes, edges);
            let (found, count) = renumbered(&leiden(&network, 1.0, 1, seed));
            let above = network.aggregate(&found, count);
            prop_assert_eq!(above.nodes(), count);
            for node in (0_u32..).take(count) {
                prop_assert!(above.of(node).is_sorted_by_key(|(to, _)| *to));
                for &(to, weight) in above.of(node) {
                    prop_assert!(above.of(to).contains(&(node, weight)));
                }
            }
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
