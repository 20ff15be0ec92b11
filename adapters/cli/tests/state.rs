//! What a run leaves under `.codexa/state/` and `.codexa/logs/`: nothing of it is trusted, and nothing leads out of the
//! project.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{World, codexa};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const FILES: &[(&str, &str)] =
    &[("a.py", "from b import there\n\n\ndef here():\n    return there()\n"), ("b.py", "def there():\n    return 1\n")];

fn discover(folder: &Path) {
    codexa(folder, &["discover"]).with_code(0);
}

/// The lines of `show symbols` with their measures.
fn symbols(folder: &Path) -> String {
    codexa(folder, &["show", "symbols", "--format", "json"]).with_code(0).stdout
}

#[test]
fn abuse_30_links_in_the_place_of_caches_lead_nowhere() {
    for name in
        ["symbols", "symbols.new", "model", "model.new", "records", "records.new", "changes", "intents", "intents.new"]
    {
        let repository = GitRepository::with_files(FILES);
        let outside = GitRepository::folder();
        let victim = outside.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let cache = repository.path().join(".codexa/state/cache");
        fs::create_dir_all(&cache).unwrap();
        symlink(&victim, cache.join(name)).unwrap();
        discover(repository.path());
        repository.write("b.py", "def there():\n    return 2\n\n\ndef more():\n    pass\n");
        discover(repository.path());
        assert!(symbols(repository.path()).contains("more"), "{name}");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious", "{name}");
    }
    let repository = GitRepository::with_files(FILES);
    let outside = GitRepository::folder();
    fs::create_dir_all(repository.path().join(".codexa/state")).unwrap();
    symlink(outside.path(), repository.path().join(".codexa/state/cache")).unwrap();
    discover(repository.path());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn abuse_30_a_file_with_a_second_name_is_not_written_to() {
    let repository = GitRepository::with_files(FILES);
    discover(repository.path());
    let cache = repository.path().join(".codexa/state/cache/symbols");
    let second = repository.path().join(".git/second");
    fs::hard_link(&cache, &second).unwrap();
    let before = fs::read(&second).unwrap();
    repository.write("b.py", "def other():\n    return 2\n");
    discover(repository.path());
    assert_eq!(fs::read(&second).unwrap(), before);
}

/// A disk that takes no byte, as far as a program can tell: the shell forbids it to write files.
#[test]
fn a_full_disk_leaves_no_empty_gitignore() {
    let repository = GitRepository::with_files(FILES);
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" discover";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_codexa")]).env_clear().current_dir(repository.path());
    let full = command.output().unwrap();
    assert_eq!(full.status.code(), Some(2), "{}", String::from_utf8_lossy(&full.stderr));
    assert!(!repository.path().join(".codexa/state/.gitignore").exists());
    discover(repository.path());
    assert_eq!(repository.read(".codexa/state/.gitignore"), "*\n");
}

#[test]
fn abuse_35_a_log_that_never_ends_is_refused() {
    let repository = GitRepository::with_files(FILES);
    let log = repository.path().join(".codexa/logs/iterations.jsonl");
    fs::create_dir_all(log.parent().unwrap()).unwrap();
    symlink("/dev/zero", &log).unwrap();
    let refused = codexa(repository.path(), &["discover"]);
    assert_eq!(refused.code, 2, "{}", refused.transcript());
    assert!(refused.stderr.contains("DISCOVERY_LOG_UNREADABLE"), "{}", refused.transcript());
    assert!(refused.stderr.contains("iterations.jsonl"), "{}", refused.transcript());
    assert!(!repository.path().join(".codexa/manifests").exists());
    fs::remove_file(&log).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &log, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
        .unwrap();
    assert_eq!(codexa(repository.path(), &["discover"]).code, 2, "a FIFO is not waited for");
    fs::remove_file(&log).unwrap();
    // FIFOs in the place of caches are not waited for either.
    let cache = repository.path().join(".codexa/state/cache");
    fs::create_dir_all(&cache).unwrap();
    for name in ["model", "records", "symbols"] {
        let at = cache.join(name);
        let _ = fs::remove_file(&at);
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &at, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    }
    assert!(codexa(repository.path(), &["status"]).stderr.contains("MODEL_NOT_FOUND"));
    discover(repository.path());
    assert_eq!(codexa(repository.path(), &["status"]).code, 0);
}

#[test]
fn a_cache_that_a_repository_brings_along_answers_nothing() {
    let repository = GitRepository::with_files(FILES);
    discover(repository.path());
    assert_eq!(codexa(repository.path(), &["status"]).code, 0);
    repository.git(&["add", "--all", "--force"]);
    repository.git(&["commit", "--quiet", "--message", "with its cache"]);
    let elsewhere = GitRepository::folder();
    let clone = elsewhere.path().join("clone");
    repository.git(&["clone", "--quiet", ".", &clone.to_string_lossy()]);
    assert!(clone.join(".codexa/state/cache/model").exists());
    let asked = codexa(&clone, &["status"]);
    assert!(asked.stderr.contains("MODEL_NOT_FOUND"), "{}", asked.transcript());
}

#[test]
fn caches_may_be_deleted_one_by_one() {
    for gone in ["symbols", "records", "model"] {
        let repository = GitRepository::with_files(FILES);
        discover(repository.path());
        let whole = symbols(repository.path());
        fs::remove_file(repository.path().join(".codexa/state/cache").join(gone)).unwrap();
        repository.write("b.py", "\ndef there():\n    return 1\n");
        discover(repository.path());
        let moved = whole.replace("\"line\": 1,", "\"line\": 2,").replace("\"end_line\": 2,", "\"end_line\": 3,");
        assert_ne!(whole, moved);
        assert_eq!(symbols(repository.path()), moved, "{gone}");
    }
}

#[test]
fn a_run_that_is_stopped_leaves_the_last_answers_as_they_were() {
    let repository = GitRepository::with_files(FILES);
    discover(repository.path());
    let before = symbols(repository.path());
    // Another limit makes a run read everything anew; a log that cannot be read ends it late.
    let log = repository.path().join(".codexa/logs/iterations.jsonl");
    let kept = fs::read(&log).unwrap();
    fs::remove_file(&log).unwrap();
    fs::create_dir(&log).unwrap();
    let world = World::new();
    let mut command = world.command(&["discover"]);
    command.current_dir(repository.path()).env("CODEXA_DISCOVERY_LIMITS_MAX_DEPTH", "999");
    assert_eq!(world.finish(command).code, 2);
    assert_eq!(symbols(repository.path()), before);
    fs::remove_dir(&log).unwrap();
    fs::write(&log, kept).unwrap();
    discover(repository.path());
    assert_eq!(symbols(repository.path()), before);
}

#[test]
fn lines_that_are_no_runs_stay_in_the_log() {
    let repository = GitRepository::with_files(FILES);
    discover(repository.path());
    let log = repository.path().join(".codexa/logs/iterations.jsonl");
    let mut lines = fs::read(&log).unwrap();
    lines.extend(b"\xff broken\n");
    fs::write(&log, &lines).unwrap();
    discover(repository.path());
    let after = fs::read(&log).unwrap();
    assert!(after.starts_with(&lines), "{}", String::from_utf8_lossy(&after));
    assert!(String::from_utf8_lossy(&after).contains("\"iteration\":2"));
}
