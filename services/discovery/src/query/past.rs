//! What answers about the past share: why it is not known, and what a ranking by it is worth.

use crate::hotspots::backtest::{Backtest, Baseline, HORIZON_WEEKS, MIN_REPAIRS, Trial, Verdict};
use crate::hotspots::figures::Figures;
use crate::model::Model;
use crate::query::fixes;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why nothing is known of the past.
#[must_use]
pub fn no_history(model: &Model) -> String {
    match (&model.run.basis_commit, model.not_read()) {
        (_, Some(_)) => "the last run was in quick mode, which does not read history".to_owned(),
        (None, _) => "there is no commit: without git, and before the first commit, there is no past".to_owned(),
        (Some(_), None) => "the last run did not read history".to_owned(),
    }
}

/// How a ranking did in this repository.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// Whether it beats size, loses to it, or cannot be tested.
    pub verdict: Verdict,
    /// The commit whose files were ranked, and the one up to which later repairs were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<[String; 2]>,
    /// What was ranked, and the later repairs.
    pub ranked: u32,
    /// See `ranked`.
    pub repairs: u32,
    /// The figures of the ranking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Figures>,
    /// The figures of other orders, by name.
    pub others: BTreeMap<&'static str, Figures>,
    /// The same in a sentence.
    pub says: String,
}

/// How a ranking did.
#[must_use]
pub fn tested(backtest: &Backtest, trial: &Trial) -> Tested {
    let short = |id: &str| id.get(..10).unwrap_or(id).to_owned();
    Tested {
        verdict: trial.verdict,
        window: backtest.window.as_ref().map(|ends| [short(&ends.then), short(&ends.until)]),
        ranked: trial.ranked,
        repairs: backtest.repairs,
        score: trial.ours.map(rounded),
        others: trial.others.iter().map(|(baseline, figures)| (baseline.name(), rounded(*figures))).collect(),
        says: says(backtest, trial),
    }
}

fn says(backtest: &Backtest, trial: &Trial) -> String {
    let (Some(ours), Some(size), Some(ends)) = (&trial.ours, trial.other(Baseline::Size), &backtest.window) else {
        return match &backtest.window {
            None => "not tested: what was read of the past is shorter than a year and a few weeks".to_owned(),
            Some(_) => "not tested: nothing was repaired in the year that was looked at".to_owned(),
        };
    };
    let fixes = fixes(backtest.repairs);
    let figures = format!(
        "tested on the {HORIZON_WEEKS} weeks after {}: a fifth of the lines held {:.0} % of {fixes}, by size {:.0} %; Popt {:.2} \
         against {:.2}, AUC {:.2} against {:.2}",
        ends.then.get(..10).unwrap_or(&ends.then),
        100.0 * ours.in_a_fifth,
        100.0 * size.in_a_fifth,
        ours.popt,
        size.popt,
        ours.auc,
        size.auc,
    );
    match trial.verdict {
        Verdict::Beats => figures,
        Verdict::Loses => format!("{figures}. Ranks are withheld: here they are no better than size alone"),
        Verdict::Untested => {
            format!("{figures}. Fewer than {MIN_REPAIRS} fixes prove nothing: take the order as a guess")
        }
    }
}

/// Three decimals.
fn rounded(figures: Figures) -> Figures {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    Figures { in_a_fifth: round(figures.in_a_fifth), popt: round(figures.popt), auc: round(figures.auc) }
}
