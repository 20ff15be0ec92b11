//! How good it would have been to say what changes together: each later commit that changed several files is asked once for
//! each of them, and what changed with that file before should be among the first five named. Beside it stand the five files
//! of the same folder that had changed most often, which need no more than a list. Source files ask and are named, as they are
//! ranked: a test changes with what it tests, and no folder could name it.

use super::Verdict;
use codexa_history::Past;
use codexa_history::coupling::{Couplings, MAX_FILES};
use codexa_history::lineage::trace_forward;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How many files are named for one.
pub const NAMED: usize = 5;
/// Fewer commits that were answered say nothing.
pub const MIN_COMMITS: u32 = 10;
/// A difference within so many of its standard errors is chance.
const STANDARD_ERRORS: i64 = 2;

/// How naming files did that changed with one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Together {
    /// What follows from it.
    pub verdict: Verdict,
    /// Later commits with a question that was answered.
    pub commits: u32,
    /// Questions: a file that a later commit changed with others.
    pub asked: u32,
    /// Of them, those about a file of which something was known.
    pub answered: u32,
    /// Of those, where one of the others was named.
    pub hit: u32,
    /// Of the same, where one of the others was named by the folder alone.
    pub folder_hit: u32,
}

/// What was known when the year began.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// The files of then, sorted.
    pub(super) paths: &'a [Box<str>],
    /// How often each of them had changed.
    pub(super) changes: &'a [u32],
    pub(super) couplings: &'a Couplings,
}

impl Together {
    /// Asks the commits `since`; `files` gives the file of then that each of their paths was.
    pub(super) fn new(before: Before<'_>, since: &Past, files: &[Option<u32>]) -> Self {
        let (partners, neighbours) = (before.partners(), before.neighbours());
        let (mut found, mut lead) = (Self::default(), Lead::default());
        let mut changed = Vec::new();
        trace_forward(since, files, |_, touched| {
            changed.clear();
            changed.extend(touched.iter().filter_map(|it| it.file));
            changed.sort_unstable();
            changed.dedup();
            if touched.len() > MAX_FILES || changed.len() < 2 {
                return;
            }
            let of_commit = Self::of_commit(&changed, &partners, &neighbours);
            lead.add(&of_commit);
            found.add(&of_commit);
        });
        found.verdict = if found.commits < MIN_COMMITS { Verdict::Untested } else { lead.verdict() };
        found
    }

    fn of_commit(changed: &[u32], partners: &[Vec<u32>], neighbours: &[Vec<u32>]) -> Self {
        let mut found = Self::default();
        for file in changed {
            let names = |named: &[Vec<u32>]| {
                let named = named.get(*file as usize).map(Vec::as_slice).unwrap_or_default();
                named.iter().any(|other| changed.binary_search(other).is_ok())
            };
            found.asked += 1;
            if partners.get(*file as usize).is_some_and(|partners| !partners.is_empty()) {
                found.answered += 1;
                found.hit += u32::from(names(partners));
                found.folder_hit += u32::from(names(neighbours));
            }
        }
        found.commits = u32::from(found.answered > 0);
        found
    }

    fn add(&mut self, other: &Self) {
        self.commits += other.commits;
        self.asked += other.asked;
        self.answered += other.answered;
        self.hit += other.hit;
        self.folder_hit += other.folder_hit;
    }
}

/// By how many hits one way leads the other. The questions of one commit are answered by the same files and hit or miss as
/// one: only commits are independent, and without a difference each of them would lead one way as likely as the other.
#[derive(Default)]
struct Lead {
    sum: i64,
    squares: i64,
}

impl Lead {
    fn add(&mut self, of_commit: &Together) {
        let lead = i64::from(of_commit.hit) - i64::from(of_commit.folder_hit);
        self.sum += lead;
        self.squares += lead * lead;
    }

    fn verdict(&self) -> Verdict {
        // The variance of the sum is the sum of the squares.
        let is_chance = self.sum * self.sum <= STANDARD_ERRORS * STANDARD_ERRORS * self.squares;
        match self.sum {
            _ if is_chance => Verdict::Untested,
            1.. => Verdict::Beats,
            _ => Verdict::Loses,
        }
    }
}

impl Before<'_> {
    /// What changed with each file, the surest first.
    fn partners(&self) -> Vec<Vec<u32>> {
        let mut partners = vec![Vec::new(); self.paths.len()];
        for pair in self.couplings.surest_first() {
            for (file, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
                if let Some(partners) = partners.get_mut(file as usize).filter(|partners| partners.len() < NAMED) {
                    partners.push(other);
                }
            }
        }
        partners
    }

    /// The other files of each file's folder, those that changed most often first.
    fn neighbours(&self) -> Vec<Vec<u32>> {
        let folders = || self.paths.iter().map(|path| folder(path));
        let mut files: Vec<(u32, &u32, &str)> =
            (0..).zip(self.changes).zip(folders()).map(|((file, changes), folder)| (file, changes, folder)).collect();
        files.sort_by_key(|(file, changes, _)| (Reverse(*changes), *file));
        let mut busiest: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (file, _, folder) in files {
            busiest.entry(folder).or_default().push(file);
        }
        let others = |(file, folder)| {
            let all = busiest.get(folder).into_iter().flatten().copied();
            all.filter(|other| *other != file).take(NAMED).collect()
        };
        (0..).zip(folders()).map(others).collect()
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
