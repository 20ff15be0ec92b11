//! `codexa show components`.

use super::text::{Column, clean, number, plural, table};
use crate::components::{Dependency, Relations};
use crate::model::Model;
use serde::Serialize;
use std::fmt::Write;

/// The parts of the system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentsAnswer {
    /// Highest layer first, then by id: nothing depends on a row above it, circles apart, and what leans on a low folder of
    /// a part that stands as high as its highest. Those without a layer come last.
    pub components: Vec<ComponentRow>,
    /// Circles of components, by id.
    pub cycles: Vec<Vec<String>>,
    /// Folders that were large enough to be one and came after the cap.
    pub beyond_cap: u32,
}

/// One component.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentRow {
    /// Stable id.
    pub id: String,
    /// The name people use for it.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The rule that found it.
    pub rule: String,
    /// The file that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// Files of code; of documentation and vendored code, files of every class.
    pub files: u32,
    /// Lines of code.
    pub lines: u64,
    /// 0 depends on no other component; absent where its dependencies are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<u32>,
    /// Share of the edges at its files that stay inside, in percent; absent where there are none, and where its
    /// dependencies are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohesion: Option<u8>,
    /// Why its dependencies are not known; absent where its code was parsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<String>,
    /// Ids of the components that it depends on, as far as that is known.
    pub depends_on: Vec<String>,
    /// Further ones on which only the tests inside of it depend; none where it ships nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests_depend_on: Vec<String>,
    /// Ids of the components that depend on it, by more than tests.
    pub used_by: Vec<String>,
    /// Its symbols that are used most from outside.
    pub offers: Vec<String>,
}

/// All components.
#[must_use]
pub fn components(model: &Model) -> ComponentsAnswer {
    let id_of =
        |id: u32| model.components.all.get(id as usize).map_or_else(String::new, |component| component.id.to_string());
    let mut offers = crate::projections::offers(model).into_iter();
    let rows = model.components.all.iter().enumerate().map(|(id, component)| {
        let dependencies = model.unknown_dependencies(id);
        let is_known = dependencies.is_none();
        let from = u32::try_from(id).unwrap_or(u32::MAX);
        let is_of_tests = |to: &&Dependency| Relations::is_of_tests(&model.components, from, to);
        let (by_tests, depends_on) = model.relations.of(id).iter().partition::<Vec<_>, _>(is_of_tests);
        let ids = |all: Vec<&Dependency>| all.into_iter().map(|to| id_of(to.to)).collect();
        ComponentRow {
            id: component.id.to_string(),
            name: component.name.to_string(),
            kind: component.kind.name(),
            rule: component.evidence.rule.to_string(),
            evidence: component.evidence.file.as_ref().map(ToString::to_string),
            confidence: component.confidence,
            files: component
                .files_of_every_class()
                .unwrap_or_else(|| u32::try_from(component.files.len()).unwrap_or(u32::MAX)),
            lines: component.lines.values().sum(),
            layer: is_known.then(|| model.relations.strata.layer(id)),
            cohesion: model.relations.cohesion.get(id).copied().flatten().filter(|_| is_known).map(whole_percent),
            dependencies,
            depends_on: ids(depends_on),
            tests_depend_on: ids(by_tests),
            used_by: model.relations.dependents(&model.components, id).into_iter().map(id_of).collect(),
            offers: offers.next().unwrap_or_default(),
        }
    });
    let mut components: Vec<ComponentRow> = rows.collect();
    components.sort_by(|a, b| b.layer.cmp(&a.layer).then_with(|| a.id.cmp(&b.id)));
    let cycles = model.relations.circles.iter();
    ComponentsAnswer {
        components,
        cycles: cycles.map(|circle| circle.members.iter().map(|&member| id_of(member)).collect()).collect(),
        beyond_cap: model.components.beyond_cap,
    }
}

/// What stands where it is not known how a component lies on others.
const UNKNOWN: &str = "?";
/// Types whose files are all counted, whatever their class.
const WHOLE: [&str; 2] = ["documentation", "vendored"];
const WHOLE_NOTE: &str = ", of documentation and vendored parts all files";
const UNKNOWN_NOTE: &str = "; ? where most of them are counted, not parsed";

fn whole_percent(share: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let whole = (share.clamp(0.0, 1.0) * 100.0).round() as u8;
    whole
}

impl ComponentsAnswer {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let Some(first) = self.components.first() else {
            return "no components: no tracked file holds code\nnext: codexa show coverage\n".to_owned();
        };
        let row = |row: &ComponentRow| {
            let lines = if row.lines == 0 { "-".to_owned() } else { number(row.lines) };
            vec![
                row.layer.map_or_else(|| UNKNOWN.to_owned(), |layer| layer.to_string()),
                clean(row.id.trim_start_matches("c:")),
                row.kind.to_owned(),
                number(u64::from(row.files)),
                lines,
                match (&row.dependencies, row.depends_on.len()) {
                    (Some(_), 0) => UNKNOWN.to_owned(),
                    (_, known) => known.to_string(),
                },
                row.used_by.len().to_string(),
            ]
        };
        let rows: Vec<Vec<String>> = self.components.iter().map(row).collect();
        let columns = [
            ("layer", Column::Right),
            ("component", Column::Flexible),
            ("type", Column::Left),
            ("files", Column::Right),
            ("lines", Column::Right),
            ("needs", Column::Right),
            ("used by", Column::Right),
        ];
        let mut out = table(&columns, &rows);
        out.push('\n');
        for cycle in &self.cycles {
            let line = format!(
                "circle: {}",
                cycle.iter().map(|id| clean(id.trim_start_matches("c:"))).collect::<Vec<_>>().join(", ")
            );
            out.push_str(&super::text::wrap(&line, "        "));
        }
        if self.beyond_cap > 0 {
            let written = writeln!(out, "{} more folders are large enough and came after the cap", self.beyond_cap);
            debug_assert!(written.is_ok(), "writing to a string cannot fail");
        }
        let line = format!(
            "{} in {}; files and lines are those of code{}{}",
            plural(self.components.len() as u64, "component"),
            plural(first.layer.map_or(0, |layer| u64::from(layer) + 1), "layer"),
            if self.components.iter().any(|row| WHOLE.contains(&row.kind)) { WHOLE_NOTE } else { "" },
            if self.components.iter().any(|row| row.dependencies.is_some()) { UNKNOWN_NOTE } else { "" },
        );
        out.push_str(&super::text::wrap(&line, "  "));
        let from = crate::projections::quoted(first.id.trim_start_matches("c:"));
        let written = writeln!(out, "next: codexa show edges --from {}", clean(&from));
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    }
}
