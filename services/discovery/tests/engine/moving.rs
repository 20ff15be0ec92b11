//! HEAD moves while a run goes on: the run says on what it stands, and the next one is right.

use crate::request;
use codexa_discovery::engine::{Phase, Progress, Report, discover};
use codexa_testkit::{GitRepository, git};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

const IDS: &str = ".codexa/manifests/ids.yaml";

/// Where runs of git are interposed, in the order of a run.
const PHASES: [Phase; 5] = [Phase::Scan, Phase::Parse, Phase::Relate, Phase::Model, Phase::Write];

/// What somebody does with git meanwhile, as arguments of some runs of it.
type Deed = &'static [&'static [&'static str]];

/// From `main`, whose second commit is not in `side`.
const DEEDS: [(&str, Deed); 4] = [
    ("commit", &[&["rm", "--quiet", "b.py"], &["mv", "a.py", "c.py"], &["commit", "--quiet", "--message", "third"]]),
    ("switch", &[&["switch", "--quiet", "side"]]),
    ("reset", &[&["reset", "--quiet", "--hard", "HEAD~1"]]),
    ("orphan", &[&["switch", "--quiet", "--orphan", "new"]]),
];

/// Does the deed when the phase begins.
struct Meddler<'a> {
    folder: &'a Path,
    phase: Phase,
    deed: Cell<Deed>,
}

impl Progress for Meddler<'_> {
    fn phase(&self, phase: Phase, _files: u64) {
        if phase == self.phase {
            for arguments in self.deed.take() {
                assert!(git::command(self.folder).args(*arguments).status().unwrap().success(), "{arguments:?}");
            }
        }
    }

    fn advance(&self, _files: u64, _bytes: u64) {}

    fn remark(&self, _text: &str) {}
}

/// Two commits on `main`, and a branch `side` with another second one.
fn repository() -> GitRepository {
    let mut repository = GitRepository::with_files(&[
        ("a.py", "from b import there\n\n\ndef here():\n    return there()\n"),
        ("b.py", "def there():\n    return 1\n"),
    ]);
    repository.git(&["branch", "side"]);
    repository.write("b.py", "def there():\n    return 2\n");
    repository.write("d.py", "import b\n");
    repository.commit("second");
    repository.git(&["switch", "--quiet", "side"]);
    repository.write("e.py", "def other():\n    return 3\n");
    repository.commit("other");
    repository.git(&["switch", "--quiet", "main"]);
    repository
}

fn run(repository: &GitRepository, phase: Phase, deed: Deed) -> Report {
    let meddler = Meddler { folder: repository.path(), phase, deed: Cell::new(deed) };
    discover(&request(repository), &AtomicBool::new(false), &meddler).unwrap()
}

fn undisturbed(repository: &GitRepository) -> Report {
    run(repository, Phase::Scan, &[])
}

/// Every tracked file that runs wrote.
fn manifests(repository: &GitRepository) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut left = vec![repository.path().join(".codexa/manifests")];
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                files.insert(path, text);
            }
        }
    }
    files
}

/// Asserts that a run writes the same which finds nothing of those before but the ids that were given.
fn assert_clean(repository: &GitRepository, what: &str) {
    let found = manifests(repository);
    let ids = fs::read(repository.path().join(IDS));
    fs::remove_dir_all(repository.path().join(".codexa")).unwrap();
    if let Ok(ids) = ids {
        repository.write(IDS, ids);
    }
    undisturbed(repository);
    for (path, text) in manifests(repository) {
        assert_eq!(found.get(&path), Some(&text), "{what}: {}", path.display());
    }
}

#[test]
fn a_run_is_labelled_with_the_commit_it_began_with_and_the_next_one_is_right() {
    for phase in PHASES {
        // All of them where files are read; elsewhere one shows it.
        for (name, deed) in DEEDS.into_iter().take(if phase == Phase::Parse { DEEDS.len() } else { 1 }) {
            let repository = repository();
            let began = repository.git(&["rev-parse", "HEAD"]);
            let report = run(&repository, phase, deed);
            assert_eq!(report.model.run.basis_commit.as_deref(), Some(&*began), "{name} at {phase:?}");
            let manifest = repository.read(".codexa/manifests/system_manifest.yaml");
            assert!(manifest.contains(&format!("  basis_commit: {began}\n")), "{name} at {phase:?}\n{manifest}");
            // When files are written, all were read.
            let is_late = phase == Phase::Write;
            let causes = report.model.partial_because();
            let sentence = format!("HEAD moved from {} to ", began.get(..10).unwrap());
            let says = causes.iter().any(|cause| cause.starts_with(&sentence));
            assert_eq!((says, report.model.run.reproducible), (!is_late, is_late), "{name} at {phase:?}: {causes:?}");
            assert_eq!(manifest.contains("  partial: false\n"), is_late, "{name} at {phase:?}\n{manifest}");

            let next = undisturbed(&repository);
            assert_ne!(next.model.run.basis_commit.as_deref(), Some(&*began), "{name} at {phase:?}");
            assert!(next.model.partial_because().is_empty() && next.model.run.reproducible, "{name} at {phase:?}");
            assert_clean(&repository, &format!("{name} at {phase:?}"));
        }
    }
}

#[test]
fn manifests_that_git_took_away_meanwhile_are_not_taken_for_those_that_stand() {
    let repository = repository();
    undisturbed(&repository);
    repository.git(&["add", "--force", ".codexa/manifests"]);
    repository.git(&["commit", "--quiet", "--message", "manifests"]);
    let report = run(&repository, Phase::Relate, &[&["switch", "--quiet", "side"]]);
    assert!(!report.model.partial_because().is_empty());
    assert_eq!(report.kept, None, "there is nothing that could be kept");
    assert!(!manifests(&repository).is_empty());
}

#[test]
fn whole_manifests_of_the_commit_stay_where_a_run_ended_on_another() {
    for (name, deed) in DEEDS {
        let repository = repository();
        undisturbed(&repository);
        let whole = manifests(&repository);
        let report = run(&repository, Phase::Parse, deed);
        assert!(report.kept.is_some(), "{name}");
        assert_eq!(manifests(&repository), whole, "{name}");
        undisturbed(&repository);
        assert_clean(&repository, name);
    }
}

#[test]
fn a_commit_of_what_codexa_wrote_is_no_other_commit() {
    let repository = repository();
    undisturbed(&repository);
    let deed: Deed = &[&["add", ".codexa/manifests"], &["commit", "--quiet", "--message", "manifests"]];
    let report = run(&repository, Phase::Parse, deed);
    assert!(report.model.partial_because().is_empty() && report.model.run.reproducible);
    assert_clean(&repository, "manifests");
}
