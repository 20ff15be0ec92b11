//! What a project is made of, and what is left out and why.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_discovery::scan::{Class, Scan, ScanError, ScanOptions, SkipReason, Skipped, scan, sniff};
use codexa_model::Language;
use codexa_project::Project;
use codexa_testkit::hostile::Trap;
use codexa_testkit::{GitRepository, shapes};
use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicUsize, Ordering};

fn try_scan(repository: &GitRepository, options: &ScanOptions) -> Result<Scan, ScanError> {
    scan(&Project::open(repository.path()).unwrap(), options, &|| false)
}

fn scanned(repository: &GitRepository) -> Scan {
    try_scan(repository, &ScanOptions::default()).unwrap()
}

fn paths(scan: &Scan) -> Vec<&str> {
    scan.files.iter().map(|file| &*file.path).collect()
}

fn skipped(scan: &Scan) -> Vec<(&str, SkipReason)> {
    scan.skipped.iter().map(|skipped| (&*skipped.path, skipped.reason)).collect()
}

/// Whenever Ctrl-C comes, between any two steps, the scan ends there.
#[test]
fn a_scan_ends_when_it_is_told_to() {
    let repository = GitRepository::with_files(&[(".gitattributes", "a.py text\n"), ("a.py", ""), ("b/c.py", "")]);
    let elsewhere = GitRepository::folder();
    let bare = elsewhere.path().join("x.git");
    repository.git(&["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    for folder in [repository.path(), &*bare] {
        let project = Project::open(folder).unwrap();
        let options = ScanOptions { threads: 1, ..ScanOptions::default() };
        let asked = AtomicUsize::new(0);
        let after = |most: usize| {
            asked.store(0, Ordering::Relaxed);
            scan(&project, &options, &|| asked.fetch_add(1, Ordering::Relaxed) >= most)
        };
        after(usize::MAX).unwrap();
        let all = asked.load(Ordering::Relaxed);
        assert!(all > 3 + 1 + 3, "for each entry, each file of attributes and each candidate: {all}");
        for most in 0..all {
            assert_eq!(after(most).unwrap_err().code(), "PROJECT_CANCELLED", "{most} of {all}");
        }
    }
}

#[test]
fn settings_say_what_is_generated_and_vendored_before_attributes_and_rules() {
    let repository = GitRepository::with_files(&[
        (".gitattributes", "api/*.py linguist-generated\n"),
        ("api/client.py", ""),
        ("api/hand.py", ""),
        ("sdk/client.py", ""),
        ("vendor/ours/a.py", ""),
        ("vendor/theirs/b.py", ""),
        ("third/c.py", ""),
    ]);
    let options = ScanOptions {
        generated: vec!["sdk/".into(), "!api/hand.py".into()],
        vendored: vec!["third/".into(), "!vendor/ours/".into()],
        ..ScanOptions::default()
    };
    let scan = try_scan(&repository, &options).unwrap();
    let class = |path: &str| scan.files.iter().find(|file| &*file.path == path).unwrap().class;
    for (path, expected) in [
        ("api/client.py", Class::Generated),
        ("api/hand.py", Class::Source),
        ("sdk/client.py", Class::Generated),
        ("vendor/ours/a.py", Class::Source),
        ("vendor/theirs/b.py", Class::Vendored),
        ("third/c.py", Class::Vendored),
    ] {
        assert_eq!(class(path), expected, "{path}");
    }
}

#[test]
fn files_have_a_language_a_class_and_a_state() {
    let repository = GitRepository::with_files(&[
        ("src/main.rs", "fn main() {}\n"),
        ("tests/it.rs", ""),
        ("README.md", ""),
        ("Cargo.toml", ""),
        ("run", "#!/bin/sh\n"),
        ("data.unknown", ""),
    ]);
    let scan = scanned(&repository);
    let seen: Vec<_> = scan
        .files
        .iter()
        .map(|file| (&*file.path, file.language.map(|language| language.name()), file.parsed, file.class))
        .collect();
    assert_eq!(
        seen,
        [
            ("Cargo.toml", Some("TOML"), None, Class::Configuration),
            ("README.md", Some("Markdown"), None, Class::Documentation),
            ("data.unknown", None, None, Class::Source),
            ("run", None, None, Class::Source),
            ("src/main.rs", Some("Rust"), Some(Language::Rust), Class::Source),
            ("tests/it.rs", Some("Rust"), Some(Language::Rust), Class::Test),
        ]
    );
    let main = &scan.files[4];
    assert_eq!(main.size, 13);
    assert!(main.stat.is_some() && main.id.is_some());
}

#[test]
fn the_first_bytes_tell_what_the_name_does_not() {
    let repository = GitRepository::with_files(&[
        ("run", ""),
        ("a.go", ""),
        ("b.go", ""),
        (".gitattributes", "b.go -linguist-generated linguist-vendored\n"),
    ]);
    let mut scan = scanned(&repository);
    let mut file = |path: &str| scan.files.remove(scan.files.iter().position(|file| &*file.path == path).unwrap());
    let mut run = file("run");
    run.apply(sniff(b"#!/usr/bin/env python3\n"));
    assert_eq!(run.parsed, Some(Language::Python));
    let generated = sniff(b"// Code generated by x. DO NOT EDIT.\n");
    let mut a = file("a.go");
    a.apply(generated);
    assert_eq!(a.class, Class::Generated);
    let mut b = file("b.go");
    b.apply(generated);
    assert_eq!(b.class, Class::Vendored, "git's attributes decide first");
}

#[test]
fn nested_attributes_win_over_those_above() {
    let repository = GitRepository::with_files(&[
        (".gitattributes", "*.js linguist-generated\n[attr]ours linguist-vendored\n*.c ours\n"),
        ("web/.gitattributes", "hand.js -linguist-generated\n"),
        ("web/hand.js", ""),
        ("web/made.js", ""),
        ("x.c", ""),
        ("docs/example.py", ""),
        ("docs/.gitattributes", "*.py linguist-documentation=true\n"),
    ]);
    let scan = scanned(&repository);
    let class = |path: &str| scan.files.iter().find(|file| &*file.path == path).unwrap().class;
    assert_eq!(class("web/hand.js"), Class::Source);
    assert_eq!(class("web/made.js"), Class::Generated);
    assert_eq!(class("x.c"), Class::Vendored);
    assert_eq!(class("docs/example.py"), Class::Documentation);
}

#[test]
fn headers_follow_their_neighbours() {
    let repository = GitRepository::with_files(&[
        ("core/a.c", ""),
        ("core/a.h", ""),
        ("gui/a.cpp", ""),
        ("gui/b.cc", ""),
        ("gui/b.h", ""),
        ("gui/deep/only.h", ""),
        ("include/api.h", ""),
        ("even/a.c", ""),
        ("even/a.cpp", ""),
        ("even/a.h", ""),
    ]);
    let scan = scanned(&repository);
    let headers: Vec<_> = scan
        .files
        .iter()
        .filter(|file| file.path.ends_with(".h"))
        .map(|file| (&*file.path, file.parsed.unwrap()))
        .collect();
    assert_eq!(
        headers,
        [
            ("core/a.h", Language::C),
            ("even/a.h", Language::C),
            ("gui/b.h", Language::Cpp),
            ("gui/deep/only.h", Language::Cpp),
            ("include/api.h", Language::Cpp),
        ],
        "the whole repository has three C++ sources and two C sources"
    );
}

#[test]
fn configuration_and_focus_leave_out() {
    let repository =
        GitRepository::with_files(&[("src/a.rs", ""), ("src/b.rs", ""), ("legacy/a.rs", ""), ("x.md", "")]);
    let options = |skip: &[&str], focus: &[&str]| ScanOptions {
        skip: skip.iter().map(ToString::to_string).collect(),
        focus: focus.iter().map(ToString::to_string).collect(),
        ..ScanOptions::default()
    };
    let scan = try_scan(&repository, &options(&["legacy/"], &["*.rs"])).unwrap();
    assert_eq!(paths(&scan), ["src/a.rs", "src/b.rs"]);
    assert_eq!(skipped(&scan), [("legacy/a.rs", SkipReason::ByConfiguration), ("x.md", SkipReason::OutOfFocus)]);

    let error = try_scan(&repository, &options(&["*.md", "*"], &[])).unwrap_err();
    assert_eq!(error.code(), "DISCOVERY_EVERYTHING_SKIPPED");
    assert_eq!(error.to_string(), "the configuration leaves out every file; `*` leaves out the most (4 of 4)");
    assert_eq!(try_scan(&repository, &options(&[], &["lib/"])).unwrap_err().code(), "DISCOVERY_NOTHING_IN_FOCUS");
    assert_eq!(try_scan(&repository, &options(&["a["], &[])).unwrap_err().code(), "DISCOVERY_PATTERN");
}

#[test]
fn rules_that_hide_everything_are_an_error_that_names_one() {
    let folder = shapes::folder();
    folder.write(".gitignore", "# as the Linux tree has it\n*.o\n/*\n!/debian/\n");
    let error = try_scan(&folder, &ScanOptions::default()).unwrap_err();
    assert_eq!(error.code(), "DISCOVERY_EVERYTHING_IGNORED");
    let message = error.to_string().replace(&folder.path().display().to_string(), "[PROJECT]");
    assert_eq!(message, "every file in [PROJECT] is ignored; .gitignore:3 `/*` hides the most (3 of 3)");
    let scan = try_scan(&folder, &ScanOptions { no_ignore: true, ..ScanOptions::default() }).unwrap();
    assert_eq!(paths(&scan), [".gitignore", "README.md", "src/lib.rs"]);
}

#[test]
fn what_codexa_writes_is_not_scanned() {
    let repository = GitRepository::with_files(&[
        (".codexa/config.yaml", ""),
        (".codexa/manifests/system_manifest.yaml", ""),
        (".codexa/logs/iteration_log.md", ""),
        ("a.rs", ""),
    ]);
    let scan = scanned(&repository);
    assert_eq!(paths(&scan), [".codexa/config.yaml", "a.rs"]);
    assert_eq!(scan.skipped, []);
}

#[test]
fn untracked_files_are_counted_apart() {
    let repository = shapes::complete();
    repository.write("new.rs", "");
    let scan = scanned(&repository);
    assert_eq!(paths(&scan), ["README.md", "src/lib.rs"]);
    assert_eq!(scan.untracked.files, 1);
}

#[test]
fn every_shape_is_scanned() {
    let both = ["README.md", "src/lib.rs"];
    for (shape, repository) in [
        ("bare", shapes::bare()),
        ("shallow", shapes::shallow()),
        ("partial", shapes::partial()),
        ("detached", shapes::detached()),
        ("worktree", shapes::worktree()),
        ("conflicted", shapes::conflicted()),
        ("folder", shapes::folder()),
    ] {
        assert_eq!(paths(&scanned(&repository)), both, "{shape}");
    }
    let scan = scanned(&shapes::unborn());
    assert_eq!((paths(&scan).len(), scan.untracked.files), (0, 2));

    let scan = scanned(&shapes::submodule());
    assert_eq!(paths(&scan), [".gitmodules", "README.md", "src/lib.rs"]);
    assert_eq!(skipped(&scan), [("lib/sub", SkipReason::Submodule)]);

    for (sparse_index, path) in [(false, "docs/guide.md"), (true, "docs")] {
        let scan = scanned(&shapes::sparse(sparse_index));
        assert_eq!(paths(&scan), both);
        assert_eq!(skipped(&scan), [(path, SkipReason::NotCheckedOut)]);
    }
    let scan = scanned(&shapes::partial_bare());
    assert_eq!(scan.skipped_counts[&SkipReason::MissingObject], 2);
}

#[test]
fn deleted_files_are_said_to_be_missing() {
    let repository = shapes::complete();
    fs::remove_file(repository.path().join("README.md")).unwrap();
    let scan = scanned(&repository);
    assert_eq!(skipped(&scan), [("README.md", SkipReason::Deleted)]);
    assert_eq!(scan.not_read(), ["1 tracked file not in the work tree: README.md"]);
    fs::remove_file(repository.path().join("src/lib.rs")).unwrap();
    let nothing = try_scan(&repository, &ScanOptions::default()).unwrap_err();
    assert_eq!(nothing.code(), "DISCOVERY_NOTHING_CHECKED_OUT");
}

#[test]
fn what_is_cut_is_named() {
    let repository = shapes::complete();
    let whole = scanned(&repository);
    assert_eq!((whole.not_read(), whole.cuts), (Vec::new(), Vec::new()));
    for at in 0..25 {
        repository.write(&format!("src/b{at:02}.c"), "int a_long_name_that_is_over_the_limit;\n");
    }
    repository.write("data.json", "1".repeat(50));
    symlink("data.json", repository.path().join("link")).unwrap();
    repository.git(&["add", "--all"]);
    let options = ScanOptions { max_file_bytes: 30, ..ScanOptions::default() };
    let scan = try_scan(&repository, &options).unwrap();
    assert_eq!(
        scan.not_read(),
        ["1 symbolic link not followed: link", "1 file over the size limit, not read: data.json"]
    );
    let [cut] = &*scan.cuts else { panic!("{:?}", scan.cuts) };
    assert!(cut.starts_with("25 files of code over the size limit, not read: src/b00.c, src/b01.c, "), "{cut}");
    assert!(cut.ends_with(", src/b19.c, 5 more"), "{cut}");
    let few = try_scan(&repository, &ScanOptions { max_files: 2, ..ScanOptions::default() }).unwrap();
    assert!(few.cuts.iter().any(|cut| cut.contains("beyond the limit on files")), "{:?}", few.cuts);
}

#[test]
fn a_git_repository_whose_rules_hide_everything_is_refused_with_the_rule() {
    let repository = GitRepository::empty();
    repository.write("a.py", "x = 1\n");
    repository.write(".gitignore", "*\n");
    let refused = try_scan(&repository, &ScanOptions::default()).unwrap_err();
    assert_eq!(refused.code(), "DISCOVERY_EVERYTHING_IGNORED");
    assert!(refused.to_string().contains(".gitignore:1 `*`"), "{refused}");
    repository.write(".gitignore", "*.o\n");
    let scan = scanned(&repository);
    assert_eq!(scan.not_read(), ["git tracks nothing here: 2 files that are not tracked are left out until `git add`"]);
}

#[test]
fn abuse_30_links_and_special_files_are_skipped_with_their_reason() {
    for repository in [GitRepository::folder(), GitRepository::empty()] {
        let at = |name: &str| repository.path().join(name);
        repository.write("a.rs", "");
        symlink("/etc/passwd", at("out")).unwrap();
        symlink("/etc", at("folder")).unwrap();
        symlink("loop", at("loop")).unwrap();
        if at(".git").exists() {
            repository.write("pipe", "");
            repository.git(&["add", "--all"]);
            fs::remove_file(at("pipe")).unwrap();
        }
        rustix::fs::mknodat(
            rustix::fs::CWD,
            at("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        let scan = scanned(&repository);
        assert_eq!(paths(&scan), ["a.rs"]);
        assert_eq!(
            skipped(&scan),
            [
                ("folder", SkipReason::Symlink),
                ("loop", SkipReason::Symlink),
                ("out", SkipReason::Symlink),
                ("pipe", SkipReason::SpecialFile),
            ]
        );
    }
}

#[test]
fn abuse_31_odd_names_are_scanned_as_safe_text() {
    let mut repository = GitRepository::empty();
    repository.write("new\nline\r.rs", "");
    repository.write("right\u{202e}left.rs", "");
    repository.commit("odd");
    let scan = scanned(&repository);
    assert_eq!(paths(&scan), ["new\\nline\\r.rs", "right\\u{202e}left.rs"]);
    assert!(scan.files.iter().all(|file| file.parsed == Some(Language::Rust)));
}

#[test]
fn abuse_32_a_scan_runs_nothing() {
    let trap = Trap::set();
    trap.prove();
    scanned(&trap.repository);
    assert!(!trap.has_sprung());
}

#[test]
fn abuse_35_large_files_are_listed_with_their_size_and_not_read() {
    let repository = GitRepository::with_files(&[("line.js", ""), ("sparse.c", ""), ("small.c", "")]);
    for (name, size) in [("line.js", 50 << 20), ("sparse.c", 2 << 30)] {
        fs::OpenOptions::new().write(true).open(repository.path().join(name)).unwrap().set_len(size).unwrap();
    }
    let scan = scanned(&repository);
    assert_eq!(paths(&scan), ["small.c"]);
    let large = |path: &str, size| Skipped { path: path.into(), reason: SkipReason::TooLarge, size: Some(size) };
    assert_eq!(scan.skipped, [large("line.js", 50 << 20), large("sparse.c", 2 << 30)]);
}

#[test]
fn abuse_35_files_beyond_the_limit_are_counted_and_listed() {
    let repository = GitRepository::with_files(&[("a.rs", ""), ("b/c.rs", ""), ("d.rs", ""), ("e.rs", "")]);
    let scan = try_scan(&repository, &ScanOptions { max_files: 2, ..ScanOptions::default() }).unwrap();
    assert_eq!(paths(&scan), ["a.rs", "b/c.rs"]);
    assert_eq!(scan.skipped_counts[&SkipReason::TooMany], 2);
    assert_eq!(scan.cuts, ["2 files beyond the limit on files, not read: d.rs, e.rs"]);
}

#[test]
fn abuse_35_what_is_skipped_is_counted_in_full_and_listed_in_part() {
    let folder = GitRepository::folder();
    folder.write("a.rs", "");
    for index in 0..250 {
        symlink("a.rs", folder.path().join(format!("link-{index:03}"))).unwrap();
    }
    let scan = scanned(&folder);
    assert_eq!(scan.skipped_counts[&SkipReason::Symlink], 250);
    assert_eq!(scan.skipped.len(), 100);
    assert_eq!(&*scan.skipped[99].path, "link-099", "the first by name, whatever the order on disk");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = GitRepository::folder();
    for index in 0..300 {
        folder.write(&format!("d{}/e{}/f{index}.rs", index % 7, index % 3), "");
    }
    folder.write(".gitignore", "f1*.rs\n");
    let scan = |threads| {
        let scan = try_scan(&folder, &ScanOptions { threads, ..ScanOptions::default() }).unwrap();
        (scan.files, scan.skipped, scan.hidden_by)
    };
    let one = scan(1);
    assert_eq!(one.0.len(), 190);
    for threads in [2, 5] {
        assert_eq!(scan(threads), one);
    }
}
