//! `codexa control-plane`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;

fn world() -> World {
    let world = World::new();
    world.write("bundle/VERSION", "1.0.0\n");
    world.write("bundle/core.yaml", "maturity: M1\n");
    world
}

#[test]
fn made_synced_edited_and_compared() {
    let world = world();
    let mut story = String::new();
    let mut tell = |arguments: &[&str]| {
        let run = world.run(arguments);
        story.push_str(&format!("$ codexa {}\n{}\n", arguments.join(" "), run.transcript()));
    };
    tell(&["control-plane", "status"]);
    tell(&["control-plane", "init"]);
    tell(&["control-plane", "status"]);
    tell(&["control-plane", "sync", "../bundle"]);
    world.write("bundle/VERSION", "1.1.0\n");
    world.write("home/.config/codexa/core.yaml", "maturity: M2\n");
    tell(&["control-plane", "status"]);
    tell(&["control-plane", "diff"]);
    tell(&["control-plane", "sync"]);
    tell(&["control-plane", "sync", "--discard-edits", "--dry-run"]);
    tell(&["control-plane", "sync", "--discard-edits"]);
    tell(&["control-plane", "diff"]);
    insta::assert_snapshot!("story", story);
}

#[test]
fn every_answer_is_one_document() {
    let world = world();
    for (arguments, schema, code) in [
        (&["status"][..], "codexa/error@1", 2),
        (&["sync"], "codexa/error@1", 2),
        (&["sync", "../bundle"], "codexa/control-plane-sync@1", 0),
        (&["init"], "codexa/control-plane-init@1", 0),
        (&["status"], "codexa/control-plane-status@1", 1),
        (&["diff"], "codexa/control-plane-diff@1", 1),
        (&["sync", "https://example.org/plane.git"], "codexa/error@1", 2),
    ] {
        let run = world.run(&[&["control-plane", "--format", "json"], arguments].concat());
        assert_eq!((run.json()["schema"].as_str().unwrap(), run.code), (schema, code), "{arguments:?} {}", run.stdout);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn without_a_home_there_is_no_control_plane() {
    let world = world();
    let mut command = world.command(&["control-plane", "status"]);
    command.env_remove("HOME");
    let run = world.finish(command);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("CONTROL_PLANE_NO_HOME"), "{}", run.stderr);
}

#[test]
fn a_commit_is_taken_and_what_differs_from_it_is_said() {
    let world = world();
    let mut repository = codexa_testkit::GitRepository::with_files(&[("VERSION", "1.0.0"), ("core.yaml", "")]);
    repository.commit("first");
    repository.write("core.yaml", "maturity: M1\n");
    let source = repository.path().display().to_string();
    let run = world.run(&["control-plane", "sync", &source]);
    let shown = run.transcript().replace(&source, "[SOURCE]");
    insta::assert_snapshot!("uncommitted", shown);
    let itself = world.run(&["control-plane", "sync", "../home/.config/codexa"]);
    insta::assert_snapshot!("itself", itself.transcript());
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let world = world();
    assert_eq!(world.run(&["control-plane", "sync", "--dry-run", "../bundle"]).code, 0);
    assert_eq!(world.run(&["control-plane", "init", "--dry-run"]).code, 0);
    assert!(!world.home().join(".config").exists());
}
