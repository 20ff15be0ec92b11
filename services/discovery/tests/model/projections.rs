use crate::repo::{Repo, relink};
use codexa_discovery::behaviour::ContactKind;
use codexa_discovery::offers::Offer;
use codexa_discovery::record::{FileLinks, Unread};
use codexa_model::facts::Cut;
use codexa_model::facts::SymbolKind::{Class, Function, Method};
use codexa_model::manifest::RiskKind;
use codexa_model::relation::DeclineReason;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A small web application with everything that a model shows.
pub fn shop() -> Repo {
    let mut repo = Repo::new(&[
        "README.md",
        "pyproject.toml",
        "src/shop/__init__.py",
        "src/shop/app.py",
        "src/shop/orders/__init__.py",
        "src/shop/orders/models.py",
        "src/shop/orders/store.py",
        "src/shop/huge.py",
        "tests/test_app.py",
        "tests/test_orders.py",
        "vendor/tiny/tiny.py",
        "web/cart.js",
        "web/index.js",
    ])
    .package("", "python", "shop", "pyproject.toml")
    .program("shop", "shop.app:main")
    .depends("Flask", "python", ">=3,<4", "pyproject.toml")
    .depends("requests", "python", "*", "pyproject.toml")
    .offers("src/shop/app.py", &[("create_app", Function), ("Shop", Class), ("Shop.run", Method)])
    .offers("src/shop/orders/models.py", &[("Order", Class), ("Order.total", Method), ("Line", Class)])
    .offers("src/shop/orders/store.py", &[("save", Function)])
    .link("src/shop/app.py", "src/shop/orders/store.py")
    .link("src/shop/orders/store.py", "src/shop/orders/models.py")
    .link("src/shop/orders/models.py", "src/shop/orders/store.py")
    .link("tests/test_app.py", "src/shop/app.py")
    .link("tests/test_orders.py", "src/shop/orders/models.py")
    .link("web/index.js", "web/cart.js")
    .declined("src/shop/app.py", "flask", DeclineReason::External("flask".into()))
    .declined("src/shop/app.py", "os", DeclineReason::StandardLibrary)
    .declined("src/shop/app.py", "shop.missing", DeclineReason::NotFound)
    .declined("src/shop/orders/store.py", "shop.missing", DeclineReason::NotFound)
    .declined("web/index.js", "lodash", DeclineReason::External("lodash".into()))
    .uses("src/shop/app.py", &[("save", 2)])
    .uses("src/shop/orders/store.py", &[("Order", 5)])
    .uses("tests/test_app.py", &[("create_app", 3), ("Shop", 1)])
    .uses("tests/test_orders.py", &[("Order", 7), ("Line", 1)])
    .route("src/shop/app.py", "POST", "/orders", "create_order")
    .contact("src/shop/orders/store.py", ContactKind::Database, "sqlite3.connect")
    .unread("src/shop/huge.py", Unread::TooLarge);
    repo.digest("web/cart.js").parse.error_bytes = 80;
    repo.digest("web/cart.js").parse.cut = Some(Cut::TooDeep);
    repo
}

#[test]
fn the_manifest_of_a_small_system() {
    insta::assert_snapshot!(shop().files()["system_manifest.yaml"]);
}

#[test]
fn the_model_of_a_small_system() {
    let files = shop().files();
    let model: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.starts_with("system_model/"))
        .map(|(path, text)| format!("==> {path}\n{text}"))
        .collect();
    insta::assert_snapshot!(model.join("\n"));
}

#[test]
fn what_one_clone_lacks_is_not_in_the_tracked_model() {
    let mut repo = Repo::new(&["app/a.py", "app/b.py"]);
    let lacks = ["shallow clone: history ends early", "2 submodules are listed, not entered"];
    repo.run.lacks = lacks.map(str::to_owned).to_vec();
    let manifest = codexa_discovery::projections::system_manifest(&repo.model());
    let risks = manifest.risks_and_gaps.into_iter();
    let lacking: Vec<String> = risks.filter(|risk| risk.kind == RiskKind::Lacking).map(|risk| risk.what).collect();
    assert_eq!(lacking, [lacks[1]]);
    let coverage = &repo.files()["system_model/coverage.yaml"];
    assert!(!coverage.contains(lacks[0]) && coverage.contains(lacks[1]), "{coverage}");
}

#[test]
fn each_command_is_recommended_once() {
    let circle = Repo::new(&[]).many("app", "go", 4).many("store", "go", 4);
    let circle = circle.link("app/f000.go", "store/f000.go").link("store/f001.go", "app/f001.go");
    let manifest = codexa_discovery::projections::system_manifest(&circle.model());
    let actions = manifest.next_actions.iter().map(|action| format!("{}: {}", action.command, action.what));
    insta::assert_snapshot!(actions.collect::<Vec<_>>().join("\n"), @r"
    codexa show components: Look at the largest circle of components (2); then read the parts and how they lie on each other
    codexa impact app/f001.go: See what a change of the most central file reaches
    ");
}

/// Lines that one side has and the other has not, by file.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    assert!(before.keys().eq(after.keys()), "the same files are there");
    let mut lines = Vec::new();
    for (path, text) in after {
        let old: Vec<&str> = before[path].lines().collect();
        assert_eq!(old.len(), text.lines().count(), "{path}");
        let differ = old.iter().zip(text.lines()).filter(|(old, new)| *old != new);
        lines.extend(differ.map(|(_, new)| format!("{path}: {}", new.trim_start())));
    }
    lines
}

fn tracked_model(repo: &Repo) -> BTreeMap<String, String> {
    repo.files().into_iter().filter(|(path, _)| path.starts_with("system_model/")).collect()
}

#[test]
fn an_edit_of_one_body_changes_at_most_its_own_files_line() {
    let before = tracked_model(&shop());
    let mut repo = shop();
    let record = &mut repo.at("src/shop/orders/store.py").0;
    record.bytes += 8_000;
    record.lines.code += 300;
    let digest = repo.digest("src/shop/orders/store.py");
    digest.functions += 1;
    digest.symbols += 2;
    digest.most_complex = Some(("save".into(), 31));
    digest.metrics.cyclomatic += 40;
    digest.parse.bytes += 8_000;
    digest.references.push("Line");
    digest.uses.push(12);
    digest.behaviour.contacts[0].line += 20;
    let mut second = digest.behaviour.contacts[0].clone();
    second.kind = ContactKind::Filesystem;
    digest.behaviour.contacts.push(second);
    repo.run.basis_commit = Some("f".repeat(40));
    let changed = changed(&before, &tracked_model(&repo));
    insta::assert_snapshot!(changed.join("\n"), @"system_model/components/src.shop.yaml: store.py: {language: Python, size: M, contacts: [database, filesystem], api: {values: {function: [save]}}}");
}

#[test]
fn an_edit_that_moves_lines_changes_nothing() {
    let mut repo = shop();
    repo.at("src/shop/app.py").0.lines.comments += 3;
    for (_, links) in &mut repo.files {
        relink(links, |links, declined| {
            links.iter_mut().for_each(|link| link.line += 3);
            declined.iter_mut().for_each(|declined| declined.line += 3);
        });
    }
    repo.run.generated_at = Some("2026-06-01T00:00:00Z".into());
    assert_eq!(changed(&tracked_model(&shop()), &tracked_model(&repo)), Vec::<String>::new());
}

#[test]
fn hostile_names_stay_names() {
    let mut repo = shop();
    for name in ["src/shop/\n- evil: true\u{202e}.py", "src/shop/: {.py", "src/shop/\"'#.py", "src/shop/&a *b.py"] {
        repo.add(name);
        repo.link_by("src/shop/app.py", name, "python.absolute_import", 90);
    }
    let long = format!("{}/deep.py", vec!["x".repeat(200); 12].join("/"));
    repo.add(&long);
    repo.link_by("src/shop/app.py", &long, "python.absolute_import", 90);
    for (path, text) in repo.files().into_iter().filter(|(path, _)| path.ends_with(".yaml")) {
        assert!(path.is_ascii() && path.len() < 160, "{path}");
        let value: serde_json::Value =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        if path == "system_model/relationships.yaml" {
            let targets = &value["files"]["src/shop"]["app.py"]["depends_on"]["python.absolute_import@90"];
            assert_eq!(targets["."].as_array().map(Vec::len), Some(4), "{targets}");
        }
    }
}

#[test]
fn every_file_fits_its_schema() {
    let schemas: BTreeMap<_, _> = codexa_model::manifest::schemas().into_iter().collect();
    for (path, text) in shop().files().into_iter().filter(|(path, _)| path.ends_with(".yaml")) {
        let value: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        let name = value["schema"]
            .as_str()
            .and_then(|name| name.strip_prefix("codexa/"))
            .and_then(|name| name.strip_suffix("@1"));
        let schema = schemas[name.unwrap()].clone().to_value();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn an_empty_repository_has_a_manifest_that_says_so() {
    let files = Repo::new(&[]).files();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "change_zones.md",
            "intent_map.md",
            "system_manifest.yaml",
            "system_model/coverage.yaml",
            "system_model/relationships.yaml"
        ]
    );
    assert!(files["system_manifest.yaml"].contains("components: []"));
}

#[test]
fn five_thousand_files_stay_under_five_megabytes() {
    let mut repo = Repo::new(&[]);
    for folder in 0..100 {
        repo = repo.many(
            &format!("clients/src/main/java/org/apache/example/common/part{folder:03}/internals"),
            "java",
            50,
        );
    }
    let paths: Vec<Box<str>> = repo.files.iter().map(|(record, _)| record.path.clone()).collect();
    for (at, (record, links)) in repo.files.iter_mut().enumerate() {
        let digest = record.digest.as_mut().unwrap();
        let class = format!("AbstractConfiguration{at}");
        Arc::make_mut(&mut digest.offers).push(Offer { name: &class, kind: Class, documented: true });
        for n in 0..12 {
            let name = format!("AbstractConfiguration{at}.describeSomething{n}");
            Arc::make_mut(&mut digest.offers).push(Offer { name: &name, kind: Method, documented: true });
        }
        let mut found = Vec::new();
        for n in 1..16_usize {
            let to = paths[(at + n * 37) % paths.len()].clone();
            let origin = "java.single_type_import".into();
            found.push(codexa_model::relation::Link { to, origin, confidence: 100, line: 1 });
        }
        *links = FileLinks::of(&found, &[]);
    }
    let bytes: usize = repo.files().values().map(String::len).sum();
    assert!(bytes < 5_000_000, "{bytes}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_order_of_inputs_changes_no_byte(seed in any::<u64>()) {
        let expected = shop().files();
        let mut repo = shop();
        let mut state = seed | 1;
        let mut key = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 33
        };
        let mut keyed: Vec<_> = repo.files.drain(..).map(|file| (key(), file)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        repo.files = keyed.into_iter().map(|(_, file)| file).collect();
        repo.dependencies.reverse();
        repo.packages.reverse();
        prop_assert_eq!(repo.files(), expected);
    }
}
