//! What every question takes: paths from anywhere, kinds that there are, shares up to the whole.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

use codexa_testkit::cli::World;

/// A project with a folder in it, discovered.
fn world() -> World {
    let world = World::new();
    world.run(&["init", "--name", "probe"]);
    world.write("project/app/main.py", "from app.tools import helper\n\n\ndef run():\n    return helper()\n");
    world.write("project/app/tools.py", "def helper():\n    return 1\n");
    world.write("project/app/__init__.py", "");
    world.write("project/tools.py", "def other():\n    return 2\n");
    let run = world.run(&["discover"]);
    assert_eq!(run.code, 0, "{} {}", run.stdout, run.stderr);
    world
}

#[test]
fn a_path_may_be_named_from_where_one_stands() {
    let world = world();
    let absolute = world.project().join("app/tools.py").display().to_string();
    let symbol = format!("{absolute}:helper");
    for (folder, typed, meant) in [
        ("app", "tools.py", "app/tools.py"),
        ("app", "./tools.py", "app/tools.py"),
        ("app", "../tools.py", "tools.py"),
        ("app", "app/tools.py", "app/tools.py"),
        ("app", "tools.py:helper", "app/tools.py:helper"),
        ("app", ".", "app/"),
        ("", "tools.py", "tools.py"),
        ("", &absolute, "app/tools.py"),
        ("app", &symbol, "app/tools.py:helper"),
    ] {
        let run = world.run_in(&world.project().join(folder), &["impact", typed, "--format", "json"]);
        let target = run.json()["target"].clone();
        let symbol = target["symbol"].as_str().map(|name| format!(":{name}")).unwrap_or_default();
        assert_eq!(format!("{}{symbol}", target["path"].as_str().unwrap_or_default()), meant, "{folder} {typed}");
    }
    for arguments in [&["show", "symbols", "--from", "tools.py"][..], &["metrics", "tools.py"]] {
        let run = world.run_in(&world.project().join("app"), arguments);
        assert!(run.stdout.contains("app/tools.py"), "{arguments:?} {}", run.stdout);
    }
    let edges = world.run_in(
        &world.project().join("app"),
        &["show", "edges", "--to", "tools.py", "--from", "main.py", "--format", "json"],
    );
    assert_eq!(edges.json()["edges"].as_array().unwrap().len(), 1);
    assert_eq!(world.run_in(&world.project().join("app"), &["impact", "/etc/hostname"]).code, 2);
}

#[test]
fn a_kind_of_symbol_that_there_is_not_is_named() {
    let world = world();
    insta::assert_snapshot!(world.run(&["show", "symbols", "--kind", "nonsense"]).transcript());
    // Here there is none of a kind that there is.
    assert_eq!(world.run(&["show", "symbols", "--kind", "function", "--name", "nobody"]).code, 0);
}

#[test]
fn an_empty_focus_is_no_focus() {
    let run = world().run(&["discover", "--focus", "", "--format", "json"]);
    assert_eq!((run.code, &run.json()["code"]), (2, &"CONFIG_GLOB".into()));
}
