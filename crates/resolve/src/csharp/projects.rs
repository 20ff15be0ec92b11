//! Which project a C# file belongs to, and what that project sees.

use crate::Repository;
use crate::packages::nuget;
use crate::paths::{ancestors, folder, name};
use codexa_model::Language;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Projects that one project sees through its references, beyond which no more are followed.
const MOST_SEEN: usize = 512;

/// Files that hold nothing but `global using` directives, by the names that templates give them.
const GLOBAL_USINGS: &[&str] = &["GlobalUsings.cs", "GlobalUsing.cs", "Usings.cs", "Imports.cs", "Global.cs"];

/// The projects of a repository.
#[derive(Debug, Default)]
pub(super) struct Projects {
    by_folder: FxHashMap<Box<str>, usize>,
    /// The projects that each one sees, itself left out.
    seen: Vec<FxHashSet<usize>>,
    /// Namespaces that each one opens for all its files.
    usings: Vec<BTreeSet<Box<str>>>,
    /// Every declared package, sorted.
    packages: Vec<Box<str>>,
}

impl Projects {
    /// Reads every project file.
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let projects = nuget::projects(repo);
        let mut found = Self::default();
        let mut packages: BTreeSet<Box<str>> = nuget::shared_packages(repo).into_iter().collect();
        for (index, project) in projects.iter().enumerate() {
            found.by_folder.entry(folder(&project.path).into()).or_insert(index);
            found.usings.push(project.usings.iter().cloned().collect());
            packages.extend(project.packages.iter().cloned());
        }
        found.packages = packages.into_iter().collect();
        let direct: Vec<Vec<usize>> = projects
            .iter()
            .map(|project| {
                project.references.iter().filter_map(|folder| found.by_folder.get(folder).copied()).collect()
            })
            .collect();
        found.seen = (0..direct.len()).map(|start| reachable(start, &direct)).collect();
        for file in repo.sources() {
            let opens = file.language == Language::CSharp
                && file.definitions.is_empty()
                && GLOBAL_USINGS.contains(&name(file.path));
            let usings =
                opens.then(|| found.project(file.path)).flatten().and_then(|project| found.usings.get_mut(project));
            if let Some(usings) = usings {
                usings.extend(
                    file.imports.iter().filter(|import| import.alias.is_none()).map(|import| import.target.clone()),
                );
            }
        }
        found
    }

    fn project(&self, path: &str) -> Option<usize> {
        ancestors(folder(path)).find_map(|folder| self.by_folder.get(folder).copied())
    }

    /// Of the files that define a name, those that a file sees: in its own project, else in the one project that it
    /// references, else in the only project there is. Empty where several projects could be meant.
    pub(super) fn visible<'a>(&self, files: &'a [Box<str>], from: &str) -> Vec<&'a str> {
        if files.len() < 2 || self.by_folder.len() < 2 {
            return files.iter().map(|file| &**file).collect();
        }
        let own = self.project(from);
        let homes: Vec<(Option<usize>, &str)> = files.iter().map(|file| (self.project(file), &**file)).collect();
        let of = |wanted: Option<usize>| homes.iter().filter(move |(home, _)| *home == wanted).map(|(_, file)| *file);
        if own.is_some() && of(own).next().is_some() {
            return of(own).collect();
        }
        let seen = own.and_then(|own| self.seen.get(own));
        let referenced: BTreeSet<Option<usize>> = homes
            .iter()
            .map(|(home, _)| *home)
            .filter(|home| home.is_some_and(|home| seen.is_some_and(|seen| seen.contains(&home))))
            .collect();
        let all: BTreeSet<Option<usize>> = homes.iter().map(|(home, _)| *home).collect();
        let candidates = if referenced.is_empty() { all } else { referenced };
        match (candidates.first(), candidates.len()) {
            (Some(only), 1) => of(*only).collect(),
            _ => Vec::new(),
        }
    }

    /// The namespaces that a file's project opens for it.
    pub(super) fn global_usings(&self, path: &str) -> impl Iterator<Item = &str> {
        let usings = self.project(path).and_then(|project| self.usings.get(project));
        usings.into_iter().flatten().map(|namespace| &**namespace)
    }

    /// The declared package that a namespace comes from: the longest whose name begins it, else the only one whose
    /// name it begins.
    pub(super) fn package(&self, namespace: &str) -> Option<&str> {
        let mut wider = self.packages.iter().filter(|package| begins(package, namespace));
        self.package_within(namespace).or_else(|| match (wider.next(), wider.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        })
    }

    /// The longest declared package whose name begins the namespace.
    pub(super) fn package_within(&self, namespace: &str) -> Option<&str> {
        let fitting = self.packages.iter().filter(|package| begins(namespace, package));
        fitting.max_by_key(|package| package.len()).map(|package| &**package)
    }
}

/// Whether a dotted name equals another or goes on from it; compared without regard to case, as NuGet does.
fn begins(long: &str, short: &str) -> bool {
    long.get(..short.len()).is_some_and(|start| start.eq_ignore_ascii_case(short))
        && matches!(long.as_bytes().get(short.len()), None | Some(b'.'))
}

fn reachable(start: usize, direct: &[Vec<usize>]) -> FxHashSet<usize> {
    let mut seen = FxHashSet::default();
    let mut waiting = vec![start];
    while let Some(next) = waiting.pop() {
        for reference in direct.get(next).into_iter().flatten() {
            if seen.len() < MOST_SEEN && *reference != start && seen.insert(*reference) {
                waiting.push(*reference);
            }
        }
    }
    seen
}
