//! The Go packages of a repository by folder, and where an import path leads.

use crate::Repository;
use crate::packages::go::{GoModules, is_test, read};
use crate::paths::{ancestors, folder, is_within, join};
use codexa_model::Language;
use codexa_model::relation::DeclineReason;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A file of a package.
pub(super) struct File {
    pub(super) path: Box<str>,
    /// The name in its package clause.
    pub(super) package: Option<Box<str>>,
}

/// The files of a folder.
#[derive(Default)]
struct Folder {
    files: Vec<File>,
    /// Name -> indices of the files that define it.
    names: FxHashMap<Box<str>, Vec<u32>>,
}

/// Modules, packages and their names.
pub(super) struct Index {
    modules: GoModules,
    /// Module path -> the folders of the modules that have it.
    by_path: FxHashMap<Box<str>, Vec<Box<str>>>,
    folders: FxHashMap<Box<str>, Folder>,
}

/// Where an import path leads.
pub(super) enum Target<'i> {
    /// A package of the repository.
    Folder {
        path: &'i str,
        /// Whether the build takes it from here: same module, a workspace or a replacement joins them.
        joined: bool,
    },
    Declined(DeclineReason),
}

impl Index {
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let mut folders: FxHashMap<Box<str>, Folder> = FxHashMap::default();
        for file in repo.sources().iter().filter(|file| file.language == Language::Go) {
            let package = folders.entry(folder(file.path).into()).or_default();
            let Ok(index) = u32::try_from(package.files.len()) else { continue };
            for name in file.definitions.iter().filter(|name| !matches!(*name, "_" | "init" | "main")) {
                package.names.entry(name.into()).or_default().push(index);
            }
            package.files.push(File { path: file.path.into(), package: file.module.map(Into::into) });
        }
        // Files that were not parsed still make a package.
        for path in repo.paths().iter().filter(|path| path.ends_with(".go")) {
            let package = folders.entry(folder(path).into()).or_default();
            if package.files.is_empty() {
                package.files.push(File { path: path.clone(), package: None });
            }
        }
        let modules = read(repo);
        let mut by_path: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
        for (at, module) in &modules.modules {
            by_path.entry(module.path.clone()).or_default().push(at.clone());
        }
        Self { modules, by_path, folders }
    }

    /// The folder of the module that a folder belongs to.
    pub(super) fn module_around<'p>(&self, at: &'p str) -> Option<&'p str> {
        ancestors(at).find(|at| self.modules.modules.contains_key(*at))
    }

    /// The folders of the workspace that a module belongs to.
    pub(super) fn workspace_around(&self, own: &str) -> Option<&BTreeSet<Box<str>>> {
        ancestors(own).find_map(|at| self.modules.workspaces.get(at)).filter(|used| used.contains(own))
    }

    /// Where an import path of a file in a folder leads, by the module and the workspace around it.
    pub(super) fn target(
        &self,
        at: &str,
        own: Option<&str>,
        workspace: Option<&BTreeSet<Box<str>>>,
        import: &str,
    ) -> Target<'_> {
        if let Some(found) = own.and_then(|own| self.joined(own, workspace, import)) {
            return found;
        }
        if let Some(path) = self.longest(import, |_| true) {
            return path
                .map_or(Target::Declined(DeclineReason::NotFound), |path| Target::Folder { path, joined: false });
        }
        let first = import.split('/').next().unwrap_or(import);
        if !first.contains('.') {
            let relative = first.is_empty();
            let reason = if relative { DeclineReason::NotFound } else { DeclineReason::StandardLibrary };
            return Target::Declined(reason);
        }
        if matches!(first, "." | "..") {
            let found = crate::paths::resolve(at, import).and_then(|path| self.folders.get_key_value(path.as_str()));
            return found
                .map_or(Target::Declined(DeclineReason::NotFound), |(path, _)| Target::Folder { path, joined: true });
        }
        Target::Declined(DeclineReason::External(self.outside(own, import).into()))
    }

    /// Looks in what the build of a module takes from the repository: replacements, the module itself, its workspace.
    fn joined(&self, own: &str, workspace: Option<&BTreeSet<Box<str>>>, import: &str) -> Option<Target<'_>> {
        let module = self.modules.modules.get(own)?;
        let mut replacements =
            ancestors(import).filter_map(|prefix| Some((module.replaced.get(prefix)?, below(import, prefix)?)));
        if let Some((at, rest)) = replacements.next() {
            let found = self.folders.get_key_value(&*join_rest(at, rest));
            return Some(
                found.map_or(Target::Declined(DeclineReason::NotFound), |(path, _)| Target::Folder {
                    path,
                    joined: true,
                }),
            );
        }
        let path = self.longest(import, |at| at == own || workspace.is_some_and(|used| used.contains(at)))?;
        // Another module of the repository may have the longer prefix: then this one does not hold the package.
        path.map(|path| Target::Folder { path, joined: true })
    }

    /// The package's folder in the module with the longest path that an import path begins with; `Some(None)` where
    /// that module has no such package.
    fn longest(&self, import: &str, among: impl Fn(&str) -> bool) -> Option<Option<&str>> {
        let (at, prefix) = ancestors(import).find_map(|prefix| {
            let folders = self.by_path.get(prefix)?;
            Some((folders.iter().find(|at| among(at))?, prefix))
        })?;
        let path = join_rest(at, below(import, prefix)?);
        // What lies below another module's folder belongs to that one.
        let nested = ancestors(&path)
            .take_while(|inner| is_within(inner, at) && *inner != &**at)
            .any(|inner| self.modules.modules.contains_key(inner));
        let found = if nested { None } else { self.folders.get_key_value(path.as_str()) };
        Some(found.map(|(path, _)| &**path))
    }

    /// The name of the module from outside that an import path belongs to: what `go.mod` requires, else the customary
    /// length of a path on its host.
    fn outside<'p>(&'p self, own: Option<&str>, import: &'p str) -> &'p str {
        let module = own.and_then(|own| self.modules.modules.get(own));
        let required = module.and_then(|module| ancestors(import).find_map(|outer| module.requires.get(outer)));
        if let Some(required) = required {
            return required;
        }
        let host = import.split('/').next().unwrap_or(import);
        let names = match host {
            "github.com" | "gitlab.com" | "bitbucket.org" | "golang.org" => 3,
            "gopkg.in" | "google.golang.org" | "k8s.io" | "sigs.k8s.io" | "go.uber.org" => 2,
            _ => usize::MAX,
        };
        let end = import.match_indices('/').nth(names - 1).map_or(import.len(), |(at, _)| at);
        import.get(..end).unwrap_or(import)
    }

    /// The files of a folder that define a name.
    pub(super) fn definers(&self, at: &str, name: &str) -> impl Iterator<Item = &File> {
        let package = self.folders.get(at);
        let indices = package.and_then(|package| package.names.get(name)).map_or(&[][..], Vec::as_slice);
        indices.iter().filter_map(move |index| package?.files.get(*index as usize))
    }

    /// The names of a sorted list that files of a folder define, by going through whichever are fewer.
    pub(super) fn defined<'a>(&'a self, at: &str, names: &[&'a str]) -> Vec<&'a str> {
        let Some(Folder { names: own, .. }) = self.folders.get(at) else { return Vec::new() };
        if own.len() < names.len() {
            let own = own.keys().map(|name| &**name);
            return own.filter(|name| names.binary_search(name).is_ok()).collect();
        }
        names.iter().filter(|name| own.contains_key(**name)).copied().collect()
    }

    /// The first file of a package that is no test.
    pub(super) fn first_file(&self, at: &str) -> Option<&str> {
        let files = &self.folders.get(at)?.files;
        files.iter().map(|file| &*file.path).filter(|path| !is_test(path)).min()
    }
}

/// What follows a prefix of whole path names.
fn below<'p>(path: &'p str, prefix: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(prefix)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

fn join_rest(at: &str, rest: &str) -> String {
    if rest.is_empty() { at.to_owned() } else { join(at, rest) }
}
