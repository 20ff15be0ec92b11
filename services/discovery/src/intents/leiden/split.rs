//! Which edges of each node stay within its community.

use super::lists::{get, set};
use super::network::Network;
use std::hint::select_unpredictable;

/// The edges of each node that lead to its own community. A node is looked at again only after a change near it: once
/// the first round is over there are few, and the whole network need not be gone through for each move and refinement.
pub(super) struct Split {
    /// Stand where the network's do, at the front of each node's place.
    edges: Vec<(u32, f32)>,
    shares: Vec<Shares>,
    is_stale: Vec<bool>,
}

/// How many of a node's edges lead to its own community, and what they and the others weigh.
#[derive(Clone, Copy, Default)]
pub(super) struct Shares {
    count: u32,
    pub(super) own: f64,
    pub(super) elsewhere: f64,
}

impl Split {
    pub(super) fn new(network: &Network) -> Self {
        let nodes = network.nodes();
        let edges = vec![(0, 0.0); network.edges() * 2];
        Self { edges, shares: vec![Shares::default(); nodes], is_stale: vec![true; nodes] }
    }

    /// The node's shares as they are now.
    pub(super) fn look(&mut self, network: &Network, node: u32, communities: &[u32]) -> Shares {
        if get(&self.is_stale, node) {
            let shares = self.split(network, node, communities);
            set(&mut self.shares, node, shares);
            set(&mut self.is_stale, node, false);
        }
        get(&self.shares, node)
    }

    /// Something changed at a node, or near it.
    pub(super) fn is_changed(&mut self, node: u32) {
        set(&mut self.is_stale, node, true);
    }

    fn split(&mut self, network: &Network, node: u32, communities: &[u32]) -> Shares {
        let mut shares = Shares::default();
        let community = get(communities, node);
        let place = self.edges.get_mut(network.range(node)).unwrap_or_default();
        for &(to, weight) in network.of(node) {
            // An edge that leads elsewhere is put there too, and the next over it: no jump, so none guessed wrong.
            let is_own = get(communities, to) == community;
            set(place, shares.count, (to, weight));
            shares.count += u32::from(is_own);
            let own = select_unpredictable(is_own, weight.to_bits(), 0);
            shares.own += f64::from(f32::from_bits(own));
            shares.elsewhere += f64::from(f32::from_bits(weight.to_bits() ^ own));
        }
        shares
    }

    /// The node's edges to its own community, as they were when it was looked at last.
    pub(super) fn own(&self, network: &Network, node: u32) -> &[(u32, f32)] {
        let count = get(&self.shares, node).count as usize;
        self.edges.get(network.range(node)).and_then(|edges| edges.get(..count)).unwrap_or_default()
    }
}
