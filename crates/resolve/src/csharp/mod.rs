//! C#: names are looked up in namespaces, never in files, so a link leads from the use of a type to the files that
//! define it: in the file's own namespace and those around it first, then in those that its `using` directives open.

mod projects;
#[cfg(test)]
mod tests;

use crate::definitions::{Definitions, MOST_DEFINERS, MOST_OUTER};
use crate::outcome::Outcome;
use crate::work::Work;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Declined, Link};
use projects::Projects;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Names that are looked up for the `using` directives of one file, all together: many directives times many names would
/// be quadratic. What is left then could be anything, and is declined as cut.
const MOST_LOOKED_UP: usize = 1 << 18;

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
        let work = Work::of(MOST_LOOKED_UP);
        // A directive that is repeated, in another block say, means what it meant before.
        let mut known: FxHashMap<(&str, bool), Option<Outcome>> = FxHashMap::default();
        for import in file.imports {
            let named = import.kind == ImportKind::Static || import.alias.is_some();
            let before = known.entry((plain(&import.target), named));
            let outcome = before.or_insert_with(|| self.using(import, file, &open, &work, &mut links));
            if let Some(outcome) = outcome {
                outcome.clone().store(import, &mut links);
            }
        }
        for namespace in self.projects.global_usings(file.path) {
            match self.types(namespace, file, &open, &work) {
                Some(files) => links.links.extend(files.map(|to| link(to, "csharp.global_using", 80, 1))),
                None => {
                    links.declined.push(Declined { target: namespace.into(), reason: DeclineReason::Cut, line: 1 });
                    break;
                }
            }
        }
        links
    }
}

impl CSharp {
    /// What a directive comes to as a whole; `None` where the types say it that are linked.
    fn using(
        &self,
        import: &Import,
        file: &SourceFile<'_>,
        open: &[&str],
        work: &Work,
        links: &mut Links,
    ) -> Option<Outcome> {
        let target = plain(&import.target);
        if target.is_empty() {
            return Some(Outcome::Declined(DeclineReason::Dynamic));
        }
        let before = links.links.len();
        if import.kind == ImportKind::Static || import.alias.is_some() {
            let (namespace, name) = target.rsplit_once('.').unwrap_or(("", target));
            let files = self.projects.visible(self.definitions.files(namespace, name), file.path);
            links.links.extend(files.into_iter().map(|to| link(to, "csharp.using_named_type", 95, import.line)));
        }
        if links.links.len() == before {
            let Some(files) = self.types(target, file, open, work) else { return Some(Outcome::CUT) };
            links.links.extend(files.map(|to| link(to, "csharp.using_type", 90, import.line)));
        }
        let around = namespaces_around(file.module.unwrap_or_default()).any(|namespace| namespace == target);
        (links.links.len() == before && !around).then(|| self.without_type(target, file))
    }

    /// The files of a namespace that define a type which the file uses; `None` where the file's work is spent.
    fn types<'a>(
        &'a self,
        namespace: &str,
        file: &'a SourceFile<'_>,
        open: &'a [&str],
        work: &Work,
    ) -> Option<impl Iterator<Item = &'a str> + use<'a>> {
        let namespace = self.definitions.namespace(namespace);
        if namespace.is_some_and(|namespace| !work.take(namespace.looked_at(open))) {
            return None;
        }
        let definers = namespace.into_iter().flat_map(move |namespace| namespace.definers(open));
        Some(definers.flat_map(move |files| self.projects.visible(files, file.path)))
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
        // A file may put its helpers into a namespace of somebody else's: that is hardly ever what its users open it for.
        if let Some(package) = self.projects.foreign(target) {
            return Outcome::external(package);
        }
        if let Some(namespace) = self.definitions.namespace(target) {
            // Of that many, nothing says which.
            let files = if namespace.files.len() > MOST_DEFINERS { &[][..] } else { &namespace.files };
            return match self.projects.visible(files, file.path).as_slice() {
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

/// The namespace and the nearest around it, at last the global one.
fn namespaces_around(namespace: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(namespace), |inner| {
        (!inner.is_empty()).then(|| inner.rsplit_once('.').map_or("", |(outer, _)| outer))
    })
    .take(MOST_OUTER)
}

/// The name without `global::` and type arguments.
fn plain(target: &str) -> &str {
    let target = target.rsplit_once("::").map_or(target, |(_, name)| name);
    target.split_once('<').map_or(target, |(name, _)| name).trim()
}
