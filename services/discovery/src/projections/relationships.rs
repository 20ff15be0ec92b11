//! `system_model/relationships.yaml`: edges between files, one line per file.

use super::hash::short_hash;
use super::split_path;
use crate::model::Model;
use codexa_model::manifest::{FileRelations, Flow, RELATIONSHIPS, RelationshipsFile, Targets};
use std::collections::BTreeMap;

/// A folder with a longer path gets a short name.
const LONG_FOLDER: usize = 24;
/// Left out of the lines: not a gap, and every other body edit would change its count.
const STANDARD_LIBRARY: &str = "standard_library";
/// Letters of the hash in a short name: one in 33 million that two folders of the same last name meet.
const HASH: usize = 5;

/// The edges of every file of code, and how many of its imports lead nowhere.
pub(super) fn relationships(model: &Model) -> RelationshipsFile {
    let mut folders = BTreeMap::new();
    let mut files: BTreeMap<String, BTreeMap<String, Flow<FileRelations>>> = BTreeMap::new();
    let mut current: Option<(&str, BTreeMap<String, Flow<FileRelations>>)> = None;
    let short: BTreeMap<&str, String> = long_folders(model);
    for (id, file) in model.files.iter().enumerate() {
        let relations = relations(model, id, &short, &mut folders);
        if relations.depends_on.is_empty() && relations.declined.is_empty() {
            continue;
        }
        let (folder, name) = split_path(&file.path);
        if current.as_ref().is_none_or(|(open, _)| *open != folder) {
            close(&mut files, current.take());
            current = Some((folder, BTreeMap::new()));
        }
        if let Some((_, open)) = &mut current {
            open.insert(name.to_owned(), Flow(relations));
        }
    }
    close(&mut files, current);
    RelationshipsFile { schema: RELATIONSHIPS.to_owned(), folders, files }
}

/// Files of one folder may stand apart in the order of paths, with folders below between them.
fn close(
    files: &mut BTreeMap<String, BTreeMap<String, Flow<FileRelations>>>,
    done: Option<(&str, BTreeMap<String, Flow<FileRelations>>)>,
) {
    if let Some((folder, lines)) = done {
        files.entry(folder.to_owned()).or_default().extend(lines);
    }
}

fn long_folders(model: &Model) -> BTreeMap<&str, String> {
    let mut short: BTreeMap<&str, String> = BTreeMap::new();
    let mut last = "";
    for file in &model.files {
        let (folder, _) = split_path(&file.path);
        if folder.len() > LONG_FOLDER && folder != last {
            last = folder;
            short.entry(folder).or_insert_with(|| {
                let name = folder.rsplit('/').next().unwrap_or(folder);
                format!("{name}~{}", short_hash(folder, HASH))
            });
        }
    }
    short
}

fn relations(
    model: &Model,
    id: usize,
    short: &BTreeMap<&str, String>,
    folders: &mut BTreeMap<String, String>,
) -> FileRelations {
    let own = model.files.get(id).map_or("", |file| split_path(&file.path).0);
    let mut by_rule: BTreeMap<(u16, u8), Targets> = BTreeMap::new();
    for edge in model.graph.edges(id) {
        let (folder, name) = split_path(model.path(edge.to));
        let place = match short.get(folder) {
            _ if folder == own => ".",
            Some(short) => {
                if !folders.contains_key(short) {
                    folders.insert(short.clone(), folder.to_owned());
                }
                short
            }
            None if folder.is_empty() => "/",
            None => folder,
        };
        let targets = by_rule.entry((edge.origin, edge.confidence)).or_default();
        if let Some(names) = targets.get_mut(place) {
            names.push(name.to_owned());
        } else {
            targets.insert(place.to_owned(), vec![name.to_owned()]);
        }
    }
    let origin = |origin: u16| model.graph.origins.get(usize::from(origin)).map_or("", |origin| origin);
    let label = |(rule, confidence): (u16, u8)| format!("{}@{confidence}", origin(rule));
    let depends_on = by_rule.into_iter().map(|(rule, targets)| (label(rule), targets)).collect();
    let parsed = model.files.get(id).and_then(|file| file.parsed.as_ref());
    let declined =
        parsed.iter().flat_map(|parsed| &parsed.declined).filter(|(reason, _)| &***reason != STANDARD_LIBRARY);
    FileRelations { depends_on, declined: declined.map(|(reason, count)| (reason.to_string(), *count)).collect() }
}
