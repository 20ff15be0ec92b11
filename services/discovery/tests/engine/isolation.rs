//! A file that hangs, crashes or explodes its parser costs one labelled entry and nothing else.

use crate::request;
use codexa_discovery::engine::{Mode, Report, Request, Silent, discover};
use codexa_discovery::record::Unread;
use codexa_discovery::workers::Confinement;
use codexa_testkit::GitRepository;
use rustix::io::Errno;
use rustix::process::{WaitOptions, wait};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

fn run(repository: &GitRepository) -> Report {
    discover(&request(repository), &AtomicBool::new(false), &Silent).unwrap()
}

/// Twelve good files around the bad one, for which one worker is enough.
fn repository(bad: &str) -> GitRepository {
    around(bad, "")
}

/// The same with so much to read that there are two workers.
fn large_repository(bad: &str) -> GitRepository {
    around(bad, &"# one more line of words\n".repeat(400))
}

fn around(bad: &str, words: &str) -> GitRepository {
    let files: Vec<(String, String)> =
        (0..12).map(|n| (format!("src/good_{n}.py"), format!("def good_{n}():\n    pass\n{words}"))).collect();
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

/// As one is that the system keeps waiting: it gets the work that it may do, not the time.
#[test]
fn a_worker_that_is_late_without_having_worked_is_waited_for() {
    let report = run(&repository("src/late.py"));
    assert_eq!((unread(&report), parsed(&report)), (vec![], 13));
}

#[test]
fn a_worker_that_waits_for_good_is_ended() {
    let repository = repository("src/asleep.py");
    let request = Request { parse_timeout: Duration::from_millis(1), ..request(&repository) };
    let report = discover(&request, &AtomicBool::new(false), &Silent).unwrap();
    assert!(unread(&report).contains(&("src/asleep.py", Unread::TimedOut)), "{:?}", unread(&report));
}

#[test]
fn a_file_that_crashes_the_parser_costs_itself_alone() {
    for repository in [repository("src/crash.py"), large_repository("src/crash.py")] {
        let report = run(&repository);
        assert_eq!(unread(&report), [("src/crash.py", Unread::Crashed)]);
        assert_eq!(parsed(&report), 12);
    }
}

/// Where files are only counted, one thread looks after all workers.
#[test]
fn a_worker_that_hangs_or_crashes_holds_up_no_other_that_counts() {
    for (bad, why) in [("src/hang.py", Unread::TimedOut), ("src/crash.py", Unread::Crashed)] {
        let repository = large_repository(bad);
        let request = Request { mode: Mode::Quick, ..request(&repository) };
        let report = discover(&request, &AtomicBool::new(false), &Silent).unwrap();
        let unread = unread(&report).into_iter().filter(|(_, why)| *why != Unread::QuickMode);
        assert_eq!(unread.collect::<Vec<_>>(), [(bad, why)]);
        assert_eq!(report.model.files.iter().filter(|file| file.lines.comments == 400).count(), 12);
    }
}

#[test]
fn no_worker_is_left_after_a_run() {
    let _report = run(&large_repository("src/fine.py"));
    // Of children that ended and were not waited for there would be news. Each test has a process of its own.
    assert_eq!(wait(WaitOptions::NOHANG).unwrap_err(), Errno::CHILD);
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
