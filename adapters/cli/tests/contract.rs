//! What holds for every command: one document, exit codes, streams, colours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;
use std::process::Stdio;

#[test]
fn wrong_usage_is_an_error_document_too() {
    for arguments in [
        &["--format", "json", "nonsense"][..],
        &["nonsense", "--format=json"],
        &["init", "--maturity", "M7", "--format", "json"],
        &["doctor", "--format", "json", "--bogus\u{1b}[31m"],
        &["--format", "json"],
    ] {
        let run = World::new().run(arguments);
        let json = run.json();
        assert_eq!((json["schema"].as_str(), json["code"].as_str()), (Some("codexa/error@1"), Some("CLI_USAGE")));
        assert_eq!((run.code, run.stderr.as_str()), (2, ""), "{arguments:?}");
        assert!(!run.stdout.contains('\u{1b}'));
    }
}

#[test]
fn a_command_of_commands_alone_shows_its_help() {
    let world = World::new();
    for arguments in [&[][..], &["show"], &["control-plane"], &["--color", "never"], &["show", "--project", "show"]] {
        let run = world.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        let below = &arguments[..arguments.len().min(1)];
        let below: Vec<&str> = below.iter().copied().filter(|word| !word.starts_with('-')).collect();
        let help = world.run(&[&below[..], &["-h"]].concat());
        assert_eq!(run.stderr, help.stdout, "{arguments:?}");
        assert!(run.stderr.lines().count() > 5 && !run.stderr.contains("worker"), "{}", run.stderr);
    }
    let json = world.run(&["--format", "json"]).json();
    assert_eq!(json["message"], "`codexa` needs a command");
    let help = json["help"].as_str().unwrap();
    assert!(help.starts_with("one of init, doctor, ") && !help.contains("worker"), "{help}");
    assert_eq!(world.run(&["show", "--format", "json"]).json()["message"], "`codexa show` needs a command");
}

#[test]
fn wrong_usage_always_has_a_next_step() {
    for (arguments, help) in [
        (&["init", "--maturity", "M7"][..], "see `codexa init --help`"),
        (&["init", "--maturity", ""], "see `codexa init --help`"),
        (&["--format", "xml", "doctor"], "see `codexa doctor --help`"),
        (&["--project", "show", "doctor", "config", "--format", "xml"], "see `codexa doctor config --help`"),
        (&["impact", "--depth", "x", "main"], "see `codexa impact --help`"),
        (&["impact", "--min-confidence", "101", "main"], "see `codexa impact --help`"),
        (&["show", "edges", "--min-confidence", "101"], "see `codexa show edges --help`"),
        (&["init", "--dry-run", "--dry-run"], "Usage: codexa init [OPTIONS]"),
        (&["worke"], "Usage: codexa [OPTIONS] <COMMAND>"),
    ] {
        let run = World::new().run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(&format!("\nhelp: {help}\n")), "{arguments:?} {}", run.stderr);
    }
}

#[test]
fn wrong_usage_for_people_goes_to_stderr() {
    insta::assert_snapshot!("usage", World::new().run(&["init", "--maturty", "M1"]).transcript());
    let run = World::new().run(&["doctor", "--bogus\u{1b}[31m\u{202e}"]);
    assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", run.stderr);
}

#[test]
fn help_and_version_are_answers() {
    let world = World::new();
    for flag in ["--help", "--version"] {
        let run = world.run(&[flag]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert_eq!(world.run(&[flag, "--format", "json"]).json()["schema"], "codexa/help@1");
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let world = World::new();
    let colored =
        |variables: &[(&str, &str)], arguments: &[&str]| world.run_with(variables, arguments).stdout.contains('\u{1b}');
    assert!(!colored(&[], &["schema"]));
    assert!(colored(&[], &["schema", "--color", "always"]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &["schema"]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], &["schema", "--color", "never"]));
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is() {
    let world = World::new();
    let mut command = world.command(&["schema", "config"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));

    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = world.command(&["schema", "config"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stdout cannot be written"));
}

#[test]
fn a_working_directory_that_vanished_is_named() {
    let world = World::new();
    let gone = world.project().join("gone");
    std::fs::create_dir(&gone).unwrap();
    let script = format!("rmdir \"$PWD\"; exec {} doctor config", env!("CARGO_BIN_EXE_codexa"));
    let output = std::process::Command::new("/bin/sh").args(["-c", &script]).current_dir(&gone).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("CLI_DIRECTORY"));
}
