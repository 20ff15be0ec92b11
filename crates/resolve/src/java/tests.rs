use crate::testing::TestRepository;
use codexa_model::Language::Java;

/// Two modules of a build with main and test roots.
fn modules() -> TestRepository {
    let mut repo = TestRepository::default();
    repo.text("core/pom.xml", "<project/>");
    repo.text("web/pom.xml", "<project/>");
    repo.source("core/src/main/java/org/shop/core/Item.java", Java, "").module("org.shop.core").defines("Item");
    repo.source("core/src/main/java/org/shop/core/Store.java", Java, "").module("org.shop.core").defines("Store");
    repo.source("web/src/main/java/org/shop/web/Page.java", Java, "").module("org.shop.web").defines("Page");
    repo
}

#[test]
fn types_nested_types_and_static_members_lead_to_the_file_of_the_outer_type() {
    let mut repo = modules();
    let imports = "import org.shop.core.Item\nimport org.shop.core.Store.Builder.Kind\nimport static org.shop.core.Item.EMPTY\nimport static org.shop.core.Store.*";
    let page = "web/src/main/java/org/shop/web/Page.java";
    repo.source(page, Java, imports).module("org.shop.web");
    assert_eq!(
        repo.show(page),
        [
            "core/src/main/java/org/shop/core/Item.java java.import 100",
            "core/src/main/java/org/shop/core/Item.java java.static_import 100",
            "core/src/main/java/org/shop/core/Store.java java.import 100",
            "core/src/main/java/org/shop/core/Store.java java.static_import 100",
        ]
    );
}

#[test]
fn a_wildcard_leads_to_the_types_that_are_used() {
    let mut repo = modules();
    let page = "web/src/main/java/org/shop/web/Page.java";
    repo.source(page, Java, "import org.shop.core.*").module("org.shop.web").uses("Item String");
    assert_eq!(repo.show(page), ["core/src/main/java/org/shop/core/Item.java java.wildcard_import 90"]);
    repo.source(page, Java, "import org.shop.core.*\nimport com.other.Item").module("org.shop.web").uses("Item");
    assert_eq!(repo.show(page), ["com.other.Item: external com.other", "org.shop.core.*: ambiguous"]);
}

#[test]
fn types_of_the_same_package_are_joined_by_name_unless_an_import_hides_them() {
    let mut repo = modules();
    let store = "core/src/main/java/org/shop/core/Store.java";
    repo.source(store, Java, "").module("org.shop.core").defines("Store").uses("Item Store String");
    assert_eq!(repo.show(store), ["core/src/main/java/org/shop/core/Item.java java.same_package 85"]);
    repo.source(store, Java, "import org.shop.web.Item").module("org.shop.core").defines("Store").uses("Item");
    assert_eq!(repo.show(store), ["org.shop.web.Item: not found"]);
}

#[test]
fn the_platform_and_libraries_are_told_apart() {
    let mut repo = modules();
    let page = "web/src/main/java/org/shop/web/Page.java";
    let imports = "import java.util.List\nimport javax.servlet.http.HttpServlet\nimport org.slf4j.Logger\nimport org.slf4j.*\n\
                   import static org.junit.Assert.assertEquals\nimport org.shop.core.gen.Message\nimport lower.case";
    repo.source(page, Java, imports).module("org.shop.web");
    assert_eq!(
        repo.show(page),
        [
            "java.util.List: standard library",
            "javax.servlet.http.HttpServlet: external javax.servlet.http",
            "lower.case: external lower",
            "org.junit.Assert.assertEquals: external org.junit",
            "org.shop.core.gen.Message: not found",
            "org.slf4j.*: external org.slf4j",
            "org.slf4j.Logger: external org.slf4j",
        ]
    );
}

#[test]
fn of_several_files_the_nearest_is_meant_and_main_before_test() {
    let mut repo = modules();
    for (at, package) in [
        ("core/src/main/java/org/shop/Util.java", "org.shop"),
        ("core/src/test/java/org/shop/Util.java", "org.shop"),
        ("web/src/test/java/org/shop/Util.java", "org.shop"),
    ] {
        repo.source(at, Java, "").module(package).defines("Util");
    }
    let cases = [
        ("core/src/main/java/x/y/A.java", "core/src/main/java/org/shop/Util.java java.import 100"),
        ("core/src/test/java/x/y/B.java", "core/src/test/java/org/shop/Util.java java.import 100"),
        ("core/src/jmh/java/x/y/C.java", "core/src/main/java/org/shop/Util.java java.import 100"),
        ("web/src/main/java/x/y/D.java", "web/src/test/java/org/shop/Util.java java.import 100"),
        ("extra/E.java", "core/src/main/java/org/shop/Util.java java.import 100"),
    ];
    for (path, expected) in cases {
        repo.source(path, Java, "import org.shop.Util").module("x.y");
        assert_eq!(repo.show(path), [expected], "{path}");
    }
    repo.text("more/pom.xml", "<project/>");
    repo.source("more/src/main/java/org/shop/Util.java", Java, "").module("org.shop").defines("Util");
    assert_eq!(repo.show("extra/E.java"), ["org.shop.Util: ambiguous"]);
}

#[test]
fn a_type_in_another_language_is_found_by_its_path() {
    let mut repo = modules();
    repo.text("core/src/main/scala/shop/server/Broker.scala", "");
    let page = "web/src/main/java/org/shop/web/Page.java";
    repo.text("core/src/test/scala/unit/shop/Kit.scala", "");
    repo.text("core/src/test/scala/unit/workshop/Other.scala", "");
    repo.source(page, Java, "import shop.server.Broker.Kind\nimport shop.Kit\nimport shop.Other")
        .module("org.shop.web");
    assert_eq!(
        repo.show(page),
        [
            "core/src/main/scala/shop/server/Broker.scala java.jvm_path 80",
            "core/src/test/scala/unit/shop/Kit.scala java.jvm_path 80",
            "shop.Other: external shop",
        ]
    );
}

#[test]
fn maven_and_gradle_projects_are_packages_by_their_declared_names() {
    let mut repo = TestRepository::default();
    repo.text(
        "pom.xml",
        "<project><groupId>org.shop</groupId><artifactId>all</artifactId><version>${revision}</version></project>",
    );
    repo.text(
        "core/pom.xml",
        "<project xmlns='x'><parent><groupId>org.shop</groupId><artifactId>all</artifactId><version>1.2</version></parent><artifactId>core</artifactId></project>",
    );
    repo.text("bad/pom.xml", "<project><a></project>");
    repo.text(
        "g/settings.gradle",
        "rootProject.name = 'kit' // name\n// include 'no'\ninclude 'api', ':impl:fast'\n/* include 'off' */\ninclude('moved')\nproject(':moved').projectDir = file('else/where')\n",
    );
    repo.text("g/impl/fast/build.gradle.kts", "");
    repo.text("lone/build.gradle", "");
    let shown: Vec<String> = crate::packages(&repo)
        .iter()
        .map(|p| {
            format!("{} {} {} {} {}", p.ecosystem, p.root, p.name, p.version.as_deref().unwrap_or("-"), p.manifest)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "maven  org.shop:all - pom.xml",
            "maven core org.shop:core 1.2 core/pom.xml",
            "gradle g kit - g/settings.gradle",
            "gradle g/api api - g/settings.gradle",
            "gradle g/else/where moved - g/settings.gradle",
            "gradle g/impl/fast impl:fast - g/impl/fast/build.gradle.kts",
            "gradle lone lone - lone/build.gradle",
        ]
    );
}

#[test]
fn a_project_built_against_released_libraries_uses_no_sources_beside_it() {
    let mut repo = TestRepository::default();
    repo.text("settings.gradle", "include 'core', 'upgrade:from-1', 'tools', 'reports'");
    repo.text(
        "gradle/dependencies.gradle",
        "libs += [\n  oldCore: \"org.shop.suite:core:1.0\",\n  slf4j: \"org.slf4j:slf4j-api:2.0\"\n]",
    );
    repo.text(
        "build.gradle",
        "project(':core') { dependencies { implementation libs.slf4j } }\n\
         project(':upgrade:from-1') {\n  base { archivesName = 'x' }\n  dependencies {\n    implementation libs.oldCore\n  }\n}\n\
         project(':tools') { dependencies {\n    implementation libs.oldCore\n    implementation project(':core')\n  } }\n\
         project(':reports') { dependencies { implementation libs.slf4j } }\n",
    );
    let item = "core/src/main/java/org/shop/suite/Item.java";
    repo.source(item, Java, "").module("org.shop.suite").defines("Item");
    let own = "upgrade/from-1/src/main/java/org/shop/suite/up/Own.java";
    repo.source(own, Java, "").module("org.shop.suite.up").defines("Own");
    let imports = "import org.shop.suite.Item\nimport org.shop.suite.*\nimport java.util.List";
    let shown = |repo: &mut TestRepository, module: &str| {
        let user = format!("{module}/src/main/java/org/shop/suite/up/User.java");
        repo.source(&user, Java, imports).module("org.shop.suite.up").defines("User").uses("Item Own");
        repo.show(&user)
    };
    assert_eq!(
        shown(&mut repo, "upgrade/from-1"),
        [
            &*format!("{own} java.same_package 85"),
            "java.util.List: standard library",
            "org.shop.suite.*: external org.shop.suite",
            "org.shop.suite.Item: external org.shop.suite",
        ]
    );
    // A project of the build among the dependencies, or no library of the build's own group: sources are what is meant.
    for module in ["tools", "reports"] {
        assert!(shown(&mut repo, module).contains(&format!("{item} java.import 100")), "{module}");
    }
}
