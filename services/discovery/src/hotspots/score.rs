//! How files are ranked.
//!
//! Two questions, in this order. *Where are repairs to be expected at all?* Their number grows with a file's size and with how
//! often it changed lately; the powers were fitted (Poisson regression) on 115 windows of 25 repositories, each left out in
//! turn (`docs/evidence/hotspots.md`). *Which of those files repay a look?* The ones with most recent repairs and changes for
//! their lines. So the files that together hold [`LIKELY`] of what is expected come first, by repairs per line; the others
//! after them, by what is expected. Sorting within what is likely is what Huang et al. (2019) call CBS+.

use serde::{Deserialize, Serialize};

/// What is expected grows with these powers of lines, changes and repairs, each relative to the mean file.
pub const LINES_POWER: f64 = 0.52;
/// See [`LINES_POWER`].
pub const CHANGES_POWER: f64 = 0.46;
/// See [`LINES_POWER`]: how often a file was repaired says little beyond how often it was changed.
pub const REPAIRS_POWER: f64 = 0.07;
/// A file that was never changed counts as if it had this share of the mean.
const FLOOR: f64 = 0.1;
/// The files that hold this share of what is expected are ranked by density.
pub const LIKELY: f64 = 0.7;
/// What a change counts beside a repair in the density.
pub const CHANGE_SHARE: f64 = 0.2;

/// What a file is ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Its lines, at least 1.
    pub lines: f64,
    /// Its changes, each as much as it counts today.
    pub changes: f64,
    /// Its repairs, likewise.
    pub repairs: f64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// Repairs to be expected, relative to the mean file.
    pub expected: f64,
    /// Recent repairs, and changes as [`CHANGE_SHARE`], per thousand lines.
    pub density: f64,
    /// Whether it is one of the files that hold most of what is expected.
    pub is_likely: bool,
    /// 0 to 100, falling along the ranking: from 50 for likely files.
    pub score: f64,
}

/// The files by index, best first. Equal ones stay in their order.
#[must_use]
pub fn rank(files: &[Effort]) -> Vec<(usize, Scored)> {
    let expected = expected(files);
    order(
        files.iter().zip(expected).map(|(file, expected)| (expected, density(file.changes, file.repairs, file.lines))),
    )
}

/// Things by index, best first, from what is expected of each and its density.
#[must_use]
pub fn order(things: impl Iterator<Item = (f64, f64)>) -> Vec<(usize, Scored)> {
    let scored = |(expected, density)| Scored { expected, density, ..Scored::default() };
    let mut all: Vec<(usize, Scored)> = things.map(scored).enumerate().collect();
    all.sort_by(|a, b| b.1.expected.total_cmp(&a.1.expected).then(a.0.cmp(&b.0)));
    let total: f64 = all.iter().map(|(_, scored)| scored.expected).sum();
    let mut sum = 0.0;
    for (_, scored) in &mut all {
        scored.is_likely = sum < LIKELY * total;
        sum += scored.expected;
    }
    let highest = |value: fn(&Scored) -> f64, is_likely: bool| {
        let of_tier = all.iter().filter(|(_, scored)| scored.is_likely == is_likely);
        of_tier.map(|(_, scored)| value(scored)).fold(f64::MIN_POSITIVE, f64::max)
    };
    let (densest, most) = (highest(|scored| scored.density, true), highest(|scored| scored.expected, false));
    for (_, scored) in &mut all {
        scored.score = if scored.is_likely {
            50.0 + 50.0 * scored.density / densest
        } else {
            50.0 * (scored.expected / most).min(0.999)
        };
    }
    all.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
    all
}

/// Recent repairs, and changes as [`CHANGE_SHARE`], per thousand lines.
#[must_use]
pub fn density(changes: f64, repairs: f64, lines: f64) -> f64 {
    1000.0 * (repairs + CHANGE_SHARE * changes) / lines.max(1.0)
}

/// Repairs to be expected of each file, relative to the mean one.
#[must_use]
pub fn expected(files: &[Effort]) -> Vec<f64> {
    let relative = |value: fn(&Effort) -> f64, floor: f64| {
        let mean = files.iter().map(value).sum::<f64>() / files.len().max(1) as f64;
        move |file: &Effort| if mean > 0.0 { value(file) / mean + floor } else { 1.0 }
    };
    let lines = relative(|file| file.lines, 0.0);
    let changes = relative(|file| file.changes, FLOOR);
    let repairs = relative(|file| file.repairs, FLOOR);
    let expected = |file: &Effort| {
        lines(file).powf(LINES_POWER) * changes(file).powf(CHANGES_POWER) * repairs(file).powf(REPAIRS_POWER)
    };
    files.iter().map(expected).collect()
}

#[cfg(test)]
mod tests {
    use super::{Effort, rank};

    #[test]
    fn small_and_often_repaired_comes_before_large_and_calm() {
        let file = |lines: f64, changes: f64, repairs: f64| Effort { lines, changes, repairs };
        let calm = [file(200.0, 1.0, 0.0); 8];
        let files = [&calm[..], &[file(2000.0, 1.0, 0.0), file(300.0, 12.0, 6.0), file(20.0, 0.0, 0.0)]].concat();
        let order: Vec<usize> = rank(&files).iter().map(|(at, _)| *at).collect();
        assert_eq!((order.first(), order.last()), (Some(&9), Some(&10)));
        assert!(order.iter().position(|at| *at == 8) > Some(0));
    }

    #[test]
    fn scores_fall_along_the_ranking_and_are_numbers_for_every_past() {
        for files in [vec![], vec![Effort::default(); 3], vec![Effort { lines: 10.0, ..Effort::default() }; 5]] {
            let ranked = rank(&files);
            assert_eq!(ranked.len(), files.len());
            assert!(ranked.iter().all(|(_, scored)| scored.score.is_finite() && (0.0..=100.0).contains(&scored.score)));
            assert!(ranked.windows(2).all(|two| two[0].1.score >= two[1].1.score));
        }
    }
}
