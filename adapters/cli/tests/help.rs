//! The whole help is one page, `docs/command-line.md`: a reference for people and the snapshot that this test compares.
//! `CODEXA_UPDATE_HELP=1 cargo test -p codexa --test help` writes it again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use clap::Command;
use std::fmt::Write;
use std::path::Path;

/// Visible commands with their help, depth first, as `codexa a b`.
fn pages(command: &mut Command, name: &str, pages: &mut String) {
    let help = command.clone().bin_name(name).term_width(80).render_long_help().to_string();
    let trimmed: Vec<&str> = help.lines().map(str::trim_end).collect();
    writeln!(pages, "## {name}\n\n```text\n{}\n```\n", trimmed.join("\n").trim_end()).unwrap();
    for below in command.get_subcommands_mut().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
        let name = format!("{name} {}", below.get_name());
        self::pages(below, &name, pages);
    }
}

#[test]
fn every_command_is_in_the_reference() {
    let mut reference = "# Command line\n\nEvery command and option, as `--help` prints them. Written by a test; see \
        [adding a command](adding-a-command.md).\n\n"
        .to_owned();
    let mut command = codexa::command();
    // Which also checks that the commands are consistent, in builds with assertions as tests are.
    command.build();
    pages(&mut command, "codexa", &mut reference);
    let reference = reference.trim_end().to_owned() + "\n";

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/command-line.md");
    if std::env::var_os("CODEXA_UPDATE_HELP").is_some() {
        std::fs::write(&file, &reference).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == reference, "the help changed: run this test with CODEXA_UPDATE_HELP=1 and read the diff");
}

#[test]
fn every_command_says_what_it_does_and_is_run_by_a_test() {
    let tests = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")).unwrap();
    let tests =
        tests.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let tests: String = tests.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    for command in codexa::command().get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = command.get_name();
        assert!(command.get_about().is_some(), "`{name}` has no description");
        assert!(tests.contains(&format!("\"{name}\"")), "no test in adapters/cli/tests runs `{name}`");
    }
}
