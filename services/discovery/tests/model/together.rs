//! What changes together is held to what the same folder says, and nothing goes by it where it loses.

use crate::repo::Repo;
use codexa_discovery::history::History;
use codexa_discovery::hotspots::backtest::{Backtest, Window, backtest};
use codexa_discovery::hotspots::{Together, Verdict};
use codexa_discovery::query::couplings;
use codexa_history::past::Kind;
use codexa_history::snapshot::{Snapshot, Then};
use codexa_history::{Change, Commit, ObjectId, Outcome, Past};

const WEEK: i64 = 7 * 24 * 60 * 60;
/// The newest commit lies where a period of the backtest begins, so that every later week is asked.
const NEWEST: i64 = 2600 * WEEK;
/// The weeks of the commits that are asked, counted back from the newest.
const ASKED: std::ops::Range<i64> = 1..51;
/// Those that are known before.
const KNOWN: std::ops::Range<i64> = 60..110;

/// Two folders, of whose files the first of one goes with the first of the other.
const FILES: [&str; 14] = [
    "api/a.py", "api/b.py", "api/c.py", "api/d.py", "api/e.py", "api/f.py", "api/g.py", "web/a.py", "web/b.py",
    "web/c.py", "web/d.py", "web/e.py", "web/f.py", "web/g.py",
];
const ACROSS: [&str; 2] = ["api/a.py", "web/a.py"];
/// `api/g.py` is one of the five that changed most often in its folder.
const WITHIN: [&str; 2] = ["api/a.py", "api/g.py"];

/// A past of commits, each in its week with its files; on one branch, the newest without files in this week.
fn past(commits: &[(i64, &[&str])]) -> Past {
    let mut past = Past { paths: FILES.iter().map(|path| path.as_bytes().into()).collect(), ..Past::default() };
    let mut weeks: Vec<(i64, &[&str])> = [&[(0, &[][..]), (120, &FILES[..])], commits].concat();
    weeks.sort_by_key(|(week, _)| *week);
    let id = |n: usize| ObjectId::try_from(&[&[0; 12][..], &n.to_be_bytes()].concat()[..]).unwrap();
    for (n, (week, files)) in weeks.iter().enumerate() {
        let first = u32::try_from(past.changes.len()).unwrap();
        past.changes.extend(files.iter().map(|file| {
            let path = FILES.iter().position(|known| known == file).unwrap();
            Change { path: u32::try_from(path).unwrap(), kind: Kind::Modified }
        }));
        past.commits.push(Commit {
            id: id(n),
            parents: if n + 1 < weeks.len() { vec![id(n + 1)] } else { Vec::new() },
            time: NEWEST - week * WEEK,
            signature: 0,
            subject: "Work".into(),
            outcome: Outcome::Read,
            changes: (first, u32::try_from(past.changes.len()).unwrap()),
        });
    }
    past
}

/// What was known: across the folders every week, and four files of `api` more often than any other of it.
fn known() -> Vec<(i64, &'static [&'static str])> {
    const EACH_WEEK: [&[&str]; 5] = [&ACROSS, &["api/d.py"], &["api/e.py"], &["api/f.py"], &["api/g.py"]];
    KNOWN.flat_map(|week| EACH_WEEK.map(|files| (week, files))).collect()
}

fn tested(past: &Past) -> Backtest {
    backtest(past, Window::of(past).unwrap(), &|_, is_wanted| {
        let wanted = FILES.iter().filter(|path| is_wanted(path.as_bytes()));
        let files = wanted.map(|path| Then { path: path.as_bytes().into(), lines: 100 }).collect();
        Some(Snapshot { files, missing: 0 })
    })
}

fn together(later: &[(i64, &[&str])]) -> Together {
    tested(&past(&[&known()[..], later].concat())).together
}

fn each<'f>(weeks: impl Iterator<Item = i64>, files: &'f [&'f str]) -> Vec<(i64, &'f [&'f str])> {
    weeks.map(|week| (week, files)).collect()
}

#[test]
fn what_goes_on_changing_together_across_folders_beats_the_folder() {
    let found = together(&each(ASKED, &ACROSS));
    let beats = Together { verdict: Verdict::Beats, commits: 50, asked: 100, answered: 100, hit: 100, folder_hit: 0 };
    assert_eq!(found, beats);
}

#[test]
fn what_no_longer_changes_together_loses_to_the_folder() {
    // Of `api/g.py` nothing is known: it is asked for, and not answered.
    let found = together(&each(ASKED, &WITHIN));
    let loses = Together { verdict: Verdict::Loses, commits: 50, asked: 100, answered: 50, hit: 0, folder_hit: 50 };
    assert_eq!(found, loses);
}

#[test]
fn a_difference_that_chance_explains_neither_beats_nor_loses() {
    // Commits across lead by two hits each, those within fall behind by one.
    for (across, verdict) in
        [(0, Verdict::Loses), (15, Verdict::Untested), (20, Verdict::Untested), (40, Verdict::Beats)]
    {
        let later = ASKED.enumerate().map(|(n, week)| (week, if n < across { &ACROSS[..] } else { &WITHIN[..] }));
        assert_eq!(together(&later.collect::<Vec<_>>()).verdict, verdict, "{across} of 50 across");
    }
}

#[test]
fn the_questions_of_one_commit_count_as_one() {
    // Six questions to none would be more than chance; three commits to none are not.
    let neither = ["api/a.py", "web/b.py"];
    let later = ASKED.map(|week| (week, if week < 4 { &ACROSS[..] } else { &neither[..] }));
    let found = together(&later.collect::<Vec<_>>());
    assert_eq!((found.hit, found.folder_hit, found.verdict), (6, 0, Verdict::Untested));
}

#[test]
fn few_commits_large_ones_and_single_files_prove_nothing() {
    assert_eq!(together(&each(ASKED.take(9), &WITHIN)).verdict, Verdict::Untested);
    assert_eq!(together(&each(ASKED.take(10), &WITHIN)).verdict, Verdict::Loses);
    let single = together(&each(ASKED, &["api/a.py"]));
    assert_eq!((single.asked, single.verdict), (0, Verdict::Untested));
    let large: Vec<&str> = FILES.iter().chain(&FILES).chain(&FILES).copied().collect();
    assert_eq!(together(&each(ASKED, &large)), Together::default());
    let mut short = past(&each(ASKED, &WITHIN));
    short.commits.truncate(30);
    assert_eq!(Window::of(&short), None);
}

/// The model of today, of a past that went on like this.
fn model(later: &[(i64, &[&str])]) -> Repo {
    let mut repo = Repo::new(&FILES);
    let past = past(&[&known()[..], later].concat());
    let records: Vec<_> = repo.files.iter().map(|(record, _)| record).collect();
    repo.history = Some(History::new(&past, &records, NEWEST, Some(tested(&past))));
    repo
}

#[test]
fn where_it_loses_the_pairs_are_counts_and_nothing_goes_by_them() {
    for (later, is_withheld) in [(&ACROSS, false), (&WITHIN, true)] {
        let repo = model(&each(ASKED, &later[..]));
        let (model, history) = (repo.model(), repo.history.as_ref().unwrap());
        let known = (history.co_changes().is_empty(), history.changes_with(&model, &[0]).is_empty());
        assert_eq!(known, (is_withheld, is_withheld));
        let answer = couplings(&model, None, false, 20).unwrap();
        assert_eq!((answer.withheld, answer.couplings.is_empty()), (is_withheld, false));
        assert_eq!(answer.text().contains("Withheld:"), is_withheld, "{}", answer.text());
        let coverage = repo.files().into_iter().find(|(path, _)| path.ends_with("coverage.yaml")).unwrap().1;
        assert_eq!(coverage.contains("co_change: \"withheld: "), is_withheld, "{coverage}");
    }
}
