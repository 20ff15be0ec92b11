//! The survey sees what git sees, and does not depend on threads.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_project::Project;
use codexa_project::survey::{OnDisk, Survey, SurveyOptions};
use codexa_testkit::GitRepository;
use std::sync::atomic::{AtomicU32, Ordering};

fn survey(repository: &GitRepository, threads: usize) -> Survey {
    let project = Project::open(repository.path()).unwrap();
    project.survey(&project.tracked().unwrap(), SurveyOptions { threads, no_ignore: false })
}

fn lines(text: &str) -> u64 {
    text.lines().count() as u64
}

/// A repository with nested rules, negations, ignored folders that hold tracked files, and names that sort oddly.
fn intricate() -> GitRepository {
    let mut repository = GitRepository::empty();
    for path in ["a/b/c.rs", "a/b.rs", "a-b.rs", "a.rs", "a/bc/d.rs", "ignored/kept.rs", "é/ü.rs", "x y/z.rs"] {
        repository.write(path, path);
    }
    repository.git(&["add", "--all"]);
    repository.write(".gitignore", "*.log\n!keep.log\nignored/\n/a/only_here.txt\n# comment\nsub/**/deep\n\\#odd\n");
    repository.write("a/.gitignore", "*.tmp\n!important.tmp\n");
    repository.write(".git/info/exclude", "excluded.txt\n");
    repository.commit_staged("tracked");
    for path in [
        "x.log",
        "keep.log",
        "a/keep.log",
        "a/b/x.log",
        "ignored/new.rs",
        "ignored/deep/new.rs",
        "a/only_here.txt",
        "b/only_here.txt",
        "a/x.tmp",
        "a/b/x.tmp",
        "a/b/important.tmp",
        "x.tmp",
        "sub/1/2/deep/file",
        "sub/deep",
        "#odd",
        "excluded.txt",
        "deep/excluded.txt",
        "new/folder/with/file.rs",
        "odd\nname.rs",
        "a/bc/new.rs",
    ] {
        repository.write(path, "");
    }
    repository
}

#[test]
fn untracked_files_are_those_that_git_names() {
    let repository = intricate();
    let survey = survey(&repository, 2);
    let others = repository.git(&["ls-files", "--others", "--exclude-standard"]);
    assert_eq!(survey.untracked.files, lines(&others), "{others}");
    let ignored = repository.git(&["status", "--porcelain", "--ignored=matching", "--untracked-files=all"]);
    assert!(survey.untracked.ignored > 0 && ignored.contains("!!"));
}

#[test]
fn tracked_files_are_seen_in_the_order_of_the_listing() {
    let repository = intricate();
    let project = Project::open(repository.path()).unwrap();
    let listing = project.tracked().unwrap();
    let survey = project.survey(&listing, SurveyOptions::default());
    assert!(!listing.entries.is_empty());
    assert_eq!(survey.tracked.len(), listing.entries.len());
    for (entry, on_disk) in listing.entries.iter().zip(&survey.tracked) {
        let OnDisk::File { stat, .. } = on_disk else { panic!("{} is {on_disk:?}", entry.path) };
        assert_eq!(stat.size, entry.path.len() as u64, "{}: content is its own path", entry.path);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let repository = intricate();
    let one = survey(&repository, 1);
    for threads in [2, 3, 8] {
        assert_eq!(survey(&repository, threads), one);
    }
}

#[test]
fn looking_can_be_stopped_anywhere() {
    let repository = intricate();
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "--quiet", "--bare", ".", &bare.display().to_string()]);
    let project = Project::open(repository.path()).unwrap();
    let listing = project.tracked().unwrap();
    for threads in [1, 3] {
        let options = SurveyOptions { threads, ..SurveyOptions::default() };
        for patience in 0..40 {
            let asked = AtomicU32::new(0);
            let cancelled = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
            let error = project.survey_unless(&listing, options, &cancelled).unwrap_err();
            assert_eq!(error.code(), "PROJECT_CANCELLED");
            let more = asked.load(Ordering::Relaxed) - patience;
            assert!(more <= 20, "it went on for {more} more");
        }
    }
    let bare = Project::open(&bare).unwrap();
    assert_eq!(bare.tracked_unless(|| true).unwrap_err().code(), "PROJECT_CANCELLED");
    assert!(!bare.tracked_unless(|| false).unwrap().entries.is_empty());
}

#[test]
fn what_is_gone_or_has_become_something_else_is_told_apart() {
    let mut repository =
        GitRepository::with_files(&[("gone", ""), ("folder/file", ""), ("link", ""), ("into", ""), ("x.sh", "")]);
    repository.git(&["update-index", "--chmod=+x", "x.sh"]);
    repository.commit_staged("executable");
    let at = |name: &str| repository.path().join(name);
    std::fs::remove_file(at("gone")).unwrap();
    std::fs::remove_dir_all(at("folder")).unwrap();
    std::fs::write(at("folder"), "a file now").unwrap();
    std::fs::remove_file(at("link")).unwrap();
    std::os::unix::fs::symlink("x.sh", at("link")).unwrap();
    std::fs::remove_file(at("into")).unwrap();
    std::fs::create_dir(at("into")).unwrap();
    let survey = survey(&repository, 1);
    // folder/file, gone, into, link, x.sh
    assert_eq!(survey.tracked[..4], [OnDisk::Missing, OnDisk::Missing, OnDisk::Folder, OnDisk::Symlink]);
}

#[test]
fn what_codexa_writes_is_not_counted_as_untracked() {
    let repository = GitRepository::with_files(&[("a", "")]);
    repository.write(".codexa/manifests/m.yaml", "");
    repository.write(".codexa/state/lock", "");
    repository.write(".codexa/config.yaml", "");
    assert_eq!(survey(&repository, 1).untracked.files, 1);
}

#[test]
fn the_rule_that_hides_is_named_with_its_line() {
    let folder = GitRepository::folder();
    folder.write(".gitignore", "# rules\n\n*.log\n/*\n");
    folder.write("a/b.rs", "");
    folder.write("c.log", "");
    let survey = survey(&folder, 1);
    assert_eq!(survey.found, []);
    let rules: Vec<(u32, &str, u64)> =
        survey.hidden_by.iter().map(|(rule, count)| (rule.line, &*rule.pattern, *count)).collect();
    assert_eq!(rules, [(4, "/*", 3)]);
    let project = Project::open(folder.path()).unwrap();
    let all = project.survey(&Default::default(), SurveyOptions { no_ignore: true, threads: 1 });
    assert_eq!(all.found.len(), 3);
}
