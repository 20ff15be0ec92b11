//! Ruby: `require_relative` beside the file, `require` along the load paths that gems and test runners set, and
//! constants by the names of their files (Zeitwerk's convention), where only one file can be meant.

mod standard;
#[cfg(test)]
mod tests;

use crate::files::Files;
use crate::outcome::{Outcome, collect_within};
use crate::paths::{ancestors, folder, join, name, resolve, stem};
use crate::work::Work;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Link};
use rustc_hash::FxHashMap;
use standard::{is_core_constant, is_standard_library};
use std::borrow::Cow;

/// Folders on the load path of a gem or an application, in the order they are tried.
const LOAD_PATH: &[&str] = &["lib", "test", "spec", "ext"];

/// Files that are looked up along the load paths for one file: gems may be many, and what it requires too.
const MOST_LOOKED_UP: usize = 1 << 20;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let gems: Vec<Box<str>> =
        repo.paths().iter().filter(|path| path.ends_with(".gemspec")).map(|path| folder(path).into()).collect();
    Box::new(Ruby { files: Files::of(repo), gems, constants: constants(repo), gem_names: gem_names(repo) })
}

struct Ruby {
    files: Files,
    /// Folders that hold a gemspec, sorted.
    gems: Vec<Box<str>>,
    /// A constant -> the only file that defines it and is named after it.
    constants: FxHashMap<Box<str>, Option<Box<str>>>,
    /// Gems that Gemfiles and gemspecs name, sorted.
    gem_names: Vec<Box<str>>,
}

impl Resolver for Ruby {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let inside = folder(file.path);
        let work = Work::of(MOST_LOOKED_UP);
        let mut links = collect_within(file.imports, &work, |import| self.require(import, inside, &work));
        for constant in file.references.iter() {
            let own = file.definitions.holds(constant);
            if let Some(Some(to)) = (!own).then(|| self.constants.get(constant)).flatten() {
                links.links.push(Link {
                    to: to.clone(),
                    origin: Cow::Borrowed("ruby.constant"),
                    confidence: 70,
                    line: 1,
                });
            }
        }
        links
    }
}

impl Ruby {
    fn require(&self, import: &Import, inside: &str, work: &Work) -> Outcome {
        let target = &*import.target;
        if target.is_empty() || target.contains("#{") {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        if target.starts_with("./") || target.starts_with("../") {
            let found = resolve(inside, target).and_then(|path| self.script(&path));
            return found.map_or(Outcome::NOT_FOUND, |path| Outcome::link(path, "ruby.require_relative", 100));
        }
        if target.starts_with('/') {
            return Outcome::NOT_FOUND;
        }
        for outer in ancestors(inside).take_while(|outer| LOAD_PATH.iter().all(|_| work.take_text(outer))) {
            let along = LOAD_PATH.iter().find_map(|folder| self.script(&resolve(&join(outer, folder), target)?));
            if let Some(path) = along {
                return Outcome::link(path, "ruby.load_path", 95);
            }
        }
        let gems = self.gems.iter().take_while(|gem| work.take_text(gem));
        let mut elsewhere = gems.filter_map(|gem| self.script(&resolve(&join(gem, "lib"), target)?));
        match (elsewhere.next(), elsewhere.next()) {
            (Some(only), None) => return Outcome::link(only, "ruby.gem_lib", 90),
            (Some(_), Some(_)) => return Outcome::AMBIGUOUS,
            (None, _) => {}
        }
        if is_standard_library(target) {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        // Before Ruby 1.9 the working folder was on the load path, and many applications still add it.
        if let Some(path) = resolve("", target).and_then(|path| self.script(&path)) {
            return Outcome::link(path, "ruby.require_from_root", 75);
        }
        match import.kind {
            ImportKind::Dynamic if !target.contains('/') => Outcome::Declined(DeclineReason::Dynamic),
            _ => Outcome::external(self.gem(target)),
        }
    }

    /// The tracked file of a feature's name, with or without its extension.
    fn script(&self, path: &str) -> Option<String> {
        let with_extension = [path, ".rb"].concat();
        if self.files.contains(&with_extension) {
            return Some(with_extension);
        }
        (path.contains('.') && self.files.contains(path)).then(|| path.to_owned())
    }

    /// The gem that a feature comes from: the longest declared name that its path spells (`a/b` is `a-b`, `a_b` or
    /// `ab`), else its first name.
    fn gem<'a>(&'a self, target: &'a str) -> &'a str {
        let target = target.strip_suffix(".rb").unwrap_or(target);
        let ends = target.match_indices('/').map(|(at, _)| at).chain([target.len()]).collect::<Vec<_>>();
        for end in ends.iter().rev().take(8) {
            let start = target.get(..*end).unwrap_or(target);
            for spelled in [start.replace('/', "-"), start.replace('/', "_"), start.replace(['/', '_'], "")] {
                if let Ok(known) = self.gem_names.binary_search_by(|name| (**name).cmp(&spelled)) {
                    return self.gem_names.get(known).map_or(target, |name| name);
                }
            }
        }
        target.split('/').next().unwrap_or(target)
    }
}

/// Constants that exactly one file defines whose name spells them; `HTMLParser` is spelled by `html_parser.rb`.
fn constants(repo: &dyn Repository) -> FxHashMap<Box<str>, Option<Box<str>>> {
    let mut found: FxHashMap<Box<str>, Option<Box<str>>> = FxHashMap::default();
    for file in repo.sources().iter().filter(|file| file.language == Language::Ruby) {
        for constant in file.definitions.iter() {
            if constant.starts_with(|first: char| first.is_uppercase()) && !is_core_constant(constant) {
                let spelled = spells(stem(file.path), constant).then(|| file.path.into());
                found.entry(constant.into()).and_modify(|known| *known = None).or_insert(spelled);
            }
        }
    }
    found
}

fn spells(stem: &str, constant: &str) -> bool {
    let mut constant = constant.bytes().map(|byte| byte.to_ascii_lowercase());
    let mut stem = stem.bytes().filter(|byte| *byte != b'_');
    loop {
        match (stem.next(), constant.next()) {
            (None, None) => return true,
            (left, right) if left == right => {}
            _ => return false,
        }
    }
}

/// Names in `gem "x"`, `add_dependency "x"` and the specs of `Gemfile.lock`.
fn gem_names(repo: &dyn Repository) -> Vec<Box<str>> {
    let mut names: Vec<Box<str>> = Vec::new();
    for path in repo.paths() {
        let locked = name(path) == "Gemfile.lock";
        if !(locked || matches!(name(path), "Gemfile" | "gems.rb") || path.ends_with(".gemspec")) {
            continue;
        }
        let bytes = repo.read(path).unwrap_or_default();
        for line in String::from_utf8_lossy(&bytes).lines() {
            names.extend(if locked { locked_gem(line) } else { declared_gem(line) }.map(Into::into));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn declared_gem(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let call = line.split_once(|letter: char| letter.is_whitespace() || letter == '(').filter(|(call, _)| {
        let call = call.rsplit('.').next().unwrap_or(call);
        matches!(call, "gem" | "add_dependency" | "add_runtime_dependency" | "add_development_dependency")
    });
    let argument = call?.1.trim_start_matches([' ', '(']);
    let quote = argument.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    argument.trim_start_matches(quote).split_once(quote).map(|(name, _)| name)
}

fn locked_gem(line: &str) -> Option<&str> {
    let spec =
        line.strip_prefix("    ").filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric()))?;
    spec.split_once(" (").map(|(name, _)| name)
}
