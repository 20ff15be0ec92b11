//! Tests that nobody can follow: where they are many, what is not seen to be tested is not known to be untested.

use crate::repo::Repo;
use codexa_discovery::engine::SymbolTables;
use codexa_discovery::history::History;
use codexa_discovery::model::Model;
use codexa_discovery::query::{self, ImpactOptions, TestFilter};
use codexa_discovery::zones::{Dimension, Grade, Readiness};
use codexa_history::ownership::Owners;
use codexa_model::facts::SymbolKind::Function;

/// Three files of code, of which one has a test, and further tests.
fn shop(others: &[&str]) -> Repo {
    let mut repo = Repo::new(&["app/pay.py", "app/ship.py", "app/web.py", "tests/test_pay.py"])
        .offers("app/pay.py", &[("pay", Function)])
        .link("tests/test_pay.py", "app/pay.py")
        .uses("tests/test_pay.py", &[("pay", 1)]);
    for other in others {
        repo.add(other);
    }
    repo
}

/// Grade of the tests of a file, what is said of them, the whole's label, and what to do.
fn readiness(model: &Model, path: &str) -> (Option<Grade>, String, String, String) {
    let readiness = Readiness::of(model, &History::default(), &[model.find(path).unwrap()]);
    let tests = readiness.part(Dimension::Tests).unwrap();
    let next = readiness.next.as_ref().map_or(String::new(), |step| step.what.to_string());
    (tests.grade, tests.says.to_string(), readiness.label.to_string(), next)
}

fn impact(model: &Model, path: &str) -> String {
    query::impact(model, &SymbolTables::default(), path, ImpactOptions::default()).unwrap().text().replace("\n  ", " ")
}

fn shown(model: &Model, from: &str) -> String {
    query::tests(model, &TestFilter { from: Some(from.into()), untested: false }).unwrap().text()
}

#[test]
fn where_many_tests_were_not_read_what_is_not_seen_is_not_known() {
    let model = shop(&["tests/a.tcl", "tests/b.tcl"]).model();
    let cause = "2 test files in TCL were not read";
    let (grade, says, ..) = readiness(&model, "app/web.py");
    assert_eq!((grade, says), (None, format!("what tests reach it is not known: {cause}")));
    assert_eq!(readiness(&model, "app/pay.py").0, Some(Grade::Good), "what is seen is known");
    assert!(impact(&model, "app/web.py").contains(&format!("tests to run: not known: {cause}")));
    assert!(impact(&model, "app/pay.py").contains(&format!("others may reach it: {cause}")));
    assert!(shown(&model, "app/web.py").starts_with("app/web.py: what tests reach it is not known\n"));
    let manifest = codexa_discovery::projections::system_manifest(&model);
    assert_eq!(manifest.summary.coverage.tests.unwrap().0.not_followed.as_deref(), Some(cause));
}

/// Nobody begins on trust: not to know is not to be ready, and a test that may be there is not asked for.
#[test]
fn a_place_whose_tests_are_not_known_is_not_ready() {
    let repo = |others: &[&str]| {
        let model = shop(others).model();
        let mut history = History::default();
        history.owners = model.files.iter().map(|_| owned()).collect();
        let of = |path: &str| Readiness::of(&model, &history, &[model.find(path).unwrap()]);
        let (web, pay) = (of("app/web.py"), of("app/pay.py"));
        assert!(pay.is_ready() && pay.next.is_none(), "{pay:?}");
        assert!(!web.is_ready(), "{web:?}");
        (web.label.to_string(), web.next.unwrap().what.to_string())
    };
    let (label, next) = repo(&["tests/a.tcl"]);
    assert_eq!(label, "tests not known");
    assert!(next.starts_with("a coverage file"), "{next}");
    let (label, next) = repo(&[]);
    assert_eq!(label, "needs tests");
    assert!(next.starts_with("a test of `app/web.py`"), "{next}");
}

/// Somebody knows the file and is there.
fn owned() -> Owners {
    Owners { is_active: true, authors: vec![0], ..Owners::default() }
}

#[test]
fn where_hardly_any_test_was_not_read_none_is_none() {
    let mut repo = shop(&["tests/a.tcl"]);
    repo.at("tests/test_pay.py").0.lines.code = 400;
    let model = repo.model();
    let (grade, says, ..) = readiness(&model, "app/web.py");
    assert_eq!((grade, says.as_str()), (Some(Grade::None), "no test is seen to reach it"));
    assert!(impact(&model, "app/web.py").contains("tests to run: no test is seen to reach it"));
    assert!(shown(&model, "app/web.py").starts_with("app/web.py: no test is seen to reach it\n"));
}

/// A test that starts the program uses nothing of it that could be seen.
#[test]
fn tests_that_use_no_code_may_run_it_from_outside() {
    let mut repo = shop(&["tests/test_program.py"]);
    repo.digest("tests/test_program.py").tests = 40;
    let model = repo.model();
    assert_eq!((model.tested.unfollowed.outside, model.tested.unfollowed.outside_tests), (1, 40));
    assert_eq!(
        readiness(&model, "app/web.py").1,
        "what tests reach it is not known: 1 test file (40 tests) is not seen to use code and may run it from outside"
    );
    let coverage = query::coverage(&model).text().replace("\n              ", " ");
    assert!(coverage.contains("not followed: 1 test file (40 tests) is not seen to use code"), "{coverage}");
}

/// A framework that was copied in is no test, however large it is; a program is.
#[test]
fn a_file_of_c_that_nobody_starts_is_no_test() {
    let model = |repo: Repo| {
        let mut repo = repo
            .offers("src/dict.h", &[("dictAdd", Function)])
            .link("tests/check.c", "src/dict.h")
            .uses("tests/check.c", &[("dictAdd", 1)]);
        for path in ["tests/framework.c", "tests/check.c"] {
            repo.digest(path).tests = 0;
        }
        repo.model()
    };
    let repo = || Repo::new(&["src/dict.h", "src/list.c", "tests/check.c", "tests/framework.c"]);
    assert_eq!(readiness(&model(repo()), "src/list.c").0, Some(Grade::None));
    assert_eq!(readiness(&model(repo().main("tests/framework.c", 90)), "src/list.c").0, None);
}

/// What a coverage file speaks of is known, whoever made it run.
#[test]
fn a_coverage_file_says_what_is_not_tested() {
    let lcov = "SF:app/web.py\nDA:1,0\nend_of_record\nSF:app/ship.py\nDA:1,1\nend_of_record\n";
    let model = shop(&["tests/a.tcl", "tests/b.tcl"]).report("lcov.info", lcov).model();
    assert_eq!(readiness(&model, "app/web.py").0, Some(Grade::None));
    assert!(!impact(&model, "app/web.py").contains("not read"), "{}", impact(&model, "app/web.py"));
}
