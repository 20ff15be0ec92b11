use crate::testing::TestRepository;
use codexa_model::Language::Go;

/// A module with two packages.
fn module() -> TestRepository {
    let mut repo = TestRepository::default();
    repo.text("go.mod", "module example.com/shop // the shop\n\ngo 1.22\n\nrequire (\n\tgolang.org/x/net v0.1.0\n\tgithub.com/a/b/v2 v2.0.0 // indirect\n)\n");
    repo.source("store/a.go", Go, "").module("store").defines("helper Open");
    repo.source("store/b.go", Go, "").module("store").defines("Item Save");
    repo.source("store/b_test.go", Go, "").module("store").defines("Fake");
    repo.source("internal/log/log.go", Go, "").module("log").defines("Print Item");
    repo
}

#[test]
fn an_import_leads_to_the_files_that_define_what_is_used() {
    let mut repo = module();
    // Names are matched by their package: `Item` of the one says nothing about the other.
    let imports = "example.com/shop/store Fake Open\nexample.com/shop/internal/log Print";
    repo.source("main.go", Go, imports).module("main").uses("Open Print Fake Item helper");
    assert_eq!(repo.show("main.go"), ["internal/log/log.go go.import_symbol 90", "store/a.go go.import_symbol 90"]);
    let imports = "example.com/shop/store as s Open\nexample.com/shop/store as t Item";
    repo.source("main.go", Go, imports).module("main");
    assert_eq!(repo.show("main.go"), ["store/a.go go.import_symbol 90", "store/b.go go.import_symbol 90"]);
    // Where the package has another name than its path, any name may be its own.
    repo.source("main.go", Go, "example.com/shop/store").module("main").uses("Item");
    assert_eq!(repo.show("main.go"), ["store/b.go go.import_symbol 70"]);
}

#[test]
fn an_import_of_which_nothing_is_used_by_name_leads_to_the_first_file() {
    let mut repo = module();
    repo.source("main.go", Go, "example.com/shop/store").module("main");
    assert_eq!(repo.show("main.go"), ["store/a.go go.import_package 60"]);
}

#[test]
fn files_of_a_package_are_joined_by_names_that_one_of_them_defines() {
    let mut repo = module();
    repo.source("store/c.go", Go, "").module("store").uses("Item Open Fake Twice").defines("Twice");
    repo.source("store/d_linux.go", Go, "").module("store").defines("Twice");
    repo.source("store/c_test.go", Go, "").module("store").uses("Fake");
    repo.source("store/x_test.go", Go, "example.com/shop/store Fake Item").module("store_test").uses("helper");
    assert_eq!(repo.show("store/c.go"), ["store/a.go go.same_package 70", "store/b.go go.same_package 70"]);
    assert_eq!(repo.show("store/c_test.go"), ["store/b_test.go go.same_package 70"]);
    assert_eq!(repo.show("store/x_test.go"), ["store/b.go go.import_symbol 90", "store/b_test.go go.import_symbol 90"]);
}

#[test]
fn one_lower_case_word_joins_no_files_and_two_names_or_a_compound_one_join_them_surely() {
    let mut repo = module();
    repo.source("store/d.go", Go, "").module("store").defines("openAll");
    repo.source("store/c.go", Go, "").module("store").uses("helper Item Save openAll");
    assert_eq!(repo.show("store/c.go"), ["store/b.go go.same_package 90", "store/d.go go.same_package 90"]);
}

#[test]
fn modules_from_outside_go_by_their_path_and_the_rest_is_the_standard_library() {
    let mut repo = module();
    let imports = "fmt\nnet/http\nC\ngolang.org/x/net/html\ngithub.com/a/b/v2/sub\ngithub.com/c/d/e\nexample.com/shop/gone\nexample.com/shopping\n../up\n/abs";
    repo.source("main.go", Go, imports).module("main");
    assert_eq!(
        repo.show("main.go"),
        [
            "../up: not found",
            "/abs: not found",
            "C: standard library",
            "example.com/shop/gone: not found",
            "example.com/shopping: external example.com/shopping",
            "fmt: standard library",
            "github.com/a/b/v2/sub: external github.com/a/b/v2",
            "github.com/c/d/e: external github.com/c/d",
            "golang.org/x/net/html: external golang.org/x/net",
            "net/http: standard library",
        ]
    );
}

#[test]
fn modules_are_joined_by_workspace_or_replacement_and_less_sure_without() {
    let joined = |work: &str, replace: &str| {
        let mut repo = TestRepository::default();
        repo.text("go.work", work);
        repo.text("app/go.mod", &format!("module example.com/app\n{replace}"));
        repo.text("kit/go.mod", "module example.com/kit\n");
        repo.source("kit/kit.go", Go, "").module("kit").defines("New");
        repo.source("app/main.go", Go, "example.com/kit New").module("main");
        repo.show("app/main.go")
    };
    assert_eq!(joined("use (\n\t./app\n\t./kit\n)", ""), ["kit/kit.go go.import_symbol 90"]);
    assert_eq!(joined("", "replace example.com/kit v1.0.0 => ../kit"), ["kit/kit.go go.import_symbol 90"]);
    assert_eq!(joined("", ""), ["kit/kit.go go.import_symbol 60"]);
    assert_eq!(joined("", "replace example.com/kit => ../../../kit"), ["kit/kit.go go.import_symbol 60"]);
}

#[test]
fn a_nested_module_is_not_part_of_the_one_around_it() {
    let mut repo = module();
    repo.text("tools/go.mod", "module other.org/tools\n");
    repo.source("tools/gen/gen.go", Go, "").module("gen").defines("Run");
    repo.source("main.go", Go, "example.com/shop/tools/gen\nother.org/tools/gen Run").module("main");
    assert_eq!(repo.show("main.go"), ["tools/gen/gen.go go.import_symbol 60", "example.com/shop/tools/gen: not found"]);
}

#[test]
fn vendored_packages_are_from_outside() {
    let mut repo = module();
    repo.source("vendor/golang.org/x/net/html/parse.go", Go, "").module("html").defines("Parse");
    repo.source("main.go", Go, "golang.org/x/net/html").module("main").uses("Parse");
    assert_eq!(repo.show("main.go"), ["golang.org/x/net/html: external golang.org/x/net"]);
}

#[test]
fn packages_are_modules_with_the_commands_in_them() {
    let mut repo = module();
    repo.text("go.mod", "module example.com/shop/v2\n");
    repo.source("main.go", Go, "").module("main").defines("main");
    repo.source("util.go", Go, "").module("main").defines("help");
    repo.source("cmd/serve/serve.go", Go, "").module("main").defines("main");
    repo.source("store/gen.go", Go, "").module("main").defines("main");
    let [package] = &crate::packages(&repo)[..] else { panic!("one module") };
    let programs: Vec<_> = package.programs.iter().map(|program| (&*program.name, &*program.target)).collect();
    assert_eq!(programs, [("serve", "cmd/serve/serve.go"), ("shop", "main.go")]);
}
