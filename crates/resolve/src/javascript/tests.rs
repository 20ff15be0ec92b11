//! Each rule on a small repository.

use crate::testing::TestRepository;
use codexa_model::Language::{JavaScript, Tsx, TypeScript};

fn repository(files: &[(&str, &str)]) -> TestRepository {
    let mut repo = TestRepository::default();
    for (path, content) in files {
        repo.text(path, content);
    }
    repo
}

fn from(repo: &mut TestRepository, path: &str, imports: &str) -> Vec<String> {
    let language = match path.rsplit('.').next() {
        Some("ts") => TypeScript,
        Some("tsx") => Tsx,
        _ => JavaScript,
    };
    repo.source(path, language, imports);
    repo.show(path)
}

#[test]
fn relative_paths_take_extensions_and_index_files() {
    let mut repo = repository(&[
        ("a/b.js", ""),
        ("a/both.ts", ""),
        ("a/both.js", ""),
        ("a/dir/index.tsx", ""),
        ("a/pkg/package.json", r#"{"main": "./lib/start"}"#),
        ("a/pkg/lib/start.js", ""),
        ("a/data.json", ""),
        ("a/style.css", ""),
        ("a/x.mts", ""),
        ("index.js", ""),
    ]);
    let imports = "import ./b\nimport ./both\nrequire ./dir\nimport ./pkg\nimport ./data.json\nimport ./style.css?inline\n\
        import ./x.mjs\nimport ..\nimport ./missing\nimport ../../etc/passwd\ndynamic\nimport ./dir/";
    let shown = from(&mut repo, "a/main.ts", imports);
    insta::assert_snapshot!(shown.join("\n"), @r"
    a/b.js javascript.relative 100
    a/both.ts javascript.relative 100
    a/data.json javascript.relative 100
    a/dir/index.tsx javascript.index 100
    a/pkg/lib/start.js javascript.package_main 100
    a/style.css javascript.relative 100
    a/x.mts javascript.js_to_ts 100
    index.js javascript.index 100
    : dynamic
    ../../etc/passwd: not found
    ./missing: not found
    ");
    let shown = from(&mut repo, "a/main.js", "import ./both\nimport ./x.mjs");
    insta::assert_snapshot!(shown.join("\n"), @r"
    a/both.js javascript.relative 100
    a/x.mts javascript.js_to_ts 90
    ");
}

#[test]
fn names_from_outside_are_cut_to_the_package() {
    let mut repo = repository(&[]);
    let imports = "import react\nimport lodash/fp\nimport @s/p/deep/x\nimport fs\nimport node:fs/promises\nimport npm:zod@3\nimport /abs";
    insta::assert_snapshot!(from(&mut repo, "m.js", imports).join("\n"), @r"
    /abs: not found
    @s/p/deep/x: external @s/p
    fs: standard library
    lodash/fp: external lodash
    node:fs/promises: standard library
    npm:zod@3: external zod
    react: external react
    ");
}

#[test]
fn typescript_paths_follow_extends_and_references() {
    let mut repo = repository(&[
        (
            "tsconfig.base.json",
            r#"{ // shared
            "compilerOptions": {"paths": {"@lib/*": ["./libs/*/src"], "@lib/exact": ["./libs/special.ts"], "gone/*": ["./gone/*"]},}, }"#,
        ),
        ("tsconfig.json", r#"{"extends": "./tsconfig.base"}"#),
        ("libs/a/src/index.ts", ""),
        ("libs/special.ts", ""),
        ("app/tsconfig.json", r#"{"files": [], "references": [{"path": "./tsconfig.app.json"}]}"#),
        (
            "app/tsconfig.app.json",
            r#"{"extends": ["../tsconfig.base.json", "./loop.json"], "compilerOptions": {"baseUrl": "src", "paths": {"~/*": ["*"]}}}"#,
        ),
        ("app/loop.json", r#"{"extends": "./tsconfig.app.json"}"#),
        ("app/src/util.ts", ""),
        ("gen/views/t.ts", ""),
        ("views/tsconfig.json", r#"{"compilerOptions": {"rootDirs": ["./src", "../gen/views"]}}"#),
    ]);
    let shown =
        from(&mut repo, "x.ts", "import @lib/a\ntype @lib/exact\nimport @lib/none\nimport gone/x\nimport react");
    insta::assert_snapshot!(shown.join("\n"), @r"
    libs/a/src/index.ts javascript.tsconfig_paths 100
    libs/special.ts javascript.tsconfig_paths 100
    @lib/none: not found
    gone/x: not found
    react: external react
    ");
    insta::assert_snapshot!(from(&mut repo, "app/src/main.ts", "import ~/util\nimport util2\nimport util").join("\n"), @r"
    app/src/util.ts javascript.tsconfig_paths 100
    util: standard library
    util2: external util2
    ");
    insta::assert_snapshot!(from(&mut repo, "views/src/v.ts", "import ./t").join("\n"), @r"
    gen/views/t.ts javascript.root_dirs 100
    ");
}

#[test]
fn workspaces_lead_to_sources() {
    let mut repo = repository(&[
        ("package.json", r#"{"private": true, "workspaces": ["packages/*", "!packages/left"]}"#),
        (
            "packages/a/package.json",
            r#"{"name": "@w/a", "exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.js"}, "./sub/*": "./dist/sub/*.js"}}"#,
        ),
        ("packages/a/src/index.ts", ""),
        ("packages/a/src/sub/x.ts", ""),
        (
            "packages/b/package.json",
            r##"{"name": "b", "main": "lib/b.js", "imports": {"#in/*": "./internal/*.js", "#out": {"node": "lodash/fp"}}, "dependencies": {"near": "file:../../near"}}"##,
        ),
        ("packages/b/lib/b.js", ""),
        ("packages/b/lib/deep.js", ""),
        ("packages/b/internal/i.js", ""),
        ("packages/left/package.json", r#"{"name": "left"}"#),
        ("packages/left/index.js", ""),
        ("packages/c/package.json", r#"{"name": "c", "main": "dist/bundle.js"}"#),
        ("packages/c/src/index.ts", ""),
        ("packages/e/package.json", r#"{"name": "@w/e", "main": "dist/e.cjs.js"}"#),
        ("packages/e/src/index.ts", ""),
        ("packages/d/package.json", r#"{"name": "d", "main": "build/d.js"}"#),
        ("packages/d/src/d.ts", ""),
        ("packages/d/src/d.js", ""),
        ("near/package.json", r#"{"name": "near"}"#),
        ("near/index.js", ""),
    ]);
    let imports = "import @w/a\nimport @w/a/sub/x\nimport @w/a/private\nimport b\nimport b/lib/deep\nimport left\nimport near\n\
        import #in/i\nimport #out\nimport #none\nimport c\nimport d\nimport @w/e";
    insta::assert_snapshot!(from(&mut repo, "packages/b/test.js", imports).join("\n"), @r"
    near/index.js javascript.file_dependency_main 100
    packages/a/src/index.ts javascript.dist_to_src 80
    packages/a/src/sub/x.ts javascript.dist_to_src 80
    packages/b/internal/i.js javascript.package_imports 100
    packages/b/lib/b.js javascript.self_reference_main 80
    packages/b/lib/deep.js javascript.self_reference_file 80
    packages/c/src/index.ts javascript.package_source_entry 70
    packages/e/src/index.ts javascript.bundle_entry 70
    #none: not found
    #out: external lodash
    @w/a/private: not found
    d: ambiguous
    left: external left
    ");
    assert_eq!(
        from(&mut repo, "packages/c/test.js", "import b\nimport b/lib/deep"),
        ["packages/b/lib/b.js javascript.workspace_main 100", "packages/b/lib/deep.js javascript.workspace_file 100"]
    );
}

#[test]
fn pnpm_lerna_and_rush_name_their_members() {
    for (file, content) in [
        ("pnpm-workspace.yaml", "packages:\n  - 'libs/**'\n  - '!**/test/**'\n"),
        ("lerna.json", r#"{"packages": ["libs/*"]}"#),
        ("rush.json", "{ /* */ \"projects\": [{\"packageName\": \"a\", \"projectFolder\": \"libs/a\"}],}"),
    ] {
        let mut repo =
            repository(&[(file, content), ("libs/a/package.json", r#"{"name": "a"}"#), ("libs/a/index.js", "")]);
        assert_eq!(from(&mut repo, "x.js", "import a"), ["libs/a/index.js javascript.workspace_main 100"], "{file}");
    }
}

#[test]
fn a_package_may_name_itself() {
    let mut repo = repository(&[
        ("package.json", r#"{"name": "me", "exports": {".": "./main.js"}}"#),
        ("main.js", ""),
        ("old/package.json", r#"{"name": "older", "main": "main"}"#),
        ("old/main.js", ""),
        ("examples/package.json", r#"{"name": "examples", "dependencies": {"me": "^1"}}"#),
    ]);
    assert_eq!(from(&mut repo, "test/t.js", "import me"), ["main.js javascript.self_reference_exports 100"]);
    assert_eq!(from(&mut repo, "old/test/t.js", "require older"), ["old/main.js javascript.self_reference_main 80"]);
    assert_eq!(from(&mut repo, "examples/e.js", "import me"), ["me: external me"]);
}

#[test]
fn a_declaration_file_imports_types() {
    let mut repo = repository(&[
        ("package.json", r#"{"name": "me", "exports": {".": {"types": "./types/me.d.ts", "default": "./me.js"}}}"#),
        ("types/me.d.ts", ""),
        ("me.js", ""),
    ]);
    assert_eq!(from(&mut repo, "a.ts", "import me"), ["me.js javascript.self_reference_exports 100"]);
    assert_eq!(from(&mut repo, "a.d.ts", "import me"), ["types/me.d.ts javascript.self_reference_exports 100"]);
}

#[test]
fn conventional_aliases_need_a_single_candidate() {
    let mut repo = repository(&[("package.json", "{}"), ("src/a.vue", ""), ("src/b.ts", ""), ("app/b.ts", "")]);
    let shown = from(&mut repo, "src/m.ts", "import @/a.vue\nimport ~/b\nimport @/c");
    insta::assert_snapshot!(shown.join("\n"), @r"
    src/a.vue javascript.source_alias 80
    @/c: not found
    ~/b: ambiguous
    ");
}

#[test]
fn of_two_links_to_a_file_the_one_that_runs_stays() {
    let mut repo = repository(&[("b.ts", "")]);
    repo.source("a.ts", TypeScript, "type ./b\nimport ./b\ntype ./b");
    let lines = repo.resolve("a.ts").links.into_iter().map(|link| link.line).collect::<Vec<_>>();
    assert_eq!(lines, [2]);
}
