//! What discovery asks, and what people answer, through the real binary.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::{Run, World, codexa};
use serde_json::Value;

const OLD: &str = "src/old.py";

/// A small program with a file that nothing needs, and one that may start it.
fn repository() -> GitRepository {
    GitRepository::with_files(&[
        ("src/main.py", "from helper import helper_1\n\nif __name__ == \"__main__\":\n    helper_1()\n"),
        ("src/helper.py", &lines("helper")),
        (OLD, &lines("old")),
        ("src/lost.py", &lines("lost")),
    ])
}

fn lines(name: &str) -> String {
    (0..25).map(|n| format!("def {name}_{n}():\n    return {n}\n\n\n")).collect()
}

fn discovered() -> GitRepository {
    let repository = repository();
    run(&repository, &["discover"]);
    repository
}

fn run(repository: &GitRepository, arguments: &[&str]) -> Run {
    let run = codexa(repository.path(), arguments);
    assert!(run.code <= 1, "{}", run.transcript());
    run
}

fn asked(repository: &GitRepository) -> Vec<String> {
    let document = run(repository, &["followups", "--format", "json"]).json();
    let row = |row: &Value| format!("{} {}", row["id"].as_str().unwrap(), row["about"].as_str().unwrap());
    document["asked"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn questions_have_ids_that_stay() {
    let repository = discovered();
    assert_eq!(asked(&repository), ["issue-1 src/lost.py", "issue-2 src/old.py"]);
    insta::assert_snapshot!(run(&repository, &["followups"]).stdout);
    assert_eq!(run(&repository, &["show", "followups"]).stdout, run(&repository, &["followups"]).stdout);
    let ids = repository.read(".codexa/manifests/ids.yaml");
    repository.write("src/main.py", "import lost\nfrom helper import helper_1\n\nhelper_1()\n");
    run(&repository, &["discover"]);
    assert_eq!(asked(&repository), ["issue-2 src/old.py"]);
    assert_eq!(repository.read(".codexa/manifests/ids.yaml"), ids, "what is gone keeps its number");
}

#[test]
fn answers_are_kept_beside_what_people_write_and_shape_the_next_run() {
    let repository = discovered();
    let ours = "# ours\nanswers: []\n";
    repository.write(".codexa/annotations.yaml", ours);
    let answered =
        run(&repository, &["followup", "accept", "issue-2", "--text", "yes: a plugin loads it", "--format", "json"])
            .json();
    assert_eq!((answered["states"]["dead"].as_bool(), answered["written"].as_bool()), (Some(false), Some(true)));
    run(&repository, &["followup", "assign", "issue-1", "--to", "@sam"]);
    run(&repository, &["followup", "assign", "issue-1", "--to", "@sam"]);
    let written = repository.read(".codexa/annotations.yaml");
    assert!(
        written.starts_with(
            "# ours\nanswers:\n  - followup: issue-2\n    about: dead_code:src/old.py\n    decision: accept\n"
        ),
        "{written}"
    );
    assert_eq!(written.matches("followup: ").count(), 2, "what was said already is not said again");

    let stale = run(&repository, &["followups"]);
    assert!(stale.stderr.contains("other answers"), "{}", stale.transcript());
    assert_eq!(asked(&repository), ["issue-1 src/lost.py"]);
    let discovered = run(&repository, &["discover", "--format", "json"]).json();
    assert!(
        discovered["written"].as_array().unwrap().iter().any(|path| path == ".codexa/manifests/system_manifest.yaml")
    );
    let manifest = repository.read(".codexa/manifests/system_manifest.yaml");
    for said in [
        "    assigned_to: \"@sam\"\n",
        "  annotations: ",
        "  - {of: src/old.py, what: dead, is: \"no\", by: ",
        "  settled: {accepted: 1}\n",
    ] {
        assert!(manifest.contains(said), "{said}: {manifest}");
    }
    assert!(!run(&repository, &["followups"]).stderr.contains("other answers"));
    let again = run(&repository, &["discover", "--format", "json"]).json();
    assert_eq!(again["written"].as_array().map(Vec::len), Some(0), "the same answers, the same manifest");
}

#[test]
fn what_is_deferred_or_dismissed_is_not_asked() {
    let repository = discovered();
    run(&repository, &["followup", "defer", "issue-1", "--until", "2999-01-01", "--reason", "after the move"]);
    run(&repository, &["followup", "dismiss", "issue-2"]);
    assert_eq!(asked(&repository), Vec::<String>::new());
    let shown = run(&repository, &["followups"]).stdout;
    assert!(shown.contains("issue-1    deferred until 2999-01-01, dead code src/lost.py: after the move"), "{shown}");
}

#[test]
fn an_order_that_cannot_be_carried_out_writes_nothing() {
    let repository = discovered();
    for (arguments, code) in [
        (&["followup", "accept", "issue-7"][..], "FOLLOWUP_NOT_FOUND"),
        (&["followup", "accept", "issue-99999999999999"], "FOLLOWUP_NOT_FOUND"),
        (&["followup", "accept", "zone-1"], "FOLLOWUP_NOT_FOUND"),
        (&["followup", "accept", "issue-1", "--text", "perhaps"], "FOLLOWUP_ANSWER"),
        (&["followup", "defer", "issue-1", "--until", "2001-01-01"], "FOLLOWUP_PAST"),
        (&["followup", "assign", "issue-1", "--to", " "], "FOLLOWUP_ORDER"),
        (&["followup", "dismiss", "issue-1", "--reason", &"x".repeat(3_000)], "FOLLOWUP_ORDER"),
    ] {
        let refused = codexa(repository.path(), arguments);
        assert_eq!(refused.code, 2, "{}", refused.transcript());
        assert!(refused.stderr.contains(code), "{}", refused.transcript());
    }
    assert!(!repository.path().join(".codexa/annotations.yaml").exists());
}

#[test]
fn a_broken_file_of_answers_or_ids_ends_the_run_and_stays_as_it_is() {
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d, *d]\n";
    let huge = format!("# {}\n", "x".repeat(17 << 20));
    for (path, text, said) in [
        (
            ".codexa/annotations.yaml",
            "answers:\n  - followup: issue-1\n    about: dead_code:a\n    decision: acept\n",
            "annotations.yaml:4:15",
        ),
        (
            ".codexa/annotations.yaml",
            "answers:\n  - followup: issue-1\n    abuot: dead_code:a\n    decision: accept\n",
            "did you mean `about`?",
        ),
        (
            ".codexa/annotations.yaml",
            "answers:\n  - followup: issue-1\n    about: dead_code:a\n    decision: defer\n",
            "needs `until`",
        ),
        (
            ".codexa/annotations.yaml",
            "answers:\n  - followup: issue-99999999999999\n    about: a\n    decision: accept\n",
            "for example issue-12",
        ),
        (
            ".codexa/annotations.yaml",
            "<<<<<<< ours\nanswers: []\n=======\nanswers: []\n>>>>>>> theirs\n",
            "annotations.yaml:",
        ),
        (".codexa/annotations.yaml", "answers: everything\n", "a list"),
        (".codexa/annotations.yaml", bomb, "annotations.yaml:"),
        (".codexa/annotations.yaml", &huge, "bytes"),
        (".codexa/manifests/ids.yaml", "issue:\n<<<<<<< ours\n  a: 1\n=======\n  b: 1\n>>>>>>> theirs\n", "ids.yaml:2"),
        (".codexa/manifests/ids.yaml", "issue:\n  a: 99999999999999\n", "ids.yaml:2:3"),
        (".codexa/manifests/ids.yaml", bomb, "ids.yaml:"),
        (".codexa/manifests/ids.yaml", &huge, "bytes"),
    ] {
        let repository = discovered();
        repository.write(path, text);
        let manifest = repository.read(".codexa/manifests/system_manifest.yaml");
        for arguments in [&["discover"][..], &["followup", "dismiss", "issue-1"]] {
            let refused = codexa(repository.path(), arguments);
            assert_eq!(refused.code, 2, "{said}: {}", refused.transcript());
            assert!(refused.stderr.contains(said), "{said}: {}", refused.transcript());
        }
        assert_eq!(repository.read(path), text);
        assert_eq!(repository.read(".codexa/manifests/system_manifest.yaml"), manifest);
    }
}

#[test]
fn ids_that_two_branches_gave_are_settled_and_it_is_said() {
    let repository = discovered();
    let ids = repository.read(".codexa/manifests/ids.yaml").replace("old.py: 2", "old.py: 1");
    repository.write(".codexa/manifests/ids.yaml", &ids);
    let told = run(&repository, &["discover"]).stdout;
    assert!(told.contains("issue-1 was given twice"), "{told}");
    assert_eq!(asked(&repository), ["issue-1 src/lost.py", "issue-2 src/old.py"]);
}

#[test]
fn a_quick_run_asks_nothing_of_code_and_closes_nothing() {
    let repository = discovered();
    run(&repository, &["discover", "--mode", "quick"]);
    let shown = run(&repository, &["followups"]).stdout;
    assert!(shown.contains("not asked about code"), "{shown}");
    run(&repository, &["discover"]);
    assert_eq!(asked(&repository), ["issue-1 src/lost.py", "issue-2 src/old.py"]);
}

/// A project at M0, in which its one person decides.
fn governed() -> World {
    let world = World::new();
    world.run(&["init"]).with_code(0);
    for (path, text) in [
        ("main.py", "if __name__ == \"__main__\":\n    pass\n".to_owned()),
        ("old.py", lines("old")),
        ("lost.py", lines("lost")),
    ] {
        world.write(&format!("project/{path}"), text);
    }
    let git = |arguments: &[&str]| {
        assert!(codexa_testkit::git::command(&world.project()).args(arguments).status().unwrap().success());
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "-m", "all"]);
    world.run(&["discover"]).with_code(0);
    world
}

#[test]
fn the_same_in_words_leaves_a_ledger_entry_and_the_answer() {
    let world = governed();
    let say = |words: &str| world.run_with(&[("USER", "ada")], &["say", "--format", "json", words]);
    let shown = say("show follow-ups").with_code(0).json();
    assert_eq!(shown["says"], "2 questions for you");
    assert!(shown["lines"][0].as_str().unwrap().starts_with("issue-1    Is `lost.py` still needed?"), "{shown}");

    for (words, written) in [
        ("accept follow-up issue-1", "decision: accept"),
        ("answer issue-1: yes, the importer runs it", "text: \"yes, the importer runs it\""),
        ("defer issue-2 until 2999-01-01", "until: \"2999-01-01\""),
        ("assign issue-2 to @sam", "to: \"@sam\""),
        ("dismiss issue-2 because it is kept for the audit", "reason: it is kept for the audit"),
    ] {
        let answered = say(words).with_code(0).json();
        assert!(answered["entry"]["hash"].is_string(), "{words}: {answered}");
        assert_eq!(answered["job"]["state"], "done", "{words}: {answered}");
        let file = world.read("project/.codexa/annotations.yaml");
        assert!(file.contains(written) && file.contains("by: \"@ada\""), "{words}: {file}");
    }
    let shown = say("show followups").with_code(0).json();
    assert_eq!(shown["says"], "0 questions for you");
    let unknown = say("accept issue-77").with_code(2).json();
    assert_eq!(unknown["job"]["state"], "failed");
    assert!(unknown["job"]["summary"].as_str().unwrap().contains("no follow-up `issue-77`"), "{unknown}");
}
