//! How far clusters depend on chance: the same network, other seeds.

use rustc_hash::FxHashMap;

/// How well each community of a partition is found again in others, and how well they are on the whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stability {
    /// Of each community: the mean, over the other partitions, of the Jaccard index with the community there that fits it
    /// best (C. Hennig, "Cluster-wise assessment of cluster stability", 2007). 1 is found again whole everywhere.
    pub of: Vec<f64>,
    /// The mean of those, each community by its number of nodes.
    pub overall: f64,
}

impl Stability {
    /// Compares a partition (numbers without gaps) with others of the same nodes. Without others nothing speaks against it.
    #[must_use]
    pub fn new(partition: &[u32], others: &[Vec<u32>]) -> Self {
        let sizes = sizes(partition);
        let mut of = vec![0.0; sizes.len()];
        for other in others {
            for (sum, best) in of.iter_mut().zip(best_matches(partition, &sizes, other)) {
                *sum += best;
            }
        }
        for sum in &mut of {
            *sum = if others.is_empty() { 1.0 } else { *sum / ratio(others.len()) };
        }
        let weighted: f64 = of.iter().zip(&sizes).map(|(stability, size)| stability * f64::from(*size)).sum();
        Self { overall: if partition.is_empty() { 1.0 } else { weighted / ratio(partition.len()) }, of }
    }
}

/// For each node whether its place is sure: whether, over the other partitions, it is found on the mean with at least
/// `share` of its community.
#[must_use]
pub fn are_settled(partition: &[u32], others: &[Vec<u32>], share: f64) -> Vec<bool> {
    let sizes_here = sizes(partition);
    let mut found = vec![0.0_f64; partition.len()];
    for other in others {
        let mut both: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for pair in partition.iter().copied().zip(other.iter().copied()) {
            *both.entry(pair).or_default() += 1;
        }
        for (found, pair) in found.iter_mut().zip(partition.iter().copied().zip(other.iter().copied())) {
            let whole = sizes_here.get(pair.0 as usize).map_or(1.0, |size| f64::from(*size));
            *found += both.get(&pair).map_or(0.0, |both| f64::from(*both)) / whole;
        }
    }
    let wanted = share * ratio(others.len());
    found.into_iter().map(|found| found >= wanted).collect()
}

/// For each community, the Jaccard index with the one of the other partition that fits it best.
fn best_matches(partition: &[u32], sizes_here: &[u32], other: &[u32]) -> Vec<f64> {
    let sizes_there = sizes(other);
    let mut pairs: Vec<(u32, u32)> = partition.iter().copied().zip(other.iter().copied()).collect();
    pairs.sort_unstable();
    let mut best = vec![0.0_f64; sizes_here.len()];
    for common in pairs.chunk_by(|a, b| a == b) {
        let Some(&(here, there)) = common.first() else { continue };
        let size = |sizes: &[u32], at: u32| sizes.get(at as usize).map_or(0.0, |size| f64::from(*size));
        let both = ratio(common.len());
        let either = size(sizes_here, here) + size(&sizes_there, there) - both;
        if let Some(best) = best.get_mut(here as usize) {
            *best = best.max(both / either);
        }
    }
    best
}

fn sizes(partition: &[u32]) -> Vec<u32> {
    let mut sizes = vec![0_u32; partition.iter().max().map_or(0, |max| *max as usize + 1)];
    for &community in partition {
        if let Some(size) = sizes.get_mut(community as usize) {
            *size += 1;
        }
    }
    sizes
}

#[allow(clippy::cast_precision_loss, reason = "numbers of files are far below 2^52")]
fn ratio(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_that_is_found_again_whole_is_stable_and_one_that_falls_apart_is_not() {
        let base = [0, 0, 0, 0, 1, 1];
        let stable = Stability::new(&base, &[vec![5, 5, 5, 5, 2, 2]]);
        assert_eq!((stable.of, stable.overall), (vec![1.0, 1.0], 1.0));
        let halved = Stability::new(&base, &[vec![0, 0, 1, 1, 2, 2], base.to_vec()]);
        assert_eq!(halved.of, [0.75, 1.0]);
        assert!((halved.overall - (0.75 * 4.0 + 2.0) / 6.0).abs() < 1e-12);
        let taken_in = Stability::new(&base, &[vec![0; 6]]);
        assert!((taken_in.of[1] - 2.0 / 6.0).abs() < 1e-12);
        assert_eq!(Stability::new(&base, &[]).overall, 1.0);
    }

    #[test]
    fn a_node_that_other_seeds_put_elsewhere_is_not_settled() {
        let base = [0, 0, 0, 0, 0, 1, 1];
        let others = [vec![0, 0, 0, 0, 1, 1, 1], vec![3, 3, 3, 3, 3, 2, 2], vec![0, 0, 0, 0, 1, 1, 1]];
        assert_eq!(are_settled(&base, &others, 0.5), [true, true, true, true, false, true, true]);
        assert_eq!(are_settled(&base, &[], 0.5), [true; 7]);
    }
}
