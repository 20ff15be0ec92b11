//! This repository keeps its own rules.

#![cfg(test)]

use codexa_house::{Workspace, commands, evidence, layers, manifests, pages, roadmap, sources, tracked};
use std::path::Path;

/// Holds this repository to one rule.
fn hold(rule: impl Fn(&Workspace) -> Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("tests/house lies two folders deep");
    let workspace = Workspace::read(root).expect("the workspace can be read");
    let broken = rule(&workspace);
    assert!(broken.is_empty(), "\n  {}\n", broken.join("\n  "));
}

#[test]
fn imports_point_down() {
    hold(layers::imports_point_down);
}

#[test]
fn folders_keep_apart() {
    hold(layers::folders_keep_apart);
}

#[test]
fn packages_inherit_from_the_root() {
    hold(manifests::inherit_from_the_root);
}

#[test]
fn versions_stand_once() {
    hold(manifests::versions_stand_once);
}

#[test]
fn no_dependency_is_unused() {
    hold(manifests::nothing_unused);
}

#[test]
fn long_files_say_why() {
    hold(sources::long_files_say_why);
}

#[test]
fn no_test_is_ignored() {
    hold(sources::no_test_is_ignored);
}

#[test]
fn each_command_has_docs() {
    hold(commands::each_command_has_docs);
}

#[test]
fn roadmap_claims_hold() {
    hold(roadmap::claims_hold);
}

#[test]
fn few_files_start_processes() {
    hold(sources::few_start_processes);
}

#[test]
fn links_lead_somewhere() {
    hold(pages::links_lead_somewhere);
}

#[test]
fn evidence_adds_up() {
    hold(evidence::adds_up);
}

#[test]
fn what_is_tracked_is_text() {
    hold(tracked::all_is_text);
}
