//! `codexa show couplings`: what changes together.

use super::edges::{is_in, known};
use super::error::QueryError;
use super::past::{TestedTogether, no_history, tested_together};
use super::text::{Column, clean, more, number, plural, table, wrap};
use crate::model::Model;
use crate::tested::Basis;
use codexa_history::coupling::{MAX_FILES, MIN_SUPPORT, Pair};
use serde::Serialize;

/// What changes together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CouplingsAnswer<'m> {
    /// Pairs of files, by the weight of their common commits; in order of their paths where it is withheld what they say.
    pub couplings: Vec<CouplingRow<'m>>,
    /// Whether nothing goes by them, because they say less in this repository than the busiest files of the same folder.
    pub withheld: bool,
    /// How naming what changes together did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<TestedTogether>,
    /// Pairs that are known.
    pub all: u64,
    /// Commits that were looked at.
    pub commits: u32,
    /// Commits that were not, because they have too many files.
    pub dropped_commits: u32,
    /// Pairs that were not kept, because chance explains them.
    pub dropped_pairs: u64,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// Two files that change together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CouplingRow<'m> {
    /// The one.
    pub a: &'m str,
    /// The other.
    pub b: &'m str,
    /// Commits that changed both.
    pub support: u32,
    /// The same, each as much as it counts today, and less the more files it has.
    pub weight: f64,
    /// Share of the commits of `a` that changed `b` as well, in percent.
    pub a_to_b: f64,
    /// Share of the commits of `b` that changed `a` as well, in percent.
    pub b_to_a: f64,
    /// Commits that changed both, of those that changed one of them.
    pub jaccard: f64,
    /// Whether one depends on the other: what changes together without that is hidden in the code.
    pub linked: bool,
}

/// What changes together, of files beneath a path where one is given, at most so many; code only, or `all` files.
///
/// # Errors
/// [`QueryError::UnknownPath`].
pub fn couplings<'m>(
    model: &'m Model,
    from: Option<&str>,
    all: bool,
    limit: usize,
) -> Result<CouplingsAnswer<'m>, QueryError> {
    let from = from.map(|path| known(model, path)).transpose()?;
    let Some(history) = &model.history else {
        return Ok(CouplingsAnswer {
            couplings: Vec::new(),
            withheld: false,
            backtest: None,
            all: 0,
            commits: 0,
            dropped_commits: 0,
            dropped_pairs: 0,
            unknown_because: Some(no_history(model)),
        });
    };
    let found = history.counted_couplings();
    let is_wanted = |pair: &&Pair| {
        let lies = |file: u32| from.as_deref().is_none_or(|from| is_in(model.path(file), from));
        let is_code = |file: u32| all || model.file(file).is_some_and(|file| file.is_code);
        (lies(pair.a) || lies(pair.b)) && is_code(pair.a) && is_code(pair.b)
    };
    let withheld = history.withholds_co_change();
    let pairs = if withheld { found.pairs.iter().collect() } else { found.surest_first() };
    let pairs: Vec<&Pair> = pairs.into_iter().filter(is_wanted).collect();
    let percent = |share: f64| (share * 1000.0).round() / 10.0;
    let row = |pair: &&'m Pair| CouplingRow {
        a: model.path(pair.a),
        b: model.path(pair.b),
        support: pair.support,
        weight: pair.weight,
        a_to_b: percent(pair.confidence.0),
        b_to_a: percent(pair.confidence.1),
        jaccard: (pair.jaccard * 1000.0).round() / 1000.0,
        linked: is_linked(model, pair.a, pair.b),
    };
    Ok(CouplingsAnswer {
        all: pairs.len() as u64,
        couplings: pairs.iter().take(limit).map(row).collect(),
        withheld,
        backtest: Some(tested_together(history)),
        commits: found.commits,
        dropped_commits: found.dropped_large,
        dropped_pairs: found.dropped_pairs,
        unknown_because: None,
    })
}

/// Whether one depends on the other or is a test that is linked to it by more than that.
fn is_linked(model: &Model, a: u32, b: u32) -> bool {
    let tests = |from: u32, to: u32| {
        model.tested.links(to).iter().any(|link| link.test == from && link.basis != Basis::CoChange)
    };
    let leads = |from: u32, to: u32| model.graph.depends_on.of(from as usize).contains(&to) || tests(from, to);
    leads(a, b) || leads(b, a)
}

impl CouplingsAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return super::text::unknown("couplings", cause);
        }
        let mut out = String::new();
        if self.couplings.is_empty() {
            out.push_str("  no two files changed together often enough\n");
        } else {
            let row = |row: &CouplingRow<'_>| {
                vec![
                    row.support.to_string(),
                    format!("{:.0} %", row.a_to_b),
                    format!("{:.0} %", row.b_to_a),
                    clean(row.a),
                    clean(row.b),
                    if row.linked { "" } else { "no link" }.to_owned(),
                ]
            };
            let columns = [
                ("together", Column::Right),
                ("a: b", Column::Right),
                ("b: a", Column::Right),
                ("a", Column::Flexible),
                ("b", Column::Flexible),
                ("", Column::Left),
            ];
            out.push_str(&table(&columns, &self.couplings.iter().map(row).collect::<Vec<_>>()));
            out.push_str(&more(
                self.couplings.len(),
                usize::try_from(self.all).unwrap_or(usize::MAX),
                "--limit N shows them",
            ));
        }
        out.push('\n');
        let order = if self.withheld { "in the order of their paths, which is no ranking; " } else { "" };
        let words = format!(
            "  {order}from {} of at most {MAX_FILES} files; {} were larger; {} with fewer than {MIN_SUPPORT} common commits, or hardly \
             any of them common, are not kept. `a: b` is the share of the commits of a that changed b too.",
            plural(self.commits.into(), "commit"),
            number(self.dropped_commits.into()),
            plural(self.dropped_pairs, "pair"),
        );
        out.push_str(&wrap(&words, "  "));
        if let Some(test) = &self.backtest {
            out.push_str(&wrap(&format!("  {}", test.says), "  "));
        }
        out.push_str("next: codexa show owners\n");
        out
    }
}
