//! What a past says about files.

use crate::support::past;
use codexa_history::Past;
use codexa_history::churn::{Anchor, Known, churn};
use codexa_history::coupling::couplings;
use codexa_history::ownership::{last_seen, owners, truck_factor};
use codexa_history::snapshot::snapshot;
use codexa_testkit::git::GitRepository as Repository;

/// Commits by (author, days before the newest, subject, files).
fn repository(commits: &[(&str, i64, &str, &[&str])]) -> Repository {
    let repository = Repository::empty();
    let newest = 1_700_000_000;
    for (n, (author, days, subject, files)) in commits.iter().enumerate() {
        for file in *files {
            repository.write(file, format!("{file} {n}\n"));
        }
        let email = format!("{}@x", author.replace(' ', ""));
        // In the order in which they stand, also where they are of one day.
        let time = newest - days * 86_400 + i64::try_from(n).unwrap();
        repository.commit_by((author, &email), time, subject);
    }
    repository
}

/// The files of today, in order of their first change.
fn files(past: &Past, names: &[&str]) -> (Vec<Option<u32>>, Vec<bool>) {
    let of = |path: &[u8]| names.iter().position(|name| name.as_bytes() == path).and_then(|at| u32::try_from(at).ok());
    (past.paths.iter().map(|path| of(path)).collect(), past.paths.iter().map(|path| path.ends_with(b".py")).collect())
}

fn anchor(past: &Past) -> Anchor {
    Anchor::at(past.commits.first().map_or(0, |commit| commit.time))
}

#[test]
fn a_file_keeps_its_past_through_renames_and_only_repairs_of_code_count() {
    let repository = repository(&[
        ("Ann Lee", 0, "first", &["a.py", "b.py", "notes.md"]),
        ("Ann Lee", 0, "Fix crash in a", &["a.py"]),
        ("Bob Roe", 0, "fix the notes", &["notes.md"]),
    ]);
    repository.git(&["mv", "a.py", "c.py"]);
    repository.commit_by(("Bob Roe", "BobRoe@x"), 1_700_000_100, "rename");
    let past = past(&repository);
    let (of_path, is_source) = files(&past, &["c.py", "notes.md"]);
    let known = Known { files: &of_path, is_source: &is_source, count: 2 };
    let all = churn(&past, &known, anchor(&past));
    assert_eq!((all[0].changes, all[0].repairs), (3, 1));
    assert_eq!((all[1].changes, all[1].repairs), (2, 0));
    let person =
        |name: &str| past.people.all.iter().position(|it| &*it.name == name).and_then(|at| u32::try_from(at).ok());
    assert_eq!(all[0].made_by, person("Ann Lee"));
    assert_eq!(all[0].authors.len(), 2);
}

#[test]
fn half_counts_after_a_year_and_a_clock_that_is_ahead_counts_as_now() {
    let anchor = Anchor::at(1_700_000_000);
    let year = 52 * 7 * 86_400;
    assert!((anchor.weight(1_700_000_000 - year) - 0.5).abs() < 1e-12);
    assert!((anchor.weight(1_700_000_000 + 10 * year) - 1.0).abs() < 1e-12);
    assert!(anchor.weight(i64::MIN) >= 0.0 && anchor.weight(i64::MAX) <= 1.0);
}

#[test]
fn a_week_is_seven_days_back_from_the_newest_commit() {
    let (newest, day) = (1_700_000_000, 86_400);
    let weeks = |days: i64| Anchor::at(newest).weeks_since(newest - days * day);
    assert_eq!([weeks(0), weeks(6), weeks(7), weeks(27), weeks(28), weeks(-3)], [0, 0, 1, 3, 4, 0]);
    assert_eq!(Anchor::at(newest).weeks_since(i64::MIN), u32::MAX);
}

#[test]
fn who_took_over_an_old_file_knows_it_though_somebody_else_wrote_it() {
    let mut commits: Vec<(&str, i64, &str, &[&str])> = vec![("Ann Lee", 2000, "made", &["a.py", "b.py"])];
    commits.extend([("Ann Lee", 1900, "more", &["a.py"] as &[&str]); 30]);
    commits.extend([("Bob Roe", 20, "worked on", &["a.py"] as &[&str]); 3]);
    commits.extend([("Cid Poe", 10, "looked in", &["a.py", "b.py"] as &[&str]); 2]);
    let repository = repository(&commits);
    let past = past(&repository);
    let (of_path, is_source) = files(&past, &["a.py", "b.py"]);
    let all = churn(&past, &Known { files: &of_path, is_source: &is_source, count: 2 }, anchor(&past));
    let seen = last_seen(&past, anchor(&past));
    let name = |person: u32| past.people.get(person).map(|it| it.name.to_string()).unwrap_or_default();
    let known_by: Vec<Vec<String>> =
        all.iter().map(|file| owners(file, &past, &seen).known_by().map(name).collect()).collect();
    assert_eq!(known_by[0], ["Ann Lee", "Bob Roe"]);
    let (taken_over, left) = (owners(&all[0], &past, &seen), owners(&all[1], &past, &seen));
    assert!(taken_over.is_active && taken_over.authors.len() == 1, "{taken_over:?}");
    assert_eq!(left.at_work, [0_u32; 0]);
}

#[test]
fn what_changes_together_often_enough_is_a_pair_with_both_shares() {
    let both: &[&str] = &["a.py", "b.py"];
    let repository = repository(&[
        ("Ann Lee", 0, "1", both),
        ("Ann Lee", 0, "2", both),
        ("Ann Lee", 0, "3", both),
        ("Ann Lee", 0, "4", &["a.py"]),
        ("Ann Lee", 0, "5", &["a.py", "c.py"]),
    ]);
    let past = past(&repository);
    let (of_path, is_source) = files(&past, &["a.py", "b.py", "c.py"]);
    let found = couplings(&past, &Known { files: &of_path, is_source: &is_source, count: 3 }, anchor(&past));
    assert_eq!(found.pairs.len(), 1);
    let pair = found.pairs[0];
    assert_eq!((pair.a, pair.b, pair.support), (0, 1, 3));
    assert!((pair.confidence.0 - 0.6).abs() < 1e-12 && (pair.confidence.1 - 1.0).abs() < 1e-12);
    assert!((pair.jaccard - 0.6).abs() < 1e-12);
    assert_eq!((found.commits, found.dropped_pairs), (5, 1));
}

#[test]
fn who_made_a_file_and_worked_on_it_owns_it_and_a_program_owns_nothing() {
    let repository = repository(&[
        ("Ann Lee", 0, "1", &["a.py", "b.py"]),
        ("Ann Lee", 0, "2", &["a.py"]),
        ("Bob Roe", 0, "3", &["c.py"]),
        ("dependabot[bot]", 0, "4", &["a.py", "b.py", "c.py"]),
    ]);
    let past = past(&repository);
    let (of_path, is_source) = files(&past, &["a.py", "b.py", "c.py"]);
    let all = churn(&past, &Known { files: &of_path, is_source: &is_source, count: 3 }, anchor(&past));
    let seen = last_seen(&past, anchor(&past));
    let owned: Vec<_> = all.iter().map(|file| owners(file, &past, &seen)).collect();
    let name = |person: u32| past.people.get(person).map(|it| it.name.to_string()).unwrap_or_default();
    let names: Vec<Vec<String>> = owned.iter().map(|it| it.authors.iter().map(|it| name(*it)).collect()).collect();
    assert_eq!(names, [["Ann Lee"], ["Ann Lee"], ["Bob Roe"]]);
    assert!(owned.iter().all(|it| it.is_active));
    let gone: Vec<String> = truck_factor(owned.iter()).into_iter().map(name).collect();
    assert_eq!(gone, ["Ann Lee"]);
}

#[test]
fn the_files_of_a_commit_have_the_lines_they_had() {
    let mut repository = Repository::with_files(&[("a.py", "1\n2\n3"), ("lib/b.py", "1\n"), ("c.md", "x\n")]);
    let then = repository.git(&["rev-parse", "HEAD"]);
    repository.write("a.py", "");
    repository.commit("later");
    let handle = gix::open_opts(repository.path(), gix::open::Options::isolated()).unwrap().into_sync();
    let commit = gix::ObjectId::from_hex(then.trim().as_bytes()).unwrap();
    let is_python = |path: &[u8]| path.ends_with(b".py");
    let whole = snapshot(&handle, commit, b"", &is_python, 2).unwrap();
    let lines: Vec<(&[u8], u32)> = whole.files.iter().map(|file| (&*file.path, file.lines)).collect();
    assert_eq!(lines, [(&b"a.py"[..], 3), (&b"lib/b.py"[..], 1)]);
    let below = snapshot(&handle, commit, b"lib/", &is_python, 1).unwrap();
    assert_eq!(below.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), [b"b.py"]);
}
