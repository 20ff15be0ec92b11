use crate::repo::Repo;
use codexa_discovery::record::FileClass;

#[test]
fn circles_within_one_part_or_crate_are_one_line_and_the_last() {
    let told = |repo: &Repo| {
        let manifest = codexa_discovery::projections::system_manifest(&repo.model());
        manifest.risks_and_gaps.iter().map(|risk| (risk.what.clone(), risk.places.0.clone())).collect::<Vec<_>>()
    };
    let modules = || {
        Repo::new(&["core/a.rs", "core/b.rs", "core/c.rs", "core/d.rs", "core/e.rs"])
            .package("core", "cargo", "core", "Cargo.toml")
            .link("core/a.rs", "core/b.rs")
            .link("core/b.rs", "core/c.rs")
            .link("core/c.rs", "core/a.rs")
            .link("core/d.rs", "core/e.rs")
            .link("core/e.rs", "core/d.rs")
    };
    let inner = "2 circles of source files stay within one part each; the largest has 3 files".to_owned();
    assert_eq!(told(&modules()), [(inner.clone(), vec!["core/a.rs".to_owned(), "core/d.rs".to_owned()])]);
    // Parts of one crate are built as one; two programs that need each other are not.
    let parts = |ecosystem: &'static str| {
        modules()
            .package("", ecosystem, "shop", "manifest")
            .many("ui", "py", 60)
            .many("store", "py", 60)
            .link("ui/f000.py", "store/f000.py")
            .link("store/f000.py", "ui/f000.py")
    };
    let across = |ecosystem| told(&parts(ecosystem)).into_iter().map(|(what, _)| what).collect::<Vec<_>>();
    let outer = "2 components depend on each other in a circle";
    assert_eq!(across("python"), [outer, "2 source files depend on each other in a circle", &*inner]);
    let inner = inner.replace("2 circles", "3 circles");
    assert_eq!(across("cargo"), [&*inner]);
}

#[test]
fn a_language_that_nobody_writes_here_is_no_risk() {
    let told = |repo: &Repo| {
        let manifest = codexa_discovery::projections::system_manifest(&repo.model());
        manifest.risks_and_gaps.into_iter().map(|risk| risk.what).collect::<Vec<_>>()
    };
    let mut repo = Repo::new(&["src/a.c", "src/one.tcl", "src/two.tcl"]);
    assert_eq!(told(&repo), Vec::<String>::new(), "two templates are no language");
    repo.add("src/three.tcl");
    assert_eq!(told(&repo), ["TCL is counted, not parsed: 3 files, 150 of 200 lines of code"]);
    repo.at("src/three.tcl").0.class = FileClass::Generated;
    assert_eq!(told(&repo), Vec::<String>::new());
}
