//! `codexa metrics`. That its numbers are those of the tools is tested in codexa-profiles.

use codexa_testkit::cli::World;

fn world() -> World {
    let world = World::new();
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

/// A file whose measures can be told by hand: `def f(a): return a + 1 if a else 0` has 2 paths; Halstead's operators are
/// those tokens that are no names and no literals.
#[test]
fn without_a_profile_the_model_answers_with_every_measure() {
    let world = world();
    world.write("project/src/empty.py", "");
    world.write("project/src/torn.py", "x = = 1 ) (\n\n\ndef f():\n    pass\n");
    world.write("project/src/told.py", "def f(a):\n    \"\"\"Told.\"\"\"\n    return a\n\n\ndef g(b):\n    return b\n");
    assert_eq!(world.run(&["discover"]).code, 0);
    let answer = world.run(&["metrics", "--format", "json"]).json();
    assert_eq!(answer["schema"], "codexa/metrics@1");
    let file = |path: &str| {
        let files = answer["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} in {answer}")).clone()
    };
    let a = file("src/a.py");
    assert_eq!((&a["code"], &a["functions"], &a["cyclomatic"]), (&4.into(), &1.into(), &2.into()));
    let (n1, n2) = (a["halstead"]["operators"].as_f64().unwrap(), a["halstead"]["operands"].as_f64().unwrap());
    let distinct =
        a["halstead"]["distinct_operators"].as_f64().unwrap() + a["halstead"]["distinct_operands"].as_f64().unwrap();
    let volume = (n1 + n2) * distinct.log2();
    let index = (171.0 - 5.2 * volume.ln() - 0.23 * 2.0 - 16.2 * 4.0_f64.ln()) * 100.0 / 171.0;
    assert!((a["halstead"]["volume"].as_f64().unwrap() - volume).abs() < 0.01, "{a}");
    assert!((a["maintainability"].as_f64().unwrap() - index).abs() < 0.01, "{a}");
    let told = file("src/told.py");
    assert_eq!((&told["public"], &told["documented"]), (&2.into(), &1.into()));
    assert_eq!(file("src/empty.py")["maintainability"], 100.0);
    assert!(file("src/torn.py")["parsed"].as_f64().unwrap() < 1.0);
    let text = world.run(&["metrics", "src/told.py"]);
    assert!(text.stdout.contains("50.0 %") && !text.stdout.contains("a.py"), "{}", text.stdout);
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
