//! Empty means "nothing found": what limits and settings took away is said, and that a model is older than its project.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{Run, codexa};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const FILES: &[(&str, &str)] =
    &[("a.py", "from b import there\n\n\ndef here():\n    return there()\n"), ("b.py", "def there():\n    return 1\n")];

fn discover(folder: &Path, arguments: &[&str]) -> Run {
    let run = codexa(folder, &[&["discover"], arguments].concat());
    assert!(run.code <= 1, "{}", run.transcript());
    run
}

fn answer(folder: &Path, arguments: &[&str]) -> Value {
    let run = codexa(folder, &[arguments, &["--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.transcript());
    run.json()
}

/// What `codexa status` says has changed since the model was made.
fn since(folder: &Path) -> Value {
    answer(folder, &["status"])["since"].clone()
}

/// A repository whose manifests are larger, and name more, than is read.
#[test]
fn what_bounds_cut_from_manifests_is_listed() {
    let targets: String = (0..100).map(|at| format!("\"./gone{at}.js\",")).collect();
    let rules: String = (0..2_000).map(|at| format!("p{at}: $(A)\n\tcc -o $@ $^\n")).collect();
    let makefile = format!("A = {}\nall:\n{rules}", "a.o ".repeat(25_000));
    let package = format!("{{\"name\": \"a\", \"exports\": {{\"./x\": [{targets}\"./last.js\"]}}}}");
    let settings = format!("{{\"compilerOptions\": {{\"paths\": {{\"m\": [{targets}\"./last.js\"]}}}}}}");
    let repository = GitRepository::with_files(&[
        ("tool/Makefile", &makefile),
        ("package.json", &package),
        ("tsconfig.json", &settings),
        ("tool/a.c", "int main() { return 0; }\n"),
        ("m.ts", "import x from 'a/x';\nimport y from './last';\nexport default x;\n"),
        ("last.js", "export default 1;\n"),
    ]);
    let run = discover(repository.path(), &[]);
    assert_eq!(run.code, 1, "{}", run.transcript());
    assert!(repository.read(".codexa/manifests/system_manifest.yaml").contains("  partial: true"));
    let coverage = repository.read(".codexa/manifests/system_model/coverage.yaml");
    let listed = "cut_short:\n  tool/Makefile:\n    - expands to more than is read\n  tsconfig.json:\n    - \
                  \"has more targets of one pattern of `paths` than are looked at\"\nthresholds:\n";
    assert!(coverage.contains(listed), "{coverage}");
    assert!(coverage.contains("m.ts: {cut: [a/x]}"), "{coverage}");
    assert!(
        coverage.contains("manifests and sources cut short in resolving: 2 (tool/Makefile, tsconfig.json)"),
        "{coverage}"
    );
    assert!(coverage.contains("imports not followed to their end: 1"), "{coverage}");
    let shown = codexa(repository.path(), &["show", "coverage"]);
    assert!(shown.stdout.contains("cut short: tool/Makefile expands to more than is read"), "{}", shown.transcript());
    let shown = answer(repository.path(), &["show", "coverage"]);
    assert_eq!(shown["cut_short"]["tool/Makefile"], json!(["expands to more than is read"]));
    assert_eq!(shown["imports"]["declined"]["cut"], 1);

    // A run that resolves nothing anew says the same.
    let manifests = repository.path().join(".codexa/manifests/system_model/coverage.yaml");
    discover(repository.path(), &[]);
    assert_eq!(fs::read_to_string(manifests).unwrap(), coverage);
}

#[test]
fn settings_that_shape_the_model_stand_in_it() {
    let repository = GitRepository::with_files(FILES);
    let config = "version: 1\ndiscovery:\n  skip_paths: [b.py]\n  generated: [gen/]\n  vendored: ['!a.py']\n  \
                  limits: {max_nodes: 9000000000, parse_timeout_ms: 2500, worker_memory_mb: 8192}\n";
    repository.write(".codexa/config.yaml", config);
    discover(repository.path(), &[]);
    let manifest = repository.read(".codexa/manifests/system_manifest.yaml");
    let inputs: Vec<&str> =
        manifest.lines().skip_while(|line| *line != "inputs:").take_while(|line| *line != "summary:").collect();
    let inputs = inputs.join("\n");
    for line in [
        "  skip_paths:\n    - b.py",
        "  generated:\n    - gen/",
        "  vendored:\n    - \"!a.py\"",
        "    parse_max_nodes: 9000000000",
        "    parse_timeout_ms: 2500",
        "    worker_memory_bytes: 8589934592",
        "    manifest_max_bytes: 8388608",
        "    max_files: 1000000",
        "    rust_globs_per_file: 16",
    ] {
        assert!(inputs.contains(line), "{line}\n{inputs}");
    }
    repository.write(".codexa/config.yaml", "version: 1\n");
    discover(repository.path(), &[]);
    let manifest = repository.read(".codexa/manifests/system_manifest.yaml");
    assert!(!["skip_paths", "generated:", "vendored:", "no_ignore"].iter().any(|key| {
        manifest.lines().take_while(|line| *line != "summary:").any(|line| line.trim_start().starts_with(key))
    }));
}

#[test]
fn a_model_that_is_older_than_its_project_says_so() {
    let mut repository = GitRepository::with_files(FILES);
    let folder = repository.path().to_owned();
    repository.write(".codexa/config.yaml", "version: 1\ndiscovery:\n  skip_paths: [skipped/]\n");
    repository.write("skipped/c.py", "");
    repository.commit("more");
    discover(&folder, &[]);
    assert_eq!(
        since(&folder),
        json!({"changed": 0, "new": 0, "gone": 0, "other_settings": false, "other_answers": false})
    );
    let fresh = codexa(&folder, &["status"]);
    assert!(!fresh.stdout.contains("stale"), "{}", fresh.transcript());
    let fresh = codexa(&folder, &["impact", "b.py"]);
    assert_eq!((fresh.code, &*fresh.stderr), (0, ""), "{}", fresh.transcript());
    assert_eq!(answer(&folder, &["impact", "b.py"]).get("stale"), None);

    // What is not tracked, or left out, is no part of the model.
    repository.write("untracked.py", "");
    repository.write("skipped/c.py", "x = 1\n");
    assert_eq!(since(&folder)["new"], 0);

    repository.write("b.py", "def there():\n    return 2\n");
    repository.write("new.py", "");
    repository.git(&["add", "new.py"]);
    fs::remove_file(folder.join("a.py")).unwrap();
    assert_eq!(
        since(&folder),
        json!({"changed": 1, "new": 1, "gone": 1, "other_settings": false, "other_answers": false})
    );
    repository.write(".codexa/config.yaml", "version: 1\n");
    let stale = json!({"changed": 2, "new": 1, "gone": 1, "other_settings": true, "other_answers": false});
    assert_eq!(since(&folder), stale, "the settings of the run say what is left out");
    let status = codexa(&folder, &["status"]);
    let row = "  stale       2 files changed, 1 file new, 1 file gone, other settings since the\n              \
               model was made\n";
    assert!(status.stdout.contains(row), "{}", status.transcript());
    assert!(status.stdout.ends_with("next: codexa discover\n"), "{}", status.transcript());

    let note = "note: the model is older than the project (2 files changed, 1 file new, 1 file gone, other settings): \
                run `codexa discover`\n";
    for question in [&["impact", "b.py"][..], &["show", "edges"], &["show", "coverage"], &["metrics"]] {
        let text = codexa(&folder, question);
        assert_eq!((text.code, &*text.stderr), (0, note), "{}", text.transcript());
        assert_eq!(answer(&folder, question)["stale"], stale, "{question:?}");
    }
    discover(&folder, &[]);
    assert_eq!(
        since(&folder),
        json!({"changed": 0, "new": 0, "gone": 0, "other_settings": false, "other_answers": false})
    );
}

#[test]
fn a_model_of_named_settings_is_measured_by_those() {
    let repository = GitRepository::with_files(FILES);
    repository.write(".codexa/config.yaml", "version: 1\n");
    repository.write("etc/small.yaml", "version: 1\ndiscovery:\n  skip_paths: [b.py]\n");
    let outside = GitRepository::folder();
    let far = outside.path().join("far.yaml");
    fs::write(&far, "version: 1\n").unwrap();
    let fresh = json!({"changed": 0, "new": 0, "gone": 0, "other_settings": false, "other_answers": false});
    for (named, shown) in [("etc/../etc/small.yaml", "etc/small.yaml"), (far.to_str().unwrap(), far.to_str().unwrap())]
    {
        discover(repository.path(), &["--config", named]);
        assert_eq!(since(repository.path()), fresh, "{named}");
        let asked = codexa(repository.path(), &["impact", "a.py"]);
        assert_eq!((asked.code, &*asked.stderr), (0, ""), "{}", asked.transcript());
        let status = answer(repository.path(), &["status"]);
        assert_eq!(status["config"], shown);
        // The project's own take no part, and those that were named do.
        repository.write(".codexa/config.yaml", "version: 1\ndiscovery:\n  mode: quick\n");
        assert_eq!(since(repository.path()), fresh, "{named}");
        fs::write(repository.path().join(named), "version: 1\ndiscovery:\n  mode: quick\n").unwrap();
        assert_eq!(since(repository.path())["other_settings"], true, "{named}");
        let asked = codexa(repository.path(), &["impact", "a.py"]);
        let again = format!("(other settings): run `codexa discover --config {shown}`\n");
        assert!(asked.stderr.ends_with(&again), "{}", asked.transcript());
        let status = codexa(repository.path(), &["status"]);
        assert!(
            status.stdout.ends_with(&format!("next: codexa discover --config {shown}\n")),
            "{}",
            status.transcript()
        );
    }
    let status = codexa(repository.path(), &["status"]);
    assert!(status.stdout.contains("  settings    of --config "), "{}", status.transcript());
    discover(repository.path(), &[]);
    assert_eq!(answer(repository.path(), &["status"]).get("config"), None);
}

#[test]
fn a_model_of_some_files_is_measured_by_those() {
    let repository = GitRepository::with_files(FILES);
    repository.write("README.md", "# words\n");
    repository.git(&["add", "README.md"]);
    discover(repository.path(), &["--mode", "code-only", "--focus", "a.py", "README.md"]);
    repository.write("b.py", "x = 1\n");
    repository.write("README.md", "# other words\n");
    assert_eq!(
        since(repository.path()),
        json!({"changed": 0, "new": 0, "gone": 0, "other_settings": false, "other_answers": false})
    );
    repository.write("a.py", "x = 1\n");
    assert_eq!(since(repository.path())["changed"], 1);
}

#[test]
fn a_model_that_this_version_cannot_read_is_no_missing_one() {
    let repository = GitRepository::with_files(FILES);
    let run = codexa(repository.path(), &["status"]);
    assert!(run.stderr.contains("there is no model of this project here yet"), "{}", run.transcript());
    discover(repository.path(), &[]);
    repository.write(".codexa/state/cache/model", "left by another version");
    let run = codexa(repository.path(), &["status"]);
    assert_eq!(run.code, 2, "{}", run.transcript());
    assert!(
        run.stderr.contains("another version of Codexa, or another folder, left the model"),
        "{}",
        run.transcript()
    );
}

#[test]
fn a_lesser_model_that_takes_the_place_of_a_fuller_one_says_so() {
    let repository = GitRepository::with_files(FILES);
    let json = ["--format", "json"];
    let deep = ["discover", "--mode", "deep"];
    for lesser in [&["--mode", "quick"][..], &["--mode", "code-only"], &["--focus", "a.py"]] {
        let run = codexa(repository.path(), &[&deep[..], &json].concat());
        assert_eq!(run.json().get("replaced"), None, "{lesser:?} {}", run.transcript());
        let run = discover(repository.path(), lesser);
        let row =
            "  replaced    a fuller model (deep, 2 files parsed), which the next command\n              brings back\n";
        assert!(run.stdout.contains(row), "{lesser:?} {}", run.transcript());
        assert!(run.stdout.ends_with("next: codexa discover --mode deep\n"), "{lesser:?} {}", run.transcript());
        let again = discover(repository.path(), lesser);
        assert!(!again.stdout.contains("replaced"), "{lesser:?} {}", again.transcript());
        codexa(repository.path(), &deep);
        let run = discover(repository.path(), &[lesser, &json].concat());
        let replaced = json!({"mode": "deep", "parsed": 2, "command": "codexa discover --mode deep"});
        assert_eq!(run.json()["replaced"], replaced, "{lesser:?} {}", run.transcript());
    }
}
