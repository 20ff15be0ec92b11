//! Go modules: `go.mod` and `go.work` (The Go Modules Reference).

use crate::paths::{ancestors, folder, join, name, resolve, stem};
use crate::vendored::is_vendored_by_go;
use crate::{Repository, SourceFile};
use codexa_model::Language;
use codexa_model::relation::{Exports, Package, Program};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// A module of the repository.
#[derive(Debug, Default)]
pub(crate) struct GoModule {
    /// Its path, the prefix of its packages' import paths.
    pub(crate) path: Box<str>,
    /// Modules it requires.
    pub(crate) requires: BTreeSet<Box<str>>,
    /// Module path -> folder of the repository that takes its place.
    pub(crate) replaced: BTreeMap<Box<str>, Box<str>>,
}

/// The modules of the repository by folder, and the folders that each `go.work` joins, by its folder.
#[derive(Debug, Default)]
pub(crate) struct GoModules {
    pub(crate) modules: BTreeMap<Box<str>, GoModule>,
    pub(crate) workspaces: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

/// Reads every `go.mod` and `go.work` outside `vendor` folders.
pub(crate) fn read(repo: &dyn Repository) -> GoModules {
    let mut found = GoModules::default();
    for path in repo.paths() {
        let is_work = match name(path) {
            "go.mod" => false,
            "go.work" => true,
            _ => continue,
        };
        if is_vendored_by_go(path) {
            continue;
        }
        let Some(content) = repo.read(path) else { continue };
        let text = String::from_utf8_lossy(&content);
        let at = folder(path);
        if is_work {
            let used = directives(&text)
                .filter(|words| words.first().is_some_and(|word| *word == "use"))
                .filter_map(|words| Some(resolve(at, words.get(1)?)?.into()));
            found.workspaces.insert(at.into(), used.collect());
        } else if let Some(module) = module(at, &text) {
            found.modules.insert(at.into(), module);
        }
    }
    found
}

fn module(at: &str, text: &str) -> Option<GoModule> {
    let mut module = GoModule::default();
    for words in directives(text) {
        match words.as_slice() {
            ["module", path, ..] => module.path = (*path).into(),
            ["require", path, ..] => drop(module.requires.insert((*path).into())),
            ["replace", rest @ ..] => {
                let arrow = rest.iter().position(|word| *word == "=>");
                let with = arrow.and_then(|arrow| rest.get(arrow + 1));
                // A path that begins with a dot is a folder; anything else is another module.
                let (Some(replaced), Some(with)) = (rest.first(), with.filter(|with| with.starts_with('.'))) else {
                    continue;
                };
                if let Some(with) = resolve(at, with) {
                    module.replaced.insert((*replaced).into(), with.into());
                }
            }
            _ => {}
        }
    }
    (!module.path.is_empty()).then_some(module)
}

/// The directives of a `go.mod` or `go.work` as words, those in a block with the block's verb in front.
fn directives(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let mut block: Option<&str> = None;
    text.lines().filter_map(move |line| {
        let line = line.split("//").next().unwrap_or_default();
        let mut words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match (words.as_slice(), block) {
            ([], _) => return None,
            ([")", ..], _) => {
                block = None;
                return None;
            }
            ([verb, "("], None) => {
                block = Some(verb);
                return None;
            }
            (_, Some(verb)) => words.insert(0, verb),
            (_, None) => {}
        }
        Some(words)
    })
}

/// The modules of a repository as packages, with the commands in them.
pub(crate) fn packages(repo: &dyn Repository) -> Vec<Package> {
    let GoModules { modules, .. } = read(repo);
    let mut packages: BTreeMap<&str, Package> = modules
        .iter()
        .map(|(root, module)| {
            let package = Package {
                root: root.clone(),
                ecosystem: "go".into(),
                name: module.path.clone(),
                version: None,
                manifest: join(root, "go.mod").into(),
                programs: Vec::new(),
                exports: Exports::Nothing,
            };
            (&**root, package)
        })
        .collect();
    let sources = repo.sources();
    let compiled = || sources.iter().filter(|file| file.language == Language::Go && !is_test(file.path));
    // Beside the files of another package a `main` is what `//go:build ignore` keeps out: run by hand, and no program.
    let libraries: FxHashSet<&str> =
        compiled().filter(|file| file.module != Some("main")).map(|file| folder(file.path)).collect();
    let mut faces: BTreeMap<&str, Vec<Box<str>>> = BTreeMap::new();
    for file in compiled() {
        let Some(root) = ancestors(folder(file.path)).find(|at| modules.contains_key(*at)) else { continue };
        let Some(package) = packages.get_mut(root) else { continue };
        if file.module == Some("main") {
            if defines_main(file) && !libraries.contains(folder(file.path)) {
                package.programs.push(Program {
                    name: command(file.path, package).into(),
                    target: file.path.into(),
                    declared_in: None,
                });
            }
        } else if !is_internal(file.path) {
            faces.entry(root).or_default().push(file.path.into());
        }
    }
    let mut packages: Vec<Package> = packages.into_values().collect();
    for package in &mut packages {
        package.exports = faces.remove(&*package.root).map_or(Exports::Nothing, |files| exports(package, files));
    }
    packages
}

/// The files of the package that has the module's own path; of a module without one and without programs, of all its
/// packages. What lies beside programs, deeper down, is there for them.
fn exports(package: &Package, files: Vec<Box<str>>) -> Exports {
    let (mut face, below): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| *folder(file) == *package.root);
    if face.is_empty() && package.programs.is_empty() {
        face = below;
    }
    let own = command(&package.manifest, package).to_owned();
    face.sort_by_key(|file| (stem(file) != own && stem(file) != "doc", file.clone()));
    Exports::of(face)
}

/// Whether only the module itself may import what lies here.
fn is_internal(path: &str) -> bool {
    folder(path).split('/').any(|name| name == "internal")
}

fn defines_main(file: &SourceFile<'_>) -> bool {
    file.definitions.holds("main")
}

/// What `go install` calls the program: the last name of its import path that is no major version.
fn command<'p>(path: &'p str, package: &'p Package) -> &'p str {
    let at = folder(path);
    if at != &*package.root {
        return name(at);
    }
    let is_version = |name: &str| name.strip_prefix('v').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    package.name.rsplit('/').find(|name| !is_version(name)).unwrap_or(&package.name)
}

/// Whether the go tool compiles a file only for tests.
pub(crate) fn is_test(path: &str) -> bool {
    path.ends_with("_test.go")
}
