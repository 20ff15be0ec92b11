//! What `doctor config` finds, and where it points.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::schema::{config_schema, project_metadata_schema};
use codexa_model::Severity;
use common::{ID, World};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn every_kind_of_mistake_is_found_where_it_stands() {
    let mistakes = [
        ("unknown key, misspelt", "discovery:\n  skip_path: [vendor/]\n"),
        ("unknown key of another section", "mode: quick\n"),
        ("unknown section", "rabbits: 3\n"),
        ("a dash for an underscore", "discovery: {skip-paths: []}\n"),
        ("text for a list", "discovery: {focus: src}\n"),
        ("number for text", "control_plane: {version: 1.10}\n"),
        ("section for a value", "maturity: {level: M1}\n"),
        ("value for a section", "discovery: deep\n"),
        ("not a choice", "discovery: {mode: depp}\n"),
        ("too small", "discovery: {threads: 0}\n"),
        ("too large", "discovery: {limits: {max_depth: 99999999}}\n"),
        ("negative", "discovery: {limits: {max_nodes: -1}}\n"),
        ("not a budget", "discovery: {budget: 2 seconds}\n"),
        ("broken glob", "discovery:\n  skip_paths:\n    - 'ok/**'\n    - 'a[b'\n"),
        ("empty glob", "discovery: {focus: ['', '! ']}\n"),
        ("broken requirement", "control_plane: {version: newest}\n"),
        ("future format", "version: 2\n"),
        ("incomplete milestone", "milestones:\n  - name: First\n"),
        ("milestone twice", "milestones:\n  - {id: MS-01, name: A}\n  - {id: MS-01, name: B}\n"),
        ("key twice", "maturity: M0\nmaturity: M1\n"),
        ("two documents", "maturity: M0\n---\nmaturity: M1\n"),
        ("a tag", "maturity: !!binary TTA=\n"),
        ("a tab", "discovery:\n\tmode: deep\n"),
        ("a list at the top", "- a\n"),
        ("an unknown anchor", "maturity: *none\n"),
        ("wide characters before the mark", "discovery: {focus: ['日本', 3]}\n"),
    ];
    let mut seen = String::new();
    for (name, text) in mistakes {
        let world = World::new();
        let own = if text.starts_with("- ") { text.to_owned() } else { format!("project: {{id: {ID}}}\n{text}") };
        world.write("project/.codexa/config.yaml", own);
        let found = world.findings();
        assert!(!found.is_empty(), "{name}");
        assert!(world.resolve().ready().is_err(), "{name}");
        seen.push_str(&format!("{name}\n  {}\n", found.join("\n  ")));
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn what_is_fine_is_not_reported() {
    for text in [
        "",
        "discovery:\n",
        "discovery: {limits: , mode: quick}\n",
        "x: &x {mode: quick}\n".replace("x: ", "discovery: ").as_str(),
        "discovery:\n  <<: {mode: quick, threads: 2}\n  mode: code-only\n",
        "discovery: {focus: ['!a', 'b/**/{c,d}']}\n",
        "discovery: {budget: 500ms, threads: 0x10}\n",
        "phases:\n  - {id: PH-1, name: One, requirements: [FR-01], changes: [CH-001]}\n",
        "\u{feff}discovery: {mode: quick}\n".trim_start_matches('\u{feff}'),
    ] {
        let world = World::new();
        world.config(text);
        assert_eq!(world.findings(), [""; 0], "{text}");
    }
}

#[test]
fn only_a_projects_own_file_says_who_it_is() {
    let world = World::new();
    world.write("home/.config/codexa/core.yaml", format!("project: {{id: {ID}}}\nphases: []\n"));
    world.config("extends: control-plane\n");
    insta::assert_snapshot!(world.findings().join("\n"), @r"
    error CONFIG_NOT_INHERITABLE /home/.config/codexa/core.yaml:1:1:7 `project` belongs in the project's own file; nobody can inherit it
    error CONFIG_NOT_INHERITABLE /home/.config/codexa/core.yaml:2:1:6 `phases` belongs in the project's own file; nobody can inherit it
    ");
}

#[test]
fn a_missing_id_is_worth_a_look_and_blocks_nothing() {
    let world = World::new();
    world.write("project/.codexa/config.yaml", "project:\n  name: x\n");
    let resolution = world.resolve();
    assert_eq!(
        world.findings_of(&resolution),
        [
            "warning CONFIG_PROJECT_ID .codexa/config.yaml:1:1:7 `project.id` is missing | the id ties decisions to this project"
        ]
    );
    assert!(resolution.ready().is_ok());
}

#[test]
fn overrides_without_effect_are_named_with_what_makes_them_so() {
    let mut world = World::new();
    world.write("project/.codexa/base.yaml", "maturity: M1\ndiscovery: {mode: quick, threads: 2, focus: [a]}\n");
    world.write("project/.codexa/team.yaml", "extends: base.yaml\ndiscovery:\n  focus: [b]\n");
    world.config(
        "extends: team.yaml\nmaturity: M1\ndiscovery:\n  mode: quick\n  threads: 3\n  focus: [c]\n  context: []\n",
    );
    world.variables.insert("CODEXA_DISCOVERY_THREADS".into(), "8".into());
    insta::assert_snapshot!(world.findings().join("\n"));
}

#[test]
fn the_control_plane_has_to_fit_the_requirement() {
    let world = World::new();
    world.config("control_plane: {version: '^1.2'}\n");
    let missing = world.findings();
    world.write("home/.config/codexa/core.yaml", "");
    let mut all = vec![missing];
    for version in ["1.1.9\n", "v1.3.0", "2.0.0", "soon"] {
        world.write("home/.config/codexa/VERSION", version);
        all.push(world.findings());
    }
    insta::assert_debug_snapshot!(all);
}

#[test]
fn metadata_has_to_fit_its_schema_and_the_settings() {
    let world = World::new();
    world.config("maturity: M1\n");
    world.write(
        "project/.codexa/project_metadata.yaml",
        "version: 1\nmaturity:\n  level: M2\n  last_review: yesterday\n  criterion: []\nextends: nowhere.yaml\n",
    );
    let broken = world.findings();
    world.write("project/.codexa/project_metadata.yaml", "version: 1\nmaturity: {level: M2, criteria: []}\n");
    let conflict = world.findings();
    insta::assert_snapshot!([broken, conflict].concat().join("\n"));
}

#[test]
fn what_is_missing_from_the_folder_is_listed_once() {
    let world = World::new();
    world.config("");
    let resolution = world.resolve();
    let found = resolution.diagnostics.iter().find(|found| found.code == "CONFIG_INCOMPLETE").unwrap();
    assert_eq!(found.severity, Severity::Warning);
    assert_eq!(
        found.message,
        "`.codexa/` lacks README.md, project_metadata.yaml, .gitignore, agents/, rules/, workflows/, manifests/"
    );
}

#[test]
fn what_people_write_beside_the_settings_has_to_be_yaml_too() {
    let world = World::new();
    world.config("");
    world.write("project/.codexa/workflows/build.yaml", "steps:\n  - id: a\n    run: [\n");
    world.write("project/.codexa/rules/people.yaml", "people: []\npeople: []\n");
    world.write("project/.codexa/rules/team/more.yml", "people: *nobody\n");
    world.write("project/.codexa/agents/limits.yaml", "fine: true\nanything: {goes: here}\n");
    world.write("project/.codexa/agents/notes.md", "# garbage: [\n");
    world.write("project/.codexa/agents/latin.yaml", b"name: caf\xe9\n");
    std::os::unix::fs::symlink("nowhere", world.path("project/.codexa/agents/gone.yaml")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", world.path("project/.codexa/agents/far.yaml")).unwrap();
    insta::assert_snapshot!(world.findings().join("\n"));
    let resolution = world.resolve();
    assert!(resolution.ready().is_err());
    assert!(resolution.source(std::path::Path::new(".codexa/workflows/build.yaml")).unwrap().contains("run: ["));
}

#[test]
fn what_is_no_folder_or_no_file_where_one_belongs_blocks() {
    let world = World::new();
    world.config("");
    world.write("project/.codexa/workflows", "a file");
    std::fs::create_dir(world.path("project/.codexa/README.md")).unwrap();
    std::os::unix::fs::symlink("nowhere", world.path("project/.codexa/rules")).unwrap();
    std::os::unix::fs::symlink("/usr", world.path("project/.codexa/agents")).unwrap();
    insta::assert_snapshot!(world.findings().join("\n"), @r"
    error CONFIG_NOT_A_FILE `.codexa/README.md` is not a file
    error CONFIG_NOT_A_FOLDER `.codexa/rules` is not a folder
    error CONFIG_NOT_A_FOLDER `.codexa/workflows` is not a folder
    error CONFIG_OUTSIDE `.codexa/agents` is a link that leads outside the project
    ");
    assert!(world.resolve().ready().is_err());
}

#[test]
fn only_so_many_files_are_checked_and_the_rest_is_counted() {
    let world = World::new();
    world.config("");
    for index in 0..103 {
        world.write(&format!("project/.codexa/rules/{index}.yaml"), "fine: true\n");
    }
    let found = world.findings();
    assert_eq!(found, ["warning CONFIG_UNCHECKED `.codexa/rules` has 3 more YAML files, which were not checked"]);
}

#[test]
fn the_environment_outranks_the_maturity_of_a_project_and_contradicts_nothing() {
    let mut world = World::new();
    world.config("maturity: M1\n");
    world.write("project/.codexa/project_metadata.yaml", "version: 1\nmaturity: {level: M1}\n");
    world.variables.insert("CODEXA_MATURITY".into(), "M2".into());
    let resolution = world.resolve();
    assert_eq!(
        world.findings_of(&resolution),
        [
            "note CONFIG_UNUSED_OVERRIDE .codexa/config.yaml:2:1:8 `maturity` has no effect here: CODEXA_MATURITY says \"M2\""
        ]
    );
    assert_eq!(resolution.ready().unwrap().maturity.to_string(), "M2");
    // What the files say still has to be one thing.
    world.write("project/.codexa/project_metadata.yaml", "version: 1\nmaturity: {level: M2}\n");
    assert!(world.findings().iter().any(|found| found.contains("CONFIG_MATURITY_CONFLICT")));
}

#[test]
fn metadata_is_not_compared_with_settings_that_nobody_could_read() {
    let world = World::new();
    world.write("project/.codexa/project_metadata.yaml", "version: 1\nmaturity: {level: M2}\n");
    world.config("");
    let message = world.findings();
    assert!(message[0].contains("the maturity is M2 here, but M0 where no settings file says one"), "{message:?}");
    world.config("maturity: [\n");
    let message = world.findings();
    assert!(message.len() == 1 && message[0].contains("CONFIG_SYNTAX"), "{message:?}");
}

#[test]
fn a_tab_that_indents_is_shown_where_it_stands() {
    for (text, place) in [
        ("version: 1\n\tmaturity: M1\n", ":2:1:1 "),
        ("discovery:\n\tmode: deep\n", ":2:1:1 "),
        ("discovery:\n  mode: deep\n\tfocus: []\n", ":3:1:1 "),
        ("a: |\n\tb\n", ":2:1:1 "),
    ] {
        let world = World::new();
        world.write("project/.codexa/config.yaml", text);
        let found = world.findings();
        assert!(found[0].contains(place) && found[0].contains("a tab cannot indent a line"), "{text:?} {found:?}");
    }
}

#[test]
fn a_file_that_is_no_yaml_still_counts_with_its_hash() {
    let world = World::new();
    world.write("project/.codexa/config.yaml", "extends: base.yaml\n");
    world.write("project/.codexa/base.yaml", "a: [\n");
    let resolution = world.resolve();
    assert_eq!(resolution.provenance.extends_chain[0].path, ".codexa/base.yaml");
    world.write("project/.codexa/config.yaml", "a: [\n");
    let resolution = world.resolve();
    let root = resolution.provenance.config_root.unwrap();
    assert_eq!((root.path.as_str(), root.sha256.len()), (".codexa/config.yaml", 64));
}

#[test]
fn each_file_that_cannot_be_started_from_has_its_next_step() {
    let help = |world: &World, options: &codexa_config::Options| {
        let found = codexa_config::resolve(options).unwrap().diagnostics.remove(0);
        let root = world.path("").display().to_string();
        format!("{}: {}: {}", found.code, found.message.replace(&root, "/"), found.help.unwrap_or_default())
    };
    let world = World::new();
    let named = codexa_config::Options { config: Some("nope.yaml".into()), ..world.options() };
    let mut seen = vec![help(&world, &named)];
    world.write("project/.codexa", "a file\n");
    seen.push(help(&world, &world.options()));
    std::fs::remove_file(world.path("project/.codexa")).unwrap();
    std::fs::create_dir(world.path("project/.codexa")).unwrap();
    seen.push(help(&world, &world.options()));
    std::os::unix::fs::symlink("nowhere", world.path("project/.codexa/config.yaml")).unwrap();
    seen.push(help(&world, &world.options()));
    insta::assert_snapshot!(seen.join("\n"), @r"
    CONFIG_NOT_FOUND: `nope.yaml` does not exist: name a file that exists with `--config PATH`; it is relative to the working directory
    CONFIG_NOT_A_FOLDER: `.codexa/config.yaml` cannot be read: `.codexa` is not a folder: move that file away; `codexa init` then makes the folder
    CONFIG_NOT_FOUND: `.codexa/config.yaml` does not exist: `codexa init` adds what is missing and overwrites nothing
    CONFIG_NOT_FOUND: `.codexa/config.yaml` is a link to a file that does not exist: make the file, or replace the link by the file itself
    ");
}

#[test]
fn published_schemas_are_valid_and_say_what_every_key_means() {
    for schema in [config_schema(), project_metadata_schema()] {
        assert!(jsonschema::meta::is_valid(&schema));
        let mut open = vec![&schema];
        while let Some(at) = open.pop() {
            for (name, property) in at.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(property.get("description").is_some(), "{name} has no description");
            }
            match at {
                Value::Object(map) => open.extend(map.values()),
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }
}

/// A document that fits, with a few values put where they fit or do not.
fn document() -> impl Strategy<Value = Value> {
    let scalar = prop::sample::select(vec![
        json!("deep"),
        json!("M1"),
        json!("2s"),
        json!("PH-01"),
        json!(""),
        json!(1),
        json!(0),
        json!(-1),
        json!(99_999),
        json!(1.5),
        json!(2.0),
        json!(true),
        json!(null),
    ]);
    let value = prop_oneof![
        4 => scalar.clone(),
        1 => prop::collection::vec(scalar.clone(), 0..3).prop_map(Value::Array),
        1 => scalar.prop_map(|value| json!({ "name": value })),
        1 => Just(json!([{"id": "PH-01", "name": "One", "requirements": ["FR-01"]}])),
        1 => Just(json!([{"id": "1", "name": "One"}])),
        1 => Just(json!([{"id": "PH-01", "name": "One", "changes": null}])),
        1 => Just(json!([{"id": "PH-01", "name": null}])),
        1 => Just(json!([{"id": "PH-01", "names": "One"}])),
    ];
    let place = prop::sample::select(vec![
        "/version",
        "/project",
        "/project/name",
        "/maturity",
        "/extends",
        "/control_plane",
        "/discovery",
        "/discovery/mode",
        "/discovery/focus",
        "/discovery/budget",
        "/discovery/threads",
        "/discovery/limits",
        "/discovery/limits/max_depth",
        "/discovery/limits/worker_memory_mb",
        "/phases",
        "/milestones",
        "/other",
        "/discovery/other",
        "/discovery/limits/other",
    ]);
    prop::collection::vec((place, value), 0..3).prop_map(|changes| {
        let mut document = json!({"project": {"id": ID}, "discovery": {"limits": {}}, "control_plane": {}});
        for (place, value) in changes {
            let (above, key) = place.rsplit_once('/').unwrap();
            if let Some(Value::Object(map)) = document.pointer_mut(above) {
                map.insert(key.to_owned(), value);
            }
        }
        document
    })
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let world = World::new();
    world.write("project/.codexa/config.yaml", format!("project:\n  id: {ID}\ndiscovery:\n  threads: 2.0\n"));
    let resolution = world.resolve();
    assert_eq!(resolution.settings.unwrap().discovery.threads, Some(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The located check agrees with a general validator on whether a document fits.
    #[test]
    fn verdicts_agree_with_json_schema(document in document()) {
        let world = World::new();
        world.write("project/.codexa/config.yaml", document.to_string());
        let codes = ["CONFIG_UNKNOWN_KEY", "CONFIG_TYPE", "CONFIG_REQUIRED"];
        let schema_says = jsonschema::is_valid(&config_schema(), &document);
        let found = world.resolve().diagnostics;
        // `CONFIG_VALUE` is also what checks beyond the schema report: ids, versions, groups given twice.
        let beyond = |message: &str| ["UUID", "requirement", "twice"].iter().any(|word| message.contains(word));
        // A departure without a place would be one that the located check missed.
        prop_assert!(found.iter().all(|found| found.code != "CONFIG_SCHEMA"), "{} {:?}", document, found);
        let ours = !found.iter().any(|found| {
            codes.contains(&found.code.as_str()) || (found.code == "CONFIG_VALUE" && !beyond(&found.message))
        });
        prop_assert_eq!(ours, schema_says, "{} {:?}", document, found);
    }
}
