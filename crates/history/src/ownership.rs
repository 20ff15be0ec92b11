//! Who knows a file: the degree of authorship of Fritz et al. (2014), with the weights of Avelino et al. (2016), and the
//! truck factor that follows from it.

use crate::churn::{Anchor, FileChurn, RECENT_WEEKS};
use crate::past::Past;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A degree of authorship that makes an author, and the share of the highest one of the file that is needed as well.
const AUTHOR: f64 = 3.293;
const SHARE: f64 = 0.75;
/// So many changes lately make somebody know a file, whoever wrote most of it: a degree of authorship does not see that
/// somebody took over an old file.
pub const AT_WORK: u32 = 3;
/// Where this share of the files has lost all authors, a project is in trouble.
const ORPHANED: f64 = 0.5;

/// Who knows a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// Its authors, the one who knows it best first, by number of person.
    pub authors: Vec<u32>,
    /// Who else works on it: at least [`AT_WORK`] changes of it lately, most first.
    pub at_work: Vec<u32>,
    /// Whether somebody works on it, or an author of it committed anything lately.
    pub is_active: bool,
}

impl Owners {
    /// Its authors, and who else works on it.
    pub fn known_by(&self) -> impl Iterator<Item = u32> {
        self.authors.iter().chain(&self.at_work).copied()
    }
}

/// When each person last changed a file, in weeks before the anchor.
#[must_use]
pub fn last_seen(past: &Past, anchor: Anchor) -> Vec<u32> {
    let mut seen = vec![u32::MAX; past.people.all.len()];
    for commit in past.commits.iter().filter(|commit| !past.changes_of(commit).is_empty()) {
        if let Some(last) = seen.get_mut(past.author(commit) as usize) {
            *last = (*last).min(anchor.weeks_since(commit.time));
        }
    }
    seen
}

/// Who knows a file. Programs that commit own nothing.
#[must_use]
pub fn owners(file: &FileChurn, past: &Past, last_seen: &[u32]) -> Owners {
    let is_person = |person: &u32| past.people.get(*person).is_some_and(|person| !person.is_bot);
    let all: u32 = file.authors.values().sum();
    let degree = |(&person, &changes): (&u32, &u32)| {
        let first = if file.made_by == Some(person) { 1.0 } else { 0.0 };
        let others = f64::from(all - changes.min(all));
        let degree = 3.293 + 1.098 * first + 0.164 * f64::from(changes) - 0.321 * others.ln_1p();
        (degree, person)
    };
    let mut degrees: Vec<(f64, u32)> =
        file.authors.iter().filter(|(person, _)| is_person(person)).map(degree).collect();
    degrees.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let highest = degrees.first().map_or(0.0, |first| first.0);
    let is_author = |(degree, _): &&(f64, u32)| *degree >= AUTHOR && *degree > SHARE * highest;
    let authors: Vec<u32> = degrees.iter().filter(is_author).map(|(_, person)| *person).collect();
    let is_here = |person: &u32| last_seen.get(*person as usize).is_some_and(|weeks| *weeks < RECENT_WEEKS);
    let lately = file.authors_lately.iter().filter(|(person, changes)| is_person(person) && **changes >= AT_WORK);
    let mut at_work: Vec<(u32, u32)> = lately.map(|(person, changes)| (*person, *changes)).collect();
    at_work.sort_by_key(|(person, changes)| (Reverse(*changes), *person));
    Owners {
        is_active: !at_work.is_empty() || authors.iter().any(is_here),
        at_work: at_work.into_iter().map(|(person, _)| person).filter(|person| !authors.contains(person)).collect(),
        authors,
    }
}

/// How many people must go until more than half of the files that have an author have none left, and who: those who know
/// the most files first.
#[must_use]
pub fn truck_factor<'o>(files: impl Iterator<Item = &'o Owners>) -> Vec<u32> {
    let mut files: Vec<BTreeSet<u32>> = files
        .filter(|owners| !owners.authors.is_empty())
        .map(|owners| owners.authors.iter().copied().collect())
        .collect();
    let all = files.len();
    let mut gone = Vec::new();
    while !files.is_empty() && ((all - files.len()) as f64) <= ORPHANED * all as f64 {
        let mut known: BTreeMap<u32, usize> = BTreeMap::new();
        for person in files.iter().flatten() {
            *known.entry(*person).or_default() += 1;
        }
        let Some((&next, _)) = known.iter().max_by_key(|(person, files)| (**files, Reverse(**person))) else {
            break;
        };
        gone.push(next);
        files.retain_mut(|authors| {
            authors.remove(&next);
            !authors.is_empty()
        });
    }
    gone
}
