//! Which files to look at first: where repairs are to be expected, and which of those repay a look the most.
//!
//! [`score`] says how files are ranked, [`figures`] how good a ranking was, [`backtest`] how good this one would have been
//! in this repository, and [`together`] how good it would have been to name what changes together. A ranking that does not
//! beat size is not shown as one.

pub mod backtest;
pub mod figures;
pub mod score;
pub mod together;

pub use backtest::{Backtest, Baseline, Trial, Verdict};
pub use score::{Effort, Scored};
pub use together::Together;

use crate::components::{Component, Components, is_markup};
use crate::history::History;
use crate::model::{File, Model};
use crate::record::FileClass;
use serde::{Deserialize, Serialize};

/// The files that are ranked, best first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hotspots {
    /// Source files with code that people of the project write.
    pub ranked: Vec<Hotspot>,
    /// What the ranking is worth in this repository.
    pub verdict: Verdict,
}

/// A file in the ranking.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hotspot {
    /// The file.
    pub file: u32,
    /// What it was ranked by.
    pub effort: Effort,
    /// What came of it.
    pub scored: Scored,
}

impl Hotspots {
    /// Ranks the files of a model by their past.
    #[must_use]
    pub fn new(files: &[File], components: &Components, history: &History) -> Self {
        let candidates: Vec<(u32, Effort)> = (0_u32..)
            .zip(files)
            .filter(|(id, file)| is_ranked(file, components.of(*id)))
            .map(|(id, file)| (id, effort(file, history, id)))
            .collect();
        let efforts: Vec<Effort> = candidates.iter().map(|(_, effort)| *effort).collect();
        let ranked = score::rank(&efforts).into_iter().filter_map(|(at, scored)| {
            let (file, effort) = *candidates.get(at)?;
            Some(Hotspot { file, effort, scored })
        });
        Self { ranked: ranked.collect(), verdict: history.backtest.files.verdict }
    }

    /// Whether the order of the files means anything here.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.verdict == Verdict::Loses
    }
}

/// Whether a file of the model takes part.
pub(crate) fn is_ranked_in(model: &Model, file: u32) -> bool {
    model.file(file).is_some_and(|found| is_ranked(found, model.components.of(file)))
}

/// Whether a file takes part: source with code in it, of a part that ships or of none.
fn is_ranked(file: &File, component: Option<&Component>) -> bool {
    let is_code = file.language.as_deref().is_some_and(|language| !is_markup(language));
    let ships = component.is_none_or(|component| component.kind.ships());
    file.is_code && file.class == FileClass::Source && is_code && file.lines.code > 0 && ships
}

fn effort(file: &File, history: &History, id: u32) -> Effort {
    let lines = file.lines.total();
    let churn = history.files.get(id as usize);
    Effort {
        lines: f64::from(lines.max(1)),
        changes: churn.map_or(0.0, |churn| churn.recent_changes),
        repairs: churn.map_or(0.0, |churn| churn.recent_repairs),
    }
}
