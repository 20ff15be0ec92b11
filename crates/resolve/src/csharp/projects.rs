//! Which project a C# file belongs to, and what that project sees.

use crate::Repository;
use crate::packages::nuget;
use crate::paths::{ancestors, folder, name, stem};
use codexa_model::Language;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Every declared package by its name in lower case, as NuGet compares names.
    packages: BTreeMap<Box<str>, Box<str>>,
    /// The projects' own names.
    names: Vec<Box<str>>,
}

impl Projects {
    /// Reads every project file.
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let projects = nuget::projects(repo);
        let mut found = Self::default();
        let mut packages: BTreeSet<Box<str>> = nuget::shared_packages(repo).into_iter().collect();
        for (index, project) in projects.iter().enumerate() {
            found.by_folder.entry(folder(&project.path).into()).or_insert(index);
            found.names.push(stem(&project.path).into());
            found.usings.push(project.usings.iter().cloned().collect());
            packages.extend(project.packages.iter().cloned());
        }
        found.packages = packages.into_iter().map(|name| (name.to_ascii_lowercase().into(), name)).collect();
        let direct: Vec<BTreeSet<usize>> = projects
            .iter()
            .map(|project| {
                project.references.iter().filter_map(|folder| found.by_folder.get(folder).copied()).collect()
            })
            .collect();
        for (start, project) in projects.iter().enumerate() {
            let (seen, is_whole) = reachable(start, &direct);
            if !is_whole {
                repo.cut(&project.path, "references more projects than are followed");
            }
            found.seen.push(seen);
        }
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
        self.package_within(namespace).or_else(|| {
            let start = [&*namespace.to_ascii_lowercase(), "."].concat();
            let mut wider = self.packages.range(Box::from(&*start)..).take_while(|(name, _)| name.starts_with(&*start));
            match (wider.next(), wider.next()) {
                (Some((_, only)), None) => Some(&**only),
                _ => None,
            }
        })
    }

    /// Whose namespace it is, where it is not the repository's own: that of a declared package, or of the platform.
    pub(super) fn foreign<'a>(&'a self, namespace: &'a str) -> Option<&'a str> {
        let within =
            |outer: &str| namespace.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if self.names.iter().any(|name| within(name)) {
            return None;
        }
        self.package_within(namespace)
            .or_else(|| within("Microsoft").then(|| self.package(namespace).unwrap_or(namespace)))
    }

    /// The longest declared package whose name begins the namespace.
    pub(super) fn package_within(&self, namespace: &str) -> Option<&str> {
        let namespace = namespace.to_ascii_lowercase();
        let outer = std::iter::successors(Some(&*namespace), |inner| Some(inner.rsplit_once('.')?.0));
        outer.into_iter().find_map(|name| self.packages.get(name)).map(|package| &**package)
    }
}

/// The projects that one sees through its references, and whether that is all of them.
fn reachable(start: usize, direct: &[BTreeSet<usize>]) -> (FxHashSet<usize>, bool) {
    let mut seen = FxHashSet::default();
    let mut waiting = vec![start];
    while let Some(next) = waiting.pop() {
        for reference in direct.get(next).into_iter().flatten() {
            if *reference == start || seen.contains(reference) {
                continue;
            }
            if seen.len() >= MOST_SEEN {
                return (seen, false);
            }
            seen.insert(*reference);
            waiting.push(*reference);
        }
    }
    (seen, true)
}
