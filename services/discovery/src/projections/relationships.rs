//! `system_model/relationships.yaml`: edges between files, one line per file, and what tests are about, one line per test.

use super::hash::short_hash;
use super::made::{Material, Sum};
use super::split_path;
use crate::model::Model;
use crate::tested::{Basis, Link};
use codexa_model::manifest::{ByTest, FileRelations, Flow, RELATIONSHIPS, RelationshipsFile, Targets, TestRelations};
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A folder with a longer path gets a short name.
const LONG_FOLDER: usize = 24;
/// Left out of the lines: not a gap, and every other body edit would change its count.
const STANDARD_LIBRARY: &str = "standard_library";
/// Most files that one test's line of `tested_by` names, the surest.
pub const TESTED_CAP: usize = 40;
/// Letters of the hash in a short name: one in 33 million that two folders of the same last name meet.
const HASH: usize = 5;

/// A folder of the model.
struct Folder<'m> {
    path: &'m str,
    /// How lines of other folders name it.
    name: Cow<'m, str>,
}

/// Folders and labels that lines refer to.
pub(super) struct Words<'m> {
    folders: Vec<Folder<'m>>,
    /// The folder of each file, by index, and its name in it.
    places: Vec<(u32, &'m str)>,
    /// `origin@confidence` of every edge.
    labels: FxHashMap<(u16, u8), String>,
    /// `basis@confidence` of every link that is written.
    bases: FxHashMap<(Basis, u8), String>,
}

impl<'m> Words<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let mut ids: FxHashMap<&str, u32> = FxHashMap::default();
        let mut folders: Vec<Folder<'m>> = Vec::new();
        let places = model.files.iter().map(|file| {
            let (path, name) = split_path(&file.path);
            let id = *ids.entry(path).or_insert_with(|| {
                folders.push(Folder { path, name: folder_name(path) });
                u32::try_from(folders.len() - 1).unwrap_or(u32::MAX)
            });
            (id, name)
        });
        let places = places.collect();
        let mut labels = FxHashMap::default();
        for edge in (0..model.files.len()).flat_map(|file| model.graph.edges(file)) {
            let label = || format!("{}@{}", model.graph.origin(edge), edge.confidence);
            labels.entry((edge.origin, edge.confidence)).or_insert_with(label);
        }
        let mut bases = FxHashMap::default();
        for (_, link) in model.tested.all().filter(|(_, link)| is_written(link)) {
            let label = || format!("{}@{}", link.basis.name(), link.confidence);
            bases.entry((link.basis, link.confidence)).or_insert_with(label);
        }
        Self { folders, places, labels, bases }
    }

    fn place(&self, file: usize) -> Option<(u32, &Folder<'m>, &'m str)> {
        let &(folder, name) = self.places.get(file)?;
        Some((folder, self.folders.get(folder as usize)?, name))
    }

    /// How a line of a folder names another one, or itself; remembers that it did.
    fn from<'w>(&self, own: u32, id: u32, folder: &'w Folder<'m>, used: &mut [bool]) -> &'w str {
        if own == id {
            return ".";
        }
        if let Some(is_used) = used.get_mut(id as usize) {
            *is_used = true;
        }
        &folder.name
    }
}

/// A sum over all that [`relationships`] goes by: it is the largest file, and few edits change what depends on what.
pub(super) fn made_from(model: &Model) -> Option<Sum> {
    let mut material = Material::new();
    material.add(&(&model.graph.origins, model.tests_not_looked_at(), model.files.len()));
    for (at, file) in model.files.iter().enumerate() {
        let edges = model.graph.edges(at);
        material.add(&(&file.path, edges.len()));
        edges.iter().for_each(|edge| material.add(&(edge.to, edge.origin, edge.confidence)));
        let declined: Vec<_> = declined(model, super::system::count(at)).collect();
        material.add(&declined);
    }
    for (code, link) in model.tested.all().filter(|(_, link)| is_written(link)) {
        material.add(&(code, link.test, link.basis, link.confidence));
    }
    material.sum()
}

/// The edges of every file of code, and how many of its imports lead nowhere.
pub(super) fn relationships<'w>(model: &'w Model, words: &'w Words<'_>) -> RelationshipsFile<&'w str, Lines<'w>> {
    let files = Lines::of(model, words);
    let mut used = vec![false; words.folders.len()];
    for file in 0..model.files.len() {
        let Some((own, ..)) = words.place(file) else { continue };
        for (id, folder, _) in model.graph.edges(file).iter().filter_map(|edge| words.place(edge.to as usize)) {
            words.from(own, id, folder, &mut used);
        }
    }
    let tested_by = model.tests_not_looked_at().is_none().then(|| tested_by(model, words, &mut used));
    let used = words.folders.iter().zip(used).filter(|(_, is_used)| *is_used).map(|(folder, _)| folder);
    let short = used.filter(|folder| folder.path.len() > LONG_FOLDER);
    let folders = short.map(|folder| (&*folder.name, folder.path)).collect();
    RelationshipsFile { schema: RELATIONSHIPS, folders, files, tested_by }
}

/// The lines of all files with something to say, by folder. Each is made when it is written: there are very many.
pub(super) struct Lines<'w> {
    model: &'w Model,
    words: &'w Words<'w>,
    /// Each folder with its files.
    folders: BTreeMap<&'w str, Vec<u32>>,
}

impl<'w> Lines<'w> {
    fn of(model: &'w Model, words: &'w Words<'_>) -> Self {
        let mut folders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for file in (0_u32..).take(model.files.len()) {
            let says = !model.graph.edges(file as usize).is_empty() || declined(model, file).next().is_some();
            if let Some((_, folder, _)) = words.place(file as usize).filter(|_| says) {
                folders.entry(folder.path).or_default().push(file);
            }
        }
        Self { model, words, folders }
    }
}

impl Serialize for Lines<'_> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        writer.collect_map(self.folders.iter().map(|(path, files)| (path, OfFolder { lines: self, files })))
    }
}

/// The lines of one folder's files.
struct OfFolder<'w> {
    lines: &'w Lines<'w>,
    files: &'w [u32],
}

impl Serialize for OfFolder<'_> {
    fn serialize<W: Serializer>(&self, writer: W) -> Result<W::Ok, W::Error> {
        let Lines { model, words, .. } = self.lines;
        let places = self.files.iter().filter_map(|&file| Some((file, words.place(file as usize)?)));
        writer.collect_map(places.map(|(file, (own, _, name))| (name, Flow(relations(model, words, file, own)))))
    }
}

/// Whether a link stands in the file: what a test is about follows from the test alone. What it comes through changes with
/// every file between, and what changes together with every commit.
fn is_written(link: &Link) -> bool {
    link.is_direct()
}

fn tested_by<'w>(model: &'w Model, words: &'w Words<'_>, used: &mut [bool]) -> ByTest<&'w str> {
    let mut by_test: BTreeMap<u32, Vec<(u32, &Link)>> = BTreeMap::new();
    for (code, link) in model.tested.all().filter(|(_, link)| is_written(link)) {
        by_test.entry(link.test).or_default().push((code, link));
    }
    let mut all: ByTest<&str> = BTreeMap::new();
    for (test, mut links) in by_test {
        let Some((own, folder, name)) = words.place(test as usize) else { continue };
        links.sort_by_key(|(code, link)| (Reverse(link.confidence), link.basis, *code));
        let dropped = links.len().saturating_sub(TESTED_CAP);
        links.truncate(TESTED_CAP);
        links.sort_by_key(|(code, _)| *code);
        let mut code: BTreeMap<&str, Targets<&str>> = BTreeMap::new();
        for (file, link) in links {
            let label = words.bases.get(&(link.basis, link.confidence));
            let (Some(label), Some((id, folder, name))) = (label, words.place(file as usize)) else { continue };
            let place = words.from(own, id, folder, used);
            code.entry(label).or_default().entry(place).or_default().push(name);
        }
        let dropped = u32::try_from(dropped).ok().filter(|dropped| *dropped > 0);
        all.entry(folder.path).or_default().insert(name, Flow(TestRelations { code, dropped }));
    }
    all
}

fn folder_name(path: &str) -> Cow<'_, str> {
    match path.len() {
        0 => Cow::Borrowed("/"),
        length if length > LONG_FOLDER => {
            let last = path.rsplit('/').next().unwrap_or(path);
            Cow::Owned(format!("{last}~{}", short_hash(path, HASH)))
        }
        _ => Cow::Borrowed(path),
    }
}

fn relations<'w>(model: &'w Model, words: &'w Words<'_>, file: u32, own: u32) -> FileRelations<&'w str> {
    let mut depends_on: BTreeMap<&str, Targets<&str>> = BTreeMap::new();
    for edge in model.graph.edges(file as usize) {
        let label = words.labels.get(&(edge.origin, edge.confidence));
        let (Some(label), Some((id, folder, name))) = (label, words.place(edge.to as usize)) else { continue };
        let place = if own == id { "." } else { &folder.name };
        depends_on.entry(label).or_default().entry(place).or_default().push(name);
    }
    FileRelations { depends_on, declined: declined(model, file).collect() }
}

/// How many of a file's imports lead nowhere, by reason.
fn declined(model: &Model, file: u32) -> impl Iterator<Item = (&'static str, u32)> + '_ {
    let parsed = model.file(file).and_then(|file| file.parsed.as_ref());
    let declined = parsed.into_iter().flat_map(|parsed| parsed.declined.named());
    declined.filter(|(reason, _)| *reason != STANDARD_LIBRARY)
}
