//! What the edges of a node come to, by community.

/// The weight of a node's edges by the community they lead to; kept, because clearing what was touched is all it costs.
pub(super) struct Near {
    weights: Vec<f64>,
    /// The communities met, in that order. Every edge's is put behind them, and counted where it is new: a jump over
    /// those that are not would be guessed wrong too often.
    touched: Vec<u32>,
    met: usize,
}

impl Near {
    pub(super) fn new(communities: usize) -> Self {
        Self { weights: vec![0.0; communities], touched: vec![0; communities + 1], met: 0 }
    }

    pub(super) fn add_all(&mut self, edges: &[(u32, f32)], communities: &[u32]) {
        let mut met = self.met;
        let (weights, touched) = (self.weights.as_mut_slice(), self.touched.as_mut_slice());
        for &(to, weight) in edges {
            let Some(&community) = communities.get(to as usize) else { continue };
            let Some(sum) = weights.get_mut(community as usize) else { continue };
            let Some(next) = touched.get_mut(met) else { continue };
            *next = community;
            met += usize::from(sum.to_bits() == 0);
            *sum += f64::from(weight);
        }
        self.met = met;
    }

    /// Hands out what was added, in the order in which communities were met.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (u32, f64)> {
        let weights = &mut self.weights;
        let met = std::mem::take(&mut self.met);
        let touched = self.touched.get(..met).unwrap_or_default();
        touched.iter().map(|&id| (id, weights.get_mut(id as usize).map(std::mem::take).unwrap_or_default()))
    }
}
