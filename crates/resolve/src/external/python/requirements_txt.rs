//! pip's requirement files, with what they include from inside the repository, and files that pip-tools or uv compiled.
//! Format: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.

use super::{Stated, Statements, requirement};
use crate::external::files::ManifestFiles;
use crate::paths::{folder, name, resolve, stem};
use codexa_model::relation::DependencyScope as Scope;
use std::collections::{BTreeMap, BTreeSet};

/// Words in a file's name that say it is for development.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "develop",
    "development",
    "test",
    "tests",
    "testing",
    "doc",
    "docs",
    "lint",
    "typing",
    "ci",
    "build",
    "style",
];

pub(super) fn read<'a>(files: &ManifestFiles<'a>, statements: &mut Statements<'a>) {
    let named = files.with_extension("txt").iter().chain(files.with_extension("in")).copied();
    let mut waiting: BTreeMap<&str, Option<Scope>> =
        named.filter(|path| is_requirements(path)).map(|path| (path, None)).collect();
    let mut done = BTreeSet::new();
    while let Some((path, includer)) = waiting.pop_first() {
        if !done.insert(path) {
            continue;
        }
        let Some(text) = files.text(path) else { continue };
        let scope = scope_of(path).or(includer).unwrap_or(Scope::Runtime);
        let source = path.strip_suffix(".txt").and_then(|stem| files.tracked(&format!("{stem}.in")));
        let asked =
            source.and_then(|source| files.text(source)).map(|source| names(&source)).or_else(|| compiled(&text));
        for line in logical_lines(&text) {
            if let Some(included) = include(&line) {
                let target = resolve(folder(path), included).and_then(|target| files.tracked(&target));
                if let Some(target) = target.filter(|target| !done.contains(target)) {
                    waiting.entry(target).or_insert(Some(scope));
                }
                continue;
            }
            let Some(parsed) = requirement_of(&line) else { continue };
            match &asked {
                None => statements.state(path, parsed.name, parsed.requirement, scope),
                Some(asked) => {
                    let pinned =
                        parsed.requirement.as_deref().and_then(|pin| pin.strip_prefix("==")).map(str::to_owned);
                    statements.stated.push(Stated {
                        manifest: path,
                        direct: asked.contains(&super::normalised(parsed.name)),
                        name: parsed.name.to_owned(),
                        requirement: parsed.requirement,
                        scope,
                        version: pinned,
                    });
                }
            }
        }
    }
}

/// `requirements*.txt`, `*requirements.txt` and their `.in` sources, and everything of that kind in a folder `requirements`.
fn is_requirements(path: &str) -> bool {
    let stem = stem(path).to_ascii_lowercase();
    stem.starts_with("requirements") || stem.ends_with("requirements") || name(folder(path)) == "requirements"
}

fn scope_of(path: &str) -> Option<Scope> {
    let stem = stem(path).to_ascii_lowercase();
    let folder = if name(folder(path)) == "docs" { "docs" } else { "" };
    let mut words = stem.split(['-', '_', '.']).chain([folder]);
    words.any(|word| DEVELOPMENT.contains(&word)).then_some(Scope::Development)
}

/// Lines with continuations joined and comments cut.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        let line = if line.trim_start().starts_with('#') { "" } else { line.split(" #").next().unwrap_or(line) };
        if let Some(part) = line.trim_end().strip_suffix('\\') {
            current.push_str(part);
            current.push(' ');
            continue;
        }
        current.push_str(line);
        lines.push(std::mem::take(&mut current));
    }
    lines.push(current);
    lines
}

/// The file that a `-r` line includes. Constraint files (`-c`) require nothing.
fn include(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.strip_prefix("--requirement").or_else(|| line.strip_prefix("-r"))?;
    Some(rest.trim_start_matches([' ', '=', '\t']).trim())
}

fn requirement_of(line: &str) -> Option<requirement::Requirement<'_>> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('-') {
        return None;
    }
    let line = line.split(" --").next().unwrap_or(line);
    requirement::parse(line)
}

fn names(source: &str) -> BTreeSet<String> {
    logical_lines(source).iter().filter_map(|line| Some(super::normalised(requirement_of(line)?.name))).collect()
}

/// For a file that pip-tools or uv says it compiled: the names that its comments trace to a manifest, not to a package.
fn compiled(text: &str) -> Option<BTreeSet<String>> {
    let is_compiled = |line: &str| line.starts_with('#') && line.contains("autogenerated by");
    if !text.lines().take(10).any(is_compiled) {
        return None;
    }
    let mut asked = BTreeSet::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(parsed) = requirement_of(line.split(" #").next().unwrap_or(line)) {
            current = Some(super::normalised(parsed.name));
        }
        let why = line.split_once('#').map_or("", |(_, comment)| comment);
        if ["-r ", "(pyproject.toml)", "(setup.py)", "(setup.cfg)"].iter().any(|manifest| why.contains(manifest)) {
            asked.extend(current.clone());
        }
    }
    Some(asked)
}
