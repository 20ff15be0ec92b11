//! Tracked files are written all or not at all, by one writer at a time.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helper fails the test at once"
)]

use codexa_project::lock::Lock;
use codexa_project::write::{Outcome, Transaction};
use codexa_project::{Project, ProjectError};
use codexa_testkit::{GitRepository, child};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn acquire(path: &Path) -> Result<Lock, ProjectError> {
    Lock::acquire(&Project::open(path).unwrap(), "test", Duration::ZERO, |_| {}, || false)
}

fn write(path: &Path, files: &[(&str, &str)]) -> Result<Outcome, ProjectError> {
    let lock = acquire(path)?;
    let mut transaction = Transaction::new(&lock);
    transaction.sweep(".codexa/manifests");
    for (path, content) in files {
        transaction.put(*path, *content);
    }
    transaction.commit(|| false)
}

/// Every file beneath `.codexa/manifests/` with its content.
fn manifests(path: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut pending = vec![path.join(".codexa/manifests")];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(path.join(".codexa/manifests")).unwrap().display().to_string();
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    files
}

#[test]
fn files_are_written_swept_and_left_alone() {
    let folder = GitRepository::folder();
    let outcome = write(folder.path(), &[(".codexa/manifests/a", "1"), (".codexa/manifests/deep/er/b", "1")]).unwrap();
    assert_eq!(outcome.written, [".codexa/manifests/a", ".codexa/manifests/deep/er/b"]);

    let stamp = || {
        let metadata = fs::metadata(folder.path().join(".codexa/manifests/a")).unwrap();
        (metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.ctime_nsec())
    };
    let before = stamp();
    let outcome = write(folder.path(), &[(".codexa/manifests/a", "1"), (".codexa/manifests/c", "2")]).unwrap();
    assert_eq!(outcome.written, [".codexa/manifests/c"]);
    assert_eq!(outcome.removed, [".codexa/manifests/deep/er/b"]);
    assert_eq!(outcome.unchanged, 1);
    assert_eq!(stamp(), before, "an unchanged file is not touched");
    assert!(!folder.path().join(".codexa/manifests/deep").exists(), "empty folders go");
    assert!(!folder.path().join(".codexa/state/transaction").exists());
}

#[test]
fn abuse_35_a_stale_file_goes_without_being_read() {
    let folder = GitRepository::folder();
    let stale = folder.write(".codexa/manifests/stale", "");
    // More than any memory: who reads it, or makes room for it, does not come back.
    fs::OpenOptions::new().write(true).open(&stale).unwrap().set_len(1 << 43).unwrap();
    let outcome = write(folder.path(), &[(".codexa/manifests/a", "1")]).unwrap();
    assert_eq!(outcome.removed, [".codexa/manifests/stale"]);
    assert!(!stale.exists());
}

#[test]
fn what_codexa_keeps_in_a_project_is_invisible_to_git() {
    let repository = GitRepository::with_files(&[("a", "")]);
    let lock = acquire(repository.path()).unwrap();
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    drop(lock);
}

#[test]
fn a_cancelled_commit_changes_nothing() {
    let folder = GitRepository::folder();
    write(folder.path(), &[(".codexa/manifests/a", "old")]).unwrap();
    let lock = acquire(folder.path()).unwrap();
    for patience in 0..3 {
        let mut transaction = Transaction::new(&lock);
        transaction.put(".codexa/manifests/a", "new");
        transaction.put(".codexa/manifests/b/c", "new");
        let asked = std::cell::Cell::new(0);
        let error = transaction
            .commit(|| {
                asked.set(asked.get() + 1);
                asked.get() > patience
            })
            .unwrap_err();
        assert_eq!(error.code(), "PROJECT_CANCELLED");
        assert_eq!(manifests(folder.path()), [("a".to_owned(), "old".to_owned())].into());
        assert!(!folder.path().join(".codexa/manifests/b").exists());
    }
}

#[test]
fn only_codexa_s_own_paths_are_written() {
    let folder = GitRepository::folder();
    let lock = acquire(folder.path()).unwrap();
    for path in
        ["src/main.rs", ".codexa/../x", "/etc/x", ".codexa/state/x", ".codexa", ".codexa/a/.git/config", ".codexax/a"]
    {
        let mut transaction = Transaction::new(&lock);
        transaction.put(path, "x");
        assert_eq!(transaction.commit(|| false).unwrap_err().code(), "PROJECT_UNSAFE_PATH", "{path}");
    }
}

#[test]
fn abuse_30_nothing_is_written_through_a_link() {
    let outside = GitRepository::folder();
    outside.write("victim", "as it was");
    let link = |at: &str, to: &Path| {
        let folder = GitRepository::folder();
        let at = folder.path().join(at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(to, at).unwrap();
        folder
    };
    let victim = outside.path().join("victim");
    for folder in [
        link(".codexa", outside.path()),
        link(".codexa/manifests", outside.path()),
        link(".codexa/state", outside.path()),
        link(".codexa/state/lock", &victim),
        link(".codexa/state/transaction", outside.path()),
        link(".codexa/manifests/victim", &victim),
    ] {
        let error = write(folder.path(), &[(".codexa/manifests/victim", "overwritten")]).unwrap_err();
        assert_eq!(error.code(), "PROJECT_UNSAFE_PATH", "{error}");
    }
    assert_eq!(outside.read("victim"), "as it was");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn a_journal_that_came_with_the_repository_cannot_reach_its_sources() {
    let repository = GitRepository::with_files(&[("src/main.rs", "fn main() {}\n")]);
    repository.write(
        ".codexa/state/transaction/redo.json",
        r#"{"swaps":[{"path":"src/main.rs","is_put":false,"is_kept":false}]}"#,
    );
    drop(acquire(repository.path()).unwrap());
    assert!(!repository.path().join(".codexa/state/transaction").exists());
    assert_eq!(repository.read("src/main.rs"), "fn main() {}\n");
}

#[test]
fn abuse_31_folders_in_the_place_of_a_transaction_are_cleared_away() {
    let mut repository = GitRepository::with_files(&[("victim/file", "as it was")]);
    let stage = repository.path().join(".codexa/state/transaction");
    repository.write(".codexa/manifests/folder/file", "as it was");
    repository.write(".codexa/state/transaction/sub/f", "x");
    repository.write(".codexa/state/transaction/sub/new\nline/deeper/f", "x");
    repository.write(".codexa/state/transaction/redo.json/f", "x");
    repository.write(".codexa/state/transaction/new-0/f", "x");
    repository.write(
        ".codexa/state/transaction/undo.json",
        r#"{"swaps":[{"path":".codexa/manifests/folder","is_put":false,"is_kept":false}]}"#,
    );
    symlink("../../../../victim", stage.join("sub/link")).unwrap();
    repository.commit("a stage");
    drop(acquire(repository.path()).unwrap());
    assert!(!stage.exists());
    assert_eq!(repository.read("victim/file"), "as it was");
    assert_eq!(repository.read(".codexa/manifests/folder/file"), "as it was");
}

#[test]
fn abuse_35_folders_without_end_in_the_place_of_a_transaction_are_named() {
    let folder = GitRepository::folder();
    folder.write(&format!(".codexa/state/transaction/{}f", "d/".repeat(1_000)), "x");
    let error = acquire(folder.path()).unwrap_err();
    assert_eq!(error.code(), "PROJECT_WRITE_FAILED");
    assert!(error.to_string().contains(".codexa/state/transaction/d/d/d/"), "{error}");
}

#[test]
fn a_failure_names_the_path_that_it_struck() {
    let of = |at: &str| {
        let folder = GitRepository::folder();
        fs::create_dir_all(folder.path().join(at)).unwrap();
        let error = write(folder.path(), &[(".codexa/manifests/a/b", "1")]).unwrap_err().to_string();
        error.replace(&folder.path().display().to_string(), "")
    };
    for at in ["/.codexa/manifests/a/b", "/.codexa/state/lock"] {
        assert!(of(at.trim_start_matches('/')).starts_with(&format!("{at} ")), "{}", of(at.trim_start_matches('/')));
    }
    for file in [".codexa/manifests", ".codexa/manifests/a", ".codexa/state/transaction", ".codexa/state"] {
        let folder = GitRepository::folder();
        let at = folder.write(file, "a file");
        let error = write(folder.path(), &[(".codexa/manifests/a/b", "1")]).unwrap_err();
        assert_eq!(error.code(), "PROJECT_UNSAFE_PATH", "{file}");
        assert!(error.to_string().starts_with(&format!("{} ", at.display())), "{error}");
    }
}

#[test]
fn the_second_writer_learns_who_is_first() {
    let folder = GitRepository::folder();
    let lock = acquire(folder.path()).unwrap();
    let mut told = None;
    let project = Project::open(folder.path()).unwrap();
    let error =
        Lock::acquire(&project, "second", Duration::from_millis(1), |holder| told = Some(holder.clone()), || false)
            .unwrap_err();
    let ProjectError::Locked { holder, .. } = &error else { panic!("{error}") };
    assert_eq!((holder.pid, holder.what.as_str()), (std::process::id(), "test"));
    assert_eq!(told.as_ref(), Some(holder));
    assert_eq!(error.code(), "PROJECT_LOCKED");
    assert!(error.to_string().contains(&format!("`test` (process {}", std::process::id())), "{error}");
    drop(lock);
    acquire(folder.path()).unwrap();
}

#[test]
fn the_second_writer_waits_for_the_first() {
    let folder = GitRepository::folder();
    let first = acquire(folder.path()).unwrap();
    let project = Project::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        let (told, hears) = std::sync::mpsc::channel();
        let second = scope.spawn(move || {
            Lock::acquire(&project, "second", Duration::from_secs(60), |_| told.send(()).unwrap(), || false).map(|_| ())
        });
        hears.recv().unwrap();
        drop(first);
        second.join().unwrap().unwrap();
    });
}

#[test]
fn who_waits_for_a_lock_can_be_stopped() {
    let folder = GitRepository::folder();
    let first = acquire(folder.path()).unwrap();
    let project = Project::open(folder.path()).unwrap();
    let is_stopped = std::cell::Cell::new(false);
    let waits = Duration::from_secs(3_600);
    let error = Lock::acquire(&project, "second", waits, |_| is_stopped.set(true), || is_stopped.get()).unwrap_err();
    assert_eq!(error.code(), "PROJECT_CANCELLED");
    drop(first);
    acquire(folder.path()).unwrap();
}

#[test]
fn a_writer_whose_lock_was_removed_does_not_commit() {
    // A commit of two files asks three times whether it is stopped: before each is staged, and before it decides.
    for (removed, step) in [".codexa/state/lock", ".codexa/state"].iter().flat_map(|at| [(at, 1), (at, 2), (at, 3)]) {
        let folder = GitRepository::folder();
        write(folder.path(), &[(".codexa/manifests/a", "old")]).unwrap();
        let first = acquire(folder.path()).unwrap();
        let mut late = Transaction::new(&first);
        late.put(".codexa/manifests/a", "first");
        late.put(".codexa/manifests/made/here", "first");
        let (asked, second) = (std::cell::Cell::new(0), std::cell::Cell::new(None));
        let error = late
            .commit(|| {
                asked.set(asked.get() + 1);
                if asked.get() == step {
                    // As `git clean -fdx` does.
                    let at = folder.path().join(removed);
                    if at.is_dir() {
                        fs::remove_dir_all(&at).unwrap()
                    } else {
                        fs::remove_file(&at).unwrap()
                    }
                    second.set(Some(acquire(folder.path()).unwrap()));
                }
                false
            })
            .unwrap_err();
        assert_eq!(error.code(), "PROJECT_LOCK_LOST", "{error}");
        assert_eq!(manifests(folder.path()), [("a".to_owned(), "old".to_owned())].into());
        let second = second.take().unwrap();
        let mut transaction = Transaction::new(&second);
        transaction.put(".codexa/manifests/a", "second");
        transaction.commit(|| false).unwrap();
        assert_eq!(manifests(folder.path()), [("a".to_owned(), "second".to_owned())].into());
    }
}

#[test]
fn a_writer_whose_lock_was_removed_before_it_stages_disturbs_nobody() {
    let folder = GitRepository::folder();
    let first = acquire(folder.path()).unwrap();
    fs::remove_file(folder.path().join(".codexa/state/lock")).unwrap();
    let second = acquire(folder.path()).unwrap();
    let (mut early, mut late) = (Transaction::new(&second), Transaction::new(&first));
    early.put(".codexa/manifests/a", "second");
    late.put(".codexa/manifests/a", "first, and longer");
    let late = std::cell::Cell::new(Some(late));
    let commit_late = || late.take().map(|late| late.commit(|| false).unwrap_err().code());
    let asked = std::cell::Cell::new(0);
    early
        .commit(|| {
            asked.set(asked.get() + 1);
            // What is to be decided on was staged.
            if asked.get() == 2 {
                assert_eq!(commit_late(), Some("PROJECT_LOCK_LOST"));
            }
            false
        })
        .unwrap();
    assert_eq!(manifests(folder.path()), [("a".to_owned(), "second".to_owned())].into());
}

#[test]
fn a_writer_alone_whose_lock_was_removed_says_so() {
    for (removed, step) in [(".codexa", 1), (".codexa/state/lock", 1), (".codexa/state/lock", 2)] {
        let folder = GitRepository::folder();
        let lock = acquire(folder.path()).unwrap();
        let mut transaction = Transaction::new(&lock);
        transaction.put(".codexa/manifests/a", "new");
        let asked = std::cell::Cell::new(0);
        let error = transaction
            .commit(|| {
                asked.set(asked.get() + 1);
                if asked.get() == step {
                    let at = folder.path().join(removed);
                    if at.is_dir() { fs::remove_dir_all(&at).unwrap() } else { fs::remove_file(&at).unwrap() }
                }
                false
            })
            .unwrap_err();
        assert_eq!(error.code(), "PROJECT_LOCK_LOST");
        assert_eq!(manifests(folder.path()), BTreeMap::new());
    }
}

#[test]
fn a_lock_removed_while_one_waits_for_it_is_not_the_lock() {
    let folder = GitRepository::folder();
    let first = std::cell::Cell::new(Some(acquire(folder.path()).unwrap()));
    let project = Project::open(folder.path()).unwrap();
    let replaced = |_: &_| {
        fs::remove_file(folder.path().join(".codexa/state/lock")).unwrap();
        drop(first.take());
    };
    let second = Lock::acquire(&project, "second", Duration::from_secs(60), replaced, || false).unwrap();
    assert_eq!(acquire(folder.path()).unwrap_err().code(), "PROJECT_LOCKED");
    drop(second);
    acquire(folder.path()).unwrap();
}

const NAMES: [&str; 6] = ["a", "b", "c/d", "c/e", "f/g/h", "i"];

/// Writes generation after generation until it is killed; every other one has one file less.
fn write_for_ever(path: &Path) {
    for generation in 0.. {
        let content = format!("{generation}\n").repeat(200);
        let files: Vec<(String, &str)> = NAMES
            .iter()
            .take(if generation % 2 == 0 { 6 } else { 5 })
            .map(|name| (format!(".codexa/manifests/{name}"), content.as_str()))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (path.as_str(), *content)).collect();
        write(path, &files).unwrap();
        println!("wrote {generation}");
    }
}

#[test]
fn a_killed_writer_leaves_old_or_new_files_whole() {
    if let Some(path) = child::role() {
        return write_for_ever(Path::new(&path));
    }
    for round in 1..=12 {
        let folder = GitRepository::folder();
        let mut writer = child::again("a_killed_writer_leaves_old_or_new_files_whole", folder.path()).spawn().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let written = lines.map_while(Result::ok).filter(|line| line.starts_with("wrote")).take(round).count();
        assert_eq!(written, round, "the writer died by itself");
        writer.kill().unwrap();
        writer.wait().unwrap();
        drop(acquire(folder.path()).unwrap());
        let files = manifests(folder.path());
        let generation: usize = files["a"].lines().next().unwrap().parse().unwrap();
        assert!(generation + 1 >= round);
        assert_eq!(files.len(), if generation.is_multiple_of(2) { 6 } else { 5 });
        for content in files.values() {
            assert_eq!(*content, format!("{generation}\n").repeat(200));
        }
        assert!(!folder.path().join(".codexa/state/transaction").exists());
    }
}

/// Runs a test of this file as a child in which `script` has prepared the project's folder (`$1`), in a mount namespace.
/// Says whether the child passed: not where this machine allows no mount namespaces, as some containers do.
fn passes_in_namespace(test: &str, folder: &Path, script: &str) -> bool {
    let namespace: &[&str] =
        if rustix::process::geteuid().is_root() { &["--mount"] } else { &["--map-root-user", "--mount"] };
    let again = child::again(test, folder);
    let mut command = Command::new("unshare");
    command.args(namespace).args(["sh", "-ec", &format!("{script}; shift; exec \"$@\""), "sh"]).arg(folder);
    command.arg(again.get_program()).args(again.get_args());
    command.envs(again.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    print!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output.status.success()
}

#[test]
fn a_full_disk_leaves_the_files_as_they_were() {
    let test = "a_full_disk_leaves_the_files_as_they_were";
    if let Some(path) = child::role() {
        let path = Path::new(&path);
        write(path, &[(".codexa/manifests/a", "old"), (".codexa/manifests/b", "old")]).unwrap();
        let before = manifests(path);
        let huge = "x".repeat(2 << 20);
        let error = write(path, &[(".codexa/manifests/a", "new"), (".codexa/manifests/c/d", &huge)]).unwrap_err();
        assert_eq!(error.code(), "PROJECT_DISK_FULL");
        assert_eq!(manifests(path), before);
        assert!(!path.join(".codexa/manifests/c").exists());
        write(path, &[(".codexa/manifests/a", "new")]).unwrap();
        return;
    }
    let folder = GitRepository::folder();
    assert!(passes_in_namespace(test, folder.path(), "mount -t tmpfs -o size=1m tmpfs \"$1\""));
}

#[test]
fn a_read_only_project_says_so() {
    let test = "a_read_only_project_says_so";
    if let Some(path) = child::role() {
        let error = write(Path::new(&path), &[(".codexa/manifests/a", "new")]).unwrap_err();
        assert_eq!(error.code(), "PROJECT_READ_ONLY");
        return;
    }
    for has_files in [true, false] {
        let folder = GitRepository::folder();
        if has_files {
            write(folder.path(), &[(".codexa/manifests/a", "old")]).unwrap();
        }
        let script = "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"";
        assert!(passes_in_namespace(test, folder.path(), script));
        assert_eq!(manifests(folder.path()).len(), usize::from(has_files));
    }
}
