use crate::projections::shop;
use crate::repo::Repo;
use codexa_discovery::behaviour::{Contact, ContactKind};
use codexa_discovery::engine::SymbolTables;
use codexa_discovery::model::Model;
use codexa_discovery::projections::system_manifest;
use codexa_discovery::query;
use codexa_discovery::record::FileClass;
use codexa_model::facts::{ImportKind, SymbolKind};
use codexa_model::relation::Exports;
use insta::assert_snapshot;

#[test]
fn status_in_a_few_lines() {
    assert_snapshot!(query::status(&shop().model()).text(Some("1.4 s"), Some("iteration 7"), &[]));
}

#[test]
fn components_as_a_table() {
    assert_snapshot!(query::components(&shop().model()).text());
}

#[test]
fn symbols_by_use() {
    assert_snapshot!(
        query::symbols(&shop().model(), &SymbolTables::default(), &query::SymbolFilter::default()).unwrap().text()
    );
}

#[test]
fn edges_from_a_file() {
    let filter = query::EdgeFilter {
        from: Some("./src/shop/app.py".into()),
        kind: Some("depends_on".into()),
        ..Default::default()
    };
    let model = shop().model();
    let answer = query::edges(&model, &filter).unwrap();
    assert_snapshot!(answer.text());
    assert_snapshot!(serde_json::to_string(&answer).unwrap(), @r#"{"edges":[{"from":"src/shop/app.py","to":"src/shop/orders/store.py","kind":"depends_on","origin":"test.import","confidence":100,"line":1}]}"#);
}

#[test]
fn entry_points_of_code_and_packages() {
    assert_snapshot!(query::entry_points(&shop().model(), &query::EntryPointFilter::default()).unwrap().text());
}

/// Programs that libraries bring along, that tests declare or whose start is only suspected are not the system's.
#[test]
fn only_the_systems_own_entry_points_are_its_ways_in() {
    let mut repo = Repo::new(&[
        "CMakeLists.txt",
        "src/server.c",
        "src/siphash.c",
        "deps/hiredis/CMakeLists.txt",
        "deps/hiredis/example.c",
        "tests/tool/CMakeLists.txt",
        "tests/tool/probe.c",
    ])
    .package("", "cmake", "server", "CMakeLists.txt")
    .program("server", "src/server.c")
    .program("probe", "tests/tool/probe.c")
    .package("deps/hiredis", "cmake", "hiredis", "CMakeLists.txt")
    .program("example", "deps/hiredis/example.c")
    .package("tests/tool", "cmake", "tool", "CMakeLists.txt")
    .program("tool", "tests/tool/probe.c");
    for (record, _) in &mut repo.files {
        if record.path.starts_with("deps/") {
            record.class = FileClass::Vendored;
            record.digest = None;
        } else if record.path.starts_with("tests/") {
            record.class = FileClass::Test;
        }
    }
    for (path, confidence) in [("src/server.c", 90), ("src/siphash.c", 30), ("tests/tool/probe.c", 90)] {
        repo = repo.main(path, confidence);
    }
    let model = repo.model();
    let shown = |filter: &query::EntryPointFilter| {
        let answer = query::entry_points(&model, filter).unwrap();
        let rows = answer.entry_points.iter().map(|row| format!("{} {} {}", row.kind, row.path, row.name));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(shown(&query::EntryPointFilter::default()), ["program src/server.c server"], "a program is its main");
    let with_tests = shown(&query::EntryPointFilter { with_tests: true, ..Default::default() });
    assert_eq!(with_tests.len(), 3, "{with_tests:?}");
    let suspected = shown(&query::EntryPointFilter { from: Some("src/siphash.c".into()), ..Default::default() });
    assert_eq!(suspected, ["main src/siphash.c main"]);
    let vendored = shown(&query::EntryPointFilter { from: Some("deps".into()), ..Default::default() });
    assert_eq!(vendored, ["program deps/hiredis/CMakeLists.txt example"]);

    let manifest = system_manifest(&model);
    let listed = manifest.artifacts.entry_points.iter();
    let listed: Vec<_> = listed.map(|kind| (&*kind.kind, kind.count, kind.first.join(", "))).collect();
    assert_eq!(listed, [("program", 1, "CMakeLists.txt server -> src/server.c".to_owned())]);
    assert_eq!(manifest.summary.structure.0.entry_points, 1);
    let component =
        manifest.components.iter().find(|component| component.id == "c:src").or(manifest.components.first());
    let counted = component.and_then(|component| component.entry_points.as_ref());
    assert_eq!(counted.map(|counts| counts.0.get("program").copied()), Some(Some(1)), "{:?}", manifest.components);
}

#[test]
fn programs_and_apis_come_before_the_rest_and_what_builds_the_system_stands_apart() {
    let mut repo = Repo::new(&["build.rs", "ci/install.py", "core/main.rs", "core/serve.py", "grep/src/lib.rs"])
        .package("", "cargo", "rg", "Cargo.toml")
        .program("rg", "core/main.rs")
        .package("grep", "cargo", "grep", "Cargo.toml");
    repo.packages[1].exports = Exports::Files(vec!["grep/src/lib.rs".into()]);
    for path in ["build.rs", "ci/install.py", "core/main.rs", "core/serve.py"] {
        repo = repo.main(path, 100);
    }
    repo.digest("build.rs").behaviour.entry_points[0].origin = "rust.build_script".into();
    let shown = |repo: &Repo| {
        let model = repo.model();
        let answer = query::entry_points(&model, &query::EntryPointFilter::default()).unwrap();
        let rows =
            answer.entry_points.iter().map(|row| format!("{}{}", if row.of_build { "- " } else { "" }, row.path));
        (rows.collect::<Vec<_>>(), answer.text())
    };
    let (rows, _) = shown(&repo);
    assert_eq!(rows, ["core/main.rs", "core/serve.py", "- build.rs", "- ci/install.py"], "a face without a name");
    repo.add("regex/src/lib.rs");
    let mut repo = repo.link("grep/src/lib.rs", "regex/src/lib.rs");
    repo.imports("grep/src/lib.rs", |imports| imports[0].kind = ImportKind::ReExport);
    let (rows, text) = shown(&repo);
    assert_eq!(rows[..3], ["core/main.rs", "grep/src/lib.rs", "core/serve.py"]);
    let (own, of_build) = text.split_once("of build, checks and releases").unwrap();
    assert!(own.contains("grep/src/lib.rs") && !own.contains("public name") && of_build.contains("ci/install.py"));
}

/// What only shows how something is used is no way into the system, in a component of its own or in a small folder.
#[test]
fn examples_are_counted_apart_and_test_lines_are_tests() {
    let repo = Repo::new(&["src/web.py", "src/examples/tiny.py"])
        .many("src", "py", 3)
        .many("examples", "py", 6)
        .route("src/web.py", "GET", "/orders", "orders")
        .route("src/f000.py", "GET", "/probe", "probe")
        .route("src/examples/tiny.py", "GET", "/tiny", "tiny")
        .main("examples/f001.py", 90)
        .contact("src/web.py", ContactKind::Network, "requests.get")
        .contact("src/f000.py", ContactKind::Database, "sqlite3.connect")
        .contact("examples/f001.py", ContactKind::Filesystem, "open");
    let mut repo = repo.package("examples", "python", "shown", "pyproject.toml").program("shown", "examples/f001.py");
    repo.digest("src/f000.py").test_lines.push((9, 12));
    let model = repo.model();
    let answer = |with_examples, with_tests| {
        let filter = query::EntryPointFilter { with_examples, with_tests, ..Default::default() };
        let answer = query::entry_points(&model, &filter).unwrap();
        let rows = answer.entry_points.iter().map(|row| format!("{} {}", row.path, row.name));
        (rows.collect::<Vec<_>>(), answer.left_out_in_examples)
    };
    assert_eq!(answer(false, false), (vec!["src/web.py GET /orders".to_owned()], 2));
    assert_eq!(answer(false, true).0.len(), 2);
    let (all, left_out) = answer(true, false);
    assert_eq!((all.len(), left_out), (3, 0));
    assert_eq!(all[0], "src/web.py GET /orders", "the system's own come first");
    let text = query::entry_points(&model, &query::EntryPointFilter::default()).unwrap().text();
    assert!(text.contains("\n1 entry point + 2 in examples, benchmarks and documents (--with-examples)\n"), "{text}");

    let manifest = system_manifest(&model);
    let counts: Vec<_> = manifest.artifacts.entry_points.iter().map(|kind| (&*kind.kind, kind.count)).collect();
    assert_eq!(counts, [("http_route", 1), ("in_examples", 2)]);
    assert_eq!((manifest.summary.structure.0.entry_points, manifest.summary.structure.0.contacts), (1, 1));

    let contacts = |filter: &query::ContactFilter| {
        let answer = query::contacts(&model, filter).unwrap();
        let rows = answer.contacts.iter().map(|row| format!("{} {}:{} {}", row.kind, row.path, row.line, row.name));
        (rows.collect::<Vec<_>>(), answer.left_out_in_examples)
    };
    let own = (vec!["network src/web.py:9 requests.get".to_owned()], 1);
    assert_eq!(contacts(&query::ContactFilter::default()), own);
    let everything = query::ContactFilter { with_tests: true, with_examples: true, ..Default::default() };
    assert_eq!(contacts(&everything).0.len(), 3);
    let of_kind =
        query::ContactFilter { kind: Some("database".into()), from: Some("src".into()), ..Default::default() };
    assert_eq!(contacts(&of_kind).0, ["database src/f000.py:9 sqlite3.connect"]);
    let unknown = query::ContactFilter { kind: Some("telepathy".into()), ..Default::default() };
    let error = query::contacts(&model, &unknown).unwrap_err();
    assert_eq!(error.code(), "QUERY_KIND_UNKNOWN");
    assert!(error.help().contains("`database`, `environment`"), "{}", error.help());
}

#[test]
fn contacts_by_kind_with_what_they_reach() {
    let mut repo = shop();
    for (line, literal) in [(3, "postgres://shop:secret@db.example/orders?x=@"), (4, "data/orders.db")] {
        repo.digest("src/shop/app.py").behaviour.contacts.push(Contact {
            kind: ContactKind::Database,
            detail: "connect".into(),
            literal: Some(literal.into()),
            symbol: None,
            line,
            origin: "python.database".into(),
            confidence: 90,
        });
    }
    let model = repo.model();
    let answer = query::contacts(&model, &query::ContactFilter::default()).unwrap();
    assert_snapshot!(answer.text());
    let first = serde_json::to_value(&answer).unwrap()["contacts"][0].clone();
    assert_eq!(first["target"], "postgres://…@db.example/orders?x=@");
}

#[test]
fn dependencies_and_who_uses_them() {
    assert_snapshot!(query::dependencies(&shop().model(), false).text());
}

#[test]
fn coverage_says_what_is_missing() {
    assert_snapshot!(query::coverage(&shop().model()).text());
}

#[test]
fn impact_of_a_file_a_folder_and_a_symbol() {
    let model = shop().model();
    let answer = |target: &str| {
        query::impact(&model, &SymbolTables::default(), target, query::ImpactOptions::default()).unwrap()
    };
    assert_snapshot!(answer("src/shop/orders/models.py").text());
    assert_snapshot!(answer("Order").text());
    let folder = answer("src/shop/orders/");
    let reached: Vec<_> = folder.reached.iter().map(|row| (row.path, row.depth)).collect();
    assert_eq!(reached, [("src/shop/app.py", 1), ("tests/test_orders.py", 1), ("tests/test_app.py", 2)]);
    let far = answer("src/shop/orders/models.py");
    let last = far.reached.last().unwrap();
    let way: Vec<_> = last.via.iter().map(|step| (step.to, step.from)).collect();
    assert_eq!(way[0].0, "src/shop/orders/models.py");
    assert_eq!(way[way.len() - 1].1, last.path);
    assert!(way.windows(2).all(|pair| pair[0].1 == pair[1].0), "each step begins where the last ended: {way:?}");
}

#[test]
fn the_surest_of_the_shortest_ways_is_shown_and_weak_edges_are_not_followed() {
    let mut repo = crate::repo::Repo::new(&["t.py", "weak.py", "sure.py", "end.py", "never.py"]);
    repo.link_by("weak.py", "t.py", "x.guess", 60);
    repo.link_by("sure.py", "t.py", "x.import", 95);
    repo.link_by("end.py", "weak.py", "x.import", 100);
    repo.link_by("end.py", "sure.py", "x.import", 100);
    repo.link_by("never.py", "t.py", "x.guess", 40);
    let model = repo.model();
    let answer = query::impact(&model, &SymbolTables::default(), "t.py", query::ImpactOptions::default()).unwrap();
    let reached: Vec<_> = answer.reached.iter().map(|row| (row.path, row.depth, row.confidence)).collect();
    assert_eq!(reached, [("sure.py", 1, 95), ("weak.py", 1, 60), ("end.py", 2, 95)]);
}

#[test]
fn a_header_and_its_source_are_one_symbol_and_two_files_of_a_name_are_not() {
    let repo = crate::repo::Repo::new(&["a/dict.c", "a/dict.h", "b/user.c", "x/one.py", "x/two.py", "tests/two.py"]);
    let function = [("dictAdd", codexa_model::facts::SymbolKind::Function)];
    let repo = repo
        .offers("a/dict.c", &function)
        .offers("a/dict.h", &function)
        .link("b/user.c", "a/dict.h")
        .uses("b/user.c", &[("dictAdd", 2)]);
    let model = repo.model();
    let answer = query::impact(&model, &SymbolTables::default(), "dictAdd", query::ImpactOptions::default()).unwrap();
    assert_eq!(answer.reached.iter().map(|row| row.path).collect::<Vec<_>>(), ["b/user.c"]);
    let class = [("Job", codexa_model::facts::SymbolKind::Class)];
    let repo = repo.offers("x/one.py", &class).offers("x/two.py", &class).offers("tests/two.py", &class);
    let error =
        query::impact(&repo.model(), &SymbolTables::default(), "Job", query::ImpactOptions::default()).unwrap_err();
    assert_eq!(error.code(), "QUERY_SYMBOL_AMBIGUOUS");
    assert!(
        error.help().starts_with("say which: `x/one.py:Job` or `x/two.py:Job` or `tests/two.py:Job`"),
        "{}",
        error.help()
    );
    assert!(
        query::impact(&repo.model(), &SymbolTables::default(), "x/two.py:Job", query::ImpactOptions::default()).is_ok()
    );
}

/// Who is reached directly, by which rule and how surely.
fn direct<'m>(model: &'m Model, target: &str) -> Vec<(&'m str, &'m str, u8)> {
    let answer = query::impact(model, &SymbolTables::default(), target, query::ImpactOptions::default()).unwrap();
    let rows = answer.reached.iter().filter(|row| row.depth == 1);
    rows.map(|row| (row.path, row.via[0].origin, row.confidence)).collect()
}

/// A hash table of C: its source, the header that declares it, and one that everybody includes.
fn dictionary() -> Repo {
    let functions = [("dictAdd", SymbolKind::Function), ("dbAdd", SymbolKind::Function)];
    Repo::new(&["dict.c", "dict.h", "db.c", "idle.c", "own.c", "server.h", "spare.c", "near.c", "tests/mock.c"])
        .offers("dict.c", &functions[..1])
        .offers("dict.h", &functions[..1])
        .offers("db.c", &functions[1..])
        .offers("server.h", &functions[1..])
        .link("dict.c", "dict.h")
        .link("server.h", "dict.h")
        .link("db.c", "server.h")
        .link("idle.c", "server.h")
        .uses("db.c", &[("dictAdd", 2)])
        .uses("dict.c", &[("dbAdd", 1)])
        .uses("idle.c", &[("dbAdd", 1)])
        // Of whoever includes nothing it may be anybody's.
        .uses("own.c", &[("dictAdd", 1)])
}

/// Nobody includes such a source.
#[test]
fn a_source_of_c_reaches_who_uses_its_names_through_a_header() {
    let model = dictionary().model();
    for target in ["dict.c", "dict.c:dictAdd", "dictAdd"] {
        assert_eq!(direct(&model, target), [("db.c", "c.through_header", 60)], "{target}");
    }
    assert_eq!(direct(&model, "db.c"), [("idle.c", "c.through_header", 80)]);
    assert_eq!(direct(&model, "dbAdd"), [("idle.c", "name.imported", 100)], "the header is known, whatever its name");
    let symbols = query::symbols(&model, &SymbolTables::default(), &query::SymbolFilter::default()).unwrap().symbols;
    let of_dict = symbols.iter().filter(|row| row.name == "dictAdd").map(|row| (row.path, row.used_by));
    assert_eq!(of_dict.collect::<Vec<_>>(), [("dict.c", Some(1)), ("dict.h", Some(0))]);
}

#[test]
fn of_several_sources_that_define_a_name_each_may_be_meant_but_for_those_of_tests() {
    let function = [("dictAdd", SymbolKind::Function)];
    let mock = dictionary().offers("tests/mock.c", &function).link("tests/mock.c", "dict.h");
    assert_eq!(direct(&mock.model(), "dict.c"), [("db.c", "c.through_header", 60)]);
    let spare = dictionary().offers("spare.c", &function).link("spare.c", "dict.h").model();
    assert_eq!(direct(&spare, "dict.c"), [("db.c", "c.through_header", 50)]);
    assert_eq!(direct(&spare, "spare.c"), [("db.c", "c.through_header", 50)]);
}

#[test]
fn what_a_source_keeps_to_itself_reaches_nobody() {
    let dictionary = dictionary().offers("dict.h", &[("LIMIT", SymbolKind::Macro)]).uses("db.c", &[("LIMIT", 1)]);
    let model = dictionary.offers("dict.c", &[("LIMIT", SymbolKind::Macro)]).model();
    assert_eq!(direct(&model, "dict.c:LIMIT"), []);
}

#[test]
fn a_header_that_declares_something_else_of_the_name_is_apart() {
    let function = [("dictAdd", SymbolKind::Function)];
    let mut repo = dictionary();
    repo.add("other/dict2.h");
    let model = repo
        .offers("other/dict2.h", &function)
        .link("near.c", "other/dict2.h")
        .uses("near.c", &[("dictAdd", 1)])
        .model();
    let answer = query::impact(&model, &SymbolTables::default(), "dictAdd", query::ImpactOptions::default()).unwrap();
    assert_eq!((&*answer.target.path, answer.target.others), ("dict.c", vec!["other/dict2.h:dictAdd".to_owned()]));
    assert_eq!(answer.reached.iter().map(|row| row.path).collect::<Vec<_>>(), ["db.c"]);
}

#[test]
fn members_reach_who_names_them_and_their_type_wherever_in_the_package_that_is_defined() {
    let mut repo = Repo::new(&["store/block.go", "store/coerce.go", "store/sub/x.go", "app/main.go", "app/other.go"])
        .offers("store/block.go", &[("Block", SymbolKind::Struct)])
        .link("app/main.go", "store/block.go")
        .link("app/other.go", "store/block.go")
        .uses("app/main.go", &[("Block", 1), ("Coerce", 1)])
        .uses("app/other.go", &[("Block", 1), ("Coercion", 1)])
        .uses("store/block.go", &[("sync", 1)]);
    for path in ["store/coerce.go", "store/sub/x.go"] {
        repo.digest(path).definitions = ["Block.Coerce", "Block.sync"].into_iter().collect();
        repo = repo.offers(path, &[("Block.Coerce", SymbolKind::Method)]);
    }
    let model = repo.model();
    let reached = [("app/main.go", "name.member", 60), ("store/block.go", "name.member", 60)];
    assert_eq!(direct(&model, "store/coerce.go"), reached);
    assert_eq!(direct(&model, "store/coerce.go:Block.Coerce"), reached, "as far as one can see");
    assert_eq!(direct(&model, "store/sub/x.go"), [], "a package is a folder");
    // What many types have says nothing of who uses it.
    for n in 0..9 {
        let path = format!("lib/t{n}.go");
        repo.add(&path);
        repo.digest(&path).definitions = ["T.Coerce", "T.sync"].into_iter().collect();
    }
    assert_eq!(direct(&repo.model(), "store/coerce.go"), []);
}

#[test]
fn what_is_not_there_is_said_with_what_is_like_it() {
    let model = shop().model();
    let error =
        query::impact(&model, &SymbolTables::default(), "src/shop/ap.py", query::ImpactOptions::default()).unwrap_err();
    assert_eq!((error.code(), error.help().as_str()), ("QUERY_TARGET_NOT_FOUND", "did you mean `src/shop/app.py`?"));
    let error = query::impact(&model, &SymbolTables::default(), "Ordr", query::ImpactOptions::default()).unwrap_err();
    assert_eq!(error.help(), "did you mean `Order`?");
    let filter = query::EdgeFilter { from: Some("src/shop/orders/modls.py".into()), ..Default::default() };
    assert_eq!(query::edges(&model, &filter).unwrap_err().help(), "did you mean `src/shop/orders/models.py`?");
    let filter = query::EdgeFilter { kind: Some("likes".into()), ..Default::default() };
    assert_eq!(query::edges(&model, &filter).unwrap_err().code(), "QUERY_KIND_UNKNOWN");
}

#[test]
fn a_path_of_a_table_is_never_cut_and_what_follows_it_stands_in_its_column() {
    let (one, two) =
        ("crates/globset/src/a/rather/long/path/pathutil.rs", "crates/ignore/src/a/rather/long/pathutil.rs");
    let mut repo = Repo::new(&["a.rs", "lib/b.rs", one, two]);
    for from in ["a.rs", "lib/b.rs", two] {
        repo.link_by(from, one, "rust.use", 100);
    }
    repo.link_by(one, "a.rs", "rust.use", 90);
    insta::assert_snapshot!(query::edges(&repo.model(), &query::EdgeFilter::default()).unwrap().text(), @"
      from                            to                             by rule    sure
      a.rs:1      crates/globset/src/a/rather/long/path/pathutil.rs  rust.use  100 %
      crates/globset/src/a/rather/long/path/pathutil.rs:1
                                      a.rs                           rust.use   90 %
      crates/ignore/src/a/rather/long/pathutil.rs:1
                  crates/globset/src/a/rather/long/path/pathutil.rs  rust.use  100 %
      lib/b.rs:1  crates/globset/src/a/rather/long/path/pathutil.rs  rust.use  100 %

    4 edges
    next: codexa impact crates/globset/src/a/rather/long/path/pathutil.rs
    ");
}

#[test]
fn every_text_fits_a_terminal_and_hides_nothing() {
    let mut repo = shop();
    let long = format!("src/shop/{}/\u{1b}[31mred\u{202e}.py", "long_folder_name".repeat(9));
    repo.add(&long);
    repo.link_by("src/shop/app.py", &long, "python.absolute_import", 90);
    let repo = repo.offers(
        &long,
        &[("a_function_with_a_rather_long_name_that_goes_on", codexa_model::facts::SymbolKind::Function)],
    );
    let model = repo.model();
    let texts = [
        query::status(&model).text(None, None, &[]),
        query::components(&model).text(),
        query::symbols(&model, &SymbolTables::default(), &query::SymbolFilter::default()).unwrap().text(),
        query::edges(&model, &query::EdgeFilter::default()).unwrap().text(),
        query::entry_points(&model, &query::EntryPointFilter::default()).unwrap().text(),
        query::contacts(&model, &query::ContactFilter::default()).unwrap().text(),
        query::dependencies(&model, true).text(),
        query::coverage(&model).text(),
        query::impact(&model, &SymbolTables::default(), &long, query::ImpactOptions::default()).unwrap().text(),
    ];
    for text in texts {
        for line in text.lines().filter(|line| !line.starts_with("next:") && !line.starts_with("a change of")) {
            let is_one_name = !line.trim().contains(' ');
            assert!(line.chars().count() <= 80 || is_one_name, "{line}");
        }
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn what_has_all_words_of_a_focus_comes_first_and_what_has_fewer_is_left_out() {
    use codexa_model::facts::SymbolKind::{Function, Struct};
    let repo =
        Repo::new(&["ignore/gitignore.rs", "ignore/dir.rs", "regex/non_matching.rs", "core/main.rs", "core/log.rs"])
            .offers("ignore/gitignore.rs", &[("Gitignore", Struct), ("matched", Function)])
            .offers("ignore/dir.rs", &[("IgnoreMatch", Struct)])
            .offers("regex/non_matching.rs", &[("non_matching", Function)])
            .uses("core/main.rs", &[("Gitignore", 1), ("matched", 1)])
            .link("core/main.rs", "ignore/gitignore.rs");
    let model = repo.model();
    let files = |focus| query::summarize(&model, focus).files;
    assert_eq!(files("gitignore matching"), ["ignore/gitignore.rs", "ignore/dir.rs", "core/main.rs"]);
    assert_eq!(files("matching")[0], "regex/non_matching.rs");
    assert_eq!(files("payment"), Vec::<&str>::new());
    assert_eq!(files("").len(), 5);
}

#[test]
fn what_only_comes_past_a_facade_is_less_sure_and_tests_and_examples_stand_apart() {
    use codexa_model::facts::SymbolKind::Struct;
    let paths =
        ["src/standard.rs", "src/lib.rs", "src/util.rs", "core/search.rs", "examples/show.rs", "tests/test_all.rs"];
    let mut repo = Repo::new(&paths)
        .offers("src/standard.rs", &[("Standard", Struct)])
        .uses("core/search.rs", &[("Standard", 1)])
        .link("src/util.rs", "src/lib.rs")
        .link("core/search.rs", "src/lib.rs")
        .link("examples/show.rs", "src/standard.rs")
        .link("tests/test_all.rs", "src/standard.rs");
    repo.link_by("src/lib.rs", "src/standard.rs", "rust.pub_use", 100);
    let model = repo.model();
    let options = query::ImpactOptions::default();
    let answer = query::impact(&model, &SymbolTables::default(), "src/standard.rs", options).unwrap();
    let rows: Vec<(&str, bool)> = answer.reached.iter().map(|row| (row.path, row.confidence > 30)).collect();
    let apart = [("examples/show.rs", true), ("tests/test_all.rs", true)];
    assert_eq!(rows[..3], [("src/lib.rs", true), ("core/search.rs", true), ("src/util.rs", false)]);
    assert_eq!(rows[3..], apart);
    let text = answer.text();
    let (own, beside) = text.split_once("tests, examples and benchmarks").unwrap();
    assert!(own.contains("src/util.rs") && beside.contains("examples/show.rs") && beside.contains("30 %: reached"));
}
