//! `codexa show owners`: who knows what.

use super::past::no_history;
use super::text::{Column, clean, number, percent, table, wrap};
use crate::history::{History, Knows};
use crate::model::Model;
use serde::Serialize;

/// Who knows what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnersAnswer<'m> {
    /// Everyone who wrote a file or works on it, who knows most lines first.
    pub people: Vec<PersonRow<'m>>,
    /// How many must go until more than half of the source files have nobody left who knows them, and who.
    pub truck_factor: Vec<&'m str>,
    /// The components, by id.
    pub components: Vec<OwnedRow<'m>>,
    /// Lines of source that nobody who is still active knows, and all lines of source.
    pub lines_without_active: u64,
    /// See `lines_without_active`.
    pub lines: u64,
    /// Why nothing is known, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<String>,
}

/// Somebody who knows files. A name is what commits say, and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonRow<'m> {
    /// The name.
    pub name: &'m str,
    /// Source files that they know, and the lines of those, whoever wrote them.
    pub files: u32,
    /// See `files`.
    pub lines: u64,
    /// Whether they changed a file in the last year.
    pub active: bool,
}

/// Who knows a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnedRow<'m> {
    /// The component.
    pub component: &'m str,
    /// Who knows most of its lines, first.
    pub owners: Vec<&'m str>,
    /// Its lines of source, and those that nobody who is active knows.
    pub lines: u64,
    /// See `lines`.
    pub lines_without_active: u64,
}

/// People that a text shows.
const SHOWN: usize = 15;
/// People that are named for a component.
const NAMED: usize = 3;

/// Who knows what.
#[must_use]
pub fn owners(model: &Model) -> OwnersAnswer<'_> {
    let mut answer = OwnersAnswer {
        people: Vec::new(),
        truck_factor: Vec::new(),
        components: Vec::new(),
        lines_without_active: 0,
        lines: 0,
        unknown_because: None,
    };
    let (Some(history), Some(hotspots)) = (&model.history, &model.hotspots) else {
        answer.unknown_because = Some(no_history(model));
        return answer;
    };
    let sources: Vec<u32> = hotspots.ranked.iter().map(|hotspot| hotspot.file).collect();
    let known_by = |files: &[u32]| history.known_by(files.iter().copied(), |file| model.lines(file)).into_iter();
    let row = |it: Knows| PersonRow {
        name: history.name(it.person),
        files: it.files,
        lines: it.lines,
        active: history.is_active(it.person),
    };
    answer.people = known_by(&sources).map(row).collect();
    (answer.lines, answer.lines_without_active) = lines(model, history, &sources);
    answer.truck_factor = history.truck.iter().map(|person| history.name(*person)).collect();
    for component in model.components.all.iter().filter(|component| component.kind.ships()) {
        let files = component.files.iter().copied().filter(|file| crate::hotspots::is_ranked_in(model, *file));
        let files: Vec<u32> = files.collect();
        let (lines, lines_without_active) = lines(model, history, &files);
        if lines > 0 {
            answer.components.push(OwnedRow {
                component: &component.id,
                owners: known_by(&files).take(NAMED).map(|it| history.name(it.person)).collect(),
                lines,
                lines_without_active,
            });
        }
    }
    answer
}

/// The lines of some files, and those that nobody who is active knows.
fn lines(model: &Model, history: &History, files: &[u32]) -> (u64, u64) {
    let is_known = |file: &u32| history.owners.get(*file as usize).is_some_and(|owners| owners.is_active);
    let sum = |sum: (u64, u64), file: &u32| {
        let lines = model.lines(*file);
        (sum.0 + lines, sum.1 + if is_known(file) { 0 } else { lines })
    };
    files.iter().fold((0, 0), sum)
}

impl OwnersAnswer<'_> {
    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(cause) = &self.unknown_because {
            return super::text::unknown("owners", cause);
        }
        if self.people.is_empty() {
            return "no owners: no source file has an author in what was read of the past\nnext: codexa show coverage\n".to_owned();
        }
        let row = |row: &PersonRow<'_>| {
            let active = if row.active { "active" } else { "gone a year" };
            vec![clean(row.name), number(row.files.into()), number(row.lines), active.to_owned()]
        };
        let columns = [
            ("person", Column::Flexible),
            ("knows files", Column::Right),
            ("of lines", Column::Right),
            ("", Column::Left),
        ];
        let mut out = table(&columns, &self.people.iter().take(SHOWN).map(row).collect::<Vec<_>>());
        out.push_str(&super::text::more(SHOWN, self.people.len(), "--format json has all"));
        out.push('\n');
        let row = |row: &OwnedRow<'_>| {
            let names: Vec<String> = row.owners.iter().map(|name| clean(name)).collect();
            let names = if names.is_empty() { "-".to_owned() } else { names.join(", ") };
            vec![clean(row.component.trim_start_matches("c:")), percent(row.lines_without_active, row.lines), names]
        };
        let columns =
            [("component", Column::Flexible), ("nobody active", Column::Right), ("known by", Column::Flexible)];
        out.push_str(&table(&columns, &self.components.iter().map(row).collect::<Vec<_>>()));
        out.push('\n');
        let names: Vec<String> = self.truck_factor.iter().take(5).map(|name| clean(name)).collect();
        let truck = format!(
            "  truck factor {}: without {} more than half of the source files have nobody left who knows them; of {} lines \
             nobody who is active knows {}. Names are what commits say, and prove nothing.",
            self.truck_factor.len(),
            if names.is_empty() { "anybody".to_owned() } else { names.join(", ") },
            number(self.lines),
            percent(self.lines_without_active, self.lines),
        );
        out.push_str(&wrap(&truck, "  "));
        out.push_str("next: codexa show hotspots\n");
        out
    }
}
