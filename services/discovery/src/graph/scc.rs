//! Cycles and layers: strongly connected components, and how high each stands on the others.

use super::Csr;
use serde::{Deserialize, Serialize};

/// Groups of nodes that reach each other, and the layer of each group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strata {
    /// The group of each node. A group's number is higher than those of all groups it leads to.
    pub group: Vec<u32>,
    /// Nodes of each group, sorted.
    pub members: Vec<Vec<u32>>,
    /// The layer of each group: 0 leads nowhere, otherwise one more than the highest it leads to.
    pub layers: Vec<u32>,
}

impl Strata {
    /// Finds groups (Tarjan 1972, without recursion) and layers (longest path over the groups).
    #[must_use]
    pub fn of(graph: &Csr) -> Self {
        let members = groups(graph);
        let mut group = vec![0_u32; graph.nodes()];
        for (id, nodes) in (0_u32..).zip(&members) {
            for &node in nodes {
                if let Some(slot) = group.get_mut(node as usize) {
                    *slot = id;
                }
            }
        }
        let mut layers: Vec<u32> = Vec::with_capacity(members.len());
        for (id, nodes) in (0_u32..).zip(&members) {
            let below = nodes
                .iter()
                .flat_map(|&node| graph.of(node as usize))
                .filter_map(|&to| group.get(to as usize))
                .filter(|&&to| to != id)
                .filter_map(|&to| layers.get(to as usize))
                .max();
            layers.push(below.map_or(0, |layer| layer + 1));
        }
        Self { group, members, layers }
    }

    /// The layer of a node.
    #[must_use]
    pub fn layer(&self, node: usize) -> u32 {
        self.group.get(node).and_then(|&group| self.layers.get(group as usize)).copied().unwrap_or(0)
    }

    /// Groups of more than one node, largest first, then by their first node.
    #[must_use]
    pub fn cycles(&self) -> Vec<&[u32]> {
        let mut cycles: Vec<&[u32]> = self.members.iter().filter(|nodes| nodes.len() > 1).map(Vec::as_slice).collect();
        cycles.sort_by_key(|nodes| (std::cmp::Reverse(nodes.len()), nodes.first().copied()));
        cycles
    }

    /// Length of the longest chain of groups, in groups.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.layers.iter().max().map_or(0, |layer| layer + 1)
    }
}

const UNSEEN: u32 = u32::MAX;

/// Strongly connected groups, each sorted, in an order where a group stands after all groups it leads to.
fn groups(graph: &Csr) -> Vec<Vec<u32>> {
    let mut search = Search {
        order: vec![UNSEEN; graph.nodes()],
        low: vec![0; graph.nodes()],
        open: vec![false; graph.nodes()],
        stack: Vec::new(),
        next: 0,
    };
    let mut groups = Vec::new();
    let mut calls: Vec<(u32, usize)> = Vec::new();
    for root in (0_u32..).take(graph.nodes()) {
        if search.is_seen(root) {
            continue;
        }
        search.enter(root);
        calls.push((root, 0));
        while let Some(call) = calls.last_mut() {
            let node = call.0;
            if let Some(&to) = graph.of(node as usize).get(call.1) {
                call.1 += 1;
                if !search.is_seen(to) {
                    search.enter(to);
                    calls.push((to, 0));
                } else if search.is_open(to) {
                    search.lower(node, search.order(to));
                }
                continue;
            }
            calls.pop();
            if let Some(caller) = calls.last() {
                search.lower(caller.0, search.low(node));
            }
            if search.low(node) == search.order(node) {
                groups.push(search.close(node));
            }
        }
    }
    groups
}

/// State of Tarjan's search; nodes are always in range, lookups are total all the same.
struct Search {
    order: Vec<u32>,
    low: Vec<u32>,
    open: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
}

impl Search {
    fn order(&self, node: u32) -> u32 {
        self.order.get(node as usize).copied().unwrap_or(UNSEEN)
    }

    fn low(&self, node: u32) -> u32 {
        self.low.get(node as usize).copied().unwrap_or(UNSEEN)
    }

    fn is_seen(&self, node: u32) -> bool {
        self.order(node) != UNSEEN
    }

    fn is_open(&self, node: u32) -> bool {
        self.open.get(node as usize).copied().unwrap_or(false)
    }

    fn enter(&mut self, node: u32) {
        let at = node as usize;
        if let (Some(order), Some(low), Some(open)) =
            (self.order.get_mut(at), self.low.get_mut(at), self.open.get_mut(at))
        {
            (*order, *low, *open) = (self.next, self.next, true);
        }
        self.next += 1;
        self.stack.push(node);
    }

    fn lower(&mut self, node: u32, to: u32) {
        if let Some(low) = self.low.get_mut(node as usize) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, root: u32) -> Vec<u32> {
        let mut group = Vec::new();
        while let Some(node) = self.stack.pop() {
            if let Some(open) = self.open.get_mut(node as usize) {
                *open = false;
            }
            group.push(node);
            if node == root {
                break;
            }
        }
        group.sort_unstable();
        group
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph() -> impl Strategy<Value = Csr> {
        (1_usize..12).prop_flat_map(|nodes| {
            let node = 0..u32::try_from(nodes).unwrap();
            prop::collection::vec((node.clone(), node), 0..40).prop_map(move |pairs| Csr::new(nodes, pairs))
        })
    }

    /// `reach[a][b]`: a leads to b over any number of edges, none included.
    fn reachability(graph: &Csr) -> Vec<Vec<bool>> {
        let n = graph.nodes();
        let mut reach = vec![vec![false; n]; n];
        for (node, row) in reach.iter_mut().enumerate() {
            row[node] = true;
        }
        for (from, to) in graph.pairs() {
            reach[from as usize][to as usize] = true;
        }
        for middle in 0..n {
            for from in 0..n {
                for to in 0..n {
                    reach[from][to] |= reach[from][middle] && reach[middle][to];
                }
            }
        }
        reach
    }

    proptest! {
        #[test]
        fn two_nodes_share_a_group_exactly_when_they_reach_each_other(graph in graph()) {
            let strata = Strata::of(&graph);
            let reach = reachability(&graph);
            for (a, row) in reach.iter().enumerate() {
                for (b, leads) in row.iter().enumerate() {
                    prop_assert_eq!(strata.group[a] == strata.group[b], *leads && reach[b][a]);
                }
            }
        }

        #[test]
        fn a_layer_is_one_above_the_highest_it_leads_to(graph in graph()) {
            let strata = Strata::of(&graph);
            for (group, members) in strata.members.iter().enumerate() {
                let below = members
                    .iter()
                    .flat_map(|&node| graph.of(node as usize))
                    .filter(|&&to| strata.group[to as usize] as usize != group)
                    .map(|&to| strata.layer(to as usize) + 1)
                    .max();
                prop_assert_eq!(strata.layers[group], below.unwrap_or(0));
            }
        }

        #[test]
        fn reversing_twice_gives_the_graph_back(graph in graph()) {
            let mut turned: Vec<_> = graph.pairs().map(|(from, to)| (to, from)).collect();
            turned.sort_unstable();
            prop_assert_eq!(graph.reversed().pairs().collect::<Vec<_>>(), turned);
            prop_assert_eq!(graph.reversed().reversed(), graph);
        }
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let nodes = 200_000_u32;
        let strata = Strata::of(&Csr::new(nodes as usize, (1..nodes).map(|node| (node - 1, node)).collect()));
        assert_eq!(strata.height(), nodes);
        assert!(strata.cycles().is_empty());
    }
}
