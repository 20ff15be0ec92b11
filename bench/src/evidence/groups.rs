//! Whether files that later commits changed together lie in one intent, more often than any two files do; beside it, the
//! same of folders.

use super::git::{Commit, touched};
use super::together::LARGEST;
use super::{Evidence, asked};
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The intents of a repository at one commit, and what later commits say of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    /// Files that take part, and those of them that have an intent.
    pub(crate) files: u32,
    pub(crate) with_intent: u32,
    pub(crate) intents: u32,
    /// How far the same groups are found from other seeds, as the product says.
    pub(crate) stability: f64,
    /// Later commits that changed several files with an intent.
    pub(crate) commits: u32,
    pub(crate) ours: Split,
    pub(crate) folders: Split,
}

/// How a division of the files fits what was changed together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Split {
    /// Share of the pairs of a commit that lie in one group; each commit counts once.
    pub(crate) together: f64,
    /// Share of all pairs that lie in one.
    pub(crate) any: f64,
}

/// Judges the product's intents at a commit by the commits after it.
pub(crate) fn judge(evidence: &Evidence, project: &Path, later: &[Commit]) -> Result<Row, Error> {
    let answer = asked(evidence, project, &["show", "intents"])?;
    let number = |name: &str| answer.get(name).and_then(serde_json::Value::as_f64).unwrap_or_default();
    let intents = answer.get("intents").and_then(|intents| intents.as_array()).cloned().unwrap_or_default();
    let mut files: Vec<(String, usize)> = Vec::new();
    for (at, intent) in intents.iter().enumerate() {
        let paths = intent.get("paths").and_then(|paths| paths.as_array()).into_iter().flatten();
        files.extend(paths.filter_map(|path| path.as_str()).map(|path| (path.to_owned(), at)));
    }
    let commits = of_commits(&files, later);
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let folders: Vec<usize> = files
        .iter()
        .map(|(path, _)| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let next = places.len();
            *places.entry(folder).or_insert(next)
        })
        .collect();
    let ours: Vec<usize> = files.iter().map(|(_, at)| *at).collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let taking_part = number("files") as u32;
    Ok(Row {
        files: taking_part,
        with_intent: count(files.len()),
        intents: count(intents.len()),
        stability: number("stability"),
        commits: count(commits.len()),
        ours: Split::of(&ours, &commits),
        folders: Split::of(&folders, &commits),
    })
}

/// The files of each later commit that changes several, and not a good part of all.
fn of_commits(files: &[(String, usize)], later: &[Commit]) -> Vec<Vec<usize>> {
    let touched = touched(files.iter().map(|(path, _)| path.as_str()), later);
    let counts = |(commit, touched): &(&Commit, BTreeSet<usize>)| touched.len() > 1 && commit.changes.len() <= LARGEST;
    let commits = later.iter().zip(touched).filter(counts);
    commits.map(|(_, touched)| touched.into_iter().collect()).collect()
}

impl Split {
    fn of(groups: &[usize], commits: &[Vec<usize>]) -> Self {
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for group in groups {
            *sizes.entry(*group).or_default() += 1;
        }
        let share = |files: &Vec<usize>| {
            let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
            for group in files.iter().filter_map(|at| groups.get(*at)) {
                *sizes.entry(*group).or_default() += 1;
            }
            sizes.into_values().map(pairs).sum::<f64>() / pairs(files.len()).max(1.0)
        };
        let together = commits.iter().map(share).sum::<f64>() / f64::from(count(commits.len().max(1)));
        Self { together, any: sizes.into_values().map(pairs).sum::<f64>() / pairs(groups.len()).max(1.0) }
    }
}

fn pairs(files: usize) -> f64 {
    let files = f64::from(count(files));
    files * (files - 1.0) / 2.0
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
