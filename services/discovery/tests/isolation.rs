//! A file that hangs, crashes or explodes its parser costs one labelled entry and nothing else.

#![cfg(test)]

use codexa_discovery::engine::{Mode, Report, Request, Silent, discover};
use codexa_discovery::record::Unread;
use codexa_discovery::workers::Confinement;
use codexa_testkit::GitRepository;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// The example that stands beside this test's executable.
fn faulty_worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let worker = folder.join("examples").join("faulty_worker");
    assert!(worker.exists(), "{} is built with the tests", worker.display());
    worker
}

fn request(repository: &GitRepository) -> Request {
    Request {
        root: repository.path().to_path_buf(),
        name: "probe".to_owned(),
        mode: Mode::Deep,
        focus: Vec::new(),
        skip: Vec::new(),
        generated: Vec::new(),
        vendored: Vec::new(),
        context: Vec::new(),
        control_plane: None,
        coverage: Vec::new(),
        no_ignore: false,
        budget: None,
        threads: 2,
        max_files: 1_000_000,
        max_commits: 50_000,
        max_file_bytes: 1 << 20,
        max_depth: 1_000,
        max_nodes: 1_000_000,
        parse_timeout: Duration::from_millis(1_500),
        worker_memory: 512 << 20,
        patience: Duration::from_secs(5),
        worker: vec![faulty_worker().into_os_string()],
        configuration: Vec::new(),
        config: None,
    }
}

fn run(repository: &GitRepository) -> Report {
    discover(&request(repository), &AtomicBool::new(false), &Silent).unwrap()
}

/// Twelve good files around the bad one.
fn repository(bad: &str) -> GitRepository {
    let files: Vec<(String, String)> =
        (0..12).map(|n| (format!("src/good_{n}.py"), format!("def good_{n}():\n    pass\n"))).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push((bad, "def bad():\n    pass\n"));
    GitRepository::with_files(&all)
}

fn unread(report: &Report) -> Vec<(&str, Unread)> {
    report.model.files.iter().filter_map(|file| Some((&*file.path, file.unread?))).collect()
}

fn parsed(report: &Report) -> usize {
    report.model.files.iter().filter(|file| file.parsed.is_some()).count()
}

#[test]
fn abuse_34_a_file_that_hangs_the_parser_is_stopped_and_labelled() {
    let report = run(&repository("src/hang.py"));
    assert_eq!(unread(&report), [("src/hang.py", Unread::TimedOut)]);
    assert_eq!(parsed(&report), 12);
    assert!(!report.model.run.reproducible);
    assert!(!report.model.partial_because().is_empty());
}

#[test]
fn a_file_that_crashes_the_parser_costs_itself_alone() {
    let report = run(&repository("src/crash.py"));
    assert_eq!(unread(&report), [("src/crash.py", Unread::Crashed)]);
    assert_eq!(parsed(&report), 12);
}

#[test]
fn abuse_35_a_file_that_takes_all_memory_ends_its_worker_at_the_limit() {
    let report = run(&repository("src/explode.py"));
    assert_eq!(unread(&report), [("src/explode.py", Unread::Crashed)]);
    assert_eq!(parsed(&report), 12);
}

/// The faulty worker aborts on that file where everything it tries is denied.
#[test]
fn a_worker_may_neither_write_files_nor_run_programs_nor_use_tcp() {
    if Confinement::of_this_kernel() == Confinement::None {
        eprintln!("not tried: this kernel has no Landlock");
        return;
    }
    let report = run(&repository("src/contained.py"));
    assert_eq!(unread(&report), [("src/contained.py", Unread::Crashed)], "something was allowed");
    assert_eq!(parsed(&report), 12);
}

#[test]
fn what_a_fault_kept_from_being_read_has_its_turn_in_the_next_run() {
    let repository = repository("src/crash.py");
    assert_eq!(run(&repository).iteration.read, 13);
    assert_eq!(run(&repository).iteration.read, 1);
}

#[test]
fn a_worker_that_is_none_is_an_error_and_not_a_folder_of_unread_files() {
    let repository = repository("src/x.py");
    let mut request = request(&repository);
    request.worker = vec!["/bin/true".into()];
    let error = discover(&request, &AtomicBool::new(false), &Silent).unwrap_err();
    assert_eq!(error.code(), "DISCOVERY_WORKERS");
    assert!(!repository.path().join(".codexa/manifests").exists());
}
