//! C#: names are looked up in namespaces, never in files, so a link leads from the use of a type to the files that
//! define it: in the file's own namespace and those around it first, then in those that its `using` directives open.

mod projects;
#[cfg(test)]
mod tests;

use crate::definitions::Definitions;
use crate::outcome::Outcome;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Link};
use projects::Projects;
use std::borrow::Cow;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let projects = Projects::read(repo);
    Box::new(CSharp { definitions: Definitions::of(repo, Language::CSharp, |name| name.into()), projects })
}

struct CSharp {
    definitions: Definitions,
    projects: Projects,
}

impl Resolver for CSharp {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        // Names that the file's own namespaces settle are never looked for in a `using`.
        let mut open: Vec<&str> = Vec::with_capacity(file.references.len());
        for name in file.references.iter() {
            if file.definitions.holds(name) {
                continue;
            }
            let found = namespaces_around(file.module.unwrap_or_default())
                .map(|namespace| self.definitions.files(namespace, name))
                .find(|files| !files.is_empty());
            match found.map(|files| self.projects.visible(files, file.path)) {
                Some(files) => links.links.extend(files.into_iter().map(|to| link(to, "csharp.same_namespace", 85, 1))),
                None => open.push(name),
            }
        }
        for import in file.imports {
            self.using(import, file, &open, &mut links);
        }
        for namespace in self.projects.global_usings(file.path) {
            let files = self.types(namespace, file, &open);
            links.links.extend(files.map(|to| link(to, "csharp.global_using", 80, 1)));
        }
        links
    }
}

impl CSharp {
    fn using(&self, import: &Import, file: &SourceFile<'_>, open: &[&str], links: &mut Links) {
        let target = plain(&import.target);
        if target.is_empty() {
            return Outcome::Declined(DeclineReason::Dynamic).store(import, links);
        }
        let before = links.links.len();
        if import.kind == ImportKind::Static || import.alias.is_some() {
            let (namespace, name) = target.rsplit_once('.').unwrap_or(("", target));
            let files = self.projects.visible(self.definitions.files(namespace, name), file.path);
            links.links.extend(files.into_iter().map(|to| link(to, "csharp.using_named_type", 95, import.line)));
        }
        if links.links.len() == before {
            let files = self.types(target, file, open);
            links.links.extend(files.map(|to| link(to, "csharp.using_type", 90, import.line)));
        }
        let around = namespaces_around(file.module.unwrap_or_default()).any(|namespace| namespace == target);
        if links.links.len() == before && !around {
            self.without_type(target, file).store(import, links);
        }
    }

    /// The files of a namespace that define a type which the file uses.
    fn types<'a>(
        &'a self,
        namespace: &str,
        file: &'a SourceFile<'_>,
        open: &'a [&str],
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let namespace = self.definitions.namespace(namespace).into_iter();
        let definers = namespace.flat_map(move |namespace| open.iter().map(move |name| namespace.files_of(name)));
        definers.flat_map(move |files| self.projects.visible(files, file.path))
    }

    /// What a `using` means of which no type is used by name (extension methods, or nothing).
    fn without_type(&self, target: &str, file: &SourceFile<'_>) -> Outcome {
        let within =
            |outer: &str| target.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if within("System") {
            // Parts of `System` come as packages (`System.CommandLine`); those are declared.
            return match self.projects.package_within(target).filter(|package| package.starts_with("System.")) {
                Some(package) => Outcome::external(package),
                None => Outcome::Declined(DeclineReason::StandardLibrary),
            };
        }
        if let Some(namespace) = self.definitions.namespace(target) {
            return match self.projects.visible(&namespace.files, file.path).as_slice() {
                [only] => Outcome::link(*only, "csharp.using_namespace", 75),
                _ => Outcome::AMBIGUOUS,
            };
        }
        if ["Microsoft.Win32", "Microsoft.CSharp", "Microsoft.VisualBasic"].into_iter().any(within) {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        if self.definitions.is_part(target) {
            return Outcome::NOT_FOUND;
        }
        Outcome::external(self.projects.package(target).unwrap_or(target))
    }
}

fn link(to: &str, origin: &'static str, confidence: u8, line: u32) -> Link {
    Link { to: to.into(), origin: Cow::Borrowed(origin), confidence, line }
}

/// The namespace and each around it, and at last the global one.
fn namespaces_around(namespace: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(namespace), |inner| {
        (!inner.is_empty()).then(|| inner.rsplit_once('.').map_or("", |(outer, _)| outer))
    })
}

/// The name without `global::` and type arguments.
fn plain(target: &str) -> &str {
    let target = target.rsplit_once("::").map_or(target, |(_, name)| name);
    target.split_once('<').map_or(target, |(name, _)| name).trim()
}
