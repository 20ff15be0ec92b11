//! How central each file is: PageRank (Page et al. 1999) over uses, as aider ranks a repository's map, with a fixed
//! number of rounds and a fixed order of every sum, so that the same input gives the same bits everywhere.

/// Share of a file's rank that it passes on to what it uses.
pub const DAMPING: f64 = 0.85;
/// Rounds; at this damping the rest is under 2 % of the rank.
pub const ROUNDS: u32 = 24;

/// Uses of one file, by the file used: sorted, one entry per file, weights above zero.
pub(super) type Weights = Vec<(u32, f32)>;

/// The rank of each file; ranks sum to 1. `starts` says which files rank is handed out to: those that people write and
/// ship, so that tests and samples have a say only through what they use.
pub(super) fn pagerank(uses: &[Weights], starts: &[bool]) -> Vec<f64> {
    let nodes = uses.len();
    let begin = begin(nodes, starts);
    let (offsets, incoming) = incoming(uses);
    let is_dangling: Vec<bool> = uses.iter().map(Vec::is_empty).collect();
    let mut rank = begin.clone();
    for _ in 0..ROUNDS {
        let lost: f64 = rank.iter().zip(&is_dangling).filter(|(_, dangling)| **dangling).map(|(rank, _)| rank).sum();
        let next = (0..nodes).zip(&begin).map(|(node, begin)| {
            let bounds = offsets.get(node).copied().unwrap_or(0)..offsets.get(node + 1).copied().unwrap_or(0);
            let gained: f64 = incoming
                .get(bounds)
                .unwrap_or_default()
                .iter()
                .map(|&(from, share)| rank.get(from as usize).copied().unwrap_or(0.0) * f64::from(share))
                .sum();
            (1.0 - DAMPING) * begin + DAMPING * (gained + lost * begin)
        });
        rank = next.collect();
    }
    rank
}

/// The sum of a file's weights, in their order.
pub(super) fn sum(uses: &[(u32, f32)]) -> f64 {
    uses.iter().map(|(_, weight)| f64::from(*weight)).sum()
}

fn begin(nodes: usize, starts: &[bool]) -> Vec<f64> {
    let chosen = starts.iter().filter(|start| **start).count();
    #[allow(clippy::cast_precision_loss, reason = "numbers of files are far below 2^52")]
    let (share_of_chosen, share_of_all) = (1.0 / chosen.max(1) as f64, 1.0 / nodes.max(1) as f64);
    (0..nodes)
        .map(|node| match (chosen, starts.get(node)) {
            (0, _) => share_of_all,
            (_, Some(true)) => share_of_chosen,
            _ => 0.0,
        })
        .collect()
}

/// Who uses each file, with the share of the user's rank it gets; sorted by user.
fn incoming(uses: &[Weights]) -> (Vec<usize>, Vec<(u32, f32)>) {
    let mut offsets = vec![0_usize; uses.len() + 1];
    for &(to, _) in uses.iter().flatten() {
        if let Some(count) = offsets.get_mut(to as usize + 1) {
            *count += 1;
        }
    }
    let mut edges = 0;
    for offset in &mut offsets {
        edges += *offset;
        *offset = edges;
    }
    let mut next = offsets.clone();
    let mut incoming = vec![(0_u32, 0.0_f32); edges];
    for (from, file) in (0_u32..).zip(uses) {
        let all = sum(file);
        for &(to, weight) in file {
            let Some(slot) = next.get_mut(to as usize) else { continue };
            if let Some(place) = incoming.get_mut(*slot) {
                #[allow(clippy::cast_possible_truncation, reason = "a rounded share is the same everywhere")]
                let share = (f64::from(weight) / all) as f32;
                *place = (from, share);
            }
            *slot += 1;
        }
    }
    (offsets, incoming)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_all_use_ranks_first_and_ranks_sum_to_one() {
        let uses = vec![vec![(2, 1.0)], vec![(2, 3.0), (0, 1.0)], vec![], vec![(2, 1.0)]];
        let rank = pagerank(&uses, &[true; 4]);
        assert!((rank.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        assert!(rank[2] > rank[0] && rank[0] > rank[1]);
        assert_eq!(rank[1].to_bits(), rank[3].to_bits(), "nobody uses either");
    }

    #[test]
    fn files_that_do_not_ship_hand_out_no_rank_of_their_own() {
        let uses = vec![vec![(1, 1.0)], vec![], vec![(3, 1.0)], vec![]];
        let rank = pagerank(&uses, &[true, true, false, false]);
        assert!(rank[1] > 0.0);
        assert_eq!((rank[2], rank[3]), (0.0, 0.0));
    }
}
