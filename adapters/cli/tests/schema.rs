//! `codexa schema`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;
use serde_json::Value;

#[test]
fn every_listed_schema_prints_as_a_file_and_in_an_envelope() {
    let world = World::new();
    let list = world.run(&["schema", "--format", "json"]).json();
    for entry in list["schemas"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let plain: Value = serde_json::from_str(&world.run(&["schema", name]).stdout).unwrap();
        let wrapped = world.run(&["schema", name, "--format", "json"]).json();
        assert_eq!(wrapped["schema"], "codexa/schema@1");
        assert_eq!(wrapped["document"], plain);
        assert_eq!(plain["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
    assert!(list["schemas"].as_array().unwrap().iter().any(|entry| entry["name"] == "config"));
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let run = World::new().run(&["schema", "confg"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("error[SCHEMA_NOT_FOUND]") && run.stderr.contains("config"), "{}", run.stderr);
}
