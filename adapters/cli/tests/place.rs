//! Which project a command is about, whose settings hold there, and what kinds of clones can be read.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{World, codexa};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn manifest(folder: &Path) -> String {
    fs::read_to_string(folder.join(".codexa/manifests/system_manifest.yaml")).unwrap()
}

fn files(folder: &Path) -> String {
    codexa(folder, &["show", "symbols", "--format", "json"]).with_code(0).stdout
}

#[test]
fn a_named_folder_is_the_project_and_its_parents_model_stays() {
    let repository = GitRepository::with_files(&[
        ("a.py", "def a(): ...\n"),
        ("skipme/z.py", "def z(): ...\n"),
        ("sub/s.py", "def s(): ...\n"),
        (".codexa/config.yaml", "version: 1\nproject:\n  name: outer\ndiscovery:\n  skip_paths: [skipme/]\n"),
    ]);
    let run = codexa(repository.path(), &["discover"]);
    assert_eq!(run.code, 0, "{}", run.transcript());
    let outer = manifest(repository.path());
    assert!(outer.contains("project: outer"), "{outer}");
    for named in ["sub", "sub/.codexa"] {
        let run = codexa(repository.path(), &["discover", "--project", named]);
        assert_eq!(run.code, 0, "{}", run.transcript());
        assert_eq!(manifest(repository.path()), outer);
        let inner = manifest(&repository.path().join("sub"));
        assert!(inner.contains("project: sub") && inner.contains("configuration: []"), "{inner}");
    }
    // From inside, the nearest project is meant, settings and all.
    assert!(files(&repository.path().join("sub")).contains("\"s\""));
    // What Codexa wrote for the inner project is no input of the outer one.
    repository.git(&["add", "--all", "--force"]);
    codexa(repository.path(), &["discover"]);
    let coverage = fs::read_to_string(repository.path().join(".codexa/manifests/system_model/coverage.yaml")).unwrap();
    let yaml = coverage.lines().find(|line| line.starts_with("files:")).unwrap();
    assert_eq!(yaml, "files: {configuration: 1, source: 2}", "{coverage}");
}

#[test]
fn settings_above_the_repository_are_not_its_own() {
    let outer = GitRepository::folder();
    outer.write(".codexa/config.yaml", "version: 1\nproject:\n  name: stranger\ndiscovery:\n  skip_paths: [a.py]\n");
    let inner = outer.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("a.py"), "def a(): ...\n").unwrap();
    outer.git(&["init", "--quiet", "inner"]);
    outer.git(&["-C", "inner", "add", "a.py"]);
    let run = codexa(&inner, &["discover"]);
    assert_eq!(run.code, 0, "{}", run.transcript());
    let model = manifest(&inner);
    assert!(model.contains("project: inner") && model.contains("configuration: []"), "{model}");
    assert!(files(&inner).contains("a.py"));
    let doctor = codexa(&inner, &["doctor", "config", "--format", "json"]);
    assert!(!doctor.stdout.contains("stranger"), "{}", doctor.transcript());
}

#[test]
fn a_bare_repository_is_read_and_left_as_it_is() {
    let repository = GitRepository::with_files(&[("a.py", "def a(): ...\n")]);
    let elsewhere = GitRepository::folder();
    let bare = elsewhere.path().join("x.git");
    repository.git(&["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    let run = codexa(&bare, &["discover"]);
    assert_eq!(run.code, 0, "{}", run.transcript());
    assert!(run.stdout.contains("clone it with a work tree"), "{}", run.transcript());
    assert!(!bare.join(".codexa").exists());
    let run = codexa(&bare, &["status"]);
    assert_eq!(run.code, 2, "{}", run.transcript());
    assert!(run.stderr.contains("a bare repository has no place for a model"), "{}", run.transcript());
}

#[test]
fn a_clone_without_its_files_is_no_empty_model() {
    let repository = GitRepository::with_files(&[("a.py", "def a(): ...\n"), ("docs/x.md", "x\n")]);
    codexa(repository.path(), &["discover"]);
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "model"]);
    let elsewhere = GitRepository::folder();
    let clone = |name: &str, options: &[&str]| {
        let path = elsewhere.path().join(name);
        let to = path.to_string_lossy().into_owned();
        repository.git(&[&["clone", "--quiet"], options, &[".", &to]].concat());
        path
    };
    let empty = clone("empty", &["--no-checkout"]);
    let run = codexa(&empty, &["discover"]);
    assert!(run.stderr.contains("DISCOVERY_NOTHING_CHECKED_OUT"), "{}", run.transcript());
    let sparse = clone("sparse", &[]);
    elsewhere.git(&["-C", &sparse.to_string_lossy(), "sparse-checkout", "set", "--no-cone", "/docs/", "/.codexa/"]);
    let before = manifest(&sparse);
    let run = codexa(&sparse, &["discover"]);
    assert_eq!(run.code, 1, "{}", run.transcript());
    assert_eq!(manifest(&sparse), before, "the fuller model stays");
    // Other kinds of clones write the same bytes.
    let url = format!("file://{}", repository.path().display());
    for (name, options) in [("shallow", &["--depth", "2"][..]), ("partial", &["--filter=blob:none"]), ("plain", &[])] {
        let path = elsewhere.path().join(name).join("project");
        let to = path.to_string_lossy().into_owned();
        repository.git(&[&["clone", "--quiet"], options, &[&*url, &to]].concat());
        elsewhere.git(&["-C", &to, "checkout", "--quiet", "--detach"]);
        // What is not written again is missed.
        fs::remove_dir_all(path.join(".codexa/manifests")).unwrap();
        let run = codexa(&path, &["discover"]);
        assert_eq!(run.code, 0, "{}", run.transcript());
        let said = elsewhere.git(&["-C", &to, "status", "--porcelain", ".codexa/manifests"]);
        assert_eq!(said, "", "{name}");
    }
}

#[test]
fn a_folder_that_may_not_be_read_is_no_empty_folder() {
    let repository = GitRepository::with_files(&[("src/a.py", "def a(): ...\n"), ("b.py", "def b(): ...\n")]);
    codexa(repository.path(), &["discover"]);
    let before = manifest(repository.path());
    let permit = |mode| fs::set_permissions(repository.path().join("src"), fs::Permissions::from_mode(mode)).unwrap();
    permit(0o000);
    let run = World::without_privilege().run_in(repository.path(), &["discover"]);
    permit(0o755);
    assert_eq!(run.code, 1, "{}", run.transcript());
    assert!(run.stdout.contains("fuller model"), "{}", run.transcript());
    assert_eq!(manifest(repository.path()), before);
    let coverage = codexa(repository.path(), &["show", "coverage"]);
    assert!(!coverage.stdout.contains("not readable"), "{}", coverage.transcript());
}
