//! What a bound keeps from being read is told, and what that leaves open is declined as cut: never as looked for in
//! vain.

use crate::testing::TestRepository;
use codexa_model::Language;

/// `text` as often as asked for, with the number in the place of `#`.
fn many(count: usize, text: &str) -> String {
    (0..count).map(|at| text.replace('#', &at.to_string())).collect()
}

fn list(count: usize, text: &str) -> String {
    format!("[{}\"last\"]", many(count, &format!("\"{text}\",")))
}

/// Each manifest, what brings its family to read it, and what is told of it.
#[test]
fn a_manifest_that_is_cut_is_named() {
    let configs = |options: &str| format!(r#"{{"compilerOptions": {{{options}}}}}"#);
    let makefile = format!("A = {}\nall:\n{}", "a.o ".repeat(25_000), many(2_000, "p#: $(A)\n\tcc -o $@ $^\n"));
    let cases: &[(&str, String, &str)] = &[
        (
            "package.json",
            format!(r#"{{"name": "a", "x": "{}"}}"#, "x".repeat(1 << 20)),
            "is over 1 MiB and was not read for what imports lead to",
        ),
        (
            "package.json",
            format!(r#"{{"workspaces": {}}}"#, list(300, "p#")),
            "names more or longer patterns of workspace members than are read",
        ),
        (
            "tsconfig.json",
            configs(&format!(r#""paths": {{"a": {}}}"#, list(64, "t#"))),
            "has more targets of one pattern of `paths` than are looked at",
        ),
        (
            "tsconfig.json",
            configs(&format!(r#""rootDirs": {}"#, list(64, "r#"))),
            "has more `rootDirs` than are looked at",
        ),
        ("tsconfig.json", format!(r#"{{"extends": {}}}"#, list(64, "./e#")), "extends more files than are followed"),
        (
            "tsconfig.json",
            format!(r#"{{"references": [{} {{}}]}}"#, many(64, r#"{"path": "./r#"},"#)),
            "has more `references` than are followed",
        ),
        (
            "compile_commands.json",
            format!(r#"[{{"directory": "/b", "file": "{}"}}]"#, "f".repeat(600)),
            "has entries with longer paths than are looked at",
        ),
        ("Makefile", makefile, "expands to more than is read"),
        ("CMakeLists.txt", "a()\n".repeat(20_000), "has more commands than are looked at"),
        ("a.csproj", format!("<Project>{}</Project>", "<a/>".repeat(100_000)), "has more elements than are looked at"),
        (
            "composer.json",
            format!(r#"{{"autoload": {{"psr-4": {{"A\\\\": {}}}}}}}"#, list(64, "f#")),
            "gives one prefix more folders than are looked in",
        ),
    ];
    for (path, content, what) in cases {
        let mut repo = TestRepository::default();
        let all = [
            ("m.ts", Language::TypeScript),
            ("m.c", Language::C),
            ("m.cs", Language::CSharp),
            ("m.php", Language::Php),
        ];
        for (source, language) in all {
            repo.source(source, language, "");
        }
        repo.text(path, content);
        repo.resolve("m.ts");
        let _ = crate::packages(&repo);
        assert_eq!(repo.cuts(), [format!("{path}: {what}")]);
        repo.text(path, content.get(..content.len() / 1_000).unwrap());
        repo.resolve("m.ts");
        let _ = crate::packages(&repo);
        assert_eq!(repo.cuts(), [""; 0], "{path}: a short one is read whole");
    }
}

#[test]
fn a_chain_that_is_longer_than_it_is_followed_is_named() {
    let mut repo = TestRepository::default();
    repo.source("m.ts", Language::TypeScript, "");
    repo.text("tsconfig.json", r#"{"extends": "./0.json"}"#);
    for at in 0..63 {
        repo.text(&format!("{at}.json"), &format!(r#"{{"extends": "./{}.json"}}"#, at + 1));
    }
    repo.resolve("m.ts");
    assert_eq!(repo.cuts(), [""; 0]);
    repo.text("63.json", "{}");
    repo.resolve("m.ts");
    assert_eq!(repo.cuts(), ["tsconfig.json: has more files behind its `extends` than are followed"]);
}

#[test]
fn include_directories_that_are_left_out_are_named() {
    let mut repo = TestRepository::default();
    let options = many(300, "-Id# ");
    repo.source("m.c", Language::C, "");
    for at in 0..300 {
        repo.text(&format!("d{at}/x.h"), "");
    }
    repo.text(
        "compile_commands.json",
        &format!(r#"[{{"directory": "/b", "file": "/b/m.c", "command": "cc {options}"}}]"#),
    );
    repo.resolve("m.c");
    assert_eq!(repo.cuts(), ["compile_commands.json: has an entry with more include directories than are looked at"]);
}

#[test]
fn projects_that_are_not_followed_are_named() {
    let mut repo = TestRepository::default();
    repo.source("m.cs", Language::CSharp, "");
    for at in 0..514 {
        let next = format!(r#"<Project><ProjectReference Include="../p{}/p.csproj"/></Project>"#, at + 1);
        repo.text(&format!("p{at}/p.csproj"), &next);
    }
    repo.resolve("m.cs");
    assert_eq!(repo.cuts(), ["p0/p.csproj: references more projects than are followed"]);
}

#[test]
fn what_an_import_leaves_open_is_cut() {
    let mut repo = TestRepository::default();
    let exports =
        format!(r#"{{"name": "a", "exports": {{"./x": {}, "./y": ["./src/y.js"]}}}}"#, list(70, "./gone#.js"));
    repo.text("package.json", &exports).text("src/y.js", "");
    repo.source("m.js", Language::JavaScript, "import a/x\nimport a/y\nimport a/z");
    assert_eq!(
        repo.show("m.js"),
        ["src/y.js javascript.self_reference_exports 100", "a/x: cut", "a/z: not found"],
        "one key of three has more targets than are looked at"
    );

    let mut repo = TestRepository::default();
    for at in 0..1_100 {
        repo.text(&format!("f{at}/x.h"), "");
    }
    repo.source("m.c", Language::C, "\"x.h\"\n\"y.h\"");
    assert_eq!(repo.show("m.c"), ["x.h: cut", "y.h: not found"]);

    let mut repo = TestRepository::default();
    repo.text("Cargo.toml", "[package]\nname = 'c'\n");
    let globs = many(17, "use self::m#::*\n");
    let hops = "use crate::a as a0\nuse a0::b as a1\nuse a1::c as a2\nuse a2::d as a3\nuse a3::e as a4\n\
                use a4::f as a5\nuse a5::X";
    repo.source("src/lib.rs", Language::Rust, "mod globs\nmod hops\nmod few");
    repo.source("src/globs.rs", Language::Rust, &format!("{globs}use nowhere::X\npath nowhere::Y"));
    repo.source("src/few.rs", Language::Rust, "use self::m::*\nuse nowhere::X");
    repo.source("src/hops.rs", Language::Rust, hops);
    let shown = |file: &str| repo.show(file).into_iter().filter(|line| !line.contains(" rust.")).collect::<Vec<_>>();
    assert_eq!(shown("src/globs.rs"), ["nowhere::X: cut"]);
    assert_eq!(shown("src/few.rs"), ["nowhere::X: not found"]);
    assert_eq!(shown("src/hops.rs"), ["a4::f: cut", "a5::X: cut"]);
}
