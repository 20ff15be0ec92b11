//! A commit that ends between any two of its steps.

use super::{Outcome, Step, Transaction};
use crate::lock::Lock;
use crate::{Project, ProjectError};
use codexa_testkit::GitRepository;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

/// Content and stamps of every file in `.codexa/manifests/`.
type State = BTreeMap<String, (String, u64, i64)>;

const OLD: [(&str, &str); 4] = [("kept", "same"), ("changed", "old"), ("gone/away", "old"), ("other", "old")];
const NEW: [(&str, &str); 4] = [("kept", "same"), ("changed", "new"), ("made/here", "new"), ("other", "new")];

fn acquire(path: &Path) -> Lock {
    Lock::acquire(&Project::open(path).unwrap(), "test", Duration::ZERO, |_| {}, || false).unwrap()
}

fn commit(
    path: &Path,
    files: &[(&str, &str)],
    watch: &mut dyn FnMut(Step) -> io::Result<()>,
) -> Result<Outcome, ProjectError> {
    let lock = acquire(path);
    let mut transaction = Transaction::new(&lock);
    transaction.sweep(".codexa/manifests");
    for (name, content) in files {
        transaction.put(format!(".codexa/manifests/{name}"), *content);
    }
    transaction.commit_watched(watch)
}

fn state(path: &Path) -> State {
    let root = path.join(".codexa/manifests");
    let mut files = State::new();
    let mut pending = vec![root.clone()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
                continue;
            }
            let metadata = entry.metadata().unwrap();
            let name = entry.path().strip_prefix(&root).unwrap().display().to_string();
            let content = fs::read_to_string(entry.path()).unwrap();
            files.insert(name, (content, metadata.ino(), metadata.mtime_nsec()));
        }
    }
    files
}

fn contents(state: &State) -> Vec<(&str, &str)> {
    state.iter().map(|(name, (content, ..))| (name.as_str(), content.as_str())).collect()
}

fn sorted<'a>(files: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut files = files.to_vec();
    files.sort_unstable();
    files
}

/// A project with the old files.
fn old() -> GitRepository {
    let folder = GitRepository::folder();
    commit(folder.path(), &OLD, &mut |_| Ok(())).unwrap();
    folder
}

/// The steps of the commit that is tested, in order.
fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    commit(old().path(), &NEW, &mut |step| {
        steps.push(step);
        Ok(())
    })
    .unwrap();
    steps
}

#[test]
fn the_steps_are_those_that_the_module_describes() {
    use Step::{Clean, Decide, Finish, Stage, Swap};
    // Four files change: changed, gone/away, made/here, other.
    assert_eq!(
        steps(),
        [Stage(0), Stage(1), Stage(2), Stage(3), Decide, Swap(0), Swap(1), Swap(2), Swap(3), Finish, Clean]
    );
}

#[test]
fn a_failure_at_any_step_leaves_the_old_files_untouched() {
    for failing in steps().into_iter().filter(|step| *step != Step::Clean) {
        let folder = old();
        let before = state(folder.path());
        let error = commit(folder.path(), &NEW, &mut |step| {
            if step == failing { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        })
        .unwrap_err();
        assert_eq!(error.code(), "PROJECT_DISK_FULL");
        assert_eq!(state(folder.path()), before, "{failing:?}: content, inode and stamp");
        assert!(!folder.path().join(".codexa/state/transaction").exists(), "{failing:?}");
        assert!(!folder.path().join(".codexa/manifests/made").exists(), "{failing:?}");
        commit(folder.path(), &NEW, &mut |_| Ok(())).unwrap();
        assert_eq!(contents(&state(folder.path())), sorted(&NEW));
    }
}

#[test]
fn death_at_any_step_leaves_old_or_new_files_and_the_next_writer_completes() {
    for deadly in steps() {
        let folder = old();
        // A panic leaves everything as a killed process would: nothing is cleaned up on the way.
        let died = catch_unwind(AssertUnwindSafe(|| {
            commit(folder.path(), &NEW, &mut |step| if step == deadly { panic!("killed") } else { Ok(()) })
        }));
        assert!(died.is_err());
        let is_decided = !matches!(deadly, Step::Stage(_) | Step::Decide);
        if !is_decided {
            assert_eq!(contents(&state(folder.path())), sorted(&OLD), "{deadly:?}: before recovery");
        }
        for (content, ..) in state(folder.path()).values() {
            assert!(["same", "old", "new"].contains(&content.as_str()), "{deadly:?}: no file is torn");
        }
        drop(acquire(folder.path()));
        let expected = if is_decided { sorted(&NEW) } else { sorted(&OLD) };
        assert_eq!(contents(&state(folder.path())), expected, "{deadly:?}: after recovery");
        assert!(!folder.path().join(".codexa/state/transaction").exists(), "{deadly:?}");
    }
}

#[test]
fn death_while_undoing_is_undone_by_the_next_writer() {
    let folder = old();
    let before = state(folder.path());
    let died = catch_unwind(AssertUnwindSafe(|| {
        commit(folder.path(), &NEW, &mut |step| if step == Step::Swap(3) { panic!("killed") } else { Ok(()) })
    }));
    assert!(died.is_err());
    // As the failing writer does before it puts files back.
    let stage = folder.path().join(".codexa/state/transaction");
    fs::rename(stage.join("redo.json"), stage.join("undo.json")).unwrap();
    drop(acquire(folder.path()));
    assert_eq!(state(folder.path()), before);
}

#[test]
fn what_is_kept_stays_where_the_rest_is_swept() {
    let folder = old();
    let before = state(folder.path());
    let first = before.keys().next().unwrap();
    let lock = acquire(folder.path());
    let mut transaction = Transaction::new(&lock);
    transaction.sweep(".codexa/manifests");
    transaction.keep(format!(".codexa/manifests/{first}"));
    let outcome = transaction.commit(|| false).unwrap();
    assert_eq!((outcome.unchanged, outcome.written.len(), outcome.removed.len()), (1, 0, before.len() - 1));
    let after = state(folder.path());
    assert_eq!(after.into_iter().next(), before.into_iter().next());
}
