//! Composer packages: every `composer.json` with a name, outside `vendor` and fixtures.

use crate::Repository;
use crate::json::Json;
use crate::paths::{folder, name, resolve, stem};
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
use std::borrow::Cow;

/// The Composer packages of a repository.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let manifests = repo.paths().iter().filter(|path| name(path) == "composer.json" && !is_foreign(path));
    manifests.filter_map(|path| package(repo, path, &Json::parse(&repo.read(path)?)?)).collect()
}

fn package(repo: &dyn Repository, path: &str, json: &Json) -> Option<Package> {
    let root = folder(path);
    let tracked = |target: &str| {
        resolve(root, target).map(String::into_boxed_str).filter(|path| repo.paths().binary_search(path).is_ok())
    };
    let programs = json.get("bin").into_iter().flat_map(Json::texts).filter_map(tracked);
    let files = json.get("autoload").and_then(|autoload| autoload.get("files"));
    Some(Package {
        root: root.into(),
        ecosystem: Cow::Borrowed("composer"),
        name: json.text("name")?.into(),
        version: json.text("version").map(Into::into),
        manifest: path.into(),
        programs: programs.map(|target| Program { name: stem(&target).into(), target, declared_in: None }).collect(),
        exports: match Exports::of(files.into_iter().flat_map(Json::texts).filter_map(tracked)) {
            // Classes that the autoloader finds by their names.
            Exports::Nothing if is_library(json) => Exports::Sources,
            found => found,
        },
    })
}

/// Whether others are meant to require it: `library` is what a package is that does not say its type, but the skeleton
/// of an application rarely says it either and maps `App\\`.
fn is_library(json: &Json) -> bool {
    let autoload = json.get("autoload");
    let namespaces = ["psr-4", "psr-0"].iter().filter_map(|standard| autoload?.get(standard));
    let mut namespaces = namespaces.flat_map(|map| map.entries().iter().map(|(namespace, _)| &**namespace));
    json.text("type").is_none_or(|kind| kind == "library") && namespaces.any(|namespace| namespace != "App\\")
}

#[cfg(test)]
mod tests {
    use crate::testing::TestRepository;

    #[test]
    fn a_package_shows_its_programs_and_its_files() {
        let mut repo = TestRepository::default();
        repo.text(
            "composer.json",
            r#"{"name": "acme/app", "bin": ["bin/app"], "autoload": {"files": ["src/f.php", "../out.php"]}}"#,
        );
        repo.text("bin/app", "");
        repo.text("src/f.php", "");
        repo.text("lib/composer.json", r#"{"name": "acme/lib", "autoload": {"psr-4": {"Acme\\": "src/"}}}"#);
        repo.text(
            "site/composer.json",
            r#"{"name": "acme/site", "type": "project", "autoload": {"psr-4": {"Site\\": "src/"}}}"#,
        );
        repo.text("skeleton/composer.json", r#"{"name": "acme/skeleton", "autoload": {"psr-4": {"App\\": "app/"}}}"#);
        repo.text("vendor/x/y/composer.json", r#"{"name": "x/y"}"#);
        insta::assert_snapshot!(repo.show_packages("composer"), @r"
        acme/app composer.json app=bin/app -> src/f.php
        acme/lib lib/composer.json -> its sources
        acme/site site/composer.json
        acme/skeleton skeleton/composer.json
        ");
    }
}
