//! Files of changes' workspaces, written beside Codexa's own: what a transaction may reach, and what a hostile repository may
//! make it reach.

#![allow(clippy::unwrap_used, reason = "a test's helper fails the test at once")]

use codexa_project::lock::Lock;
use codexa_project::write::{Outcome, Transaction};
use codexa_project::{Project, ProjectError};
use codexa_testkit::GitRepository;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

const SPEC: &str = "changes/CH-001/spec.md";

fn acquire(path: &Path) -> Result<Lock, ProjectError> {
    Lock::acquire(&Project::open(path)?, "test", Duration::ZERO, |_| {}, || false)
}

fn put(path: &Path, file: &str) -> Result<Outcome, ProjectError> {
    let lock = acquire(path)?;
    let mut transaction = Transaction::new(&lock);
    transaction.put(file, "new");
    transaction.commit(|| false)
}

/// What somebody left in `.codexa/state/transaction/`.
fn journal(repository: &GitRepository, name: &str, path: &str) {
    let swap = serde_json::json!({"path": path, "is_put": true, "is_kept": true});
    repository.write(&format!(".codexa/state/transaction/{name}"), serde_json::json!({"swaps": [swap]}).to_string());
    for staged in ["new-0", "old-0"] {
        repository.write(&format!(".codexa/state/transaction/{staged}"), "hostile");
    }
}

#[test]
fn a_workspace_is_made_with_its_folders_and_goes_with_its_last_file() {
    let folder = GitRepository::folder();
    assert_eq!(put(folder.path(), SPEC).unwrap().written, [SPEC]);
    assert_eq!(folder.read(SPEC), "new");
    let lock = acquire(folder.path()).unwrap();
    let mut transaction = Transaction::new(&lock);
    transaction.remove(SPEC);
    assert_eq!(transaction.commit(|| false).unwrap().removed, [SPEC]);
    assert!(folder.path().join("changes").exists() && !folder.path().join("changes/CH-001").exists());
}

#[test]
fn of_changes_only_workspaces_are_written() {
    let folder = GitRepository::folder();
    for path in [
        "changes/README.md",
        "changes/CH-001",
        "changes/CH-/spec.md",
        "changes/CH-01a/spec.md",
        "changes/CH-001/../../src/main.rs",
        "changes/CH-001/.git/config",
        "changes/CH-001/",
        "changes/ch-001/spec.md",
        "x/changes/CH-001/spec.md",
        "changesCH-001/spec.md",
    ] {
        assert_eq!(put(folder.path(), path).unwrap_err().code(), "PROJECT_UNSAFE_PATH", "{path}");
    }
    assert!(!folder.path().join("changes").exists(), "nothing is left of them");
}

#[test]
fn abuse_30_a_workspace_that_leads_elsewhere_is_not_written() {
    let outside = GitRepository::folder();
    outside.write("CH-001/spec.md", "as it was");
    let link = |at: &str, to: &Path| {
        let folder = GitRepository::folder();
        let at = folder.path().join(at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(to, at).unwrap();
        folder
    };
    let pipe = GitRepository::folder();
    fs::create_dir_all(pipe.path().join("changes/CH-001")).unwrap();
    mknodat(CWD, pipe.path().join(SPEC), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    let file = GitRepository::folder();
    file.write("changes", "a file");
    for folder in [
        link("changes", outside.path()),
        link("changes/CH-001", &outside.path().join("CH-001")),
        link(SPEC, &outside.path().join("CH-001/spec.md")),
        pipe,
        file,
    ] {
        let error = put(folder.path(), SPEC).unwrap_err();
        assert_eq!(error.code(), "PROJECT_UNSAFE_PATH", "{error}");
        assert!(!folder.path().join(".codexa/state/transaction").exists(), "the stage is cleared away");
    }
    assert_eq!(outside.read("CH-001/spec.md"), "as it was");
    assert_eq!(fs::read_dir(outside.path().join("CH-001")).unwrap().count(), 1);
}

#[test]
fn abuse_31_a_journal_that_came_with_the_repository_writes_nothing_through_an_escaped_slash() {
    // To who splits the text at its slashes, `link\x2fvictim` is one part; to the system it would be two.
    let outside = GitRepository::folder();
    outside.write("victim", "as it was");
    for (at, path) in [
        (".codexa/link", r".codexa/link\x2fvictim"),
        (".codexa/link", r".codexa/link\u{2f}victim"),
        ("changes/CH-001/link", r"changes/CH-001/link\x2fvictim"),
    ] {
        for name in ["redo.json", "undo.json"] {
            let repository = GitRepository::folder();
            journal(&repository, name, path);
            let at = repository.path().join(at);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            symlink(outside.path(), at).unwrap();
            drop(acquire(repository.path()).unwrap());
            assert_eq!(outside.read("victim"), "as it was", "{name}: {path}");
        }
        assert_eq!(put(GitRepository::folder().path(), path).unwrap_err().code(), "PROJECT_UNSAFE_PATH", "{path}");
    }
}

#[test]
fn abuse_31_what_codexa_keeps_for_itself_is_not_reached_by_another_spelling() {
    let folder = GitRepository::folder();
    for path in [r".codexa/\x73tate/lock", r".codexa/st\u{61}te/transaction/redo.json", r".codexa\x2fstate/lock"] {
        assert_eq!(put(folder.path(), path).unwrap_err().code(), "PROJECT_UNSAFE_PATH", "{path}");
    }
}

#[test]
fn abuse_30_a_journal_that_came_with_the_repository_stays_in_its_workspaces() {
    let outside = GitRepository::folder();
    outside.write("spec.md", "as it was");
    for name in ["redo.json", "undo.json"] {
        let sources = GitRepository::with_files(&[("changes/README.md", "as it was")]);
        journal(&sources, name, "changes/README.md");
        drop(acquire(sources.path()).unwrap());
        assert_eq!(sources.read("changes/README.md"), "as it was");

        let linked = GitRepository::folder();
        journal(&linked, name, SPEC);
        fs::create_dir(linked.path().join("changes")).unwrap();
        symlink(outside.path(), linked.path().join("changes/CH-001")).unwrap();
        // It is left where it is and named: whoever put the link there meant something by it.
        assert_eq!(acquire(linked.path()).unwrap_err().code(), "PROJECT_UNSAFE_PATH");
        assert_eq!(outside.read("spec.md"), "as it was");
    }
}

#[test]
fn abuse_30_a_folder_swapped_for_a_link_before_the_commit_leads_nowhere() {
    let outside = GitRepository::folder();
    for swapped in ["changes", ".codexa"] {
        let folder = GitRepository::folder();
        fs::create_dir(folder.path().join("changes")).unwrap();
        let lock = acquire(folder.path()).unwrap();
        let mut transaction = Transaction::new(&lock);
        transaction.put(SPEC, "new");
        transaction.put(".codexa/manifests/a", "new");
        fs::rename(folder.path().join(swapped), folder.beside("away")).unwrap();
        symlink(outside.path(), folder.path().join(swapped)).unwrap();
        let error = transaction.commit(|| false).unwrap_err();
        assert!(["PROJECT_UNSAFE_PATH", "PROJECT_LOCK_LOST"].contains(&error.code()), "{swapped}: {error}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{swapped}");
    }
}
