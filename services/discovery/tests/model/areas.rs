//! What is no part of what ships, and what only looks so by its name.

use crate::repo::Repo;
use codexa_discovery::model::Model;
use codexa_discovery::record::FileClass;

fn kinds(model: &Model) -> Vec<String> {
    model.components.all.iter().map(|component| format!("{} {}", component.id, component.kind.name())).collect()
}

#[test]
fn the_name_of_a_package_makes_no_samples() {
    let model = Repo::new(&["pom.xml"])
        .many("src/main/java/org/springframework/samples/petclinic/owner", "java", 12)
        .many("src/main/java/org/springframework/samples/petclinic/vet", "java", 6)
        .package("", "maven", "petclinic", "pom.xml")
        .model();
    assert_eq!(
        kinds(&model),
        [
            "c:src/main/java/org/springframework/samples/petclinic/owner folder",
            "c:src/main/java/org/springframework/samples/petclinic/vet folder"
        ]
    );
    let mut repo = Repo::new(&[]).many("core/org/samples", "java", 20).many("core/org/other", "java", 20).many(
        "examples/shop",
        "java",
        4,
    );
    let found = kinds(&repo.model());
    assert!(found.contains(&"c:core/org/samples examples".to_owned()), "{found:?}");
    for (record, _) in &mut repo.files {
        let package = record.path.rsplit_once('/').unwrap().0.trim_start_matches("core/").replace('/', ".");
        record.digest.as_mut().unwrap().module = Some(package.into());
    }
    let found = kinds(&repo.model());
    assert!(
        found.iter().any(|line| line.starts_with("c:core/org/samples") && !line.ends_with("examples")),
        "{found:?}"
    );
    assert!(found.contains(&"c:examples examples".to_owned()), "a package may be called so by its folder: {found:?}");
}

#[test]
fn a_library_with_many_tests_is_what_they_test() {
    let repo = Repo::new(&[])
        .many("axum/src", "rs", 6)
        .many("axum-macros/src", "rs", 4)
        .many("axum-macros/tests/from_request", "rs", 60)
        .package("axum", "cargo", "axum", "Cargo.toml")
        .package("axum-macros", "cargo", "axum-macros", "Cargo.toml");
    let found = kinds(&repo.model());
    assert!(found.contains(&"c:axum-macros package".to_owned()), "{found:?}");
}

#[test]
fn source_with_its_tests_in_a_folder_below_is_no_test() {
    let repo = Repo::new(&[]).many("node/ssr", "ts", 4).many("node/ssr/tests", "ts", 60).many("node/css", "ts", 40);
    let found = kinds(&repo.model());
    assert!(found.contains(&"c:node/ssr folder".to_owned()), "{found:?}");
}

#[test]
fn one_file_from_elsewhere_makes_no_folder_of_images_vendored() {
    let mut repo = Repo::new(&["app/a.py", "app/b.py"]).many("images", "png", 9);
    repo.add("images/chart.js").class = FileClass::Vendored;
    repo.at("images/chart.js").0.digest = None;
    assert_eq!(kinds(&repo.model()), ["c:app folder"]);
    let repo = repo.many("vendor/lib", "js", 3);
    assert!(kinds(&repo.model()).contains(&"c:vendor vendored".to_owned()));
}

#[test]
fn only_languages_that_import_make_dependencies_unknown() {
    let repo = Repo::new(&["shop/a.py", "shop/b.py"]).many("shop/templates", "html", 60).many("locale/de", "po", 90);
    let model = repo.model();
    assert_eq!(kinds(&model), ["c:shop folder", "c:shop/templates folder"]);
    assert_eq!((model.unknown_dependencies(0), model.unknown_dependencies(1)), (None, None));
    assert!(!model.coverage.languages.contains_key("PO File"), "{:?}", model.coverage.languages.keys());
    let model = repo.many("shop", "scala", 3).model();
    assert_eq!(model.unknown_dependencies(0).as_deref(), Some("unknown (Scala is counted, not parsed)"));
}

#[test]
fn what_ships_is_split_before_documents_and_fixtures() {
    let mut repo =
        Repo::new(&[]).many("fastapi", "py", 20).many("fastapi/openapi", "py", 5).many("fastapi/security", "py", 6);
    for n in 0..80 {
        repo = repo.many(&format!("docs_src/topic{n:02}"), "py", 6);
        repo = repo.many(&format!("playground/case{n:02}/src"), "js", 6).package(
            &format!("playground/case{n:02}"),
            "npm",
            "case",
            "package.json",
        );
    }
    let model = repo.model();
    assert_eq!(
        kinds(&model),
        [
            "c:docs_src examples",
            "c:fastapi folder",
            "c:fastapi/openapi folder",
            "c:fastapi/security folder",
            "c:playground examples"
        ]
    );
    assert_eq!(model.components.beyond_cap, 0);
}

#[test]
fn areas_leave_places_for_what_ships_and_templates_are_no_packages() {
    let mut repo =
        Repo::new(&[]).package("packages/create", "npm", "create", "package.json").many("packages/create/src", "ts", 3);
    for template in ["react", "react-ts", "vue", "lit"] {
        let root = format!("packages/create/template-{template}");
        repo = repo.many(&format!("{root}/src"), "ts", 2).package(&root, "npm", "template", "package.json");
    }
    for n in 0..50 {
        let root = format!("packages/p{n:02}");
        repo = repo.many(&format!("{root}/src"), "ts", 3).many(&format!("{root}/tests"), "ts", 3).package(
            &root,
            "npm",
            &format!("p{n:02}"),
            "package.json",
        );
        let examples = format!("{root}/examples");
        repo = repo.many(&format!("{examples}/a"), "ts", 9).package(&examples, "npm", "an-example", "package.json");
    }
    let model = repo.model();
    let ships = model.components.all.iter().filter(|component| component.kind.ships()).count();
    assert_eq!(ships, 51, "{:?}", kinds(&model));
}

#[test]
fn programs_side_by_side_are_told_from_each_other() {
    let mut repo = Repo::new(&["go.mod"]);
    for n in 0..12 {
        repo.add(&format!("cmd/prometheus/f{n}_test.go"));
    }
    let model = repo
        .many("cmd/prometheus", "go", 1)
        .many("cmd/promtool", "go", 5)
        .many("cmd/tiny", "go", 1)
        .many("web", "go", 5)
        .package("", "go", "example.com/prometheus", "go.mod")
        .program("prometheus", "cmd/prometheus/f000.go")
        .program("promtool", "cmd/promtool/f000.go")
        .program("tiny", "cmd/tiny/f000.go")
        .model();
    assert_eq!(kinds(&model), ["c:. package", "c:cmd/prometheus folder", "c:cmd/promtool folder", "c:web folder"]);
}
