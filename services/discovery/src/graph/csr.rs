//! A directed graph as two arrays: compact, quick to walk, with one order.

use serde::{Deserialize, Serialize};

/// A directed graph from nodes `0..n` in compressed sparse rows: successors are sorted and distinct.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Csr {
    /// Where each node's successors begin; one entry more than there are nodes.
    offsets: Vec<u32>,
    successors: Vec<u32>,
}

impl Csr {
    /// The graph of these pairs, in whatever order they come and however often; pairs that begin outside `0..nodes` are
    /// left out. Successors may be nodes of another kind.
    #[must_use]
    pub fn new(nodes: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.retain(|&(from, _)| (from as usize) < nodes);
        pairs.sort_unstable();
        pairs.dedup();
        let mut offsets = Vec::with_capacity(nodes + 1);
        let mut taken = 0_usize;
        offsets.push(0);
        for node in 0..nodes {
            taken += pairs.get(taken..).unwrap_or_default().iter().take_while(|pair| pair.0 as usize == node).count();
            offsets.push(u32::try_from(taken).unwrap_or(u32::MAX));
        }
        Self { offsets, successors: pairs.into_iter().map(|pair| pair.1).collect() }
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Number of edges.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.successors.len()
    }

    /// The node's successors, sorted; none for a node that does not exist.
    #[must_use]
    pub fn of(&self, node: usize) -> &[u32] {
        let bounds = self.offsets.get(node).zip(self.offsets.get(node + 1));
        bounds.and_then(|(&from, &to)| self.successors.get(from as usize..to as usize)).unwrap_or_default()
    }

    /// Every edge, sorted.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0_u32..).zip(0..self.nodes()).flat_map(|(id, node)| self.of(node).iter().map(move |&to| (id, to)))
    }

    /// The same graph with every edge turned round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let nodes = self.nodes();
        let mut offsets = vec![0_u32; nodes + 1];
        for &to in &self.successors {
            if let Some(count) = offsets.get_mut(to as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for offset in &mut offsets {
            sum += *offset;
            *offset = sum;
        }
        let mut next = offsets.clone();
        let mut successors = vec![0_u32; self.successors.len()];
        for (from, to) in self.pairs() {
            if let Some(slot) = next.get_mut(to as usize) {
                if let Some(place) = successors.get_mut(*slot as usize) {
                    *place = from;
                }
                *slot += 1;
            }
        }
        Self { offsets, successors }
    }
}
