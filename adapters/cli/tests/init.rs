//! `codexa init`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;

#[test]
fn a_new_project_and_the_same_again() {
    let world = World::new();
    insta::assert_snapshot!("new", world.run(&["init", "--maturity", "M1"]).transcript());
    let config = world.read("project/.codexa/config.yaml");
    assert!(config.contains("maturity: M1"));
    let again = world.run(&["init", "--format", "json"]).json();
    assert_eq!(again["schema"], "codexa/init@1");
    assert!(again["files"].as_array().unwrap().iter().all(|file| file["created"] == false));
    assert_eq!(world.read("project/.codexa/config.yaml"), config);
    assert_eq!(world.run(&["doctor", "config"]).code, 0);
}

#[test]
fn a_dry_run_writes_nothing() {
    let world = World::new();
    let run = world.run(&["init", "--dry-run"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("would make  .codexa/config.yaml"), "{}", run.stdout);
    assert!(!world.project().join(".codexa").exists());
}

#[test]
fn the_control_plane_can_be_inherited_from_the_start() {
    let world = World::new();
    assert_eq!(world.run(&["control-plane", "init"]).code, 0);
    assert_eq!(world.run(&["init", "--extends", "control-plane"]).code, 0);
    let doctor = world.run(&["doctor", "config", "--format", "json"]);
    assert_eq!((doctor.code, &doctor.json()["kind"]), (0, &"hybrid".into()));
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let run = World::new().run(&["init", "--project", "nowhere"]);
    insta::assert_snapshot!("nowhere", run.transcript());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::without_privilege();
    let permit = |mode| std::fs::set_permissions(world.project(), std::fs::Permissions::from_mode(mode)).unwrap();
    permit(0o555);
    let run = world.run(&["init"]).with_code(2);
    permit(0o755);
    assert!(run.stderr.contains("INIT_WRITE"), "{}", run.stderr);
    assert!(!world.project().join(".codexa").exists());
}

#[test]
fn what_stands_in_the_way_is_an_error_and_stays() {
    let world = World::new();
    world.write("project/.codexa", "a file\n");
    insta::assert_snapshot!("in_the_way", world.run(&["init"]).transcript());
    assert_eq!(world.read("project/.codexa"), "a file\n");
    std::fs::remove_file(world.project().join(".codexa")).unwrap();
    std::fs::create_dir_all(world.project().join(".codexa/config.yaml")).unwrap();
    let run = world.run(&["init", "--format", "json"]);
    assert_eq!((run.code, &run.json()["code"]), (2, &"INIT_IN_THE_WAY".into()));
    assert!(!world.project().join(".codexa/README.md").exists());
}
