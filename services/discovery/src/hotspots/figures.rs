//! How good a ranking of files was, given what was repaired later.

use serde::{Deserialize, Serialize};

/// A file that was ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Its lines when it was ranked: what it costs to look at it.
    pub lines: f64,
    /// Its repairs afterwards.
    pub repairs: f64,
}

/// How good a ranking was; 0 to 1, higher is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Share of the repairs that lie in the first fifth of the lines.
    pub in_a_fifth: f64,
    /// Popt (Mende & Koschke 2010, normalised): the area under the curve of repairs over lines, 0 for the worst order of
    /// these files and 1 for the best; by chance 0.5.
    pub popt: f64,
    /// Chance that a file which was repaired stands before one which was not; by chance 0.5.
    pub auc: f64,
}

impl Figures {
    /// The figures of a ranking, best file first. `None` where nothing was repaired, or where there is nothing to rank.
    #[must_use]
    pub fn of(ranking: &[Outcome]) -> Option<Self> {
        let repairs: f64 = ranking.iter().map(|file| file.repairs).sum();
        if repairs <= 0.0 || ranking.len() < 2 {
            return None;
        }
        let mut best = ranking.to_vec();
        best.sort_by(|a, b| (b.repairs * a.lines).total_cmp(&(a.repairs * b.lines)));
        let (highest, ours) = (area(&best), area(ranking));
        best.reverse();
        let lowest = area(&best);
        let popt = if highest > lowest { (ours - lowest) / (highest - lowest) } else { 0.5 };
        Some(Self { in_a_fifth: share_within(ranking, 0.2), popt, auc: auc(ranking) })
    }

    /// Whether it is better than another on effort, and on the order of files not worse by more than chance explains.
    #[must_use]
    pub fn beats(&self, other: &Self, ranking: &[Outcome]) -> bool {
        self.popt > other.popt && other.auc - self.auc <= standard_error(self.auc, ranking)
    }
}

/// The area under the share of repairs over the share of lines.
fn area(ranking: &[Outcome]) -> f64 {
    let lines: f64 = ranking.iter().map(|file| file.lines).sum();
    let repairs: f64 = ranking.iter().map(|file| file.repairs).sum();
    let mut found = 0.0;
    let slices = ranking.iter().map(|file| {
        let before = found;
        found += file.repairs;
        file.lines * (before + found) / 2.0
    });
    slices.sum::<f64>() / (lines * repairs).max(f64::MIN_POSITIVE)
}

/// The share of the repairs that lie in the first lines, up to this share of all; of the file at the border a part.
fn share_within(ranking: &[Outcome], share: f64) -> f64 {
    let lines: f64 = ranking.iter().map(|file| file.lines).sum();
    let repairs: f64 = ranking.iter().map(|file| file.repairs).sum();
    let mut room = share * lines;
    let mut found = 0.0;
    for file in ranking {
        if file.lines >= room {
            found += file.repairs * room / file.lines.max(f64::MIN_POSITIVE);
            break;
        }
        room -= file.lines;
        found += file.repairs;
    }
    found / repairs
}

fn auc(ranking: &[Outcome]) -> f64 {
    let repaired = ranking.iter().filter(|file| file.repairs > 0.0).count();
    let calm = ranking.len() - repaired;
    if repaired == 0 || calm == 0 {
        return 0.5;
    }
    let mut behind = calm;
    let mut won = 0;
    for file in ranking {
        if file.repairs > 0.0 {
            won += behind;
        } else {
            behind -= 1;
        }
    }
    won as f64 / (repaired as f64 * calm as f64)
}

/// The standard error of an AUC (Hanley & McNeil 1982).
fn standard_error(auc: f64, ranking: &[Outcome]) -> f64 {
    let repaired = ranking.iter().filter(|file| file.repairs > 0.0).count() as f64;
    let calm = ranking.len() as f64 - repaired;
    if repaired < 1.0 || calm < 1.0 {
        return 1.0;
    }
    let (one, other) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let spread = (repaired - 1.0) * (one - auc * auc) + (calm - 1.0) * (other - auc * auc);
    ((auc * (1.0 - auc) + spread) / (repaired * calm)).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Figures, Outcome};

    fn ranking(files: &[(f64, f64)]) -> Vec<Outcome> {
        files.iter().map(|&(lines, repairs)| Outcome { lines, repairs }).collect()
    }

    #[test]
    fn the_best_order_has_one_and_the_worst_none() {
        let best = ranking(&[(10.0, 5.0), (10.0, 2.0), (80.0, 1.0), (100.0, 0.0)]);
        let figures = Figures::of(&best).unwrap();
        assert!((figures.popt - 1.0).abs() < 1e-12 && (figures.auc - 1.0).abs() < 1e-12);
        // 40 of 200 lines: the first two files, and a quarter of the third.
        assert!((figures.in_a_fifth - 7.25 / 8.0).abs() < 1e-12);
        let mut worst = best;
        worst.reverse();
        let figures = Figures::of(&worst).unwrap();
        assert!(figures.popt.abs() < 1e-12 && figures.auc.abs() < 1e-12 && figures.in_a_fifth == 0.0);
    }

    #[test]
    fn without_repairs_there_is_nothing_to_say() {
        assert_eq!(Figures::of(&ranking(&[(1.0, 0.0), (2.0, 0.0)])), None);
        assert_eq!(Figures::of(&[]), None);
    }

    #[test]
    fn a_difference_that_chance_explains_does_not_lose() {
        let ours = ranking(&[(10.0, 3.0), (400.0, 0.0), (90.0, 1.0), (300.0, 0.0)]);
        let figures = Figures::of(&ours).unwrap();
        let near = Figures { popt: figures.popt - 0.1, auc: figures.auc + 0.01, ..figures };
        let far = Figures { popt: figures.popt - 0.1, auc: figures.auc + 0.9, ..figures };
        let denser = Figures { popt: figures.popt + 0.01, ..figures };
        assert!(figures.beats(&near, &ours) && !figures.beats(&far, &ours) && !figures.beats(&denser, &ours));
    }
}
