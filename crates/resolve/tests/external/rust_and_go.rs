use crate::lines;

#[test]
fn cargo_sections_renames_targets_and_features() {
    let manifest = r#"
        [package]
        name = "app"
        version = "0.1.0"
        [dependencies]
        serde = { version = "1", features = ["derive"] }
        json = { package = "serde_json", version = "1.0" }
        extra = { version = "2", optional = true }
        forked = { git = "https://example.com/forked" }
        own = { path = "own" }
        [dev-dependencies]
        insta = "1"
        [build-dependencies]
        cc = "1.2"
        [target.'cfg(unix)'.dependencies]
        libc = "0.2"
    "#;
    assert_eq!(
        lines(&[("Cargo.toml", manifest), ("own/Cargo.toml", "[package]\nname = 'own'")]),
        [
            "cc 1.2 = -, Build, Cargo.toml",
            "extra 2 = -, Optional, Cargo.toml",
            "forked https://example.com/forked = -, Runtime, Cargo.toml",
            "insta 1 = -, Development, Cargo.toml",
            "libc 0.2 = -, Runtime, Cargo.toml",
            "serde 1 = -, Runtime, Cargo.toml",
            "serde_json 1.0 = -, Runtime, Cargo.toml",
        ]
    );
}

#[test]
fn cargo_members_inherit_and_the_lock_file_names_versions_and_scopes() {
    let workspace = r#"
        [workspace]
        members = ["a"]
        [workspace.dependencies]
        syn = "2"
        local = { path = "local" }
        unused = "9"
        [patch.crates-io]
        patched = { path = "patched" }
    "#;
    let member = r#"
        [package]
        name = "a"
        version = "0.1.0"
        [dependencies]
        syn.workspace = true
        local.workspace = true
        old-syn = { package = "syn", version = "1.0" }
        patched = "3"
        [dev-dependencies]
        proptest = "1"
    "#;
    let lock = r#"
        version = 4
        [[package]]
        name = "a"
        version = "0.1.0"
        dependencies = ["local", "patched", "proptest", "syn 1.0.9", "syn 2.0.1"]
        [[package]]
        name = "local"
        version = "0.1.0"
        dependencies = ["memchr"]
        [[package]]
        name = "patched"
        version = "3.0.0"
        [[package]]
        name = "memchr"
        version = "2.7.0"
        source = "registry+x"
        [[package]]
        name = "proptest"
        version = "1.5.0"
        source = "registry+x"
        dependencies = ["rand"]
        [[package]]
        name = "rand"
        version = "0.9.0"
        source = "registry+x"
        [[package]]
        name = "syn"
        version = "1.0.9"
        source = "registry+x"
        [[package]]
        name = "syn"
        version = "2.0.1"
        source = "registry+x"
        dependencies = ["unicode-ident"]
        [[package]]
        name = "unicode-ident"
        version = "1.0.0"
        source = "registry+x"
    "#;
    let local = "[package]\nname = 'local'\n[dependencies]\nmemchr = '2'";
    assert_eq!(
        lines(&[
            ("Cargo.toml", workspace),
            ("Cargo.lock", lock),
            ("a/Cargo.toml", member),
            ("local/Cargo.toml", local),
        ]),
        [
            "memchr 2 = 2.7.0, Runtime, local/Cargo.toml",
            "proptest 1 = 1.5.0, Development, a/Cargo.toml",
            "~rand - = 0.9.0, Development, Cargo.lock",
            "syn 1.0 = 1.0.9, Runtime, a/Cargo.toml",
            "syn 2 = 2.0.1, Runtime, a/Cargo.toml",
            "~unicode-ident - = 1.0.0, Runtime, Cargo.lock",
        ]
    );
}

#[test]
fn go_modules_with_replacements_own_modules_and_sums() {
    let manifest = "module example.com/app // the app\n\ngo 1.24\n\nrequire github.com/a/one v1.2.3\n\n\
        require (\n\tgithub.com/a/two/v2 v2.0.0 // indirect\n\texample.com/app/sub v0.1.0\n\tgithub.com/a/local v1.0.0\n\
        \tgithub.com/a/moved v1.0.0\n\tgithub.com/tools/gen v1.1.0\n)\n\n\
        tool github.com/tools/gen/cmd/gen\n\n\
        replace github.com/a/local => ./local\nreplace (\n\tgithub.com/a/moved v1.0.0 => github.com/b/moved v1.0.1\n)\n";
    let sums = "github.com/a/one v1.2.3 h1:x=\ngithub.com/a/one v1.2.3/go.mod h1:x=\n\
        github.com/c/deep v1.9.0 h1:x=\ngithub.com/c/deep v1.10.0-rc.1 h1:x=\ngithub.com/c/deep v1.10.0 h1:x=\n\
        github.com/c/only-mod v1.0.0/go.mod h1:x=\n";
    assert_eq!(
        lines(&[("go.mod", manifest), ("go.sum", sums), ("sub/go.mod", "module example.com/app/sub\n")]),
        [
            "github.com/a/moved v1.0.0 = v1.0.1, Runtime, go.mod",
            "github.com/a/one v1.2.3 = v1.2.3, Runtime, go.mod",
            "~github.com/a/two/v2 v2.0.0 = v2.0.0, Runtime, go.mod",
            "~github.com/c/deep - = v1.10.0, Runtime, go.sum",
            "github.com/tools/gen v1.1.0 = v1.1.0, Build, go.mod",
        ]
    );
}
