//! Go: `go.mod` and `go.sum`. Reference: <https://go.dev/ref/mod>.

use super::Survey;
use super::files::ManifestFiles;
use crate::paths::{ancestors, folder};
use codexa_model::relation::{DependencyScope as Scope, ExternalDependency};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

const ECOSYSTEM: &str = "go";
/// Names of a package's path that are looked at, and longest version that is compared: go writes far shorter ones.
const MOST_NAMES: usize = 64;
const LONGEST_VERSION: usize = 256;

pub(super) fn collect(files: &ManifestFiles<'_>, survey: &mut Survey) {
    let modules: Vec<(&str, Module)> =
        files.named("go.mod").iter().filter_map(|path| Some((*path, Module::parse(&files.text(path)?)))).collect();
    let own: FxHashSet<&str> = modules.iter().map(|(_, module)| module.path.as_str()).collect();
    for (path, module) in &modules {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let replaces = Replaces::of(&module.replaces);
        let tools: BTreeSet<&str> = module.tools.iter().flat_map(|tool| ancestors(tool).take(MOST_NAMES)).collect();
        for required in &module.requires {
            named.insert(&required.path);
            let replaced = replaces.replaced(required);
            if own.contains(required.path.as_str()) || replaced == Some("") {
                continue;
            }
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: required.path.as_str().into(),
                requirement: Some(required.version.as_str().into()),
                version: Some(replaced.unwrap_or(&required.version).into()),
                scope: if tools.contains(required.path.as_str()) { Scope::Build } else { Scope::Runtime },
                declared_in: (*path).into(),
                direct: !required.indirect,
            });
        }
        let sums = files.beside(folder(path), "go.sum");
        for (name, version) in sums.and_then(|sums| files.text(sums)).map(|text| summed(&text)).unwrap_or_default() {
            if named.contains(name.as_str()) || own.contains(name.as_str()) || replaces.names.contains(name.as_str()) {
                continue;
            }
            survey.dependencies.push(ExternalDependency {
                ecosystem: ECOSYSTEM.into(),
                name: name.into(),
                requirement: None,
                version: Some(version.into()),
                scope: Scope::Runtime,
                declared_in: sums.unwrap_or(path).into(),
                direct: false,
            });
        }
    }
}

#[derive(Default)]
struct Module {
    path: String,
    requires: Vec<Required>,
    replaces: Vec<Replace>,
    tools: Vec<String>,
}

struct Required {
    path: String,
    version: String,
    indirect: bool,
}

struct Replace {
    path: String,
    /// Only this version is replaced, where one is given.
    version: Option<String>,
    /// What stands in: a module path or a folder.
    by: String,
    /// Its version; a folder has none.
    by_version: Option<String>,
}

impl Module {
    fn parse(text: &str) -> Self {
        let mut module = Self::default();
        let mut block: Option<String> = None;
        for line in text.lines() {
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            let mut words = code.split_whitespace().map(|word| word.trim_matches(['"', '`']));
            let mut verb = block.clone();
            if verb.is_none() {
                verb = words.next().map(str::to_owned);
            }
            let rest: Vec<&str> = words.collect();
            match rest.as_slice() {
                ["("] => block = verb,
                [")"] => block = None,
                rest => module.directive(verb.as_deref().unwrap_or_default(), rest, comment),
            }
        }
        module
    }

    fn directive(&mut self, verb: &str, words: &[&str], comment: &str) {
        match (verb, words) {
            ("module", [path, ..]) => self.path = (*path).to_owned(),
            ("tool", [package, ..]) => self.tools.push((*package).to_owned()),
            ("require", [path, version, ..]) => self.requires.push(Required {
                path: (*path).to_owned(),
                version: (*version).to_owned(),
                indirect: comment.split([';', ',']).any(|part| part.trim() == "indirect"),
            }),
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| *word == "=>") else { return };
                let (from, to) = words.split_at(arrow);
                if let (Some(path), Some(by)) = (from.first(), to.get(1)) {
                    self.replaces.push(Replace {
                        path: (*path).to_owned(),
                        version: from.get(1).map(|version| (*version).to_owned()),
                        by: (*by).to_owned(),
                        by_version: to.get(2).map(|version| (*version).to_owned()),
                    });
                }
            }
            _ => {}
        }
    }
}

/// The replacements of a module, ready to be asked.
struct Replaces<'m> {
    /// Module and version (`None` for every one) -> the first replacement of it, with its place.
    by_target: FxHashMap<(&'m str, Option<&'m str>), (usize, &'m Replace)>,
    /// What is replaced and what is brought in: one dependency under two paths.
    names: FxHashSet<&'m str>,
}

impl<'m> Replaces<'m> {
    fn of(replaces: &'m [Replace]) -> Self {
        let mut by_target = FxHashMap::default();
        for (index, replace) in replaces.iter().enumerate() {
            by_target.entry((replace.path.as_str(), replace.version.as_deref())).or_insert((index, replace));
        }
        let names = replaces.iter().flat_map(|replace| [replace.by.as_str(), replace.path.as_str()]).collect();
        Self { by_target, names }
    }

    /// The version that stands in for a required one: empty for a folder, `None` where nothing is replaced.
    fn replaced(&self, required: &'m Required) -> Option<&'m str> {
        let versions = [None, Some(required.version.as_str())];
        let fitting = versions.iter().filter_map(|version| self.by_target.get(&(required.path.as_str(), *version)));
        let (_, first) = fitting.min_by_key(|(index, _)| *index)?;
        Some(first.by_version.as_deref().unwrap_or_default())
    }
}

/// Modules whose content is summed (not only their `go.mod`), each with its highest version.
fn summed(text: &str) -> BTreeMap<String, String> {
    let mut highest: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(path), Some(version)) = (words.next(), words.next()) else { continue };
        if version.ends_with("/go.mod") || version.len() > LONGEST_VERSION {
            continue;
        }
        let kept = highest.entry(path.to_owned()).or_insert_with(|| version.to_owned());
        if compare(version, kept) == Ordering::Greater {
            version.clone_into(kept);
        }
    }
    highest
}

/// Semantic versions with Go's leading `v`; a pre-release is lower than its release.
fn compare(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| {
        let version = version.trim_start_matches('v').split('+').next().unwrap_or_default().to_owned();
        let (core, pre) =
            version.split_once('-').map_or((version.clone(), None), |(c, p)| (c.to_owned(), Some(p.to_owned())));
        let numbers: Vec<u64> = core.split('.').map(|number| number.parse().unwrap_or(0)).collect();
        (numbers, pre.is_none(), pre)
    };
    parts(a).cmp(&parts(b))
}
