//! Where settings are found, what extends what, and what each value's origin is.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::settings::DiscoveryMode;
use codexa_config::{Kind, resolve};
use common::{ID, World};

#[test]
fn the_first_folder_upward_is_the_project() {
    let world = World::new();
    world.config("discovery: {mode: quick}\n");
    world
        .write("project/inner/.codexa/config.yaml", format!("project: {{id: {ID}}}\ndiscovery: {{mode: code-only}}\n"));
    world.write("project/inner/a/b/file", "");
    world.write("home/.config/codexa/core.yaml", "discovery: {mode: deep}\n");

    let outer = world.resolve();
    let inner = resolve(&world.options_in("project/inner/a/b")).unwrap();

    assert_eq!(outer.kind, Kind::ProjectOnly);
    assert_eq!(world.value(&outer, "discovery.mode"), "\"quick\" from .codexa/config.yaml:2");
    assert_eq!(inner.root, world.path("project/inner"));
    assert_eq!(inner.ready().unwrap().discovery.mode, DiscoveryMode::CodeOnly);
}

#[test]
fn a_named_project_is_exactly_that_directory() {
    let world = World::new();
    world.config("discovery: {mode: quick}\n");
    world.write("project/sub/file", "");
    let named = |name: &str| {
        let mut options = world.options_in("home");
        options.project = Some(world.path(name));
        resolve(&options).unwrap()
    };

    assert_eq!(named("project").kind, Kind::ProjectOnly);
    assert_eq!(named("project/.codexa").root, world.path("project"));
    assert_eq!(named("project/sub").kind, Kind::BuiltIn);
    let mut options = world.options();
    options.project = Some("missing".into());
    assert!(resolve(&options).is_err());
}

#[test]
fn a_named_file_takes_the_place_of_the_projects_own() {
    let world = World::new();
    world.config("discovery: {mode: quick}\n");
    world.write("project/.codexa/ci.yaml", "extends: config.yaml\ndiscovery: {threads: 2}\n");
    let mut options = world.options_in("project");
    options.config = Some(".codexa/ci.yaml".into());

    let resolution = resolve(&options).unwrap();

    // The project's own file may say who it is, also where another one extends it.
    assert_eq!(world.findings_of(&resolution), [""; 0]);
    assert_eq!(resolution.ready().unwrap().project.id.as_deref(), Some(ID));
    assert_eq!(world.value(&resolution, "discovery.mode"), "\"quick\" from .codexa/config.yaml:2");
}

#[test]
fn the_control_plane_stands_alone_only_where_there_is_no_project() {
    let world = World::new();
    world.write("home/.config/codexa/core.yaml", "discovery: {mode: quick}\n");

    let alone = world.resolve();
    assert_eq!(alone.kind, Kind::GlobalOnly);
    assert_eq!(world.value(&alone, "discovery.mode"), "\"quick\" from /home/.config/codexa/core.yaml:1");
    assert_eq!(alone.provenance.config_root.as_ref().unwrap().path, "control-plane:core.yaml");

    world.config("");
    assert_eq!(world.value(&world.resolve(), "discovery.mode"), "\"deep\" from built in");
}

#[test]
fn xdg_config_home_moves_the_control_plane_unless_it_is_relative() {
    let mut world = World::new();
    world.write("home/.config/codexa/core.yaml", "discovery: {mode: quick}\n");
    world.write("xdg/codexa/core.yaml", "discovery: {mode: code-only}\n");

    world.variables.insert("XDG_CONFIG_HOME".into(), world.path("xdg").display().to_string());
    assert_eq!(world.resolve().settings.unwrap().discovery.mode, DiscoveryMode::CodeOnly);
    world.variables.insert("XDG_CONFIG_HOME".into(), "xdg".into());
    assert_eq!(world.resolve().settings.unwrap().discovery.mode, DiscoveryMode::Quick);
}

#[test]
fn without_any_file_built_in_values_hold_and_a_finding_says_so() {
    let world = World::new();
    let resolution = world.resolve();
    assert_eq!(resolution.kind, Kind::BuiltIn);
    assert!(resolution.ready().is_ok());
    assert_eq!(
        world.findings_of(&resolution),
        ["warning CONFIG_NOT_FOUND no `.codexa/config.yaml` in or above `/project`, and no control plane"]
    );
}

#[test]
fn a_folder_without_its_file_blocks() {
    let world = World::new();
    world.write("project/.codexa/README.md", "");
    let resolution = world.resolve();
    assert!(resolution.ready().is_err());
    assert_eq!(world.findings_of(&resolution), ["error CONFIG_NOT_FOUND `.codexa/config.yaml` does not exist"]);
}

#[test]
fn later_files_win_and_a_shared_base_stays_weakest() {
    let world = World::new();
    world.write("project/.codexa/base.yaml", "discovery: {mode: quick, threads: 1, focus: [base]}\n");
    world.write("project/.codexa/a.yaml", "extends: base.yaml\ndiscovery: {threads: 2, focus: [a]}\n");
    world.write("project/.codexa/b.yaml", "extends: [./base.yaml]\ndiscovery:\n  focus: [b]\n");
    world.config("extends: [a.yaml, b.yaml]\n");

    let resolution = world.resolve();

    let names: Vec<String> = resolution.provenance.extends_chain.iter().map(|file| file.path.clone()).collect();
    assert_eq!(names, [".codexa/base.yaml", ".codexa/a.yaml", ".codexa/b.yaml"]);
    assert_eq!(world.value(&resolution, "discovery.mode"), "\"quick\" from .codexa/base.yaml:1");
    assert_eq!(world.value(&resolution, "discovery.threads"), "2 from .codexa/a.yaml:2");
    assert_eq!(world.value(&resolution, "discovery.focus"), "[\"b\"] from .codexa/b.yaml:3");
    let hidden: Vec<String> =
        resolution.values["discovery.focus"].overridden.iter().map(|given| given.origin.to_string()).collect();
    assert_eq!(hidden, [".codexa/a.yaml:2", ".codexa/base.yaml:1", "built in"]);
}

#[test]
fn every_way_to_name_the_control_plane_leads_there() {
    let world = World::new();
    world.write("home/.config/codexa/core.yaml", "maturity: M1\n");
    world.write("home/.config/codexa/policies/strict.yaml", "extends: ../core.yaml\nmaturity: M2\n");
    for (name, maturity) in [
        ("control-plane", "M1"),
        ("~/.config/codexa/core.yaml", "M1"),
        ("~/.config/codexa", "M1"),
        ("control-plane:policies/strict.yaml", "M2"),
    ] {
        world.config(&format!("extends: {name}\n"));
        let resolution = world.resolve();
        assert_eq!(resolution.kind, Kind::Hybrid, "{name}");
        assert_eq!(resolution.ready().unwrap().maturity.to_string(), maturity, "{name}");
        assert_eq!(resolution.provenance.extends_chain[0].path, "control-plane:core.yaml");
    }
}

#[test]
fn a_cycle_is_shown_as_a_chain_at_the_line_that_closes_it() {
    let world = World::new();
    world.write("project/.codexa/a.yaml", "extends: b.yaml\n");
    world.write("project/.codexa/b.yaml", "# back\nextends: [a.yaml]\n");
    world.config("extends: a.yaml\n");
    assert_eq!(
        world.findings(),
        [
            "error CONFIG_EXTENDS_CYCLE .codexa/b.yaml:2:11:6 `extends` leads back: .codexa/a.yaml -> .codexa/b.yaml -> .codexa/a.yaml | closes the circle"
        ]
    );
}

#[test]
fn nothing_outside_the_project_and_the_control_plane_is_read() {
    let world = World::new();
    let secret = world.write("outside/secret.yaml", "secret: value\n");
    std::os::unix::fs::symlink(&secret, world.path("project/link.yaml")).unwrap();
    world.write("home/.config/codexa/core.yaml", "extends: ../../../project/base.yaml\n");
    world.write("project/base.yaml", "maturity: M1\n");
    for name in [
        "../../outside/secret.yaml",
        secret.to_str().unwrap(),
        "../link.yaml",
        "~/x.yaml",
        "control-plane",
        "/etc/passwd",
        "../../missing.yaml",
    ] {
        world.config(&format!("extends: {name}\n"));
        let found = world.findings();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].starts_with("error CONFIG_EXTENDS_OUTSIDE"), "{found:?}");
    }
}

#[test]
fn the_projects_own_file_may_not_be_a_link_out() {
    let world = World::new();
    let secret = world.write("outside/secret.yaml", "password\n");
    std::fs::create_dir_all(world.path("project/.codexa")).unwrap();
    std::os::unix::fs::symlink(secret, world.path("project/.codexa/config.yaml")).unwrap();
    let resolution = world.resolve();
    assert_eq!(
        world.findings_of(&resolution),
        ["error CONFIG_OUTSIDE `.codexa/config.yaml` is a link that leads outside the project"]
    );
    assert_eq!(resolution.sources().count(), 0);
}

#[test]
fn variables_take_the_type_of_their_setting() {
    let mut world = World::new();
    world.config("discovery: {mode: deep}\n");
    for (name, value) in [
        ("CODEXA_DISCOVERY_MODE", "quick"),
        ("CODEXA_DISCOVERY_THREADS", "4"),
        ("CODEXA_DISCOVERY_SKIP_PATHS", "*.{h,c},vendor/**"),
        ("CODEXA_DISCOVERY_LIMITS_MAX_DEPTH", "500"),
        ("CODEXA_PROJECT_NAME", "12"),
        ("CODEXA_DISCOVERY_BUDGET", ""),
    ] {
        world.variables.insert(name.into(), value.into());
    }
    let resolution = world.resolve();
    let settings = resolution.ready().unwrap();
    assert_eq!(settings.discovery.skip_paths, ["*.{h,c}", "vendor/**"]);
    assert_eq!(settings.discovery.limits.max_depth, 500);
    assert_eq!(settings.project.name.as_deref(), Some("12"));
    assert_eq!(world.value(&resolution, "discovery.threads"), "4 from CODEXA_DISCOVERY_THREADS");
    assert!(!resolution.values.contains_key("discovery.budget"));
}

#[test]
fn variables_that_do_not_fit_or_are_misspelt_are_found() {
    let mut world = World::new();
    world.config("");
    for (name, value) in [
        ("CODEXA_DISCOVERY_MODE", "fast"),
        ("CODEXA_DISCOVERY_THREADS", "many"),
        ("CODEXA_DISCOVERY_FOCUS", "[a"),
        ("CODEXA_DISCOVRY_MODE", "quick"),
        ("CODEXA_OF_SOMEONE_ELSE", "1"),
    ] {
        world.variables.insert(name.into(), value.into());
    }
    insta::assert_snapshot!(world.findings().join("\n"));
}

#[test]
fn provenance_names_files_the_same_way_on_every_machine() {
    let hashes = || {
        let world = World::new();
        world.write("home/.config/codexa/core.yaml", "maturity: M1\n");
        world.write("home/.config/codexa/VERSION", "1.2.0\n");
        world.config("extends: control-plane\n");
        world.resolve().provenance
    };
    let (here, there) = (hashes(), hashes());
    assert_eq!(here, there);
    insta::assert_json_snapshot!(here, {".template_hash" => "[hash]", ".settings_hash" => "[hash]"});
}

#[test]
fn templates_of_an_inherited_control_plane_change_the_template_hash() {
    let world = World::new();
    world.write("home/.config/codexa/core.yaml", "");
    world.write("home/.config/codexa/templates/codexa/rules/review.md", "# Review\n");
    world.config("");
    let alone = world.resolve().provenance.template_hash;
    world.config("extends: control-plane\n");
    assert_ne!(world.resolve().provenance.template_hash, alone);
}
