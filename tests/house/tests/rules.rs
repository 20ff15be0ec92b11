//! Each rule can fail: what it says of small houses that break it.

#![cfg(test)]

use codexa_house::{Workspace, commands, evidence, layers, manifests, pages, roadmap, sources, tracked};
use codexa_testkit::git;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const INHERITED: &str = "description = \"x\"\nversion.workspace = true\nedition.workspace = true\n\
    rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n";

/// A house of files, under a root manifest with the usual members.
struct House(TempDir);

impl House {
    fn new() -> Self {
        let house = Self(TempDir::new().expect("a temporary folder"));
        for folder in ["crates", "services", "adapters"] {
            fs::create_dir(house.0.path().join(folder)).expect("a folder");
        }
        house.file("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"services/*\", \"adapters/*\"]\n")
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// A package that keeps every rule of manifests, with these lines under `[dependencies]`.
    fn package(self, dir: &str, name: &str, dependencies: &str) -> Self {
        let manifest = format!("[package]\nname = \"{name}\"\n{INHERITED}[dependencies]\n{dependencies}");
        self.file(&format!("{dir}/Cargo.toml"), &manifest).file(&format!("{dir}/src/lib.rs"), "//! Says so.\n")
    }

    fn broken(&self, rule: impl Fn(&Workspace) -> Vec<String>) -> Vec<String> {
        rule(&Workspace::read(self.0.path()).expect("the house can be read"))
    }
}

#[test]
fn an_import_that_points_up_is_found() {
    let house = House::new().package("crates/model", "codexa-model", "").package(
        "crates/syntax",
        "codexa-syntax",
        "codexa-config.workspace = true\ncodexa-model.workspace = true\n",
    );
    let house = house.package("crates/config", "codexa-config", "");
    assert_eq!(
        house.broken(layers::imports_point_down),
        ["codexa-syntax may not depend on codexa-config (crates/syntax/Cargo.toml)"]
    );
}

#[test]
fn a_package_without_a_place_is_found() {
    let house = House::new().package("crates/misc", "codexa-misc", "");
    assert_eq!(
        house.broken(layers::imports_point_down),
        ["codexa-misc has no place in the table of tests/house/src/layers.rs"]
    );
}

#[test]
fn a_service_that_imports_a_service_is_found() {
    let house = House::new()
        .package("services/discovery", "codexa-discovery", "")
        .package("services/planner", "codexa-planner", "codexa-discovery.workspace = true\n")
        .package("crates/model", "codexa-model", "codexa-planner.workspace = true\n");
    assert_eq!(
        house.broken(layers::folders_keep_apart),
        [
            "codexa-model reaches up to codexa-planner (crates/model/Cargo.toml)",
            "codexa-planner reaches up to codexa-discovery (services/planner/Cargo.toml)"
        ]
    );
}

#[test]
fn a_package_that_does_not_inherit_is_found() {
    let house = House::new().file(
        "crates/model/Cargo.toml",
        "[package]\nname = \"codexa-model\"\ndescription = \"x\"\nversion = \"9\"\nedition.workspace = true\n\
         rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n",
    );
    assert_eq!(
        house.broken(manifests::inherit_from_the_root),
        [
            "codexa-model does not inherit the workspace's lints ([lints] workspace = true)",
            "codexa-model does not inherit `version` (version.workspace = true)"
        ]
    );
}

#[test]
fn a_version_of_its_own_and_an_unused_dependency_are_found() {
    let house = House::new()
        .package("crates/model", "codexa-model", "serde = \"1\"\nserde_json.workspace = true\n")
        .file("crates/model/src/lib.rs", "use serde::Serialize; // serde_jsonish\n")
        .file("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\nmemchr = \"2\"\n");
    assert_eq!(
        house.broken(manifests::versions_stand_once),
        ["codexa-model names its own version of serde: inherit the root's"]
    );
    assert_eq!(
        house.broken(manifests::nothing_unused),
        ["codexa-model declares serde_json and never uses it", "no package inherits memchr from the root manifest"]
    );
}

#[test]
fn a_long_file_needs_its_reason() {
    let long = "// line\n".repeat(601);
    let house = House::new()
        .package("crates/model", "codexa-model", "")
        .file("crates/model/src/a.rs", &long)
        .file("crates/model/src/b.rs", &format!("//! Tables.\n//! Long because it is one table.\n{long}"))
        .file("crates/model/tests/fixtures/c.rs", &long);
    assert_eq!(
        house.broken(sources::long_files_say_why),
        ["crates/model/src/a.rs has 601 lines: split it, or say `//! Long because …` at its top"]
    );
}

#[test]
fn a_file_that_starts_processes_is_found() {
    let house = House::new()
        .package("crates/project", "codexa-project", "")
        .file("crates/project/src/git.rs", "use std::process::{Command, Stdio};\n")
        .file("crates/project/src/rules.rs", "const NAME: &str = \"std::process::Command\";\n")
        .file("crates/project/tests/git.rs", "use std::process::Command;\n");
    assert_eq!(
        house.broken(sources::few_start_processes),
        ["crates/project/src/git.rs starts processes: see START_PROCESSES in tests/house/src/sources.rs"]
    );
}

#[test]
fn an_ignored_test_is_found() {
    let off = format!("#[test]\n#[{}]\nfn waits() {{}}\n#[test]\nfn runs() {{}}\n", "ignore = \"slow\"");
    let house = House::new().package("crates/model", "codexa-model", "").file("crates/model/tests/a.rs", &off);
    assert_eq!(
        house.broken(sources::no_test_is_ignored),
        ["waits is ignored (crates/model/tests/a.rs:3): mend it or delete it"]
    );
}

#[test]
fn a_command_without_docs_is_found() {
    let house = House::new()
        .package("adapters/cli", "codexa", "")
        .file(
            "adapters/cli/src/commands/mod.rs",
            "mod stored;\npub enum Command {\n    /// Read\n    Discover(discover::Arguments),\n    \
             #[command(subcommand)]\n    ControlPlane(control_plane::Command),\n    #[command(hide = true)]\n    \
             Worker,\n}\n",
        )
        .file("docs/command-line.md", "# Commands\n\n## codexa discover\n");
    assert_eq!(
        house.broken(commands::each_command_has_docs),
        ["docs/command-line.md has no section `codexa control-plane`"]
    );
}

#[test]
fn a_link_to_nothing_is_found() {
    let house = House::new()
        .file("README.md", "[here](docs/a.md#top) [there](docs/none.md) [web](https://example.com) [above](#top)\n")
        .file("docs/a.md", "[up](../README.md) [aside](b.md)\n")
        .file("docs/evidence/c.md", "[theirs](src/x.py)\n")
        .file("notes/d.md", "[not ours](x.md)\n");
    assert_eq!(
        house.broken(pages::links_lead_somewhere),
        ["README.md links to docs/none.md, which is not there", "docs/a.md links to b.md, which is not there"]
    );
}

#[test]
fn a_claim_of_the_roadmap_that_nothing_bears_out_is_found() {
    let page = "\
| state | sentence | module | shown by |\n| --- | --- | --- | --- |\n\
| shown | it adds | `crates/model/src/lib.rs` | `model::adds::adds_up`, `test adds_up`, `model::adds::made`, `make test` |\n\
| shown | it subtracts | `crates/model/src/minus.rs` | `model::adds::subtracts` |\n\
| shown | it divides | | by hand |\n\
| shown | it runs | | `codexa run`, `make fun`, `docs/none.md`, `nowhere::a` |\n\
| open | it multiplies | `crates/none` | `test never_written` |\n\
| done | it waits | | `make test` |\n";
    let house = House::new()
        .package("crates/model", "codexa-model", "")
        .file(
            "crates/model/tests/adds.rs",
            "#[test]\nfn adds_up() {}\nmacro_rules! sum {\n#[test]\nfn $name() {}\n}\nsum!(made, 1);\n",
        )
        .file("Makefile", "test: ## all\n")
        .file("docs/roadmap/one.md", page);
    assert_eq!(
        house.broken(roadmap::claims_hold),
        [
            "docs/roadmap/one.md:4: there is no crates/model/src/minus.rs",
            "docs/roadmap/one.md:4: `model::adds::subtracts`: there is no such test",
            "docs/roadmap/one.md:5: nothing shows \"it divides\"",
            "docs/roadmap/one.md:6: `codexa run`: there is no such command",
            "docs/roadmap/one.md:6: `make fun`: the Makefile has no such target",
            "docs/roadmap/one.md:6: `docs/none.md`: there is no such file",
            "docs/roadmap/one.md:6: `nowhere::a`: there is no such crate",
            "docs/roadmap/one.md:8: the state is `done`, neither `shown` nor `open`",
        ]
    );
}

#[test]
fn evidence_without_a_verdict_or_with_another_sum_is_found() {
    let table = |verdict: &str| {
        format!("| a | verdict | why |\n| --- | --- | --- |\n| x | right | so |\n| y | {verdict} | so |\n")
    };
    let page = |verdict: &str| {
        ["Edges", "Entry points", "Components"].map(|name| format!("## {name}\n\n{}\n", table(verdict))).concat()
    };
    let house = House::new().file("docs/evidence/flask.md", &page("wrong"));
    let house = house.file("docs/evidence/README.md", "| flask | 1/2 | 1/2 | 1/2 |\n");
    let house = house.file("docs/evidence/measured.md", "| what | seconds |\n| --- | --- |\n| a | 2 |\n");
    assert!(house.broken(evidence::adds_up).is_empty());
    let house = house.file("docs/evidence/README.md", "| flask | 2/2 | 1/2 | 1/2 |\n");
    assert_eq!(house.broken(evidence::adds_up).len(), 1);
    let house = house.file("docs/evidence/flask.md", &page(""));
    assert!(house.broken(evidence::adds_up).join("").contains("without a verdict"));
}

#[test]
fn a_tracked_binary_or_archive_is_found() {
    let house = House::new()
        .file("notes.md", "PK is no archive, and \u{7} is no NUL.\n")
        .file("gone.whl", "PK\u{3}\u{4}")
        .file("tool.whl", "PK\u{3}\u{4}")
        .file("docs/table.bin", "a\0b")
        .file("left.whl", "PK\u{3}\u{4}");
    let git = |arguments: &[&str]| git::command(house.0.path()).args(arguments).output().expect("git runs");
    let unlisted = house.broken(tracked::all_is_text);
    assert!(matches!(unlisted.as_slice(), [why] if why.starts_with("git did not say")), "{unlisted:?}");
    git(&["init", "--quiet"]);
    assert_eq!(house.broken(tracked::all_is_text), ["git did not say what it tracks: nothing is tracked"]);
    git(&["add", "--", "notes.md", "gone.whl", "tool.whl", "docs"]);
    fs::remove_file(house.0.path().join("gone.whl")).expect("a file");
    assert_eq!(
        house.broken(tracked::all_is_text),
        [
            "docs/table.bin is tracked and is binary: it holds a NUL byte",
            "tool.whl is tracked and is a zip archive (a wheel, a jar)"
        ]
    );
}
