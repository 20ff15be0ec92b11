//! Who uses which external dependency, and what is declared nowhere.

use crate::repo::Repo;
use codexa_discovery::query;
use codexa_model::relation::{DeclineReason, DependencyScope};
use std::fmt::Write;

/// An import of a name from outside, as its ecosystem knows it.
fn imports(repo: Repo, from: &str, target: &str, name: &str) -> Repo {
    repo.declined(from, target, DeclineReason::External(name.into()))
}

/// Dependencies with their users, then what is declared nowhere.
fn used(repo: &Repo) -> String {
    let model = repo.model();
    let answer = query::dependencies(&model, true);
    let mut out = String::new();
    for row in answer.dependencies {
        let users = if row.used_by.is_empty() { "-".to_owned() } else { row.used_by.join(" ") };
        writeln!(out, "{} {:?} {}: {users}", row.name, row.scope, row.declared_in).unwrap();
    }
    for row in answer.undeclared {
        writeln!(out, "? {} {}: {}", row.name, row.language, row.used_by.join(" ")).unwrap();
    }
    if answer.undeclared_in_tests > 0 {
        writeln!(out, "? {} in tests", answer.undeclared_in_tests).unwrap();
    }
    out
}

/// The section of the manifest.
fn section(repo: &Repo) -> String {
    let files = repo.files();
    let text = files["system_manifest.yaml"].split_once("dependencies_external:\n").unwrap().1;
    text.split_once("\nrisks_and_gaps").unwrap().0.to_owned()
}

#[test]
fn java_imports_find_the_artifact_that_their_package_comes_from() {
    let repo = Repo::new(&["core/src/Log.java", "core/test/LogTest.java"])
        .depends("org.slf4j:slf4j-api", "gradle", "1", "build.gradle")
        .depends("org.slf4j:slf4j-api", "maven", "1", "core/pom.xml")
        .depends("org.rocksdb:rocksdbjni", "gradle", "7", "build.gradle")
        .depends("org.junit.jupiter:junit-jupiter", "gradle", "5", "build.gradle");
    let repo = imports(repo, "core/src/Log.java", "org.slf4j.Logger", "org.slf4j");
    let repo = imports(repo, "core/src/Log.java", "org.rocksdb.Options", "org.rocksdb");
    let repo = imports(repo, "core/src/Log.java", "com.acme.Thing", "com.acme");
    let repo = imports(repo, "core/test/LogTest.java", "org.junit.jupiter.api.Test", "org.junit.jupiter.api");
    insta::assert_snapshot!(used(&repo), @r"
    org.junit.jupiter:junit-jupiter Runtime build.gradle: core/test/LogTest.java
    org.rocksdb:rocksdbjni Runtime build.gradle: core/src/Log.java
    org.slf4j:slf4j-api Runtime build.gradle: -
    org.slf4j:slf4j-api Runtime core/pom.xml: core/src/Log.java
    ? com.acme Java: core/src/Log.java
    ");
}

#[test]
fn python_names_that_no_manifest_could_declare_are_not_missing() {
    let mut repo = Repo::new(&["src/app.py", "docs/conf.py", "tests/test_app.py"])
        .depends("python-dotenv", "python", ">=1", "pyproject.toml")
        .depends("pytest", "python", "", "pyproject.toml")
        .depends("packaging", "python", "24", "uv.lock");
    repo.dependencies.last_mut().unwrap().direct = false;
    let repo = imports(repo, "src/app.py", "dotenv", "dotenv");
    let repo = imports(repo, "src/app.py", "_typeshed.wsgi", "_typeshed");
    let repo = imports(repo, "src/app.py", "docutils.nodes", "docutils");
    let repo = imports(repo, "docs/conf.py", "packaging.version", "packaging");
    let repo = imports(repo, "tests/test_app.py", "_pytest.monkeypatch", "_pytest");
    let repo = imports(repo, "tests/test_app.py", "site_app", "site_app");
    let repo = imports(repo, "tests/test_app.py", "docutils", "docutils");
    insta::assert_snapshot!(used(&repo), @r"
    packaging Runtime uv.lock: docs/conf.py
    pytest Runtime pyproject.toml: tests/test_app.py
    python-dotenv Runtime pyproject.toml: src/app.py
    ? docutils Python: src/app.py tests/test_app.py
    ? packaging Python: docs/conf.py
    ? 1 in tests
    ");
    insta::assert_snapshot!(section(&repo), @r#"
    declared:
      - {name: pytest, ecosystem: python, requirement: "", scope: runtime, declared_in: pyproject.toml, used_by: [{component: c:., files: 1}]}
      - {name: python-dotenv, ecosystem: python, requirement: ">=1", scope: runtime, declared_in: pyproject.toml, used_by: [{component: c:., files: 1}]}
    transitive: {python: 1}
    undeclared:
      - {name: docutils, language: Python, files: 2}
      - {name: packaging, language: Python, files: 1}
    undeclared_in_tests: 1
    "#);
}

#[test]
fn a_library_of_c_is_known_by_its_header_or_the_folder_of_its_headers() {
    let repo = Repo::new(&["a.c", "b.c", "deps/tls/CMakeLists.txt"])
        .depends("ZLIB", "cmake", "", "CMakeLists.txt")
        .depends("OpenSSL", "cmake", "", "deps/tls/CMakeLists.txt");
    let repo = imports(repo, "a.c", "google/tcmalloc.h", "google");
    let repo = imports(repo, "b.c", "google/tcmalloc.h", "google");
    let repo = imports(repo, "a.c", "gtest/gtest.h", "gtest");
    let repo = imports(repo, "b.c", "gtest/internal/port.h", "gtest");
    let repo = imports(repo, "a.c", "zlib.h", "zlib");
    let repo = imports(repo, "b.c", "openssl/ssl.h", "openssl");
    let repo = imports(repo, "a.c", "xxhash.h", "xxhash");
    let repo = imports(repo, "a.c", "odd.h", "odd");
    let repo = imports(repo, "a.c", "odd.hpp", "odd");
    insta::assert_snapshot!(used(&repo), @r"
    OpenSSL Runtime deps/tls/CMakeLists.txt: -
    ZLIB Runtime CMakeLists.txt: a.c
    ? google/tcmalloc.h C: a.c b.c
    ? gtest/ C: a.c b.c
    ? odd C: a.c
    ? openssl/ssl.h C: b.c
    ? xxhash.h C: a.c
    ");
}

#[test]
fn what_starters_bring_along_counts_for_the_starter_of_the_module() {
    let starter = |name: &str| format!("org.springframework.boot:spring-boot-starter-{name}");
    let mut repo = Repo::new(&["a/A.java", "b/B.java", "b/BTest.java"])
        .depends(&starter("actuator"), "maven", "3", "a/pom.xml")
        .depends(&starter("web"), "maven", "3", "a/pom.xml")
        .depends(&starter("webflux"), "maven", "3", "b/pom.xml")
        .depends(&starter("test"), "maven", "3", "b/pom.xml");
    repo.dependencies[3].scope = DependencyScope::Development;
    repo.at("b/BTest.java").0.class = codexa_discovery::record::FileClass::Test;
    for file in ["a/A.java", "b/B.java", "b/BTest.java"] {
        repo = imports(repo, file, "org.springframework.context.Bean", "org.springframework.context");
    }
    let repo = imports(repo, "b/B.java", "org.springframework.kafka.Topic", "org.springframework.kafka");
    insta::assert_snapshot!(used(&repo), @r"
    org.springframework.boot:spring-boot-starter-actuator Runtime a/pom.xml: -
    org.springframework.boot:spring-boot-starter-test Development b/pom.xml: b/BTest.java
    org.springframework.boot:spring-boot-starter-web Runtime a/pom.xml: a/A.java
    org.springframework.boot:spring-boot-starter-webflux Runtime b/pom.xml: b/B.java
    ? org.springframework.kafka Java: b/B.java
    ");
}

#[test]
fn of_several_scopes_the_one_that_fits_the_file_is_used() {
    let mut repo = Repo::new(&["lib/src/net.rs", "lib/tests/net.rs", "other/src/a.rs"]);
    for (scope, manifest) in [
        (DependencyScope::Development, "Cargo.toml"),
        (DependencyScope::Development, "lib/Cargo.toml"),
        (DependencyScope::Optional, "lib/Cargo.toml"),
        (DependencyScope::Development, "other/Cargo.toml"),
        (DependencyScope::Build, "other/Cargo.toml"),
    ] {
        repo = repo.depends("socket2", "cargo", "0.5", manifest);
        repo.dependencies.last_mut().unwrap().scope = scope;
    }
    for file in ["lib/src/net.rs", "lib/tests/net.rs", "other/src/a.rs"] {
        repo = imports(repo, file, "socket2::Socket", "socket2");
    }
    insta::assert_snapshot!(used(&repo), @r"
    socket2 Development Cargo.toml: -
    socket2 Development lib/Cargo.toml: lib/tests/net.rs
    socket2 Optional lib/Cargo.toml: lib/src/net.rs
    socket2 Build other/Cargo.toml: other/src/a.rs
    socket2 Development other/Cargo.toml: -
    ");
}

#[test]
fn rows_that_differ_in_scope_are_one_and_variables_are_not_printed() {
    let mut repo = Repo::new(&["a.py", "tests/b.py"])
        .depends("asgiref", "python", "", "pyproject.toml")
        .depends("asgiref", "python", ">=3.2", "pyproject.toml")
        .depends("io.swagger:core", "gradle", "$swaggerVersion", "build.gradle")
        .depends("${groupId}:x", "maven", "1", "pom.xml")
        .depends("streams", "gradle", "1", "build.gradle")
        .depends("streams", "gradle", "2", "build.gradle");
    for (at, scope) in [(0, DependencyScope::Development), (1, DependencyScope::Optional)] {
        repo.dependencies[at].scope = scope;
    }
    repo.dependencies[0].requirement = None;
    let repo = imports(repo, "a.py", "asgiref.sync", "asgiref");
    let repo = imports(repo, "tests/b.py", "asgiref.sync", "asgiref");
    insta::assert_snapshot!(section(&repo), @r#"
    declared:
      - {name: asgiref, ecosystem: python, requirement: ">=3.2", scope: optional, further_scopes: [development], declared_in: pyproject.toml, used_by: [{component: c:., files: 2}]}
      - {name: io.swagger:core, ecosystem: gradle, scope: runtime, declared_in: build.gradle}
      - {name: streams, ecosystem: gradle, requirement: "1", scope: runtime, declared_in: build.gradle}
      - {name: streams, ecosystem: gradle, requirement: "2", scope: runtime, declared_in: build.gradle}
    declared_dropped: 1
    transitive: {}
    undeclared: []
    "#);
}

#[test]
fn what_ships_does_not_stand_on_what_its_tests_alone_are_given() {
    let uses = |ecosystem: &'static str, scope| {
        let mut repo = imports(Repo::new(&["src/lib.rs"]), "src/lib.rs", "regex", "regex").depends(
            "regex",
            ecosystem,
            "1",
            "Cargo.toml",
        );
        repo.dependencies[0].scope = scope;
        let repo = repo.package("", ecosystem, "shop", "Cargo.toml");
        repo.files()["system_manifest.yaml"].contains("uses: [regex]")
    };
    assert!(uses("cargo", DependencyScope::Runtime));
    assert!(!uses("cargo", DependencyScope::Development));
}
