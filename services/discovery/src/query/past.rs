//! What answers about the past share: why it is not known, and what a ranking by it is worth.

use crate::history::History;
use crate::hotspots::backtest::{Backtest, Baseline, HORIZON_WEEKS, MIN_REPAIRS, Trial, Verdict};
use crate::hotspots::figures::Figures;
use crate::hotspots::together::{MIN_COMMITS, NAMED, Together};
use crate::model::Model;
use crate::query::fixes;
use crate::query::text::{percent, plural};
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

const OUT_OF_TIME: &str = "not tested: the budget left no time for it; a run without one tests it";
const TOO_SHORT: &str = "not tested: what was read of the past is shorter than a year and a few weeks";

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
pub fn tested(history: &History, trial: &Trial) -> Tested {
    let backtest = &history.backtest;
    Tested {
        verdict: trial.verdict,
        window: window(backtest),
        ranked: trial.ranked,
        repairs: backtest.repairs,
        score: trial.ours.map(rounded),
        others: trial.others.iter().map(|(baseline, figures)| (baseline.name(), rounded(*figures))).collect(),
        says: says(history, trial),
    }
}

fn window(backtest: &Backtest) -> Option<[String; 2]> {
    backtest.window.as_ref().map(|ends| [short(&ends.then).to_owned(), short(&ends.until).to_owned()])
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// Why nothing was tested.
fn untested(history: &History) -> String {
    if history.is_untested { OUT_OF_TIME.to_owned() } else { TOO_SHORT.to_owned() }
}

fn says(history: &History, trial: &Trial) -> String {
    let backtest = &history.backtest;
    let (Some(ours), Some(size), Some(ends)) = (&trial.ours, trial.other(Baseline::Size), &backtest.window) else {
        return match &backtest.window {
            None => untested(history),
            Some(_) => "not tested: nothing was repaired in the year that was looked at".to_owned(),
        };
    };
    let fixes = fixes(backtest.repairs);
    let figures = format!(
        "tested on the {HORIZON_WEEKS} weeks after {}: a fifth of the lines held {:.0} % of {fixes}, by size {:.0} %; Popt {:.2} \
         against {:.2}, AUC {:.2} against {:.2}",
        short(&ends.then),
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

/// How naming what changes together did in this repository.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestedTogether {
    /// Whether it beats naming the busiest files of the same folder, loses to it, or cannot be told.
    pub verdict: Verdict,
    /// The commit before which pairs were counted, and the one up to which commits were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<[String; 2]>,
    /// Later commits with a question that was answered.
    pub commits: u32,
    /// Files that a later commit changed with others, once for each such commit.
    pub asked: u32,
    /// Of them, those of which something was known.
    pub answered: u32,
    /// Of those, where one of the others was among the first that were named.
    pub hit: u32,
    /// Of the same, where one of the others was among the busiest of the folder.
    pub folder_hit: u32,
    /// The same in a sentence.
    pub says: String,
}

/// How naming what changes together did.
#[must_use]
pub fn tested_together(history: &History) -> TestedTogether {
    let backtest = &history.backtest;
    let Together { verdict, commits, asked, answered, hit, folder_hit } = backtest.together;
    let says = says_together(history, &backtest.together);
    TestedTogether { verdict, window: window(backtest), commits, asked, answered, hit, folder_hit, says }
}

fn says_together(history: &History, found: &Together) -> String {
    let Some(ends) = &history.backtest.window else { return untested(history) };
    if found.answered == 0 {
        return "not tested: no commit of the year that was looked at changed several files of which anything was known"
            .to_owned();
    }
    let share = |part: u32| percent(part.into(), found.answered.into());
    let figures = format!(
        "tested on the {HORIZON_WEEKS} weeks after {}, on {} that {} changed with others: one of those others was among the \
         first {NAMED} that had changed with the file before in {}, among the {NAMED} busiest of its folder in {}",
        short(&ends.then),
        plural(found.answered.into(), "file"),
        plural(found.commits.into(), "commit"),
        share(found.hit),
        share(found.folder_hit),
    );
    match found.verdict {
        Verdict::Beats => figures,
        Verdict::Loses => format!("{figures}. Withheld: nothing goes by what changed together, for {FOLDER_SAYS_MORE}"),
        Verdict::Untested if found.commits < MIN_COMMITS => {
            format!("{figures}. Fewer than {MIN_COMMITS} commits prove nothing: take it as a guess")
        }
        Verdict::Untested => format!("{figures}. That is no more than chance explains: take it as a guess"),
    }
}

const FOLDER_SAYS_MORE: &str = "here the busiest files of the folder say more";

/// Why nothing is said of what changes together, where it is withheld.
pub(crate) fn co_change_withheld(history: &History) -> Option<String> {
    history.withholds_co_change().then(|| format!("{FOLDER_SAYS_MORE}; `codexa show couplings` has the figures"))
}
