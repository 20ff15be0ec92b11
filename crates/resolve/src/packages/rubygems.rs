//! Ruby gems by their `.gemspec`, and applications by `config/application.rb`. Read lexically: a gemspec is a program,
//! and nothing is executed.

use crate::Repository;
use crate::paths::{folder, is_within, join, name, stem};
use crate::vendored::is_foreign;
use codexa_model::relation::{Exports, Package, Program};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The patterns of this module; each is a literal that a test compiles.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?m)^\s*\w+\.name\s*=\s*["']([A-Za-z0-9_.-]+)["']"#));
static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"(?m)^\s*\w+\.version\s*=\s*["']([^"']+)["']"#));
static CONSTANT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"(?m)^\s*VERSION\s*=\s*["']([^"']+)["']"#));
static EXECUTABLES: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?m)^\s*\w+\.executables?\s*(?:=|<<)\s*((?:%w\[[^\]]*\]|\[[^\]]*\]|["'][^"']+["']))"#));
static APPLICATION: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?m)^\s*module\s+([A-Z]\w*)"));

/// The gems and Ruby applications of a repository.
pub(super) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let gems = repo.paths().iter().filter(|path| path.ends_with(".gemspec") && !is_foreign(path));
    let mut found: Vec<Package> = gems.filter_map(|path| gem(repo, path)).collect();
    for path in repo.paths().iter().filter(|path| is_within_config(path)) {
        let root = folder(folder(path));
        let manifest = join(root, "Gemfile").into_boxed_str();
        let module = text(repo, path).and_then(|text| first(&APPLICATION, &text));
        let free = !is_foreign(path) && !found.iter().any(|package| *package.root == *root);
        if let (true, Some(module), Ok(_)) = (free, module, repo.paths().binary_search(&manifest)) {
            found.push(unit(root, module, None, &manifest));
        }
    }
    found
}

fn is_within_config(path: &str) -> bool {
    name(path) == "application.rb" && name(folder(path)) == "config"
}

fn unit(root: &str, name: Box<str>, version: Option<Box<str>>, manifest: &str) -> Package {
    Package {
        root: root.into(),
        ecosystem: Cow::Borrowed("rubygems"),
        name,
        version,
        manifest: manifest.into(),
        programs: Vec::new(),
        exports: Exports::Nothing,
    }
}

fn gem(repo: &dyn Repository, path: &str) -> Option<Package> {
    let spec = text(repo, path)?;
    let root = folder(path);
    let name = first(&NAME, &spec).unwrap_or_else(|| stem(path).into());
    let tracked = |path: String| Some(path.into_boxed_str()).filter(|path| repo.paths().binary_search(path).is_ok());
    let version = first(&VERSION, &spec).or_else(|| version_constant(repo, root, &name));
    let mut package = unit(root, name, version, path);
    let listed = first(&EXECUTABLES, &spec).unwrap_or_default();
    let listed =
        listed.trim_start_matches("%w").split(|letter: char| letter.is_whitespace() || "[]\"',".contains(letter));
    for program in listed.filter(|name| !name.is_empty()) {
        let target = ["exe", "bin"].iter().find_map(|folder| tracked(join(&join(root, folder), program)));
        package.programs.extend(target.map(|target| Program { name: program.into(), target, declared_in: None }));
    }
    let lib = join(root, "lib");
    let faces = [format!("{}.rb", package.name), format!("{}.rb", package.name.replace('-', "/"))];
    let mut faces: Vec<Box<str>> = faces.iter().filter_map(|face| tracked(join(&lib, face))).collect();
    faces.dedup();
    package.exports = Exports::of(faces);
    Some(package)
}

/// `VERSION = "…"` of the gem's `version.rb`, which most gemspecs read.
fn version_constant(repo: &dyn Repository, root: &str, gem: &str) -> Option<Box<str>> {
    let lib = join(root, "lib");
    let usual = [gem.to_owned(), gem.replace('-', "/"), gem.replace('-', "_")]
        .map(|inner| join(&join(&lib, &inner), "version.rb"));
    let usual = usual.into_iter().find(|path| repo.paths().binary_search_by(|known| (**known).cmp(path)).is_ok());
    let path = usual.or_else(|| {
        let start = repo.paths().partition_point(|path| **path < *lib);
        let inside = repo.paths().iter().skip(start).take_while(|path| path.starts_with(&*lib));
        let mut all = inside.filter(|path| name(path) == "version.rb" && is_within(path, &lib));
        let only = all.next()?;
        all.next().is_none().then(|| only.to_string())
    })?;
    first(&CONSTANT, &text(repo, &path)?)
}

fn text(repo: &dyn Repository, path: &str) -> Option<String> {
    String::from_utf8(repo.read(path)?).ok()
}

fn first(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<Box<str>> {
    let captures = pattern.as_ref()?.captures(text)?;
    captures.get(1).map(|found| found.as_str().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;

    #[test]
    fn patterns_are_patterns() {
        for pattern in [&NAME, &VERSION, &CONSTANT, &EXECUTABLES, &APPLICATION] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn gems_and_applications_are_packages() {
        let mut repo = TestRepository::default();
        repo.text("core/rack-core.gemspec", "Gem::Specification.new do |s|\n  s.name = 'rack-core'\n  s.version = Rack::Core::VERSION\n  s.executables = %w[rackup gone]\nend\n");
        repo.text("core/lib/rack/core/version.rb", "module Rack\n  VERSION = \"3.1\"\nend\n");
        repo.text("core/lib/rack/core.rb", "");
        repo.text("core/exe/rackup", "");
        repo.text("plain.gemspec", "Gem::Specification.new('plain', '1.0')\n");
        repo.text("shop/Gemfile", "");
        repo.text("shop/config/application.rb", "require 'rails'\nmodule Shop\n  class Application; end\nend\n");
        insta::assert_snapshot!(repo.show_packages("rubygems"), @r"
        plain plain.gemspec
        rack-core 3.1 core/rack-core.gemspec rackup=core/exe/rackup -> core/lib/rack/core.rb
        Shop shop/Gemfile
        ");
    }
}
