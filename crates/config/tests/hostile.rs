//! Settings files that a stranger prepared. Row numbers are those of the abuse cases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::yaml::{Budget, parse};
use common::World;
use proptest::prelude::*;

/// Nine levels of nine aliases: 9^9 nodes once expanded.
fn alias_bomb() -> String {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, below) in ["b", "c", "d", "e", "f", "g", "h", "i"].into_iter().zip("abcdefgh".chars()) {
        let items = vec![format!("*{below}"); 9].join(", ");
        text.push_str(&format!("{name}: &{name} [{items}]\n"));
    }
    text
}

#[test]
fn row_36_an_alias_bomb_ends_at_the_node_budget() {
    let error = parse(&alias_bomb(), Budget::SETTINGS).unwrap_err();
    assert_eq!(error.message, "more than 20000 values, aliases resolved");

    let world = World::new();
    world.config(&alias_bomb());
    let found = world.findings();
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("error CONFIG_SYNTAX .codexa/config.yaml:"), "{found:?}");
}

#[test]
fn row_36_bombs_of_other_shapes_end_too() {
    let merges = {
        let mut text = "a: &a {k0: 1, k1: 1, k2: 1}\n".to_owned();
        for (name, below) in ('b'..='z').zip('a'..='y') {
            text.push_str(&format!("{name}: &{name} {{<<: [*{below}, *{below}, *{below}], k{name}: *{below}}}\n"));
        }
        text
    };
    let itself = "a: &a [*a]\n".to_owned();
    let one_text = format!("a: &a '{}'\nb: [{}]\n", "x".repeat(900_000), "*a, ".repeat(5_000));
    let long = format!("a: [{}]\n", "x, ".repeat(30_000));
    let anchors: String = (0..30_000).map(|index| format!("k{index}: &a{index} x\n")).collect();
    for text in [merges, itself, one_text, long, anchors, "x".repeat(2 << 20)] {
        assert!(parse(&text, Budget::SETTINGS).is_err());
    }
}

#[test]
fn nesting_ends_at_the_depth_budget() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let text = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        let error = parse(&text, Budget::SETTINGS).unwrap_err();
        assert_eq!(error.message, "nested deeper than 32 levels");
    }
    let block: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(parse(&block, Budget { bytes: 1 << 30, ..Budget::SETTINGS }).is_err());
}

#[test]
fn files_that_are_none_are_refused_without_waiting() {
    let world = World::new();
    let folder = world.path("project/.codexa");
    std::fs::create_dir_all(&folder).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("config.yaml"), rustix::fs::Mode::RWXU).unwrap();
    assert_eq!(
        world.findings(),
        ["error CONFIG_UNREADABLE `.codexa/config.yaml` cannot be read: it is not a regular file"]
    );

    std::fs::remove_file(folder.join("config.yaml")).unwrap();
    std::fs::create_dir(folder.join("config.yaml")).unwrap();
    assert_eq!(
        world.findings(),
        ["error CONFIG_UNREADABLE `.codexa/config.yaml` cannot be read: it is not a regular file"]
    );

    std::fs::remove_dir(folder.join("config.yaml")).unwrap();
    world.write("project/.codexa/config.yaml", [b'a', b':', b' ', 0xff, 0xfe]);
    assert_eq!(
        world.findings(),
        ["error CONFIG_UNREADABLE `.codexa/config.yaml` cannot be read: it is not UTF-8 (byte 3)"]
    );

    world.write("project/.codexa/config.yaml", vec![b'#'; (1 << 20) + 1]);
    assert_eq!(
        world.findings(),
        ["error CONFIG_UNREADABLE `.codexa/config.yaml` cannot be read: it is larger than 1048576 bytes"]
    );
}

#[test]
fn thousands_of_mistakes_are_counted_after_the_first_fifty() {
    let world = World::new();
    world.config(&(0..9_000).map(|index| format!("k{index}: 1\n")).collect::<String>());
    let found = world.findings();
    assert_eq!(found.len(), 51);
    assert!(found[50].contains("8950 more places do not fit the schema"), "{}", found[50]);
}

#[test]
fn thousands_of_names_that_lead_nowhere_are_counted_too() {
    let names: String = (0..9_000).map(|index| format!("  - gone-{index}.yaml\n")).collect();
    let world = World::new();
    world.config(&format!("extends:\n{names}"));
    world.write(
        "project/.codexa/project_metadata.yaml",
        format!("version: 1\nmaturity: {{level: M0}}\nextends:\n{names}"),
    );
    let found = world.findings();
    assert_eq!(found.len(), 102);
    for more in [&found[50], &found[101]] {
        assert!(more.contains("8950 more problems with what `extends` names"), "{more}");
    }
    let deep: String = (0..9_000).map(|index| format!("  - '{index}['\n")).collect();
    let world = World::new();
    world.config(&format!("discovery:\n  skip_paths:\n{deep}"));
    assert!(world.findings().len() < 110, "{}", world.findings().len());
}

#[test]
fn a_chain_of_many_files_ends() {
    let world = World::new();
    for index in 0..100 {
        world.write(&format!("project/.codexa/{index}.yaml"), format!("extends: {}.yaml\n", index + 1));
    }
    world.write("project/.codexa/100.yaml", "");
    world.config("extends: 0.yaml\n");
    let found = world.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("CONFIG_EXTENDS_CHAIN"), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever the text, there is an answer, and its places lie in the text.
    #[test]
    fn any_text_has_an_answer(text in "[a-c:&*<\\[\\]{},'\"|>#!%?\\- \n\t\u{e9}\u{65e5}]{0,200}") {
        let lines = u32::try_from(text.split('\n').count()).unwrap();
        if let Err(error) = parse(&text, Budget::SETTINGS) {
            prop_assert!(error.span.line >= 1 && error.span.line <= lines + 1, "{error:?}");
            prop_assert!(error.span.column >= 1 && error.span.length >= 1);
        }
    }
}
