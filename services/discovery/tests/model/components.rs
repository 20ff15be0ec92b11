use crate::repo::Repo;
use codexa_discovery::components::{Component, ComponentKind, MAX_COMPONENTS};
use codexa_discovery::model::Model;
use proptest::prelude::*;

/// `id type rule files`, one line each.
fn listed(model: &Model) -> String {
    let line = |component: &codexa_discovery::components::Component| {
        let (kind, rule) = (component.kind.name(), &component.evidence.rule);
        format!("{} {kind} {rule} {}", component.id, component.files.len())
    };
    model.components.all.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_python_package_its_subpackages_and_the_areas_around_it() {
    let repo = Repo::new(&[
        "pyproject.toml",
        "README.md",
        "src/flask/__init__.py",
        "src/flask/json/__init__.py",
        "docs/conf.py",
    ])
    .many("src/flask", "py", 18)
    .many("src/flask/json", "py", 2)
    .many("tests", "py", 30)
    .many("examples/tutorial/flaskr", "py", 6)
    .many("docs", "md", 60)
    .package("", "python", "Flask", "pyproject.toml");
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:docs documentation folder.name 1
    c:examples examples folder.name 6
    c:src/flask module python.package 19
    c:src/flask/json module python.package 3
    c:tests tests tests.files 30
    ");
}

#[test]
fn what_is_compiled_for_tests_only_is_no_circle_of_what_ships() {
    let mut repo = Repo::new(&["tokio/src/lib.rs", "tokio-test/src/lib.rs"])
        .many("tokio/src", "rs", 20)
        .many("tokio-test/src", "rs", 20)
        .package("tokio", "cargo", "tokio", "Cargo.toml")
        .package("tokio-test", "cargo", "tokio-test", "Cargo.toml")
        .link("tokio-test/src/lib.rs", "tokio/src/lib.rs")
        .link("tokio/src/lib.rs", "tokio-test/src/lib.rs");
    assert_eq!(repo.model().relations.circles.len(), 1);
    repo.digest("tokio/src/lib.rs").test_lines.push((1, 9));
    let model = repo.model();
    assert!(model.relations.circles.is_empty());
    let from_tests = model.relations.of(0).iter().map(|to| (to.edges, to.from_tests)).collect::<Vec<_>>();
    assert_eq!(from_tests, [(1, 1)]);
    let answer = codexa_discovery::query::components(&model);
    let row = answer.components.iter().find(|row| row.id == "c:tokio").unwrap();
    assert!(row.depends_on.is_empty() && row.tests_depend_on == ["c:tokio-test"], "{row:?}");
    let edges = codexa_discovery::query::edges(&model, &codexa_discovery::query::EdgeFilter::default()).unwrap();
    assert_eq!(edges.edges.iter().map(|edge| edge.for_tests).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn imports_for_types_make_no_circle() {
    let repo = || {
        Repo::new(&["app/a.py", "app/b.py", "lib/c.py"])
            .package("app", "python", "app", "app/pyproject.toml")
            .package("lib", "python", "lib", "lib/pyproject.toml")
            .link("app/a.py", "app/b.py")
            .link("app/b.py", "app/a.py")
            .link("app/a.py", "lib/c.py")
            .link("lib/c.py", "app/a.py")
    };
    let circles = |model: &Model| (model.file_cycles().len(), model.relations.circles.len());
    assert_eq!(circles(&repo().model()), (1, 1));
    let mut typed = repo();
    for file in ["app/b.py", "lib/c.py"] {
        typed.imports(file, |imports| imports.iter_mut().for_each(|import| import.for_types = true));
    }
    let model = typed.model();
    assert_eq!(circles(&model), (0, 0));
    let back = model.relations.of(1).iter().map(|to| (to.edges, to.for_types, to.shaping())).collect::<Vec<_>>();
    assert_eq!(back, [(1, 1, 0)], "the dependency stays, and says what it is");
}

#[test]
fn what_only_an_example_or_a_test_needs_what_ships_does_not_stand_on() {
    let repo = Repo::new(&["searcher/src/lib.rs", "searcher/examples/stdin.rs", "searcher/src/tests.rs"])
        .many("searcher/src", "rs", 20)
        .many("regex/src", "rs", 20)
        .package("regex", "cargo", "regex", "Cargo.toml")
        .package("searcher", "cargo", "searcher", "Cargo.toml")
        .link("searcher/examples/stdin.rs", "regex/src/f000.rs");
    let row = |repo: &Repo| {
        let answer = codexa_discovery::query::components(&repo.model());
        let row = answer.components.iter().find(|row| row.id == "c:searcher").unwrap();
        format!("{:?} {:?} {:?}", row.depends_on, row.tests_depend_on, row.layer)
    };
    assert_eq!(row(&repo), r#"[] ["c:regex"] Some(0)"#);
    assert_eq!(row(&repo.link("searcher/src/lib.rs", "regex/src/f000.rs")), r#"["c:regex"] [] Some(1)"#);
}

#[test]
fn crates_of_a_workspace_and_the_modules_of_a_large_one() {
    let repo =
        Repo::new(&["tokio/src/lib.rs", "tokio/src/runtime/mod.rs", "tokio/src/sync.rs", "tokio-macros/src/lib.rs"])
            .many("tokio/src/runtime", "rs", 60)
            .many("tokio/src/runtime/scheduler", "rs", 20)
            .many("tokio/src/sync", "rs", 20)
            .many("tokio/src/doc", "rs", 1)
            .many("tokio/tests", "rs", 80)
            .many("tokio-macros/src", "rs", 4)
            .package("tokio", "cargo", "tokio", "Cargo.toml")
            .package("tokio-macros", "cargo", "tokio-macros", "Cargo.toml");
    let model = repo.model();
    insta::assert_snapshot!(listed(&model), @r"
    c:tokio package cargo.package 2
    c:tokio-macros package cargo.package 5
    c:tokio/src/runtime module rust.module 61
    c:tokio/src/runtime/scheduler folder folder.files 20
    c:tokio/src/sync module rust.module 21
    c:tokio/tests tests tests.files 80
    ");
    let names: Vec<&str> = model.components.all.iter().map(|component| &*component.name).collect();
    assert!(names.contains(&"tokio::runtime"), "{names:?}");
}

#[test]
fn the_file_of_a_rust_module_belongs_to_the_component_of_its_folder() {
    let model = Repo::new(&["stream/src/lib.rs", "stream/src/wrappers.rs", "stream/src/one.rs", "stream/src/one/a.rs"])
        .many("stream/src/wrappers", "rs", 12)
        .package("stream", "cargo", "stream", "Cargo.toml")
        .model();
    let of = |path: &str| model.components.of(model.find(path).unwrap()).map(|component| &*component.id);
    assert_eq!(of("stream/src/wrappers.rs"), Some("c:stream/src/wrappers"));
    assert_eq!(of("stream/src/one.rs"), of("stream/src/lib.rs"), "a folder that is no component takes nothing");
    assert_eq!(of("stream/src/lib.rs"), Some("c:stream"));
}

#[test]
fn a_flat_folder_of_c_by_families_of_names_and_vendored_code_apart() {
    let mut repo = Repo::new(&["Makefile"]).many("deps/lua/src", "c", 30).many("deps/hiredis", "c", 9).many(
        "tests/unit",
        "tcl",
        20,
    );
    for name in [
        "t_hash",
        "t_list",
        "t_set",
        "t_string",
        "t_zset",
        "cluster",
        "cluster_legacy",
        "cluster_slots",
        "cluster_stats",
    ] {
        repo.add(&format!("src/{name}.c"));
    }
    for n in 0..60_u8 {
        let name = format!("{}{}", char::from(b'a' + n % 26), char::from(b'a' + n / 26));
        repo.add(&format!("src/{name}.c"));
        repo.add(&format!("src/{name}.h"));
    }
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:deps/hiredis vendored vendored.files 0
    c:deps/lua vendored vendored.files 0
    c:src folder folder.files 120
    c:src/cluster* family names.first_word 4
    c:src/t_* family names.first_word 5
    c:tests tests tests.files 20
    ");
}

/// A flat folder of C with these files and 60 others, as `id: files`.
fn flat(project: &str, names: &[&str]) -> Vec<String> {
    let mut repo = Repo::new(&["Makefile"]).package("", "make", "", "Makefile");
    repo.run.project = project.into();
    for name in names {
        repo.add(&format!("src/{name}"));
    }
    for n in 0..60_u8 {
        repo.add(&format!("src/{}q{}.c", char::from(b'a' + n % 26), char::from(b'a' + n / 26)));
    }
    let model = repo.model();
    let families = model.components.all.iter().filter(|component| component.kind == ComponentKind::Family);
    let names = |files: &[u32]| {
        files.iter().filter_map(|&file| model.path(file).strip_prefix("src/")).collect::<Vec<_>>().join(" ")
    };
    families.map(|family| format!("{}: {}", family.id, names(&family.files))).collect()
}

#[test]
fn a_family_takes_what_goes_on_without_a_separator_and_its_pattern_names_no_other_file() {
    let names =
        ["crc16.c", "crc16_slots.h", "crc32.c", "crc64.c", "crcspeed.c", "crcspeed.h", "lzf.h", "lzf_c.c", "lzf_d.c"];
    let short = ["lzfP.h", "t_hash.c", "t_list.c", "t_set.c", "tls.c", "timeout.c"];
    let nested = ["geo_a.c", "geo_b.c", "geo_c.c", "geo.c", "geohash_a.c", "geohash_b.c", "geohash_c.c"];
    insta::assert_snapshot!(flat("shop", &[&names[..], &short, &nested].concat()).join("\n"), @r"
    c:src/crc*: crc16.c crc16_slots.h crc32.c crc64.c crcspeed.c crcspeed.h
    c:src/geo_*: geo_a.c geo_b.c geo_c.c
    c:src/geohash*: geohash_a.c geohash_b.c geohash_c.c
    c:src/lzf*: lzf.h lzfP.h lzf_c.c lzf_d.c
    c:src/t_*: t_hash.c t_list.c t_set.c
    ");
}

/// `id name confidence`, one line each, for packages and the root.
fn named(model: &Model) -> String {
    let is_named = |component: &&Component| component.kind == ComponentKind::Package || &*component.id == "c:.";
    let line = |component: &Component| format!("{} = {}, {} %", component.id, component.name, component.confidence);
    model.components.all.iter().filter(is_named).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_the_parts_of_a_package_left_over_is_not_called_the_package() {
    let gradle = Repo::new(&["release.py"])
        .many("clients/src/main/java/org/shop/clients", "java", 40)
        .many("clients/src/main/java/org/shop/common", "java", 20)
        .many("clients/src/main/java/org/shop/server", "java", 1)
        .many("raft/src/main/java/org/shop/raft", "java", 9)
        .many("raft/raft-api/src/main/java/org/shop/raft", "java", 9)
        .package("", "gradle", "shop", "build.gradle")
        .package("clients", "gradle", "clients", "build.gradle")
        .package("raft", "gradle", "raft", "build.gradle")
        .package("raft/raft-api", "gradle", "raft-api", "build.gradle");
    insta::assert_snapshot!(named(&gradle.model()), @r"
    c:. = sample (rest), 60 %
    c:clients = clients (rest), 60 %
    c:raft = raft, 100 %
    c:raft/raft-api = raft-api, 100 %
    ");
    let mut make = Repo::new(&["run.py", "tests/a.py", "tests/b.py"])
        .many("src/modules", "c", 8)
        .package("", "make", "", "Makefile");
    make.run.project = "redis".into();
    let make = make.many("src", "c", 30);
    insta::assert_snapshot!(named(&make.model()), @r"
    c:. = redis (root), 60 %
    c:src = src, 100 %
    ");
    let small = Repo::new(&["src/main.c", "src/run.c"]).package("", "make", "", "Makefile");
    insta::assert_snapshot!(named(&small.model()), @"c:src = src, 100 %");
    let workspace = Repo::new(&["src/lib.rs", "derive/src/lib.rs"])
        .package("", "cargo", "serde", "Cargo.toml")
        .package("derive", "cargo", "serde_derive", "Cargo.toml");
    insta::assert_snapshot!(named(&workspace.model()), @r"
    c:. = serde, 100 %
    c:derive = serde_derive, 100 %
    ");
}

/// `id name: files`, one line each, for the parts that ship.
fn parts(model: &Model) -> String {
    let ships = model.components.all.iter().filter(|component| component.kind.ships());
    let line = |component: &Component| format!("{} {}: {}", component.id, component.name, component.files.len());
    ships.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_tools_look_for_at_the_top_goes_with_the_only_part() {
    let python = Repo::new(&["pyproject.toml", "setup.py", ".devcontainer/on-create.sh", "src/shop/__init__.py"])
        .many("src/shop", "py", 8)
        .many("tests", "py", 4)
        .package("", "python", "shop", "pyproject.toml");
    assert_eq!(parts(&python.model()), "c:src/shop shop: 11");
    let node = Repo::new(&["index.js", "gulpfile.js"]).many("lib", "js", 5).package("", "npm", "shop", "package.json");
    assert_eq!(parts(&node.model()), "c:lib shop: 7");
    let site = Repo::new(&["src/site/download.cgi", "src/site/page.html"])
        .many("src/main/java/org/shop", "java", 9)
        .many("src/main/java/org/shop/util", "java", 9)
        .package("", "maven", "org:shop", "pom.xml");
    assert!(parts(&site.model()).starts_with("c:src/main/java/org/shop org:shop: "), "{}", parts(&site.model()));
    let two = node.clone().many("cli", "js", 5);
    assert_eq!(parts(&two.model()), "c:. sample (rest): 2\nc:cli cli: 5\nc:lib lib: 5", "no part is the package");
    let mut code = node;
    code.add("server.js");
    assert_eq!(parts(&code.model()), "c:. sample (rest): 3\nc:lib lib: 5", "a program of its own");
}

#[test]
fn documents_at_the_top_lie_in_no_part_unless_the_root_is_one() {
    let home = |repo: &Repo, path: &str| {
        let model = repo.model();
        model.find(path).and_then(|file| model.components.of(file)).map(|component| component.id.to_string())
    };
    let mut repo = Repo::new(&["README.md", "pyproject.toml"]).many("src/shop", "py", 8);
    for script in [None, Some("setup.py")] {
        script.map(|path| repo.add(path));
        assert_eq!(home(&repo, "src/shop/f000.py").as_deref(), Some("c:src/shop"), "{script:?}");
        assert_eq!(home(&repo, "README.md"), None, "{script:?}");
        assert_eq!(home(&repo, "pyproject.toml"), None, "{script:?}");
    }
    repo.add("server.py");
    assert_eq!(home(&repo, "README.md").as_deref(), Some("c:."));
}

#[test]
fn a_folder_that_only_holds_others_is_no_part() {
    let java = Repo::new(&["pom.xml"])
        .many("src/main/java/org/acme/shop", "java", 6)
        .many("src/main/java/org/acme/store", "java", 5)
        .many("src/main/java/org/acme/util", "java", 1)
        .package("", "maven", "org.acme:shop", "pom.xml");
    assert_eq!(
        parts(&java.model()),
        "c:. sample (rest): 1\nc:src/main/java/org/acme/shop src/main/java/org/acme/shop: 6\n\
         c:src/main/java/org/acme/store src/main/java/org/acme/store: 5"
    );
    let mut php = Repo::new(&[]).many("lib/Acme/Blog", "php", 5).many("lib/Acme/Shop", "php", 5).many("web", "php", 3);
    assert_eq!(parts(&php.model()), "c:lib/Acme lib/Acme: 10\nc:web web: 3");
    for (record, _) in &mut php.files {
        let folder = record.path.rsplit_once('/').unwrap().0;
        let namespace = folder.trim_start_matches("lib/").replace('/', "\\");
        record.digest.as_mut().unwrap().module = Some(namespace.into());
    }
    assert_eq!(parts(&php.model()), "c:lib/Acme/Blog lib/Acme/Blog: 5\nc:lib/Acme/Shop lib/Acme/Shop: 5\nc:web web: 3");
    let net = Repo::new(&[])
        .many("src/Shop", "cs", 9)
        .many("src/Shop.Core", "cs", 9)
        .many("src/Shared", "cs", 4)
        .package("", "nuget", "Shop", "Shop.sln")
        .package("src/Shop", "nuget", "Shop", "Shop.csproj")
        .package("src/Shop.Core", "nuget", "Shop.Core", "Shop.Core.csproj");
    assert_eq!(parts(&net.model()), "c:src/Shared src/Shared: 4\nc:src/Shop Shop: 9\nc:src/Shop.Core Shop.Core: 9");
}

#[test]
fn a_flat_folder_of_examples_stays_whole() {
    let example = |n: usize| format!("docs/examples/{}_{n}.c", ["at", "get", "swap"][n % 3]);
    let examples: Vec<String> = (0..60).map(example).collect();
    let repo = Repo::new(&examples.iter().map(String::as_str).collect::<Vec<_>>()).many("src", "c", 9);
    let ids = |repo: &Repo| repo.model().components.all.iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&repo), ["c:docs/examples", "c:src"]);
    assert_eq!(ids(&repo.many("docs/pages", "md", 99)), ["c:docs", "c:src"]);
}

#[test]
fn the_projects_own_name_makes_no_family() {
    let names =
        ["redis-cli.c", "redis-check-aof.c", "redis-benchmark.c", "redisassert.c", "ae_epoll.c", "ae_select.c", "ae.c"];
    assert_eq!(flat("Redis", &names), ["c:src/ae*: ae.c ae_epoll.c ae_select.c"]);
    assert_eq!(flat("shop", &names).len(), 2);
}

#[test]
fn gradle_modules_and_the_packages_inside_a_large_one() {
    let base = "clients/src/main/java/org/apache/kafka";
    let mut repo = Repo::new(&[])
        .many(&format!("{base}/clients"), "java", 40)
        .many(&format!("{base}/common"), "java", 20)
        .many(&format!("{base}/common/requests"), "java", 60)
        .many("clients/src/test/java/org/apache/kafka", "java", 50)
        .many("raft/src/main/java/org/apache/kafka/raft", "java", 9)
        .many("raft/src/test/java/org/apache/kafka/raft", "java", 5)
        .package("clients", "gradle", "clients", "build.gradle")
        .package("raft", "gradle", "raft", "build.gradle");
    for (record, _) in &mut repo.files {
        let folder = record.path.split("/java/").nth(1).and_then(|path| path.rsplit_once('/')).unwrap().0;
        record.digest.as_mut().unwrap().module = Some(folder.replace('/', ".").into());
    }
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:clients/src/main/java/org/apache/kafka/clients module java.package 40
    c:clients/src/main/java/org/apache/kafka/common module java.package 20
    c:clients/src/main/java/org/apache/kafka/common/requests module java.package 60
    c:clients/src/test tests tests.files 50
    c:raft package gradle.package 14
    ");
}

#[test]
fn a_go_module_with_its_tests_beside_it_and_folders() {
    let mut repo = Repo::new(&["gin.go", "gin_test.go", "context.go", "context_test.go", "internal/json/json.go"])
        .many("binding", "go", 12)
        .many("render", "go", 8)
        .package("", "go", "github.com/gin-gonic/gin", "go.mod");
    for (record, _) in &mut repo.files {
        record.digest.as_mut().unwrap().module = Some("main".into());
    }
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:. package go.package 5
    c:binding module go.package 12
    c:render module go.package 8
    ");
}

#[test]
fn a_tree_of_many_folders_stays_a_list_that_people_read() {
    let mut repo = Repo::new(&[]);
    for folder in 0..12 {
        for part in 0..20 {
            repo = repo.many(&format!("top{folder:02}/part{part:02}"), "c", 5 + part);
        }
    }
    let model = repo.model();
    let components = model.components.all.len();
    assert!((12..=MAX_COMPONENTS as usize).contains(&components), "{components}");
    for folder in 0..12 {
        let id = format!("c:top{folder:02}");
        assert!(model.components.all.iter().any(|component| component.id.starts_with(&id)), "{id}");
    }
}

#[test]
fn packages_inside_examples_make_no_components() {
    let mut repo = Repo::new(&["axum/src/lib.rs"]).package("axum", "cargo", "axum", "Cargo.toml");
    for n in 0..30 {
        repo = repo.many(&format!("examples/e{n}/src"), "rs", 2).package(
            &format!("examples/e{n}"),
            "cargo",
            "e",
            "Cargo.toml",
        );
    }
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:axum package cargo.package 1
    c:examples examples folder.name 60
    ");
}

#[test]
fn circles_count_only_what_ships_and_name_the_cheapest_cut() {
    let repo = Repo::new(&[])
        .many("app", "go", 4)
        .many("store", "go", 4)
        .many("web", "go", 4)
        .link("app/f000.go", "store/f000.go")
        .link("app/f001.go", "store/f001.go")
        .link("store/f002.go", "app/f003.go")
        .link("web/f000.go", "app/f000.go");
    let mut with_test = repo.clone();
    with_test.add("app/web_test.go");
    let with_test = with_test.link("app/web_test.go", "web/f001.go");
    for repo in [repo, with_test] {
        let model = repo.model();
        let cycles = &model.relations.circles;
        assert_eq!(cycles.len(), 1);
        assert_eq!(cycles[0].members.len(), 2, "a test of app that uses web closes no circle");
        let manifest = codexa_discovery::projections::system_manifest(&model);
        assert_eq!(manifest.architecture.cycles[0].weakest, "c:store -> c:app (1 file pair)");
        assert_eq!(manifest.architecture.layers[0].0, ["c:web"]);
    }
}

#[test]
fn code_that_is_only_counted_does_not_look_independent() {
    let repo = Repo::new(&["core/a.py"])
        .many("core", "scala", 30)
        .many("mixed", "scala", 3)
        .many("mixed", "py", 2)
        .many("store", "py", 4)
        .link("store/f000.py", "store/f001.py")
        .link("mixed/f000.py", "store/f000.py");
    let model = repo.model();
    let manifest = codexa_discovery::projections::system_manifest(&model);
    assert_eq!(manifest.architecture.layers, [codexa_model::manifest::Flow(vec!["c:store".to_owned()])]);
    let seen = manifest.components.iter().map(|component| {
        let (id, layer, found) = (&component.id, component.layer, component.depends_on.as_ref().map(Vec::len));
        format!("{id} {layer:?} {:?} {found:?} {:?}", component.instability, component.dependencies)
    });
    insta::assert_snapshot!(seen.collect::<Vec<_>>().join("\n"), @r#"
    c:core None None None Some("unknown (Scala is counted, not parsed)")
    c:mixed None None Some(1) Some("known in part (Scala is counted, not parsed)")
    c:store Some(0) Some(0.0) Some(0) None
    "#);
    insta::assert_snapshot!(codexa_discovery::query::components(&model).text(), @r"
      layer  component  type    files  lines  needs  used by
          0  store      folder      4    200      0        1
          ?  core       folder     31  1,550      ?        0
          ?  mixed      folder      5    250      1        0

    3 components in 1 layer; files and lines are those of code; ? where most of them
      are counted, not parsed
    next: codexa show edges --from store
    ");
    let node = &repo.files()["system_model/components/core.yaml"];
    assert!(node.contains("dependencies: \"unknown (Scala is counted, not parsed)\"\n"), "{node}");
    assert!(!node.contains("depends_on"), "{node}");
}

#[test]
fn a_package_for_tests_is_tests_and_what_builds_other_peoples_code_is_not_such_code() {
    let mut repo = Repo::new(&["tests-integration/src/lib.rs", "deps/README.md", "deps/build.toml"])
        .many("tests-integration/src/bin", "rs", 3)
        .many("tests-integration/tests", "rs", 5)
        .many("tokio-test/src", "rs", 5)
        .many("test-utils/src", "rs", 5)
        .many("test-utils/tests", "rs", 5)
        .many("app/src", "rs", 5)
        .many("deps/lua", "c", 3)
        .many("deps/jemalloc", "c", 3);
    repo.add("vendor/wrapper/wrapper.properties");
    for name in ["tests-integration", "tokio-test", "test-utils", "app"] {
        repo = repo.package(name, "cargo", name, "Cargo.toml");
    }
    insta::assert_snapshot!(listed(&repo.model()), @r"
    c:app package cargo.package 5
    c:deps/jemalloc vendored vendored.files 0
    c:deps/lua vendored vendored.files 0
    c:test-utils package cargo.package 10
    c:tests-integration tests cargo.package 9
    c:tokio-test package cargo.package 5
    ");
}

#[test]
fn documents_and_vendored_files_are_counted_alike_everywhere() {
    let model = Repo::new(&["docs/conf.py", "app/a.py"]).many("docs", "md", 9).many("vendor/lua", "c", 4).model();
    let manifest = codexa_discovery::projections::system_manifest(&model);
    let files = manifest.components.iter().map(|part| (part.id.as_str(), part.files, part.code_files));
    let expected = [("c:.", None, Some(1)), ("c:docs", Some(10), Some(1)), ("c:vendor", Some(4), None)];
    assert_eq!(files.collect::<Vec<_>>(), expected);
    for row in codexa_discovery::query::components(&model).components {
        let (_, all, code) = expected.iter().find(|(id, ..)| *id == row.id).unwrap();
        assert_eq!(Some(row.files), all.or(*code), "{}", row.id);
    }
}

#[test]
fn packages_of_tests_and_examples_inside_a_package_are_no_remainder_of_it() {
    let mut repo = Repo::new(&[])
        .many("streams/src/main/java/org/shop/streams", "java", 40)
        .many("streams/examples/src/main/java", "java", 5)
        .many("streams/quick-tests/src/test/java", "java", 2)
        .package("streams", "gradle", "streams", "build.gradle")
        .package("streams/examples", "gradle", "streams:examples", "build.gradle")
        .package("streams/quick-tests", "gradle", "streams:quick-tests", "build.gradle");
    for version in ["10", "11", "20", "21"] {
        let folder = format!("streams/upgrade-tests-{version}");
        repo =
            repo.many(&format!("{folder}/src/test/java"), "java", 1).package(&folder, "gradle", "up", "build.gradle");
    }
    let model = repo.model();
    insta::assert_snapshot!(listed(&model), @r"
    c:streams package gradle.package 40
    c:streams/examples examples gradle.package 5
    c:streams/quick-tests tests gradle.package 2
    c:streams/upgrade-tests-* tests packages.side_by_side 4
    ");
    let upgrade = &model.components.all[model.components.find("streams/upgrade-tests-*").unwrap()];
    assert_eq!((&*upgrade.root, upgrade.package), ("streams", Some(0)));
    // A folder of the same name that is something else: the pattern would name it, too.
    repo.add("streams/upgrade-tests-tool/tool.java");
    assert!(repo.model().components.find("streams/upgrade-tests-*").is_none());
}

#[test]
fn a_circle_inside_one_flat_folder_is_shown_and_is_no_risk() {
    let mut repo = Repo::new(&["src/ae.c", "src/ae_epoll.c", "src/ae_select.c", "lib/a.c", "lib/b.c"])
        .many("src", "c", 60)
        .link("src/ae.c", "src/f000.c")
        .link("src/f001.c", "src/ae.c");
    let found = |repo: &Repo| {
        let manifest = codexa_discovery::projections::system_manifest(&repo.model());
        let risks = manifest.risks_and_gaps.iter();
        let risks = risks.filter(|risk| risk.kind == codexa_model::manifest::RiskKind::ComponentCycle).count();
        let advised = manifest.next_actions.iter().any(|action| action.what.contains("circle"));
        (manifest.architecture.cycles.len(), risks, advised)
    };
    assert_eq!(found(&repo), (1, 0, false));
    repo.link_by("src/f000.c", "lib/a.c", "c.include", 100);
    repo.link_by("lib/b.c", "src/ae.c", "c.include", 100);
    assert_eq!(found(&repo), (1, 1, true), "a circle through another folder");
}

fn any_repo() -> impl Strategy<Value = Repo> {
    let part = prop::sample::select(vec!["a", "b", "src", "tests", "lib", "vendor", "docs", "examples"]);
    let name = prop::sample::select(vec!["m.py", "__init__.py", "t_x.c", "k.rs", "n.md", "mod.rs", "z.go"]);
    let path = (prop::collection::vec(part, 0..4), name).prop_map(|(mut parts, name)| {
        parts.push(name);
        parts.join("/")
    });
    (prop::collection::btree_set(path, 1..60), prop::collection::vec("[ab]|src/a|tests|a/examples|", 0..3)).prop_map(
        |(paths, roots)| {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            roots.iter().fold(Repo::new(&paths), |repo, root| repo.package(root, "npm", "p", "package.json"))
        },
    )
}

proptest! {
    #[test]
    fn every_file_of_code_is_in_exactly_one_component(repo in any_repo()) {
        let model = repo.model();
        let mut seen = vec![0; model.files.len()];
        for (id, component) in model.components.all.iter().enumerate() {
            prop_assert!(component.kind == ComponentKind::Documentation || component.kind == ComponentKind::Vendored || !component.files.is_empty());
            for &file in &component.files {
                seen[file as usize] += 1;
                prop_assert_eq!(model.components.of_file[file as usize], Some(u32::try_from(id).unwrap()));
            }
        }
        for (file, seen) in model.files.iter().zip(seen) {
            prop_assert_eq!(seen, i32::from(file.is_code), "{}", &file.path);
        }
        let ids: Vec<_> = model.components.all.iter().map(|component| &component.id).collect();
        prop_assert!(ids.is_sorted_by(|a, b| a < b), "{:?}", ids);
    }
}
