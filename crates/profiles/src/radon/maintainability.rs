//! The maintainability index as radon computes it (`metrics.py`, `mi_compute` and `mi_parameters`).

use serde::Serialize;

use super::raw::Raw;

/// `radon mi -j` of one file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Maintainability {
    /// 0 to 100, higher is better.
    pub mi: f64,
    /// A above 19, B above 9, C.
    pub rank: MaintainabilityRank,
}

/// radon's letters for the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MaintainabilityRank {
    /// Above 19.
    A,
    /// Above 9, up to 19.
    B,
    /// Up to 9.
    C,
}

impl Maintainability {
    /// `100/171 · (171 − 5.2 ln V − 0.23 G − 16.2 ln LLOC + 50 sin √(2.46 · rad(C)))` within 0..100, with `C` the
    /// comment and multi-line string lines per hundred source lines; 100 where `V` or `LLOC` is 0.
    pub(super) fn compute(volume: f64, complexity: i64, raw: &Raw) -> Self {
        let mi = index(volume, complexity as f64, raw);
        let rank = match mi {
            mi if mi > 19.0 => MaintainabilityRank::A,
            mi if mi > 9.0 => MaintainabilityRank::B,
            _ => MaintainabilityRank::C,
        };
        Self { mi, rank }
    }
}

fn index(volume: f64, complexity: f64, raw: &Raw) -> f64 {
    if volume <= 0.0 || raw.lloc == 0 {
        return 100.0;
    }
    let comments = if raw.sloc == 0 { 0.0 } else { (raw.comments + raw.multi) as f64 / raw.sloc as f64 * 100.0 };
    let index = 171.0 - 5.2 * volume.ln() - 0.23 * complexity - 16.2 * (raw.lloc as f64).ln()
        + 50.0 * (2.46 * comments.to_radians()).sqrt().sin();
    (index * 100.0 / 171.0).clamp(0.0, 100.0)
}
