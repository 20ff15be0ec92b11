use crate::repo::Repo;
use codexa_discovery::engine::SymbolTables;
use codexa_discovery::model::Model;
use codexa_discovery::query::{self, TestFilter};
use codexa_discovery::record::FileLinks;
use codexa_discovery::tested::{Basis, MAX_THROUGH, MIN_CONFIDENCE, Role};
use codexa_model::facts::SymbolKind::{Class, Constant, Function, Interface};
use codexa_model::relation::Link;

/// The links of a file: test, basis, distance and confidence.
fn links(model: &Model, code: &str) -> Vec<(String, Basis, u8, u8)> {
    let links = model.tested.links(model.find(code).unwrap()).iter();
    links.map(|link| (model.path(link.test).to_owned(), link.basis, link.distance, link.confidence)).collect()
}

#[test]
fn a_test_reaches_what_it_names_and_what_that_uses_much_of() {
    let repo = Repo::new(&["app/web.py", "app/store.py", "app/log.py", "app/other.py", "tests/test_it.py"])
        .offers("app/web.py", &[("serve", Function)])
        .offers("app/store.py", &[("load", Function), ("save", Function), ("Order", Class)])
        .offers("app/log.py", &[("note", Function)])
        .link("tests/test_it.py", "app/web.py")
        .link("app/web.py", "app/store.py")
        .link("app/web.py", "app/log.py")
        .uses("tests/test_it.py", &[("serve", 1)])
        .uses("app/web.py", &[("load", 1), ("note", 9), ("Order", 2), ("save", 1)]);
    let model = repo.model();
    assert_eq!(links(&model, "app/web.py"), [("tests/test_it.py".to_owned(), Basis::Call, 1, 95)]);
    // 95 % of 1 - 0.7^3.
    assert_eq!(links(&model, "app/store.py"), [("tests/test_it.py".to_owned(), Basis::Call, 2, 62)]);
    assert_eq!(links(&model, "app/log.py"), [], "one name is 30 %, and under {MIN_CONFIDENCE} % nothing is linked");
    assert_eq!(links(&model, "app/other.py"), []);
    let tally = model.tested.tally(0..5);
    assert_eq!((tally.code, tally.directly, tally.reached, tally.untested(), tally.tests), (4, 1, 1, 2, 1));
}

#[test]
fn ways_add_up_and_the_order_of_files_does_not_matter() {
    let mut repo = Repo::new(&["a.py", "b.py", "deep.py", "tests/test_x.py"]).offers("deep.py", &[("dig", Function)]);
    for way in ["a", "b"] {
        let path = format!("{way}.py");
        repo = repo
            .offers(&path, &[(format!("run_{way}").as_str(), Function)])
            .link("tests/test_x.py", &path)
            .uses("tests/test_x.py", &[(format!("run_{way}").as_str(), 1)])
            .link(&path, "deep.py")
            .uses(&path, &[("dig", 1)]);
    }
    let forward = repo.model();
    // Each way alone is 28 %.
    assert_eq!(links(&forward, "deep.py"), [("tests/test_x.py".to_owned(), Basis::Call, 2, 48)]);
    repo.files.reverse();
    assert_eq!(forward, repo.model());
}

#[test]
fn a_name_that_a_package_passes_on_is_that_of_the_file_behind() {
    let model = Repo::new(&["app/__init__.py", "app/core.py", "lib/core.py", "tests/test_app.py"])
        .offers("app/core.py", &[("App", Class)])
        .offers("lib/core.py", &[("App", Class)])
        .link("app/__init__.py", "app/core.py")
        .link("tests/test_app.py", "app/__init__.py")
        .uses("tests/test_app.py", &[("App", 3)])
        .model();
    assert_eq!(links(&model, "app/core.py"), [("tests/test_app.py".to_owned(), Basis::Call, 1, 76)]);
    assert_eq!(links(&model, "lib/core.py"), []);
}

#[test]
fn values_and_types_run_nothing() {
    let mut repo = Repo::new(&["app/globals.py", "app/codes.py", "app/hints.py", "tests/test_x.py"])
        .offers("app/globals.py", &[("LIMIT", Constant), ("reset", Function)])
        .offers("app/codes.py", &[("OK", Constant)])
        .offers("app/hints.py", &[("Hint", Class)])
        .link("tests/test_x.py", "app/globals.py")
        .link("tests/test_x.py", "app/codes.py")
        .link("tests/test_x.py", "app/hints.py")
        .uses("tests/test_x.py", &[("LIMIT", 2), ("OK", 2), ("Hint", 1)]);
    repo.digest("app/codes.py").functions = 0;
    repo.imports("tests/test_x.py", |imports| {
        let last = imports.last_mut().unwrap();
        (last.for_types, last.line) = (true, 3);
    });
    let model = repo.model();
    assert_eq!(links(&model, "app/globals.py"), [], "only a value of it is read");
    assert_eq!(links(&model, "app/hints.py"), [], "it is imported for types only");
    assert_eq!(links(&model, "app/codes.py"), [("tests/test_x.py".to_owned(), Basis::Import, 1, 60)]);
    assert_eq!(model.tested.role(model.find("app/codes.py").unwrap()), Role::Values);
}

/// Java's interfaces hold code, those of Go and TypeScript say what something looks like.
#[test]
fn an_interface_runs_where_it_can_hold_code() {
    for (extension, links_to_it) in [("java", 1), ("ts", 0), ("go", 0)] {
        let (code, test) = (format!("src/admin.{extension}"), format!("tests/uses.{extension}"));
        let model = Repo::new(&[&code, &test])
            .offers(&code, &[("Admin", Interface)])
            .link(&test, &code)
            .uses(&test, &[("Admin", 2)])
            .model();
        assert_eq!(links(&model, &code).len(), links_to_it, "{extension}");
    }
}

#[test]
fn fixtures_are_asked_for_by_name_and_helpers_are_no_tests() {
    let mut repo =
        Repo::new(&["app/core.py", "tests/conftest.py", "tests/test_x.py", "tests/sub/test_y.py", "tests/test_z.py"])
            .offers("app/core.py", &[("App", Class)])
            .offers("tests/conftest.py", &[("client", Function)])
            .link("tests/conftest.py", "app/core.py")
            .uses("tests/conftest.py", &[("App", 1)])
            .uses("tests/test_x.py", &[("client", 4)])
            .uses("tests/sub/test_y.py", &[("client", 1)]);
    repo.digest("tests/conftest.py").tests = 0;
    let model = repo.model();
    let through = |test: &str| (test.to_owned(), Basis::Call, 2, 85);
    assert_eq!(links(&model, "app/core.py"), [through("tests/sub/test_y.py"), through("tests/test_x.py")]);
    assert_eq!(model.tested.role(model.find("tests/conftest.py").unwrap()), Role::Helper);
}

#[test]
fn a_name_says_it_where_nothing_else_does_and_several_of_a_name_decline() {
    let model = Repo::new(&[
        "a/cart.py",
        "a/tests/test_cart.py",
        "b/cart.py",
        "c/tests/test_cart.py",
        "a/till.py",
        "tests/test_till.py",
    ])
    .model();
    let by_name = |test: &str, confidence| vec![(test.to_owned(), Basis::Naming, 1, confidence)];
    assert_eq!(links(&model, "a/cart.py"), by_name("a/tests/test_cart.py", 70), "it is the nearest");
    assert_eq!(links(&model, "b/cart.py"), [], "the other test is as near to both");
    assert_eq!(links(&model, "a/till.py"), by_name("tests/test_till.py", 90));
}

#[test]
fn of_several_bases_the_strongest_stands_and_is_as_sure_as_the_surest() {
    let mut repo = Repo::new(&["cart.go", "cart_test.go"]).offers("cart.go", &[("Add", Function)]);
    repo = repo.uses("cart_test.go", &[("Add", 1)]);
    repo.link_by("cart_test.go", "cart.go", "go.package", 80);
    assert_eq!(links(&repo.model(), "cart.go"), [("cart_test.go".to_owned(), Basis::Call, 1, 90)]);
}

#[test]
fn what_a_header_declares_is_tested_in_the_source_beside_it() {
    let model = Repo::new(&["src/dict.c", "src/dict.h", "src/list.c", "tests/check_it.c"])
        .offers("src/dict.c", &[("dictAdd", Function)])
        .offers("src/dict.h", &[("dictAdd", Function)])
        .link("src/dict.c", "src/dict.h")
        .link("src/list.c", "src/dict.h")
        .link("tests/check_it.c", "src/dict.h")
        .uses("tests/check_it.c", &[("dictAdd", 2)])
        .model();
    assert_eq!(links(&model, "src/dict.c"), [("tests/check_it.c".to_owned(), Basis::Call, 1, 76)]);
    assert_eq!(links(&model, "src/list.c"), []);
}

/// `dict` of a test that does not include it is a name of the test's own, or of a library.
#[test]
fn a_name_of_c_is_meant_where_it_is_included_at_whatever_distance() {
    let model = Repo::new(&["src/dict.c", "src/dict.h", "tests/apart.c", "tests/util.h", "tests/within.c"])
        .offers("src/dict.h", &[("dictAdd", Function)])
        .offers("src/dict.c", &[("dictFree", Function)])
        .link("src/dict.c", "src/dict.h")
        .link("tests/util.h", "src/dict.h")
        .link("tests/within.c", "tests/util.h")
        .uses("tests/within.c", &[("dictAdd", 2)])
        .uses("tests/apart.c", &[("dictAdd", 2), ("dictFree", 1)])
        .model();
    assert_eq!(links(&model, "src/dict.h"), [("tests/within.c".to_owned(), Basis::Call, 1, 56)]);
    assert_eq!(links(&model, "src/dict.c"), []);
}

/// A check of types has no test that a runner would find, and neither has a script that only asserts.
#[test]
fn a_file_that_is_named_as_a_test_and_imports_code_is_one() {
    let mut repo = Repo::new(&["app/cart.py", "tests/fixture.py", "tests/readme_test.py", "tests/shared_test.py"])
        .offers("app/cart.py", &[("Cart", Class)])
        .link("tests/readme_test.py", "tests/shared_test.py");
    for script in ["tests/fixture.py", "tests/readme_test.py", "tests/shared_test.py"] {
        repo = repo.link(script, "app/cart.py").uses(script, &[("Cart", 1)]);
        repo.digest(script).tests = 0;
    }
    repo.add("tests/empty_test.py").digest.as_mut().unwrap().tests = 0;
    let model = repo.model();
    assert_eq!(links(&model, "app/cart.py"), [("tests/readme_test.py".to_owned(), Basis::Call, 1, 95)]);
    for helper in ["tests/fixture.py", "tests/shared_test.py", "tests/empty_test.py"] {
        assert_eq!(model.tested.role(model.find(helper).unwrap()), Role::Helper, "{helper}");
    }
}

/// Of a declaration types are all there is.
#[test]
fn a_declaration_is_tested_by_who_uses_its_types() {
    let mut repo = Repo::new(&["types/cart.d.ts", "tests/types/cart.test-d.ts"])
        .offers("types/cart.d.ts", &[("Cart", Interface)])
        .link("tests/types/cart.test-d.ts", "types/cart.d.ts")
        .uses("tests/types/cart.test-d.ts", &[("Cart", 3)]);
    repo.digest("types/cart.d.ts").functions = 0;
    repo.digest("tests/types/cart.test-d.ts").tests = 0;
    repo.imports("tests/types/cart.test-d.ts", |imports| imports.last_mut().unwrap().for_types = true);
    let by_call = [("tests/types/cart.test-d.ts".to_owned(), Basis::Call, 1, 95)];
    assert_eq!(links(&repo.model(), "types/cart.d.ts"), by_call);
}

/// Tests that stand in the code are tests of their file, and through it of what it uses.
#[test]
fn tests_in_a_file_are_its_own() {
    let mut repo = Repo::new(&["src/a.rs", "src/b.rs"])
        .offers("src/b.rs", &[("one", Function), ("two", Function)])
        .link("src/a.rs", "src/b.rs")
        .uses("src/a.rs", &[("one", 1), ("two", 1)]);
    repo.digest("src/a.rs").tests = 2;
    repo.digest("src/a.rs").test_lines = vec![(10, 20)];
    let model = repo.model();
    assert_eq!(links(&model, "src/a.rs"), [("src/a.rs".to_owned(), Basis::Own, 0, 100)]);
    assert_eq!(links(&model, "src/b.rs"), [("src/a.rs".to_owned(), Basis::Call, 1, 51)]);
}

/// What everybody comes through is counted in full and kept in part; who is about it is kept.
#[test]
fn links_of_one_file_are_bounded_and_counted() {
    let mut repo = Repo::new(&["base.py", "front.py"])
        .offers("base.py", &[("run", Function), ("stop", Function)])
        .offers("front.py", &[("call", Function)])
        .link("front.py", "base.py")
        .uses("front.py", &[("run", 1), ("stop", 1)]);
    for n in 0..MAX_THROUGH + 7 {
        let path = format!("tests/test_{n:03}.py");
        repo.add(&path);
        repo = repo.link(&path, "front.py").uses(&path, &[("call", 1)]);
    }
    let model = repo.model();
    let kept = |path: &str| {
        let file = model.find(path).unwrap();
        (model.tested.links(file).len(), model.tested.count(file))
    };
    assert_eq!((kept("front.py"), kept("base.py")), ((107, 107), (MAX_THROUGH, 107)));
    let answer = query::impact(&model, &SymbolTables::default(), "base.py", query::ImpactOptions::default()).unwrap();
    assert_eq!((answer.tests_to_run.files.len(), answer.tests_to_run.count), (MAX_THROUGH, 107));
}

/// What coverage.py wrote of two tests and three files, one of which nothing ran and one of which is not here.
fn by_test(when: &str) -> String {
    let file = |path: &str, ran: u32, test: &str| {
        let contexts =
            if test.is_empty() { String::new() } else { format!("\"2\": [\"tests/{test}.py::test_it|run\"]") };
        format!(
            "\"{path}\": {{\"summary\": {{\"covered_lines\": {ran}, \"num_statements\": 8}}, \
             \"functions\": {{\"f\": {{\"contexts\": {{{contexts}}}}}}}}}"
        )
    };
    let files = [
        file("/build/src/web.py", 8, "test_web"),
        file("src/store.py", 2, "test_store"),
        file("src/log.py", 0, ""),
        file("gone.py", 1, "test_web"),
    ];
    format!("{{\"meta\": {{\"timestamp\": \"{when}\"}}, \"files\": {{{}}}}}", files.join(", "))
}

/// `test_web` names web and log, `test_store` names store.
fn seen_by(report: &str) -> Repo {
    Repo::new(&["src/log.py", "src/store.py", "src/web.py", "tests/test_store.py", "tests/test_web.py"])
        .offers("src/log.py", &[("note", Function)])
        .offers("src/store.py", &[("load", Function)])
        .offers("src/web.py", &[("serve", Function)])
        .link("tests/test_web.py", "src/web.py")
        .link("tests/test_web.py", "src/log.py")
        .link("tests/test_store.py", "src/log.py")
        .uses("tests/test_web.py", &[("serve", 1), ("note", 1)])
        .uses("tests/test_store.py", &[("note", 1)])
        .report("coverage.json", report)
}

#[test]
fn a_report_that_keeps_its_tests_apart_decides() {
    let model = seen_by(&by_test("2026-05-02T10:00:00")).model();
    let seen = |test: &str, distance| vec![(test.to_owned(), Basis::Coverage, distance, 100)];
    assert_eq!(links(&model, "src/web.py"), seen("tests/test_web.py", 1), "it was seen, and is named");
    assert_eq!(links(&model, "src/store.py"), seen("tests/test_store.py", 1), "it was seen, and is named after it");
    assert_eq!(links(&model, "src/log.py"), [], "it is named, and did not run");
    let source = &model.tested.sources[0];
    assert_eq!((source.files, source.declined, source.by_test, source.stale), (3, 1, true, Some(false)));
    let inputs = serde_json::to_value(codexa_discovery::projections::system_manifest(&model).inputs).unwrap();
    assert_eq!(inputs["coverage_files"][0]["sha256"], "cd".repeat(32));
}

#[test]
fn a_report_that_is_older_than_the_newest_commit_says_so_and_denies_nothing() {
    let model = seen_by(&by_test("2026-04-30T10:00:00")).model();
    assert_eq!(links(&model, "src/log.py").len(), 2);
    assert_eq!(links(&model, "src/web.py"), [("tests/test_web.py".to_owned(), Basis::Coverage, 1, 95)]);
    let coverage = query::coverage(&model);
    assert!(coverage.text().contains("older than the newest commit"), "{}", coverage.text());
    assert_eq!(model.tested.sources[0].stale, Some(true));
}

#[test]
fn a_report_without_tests_says_how_much_ran() {
    let lcov = "SF:src/a.c\nDA:1,1\nDA:2,0\nend_of_record\nSF:src/b.c\nDA:1,0\nend_of_record\n";
    let model =
        Repo::new(&["src/a.c", "src/b.c"]).report("lcov.info", lcov).report("coverage.xml", "<nothing/>").model();
    let answer = query::tests(&model, &TestFilter::default()).unwrap();
    let rows: Vec<_> = answer.files.iter().map(|file| (file.path, file.covered)).collect();
    assert_eq!(rows, [("src/b.c", Some([0, 1])), ("src/a.c", Some([1, 2]))]);
    assert_eq!((answer.summary.reached, answer.summary.untested, answer.summary.by_basis["coverage"]), (1, 1, 1));
    insta::assert_snapshot!(answer.text());
    let of_file = TestFilter { from: Some("src/a.c".into()), untested: false };
    let text = query::tests(&model, &of_file).unwrap().text();
    assert!(text.starts_with("src/a.c: 1 of 2 lines ran (50.0 %); it is not known by which test\n"), "{text}");
}

/// The shop with a helper, a file that nothing tests, and tests in a language that is not parsed.
fn shop() -> Model {
    let mut repo = crate::projections::shop();
    repo.add("tests/unit.tcl");
    repo.add("tests/helper.py").digest.as_mut().unwrap().tests = 0;
    repo.model()
}

#[test]
fn tests_by_component_by_file_and_what_nothing_tests() {
    let model = shop();
    let ask = |from: Option<&str>, untested| {
        query::tests(&model, &TestFilter { from: from.map(str::to_owned), untested }).unwrap()
    };
    insta::assert_snapshot!(ask(None, false).text());
    insta::assert_snapshot!(ask(Some("src/shop"), false).text());
    insta::assert_snapshot!(ask(Some("tests/test_orders.py"), false).text());
    insta::assert_snapshot!(ask(None, true).text());
    let of_component = ask(Some("c:src/shop"), false);
    assert!(of_component.files.iter().any(|file| file.path == "src/shop/app.py"), "{of_component:?}");
    let json = serde_json::to_value(ask(Some("src/shop/app.py"), false)).unwrap();
    assert_eq!(json["files"][0]["tests"][0]["basis"], "call");
    let unknown = query::tests(&model, &TestFilter { from: Some("src/shop/ap.py".into()), untested: false });
    assert_eq!(unknown.unwrap_err().code(), "QUERY_PATH_NOT_FOUND");
}

#[test]
fn tested_by_is_a_kind_of_relation() {
    let filter = query::EdgeFilter { kind: Some("tested_by".into()), from: Some("src".into()), ..Default::default() };
    let model = shop();
    let rows = query::edges(&model, &filter).unwrap().edges;
    let rows: Vec<_> = rows.iter().map(|row| (row.from, row.to, row.origin, row.confidence)).collect();
    assert_eq!(
        rows,
        [
            ("src/shop/app.py", "tests/test_app.py", "call", 95),
            ("src/shop/orders/__init__.py", "tests/test_orders.py", "naming", 50),
            ("src/shop/orders/models.py", "tests/test_orders.py", "call", 95),
        ]
    );
}

#[test]
fn a_symbol_is_tried_first_with_the_tests_that_name_it() {
    let model = Repo::new(&["app.py", "tests/test_a.py", "tests/test_b.py"])
        .offers("app.py", &[("one", Function), ("two", Function)])
        .link("tests/test_a.py", "app.py")
        .link("tests/test_b.py", "app.py")
        .uses("tests/test_a.py", &[("one", 1)])
        .uses("tests/test_b.py", &[("two", 1)])
        .model();
    let answer = query::impact(&model, &SymbolTables::default(), "two", query::ImpactOptions::default()).unwrap();
    let tests = &answer.tests_to_run;
    assert_eq!(tests.files.iter().map(|test| test.path).collect::<Vec<_>>(), ["tests/test_b.py", "tests/test_a.py"]);
    assert_eq!((tests.count, tests.naming_the_symbol), (2, Some(1)));
    assert!(answer.text().contains("tests to run: 2 files; the first names the symbol\n"), "{}", answer.text());
}

/// Where tests were left out nothing says that there are none.
#[test]
fn without_tests_nothing_is_known_of_them() {
    for (mode, cause) in [("code-only", "code-only mode"), ("quick", "quick mode")] {
        let mut repo = crate::projections::shop();
        repo.run.mode = mode.into();
        let model = repo.model();
        let answer = query::tests(&model, &TestFilter::default()).unwrap();
        assert!(answer.text().contains(cause), "{}", answer.text());
        assert_eq!(answer.summary, query::TestSummary::default());
        let impact =
            query::impact(&model, &SymbolTables::default(), "src/shop/app.py", query::ImpactOptions::default());
        assert!(impact.unwrap().text().replace('\n', " ").contains("which tests to run is not known"));
    }
}

/// Links that were kept by a cache that somebody damaged lead nowhere and harm nobody.
#[test]
fn a_link_out_of_the_model_is_no_file() {
    let mut repo = Repo::new(&["a.py", "tests/test_a.py"]);
    let link = Link { to: "gone.py".into(), origin: "test.import".into(), confidence: 100, line: 1 };
    repo.at("tests/test_a.py").1 = FileLinks::of(&[link], &[]);
    let model = repo.model();
    assert_eq!(model.tested.links(99), []);
    assert_eq!(model.tested.count(99), 0);
    assert_eq!(model.tested.role(99), Role::Other);
}
