//! What changed between iterations, through the real binary.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{Run, codexa};
use std::fs;

fn run(repository: &GitRepository, arguments: &[&str]) -> Run {
    let run = codexa(repository.path(), arguments);
    assert!(run.code <= 1, "{}", run.transcript());
    run
}

fn functions(name: &str, count: usize) -> String {
    (0..count).map(|n| format!("def {name}_{n}():\n    return {n}\n\n\n")).collect()
}

/// Two packages, the first of which leans on the second.
fn repository() -> GitRepository {
    let mut repository = GitRepository::with_files(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"flask\"]\n"),
        ("till/__init__.py", ""),
        ("till/pay.py", "from cart.items import items_1\n\n\ndef pay():\n    return items_1()\n"),
        ("till/print.py", "from till.pay import pay\n\nif __name__ == \"__main__\":\n    pay()\n"),
        ("till/tax.py", "from till.pay import pay\n"),
        ("cart/__init__.py", ""),
        ("cart/items.py", &functions("items", 9)),
        ("cart/sums.py", "from cart.items import items_2\n"),
        ("cart/lists.py", "from cart.sums import items_2\n"),
    ]);
    repository.commit("all");
    repository
}

/// Hashes of commits and names of folders differ from run to run.
fn stable(text: &str, repository: &GitRepository) -> String {
    let folder = repository.path().file_name().unwrap().to_string_lossy().into_owned();
    let mut words: Vec<&str> = text.split(' ').collect();
    for at in 1..words.len() {
        if words[at - 1] == "@" {
            words[at] = if words[at].contains('\n') { "[COMMIT]\n\n" } else { "[COMMIT]" };
        }
    }
    words.join(" ").replace(&folder, "shop")
}

#[test]
fn the_first_iteration_has_nothing_to_be_compared_with() {
    let repository = repository();
    let refused = |arguments: &[&str]| {
        let run = codexa(repository.path(), arguments);
        assert_eq!(run.code, 2, "{}", run.transcript());
        run.stderr
    };
    assert!(refused(&["diff"]).contains("ITERATION_NOT_FOUND"));
    let discovered = run(&repository, &["discover"]).stdout;
    assert!(!discovered.contains("changed"), "{discovered}");
    assert!(refused(&["diff"]).contains("ITERATION_FIRST"));
    for none in ["0", "2", "4294967295"] {
        assert!(refused(&["diff", none]).contains("1 is the oldest here"), "{none}");
    }
}

#[test]
fn what_changed_is_told_as_one_would_tell_a_colleague() {
    let mut repository = repository();
    run(&repository, &["discover"]);
    run(&repository, &["discover"]);
    repository.write("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"click\"]\n");
    repository.write("cart/sums.py", "from cart.items import items_2\nfrom till.pay import pay\n");
    repository.write("cart/items.py", functions("items", 30));
    for name in ["__init__", "a", "b", "c"] {
        repository.write(&format!("store/{name}.py"), "from store.a import x\nimport missing.thing\n");
    }
    repository.commit("a store");
    let discovered = run(&repository, &["discover"]).stdout;
    let changed = discovered.lines().find(|line| line.starts_with("  changed")).unwrap_or_default();
    assert!(changed.contains("+1 part") && changed.contains("+1 circle"), "{discovered}");
    let told = run(&repository, &["diff"]).stdout;
    insta::assert_snapshot!(stable(&told, &repository));
    // The second said what the first did, and is the same to look back at.
    assert_eq!(run(&repository, &["diff", "2"]).stdout, told);
    assert_eq!(run(&repository, &["diff", "1"]).stdout, told);
    let document = run(&repository, &["diff", "--format", "json"]).json();
    assert_eq!(document["schema"], "codexa/diff@1");
    assert_eq!(document["circles"]["new"][0], serde_json::json!(["c:cart", "c:till"]));
    assert_eq!(document["externals"]["gone"][0], "python flask");
    let unchanged = run(&repository, &["discover"]).stdout;
    assert!(unchanged.contains("  changed     nothing since iteration 3"), "{unchanged}");
    repository.write("cart/items.py", functions("items", 5));
    fs::remove_dir_all(repository.path().join("store")).unwrap();
    repository.commit("no store");
    run(&repository, &["discover"]);
    let told = run(&repository, &["diff"]).stdout;
    for row in ["  parts       gone: store", "  shrank      cart (-", "  intents     gone: store"] {
        assert!(told.contains(row), "{row} in {told}");
    }
    assert!(!told.contains("grew"), "{told}");
}

#[test]
fn a_run_that_looks_otherwise_is_not_taken_for_a_change() {
    let repository = repository();
    run(&repository, &["discover"]);
    let quick = run(&repository, &["discover", "--mode", "quick"]).stdout;
    assert!(!quick.contains("changed"), "{quick}");
    let deep = run(&repository, &["discover"]).stdout;
    assert!(deep.contains("nothing since iteration 1"), "{deep}");
    let told = run(&repository, &["diff", "2"]).stdout;
    assert!(told.contains("unlike"), "{told}");
}

#[test]
fn what_is_kept_is_not_trusted_and_nothing_of_it_is_git_s() {
    let repository = repository();
    run(&repository, &["discover"]);
    assert_eq!(repository.read(".codexa/logs/iterations/.gitignore"), "*\n");
    for (name, text) in [("1.json", "{\"schema\":"), ("7.json", "[]"), ("x.json", ""), ("99999999999.json", "{}")] {
        repository.write(&format!(".codexa/logs/iterations/{name}"), text);
    }
    assert_eq!(codexa(repository.path(), &["diff"]).code, 2);
    run(&repository, &["discover"]);
    assert!(codexa(repository.path(), &["diff"]).stderr.contains("ITERATION_FIRST"));
}
