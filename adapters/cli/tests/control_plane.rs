//! `codexa control-plane`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;

fn world() -> World {
    let world = World::new(env!("CARGO_BIN_EXE_codexa"));
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
