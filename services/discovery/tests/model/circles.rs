//! Which circles of components are said, and how layers lie where there are none.

use crate::repo::Repo;
use codexa_discovery::projections::system_manifest;
use codexa_discovery::record::FileClass;

/// `util` gathers two packages too small to be components: `config` leans on one, and the other on `config`.
fn lump() -> Repo {
    Repo::new(&["util/a/a.go", "util/b/b.go", "util/c/c.go"])
        .many("config", "go", 5)
        .many("web", "go", 5)
        .link("config/f000.go", "util/a/a.go")
        .link("util/b/b.go", "config/f001.go")
        .link("web/f000.go", "util/b/b.go")
}

#[test]
fn what_only_was_put_together_is_in_no_circle() {
    let model = lump().model();
    assert!(model.relations.circles.is_empty());
    let architecture = system_manifest(&model).architecture;
    let layers: Vec<&[String]> = architecture.layers.iter().map(|layer| &*layer.0).collect();
    assert_eq!(
        layers,
        [&["c:web"][..], &["c:util"], &["c:config"]],
        "the highest folder of a part says where it stands"
    );

    let closed = lump().link("util/a/a.go", "util/b/b.go").model();
    assert_eq!(closed.relations.circles.len(), 1, "now the packages themselves are in a circle");
    let weakest = &system_manifest(&closed).architecture.cycles[0].weakest;
    assert_eq!(weakest, "c:config -> c:util (1 file pair)");
}

#[test]
fn a_package_that_is_built_as_one_is_one_in_circles() {
    let circles = |ecosystem: &'static str| {
        let packages = Repo::new(&["a/x/x.ts", "a/y/y.ts", "b/x/x.ts", "b/y/y.ts"])
            .package("a", ecosystem, "a", "package.json")
            .package("b", ecosystem, "b", "package.json")
            .link("a/x/x.ts", "b/x/x.ts")
            .link("b/y/y.ts", "a/y/y.ts");
        packages.model().relations.circles.len()
    };
    assert_eq!((circles("npm"), circles("go")), (1, 0));
}

#[test]
fn a_circle_of_tests_names_its_weakest_dependency_too() {
    let repo =
        Repo::new(&["a/tests/x.py", "b/tests/x.py", "a/tests/y.py", "b/tests/y.py", "a/tests/z.py", "b/tests/z.py"])
            .many("a/one", "py", 13)
            .many("a/two", "py", 13)
            .many("b/one", "py", 13)
            .many("b/two", "py", 13)
            .package("a", "python", "a", "pyproject.toml")
            .package("b", "python", "b", "pyproject.toml")
            .link("a/tests/x.py", "b/tests/x.py")
            .link("b/tests/y.py", "a/tests/y.py");
    let manifest = system_manifest(&repo.model());
    let weakest: Vec<&str> = manifest.architecture.cycles.iter().map(|cycle| &*cycle.weakest).collect();
    assert_eq!(weakest, ["c:a/tests -> c:b/tests (1 file pair)"]);
}

#[test]
fn a_module_that_only_tests_declare_is_a_test() {
    let mut repo =
        Repo::new(&["core/src/lib.rs", "core/src/helpers.rs", "core/src/helpers/deep.rs", "axum/src/lib.rs"])
            .many("core/src", "rs", 3)
            .many("axum/src", "rs", 3)
            .package("core", "cargo", "core", "Cargo.toml")
            .package("axum", "cargo", "axum", "Cargo.toml")
            .link("axum/src/lib.rs", "core/src/lib.rs");
    repo.link_by("core/src/lib.rs", "core/src/helpers.rs", "rust.mod", 100);
    repo.link_by("core/src/helpers.rs", "core/src/helpers/deep.rs", "rust.mod", 100);
    let mut repo = repo.link("core/src/helpers/deep.rs", "axum/src/lib.rs");
    let class = |repo: &Repo| {
        let model = repo.model();
        let file = model.find("core/src/helpers/deep.rs").unwrap();
        (model.file(file).unwrap().class, model.relations.circles.len())
    };
    assert_eq!(class(&repo), (FileClass::Source, 1));
    repo.digest("core/src/lib.rs").test_lines.push((1, 1));
    assert_eq!(class(&repo), (FileClass::Test, 0));
    repo.link_by("axum/src/lib.rs", "core/src/helpers.rs", "rust.mod_path", 100);
    assert_eq!(class(&repo).0, FileClass::Source, "it is declared for the product as well");
}
