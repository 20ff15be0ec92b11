use crate::soon::soon;
use codexa_chassis::shutdown::{Drained, Shutdown, drain};
use codexa_testkit::child;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

#[tokio::test]
async fn everyone_hears_of_a_request() {
    let shutdown = Shutdown::new();
    let (parts, alone) = ([shutdown.clone(), shutdown.child()], shutdown.child());
    alone.request();
    assert!(alone.is_requested() && !shutdown.is_requested(), "a child stops alone");
    let waiting = tokio::spawn(shutdown.requested());
    assert!(!waiting.is_finished());
    shutdown.request();
    shutdown.request();
    soon(waiting).await.expect("no panic");
    for part in parts {
        soon(part.requested()).await;
        assert!(part.is_requested());
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_has_an_end() {
    let mut tasks = JoinSet::new();
    for seconds in [1, 4, 6, 3600] {
        tasks.spawn(sleep(Duration::from_secs(seconds)));
    }
    tasks.spawn(async { panic!("one that panics") });
    let begun = Instant::now();
    let drained = drain(tasks, Duration::from_secs(5)).await;
    assert_eq!(drained, Drained { ended: 2, panicked: 1, aborted: 2 });
    assert_eq!(begun.elapsed(), Duration::from_secs(5));

    let mut tasks = JoinSet::new();
    tasks.spawn(sleep(Duration::from_secs(1)));
    let begun = Instant::now();
    assert_eq!(drain(tasks, Duration::from_secs(3600)).await, Drained { ended: 1, ..Drained::default() });
    assert_eq!(begun.elapsed(), Duration::from_secs(1), "no longer than it takes");
}

/// The first signal asks, the second ends the process by that signal, as a shell expects it.
#[test]
fn the_second_signal_ends_the_process() {
    const NAME: &str = "shutdown::the_second_signal_ends_the_process";
    if child::role().is_some() {
        return stubborn();
    }
    for (first, second) in [(Signal::TERM, Signal::INT), (Signal::INT, Signal::TERM)] {
        let mut process = child::again(NAME, Path::new("stubborn")).spawn().expect("a child");
        let pid = Pid::from_child(&process);
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let mut wait_for = |word: &str| assert!(lines.any(|line| line.is_ok_and(|line| line.contains(word))), "{word}");
        wait_for("listening");
        kill_process(pid, first).expect("signalled");
        wait_for("asked to stop");
        kill_process(pid, second).expect("signalled");
        let status = process.wait().expect("it ended");
        assert_eq!(status.signal(), Some(second.as_raw()), "{status:?}");
    }
}

/// Hears that it is to stop, and does not.
fn stubborn() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let shutdown = Shutdown::new();
        shutdown.on_signals().expect("listening");
        println!("listening");
        shutdown.requested().await;
        println!("asked to stop");
        std::future::pending::<()>().await;
    });
}
