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
    use super::{Heat, class, scale, words};
    use crate::hotspots::{Effort, Hotspot, Hotspots, Scored, Verdict};
    use crate::model::{Inputs, Model, Run};

    /// A model without files, and a ranking of this worth.
    fn model(verdict: Verdict, changes: &[f64]) -> Model {
        let run = Run::default();
        let (records, links, packages, dependencies, namespaces) = (&[], &[], &[], &[], &[]);
        let (context, reports) = (&[], &[]);
        let inputs =
            Inputs { run: &run, records, links, packages, dependencies, namespaces, history: None, context, reports };
        let hotspot = |(file, changes): (u32, &f64)| {
            let effort = Effort { lines: 100.0, changes: *changes, repairs: 0.0 };
            Hotspot { file, effort, scored: Scored::default() }
        };
        let ranked = (0..).zip(changes).map(hotspot).collect();
        Model { hotspots: Some(Hotspots { ranked, verdict }), ..Model::new(inputs) }
    }

    #[test]
    fn heat_is_a_multiple_of_the_whole_s() {
        let heat = Heat::of(&model(Verdict::Beats, &[3.0, 1.0, 0.0]));
        assert_eq!(heat.unknown_because, None);
        let of = |files: std::ops::Range<u32>| heat.together(files).map(|heat| (heat * 100.0).round());
        assert_eq!([of(0..1), of(1..2), of(2..3), of(0..3)], [225.0, 75.0, 0.0, 100.0].map(Some));
    }

    #[test]
    fn there_is_no_heat_where_the_ranking_is_withheld_or_nothing_was_changed() {
        for (model, why) in [
            (model(Verdict::Loses, &[3.0, 1.0]), "it is withheld"),
            (model(Verdict::Untested, &[0.0, 0.0]), "no file was changed"),
            (Model { hotspots: None, ..model(Verdict::Beats, &[]) }, "there is no commit"),
        ] {
            let heat = Heat::of(&model);
            assert!(heat.unknown_because.as_ref().is_some_and(|because| because.contains(why)), "{why}");
            assert_eq!(heat.together(0..2), None);
        }
    }

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
