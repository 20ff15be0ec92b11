//! Packages that others build on, in every ecosystem that says which they are.

#![cfg(test)]

use codexa_testkit::GitRepository;
use codexa_testkit::cli::codexa;

/// What Codexa shows of a repository's exported APIs: `origin name path (public names) sure`.
fn exported(files: &[(&str, &str)]) -> Vec<String> {
    let repository = GitRepository::with_files(files);
    let run = codexa(repository.path(), &["discover"]);
    assert!(run.code <= 1, "{}", run.transcript());
    let answer = codexa(repository.path(), &["show", "entry-points", "--format", "json"]).with_code(0).json();
    let rows = answer["entry_points"].as_array().unwrap().iter().filter(|row| row["kind"] == "exported_api");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    rows.map(|row| {
        let [origin, name, path] = ["origin", "name", "path"].map(|field| text(&row[field]));
        format!("{origin} {name} {path} ({}) {}", row["public_names"], row["confidence"])
    })
    .collect()
}

#[test]
fn packages_show_the_file_to_start_from_and_how_much_they_offer() {
    let found = exported(&[
        ("python/pyproject.toml", "[project]\nname = \"web\"\n"),
        ("python/src/web/__init__.py", "from .api import get\n"),
        ("python/src/web/api.py", "def get(): ...\n\ndef _help(): ...\n\nclass Session:\n    def post(self): ...\n"),
        ("python/tests/test_api.py", "def test_get(): ...\n"),
        ("crate/Cargo.toml", "[package]\nname = \"tool\"\nedition = \"2021\"\n"),
        ("crate/src/lib.rs", "pub mod parse;\npub fn run() {}\nfn hidden() {}\n"),
        ("crate/src/parse.rs", "pub struct Parsed;\n"),
        ("crate/examples/shown.rs", "pub fn shown() {}\nfn main() {}\n"),
        ("go/go.mod", "module example.com/shop/v2\n"),
        ("go/errors.go", "package shop\n\nvar ErrGone = 1\n"),
        ("go/shop.go", "package shop\n\nfunc Open() {}\n"),
        ("go/internal/store/store.go", "package store\n"),
        ("js/package.json", "{\"name\": \"@s/kit\", \"main\": \"lib/main.js\"}"),
        ("js/lib/main.js", "exports.make = function () {}\n"),
        ("java/pom.xml", "<project><groupId>org.shop</groupId><artifactId>core</artifactId></project>"),
        ("java/src/main/java/org/shop/Order.java", "package org.shop;\npublic class Order { public void pay() {} }\n"),
        ("c/CMakeLists.txt", "project(zip C)\nadd_library(zip src/zip.c)\n"),
        ("c/include/zip.h", "int zip_open(void);\n"),
        ("c/src/zip.c", "#include \"zip.h\"\nint zip_open(void) { return 1; }\n"),
        ("net/Kit.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"/>"),
        ("net/Kit.cs", "namespace Kit;\npublic class Box {}\n"),
        ("ruby/kit.gemspec", "Gem::Specification.new { |s| s.name = 'kit' }\n"),
        ("ruby/lib/kit.rb", "module Kit\n  def self.run; end\nend\n"),
        ("php/composer.json", "{\"name\": \"acme/kit\", \"autoload\": {\"psr-4\": {\"Kit\\\\\": \"src/\"}}}"),
        ("php/src/Box.php", "<?php\nnamespace Kit;\nclass Box {}\n"),
    ]);
    assert_eq!(
        found,
        [
            "cmake.library zip c/include/zip.h (1) 90",
            "cargo.library tool crate/src/lib.rs (2) 90",
            "go.library example.com/shop/v2 go/shop.go (2) 90",
            "maven.library org.shop:core java/pom.xml (1) 70",
            "npm.library @s/kit js/lib/main.js (1) 90",
            "nuget.library Kit net/Kit.csproj (1) 70",
            "composer.library acme/kit php/composer.json (1) 70",
            "python.library web python/src/web/__init__.py (2) 90",
            "rubygems.library kit ruby/lib/kit.rb (1) 90",
        ]
    );
}

#[test]
fn what_nobody_can_build_on_exports_nothing() {
    let found = exported(&[
        ("crate/Cargo.toml", "[package]\nname = \"own\"\nedition = \"2021\"\npublish = false\n"),
        ("crate/src/lib.rs", "pub fn run() {}\n"),
        ("js/package.json", "{\"name\": \"site\", \"private\": true, \"main\": \"main.js\"}"),
        ("js/main.js", "exports.make = function () {}\n"),
        ("go/go.mod", "module example.com/server\n"),
        ("go/main.go", "package main\n\nfunc main() {}\n"),
        ("go/store/store.go", "package store\n\nfunc Open() {}\n"),
        ("shop/pom.xml", "<project><groupId>org.shop</groupId><artifactId>web</artifactId></project>"),
        (
            "shop/src/main/java/org/shop/Web.java",
            "package org.shop;\nimport org.springframework.web.bind.annotation.*;\n@RestController\npublic class Web {\n  @GetMapping(\"/a\")\n  public String a() { return \"\"; }\n}\n",
        ),
        (
            "all/pom.xml",
            "<project><groupId>org.shop</groupId><artifactId>all</artifactId><packaging>pom</packaging></project>",
        ),
        ("examples/kit/pyproject.toml", "[project]\nname = \"shown\"\n"),
        ("examples/kit/shown/__init__.py", "def show(): ...\n"),
        ("vendor/left/package.json", "{\"name\": \"left\", \"main\": \"left.js\"}"),
        ("vendor/left/left.js", "exports.pad = function () {}\n"),
    ]);
    assert_eq!(found, [] as [&str; 0]);
}

#[test]
fn packages_of_one_folder_share_its_sources_and_one_package_is_shown_once() {
    let found = exported(&[
        ("a.gemspec", "Gem::Specification.new { |s| s.name = 'a' }\n"),
        ("b.gemspec", "Gem::Specification.new { |s| s.name = 'b' }\n"),
        ("lib/a.rb", "module A\nend\n"),
        ("lib/b.rb", "module B\nend\n"),
        ("java/pom.xml", "<project><groupId>org.shop</groupId><artifactId>core</artifactId></project>"),
        ("java/build.gradle", "plugins { id 'java-library' }\n"),
        ("java/src/main/java/org/shop/Order.java", "package org.shop;\npublic class Order {}\n"),
    ]);
    assert_eq!(
        found,
        [
            "maven.library org.shop:core java/pom.xml (1) 70",
            "rubygems.library a lib/a.rb (2) 90",
            "rubygems.library b lib/b.rb (2) 90",
        ]
    );
}
