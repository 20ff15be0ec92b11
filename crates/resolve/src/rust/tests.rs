use crate::testing::TestRepository;
use codexa_model::Language::Rust;
use codexa_model::relation::Exports;

const EDITION: &str = "edition = '2021'\n";

/// A library with a module tree in both file styles.
fn library() -> TestRepository {
    let mut repo = TestRepository::default();
    repo.text("Cargo.toml", &format!("[package]\nname = 'my-lib'\n{EDITION}[dependencies]\nserde = '1'\nmd-5 = '1'\njson = {{ package = 'serde_json', version = '1' }}\n"));
    repo.source("src/lib.rs", Rust, "mod net\nmod io\npub use net::Client").defines("io net");
    repo.source("src/net.rs", Rust, "mod tcp\nmod udp").defines("Client tcp udp");
    repo.source("src/net/tcp.rs", Rust, "").defines("Stream");
    repo.source("src/net/udp.rs", Rust, "").defines("Socket");
    repo.source("src/io/mod.rs", Rust, "").defines("Read");
    repo
}

#[test]
fn declarations_lead_to_files_in_both_styles() {
    let mut repo = library();
    repo.source("src/lib.rs", Rust, "mod net\nmod io\nmod generated");
    assert_eq!(
        repo.show("src/lib.rs"),
        ["src/io/mod.rs rust.mod 100", "src/net.rs rust.mod 100", "generated: not found"]
    );
    assert_eq!(repo.show("src/net.rs"), ["src/net/tcp.rs rust.mod 100", "src/net/udp.rs rust.mod 100"]);
}

#[test]
fn paths_are_followed_as_far_as_modules_go() {
    let mut repo = library();
    repo.source(
        "src/net/tcp.rs",
        Rust,
        "use crate::io::Read\nuse super::udp::Socket\nuse super::Client\nuse self::x::Y\nuse crate::net::udp::Missing",
    );
    assert_eq!(
        repo.show("src/net/tcp.rs"),
        ["src/io/mod.rs rust.use 100", "src/net.rs rust.use 100", "src/net/udp.rs rust.use 100"]
    );
    repo.source(
        "src/net/tcp.rs",
        Rust,
        "use crate::net::udp::Missing\npub use crate::io::*\npath super::super::net::udp::bind",
    );
    assert_eq!(
        repo.show("src/net/tcp.rs"),
        ["src/io/mod.rs rust.pub_use 100", "src/net/udp.rs rust.path 85", "src/net/udp.rs rust.use 85"]
    );
}

#[test]
fn a_reexport_is_not_chased() {
    let mut repo = library();
    repo.source("src/io/mod.rs", Rust, "use crate::Client").defines("Read");
    assert_eq!(repo.show("src/io/mod.rs"), ["src/lib.rs rust.use 100"]);
    assert_eq!(
        repo.show("src/lib.rs"),
        ["src/io/mod.rs rust.mod 100", "src/net.rs rust.mod 100", "src/net.rs rust.pub_use 100"]
    );
}

#[test]
fn crates_from_outside_go_by_their_registry_name() {
    let mut repo = library();
    let uses = "use serde::Deserialize\nuse md5::Digest\nuse json::Value\nuse std::fmt\nuse ::core::mem\npath alloc::vec::Vec\n\
                use unheard::of\npath Vec::new\npath unheard::of\nuse Ordering::Less\nuse super::super::x";
    repo.source("src/io/mod.rs", Rust, uses);
    assert_eq!(
        repo.show("src/io/mod.rs"),
        [
            "::core::mem: standard library",
            "alloc::vec::Vec: standard library",
            "json::Value: external serde_json",
            "md5::Digest: external md-5",
            "serde::Deserialize: external serde",
            "std::fmt: standard library",
            "super::super::x: not found",
            "unheard::of: not found",
        ]
    );
}

#[test]
fn inline_modules_count_for_super_and_for_the_folder_of_their_files() {
    let mut repo = library();
    repo.source("src/io/mod.rs", Rust, "use super::*\nuse super::super::net::Client\nmod deep\nuse super::net::Client")
        .defines("Read tests")
        .inline(0, "tests")
        .inline(1, "tests")
        .inline(2, "tests");
    repo.source(
        "src/io/tests/deep.rs",
        Rust,
        "use super::super::Read\nuse super::helper\nuse super::super::super::net",
    );
    assert_eq!(repo.show("src/io/mod.rs"), ["src/io/tests/deep.rs rust.mod 100", "src/net.rs rust.use 100"]);
    assert_eq!(repo.show("src/io/tests/deep.rs"), ["src/io/mod.rs rust.use 100", "src/net.rs rust.use 100"]);
}

#[test]
fn a_path_attribute_is_read_from_the_folder_of_the_file() {
    let mut repo = library();
    repo.source(
        "src/net.rs",
        Rust,
        "mod tcp\nmod udp\nmod imp = \"platform/unix.rs\"\nmod imp = \"platform/windows.rs\"\nmod out = \"../../../x.rs\"\nuse imp::Poll",
    );
    repo.source("src/platform/unix.rs", Rust, "mod detail\nuse super::super::io").defines("Poll");
    repo.source("src/platform/windows.rs", Rust, "").defines("Handle");
    repo.source("src/platform/detail.rs", Rust, "");
    assert_eq!(
        repo.show("src/net.rs"),
        [
            "src/net/tcp.rs rust.mod 100",
            "src/net/udp.rs rust.mod 100",
            "src/platform/unix.rs rust.mod_path 100",
            "src/platform/unix.rs rust.use 100",
            "src/platform/windows.rs rust.mod_path 100",
            "../../../x.rs: not found",
        ]
    );
    assert_eq!(
        repo.show("src/platform/unix.rs"),
        ["src/io/mod.rs rust.use 100", "src/platform/detail.rs rust.mod 100"]
    );
}

#[test]
fn a_declaration_that_a_macro_hides_is_assumed_from_the_name() {
    let mut repo = library();
    repo.source("src/fs/mod.rs", Rust, "").defines("File");
    repo.source("src/fs/open.rs", Rust, "use super::File\nuse crate::io");
    repo.source("src/io/mod.rs", Rust, "use crate::fs::File\nuse crate::fs::open::OpenOptions");
    assert_eq!(
        repo.show("src/lib.rs"),
        [
            "src/fs/mod.rs rust.mod_by_name 80",
            "src/io/mod.rs rust.mod 100",
            "src/net.rs rust.mod 100",
            "src/net.rs rust.pub_use 100",
        ]
    );
    assert_eq!(repo.show("src/fs/mod.rs"), ["src/fs/open.rs rust.mod_by_name 80"]);
    assert_eq!(repo.show("src/fs/open.rs"), ["src/fs/mod.rs rust.use 100", "src/io/mod.rs rust.use 100"]);
    assert_eq!(repo.show("src/io/mod.rs"), ["src/fs/mod.rs rust.use 80", "src/fs/open.rs rust.use 80"]);
}

#[test]
fn names_bound_by_other_uses_are_followed() {
    let mut repo = library();
    repo.source("src/io/mod.rs", Rust, "use crate::net as n\nuse n::udp as u\npath u::Socket\nuse crate::*\npath net::tcp::Stream\nuse serde as s\npath s::x");
    assert_eq!(
        repo.show("src/io/mod.rs"),
        [
            "src/lib.rs rust.use 100",
            "src/net.rs rust.use 100",
            "src/net/tcp.rs rust.path 100",
            "src/net/udp.rs rust.path 100",
            "src/net/udp.rs rust.use 100",
            "s::x: external serde",
            "serde: external serde",
        ]
    );
}

#[test]
fn a_workspace_joins_its_crates_by_name_rename_and_patch() {
    let mut repo = TestRepository::default();
    repo.text(
        "Cargo.toml",
        "[workspace]\nmembers = ['crates/*']\nexclude = ['crates/alone']\n[workspace.package]\nversion = '3.0.0'\nedition = '2021'\n\
         [workspace.dependencies]\nbase-kit = { path = 'crates/base' }\n[patch.crates-io]\npatched = { path = 'crates/patched' }\n",
    );
    repo.text(
        "crates/base/Cargo.toml",
        "[package]\nname = 'base-kit'\nversion.workspace = true\nedition.workspace = true\n[lib]\nname = 'base'\n",
    );
    repo.text("crates/patched/Cargo.toml", "[package]\nname = 'patched'\nedition = '2021'\n");
    repo.text("crates/alone/Cargo.toml", "[package]\nname = 'alone'\nversion.workspace = true\nedition = '2021'\n[dependencies]\nbase-kit.workspace = true\n");
    repo.text(
        "crates/app/Cargo.toml",
        "[package]\nname = 'app'\nedition = '2021'\n[dependencies]\nbase-kit.workspace = true\npatched = '1'\n\
         [target.'cfg(unix)'.dev-dependencies]\nother = { path = '../patched', package = 'patched' }\n",
    );
    for file in ["crates/base/src/lib.rs", "crates/patched/src/lib.rs", "crates/alone/src/lib.rs"] {
        repo.source(file, Rust, "use base::x");
    }
    repo.source("crates/base/src/lib.rs", Rust, "mod part");
    repo.source("crates/base/src/part.rs", Rust, "").defines("Part");
    repo.source("crates/app/src/lib.rs", Rust, "");
    repo.source("crates/app/src/main.rs", Rust, "use base::part::Part\nuse patched::x\nuse other::y\nuse app::run");
    repo.source("crates/app/tests/it.rs", Rust, "use app::run");
    assert_eq!(
        repo.show("crates/app/src/main.rs"),
        [
            "crates/app/src/lib.rs rust.workspace_crate 85",
            "crates/base/src/part.rs rust.workspace_crate 100",
            "crates/patched/src/lib.rs rust.workspace_crate 100",
        ]
    );
    assert_eq!(repo.show("crates/app/tests/it.rs"), ["crates/app/src/lib.rs rust.workspace_crate 85"]);
    assert_eq!(repo.show("crates/alone/src/lib.rs"), ["base::x: not found"]);
    let versions: Vec<_> = crate::packages(&repo).into_iter().map(|p| (p.name, p.version)).collect();
    assert!(versions.contains(&("base-kit".into(), Some("3.0.0".into()))));
    assert!(versions.contains(&("alone".into(), None)));
}

#[test]
fn targets_are_found_where_cargo_finds_them() {
    let mut repo = TestRepository::default();
    repo.text(
        "Cargo.toml",
        "[package]\nname = 'my-tool'\nautoexamples = false\n[[bin]]\nname = 'extra'\npath = 'cmd/extra.rs'\n[[example]]\nname = 'shown'\n",
    );
    for path in [
        "src/lib.rs",
        "src/main.rs",
        "src/bin/one.rs",
        "src/bin/two/main.rs",
        "src/bin/two/part.rs",
        "cmd/extra.rs",
        "build.rs",
        "tests/it.rs",
        "tests/common/mod.rs",
        "examples/shown.rs",
        "examples/hidden.rs",
    ] {
        repo.source(path, Rust, "");
    }
    let packages = crate::packages(&repo);
    let programs: Vec<_> = packages[0].programs.iter().map(|program| (&*program.name, &*program.target)).collect();
    assert_eq!(
        programs,
        [
            ("extra", "cmd/extra.rs"),
            ("my-tool", "src/main.rs"),
            ("one", "src/bin/one.rs"),
            ("two", "src/bin/two/main.rs"),
        ]
    );
    assert_eq!(packages[0].exports.files(), ["src/lib.rs".into()]);
    repo.text(
        "own/Cargo.toml",
        "[package]\nname = 'own'\npublish.workspace = true\n[workspace.package]\npublish = false\n[workspace]\n",
    );
    repo.source("own/src/lib.rs", Rust, "");
    assert_eq!(crate::packages(&repo)[1].exports, Exports::Nothing, "no registry may have it");
    let targets = crate::packages::cargo::read(&repo)[0].targets.len();
    assert_eq!(targets, 8, "library, build script, four programs, one example, one test");
}

#[test]
fn edition_2015_starts_at_the_root_of_the_crate() {
    let mut repo = TestRepository::default();
    repo.text("Cargo.toml", "[package]\nname = 'old'\n");
    repo.source("src/lib.rs", Rust, "mod a\nmod b");
    repo.source("src/a.rs", Rust, "use b::B\nuse ::b::C\npath ::b::d");
    repo.source("src/b.rs", Rust, "").defines("B C d");
    assert_eq!(repo.show("src/a.rs"), ["src/b.rs rust.path 100", "src/b.rs rust.use 100"]);
}

#[test]
fn a_module_that_several_tests_include_resolves_in_each() {
    let mut repo = library();
    for test in ["a", "b"] {
        repo.source(&format!("tests/{test}.rs"), Rust, "mod common\nuse my_lib::Client");
    }
    repo.source("tests/common/mod.rs", Rust, "use crate::setup\nuse my_lib::net::Client");
    assert_eq!(
        repo.show("tests/common/mod.rs"),
        ["src/net.rs rust.workspace_crate 100", "tests/a.rs rust.use 85", "tests/b.rs rust.use 85"]
    );
}

#[test]
fn declarations_in_a_circle_end() {
    let mut repo = TestRepository::default();
    repo.source("src/lib.rs", Rust, "mod a = \"a.rs\"");
    let files = 12;
    for file in 0..files {
        let all: Vec<String> = (0..files).map(|other| format!("mod m{other} = \"m{other}.rs\"")).collect();
        repo.source(&format!("src/m{file}.rs"), Rust, &all.join("\n"));
    }
    repo.source("src/a.rs", Rust, "mod m = \"m0.rs\"\nuse crate::a::m::m1::m2::m3::x");
    assert!(repo.show("src/a.rs").contains(&"src/m0.rs rust.mod_path 100".to_owned()));
}

/// One file stands in thousands of places and declares a thousand modules that are not there.
#[test]
fn declarations_are_looked_up_a_bounded_number_of_times() {
    let mut repo = TestRepository::default();
    let places: String = (0..2_000).map(|at| format!("mod p{at} = \"many.rs\"\n")).collect();
    let modules: String = (0..1_000).map(|at| format!("mod m{at}\n")).collect();
    repo.source("src/lib.rs", Rust, &places);
    repo.source("src/many.rs", Rust, &modules);
    repo.source("src/other.rs", Rust, "use crate::many");
    assert_eq!(repo.resolve("src/many.rs").declined.len(), 1_000);
    assert_eq!(
        repo.cuts(),
        ["src/many.rs: declares modules, here or with the files around it, in more places than are followed"]
    );
}
