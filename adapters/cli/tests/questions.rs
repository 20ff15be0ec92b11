//! Questions about a model, through the real binary: what a name means, and what is said where nobody looked.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;

fn discovered(repository: GitRepository, arguments: &[&str]) -> GitRepository {
    let run = codexa(repository.path(), &[&["discover"], arguments].concat());
    assert!(run.code <= 1, "{}", run.transcript());
    repository
}

/// One symbol of each way to write a name.
fn names() -> GitRepository {
    GitRepository::with_files(&[
        ("go.mod", "module example.com/gin\n\ngo 1.22\n"),
        ("context.go", "package gin\n\ntype Context struct{}\n\nfunc (c *Context) JSON() {}\n\nfunc helper() {}\n"),
        ("app/main.go", "package main\n\nimport \"example.com/gin\"\n\nfunc main() { c := gin.Context{}; c.JSON() }\n"),
        ("db/db_impl.cc", "#include \"db_impl.h\"\nnamespace leveldb {\nint DBImpl::Get(int key) { return key; }\n}\n"),
        ("db/db_impl.h", "namespace leveldb {\nclass DBImpl {\n public:\n  int Get(int key);\n};\n}\n"),
        ("db/use.cc", "#include \"db_impl.h\"\nint f(leveldb::DBImpl& db) { return db.Get(1); }\n"),
        ("composer.json", "{\"name\": \"a/b\", \"autoload\": {\"psr-4\": {\"App\\\\\": \"php/\"}}}\n"),
        ("php/Entity/Post.php", "<?php\nnamespace App\\Entity;\n\nclass Post {}\n"),
        (
            "php/Blog.php",
            "<?php\nnamespace App;\n\nuse App\\Entity\\Post;\n\nclass Blog { function f() { return new Post(); } }\n",
        ),
        ("java/shop/Cart.java", "package shop;\n\npublic class Cart { public int total() { return 1; } }\n"),
        ("java/shop/Till.java", "package shop;\n\npublic class Till { int f(Cart cart) { return cart.total(); } }\n"),
        ("rb/base.rb", "module Sinatra\n  class Base\n    def call; end\n  end\nend\n"),
        ("rb/app.rb", "require_relative 'base'\n\nclass App < Sinatra::Base\nend\n"),
        ("py/models.py", "class Request:\n    def prepare_url(self):\n        return 1\n"),
        ("py/api.py", "from models import Request\n\n\ndef get():\n    return Request()\n"),
        ("tests/conftest.py", "def prepare_url():\n    return 2\n"),
        ("tests/test_url.py", "from conftest import prepare_url\n\n\ndef test_it():\n    prepare_url()\n"),
        ("py/one.py", "class Job:\n    def run(self):\n        pass\n"),
        ("py/two.py", "class Task:\n    def run(self):\n        pass\n"),
        ("web/page.html", "<p>hello</p>\n"),
        ("pyproject.toml", "[project]\nname = \"names\"\n"),
    ])
}

#[test]
fn every_way_to_write_a_name_means_that_symbol() {
    let names = discovered(names(), &[]);
    let cases = [
        ("Context.JSON", "context.go", "Context.JSON", Some("app/main.go")),
        ("gin.Context.JSON", "context.go", "Context.JSON", Some("app/main.go")),
        ("context.go:Context.JSON", "context.go", "Context.JSON", Some("app/main.go")),
        ("helper", "context.go", "helper", None),
        ("leveldb.DBImpl.Get", "db/db_impl.cc", "leveldb.DBImpl.Get", Some("db/use.cc")),
        ("leveldb::DBImpl", "db/db_impl.h", "leveldb.DBImpl", Some("db/use.cc")),
        ("App\\Entity\\Post", "php/Entity/Post.php", "Post", Some("php/Blog.php")),
        ("shop.Cart", "java/shop/Cart.java", "Cart", Some("java/shop/Till.java")),
        ("shop.Cart#total", "java/shop/Cart.java", "Cart.total", Some("java/shop/Till.java")),
        ("Sinatra.Base", "rb/base.rb", "Sinatra.Base", Some("rb/app.rb")),
        ("Sinatra::Base", "rb/base.rb", "Sinatra.Base", Some("rb/app.rb")),
        ("models.Request", "py/models.py", "Request", Some("py/api.py")),
    ];
    for (name, path, symbol, reached) in cases {
        let run = codexa(names.path(), &["impact", name, "--format", "json"]);
        assert_eq!(run.code, 0, "{name}: {}", run.transcript());
        let answer = run.json();
        assert_eq!(
            (answer["target"]["path"].as_str(), answer["target"]["symbol"].as_str()),
            (Some(path), Some(symbol)),
            "{name}"
        );
        let first = answer["reached"].as_array().and_then(|all| all.iter().find(|row| row["path"].as_str() == reached));
        assert_eq!(first.is_some(), reached.is_some(), "{name}: {answer}");
    }
}

#[test]
fn a_name_means_source_before_tests_and_is_asked_back_where_several_fit() {
    let names = discovered(names(), &[]);
    let run = codexa(names.path(), &["impact", "prepare_url"]);
    assert!(run.stdout.contains("py/models.py:Request.prepare_url"), "{}", run.transcript());
    assert!(
        run.stdout.contains("users of members are not known: these are reached by `Request`"),
        "{}",
        run.transcript()
    );
    assert!(run.stdout.contains("also called so: tests/conftest.py:prepare_url"), "{}", run.transcript());
    let run = codexa(names.path(), &["impact", "run"]);
    assert_eq!(run.code, 2, "{}", run.transcript());
    assert!(run.stderr.contains("`py/one.py:Job.run` or `py/two.py:Task.run`"), "{}", run.transcript());
    assert_eq!(codexa(names.path(), &["impact", "Context.Missing"]).code, 2, "no other symbol is taken for it");
}

#[test]
fn what_nobody_looked_at_is_not_said_to_be_nothing() {
    let names = discovered(names(), &[]);
    for path in ["web/page.html", "pyproject.toml"] {
        let run = codexa(names.path(), &["impact", path]);
        assert!(run.stdout.contains("is not known"), "{}", run.transcript());
    }
    let quick = discovered(self::names(), &["--mode", "quick"]);
    let questions: [&[&str]; 8] = [
        &["show", "edges"],
        &["show", "symbols"],
        &["show", "contacts"],
        &["show", "entry-points"],
        &["show", "tests"],
        &["show", "coverage"],
        &["impact", "context.go"],
        &["status"],
    ];
    for question in questions {
        let run = codexa(quick.path(), question);
        assert_eq!(run.code, 0, "{}", run.transcript());
        let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("quick mode, which counts files and parses none"), "{}", run.transcript());
        for claim in ["reaches nothing", "import nothing", "nothing was cut", "0 of 0", "0 entry points"] {
            assert!(!text.contains(claim), "{}", run.transcript());
        }
    }
    let run = codexa(quick.path(), &["impact", "Context.JSON"]);
    assert!(run.code == 2 && run.stderr.contains("no symbols are known"), "{}", run.transcript());
    let manifest = std::fs::read_to_string(quick.path().join(".codexa/manifests/system_manifest.yaml")).unwrap();
    assert!(!manifest.contains("0 of 0") && manifest.contains("no edges and imports are known"), "{manifest}");
    assert!(!manifest.contains("layer: 0"), "{manifest}");
}

#[test]
fn tests_that_were_left_out_are_not_said_to_be_missing() {
    let names = discovered(names(), &["--mode", "code-only"]);
    for question in [&["show", "tests"][..], &["show", "tests", "--untested"], &["impact", "context.go"]] {
        let run = codexa(names.path(), question);
        assert_eq!(run.code, 0, "{}", run.transcript());
        let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("code-only mode, which leaves tests out"), "{}", run.transcript());
        assert!(!text.contains("no test is seen"), "{}", run.transcript());
    }
}

/// Tools leave coverage files beside what git tracks; those among tests are there to test others with.
#[test]
fn coverage_files_are_found_where_tools_leave_them_and_where_the_settings_say() {
    let ran = "TN:\nSF:py/models.py\nDA:1,1\nDA:2,1\nDA:3,0\nend_of_record\n";
    let names = names();
    names.write("lcov.info", ran);
    names.write("tests/data/coverage.out", "mode: set\npy/one.py:1.1,2.2 1 1\n");
    names.write("reports/unit.info", ran.replace("models", "two"));
    names.git(&["add", "tests/data/coverage.out"]);
    names.write(".codexa/config.yaml", "version: 1\ndiscovery:\n  coverage: [reports/unit.info]\n");
    let names = discovered(names, &[]);
    let answer = codexa(names.path(), &["show", "tests", "--format", "json"]).json();
    let sources = answer["coverage_files"].as_array().unwrap();
    let found: Vec<_> = sources.iter().map(|file| (file["path"].as_str(), file["files"].as_u64())).collect();
    assert_eq!(found, [(Some("lcov.info"), Some(1)), (Some("reports/unit.info"), Some(1))], "{answer}");
    let of_file = codexa(names.path(), &["show", "tests", "--from", "py/models.py"]);
    assert!(of_file.stdout.contains("py/models.py: 2 of 3 lines ran (66.6 %)"), "{}", of_file.transcript());
    let manifest = std::fs::read_to_string(names.path().join(".codexa/manifests/system_manifest.yaml")).unwrap();
    assert!(manifest.contains("coverage_files:\n    - {path: lcov.info, sha256: "), "{manifest}");
}

#[test]
fn a_path_outside_of_the_focus_is_not_said_to_be_untracked() {
    let names = discovered(names(), &["--focus", "py"]);
    let run = codexa(names.path(), &["show", "edges", "--from", "tests"]);
    assert_eq!(run.code, 2, "{}", run.transcript());
    assert!(
        run.stderr.contains("`tests` is not a tracked file or folder within the focus of the last run (py)"),
        "{}",
        run.transcript()
    );
    assert!(run.stderr.contains("without `--focus`"), "{}", run.transcript());
}

#[test]
fn what_rust_compiles_for_tests_is_no_part_of_the_product() {
    let crates = GitRepository::with_files(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"core\", \"web\"]\n"),
        (
            "core/Cargo.toml",
            "[package]\nname = \"core-kit\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dev-dependencies]\nweb-kit = { path = \"../web\" }\n",
        ),
        (
            "core/src/lib.rs",
            "#[cfg(test)]\nmod helpers;\nmod body;\n#[cfg(test)]\nuse web_kit::Probe;\n\npub fn shipped() {\n    std::env::var(\"HOME\").ok();\n}\n",
        ),
        (
            "core/src/helpers.rs",
            "use web_kit::Probe;\n\npub fn probe() -> Probe { std::fs::read(\"a\").ok(); Probe }\n",
        ),
        (
            "core/src/body.rs",
            "pub struct Body;\n\n#[cfg(test)]\nmod tests {\n    use web_kit::Probe;\n\n    #[test]\n    fn it() { let _ = (Probe, std::fs::read(\"b\")); }\n}\n",
        ),
        (
            "web/Cargo.toml",
            "[package]\nname = \"web-kit\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dependencies]\ncore-kit = { path = \"../core\" }\n",
        ),
        ("web/src/lib.rs", "use core_kit::shipped;\n\npub struct Probe;\n\npub fn go() { shipped() }\n"),
    ]);
    let crates = discovered(crates, &[]);
    let answer = codexa(crates.path(), &["show", "components", "--format", "json"]).json();
    assert_eq!(answer["cycles"].as_array().map(Vec::len), Some(0), "{answer}");
    let contacts = codexa(crates.path(), &["show", "contacts", "--format", "json"]).json();
    let found: Vec<_> =
        contacts["contacts"].as_array().unwrap().iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(found, ["core/src/lib.rs"], "what follows a use for tests is not for tests: {contacts}");
}
