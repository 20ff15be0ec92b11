//! Workspaces of a repository that means harm: nothing outside is read or written, nothing is waited for.

use crate::{change, planner};
use codexa_planner::PlannerError;
use codexa_project::ProjectError;
use codexa_testkit::GitRepository;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

const SPEC: &str = "changes/CH-001/spec.md";
const STATUS: &str = "changes/CH-001/status.md";

/// A repository in which `at` is a link to `to`.
fn linked(at: &str, to: &Path) -> GitRepository {
    let repository = GitRepository::with_files(&[]);
    let at = repository.path().join(at);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    symlink(to, at).unwrap();
    repository
}

/// A repository in which `at` is a pipe that nobody writes to.
fn piped(at: &str) -> GitRepository {
    let repository = GitRepository::with_files(&[]);
    let at = repository.path().join(at);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    mknodat(CWD, at, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    repository
}

/// What comes of it, in a bounded time.
fn prepare(repository: &GitRepository) -> Result<Vec<String>, PlannerError> {
    let planner = planner(repository);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(planner.prepare(&change("CH-001", "x")).map(|prepared| prepared.made)));
    receiver.recv_timeout(Duration::from_secs(20)).expect("it does not hang")
}

#[test]
fn abuse_30_a_workspace_that_is_a_link_is_not_followed() {
    let outside = GitRepository::folder();
    outside.write("CH-001/spec.md", "theirs");
    for repository in [linked("changes", outside.path()), linked("changes/CH-001", &outside.path().join("CH-001"))] {
        let error = prepare(&repository).unwrap_err();
        assert!(matches!(error, PlannerError::Project(ProjectError::UnsafePath(_))), "{error}");
    }
    assert_eq!(outside.read("CH-001/spec.md"), "theirs");
    assert_eq!(fs::read_dir(outside.path().join("CH-001")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn abuse_30_a_file_that_is_a_link_or_a_pipe_is_somebody_s_and_left_alone() {
    let outside = GitRepository::folder();
    let victim = outside.write("victim", "theirs");
    let missing = outside.path().join("missing");
    for repository in [linked(SPEC, &victim), linked(SPEC, &missing), piped(SPEC)] {
        let made = prepare(&repository).unwrap();
        assert_eq!(made.len(), 5, "all others are made: {made:?}");
        assert!(!made.contains(&SPEC.to_owned()));
    }
    assert_eq!(outside.read("victim"), "theirs");
    assert!(!missing.exists());
}

#[test]
fn abuse_30_a_status_that_is_no_file_is_not_replaced() {
    let outside = GitRepository::folder();
    let victim = outside.write("victim", "theirs");
    let folder = GitRepository::with_files(&[]);
    folder.write(&format!("{STATUS}/file"), "theirs");
    for repository in [linked(STATUS, &victim), piped(STATUS), folder] {
        let error = prepare(&repository).unwrap_err();
        assert!(matches!(error, PlannerError::Project(_)), "{error}");
        assert!(!repository.path().join(SPEC).exists(), "all or nothing");
    }
    assert_eq!(outside.read("victim"), "theirs");
}
