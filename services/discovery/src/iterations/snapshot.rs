//! A model in short, as an iteration left it.

use crate::coverage::Purposes;
use crate::model::Model;
use crate::projections::component_id;
use crate::query::{EntryPointFilter, entry_points};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `schema` of a snapshot.
pub const SCHEMA: &str = "codexa/iteration@1";
/// Most names of one kind that a snapshot holds; the first in order are.
pub const MOST_NAMES: usize = 2_000;

/// What is kept of an iteration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// `codexa/iteration@1`.
    pub schema: String,
    /// The run's number.
    pub iteration: u32,
    /// Newest commit that touches anything but what Codexa writes.
    pub basis_commit: Option<String>,
    /// `deep`, `quick` or `code-only`.
    pub mode: String,
    /// Globs the run was narrowed to.
    pub focus: Vec<String>,
    /// Why it is partial, one sentence each.
    pub partial_because: Vec<String>,
    /// Components by id.
    pub parts: BTreeMap<String, Part>,
    /// What each component leans on, with the pairs of files behind it.
    pub leans_on: BTreeMap<String, BTreeMap<String, u32>>,
    /// Circles of components, by their ids.
    pub circles: BTreeSet<Vec<String>>,
    /// Circles of source files.
    pub file_cycles: u32,
    /// Entry points as `kind path name`.
    pub entry_points: BTreeSet<String>,
    /// Declared dependencies as `ecosystem name`.
    pub externals: BTreeSet<String>,
    /// How much is known.
    pub coverage: Coverage,
    /// Follow-ups that are asked: id and question.
    pub questions: BTreeMap<String, String>,
    /// Zones by id, where there are some.
    pub zones: BTreeMap<String, ZoneAt>,
    /// What the code is for: the names of intents, by id.
    pub intents: BTreeMap<String, String>,
}

/// A component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The name people use for it.
    pub name: String,
    /// Files of code.
    pub files: u32,
    /// Lines of code.
    pub code: u64,
}

/// How much is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    /// Files parsed, of those that should be.
    pub files_parsed: [u64; 2],
    /// Bytes understood, of those that should be.
    pub bytes_parsed: [u64; 2],
    /// Imports that lead to a file here, of all.
    pub imports_resolved: [u64; 2],
    /// Imports that should lead to a file here and do not.
    pub imports_open: u64,
    /// Components of which it is known what they are for, of all that ship; absent where that was not looked for.
    pub components_with_intent: Option<[u64; 2]>,
}

/// A zone as an iteration had it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneAt {
    /// What it stands on.
    pub path: String,
    /// Its place in the list, from 1.
    pub rank: u32,
    /// How ready it is.
    pub readiness: String,
    /// Why it stands there, a few words each.
    pub reasons: Vec<String>,
}

impl Snapshot {
    /// What is kept of a model.
    #[must_use]
    pub fn of(model: &Model, iteration: u32) -> Self {
        let coverage = &model.coverage;
        let purposes = Purposes::of(model).map(|purposes| purposes.components);
        let declared = model.externals.dependencies.iter().filter(|dependency| dependency.direct);
        let declared: BTreeSet<String> = declared.map(|named| format!("{} {}", named.ecosystem, named.name)).collect();
        let ids = |members: &[u32]| members.iter().map(|&member| component_id(model, member)).collect();
        Self {
            schema: SCHEMA.to_owned(),
            iteration,
            basis_commit: model.run.basis_commit.clone(),
            mode: model.run.mode.clone(),
            focus: model.run.focus.clone(),
            partial_because: model.partial_because(),
            parts: model.components.all.iter().map(|part| (part.id.to_string(), Part::of(part))).collect(),
            leans_on: leans_on(model),
            circles: model.relations.circles.iter().map(|circle| ids(&circle.members)).collect(),
            file_cycles: u32::try_from(model.file_cycles().len()).unwrap_or(u32::MAX),
            entry_points: starts(model).into_iter().take(MOST_NAMES).collect(),
            externals: declared.into_iter().take(MOST_NAMES).collect(),
            coverage: Coverage {
                files_parsed: [coverage.files_parsed.into(), coverage.files_to_parse.into()],
                bytes_parsed: [coverage.bytes_parsed, coverage.bytes_to_parse],
                imports_resolved: [coverage.imports.resolved, coverage.imports.total],
                imports_open: coverage.imports.open().into(),
                components_with_intent: purposes.map(|of| [(of.with_intent + of.answered).into(), of.ship.into()]),
            },
            questions: questions(model),
            zones: zones(model),
            intents: intents(model),
        }
    }

    /// Whether both say the same of the same commit, whichever run they are of.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { iteration: other.iteration, ..self.clone() } == *other
    }

    /// Whether both looked in the same way, so that what one does not have is not there.
    #[must_use]
    pub fn looked_alike(&self, other: &Self) -> bool {
        self.mode == other.mode && self.focus == other.focus
    }
}

impl Part {
    fn of(part: &crate::components::Component) -> Self {
        let files = part.files_of_every_class().unwrap_or_else(|| u32::try_from(part.files.len()).unwrap_or(u32::MAX));
        Self { name: part.name.to_string(), files, code: part.lines.values().sum() }
    }
}

fn leans_on(model: &Model) -> BTreeMap<String, BTreeMap<String, u32>> {
    let of = |component: usize| {
        let all = model.relations.of(component).iter().filter(|dependency| dependency.shaping() > 0);
        all.map(|dependency| (component_id(model, dependency.to), dependency.shaping())).collect::<BTreeMap<_, _>>()
    };
    let all = model.components.all.iter().enumerate().map(|(at, part)| (part.id.to_string(), of(at)));
    all.filter(|(_, leans)| !leans.is_empty()).collect()
}

/// The system's own entry points.
fn starts(model: &Model) -> BTreeSet<String> {
    let rows = entry_points(model, &EntryPointFilter::default()).map(|answer| answer.entry_points).unwrap_or_default();
    rows.into_iter().map(|row| format!("{} {} {}", row.kind, row.path, row.name)).collect()
}

fn questions(model: &Model) -> BTreeMap<String, String> {
    let questions = &model.questions;
    let asked = questions.asked.iter().filter_map(|(at, _)| questions.all.get(*at as usize));
    asked.filter_map(|question| Some((question.id.clone()?, question.question.clone()))).collect()
}

fn zones(model: &Model) -> BTreeMap<String, ZoneAt> {
    let at = |zone: crate::query::ZoneRow<'_>| {
        let held_back = zone.parts.iter().filter(|part| part.holds_back()).map(|part| part.says.to_string());
        let reasons = std::iter::once(crate::query::why(&zone)).chain(held_back).collect();
        let (path, readiness) = (zone.place.to_owned(), zone.readiness.to_owned());
        (zone.id.to_owned(), ZoneAt { path, rank: zone.rank.unwrap_or_default(), readiness, reasons })
    };
    crate::query::zones(model).zones.into_iter().map(at).collect()
}

fn intents(model: &Model) -> BTreeMap<String, String> {
    model.intents.all.iter().map(|intent| (intent.id.to_string(), intent.name.to_string())).collect()
}
