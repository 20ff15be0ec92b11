//! Python's imports (The Python Language Reference, 5 "The import system"; PEP 328, 420, 561).
//!
//! A name is looked up the way an interpreter started for the file would: its own root (the first folder upwards that
//! is no package), the standard library, the roots its project declares, then roots that only evidence supports, with
//! less confidence at each step. `from p import n` leads to the submodule `p/n.py` where there is one, else to `p`
//! itself; what `p/__init__.py` re-exports is an edge of that file, not chased from here.

mod layout;

use crate::paths::{ancestors, folder, join};
use crate::work::Work;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::facts::{Import, ImportKind, ImportedName};
use codexa_model::relation::{DeclineReason, Declined, Link};
use layout::{Layout, Roots};
use rustc_hash::FxHashSet;

/// The names of `sys.stdlib_module_names` of CPython 3.11, and `__main__`.
const STANDARD_LIBRARY: &str = include_str!("stdlib.txt");

struct Python {
    layout: Layout,
    standard: FxHashSet<&'static str>,
}

/// Reads the layout of the repository's Python modules.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    Box::new(Python { layout: Layout::read(repo), standard: STANDARD_LIBRARY.lines().collect() })
}

/// Modules that are looked up for the absolute imports of one file: roots may be many, and imports too. What is not decided
/// then could stand in any of them.
const MOST_LOOKED_UP: usize = 1 << 20;

/// A rule that finds a root, and how sure it is.
#[derive(Clone, Copy)]
struct Rule {
    origin: &'static str,
    confidence: u8,
}

const ABSOLUTE: Rule = Rule { origin: "python.absolute_import", confidence: 100 };
const RELATIVE: Rule = Rule { origin: "python.relative_import", confidence: 100 };
/// A folder without `__init__` (PEP 420): other portions may exist where it is installed.
const NAMESPACE: Rule = Rule { origin: "python.namespace_package", confidence: 95 };
/// A folder above that pytest puts on the path because a `conftest.py` stands in it.
const CONFTEST: Rule = Rule { origin: "python.conftest_folder", confidence: 90 };
/// A root that another project of the repository declares.
const SIBLING: Rule = Rule { origin: "python.sibling_project", confidence: 90 };
/// The only package of that name in the project, in a folder that nothing declares.
const DISCOVERED: Rule = Rule { origin: "python.discovered_root", confidence: 80 };
/// A folder above the file that nothing declares: programs that change `sys.path` or are started from there.
const ANCESTOR: Rule = Rule { origin: "python.ancestor_folder", confidence: 70 };
/// The only package of that name in the repository, in another project.
const ELSEWHERE: Rule = Rule { origin: "python.discovered_root", confidence: 60 };

/// What is the same for every import of a file.
struct Around<'a> {
    own: &'a str,
    project: Option<(&'a str, &'a Roots)>,
    work: Work,
}

/// Where a module name leads.
enum Place {
    /// The path that it has below a root of the repository, without form; what is there is not looked at.
    At(String, Rule),
    Declined(DeclineReason),
}

impl Resolver for Python {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        let around = Around {
            own: self.layout.own_root(file.path),
            project: self.layout.project(folder(file.path)),
            work: Work::of(MOST_LOOKED_UP),
        };
        for import in file.imports {
            self.import(file, import, &around, &mut links);
        }
        links
    }
}

impl Python {
    fn import(&self, file: &SourceFile<'_>, import: &Import, around: &Around<'_>, links: &mut Links) {
        let target = &*import.target;
        let decline = |links: &mut Links, target: &str, reason| {
            links.declined.push(Declined { target: target.into(), reason, line: import.line });
        };
        if target.is_empty() {
            let dynamic = import.kind == ImportKind::Dynamic;
            return decline(links, target, if dynamic { DeclineReason::Dynamic } else { DeclineReason::NotFound });
        }
        let dots = target.len() - target.trim_start_matches('.').len();
        let dotted = target.trim_start_matches('.');
        let is_module_name = dotted.split('.').all(|part| !part.is_empty() && !part.contains(['/', '\\']));
        if !(is_module_name || dotted.is_empty()) {
            return decline(links, target, DeclineReason::NotFound);
        }
        let place = match dots {
            0 => self.absolute(dotted, &import.names, around),
            _ => relative(file.path, dots, dotted),
        };
        match place {
            _ if around.work.is_spent() => decline(links, target, DeclineReason::Cut),
            Place::Declined(reason) => decline(links, target, reason),
            Place::At(base, rule) => self.take(file, import, &base, rule, links),
        }
    }

    /// Links what the import takes out of the module at `base`.
    fn take(&self, file: &SourceFile<'_>, import: &Import, base: &str, rule: Rule, links: &mut Links) {
        let mut link = |found: layout::Found| {
            let origin = match import.kind {
                ImportKind::Dynamic => "python.dynamic_import",
                _ if found.is_stub => "python.stub",
                _ => rule.origin,
            };
            let confidence = if import.kind == ImportKind::Dynamic { rule.confidence.min(90) } else { rule.confidence };
            links.links.push(Link { to: found.path.into(), origin: origin.into(), confidence, line: import.line });
        };
        let stub = file.path.ends_with(".pyi");
        let itself = || self.layout.module(base, stub);
        let mut missing = Vec::new();
        if import.names.is_empty() {
            match itself() {
                Some(found) => link(found),
                None => missing.push(import.target.clone()),
            }
        }
        for imported in &import.names {
            match self.layout.module(&join(base, &imported.name), stub).or_else(itself) {
                Some(found) => link(found),
                None => missing.push(qualified(&import.target, &imported.name)),
            }
        }
        let declined =
            missing.into_iter().map(|target| Declined { target, reason: DeclineReason::NotFound, line: import.line });
        links.declined.extend(declined);
    }

    /// Finds the root that an absolute name is imported from.
    fn absolute(&self, dotted: &str, names: &[ImportedName], around: &Around<'_>) -> Place {
        let Around { own, project, work } = around;
        let own = *own;
        let top = dotted.split('.').next().unwrap_or(dotted);
        let below = dotted.replace('.', "/");
        let layout = &self.layout;
        let exists = |root: &str| {
            if !work.take_text(root) || !work.take(names.len()) {
                return false;
            }
            let base = join(root, &below);
            layout.module(&base, false).is_some()
                || names.iter().any(|imported| layout.module(&join(&base, &imported.name), false).is_some())
        };
        let regular = |root: &str| work.take_text(root) && layout.has(root, top);
        let at = |root: &str, rule| Place::At(join(root, &below), rule);

        // A module that Python would find first and that lacks the rest of the name: an error there, unless a later
        // root has all of it.
        let mut broken = false;
        if regular(own) {
            if exists(own) {
                return at(own, ABSOLUTE);
            }
            broken = true;
        }
        if self.standard.contains(top) {
            return Place::Declined(DeclineReason::StandardLibrary);
        }
        let (project_folder, declared, is_dependency) = match project {
            Some((at, roots)) => {
                (*at, roots.declared.as_slice(), roots.dependencies.contains(&*top.to_ascii_lowercase()))
            }
            None => ("", &[][..], false),
        };
        for root in declared.iter().filter(|root| regular(root)) {
            if exists(root) {
                return at(root, ABSOLUTE);
            }
            broken = true;
        }
        let namespace = |root: &str| !regular(root) && layout.is_folder(&join(root, top)) && exists(root);
        if let Some(root) = declared.iter().map(|root| &**root).chain([own]).find(|root| namespace(root)) {
            return at(root, NAMESPACE);
        }
        for above in ancestors(own).skip(1).filter(|above| regular(above) && exists(above)) {
            if layout.has(above, "conftest") {
                return at(above, CONFTEST);
            }
            if !is_dependency {
                return at(above, ANCESTOR);
            }
        }
        let siblings = layout.declared(top).iter().map(|root| &**root);
        match only(siblings.filter(|root| (regular(root) || namespace(root)) && exists(root))) {
            Only::One(root) => return at(root, SIBLING),
            Only::Many => return Place::Declined(DeclineReason::Ambiguous),
            Only::None => {}
        }
        if broken {
            return Place::Declined(DeclineReason::NotFound);
        }
        if is_dependency {
            return Place::Declined(DeclineReason::External(top.into()));
        }
        let tops = || layout.tops(top).iter().map(|root| &**root).filter(|root| exists(root));
        match only(tops().filter(|root| crate::paths::is_within(root, project_folder))) {
            Only::One(root) => return at(root, DISCOVERED),
            Only::Many => return Place::Declined(DeclineReason::Ambiguous),
            Only::None => {}
        }
        match only(tops()) {
            Only::One(root) => at(root, ELSEWHERE),
            Only::Many => Place::Declined(DeclineReason::Ambiguous),
            Only::None => Place::Declined(DeclineReason::External(top.into())),
        }
    }
}

/// A relative name: one dot is the folder of the file, each further one the folder above.
fn relative(path: &str, dots: usize, dotted: &str) -> Place {
    let base = ancestors(folder(path)).nth(dots - 1);
    match base {
        Some(base) if dotted.is_empty() => Place::At(base.to_owned(), RELATIVE),
        Some(base) => Place::At(join(base, &dotted.replace('.', "/")), RELATIVE),
        None => Place::Declined(DeclineReason::NotFound),
    }
}

fn qualified(target: &str, name: &str) -> Box<str> {
    if target.ends_with('.') { format!("{target}{name}").into() } else { format!("{target}.{name}").into() }
}

enum Only<T> {
    None,
    One(T),
    Many,
}

fn only<T>(mut candidates: impl Iterator<Item = T>) -> Only<T> {
    match (candidates.next(), candidates.next()) {
        (None, _) => Only::None,
        (Some(one), None) => Only::One(one),
        _ => Only::Many,
    }
}

#[cfg(test)]
mod tests;
