//! Whether the files that a later commit changed together are among those that were said to change together.

use super::git::Commit;
use super::{Evidence, asked};
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many files are named for one.
const NAMED: usize = 5;
/// A commit with more files says nothing about what belongs together.
pub(super) const LARGEST: usize = 30;

/// Later commits of several known files, asked once for each of their files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// What the product itself says of what it names at that commit.
    pub(crate) verdict: String,
    /// Questions: a file that was changed, with others.
    pub(crate) asked: u32,
    /// Questions for which one of the others was among the five files of the same folder that had changed most often.
    pub(crate) folder_hit: u32,
    /// The answers as the product gives them: tests and examples are named, and hit nothing, since nobody asks for them.
    pub(crate) shown: Answers,
    /// The answers without those, as the product judges itself.
    pub(crate) sources: Answers,
}

/// Answers to some of the questions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answers {
    /// How many.
    pub(crate) answered: u32,
    /// Those of which one of the others was among the first five.
    pub(crate) hit: u32,
    /// Of the same questions, those for which one of the others was among the busiest five of the folder.
    pub(crate) folder_hit: u32,
}

impl Row {
    /// The sums of several.
    pub(crate) fn sum<'r>(rows: impl Iterator<Item = &'r Self>) -> Self {
        rows.fold(Self::default(), |sum, row| Self {
            verdict: sum.verdict,
            asked: sum.asked + row.asked,
            folder_hit: sum.folder_hit + row.folder_hit,
            shown: sum.shown.join(row.shown),
            sources: sum.sources.join(row.sources),
        })
    }
}

impl Answers {
    fn join(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            hit: self.hit + other.hit,
            folder_hit: self.folder_hit + other.folder_hit,
        }
    }

    /// One answer; nothing where no file is named.
    fn of<'n>(named: impl Iterator<Item = &'n String>, is_other: impl Fn(&String) -> bool, folder_hit: bool) -> Self {
        let named: Vec<&String> = named.take(NAMED).collect();
        if named.is_empty() {
            return Self::default();
        }
        let is_hit = named.into_iter().any(is_other);
        Self { answered: 1, hit: u32::from(is_hit), folder_hit: u32::from(folder_hit) }
    }
}

/// Judges what the product says changes together by the commits after.
pub(crate) fn judge(evidence: &Evidence, project: &Path, later: &[Commit]) -> Result<Row, Error> {
    let answer = asked(evidence, project, &["show", "couplings", "--limit", "10000000"])?;
    let partners = partners(&answer);
    let mut changes: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows(&asked(evidence, project, &["show", "hotspots", "--limit", "10000000"])?, "hotspots") {
        let count = row.get("all_changes").and_then(serde_json::Value::as_f64).unwrap_or_default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        changes.insert(path(row, "path"), count as u32);
    }
    let neighbours = neighbours(&changes);
    let mut found = Row { verdict: super::ranking::verdict(&answer), ..Row::default() };
    for commit in later {
        let files: BTreeSet<&str> =
            commit.changes.iter().map(|(_, after)| after.as_str()).filter(|name| changes.contains_key(*name)).collect();
        if commit.changes.len() > LARGEST || files.len() < 2 {
            continue;
        }
        for file in &files {
            let is_other = |name: &String| files.contains(name.as_str()) && name.as_str() != *file;
            let folder = neighbours.get(folder(file)).into_iter().flatten().filter(|name| name.as_str() != *file);
            let folder_hit = folder.take(NAMED).any(is_other);
            let named = || partners.get(*file).into_iter().flatten();
            let sources = named().filter(|name| changes.contains_key(*name));
            found.asked += 1;
            found.folder_hit += u32::from(folder_hit);
            found.shown = found.shown.join(Answers::of(named(), is_other, folder_hit));
            found.sources = found.sources.join(Answers::of(sources, is_other, folder_hit));
        }
    }
    Ok(found)
}

fn rows<'j>(answer: &'j serde_json::Value, name: &str) -> impl Iterator<Item = &'j serde_json::Value> {
    answer.get(name).and_then(|rows| rows.as_array()).into_iter().flatten()
}

fn path(row: &serde_json::Value, name: &str) -> String {
    row.get(name).and_then(|path| path.as_str()).unwrap_or_default().to_owned()
}

/// For each file, what changes with it, in the order in which the product names it; where it withholds that, as it would.
fn partners(answer: &serde_json::Value) -> BTreeMap<String, Vec<String>> {
    let weight = |row: &serde_json::Value| row.get("weight").and_then(serde_json::Value::as_f64).unwrap_or_default();
    let mut pairs: Vec<&serde_json::Value> = rows(answer, "couplings").collect();
    pairs.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let mut partners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in pairs {
        let (a, b) = (path(row, "a"), path(row, "b"));
        partners.entry(a.clone()).or_default().push(b.clone());
        partners.entry(b).or_default().push(a);
    }
    partners
}

/// The files of each folder, those that changed most often first.
fn neighbours(changes: &BTreeMap<String, u32>) -> BTreeMap<&str, Vec<String>> {
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in changes.keys() {
        all.entry(folder(file)).or_default().push(file.clone());
    }
    for files in all.values_mut() {
        files.sort_by_key(|file| (std::cmp::Reverse(changes.get(file).copied().unwrap_or(0)), file.clone()));
    }
    all
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
