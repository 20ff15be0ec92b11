use crate::lines;

const MANIFEST: &str = r#"{
    "name": "app",
    "dependencies": {"left": "^1.0.0", "real-alias": "npm:real@^2", "own": "workspace:*", "near": "file:../near"},
    "devDependencies": {"@s/tool": "~3.1.0"},
    "optionalDependencies": {"maybe": "1"},
    "peerDependencies": {"peer": ">=1"},
    "peerDependenciesMeta": {"peer": {"optional": true}}
}"#;

fn direct(versions: [&str; 4]) -> Vec<String> {
    let [tool, left, maybe, real] = versions;
    vec![
        format!("@s/tool ~3.1.0 = {tool}, Development, package.json"),
        format!("left ^1.0.0 = {left}, Runtime, package.json"),
        format!("maybe 1 = {maybe}, Optional, package.json"),
        "peer >=1 = -, Optional, package.json".to_owned(),
        format!("real npm:real@^2 = {real}, Runtime, package.json"),
    ]
}

fn with(mut lines: Vec<String>, more: &[&str]) -> Vec<String> {
    lines.extend(more.iter().map(|line| (*line).to_owned()));
    lines.sort_by_key(|line| line.trim_start_matches('~').to_owned());
    lines
}

#[test]
fn package_json_alone() {
    assert_eq!(lines(&[("package.json", MANIFEST)]), direct(["-", "-", "-", "-"]));
}

#[test]
fn package_lock_version_3_and_version_1() {
    let third = r#"{"lockfileVersion": 3, "packages": {
        "": {"name": "app"},
        "node_modules/left": {"version": "1.0.4"},
        "node_modules/left/node_modules/deep": {"version": "0.2.0"},
        "node_modules/real-alias": {"name": "real", "version": "2.2.2"},
        "node_modules/@s/tool": {"version": "3.1.5", "dev": true},
        "node_modules/maybe": {"version": "1.0.0", "optional": true},
        "node_modules/deep": {"version": "0.1.0", "dev": true},
        "node_modules/linked": {"resolved": "linked", "link": true}
    }}"#;
    let first = r#"{"lockfileVersion": 1, "dependencies": {
        "left": {"version": "1.0.4", "dependencies": {"deep": {"version": "0.2.0"}}},
        "real-alias": {"version": "npm:real@2.2.2"},
        "@s/tool": {"version": "3.1.5", "dev": true},
        "maybe": {"version": "1.0.0", "optional": true},
        "deep": {"version": "0.1.0", "dev": true}
    }}"#;
    for lock in [third, first] {
        assert_eq!(
            lines(&[("package.json", MANIFEST), ("package-lock.json", lock)]),
            with(
                direct(["3.1.5", "1.0.4", "1.0.0", "2.2.2"]),
                &["~deep - = 0.1.0, Development, package-lock.json", "~deep - = 0.2.0, Runtime, package-lock.json",]
            )
        );
    }
}

#[test]
fn yarn_1_and_berry() {
    let classic = "# yarn lockfile v1\n\n\n\"@s/tool@~3.1.0\":\n  version \"3.1.5\"\n  dependencies:\n    version \"^9\"\n\n\
        deep@^0.1.0, deep@^0.1.1:\n  version \"0.1.1\"\n\nleft@^1.0.0:\n  version \"1.0.4\"\n\nmaybe@1:\n  version \"1.0.0\"\n\n\
        \"real-alias@npm:real@^2\":\n  version \"2.2.2\"\n";
    let berry = "__metadata:\n  version: 8\n\n\"@s/tool@npm:~3.1.0\":\n  version: 3.1.5\n  resolution: \"@s/tool@npm:3.1.5\"\n\n\
        \"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n\n\
        \"deep@npm:^0.1.0, deep@npm:^0.1.1\":\n  version: 0.1.1\n  resolution: \"deep@npm:0.1.1\"\n\n\
        \"left@npm:^1.0.0\":\n  version: 1.0.4\n  resolution: \"left@npm:1.0.4\"\n\n\
        \"maybe@npm:1\":\n  version: 1.0.0\n  resolution: \"maybe@npm:1.0.0\"\n\n\
        \"real-alias@npm:real@^2\":\n  version: 2.2.2\n  resolution: \"real@npm:2.2.2\"\n";
    for lock in [classic, berry] {
        assert_eq!(
            lines(&[("package.json", MANIFEST), ("yarn.lock", lock)]),
            with(direct(["3.1.5", "1.0.4", "1.0.0", "2.2.2"]), &["~deep - = 0.1.1, Runtime, yarn.lock"])
        );
    }
}

#[test]
fn pnpm_lock_versions_5_6_and_9() {
    let fifth = "lockfileVersion: 5.4\nspecifiers:\n  left: ^1.0.0\ndependencies:\n  left: 1.0.4_peer@1.0.0\n  real-alias: /real/2.2.2\n\
        devDependencies:\n  '@s/tool': 3.1.5\noptionalDependencies:\n  maybe: 1.0.0\npackages:\n  /left/1.0.4_peer@1.0.0:\n    dev: false\n\
        \x20 /real/2.2.2:\n    dev: false\n  /@s/tool/3.1.5:\n    dev: true\n  /maybe/1.0.0:\n    optional: true\n  /@t/deep/0.1.1:\n    dev: true\n";
    let sixth = "lockfileVersion: '6.0'\ndependencies:\n  left:\n    specifier: ^1.0.0\n    version: 1.0.4(peer@1.0.0)\n\
        \x20 real-alias:\n    specifier: npm:real@^2\n    version: /real@2.2.2\ndevDependencies:\n  '@s/tool':\n    specifier: ~3.1.0\n    version: 3.1.5\n\
        optionalDependencies:\n  maybe:\n    specifier: '1'\n    version: 1.0.0\npackages:\n  /left@1.0.4(peer@1.0.0):\n    dev: false\n\
        \x20 /real@2.2.2:\n    dev: false\n  /@s/tool@3.1.5:\n    dev: true\n  /maybe@1.0.0:\n    optional: true\n  /@t/deep@0.1.1:\n    dev: true\n";
    let ninth = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      left:\n        specifier: ^1.0.0\n        version: 1.0.4(peer@1.0.0)\n\
        \x20     real-alias:\n        specifier: npm:real@^2\n        version: real@2.2.2\n    devDependencies:\n      '@s/tool':\n        specifier: ~3.1.0\n\
        \x20       version: 3.1.5\n    optionalDependencies:\n      maybe:\n        specifier: '1'\n        version: 1.0.0\n\
        packages:\n  left@1.0.4:\n    resolution: {integrity: x}\n  real@2.2.2:\n    resolution: {integrity: x}\n  '@s/tool@3.1.5':\n    resolution: {integrity: x}\n\
        \x20 maybe@1.0.0:\n    resolution: {integrity: x}\n  '@t/deep@0.1.1':\n    resolution: {integrity: x}\n\
        snapshots:\n  left@1.0.4(peer@1.0.0): {}\n  real@2.2.2: {}\n  '@s/tool@3.1.5':\n    dependencies:\n      '@t/deep': 0.1.1\n  maybe@1.0.0:\n    optional: true\n  '@t/deep@0.1.1': {}\n";
    for lock in [fifth, sixth, ninth] {
        assert_eq!(
            lines(&[("package.json", MANIFEST), ("pnpm-lock.yaml", lock)]),
            with(direct(["3.1.5", "1.0.4", "1.0.0", "2.2.2"]), &["~@t/deep - = 0.1.1, Development, pnpm-lock.yaml"])
        );
    }
}

#[test]
fn workspace_members_are_not_external_and_share_the_roots_lock_file() {
    let root = r#"{"private": true, "workspaces": ["packages/*", "!packages/old"]}"#;
    let member = r#"{"name": "one", "dependencies": {"two": "^1.0.0", "left": "^1.0.0"}}"#;
    let excluded = r#"{"name": "old", "dependencies": {"two": "^0.1.0"}}"#;
    let lock = r#"{"lockfileVersion": 3, "packages": {
        "node_modules/left": {"version": "1.0.0"},
        "packages/one/node_modules/left": {"version": "1.5.0"},
        "node_modules/two": {"link": true, "resolved": "packages/two"}
    }}"#;
    assert_eq!(
        lines(&[
            ("package.json", root),
            ("package-lock.json", lock),
            ("packages/one/package.json", member),
            ("packages/two/package.json", r#"{"name": "two"}"#),
            ("packages/old/package.json", excluded),
            ("node_modules/left/package.json", r#"{"dependencies": {"not-ours": "1"}}"#),
        ]),
        [
            "~left - = 1.0.0, Runtime, package-lock.json",
            "left ^1.0.0 = 1.5.0, Runtime, packages/one/package.json",
            "two ^0.1.0 = -, Runtime, packages/old/package.json",
        ]
    );
}
