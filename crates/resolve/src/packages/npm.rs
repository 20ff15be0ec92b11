//! npm packages: every named `package.json` outside `node_modules` and fixtures.

use crate::Repository;
use crate::files::Files;
use crate::javascript::{Manifest, Manifests, entries, target_file};
use crate::json::Json;
use crate::paths::join;
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
use std::borrow::Cow;

/// The npm packages of a repository.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let manifests = Manifests::read(repo);
    let mut own = manifests.iter().filter(|manifest| !is_foreign(&manifest.folder)).peekable();
    if own.peek().is_none() {
        return Vec::new();
    }
    let files = Files::of(repo);
    own.filter_map(|manifest| package(&files, manifest)).collect()
}

fn package(files: &Files, manifest: &Manifest) -> Option<Package> {
    let name = manifest.name()?;
    Some(Package {
        root: manifest.folder.clone(),
        ecosystem: Cow::Borrowed("npm"),
        name: name.into(),
        version: manifest.json.text("version").map(Into::into),
        manifest: join(&manifest.folder, "package.json").into(),
        programs: programs(files, manifest, name),
        exports: match manifest.json.get("private") {
            Some(Json::Bool(true)) => Exports::Nothing,
            _ => Exports::of(entries(files, manifest)),
        },
    })
}

/// `bin`: one file under the package's own name (without its scope), or names with files.
fn programs(files: &Files, manifest: &Manifest, package: &str) -> Vec<Program> {
    let bin = manifest.json.get("bin");
    let own_name = package.rsplit('/').next().unwrap_or(package);
    let single = bin.and_then(Json::as_text).map(|target| (own_name, target));
    let named = bin.map(Json::entries).unwrap_or_default();
    let named = named.iter().filter_map(|(name, target)| Some((&**name, target.as_text()?)));
    let mut programs: Vec<Program> = single
        .into_iter()
        .chain(named)
        .filter_map(|(name, target)| {
            Some(Program { name: name.into(), target: target_file(files, manifest, target)?.into(), declared_in: None })
        })
        .collect();
    programs.sort_unstable();
    programs
}

#[cfg(test)]
mod tests {
    use crate::testing::TestRepository;

    #[test]
    fn a_package_shows_its_programs_and_its_face() {
        let mut repo = TestRepository::default();
        repo.text(
            "package.json",
            r#"{"name": "@s/tool", "version": "1.2.3", "main": "dist/index.js", "bin": "bin/run"}"#,
        );
        repo.text(
            "app/package.json",
            r#"{"name": "app", "exports": {".": "./m.js", "./x/*": "./x/*.js"}, "bin": {"a": "./m", "b": "gone"}}"#,
        );
        repo.text("plain/package.json", r#"{"name": "plain"}"#);
        repo.text("own/package.json", r#"{"name": "own", "private": true, "main": "index.js"}"#);
        for path in ["src/index.ts", "bin/run", "app/m.js", "plain/index.js", "own/index.js"] {
            repo.text(path, "");
        }
        repo.text("node_modules/left/package.json", r#"{"name": "left"}"#);
        repo.text("bower_components/right/package.json", r#"{"name": "right"}"#);
        repo.text("nameless/package.json", "{}");
        repo.text("broken/package.json", "{");
        insta::assert_snapshot!(repo.show_packages("npm"), @r"
        @s/tool 1.2.3 package.json tool=bin/run -> src/index.ts
        app app/package.json a=app/m.js -> app/m.js
        own own/package.json
        plain plain/package.json -> plain/index.js
        ");
    }
}
