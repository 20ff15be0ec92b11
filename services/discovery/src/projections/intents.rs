//! The section `intents` of `system_manifest.yaml`.

use super::system::{component_id, count};
use crate::intents::{Intent, headings_with};
use crate::model::Model;
use crate::query::{EntryOf, entries_of_intents, percent};
use codexa_model::manifest::{Flow, IntentEntry, IntentsSummary};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Files that an intent lists.
pub(super) const CENTRAL: usize = 5;
/// Intents that a component lists.
pub(super) const OF_COMPONENT: usize = 10;

pub(super) fn summary(model: &Model) -> IntentsSummary {
    let intents = &model.intents;
    let entries = entries_of_intents(model);
    IntentsSummary {
        declined: intents.declined.as_deref().map(str::to_owned),
        not_known: intents.not_known(&model.run.mode),
        files: intents.files,
        stability: intents.declined.is_none().then(|| (intents.stability * 100.0).round() / 100.0),
        unnamed: Flow(intents.unnamed.iter().map(|(reason, files)| (reason.name().to_owned(), *files)).collect()),
        found: intents.all.iter().zip(entries).map(|(intent, entries)| entry(model, intent, &entries)).collect(),
    }
}

fn entry(model: &Model, intent: &Intent, entries: &[EntryOf<'_>]) -> IntentEntry {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for entry in entries {
        *kinds.entry(entry.kind.to_owned()).or_default() += 1;
    }
    IntentEntry {
        id: intent.id.to_string(),
        name: intent.name.to_string(),
        files: count(intent.files.len()),
        share: percent(intent.share),
        cohesion: intent.cohesion(),
        stability: intent.stable(),
        confidence: intent.confidence(),
        terms: Flow(intent.terms.iter().map(|(word, _)| word.to_string()).collect()),
        components: Flow(intent.components.iter().map(|&component| component_id(model, component)).collect()),
        central_files: intent.files.iter().take(CENTRAL).map(|&file| model.path(file).to_owned()).collect(),
        entry_points: (!kinds.is_empty()).then_some(Flow(kinds)),
        headings: intent.headings.iter().map(|(path, heading)| format!("{path}: {heading}")).collect(),
    }
}

/// For each component, the ids of the intents that its files serve, most files first.
pub(super) fn of_components(model: &Model) -> Vec<Vec<String>> {
    let mut all: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); model.components.all.len()];
    for (intent, component) in model.intents.of_file.iter().zip(&model.components.of_file) {
        let files = component.and_then(|component| all.get_mut(component as usize));
        if let Some((files, intent)) = files.zip(*intent) {
            *files.entry(intent).or_default() += 1;
        }
    }
    let named = |files: BTreeMap<u32, u32>| {
        let mut files: Vec<(u32, u32)> = files.into_iter().collect();
        files.sort_by_key(|&(intent, files)| (Reverse(files), intent));
        let ids = files.iter().filter_map(|(intent, _)| model.intents.all.get(*intent as usize));
        ids.take(OF_COMPONENT).map(|intent| intent.id.to_string()).collect()
    };
    all.into_iter().map(named).collect()
}

/// For each component, the headings that name it, as `path: heading`.
pub(super) fn headings_of_components(model: &Model) -> Vec<Vec<String>> {
    let names: Vec<&str> = model.components.all.iter().map(|component| last_part(&component.name)).collect();
    let all = headings_with(&names, &model.documents).into_iter();
    all.map(|found| found.iter().map(|(path, heading)| format!("{path}: {heading}")).collect()).collect()
}

/// What a component is called within what it is a part of: `json` of `flask.json`; nothing of what parts left over.
fn last_part(name: &str) -> &str {
    if name.ends_with(')') { "" } else { name.rsplit(['/', '.', ':', '@']).next().unwrap_or(name) }
}
