//! Ruby: `Gemfile`, `Gemfile.lock` and `*.gemspec`, read word by word and never run.

use super::Survey;
use super::files::ManifestFiles;
use super::words::{RUBY, Word, words};
use crate::paths::folder;
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "rubygems";

struct Gem<'a> {
    name: &'a str,
    requirement: String,
    scope: Scope,
    local: bool,
}

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let mut locks: BTreeMap<&str, Lock> = BTreeMap::new();
    for path in files.named("Gemfile.lock").iter().chain(files.named("gems.locked")) {
        if let Some(text) = files.text(path) {
            locks.entry(folder(path)).or_insert_with(|| Lock::parse(path, &text));
        }
    }
    let specs = files.with_extension("gemspec");
    let own: BTreeSet<&str> =
        specs.iter().filter_map(|path| path.rsplit('/').next()?.strip_suffix(".gemspec")).collect();
    let gemfiles = files.named("Gemfile").iter().chain(files.named("gems.rb"));
    for path in gemfiles.chain(specs).copied() {
        let Some(text) = files.text(path) else { continue };
        let words = words(&text, &RUBY);
        let gems = if path.ends_with(".gemspec") { gemspec(&words) } else { gemfile(&words) };
        let mut lock = locks.get_mut(folder(path));
        for gem in gems {
            if gem.local || own.contains(gem.name) || lock.as_ref().is_some_and(|lock| lock.local.contains(gem.name)) {
                continue;
            }
            let version = lock.as_mut().and_then(|lock| {
                lock.claimed.insert(gem.name.to_owned());
                lock.versions.get(gem.name).cloned()
            });
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: gem.name.into(),
                requirement: (!gem.requirement.is_empty()).then(|| gem.requirement.into()),
                version: version.map(Into::into),
                scope: gem.scope,
                declared_in: path.into(),
                direct: true,
            });
        }
    }
    for lock in locks.values() {
        let rest =
            lock.versions.iter().filter(|(name, _)| !lock.claimed.contains(*name) && !own.contains(name.as_str()));
        survey.dependencies.extend(rest.map(|(name, version)| ExternalDependency {
            ecosystem: ECOSYSTEM.into(),
            name: name.as_str().into(),
            requirement: None,
            version: Some(version.as_str().into()),
            // Bundler does not say what a gem is needed for.
            scope: Scope::Runtime,
            declared_in: lock.path.as_str().into(),
            direct: false,
        }));
    }
}

/// `gem "name", "~> 1.0", group: :test` lines, with the groups of the blocks around them.
fn gemfile<'a>(words: &[Word<'a>]) -> Vec<Gem<'a>> {
    let mut gems = Vec::new();
    // For each open block the scope of the nearest group around, and whether a `path` block is.
    let mut blocks: Vec<(Option<Scope>, bool)> = Vec::new();
    for line in words.split(|word| *word == Word::Line) {
        let Some(first) = line.first().and_then(|word| word.name()) else { continue };
        let (around, is_local) = blocks.last().copied().unwrap_or_default();
        match first {
            "gem" => {
                let line = line.get(1..).unwrap_or_default();
                let Some(name) = line.iter().find_map(|word| word.text()) else { continue };
                let own_scope =
                    option(line, &["group", "groups"]).map(|from| group_scope(line.get(from..).unwrap_or_default()));
                let scope = own_scope.or(around).unwrap_or(Scope::Runtime);
                let local = option(line, &["path"]).is_some() || is_local;
                gems.push(Gem { name, requirement: requirement(line), scope, local });
            }
            "end" => drop(blocks.pop()),
            "group" => blocks.push((Some(group_scope(line)), is_local)),
            "path" => blocks.push((around, true)),
            "if" | "unless" | "case" => blocks.push((around, is_local)),
            _ if line.contains(&Word::Name("do")) => blocks.push((around, is_local)),
            _ => {}
        }
    }
    gems
}

/// `spec.add_dependency "name", "~> 1.0"` and its two siblings.
fn gemspec<'a>(words: &[Word<'a>]) -> Vec<Gem<'a>> {
    let mut gems = Vec::new();
    for line in words.split(|word| *word == Word::Line) {
        let method = line.first().and_then(|word| word.name()).and_then(|name| name.rsplit('.').next());
        let scope = match method {
            Some("add_dependency" | "add_runtime_dependency") => Scope::Runtime,
            Some("add_development_dependency") => Scope::Development,
            _ => continue,
        };
        if let Some(name) = line.iter().find_map(|word| word.text()) {
            gems.push(Gem { name, requirement: requirement(line), scope, local: false });
        }
    }
    gems
}

/// The strings after the name, up to the first option.
fn requirement(line: &[Word<'_>]) -> String {
    let end = line.windows(2).position(is_option).unwrap_or(line.len());
    let texts = line.get(..end).unwrap_or_default().iter().filter_map(|word| word.text());
    texts.skip(1).collect::<Vec<_>>().join(", ")
}

/// `name:` or `:name =>`.
fn is_option(pair: &[Word<'_>]) -> bool {
    matches!(pair, [Word::Name(_), Word::Mark(':')] | [Word::Mark(':'), Word::Name(_)])
}

/// Where the value of an option begins.
fn option(line: &[Word<'_>], names: &[&str]) -> Option<usize> {
    let found = line.windows(2).position(|pair| match pair {
        [Word::Name(name), Word::Mark(':')] | [Word::Mark(':'), Word::Name(name)] => names.contains(name),
        _ => false,
    });
    found.map(|at| at + 2)
}

/// A group of which every member is for development is one.
fn group_scope(words: &[Word<'_>]) -> Scope {
    let mut names = words
        .iter()
        .filter_map(|word| word.name())
        .filter(|name| !matches!(*name, "group" | "do" | "require" | "true" | "false" | "optional"));
    let is_development =
        |name: &str| matches!(name, "development" | "test" | "doc" | "docs" | "lint" | "rubocop" | "debug" | "ci");
    if names.all(is_development) { Scope::Development } else { Scope::Optional }
}

/// `Gemfile.lock`: sections by indentation.
struct Lock {
    path: String,
    versions: BTreeMap<String, String>,
    local: BTreeSet<String>,
    claimed: BTreeSet<String>,
}

impl Lock {
    fn parse(path: &str, text: &str) -> Self {
        let mut lock =
            Self { path: path.to_owned(), versions: BTreeMap::new(), local: BTreeSet::new(), claimed: BTreeSet::new() };
        let mut section = "";
        for line in text.lines() {
            if !line.starts_with(' ') {
                section = line.trim_end();
                continue;
            }
            // A locked gem stands at four spaces; what it needs stands deeper.
            let Some(spec) = line.strip_prefix("    ").filter(|spec| !spec.starts_with(' ')) else { continue };
            let Some((name, version)) = spec.split_once(" (") else { continue };
            let version = version.trim_end_matches(')');
            match section {
                "GEM" | "GIT" => {
                    // A gem has one version; further entries of it are builds for platforms.
                    lock.versions.entry(name.to_owned()).or_insert_with(|| version.to_owned());
                }
                "PATH" => drop(lock.local.insert(name.to_owned())),
                _ => {}
            }
        }
        lock
    }
}
