//! Gradle projects: the names that `settings.gradle(.kts)` declares and the folders they stand for (Gradle User Manual,
//! "Organizing Gradle Projects"). Settings are programs; only their literals are read.

use crate::Repository;
use crate::lexical::{after_word, assigned, quoted};
use crate::paths::{folder, join, name, resolve};
use codexa_model::relation::{Exports, Package};
use std::collections::{BTreeMap, BTreeSet};

const SETTINGS: [&str; 2] = ["settings.gradle", "settings.gradle.kts"];
/// What follows a name in its statement and is looked at, in bytes: minified settings may stand on one line.
const LONGEST_STATEMENT: usize = 1 << 10;
const BUILDS: [&str; 2] = ["build.gradle", "build.gradle.kts"];

/// The projects of a repository: those that settings declare, and folders with a build file outside any settings.
pub(crate) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let paths = repo.paths();
    let is_file = |path: &str| paths.binary_search_by(|known| (**known).cmp(path)).is_ok();
    let build_in = |at: &str| BUILDS.iter().map(|build| join(at, build)).find(|path| is_file(path));
    let mut projects: BTreeMap<Box<str>, (Box<str>, Box<str>)> = BTreeMap::new();
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    for path in paths.iter().filter(|path| SETTINGS.contains(&name(path))) {
        let at = folder(path);
        settled.insert(at);
        let Some(content) = repo.read(path) else { continue };
        let text = uncommented(&String::from_utf8_lossy(&content));
        let root_name = after_word(&text, "rootProject")
            .find_map(|after| assigned(statement(after.strip_prefix('.')?), "name"))
            .unwrap_or_else(|| name(at));
        if !root_name.is_empty() {
            let manifest = build_in(at).map_or_else(|| path.clone(), Into::into);
            projects.entry(at.into()).or_insert_with(|| (root_name.into(), manifest));
        }
        for (project, place) in included(&text) {
            let Some(root) = resolve(at, &place) else { continue };
            let manifest = build_in(&root).map_or_else(|| path.clone(), Into::into);
            projects.entry(root.into()).or_insert_with(|| (project.into(), manifest));
        }
    }
    for path in paths.iter().filter(|path| BUILDS.contains(&name(path))) {
        let at = folder(path);
        let is_settled = crate::paths::ancestors(at).any(|above| settled.contains(above));
        if !is_settled && !at.is_empty() {
            projects.entry(at.into()).or_insert_with(|| (name(at).into(), path.clone()));
        }
    }
    projects
        .into_iter()
        .map(|(root, (name, manifest))| Package {
            root,
            ecosystem: "gradle".into(),
            name,
            version: None,
            manifest,
            programs: Vec::new(),
            exports: Exports::Sources,
        })
        .collect()
}

/// The projects that settings include, with their folders: `include 'a:b'` lies in `a/b` unless
/// `project(':a:b').projectDir = file('x')` says otherwise. The name is the path without its leading colon.
fn included(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for after in after_word(text, "include") {
        let mut rest = after.trim_start_matches(['(', '[']);
        while let Some(literal) = quoted(rest) {
            let path = literal.trim_start_matches(':').to_owned();
            let place = path.replace(':', "/");
            found.push((path, place));
            let behind = rest.trim_start().get(literal.len() + 2..).unwrap_or_default().trim_start();
            match behind.strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
    }
    let mut moved: BTreeMap<&str, &str> = BTreeMap::new();
    for after in after_word(text, "project") {
        let Some(path) = after.strip_prefix('(').and_then(quoted) else { continue };
        let Some((_, value)) = statement(after).split_once("projectDir") else { continue };
        let Some(place) = value.split_once(['"', '\'']).and_then(|(before, _)| quoted(value.get(before.len()..)?))
        else {
            continue;
        };
        moved.insert(path.trim_start_matches(':'), place.trim_start_matches("$rootDir/"));
    }
    for (project, known) in &mut found {
        if let Some(place) = moved.get(project.as_str()) {
            (*place).clone_into(known);
        }
    }
    found
}

/// The rest of a line, up to a bound.
fn statement(text: &str) -> &str {
    let end = text.bytes().take(LONGEST_STATEMENT).position(|byte| byte == b'\n');
    let end = end.unwrap_or_else(|| text.floor_char_boundary(LONGEST_STATEMENT));
    text.get(..end).unwrap_or(text)
}

/// The text without its comments; what looks like one inside a literal (`https://…`, `**/*.kt`) stays.
fn uncommented(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let ahead = rest.as_str();
        match quote {
            // Literals that span lines are rare and hold no project names: a line's end closes any.
            Some(open) if c == open || c == '\n' => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '/' && ahead.starts_with('/') => {
                rest = ahead.find('\n').and_then(|end| ahead.get(end..)).unwrap_or_default().chars();
                continue;
            }
            None if c == '/' && ahead.starts_with('*') => {
                rest =
                    ahead.get(1..).and_then(|inside| inside.split_once("*/")).map_or("", |(_, behind)| behind).chars();
                continue;
            }
            None => {}
        }
        result.push(c);
    }
    result
}
