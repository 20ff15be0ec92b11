//! How much was changed and repaired lately, per line: what the map's colours say.

use crate::hotspots::score::density;
use crate::hotspots::{Effort, Hotspots};
use crate::model::Model;
use crate::query::no_history;
use rustc_hash::FxHashMap;

/// Where a step of the scale begins, as a multiple of the whole; the first begins at nothing.
const STEPS: [(f64, &str); 5] = [(0.25, "¼"), (0.5, "½"), (1.0, "1"), (2.0, "2"), (4.0, "4")];

/// The heat of files and of groups of files, where it is known.
pub(super) struct Heat {
    efforts: FxHashMap<u32, Effort>,
    /// The density of all files together.
    whole: f64,
    /// Why nothing has a colour, where that is so.
    pub(super) unknown_because: Option<String>,
}

impl Heat {
    pub(super) fn of(model: &Model) -> Self {
        let unknown_because = match &model.hotspots {
            None => Some(no_history(model)),
            Some(found) if found.is_withheld() => Some(
                "in this repository the ranking by recent changes is no better than size alone, so it is withheld"
                    .into(),
            ),
            Some(found) if found.ranked.iter().all(|it| it.effort.changes <= 0.0) => {
                Some("no file was changed in what was read of the past".to_owned())
            }
            Some(_) => None,
        };
        let ranked = model.hotspots.iter().flat_map(|found: &Hotspots| &found.ranked);
        let efforts: FxHashMap<u32, Effort> = ranked.map(|it| (it.file, it.effort)).collect();
        let mut heat = Self { efforts, whole: 0.0, unknown_because };
        let all = model.hotspots.iter().flat_map(|found| &found.ranked).map(|it| it.file);
        heat.whole = heat.density(all);
        heat
    }

    /// The heat of files together: their density as a multiple of the whole's.
    pub(super) fn together(&self, files: impl Iterator<Item = u32>) -> Option<f64> {
        (self.unknown_because.is_none() && self.whole > 0.0).then(|| self.density(files) / self.whole)
    }

    fn density(&self, files: impl Iterator<Item = u32>) -> f64 {
        let (mut lines, mut changes, mut repairs) = (0.0, 0.0, 0.0);
        for effort in files.filter_map(|file| self.efforts.get(&file)) {
            lines += effort.lines;
            changes += effort.changes;
            repairs += effort.repairs;
        }
        density(changes, repairs, lines)
    }
}

/// The class of a heat in the page.
pub(super) fn class(heat: Option<f64>) -> String {
    match heat {
        None => "hx".to_owned(),
        Some(heat) => format!("h{}", STEPS.iter().filter(|(begin, _)| heat >= *begin).count()),
    }
}

/// A heat in words.
pub(super) fn words(heat: Option<f64>) -> String {
    match heat {
        None => "heat not known".to_owned(),
        Some(heat) if heat <= 0.0 => "heat 0: not changed in what was read of the past".to_owned(),
        Some(heat) if heat < 0.1 => "heat under 0.1 times the whole".to_owned(),
        Some(heat) => format!("heat {heat:.1} times the whole"),
    }
}

/// The scale: the class of each step, and its words.
pub(super) fn scale() -> Vec<(String, String)> {
    let begins = STEPS.iter().map(|(begin, _)| *begin);
    let firsts = std::iter::once(0.0).chain(begins).map(|begin| class(Some(begin)));
    let names = STEPS.iter().map(|(_, name)| *name);
    let ends: Vec<String> = std::iter::once(format!("under {}", STEPS[0].1))
        .chain(names.clone().zip(names.skip(1)).map(|(from, to)| format!("{from} – {to}")))
        .chain(STEPS.last().map(|(_, name)| format!("{name} and more")))
        .collect();
    firsts.zip(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::{class, scale, words};

    #[test]
    fn the_scale_has_a_step_for_every_heat() {
        let shown: Vec<String> = scale().iter().map(|(class, words)| format!("{class} {words}")).collect();
        assert_eq!(shown, ["h0 under ¼", "h1 ¼ – ½", "h2 ½ – 1", "h3 1 – 2", "h4 2 – 4", "h5 4 and more"]);
        let classes = [0.0, 0.24, 0.25, 0.99, 1.0, 3.9, 4.0, 900.0].map(|heat| class(Some(heat)));
        assert_eq!(classes, ["h0", "h0", "h1", "h2", "h3", "h4", "h5", "h5"]);
        assert_eq!((class(None), words(None)), ("hx".to_owned(), "heat not known".to_owned()));
        assert_eq!(words(Some(2.04)), "heat 2.0 times the whole");
    }
}
