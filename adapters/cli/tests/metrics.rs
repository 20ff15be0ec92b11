//! `codexa metrics`. That its numbers are those of the tools is tested in codexa-profiles.

use codexa_testkit::cli::World;

fn world() -> World {
    let world = World::new(env!("CARGO_BIN_EXE_codexa"));
    world.write("project/src/a.py", "def f(a):\n    return a + 1 if a else 0\n\n\nclass B:\n    pass\n");
    world.write("project/src/broken.py", "def f(:\n");
    world
}

#[test]
fn json_has_the_other_tools_own_shape() {
    let world = world();
    let run = world.run(&["metrics", "--profile", "radon-cc", "--format", "json", "src"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    assert!(report.get("schema").is_none());
    assert_eq!(report["src/a.py"][0]["name"], "f");
    assert_eq!(report["src/a.py"][0]["complexity"], 2);
    assert_eq!(report["src/a.py"][1]["type"], "class");
    assert_eq!(report["src/broken.py"]["error"], "invalid syntax (<unknown>, line 1)");
    let report = world.run(&["metrics", "--profile", "tokei", "--format", "json", "src"]).json();
    assert_eq!(report["Total"]["code"], 5);
    let report = world.run(&["metrics", "--profile", "pygount", "--format", "json", "src/a.py"]).json();
    assert_eq!(report["summary"]["totalCodeCount"], 3);
}

#[test]
fn text_is_a_table_for_every_profile() {
    let world = world();
    for profile in ["radon-cc", "radon-raw", "radon-mi", "radon-hal", "pygount", "tokei"] {
        let run = world.run(&["metrics", "--profile", profile, "src"]);
        assert_eq!(run.code, 0, "{profile}: {}", run.stderr);
        assert!(run.stdout.lines().count() > 2, "{profile}: {}", run.stdout);
    }
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let run = world().run(&["metrics", "--profile", "radon-mi", "nowhere"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("METRICS_PATH") && run.stderr.contains("nowhere"), "{}", run.stderr);
}

#[test]
fn a_profile_that_does_not_exist_lists_those_that_do() {
    let run = world().run(&["metrics", "--profile", "sloc", "src"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("radon-cc"), "{}", run.stderr);
}
