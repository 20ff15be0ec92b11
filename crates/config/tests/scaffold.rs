//! `.codexa/` as `init` makes it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::control_plane::Plane;
use codexa_config::metadata::ProjectMetadata;
use codexa_config::scaffold::{Plan, ScaffoldError, Templates};
use codexa_config::schema::{config_schema, project_metadata_schema};
use codexa_config::settings::Maturity;
use codexa_config::yaml::{Budget, Data, Node, parse};
use codexa_config::{Settings, resolve};
use common::{ID, World};

fn plan(world: &World, maturity: Maturity) -> Plan {
    Plan {
        root: world.path("project"),
        maturity,
        name: "a \"quoted\"\n{{id}} name: #1".to_owned(),
        id: ID.parse().unwrap(),
        extends: Vec::new(),
        templates: Templates::load(None),
    }
}

#[test]
fn a_new_folder_has_nothing_to_find_at_any_level() {
    for maturity in [Maturity::M0, Maturity::M1, Maturity::M2] {
        let world = World::new();
        let outcomes = plan(&world, maturity).carry_out(false).unwrap();
        assert!(outcomes.iter().all(|file| file.created));

        let resolution = world.resolve();
        assert_eq!(resolution.diagnostics, []);
        let settings = resolution.ready().unwrap();
        assert_eq!(settings.maturity, maturity);
        assert_eq!(settings.project.id.as_deref(), Some(ID));
        assert_eq!(settings.project.name.as_deref(), Some("a \"quoted\"\n{{id}} name: #1"));

        let metadata = parse(&world.read("project/.codexa/project_metadata.yaml"), Budget::SETTINGS).unwrap();
        let metadata: ProjectMetadata = serde_json::from_value(metadata.to_json()).unwrap();
        assert_eq!(metadata.maturity.next_level, maturity.next());
        assert_eq!(metadata.maturity.criteria.is_empty(), maturity == Maturity::M2);
        assert_eq!(metadata.scaffold.unwrap().template_hash, resolution.provenance.template_hash);
    }
}

/// A document as other readers of YAML see it: what is left empty is null.
fn as_others_read(text: &str) -> serde_json::Value {
    fn json(node: &Node) -> serde_json::Value {
        match &node.data {
            Data::Scalar { value, .. } => value.clone(),
            Data::List(items) => items.iter().map(json).collect(),
            Data::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), json(&entry.node))).collect(),
        }
    }
    json(&parse(text, Budget::SETTINGS).unwrap())
}

#[test]
fn new_files_fit_their_published_schemas() {
    for maturity in [Maturity::M0, Maturity::M2] {
        let world = World::new();
        plan(&world, maturity).carry_out(false).unwrap();
        Plane::at(world.options().control_plane().unwrap()).init(false).unwrap();
        for (schema, path) in [
            (config_schema(), "project/.codexa/config.yaml"),
            (project_metadata_schema(), "project/.codexa/project_metadata.yaml"),
            (config_schema(), "home/.config/codexa/core.yaml"),
        ] {
            let document = as_others_read(&world.read(path));
            let verdict = jsonschema::validator_for(&schema).unwrap().validate(&document).map_err(|e| e.to_string());
            assert_eq!(verdict, Ok(()), "{path}");
        }
    }
}

#[test]
fn what_stands_in_the_way_is_named_and_nothing_is_written() {
    type Obstacle = fn(&World);
    let obstacles: [(&str, Obstacle); 6] = [
        ("`.codexa` is in the way: it is not a folder", |world| drop(world.write("project/.codexa", "a file"))),
        ("`.codexa` is in the way: it is not a folder", |world| {
            std::os::unix::fs::symlink("nowhere", world.path("project/.codexa")).unwrap();
        }),
        ("`.codexa/config.yaml` is in the way: it is not a file", |world| {
            std::fs::create_dir_all(world.path("project/.codexa/config.yaml")).unwrap();
        }),
        ("`.codexa/config.yaml` is in the way: it is not a file", |world| {
            std::fs::create_dir(world.path("project/.codexa")).unwrap();
            std::os::unix::fs::symlink("nowhere", world.path("project/.codexa/config.yaml")).unwrap();
        }),
        ("`.codexa/workflows` is in the way: it is not a folder", |world| {
            world.write("project/.codexa/workflows", "a file");
        }),
        ("`.codexa/rules/people.yaml` is in the way: it is not a file", |world| {
            std::fs::create_dir_all(world.path("project/.codexa/rules/people.yaml")).unwrap();
        }),
    ];
    for (expected, put) in obstacles {
        let world = World::new();
        put(&world);
        for dry_run in [true, false] {
            let error = plan(&world, Maturity::M0).carry_out(dry_run).unwrap_err();
            let said = error.to_string().replace(&format!("{}/", world.path("project").display()), "");
            assert_eq!(said, expected);
        }
        assert!(!world.path("project/.codexa/README.md").exists(), "{expected}");
    }
}

#[test]
fn the_same_plan_makes_the_same_bytes() {
    let made = || {
        let world = World::new();
        plan(&world, Maturity::M1).carry_out(false).unwrap();
        (world.read("project/.codexa/config.yaml"), world.read("project/.codexa/project_metadata.yaml"))
    };
    assert_eq!(made(), made());
}

#[test]
fn commented_settings_show_the_built_in_values() {
    let world = World::new();
    plan(&world, Maturity::M0).carry_out(false).unwrap();
    let text = world.read("project/.codexa/config.yaml");
    // `budget`, `generated`, `phases` and `milestones` have nothing built in: they show an example.
    let built_in = ["mode", "focus", "skip_paths", "context", "vendored", "coverage", "limits", "worker_memory_mb"];
    let uncommented = text.lines().filter_map(|line| {
        let (indent, setting) = line.split_once("# ")?;
        let key = setting.trim_start().split_once(':')?.0;
        (built_in.contains(&key) || key.starts_with("max_") || key.ends_with("_ms"))
            .then(|| format!("{indent}{setting}"))
    });
    let yaml = format!("discovery:\n{}\n", uncommented.collect::<Vec<_>>().join("\n"));
    let tree = parse(&yaml, Budget::SETTINGS).unwrap();
    let shown: Settings = serde_json::from_value(tree.to_json()).unwrap();
    assert_eq!(shown, Settings::default());
    assert!(yaml.contains("worker_memory_mb") && yaml.contains("mode"), "{yaml}");
}

#[test]
fn what_is_there_stays() {
    let world = World::new();
    world.write("project/.codexa/config.yaml", "maturity: M2\n");
    world.write("project/.codexa/rules/people.yaml", "mine\n");
    let outcomes = plan(&world, Maturity::M0).carry_out(false).unwrap();

    assert_eq!(world.read("project/.codexa/config.yaml"), "maturity: M2\n");
    assert_eq!(world.read("project/.codexa/rules/people.yaml"), "mine\n");
    let kept: Vec<&str> = outcomes.iter().filter(|file| !file.created).map(|file| file.path.as_str()).collect();
    assert_eq!(kept, [".codexa/config.yaml", ".codexa/rules/people.yaml"]);
    // The metadata follows the level that the file there says.
    assert!(world.read("project/.codexa/project_metadata.yaml").contains("level: M2"));
    assert!(plan(&world, Maturity::M0).carry_out(false).unwrap().iter().all(|file| !file.created));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let world = World::new();
    let said = plan(&world, Maturity::M0).carry_out(true).unwrap();
    assert!(!world.path("project/.codexa").exists());
    assert_eq!(plan(&world, Maturity::M0).carry_out(false).unwrap(), said);
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_project() {
    for link in ["project/.codexa", "project/.codexa/agents"] {
        let world = World::new();
        std::fs::create_dir(world.path("outside")).unwrap();
        std::fs::create_dir_all(world.path(link).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(world.path("outside"), world.path(link)).unwrap();
        let error = plan(&world, Maturity::M0).carry_out(false).unwrap_err();
        assert!(matches!(error, ScaffoldError::Outside { .. }), "{error}");
        assert_eq!(std::fs::read_dir(world.path("outside")).unwrap().count(), 0);
    }
}

#[test]
fn templates_of_the_control_plane_replace_and_add() {
    let world = World::new();
    world.write("home/.config/codexa/core.yaml", "");
    world.write("home/.config/codexa/templates/codexa/rules/review.md", "Reviews of {{name}}\n");
    world.write("home/.config/codexa/templates/codexa/README.md", "Ours\n");
    let mut plan = plan(&world, Maturity::M0);
    plan.name = "probe".to_owned();
    plan.extends = vec!["control-plane".to_owned()];
    plan.templates = Templates::load(world.options().control_plane().as_deref());
    plan.carry_out(false).unwrap();

    assert_eq!(world.read("project/.codexa/README.md"), "Ours\n");
    assert_eq!(world.read("project/.codexa/rules/review.md"), "Reviews of \"probe\"\n");
    let resolution = resolve(&world.options()).unwrap();
    assert_eq!(resolution.diagnostics, []);
    assert_eq!(resolution.provenance.extends_chain[0].path, "control-plane:core.yaml");
}
