//! `codexa doctor` and `codexa doctor config`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;

const ID: &str = "8f0f1b6e-5f0c-4f39-9d5e-0b3a1d1f2a3b";

/// A project that inherits from the control plane and from a file of its own, with variables and overrides.
fn hybrid() -> World {
    let world = World::new();
    world.run(&["init", "--name", "probe"]);
    world.write("home/.config/codexa/core.yaml", "discovery:\n  threads: 4\n  skip_paths: [third_party/]\n");
    world.write("home/.config/codexa/VERSION", "1.2.0\n");
    world.write("project/.codexa/team.yaml", "extends: control-plane\ndiscovery:\n  skip_paths: [vendor/]\n");
    world.write(
        "project/.codexa/config.yaml",
        format!(
            "version: 1\nproject:\n  id: {ID}\n  name: probe\nmaturity: M0\nextends: team.yaml\n\
             control_plane:\n  version: ^1.2\ndiscovery:\n  mode: quick\n"
        ),
    );
    world
}

#[test]
fn lineage_origins_and_hashes_of_a_hybrid_project() {
    let world = hybrid();
    let run = world.run_with(&[("CODEXA_DISCOVERY_THREADS", "2")], &["doctor", "config"]);
    insta::assert_snapshot!("hybrid", run.transcript());

    let json = world.run(&["doctor", "config", "--format", "json"]).json();
    assert_eq!(json["schema"], "codexa/doctor-config@1");
    assert_eq!(json["provenance"]["extends_chain"][0]["path"], "control-plane:core.yaml");
    assert_eq!(json["provenance"]["config_root"]["path"], ".codexa/config.yaml");
    assert_eq!(json["provenance"]["template_hash"].as_str().unwrap().len(), 64);
    let skip = &json["values"]["discovery.skip_paths"];
    assert_eq!(skip["origin"]["file"], ".codexa/team.yaml");
    assert_eq!(skip["origin"]["line"], 3);
    assert_eq!(skip["overridden"][0]["value"][0], "third_party/");
}

#[test]
fn exit_codes_follow_the_gravest_finding() {
    let world = hybrid();
    assert_eq!(world.run(&["doctor", "config"]).code, 0);
    std::fs::remove_file(world.project().join(".codexa/README.md")).unwrap();
    assert_eq!(world.run(&["doctor", "config"]).code, 1);
    world.write("home/.config/codexa/VERSION", "2.0.0\n");
    assert_eq!(world.run(&["doctor", "config"]).code, 2);
    assert_eq!(world.run(&["doctor", "config", "--project", "nowhere"]).code, 2);
}

#[test]
fn errors_show_the_source_line_and_the_mark() {
    let world = World::new();
    world.run(&["init"]);
    world.write(
        "project/.codexa/config.yaml",
        format!("version: 1\nproject:\n  id: {ID}\ndiscovery:\n  skip_path: [\"vendor/\"]\n\textends: x\n"),
    );
    insta::assert_snapshot!("syntax", world.run(&["doctor", "config"]).transcript());
    world.write(
        "project/.codexa/config.yaml",
        format!(
            "version: 1\nproject:\n  id: {ID}\ndiscovery:\n  skip_path: [\"vendor/\"]\n  focus: 日本\nextends: [a.yaml, ../../out.yaml]\n"
        ),
    );
    world.write("project/.codexa/a.yaml", "extends: config.yaml\n");
    insta::assert_snapshot!("findings", world.run(&["doctor", "config"]).transcript());
}

#[test]
fn a_place_is_the_same_in_both_formats() {
    let world = World::new();
    let far = format!("discovery: {{focus: [{}7]}}\n", "'some/long/path/**', ".repeat(60));
    for text in ["discovery: {\tmode: depp}\n", "discovery: {focus: ['\u{202e}', 7]}\n", far.as_str()] {
        world.write("project/.codexa/config.yaml", format!("project:\n  id: {ID}\n{text}"));
        let place = &world.run(&["doctor", "config", "--format", "json"]).json()["findings"][0]["location"];
        let shown = world.run(&["doctor", "config"]).stdout;
        let expected = format!("--> .codexa/config.yaml:{}:{}\n", place["line"], place["column"]);
        assert!(shown.contains(&expected), "{expected}{shown}");
    }
}

#[test]
fn values_and_their_origins_fit_the_width() {
    let world = hybrid();
    let long =
        [("CODEXA_DISCOVERY_LIMITS_WORKER_MEMORY_MB", "512"), ("CODEXA_DISCOVERY_SKIP_PATHS", "vendor/**,third/**")];
    let run = world.run_with(&long, &["doctor", "config"]);
    insta::assert_snapshot!("width", run.transcript());
    let values = run.stdout.lines().take_while(|line| !line.starts_with("note["));
    assert_eq!(values.filter(|line| line.chars().count() > 80).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_people_write_beside_the_settings_blocks_when_it_is_broken() {
    let world = World::new();
    world.run(&["init", "--name", "probe"]);
    world.write("project/.codexa/workflows/build.yaml", "garbage: [\n");
    insta::assert_snapshot!("workflow", world.run(&["doctor", "config"]).transcript());
    assert_eq!(world.run(&["discover"]).code, 2);
}

#[test]
fn a_settings_file_that_cannot_be_read_has_a_next_step() {
    let world = World::new();
    world.write("project/.codexa", "a file\n");
    insta::assert_snapshot!("unreadable", world.run(&["doctor", "config"]).transcript());
    insta::assert_snapshot!("named", world.run(&["doctor", "config", "--config", "nope.yaml"]).transcript());
}

#[test]
fn the_files_to_read_are_those_that_discovery_reads() {
    let world = World::new();
    world.run(&["init", "--name", "probe"]);
    world.write("project/main.c", "int main(void) { return 0; }\n");
    world.write("project/readme.md", "# probe\n");
    let files = || {
        let json = world.run(&["doctor", "--format", "json"]).json();
        json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "files").unwrap().clone()
    };
    let config = |rest: &str| {
        world.write("project/.codexa/config.yaml", format!("project: {{id: {ID}}}\ndiscovery: {rest}\n"));
    };
    for rest in ["{}", "{skip_paths: ['*.md']}", "{focus: ['*.c']}"] {
        config(rest);
        let discover = world.run(&["discover", "--format", "json"]).json();
        assert_eq!(files()["detail"], format!("{} to read", discover["files"]), "{rest}");
    }
    assert_eq!(files()["detail"], "1 to read");
    for rest in ["{skip_paths: ['**']}", "{focus: ['zz/**']}"] {
        config(rest);
        let said = files();
        let discover = world.run(&["discover", "--format", "json"]);
        assert_eq!((&said["state"], discover.code), (&"blocks".into(), 2), "{rest}");
        assert_eq!(said["detail"], discover.json()["message"], "{rest}");
    }
    config("{}");
    world.write("project/.gitignore", "*.c\n*.md\n.*\n");
    assert_eq!(files()["detail"], world.run(&["discover", "--format", "json"]).json()["message"]);
}

#[test]
fn only_the_control_plane_or_nothing_at_all() {
    let world = World::new();
    insta::assert_snapshot!("nothing", world.run(&["doctor", "config"]).transcript());
    world.run(&["control-plane", "init"]);
    let json = world.run(&["doctor", "config", "--format", "json"]).json();
    assert_eq!((&json["kind"], &json["ok"]), (&"global-only".into(), &true.into()));
}

#[test]
fn control_characters_in_a_file_reach_no_terminal() {
    let world = World::new();
    world.write("project/.codexa/config.yaml", "version: 1\n\"\u{1b}[31mred\u{202e}\": \"\u{9b}2J\"\n");
    for arguments in [&["doctor", "config"][..], &["doctor"], &["doctor", "config", "--format", "json"]] {
        let run = world.run(arguments);
        let safe =
            |text: &str| text.chars().all(|c| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
        assert!(!run.stdout.is_empty() && safe(&run.stdout) && safe(&run.stderr), "{:?}", run.stdout);
    }
}

#[test]
fn the_environment_is_checked_without_running_what_the_project_brings() {
    let world = World::new();
    world.run(&["init"]);
    let canary = world.project().join("canary");
    let fake = world.write("project/bin/git", format!("#!/bin/sh\ntouch {}\n", canary.display()));
    std::fs::set_permissions(&fake, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:.:bin:/usr/bin:/bin", world.project().join("bin").display());
    let json = world.run_with(&[("PATH", &path)], &["doctor", "--format", "json"]).json();
    assert!(!canary.exists());
    let checks: Vec<&str> =
        json["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(checks, ["git", "repository", "files", "permissions", "disk", "caches", "parsers"]);
}

#[test]
fn long_details_are_wrapped() {
    let world = World::new();
    world.run(&["init", "--name", "probe"]);
    world.write("project/.codexa/config.yaml", format!("project: {{id: {ID}}}\ndiscovery: {{skip_paths: ['**']}}\n"));
    let shown = world.run(&["doctor"]).stdout;
    let wide: Vec<&str> =
        shown.lines().filter(|line| line.chars().count() > 80 && !line.contains("[PROJECT]")).collect();
    assert_eq!(wide, [""; 0]);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("the configuration leaves out every file; `**` leaves out the most"), "{shown}");
    assert!(words.contains("files: narrow the pattern in `discovery.skip_paths`"), "{shown}");
}

#[test]
fn a_rule_that_hides_everything_is_named() {
    let world = World::new();
    world.run(&["init"]);
    std::process::Command::new("git").args(["init", "-q"]).current_dir(world.project()).status().unwrap();
    world.write("project/main.c", "int main(void) { return 0; }\n");
    world.write("project/.gitignore", "# all\n*\n");
    let run = world.run(&["doctor", "--format", "json"]);
    let json = run.json();
    let files = json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "files").unwrap().clone();
    assert_eq!(files["state"], "blocks", "{files}");
    let detail = files["detail"].as_str().unwrap();
    assert!(detail.contains("`*`") && detail.contains(".gitignore:2"), "{files}");
    assert_eq!(run.code, 2);
}
