//! Empty means "nothing found": what limits and settings took away is said, and that a model is older than its project.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{Run, codexa};
use serde_json::{Value, json};
use std::collections::BTreeMap;
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
fn what_is_not_tracked_and_had_a_say_is_looked_at_too() {
    let mut repository = GitRepository::with_files(FILES);
    repository.write(".gitignore", "notes/\ncoverage.xml\n");
    repository.write(".codexa/config.yaml", "version: 1\ndiscovery:\n  context: [notes/*.md]\n");
    repository.commit("settings");
    let report = |hits: u32| {
        format!("<coverage><class filename=\"b.py\"><line number=\"2\" hits=\"{hits}\"/></class></coverage>\n")
    };
    repository.write("notes/plan.md", "# What there is\n");
    repository.write("coverage.xml", report(1));
    discover(repository.path(), &[]);
    let counts = |repository: &GitRepository| {
        let since = since(repository.path());
        [since["changed"].clone(), since["new"].clone(), since["gone"].clone()]
    };
    assert_eq!(counts(&repository), [0, 0, 0]);
    repository.write("coverage.xml", report(0));
    assert_eq!(counts(&repository), [1, 0, 0]);
    repository.write("notes/plan.md", "# What there will be\n");
    assert_eq!(counts(&repository), [2, 0, 0]);
    fs::remove_file(repository.path().join("coverage.xml")).unwrap();
    assert_eq!(counts(&repository), [1, 0, 1]);
    discover(repository.path(), &[]);
    assert_eq!(counts(&repository), [0, 0, 0]);
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

/// Code of several languages. What stands behind `¶` on a line is said of it.
const TOLD: &[(&str, &str)] = &[
    (
        "shop/orders.py",
        r#"¶# What an order is.
¶"""Orders.
¶
¶They have lines.
¶"""
from shop.prices import price_of


class Order:
¶    """One order."""

    def order_total(self, lines):  ¶# FIXME: rounds
¶        '''Sum.'''
        return sum(price_of(line) for line in lines)

¶    # TODO(kim): currencies

    def order_close(self):
        return "closed"
"#,
    ),
    (
        "shop/prices.py",
        r#"def price_of(line):
¶    """In cents."""
    return line.cents
"#,
    ),
    (
        "shop/basket.py",
        "from shop.orders import Order\n\n\ndef basket_close(basket):\n¶    # ends\n    return Order().order_close()\n",
    ),
    (
        "web/cart.ts",
        "¶/**\n¶ * A cart.\n¶ */\nexport class Cart {\n¶  /** Things. */\n  count(): number {\n    return 1; ¶// one\n  }\n}\n",
    ),
    (
        "web/page.js",
        "¶// A page.\nimport { Cart } from './cart';\n\nexport function page() {\n  return new Cart();\n}\n",
    ),
    ("core/src/lib.rs", "¶//! The core.\n¶\n¶/// Adds.\npub fn add(a: u8, b: u8) -> u8 {\n    a + b ¶// sum\n}\n"),
    ("core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("cmd/main.go", "¶// Package main starts it.\npackage main\n\n¶/* main\n¶does all */\nfunc main() {}\n"),
    (
        "java/Till.java",
        "package till;\n\n¶/** Takes money. */\npublic class Till {\n¶    /** Opens. */\n    public void open() {} ¶// it\n}\n",
    ),
    ("legacy/page.php", "<?php\n¶/** A page. */\nfunction page() {\n¶    // nothing\n    return 1;\n}\n"),
    ("legacy/job.rb", "¶# A job.\ndef job\n  1 ¶# one\nend\n"),
    ("legacy/run.sh", "#!/bin/sh\n¶# Runs.\nrun() {\n  echo 1\n}\nrun\n"),
    ("legacy/io.c", "¶/* Input. */\nint io_read(void) {\n  return 1; ¶/* one */\n}\n"),
    (
        "legacy/Form.cs",
        "¶/// <summary>A form.</summary>\npublic class Form {\n  public int Size() { return 1; } ¶// one\n}\n",
    ),
];

/// That code with all that is said of it, documents and tests, or without.
fn told(is_told: bool) -> GitRepository {
    let mut repository = GitRepository::empty();
    for (path, text) in TOLD {
        let line = |line: &str| match line.split_once('¶') {
            _ if is_told => Some(line.replace('¶', "")),
            Some((code, _)) => Some(code.trim_end().to_owned()).filter(|code| !code.is_empty()),
            None => Some(line.to_owned()),
        };
        let lines: Vec<String> = text.lines().filter_map(line).collect();
        repository.write(path, lines.join("\n") + "\n");
    }
    if is_told {
        repository.write("README.md", "# Shop\n\n## How prices are made\n");
        repository.write("docs/cart.md", "# The cart\n");
        repository.write("tests/test_orders.py", "from shop.orders import Order\n\n\ndef test_order():\n    Order()\n");
        repository.write("cmd/main_test.go", "package main\n");
    }
    repository.commit("first");
    for path in ["shop/orders.py", "shop/prices.py"] {
        repository.write(path, repository.read(path) + "\n\nclosed = True\n");
    }
    if is_told {
        repository.write("docs/cart.md", "# The cart and its lines\n");
    }
    repository.commit("Fix totals");
    repository
}

/// What tells of the content itself (ids of commits do), or of how much was left out.
fn is_of_content(line: &str) -> bool {
    ["basis_commit", "bytes_parsed", "Fixed: `", "documents and tests, and all comments, were not"]
        .iter()
        .any(|of_content| line.contains(of_content))
}

/// Everything that a run of code alone says, file by file and answer by answer, but for that.
fn said_of_code(repository: &GitRepository) -> BTreeMap<String, Vec<String>> {
    discover(repository.path(), &["--mode", "code-only"]);
    let mut said = BTreeMap::new();
    let mut left = vec![repository.path().join(".codexa/manifests")];
    while let Some(at) = left.pop() {
        for path in fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(repository.path()).unwrap().display().to_string();
                said.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    for question in
        ["components", "intents", "dependencies", "hotspots", "zones", "owners", "couplings", "risks", "tests"]
    {
        let answer = answer(repository.path(), &["show", question]);
        said.insert(question.to_owned(), serde_json::to_string_pretty(&answer).unwrap());
    }
    for arguments in [&["metrics"][..], &["show", "coverage"]] {
        said.insert(arguments.join(" "), codexa(repository.path(), arguments).stdout);
    }
    let lines = |text: String| text.lines().filter(|line| !is_of_content(line)).map(str::to_owned).collect();
    said.into_iter().map(|(name, text)| (name, lines(text))).collect()
}

#[test]
fn code_alone_is_the_same_whatever_is_said_of_it() {
    let (told, bare) = (told(true), told(false));
    let (of_told, of_bare) = (said_of_code(&told), said_of_code(&bare));
    assert_eq!(of_told.keys().collect::<Vec<_>>(), of_bare.keys().collect::<Vec<_>>());
    for (name, said) in of_told {
        assert_eq!(said, of_bare[&name], "{name}");
    }
    // What could not be known is said, and is no zero.
    let coverage = told.read(".codexa/manifests/system_model/coverage.yaml");
    assert!(coverage.contains("code-only: 4 documents and tests, and all comments, were not looked at"), "{coverage}");
    assert!(!told.read(".codexa/manifests/system_manifest.yaml").contains("comments: "));
    let row = &answer(told.path(), &["metrics"])["files"][0];
    assert!(row.get("comments").is_none() && row.get("documented").is_none(), "{row}");
    assert!(answer(told.path(), &["show", "symbols"])["symbols"][0].get("documented").is_none());
    // A run that looks at all of it finds all of it.
    discover(told.path(), &["--mode", "deep"]);
    assert!(told.read(".codexa/manifests/system_manifest.yaml").contains(", comments: "));
    let files = answer(told.path(), &["metrics"])["files"].clone();
    let orders = files.as_array().unwrap().iter().find(|row| row["path"] == "shop/orders.py").unwrap().clone();
    assert_eq!((&orders["comments"], &orders["documented"]), (&2.into(), &2.into()));
}
