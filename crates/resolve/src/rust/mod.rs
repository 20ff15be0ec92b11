//! Rust's imports (The Rust Reference, "Modules", "Use declarations", "Paths", "Extern prelude"; The Cargo Book).
//!
//! A path is followed through modules as far as they go and leads to the file of the deepest one; what that module
//! re-exports is an edge of its own, not chased from here.

mod tree;

use crate::packages::cargo::Dependency;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Declined, Link};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
pub(crate) use tree::MOST_PLACES;
use tree::{NodeId, Tree, bound, plain, scope_of};

/// Crates that come with the compiler.
const STANDARD_LIBRARY: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];
/// A declaration that was not seen has no line.
const NO_LINE: u32 = 0;
/// Names bound by other `use` declarations are followed this many times.
pub(crate) const MOST_HOPS: u8 = 4;
/// Globs of one file in which a name is looked for.
pub(crate) const MOST_GLOBS: usize = 16;
/// Files that one name may have under conditional compilation.
pub(crate) const MOST_ALTERNATIVES: usize = 8;

struct Rust {
    tree: Tree,
    /// Per package: name in the code -> what it is.
    externs: Vec<FxHashMap<Box<str>, Extern>>,
}

/// What a crate's name means.
enum Extern {
    /// The root module of a crate of the repository.
    Local(NodeId),
    External(Box<str>),
}

/// Reads the crates of the repository and their module trees.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let tree = Tree::read(repo);
    let library = |at: &str| {
        let index = tree.packages.binary_search_by(|package| (*package.root).cmp(at)).ok()?;
        let root = &tree.packages.get(index)?.library()?.path;
        Some(tree.crate_at(root)?.root)
    };
    let externs = tree
        .packages
        .iter()
        .map(|package| {
            let own =
                package.library().and_then(|own| Some((own.name.clone(), Extern::Local(library(&package.root)?))));
            let declared = package.dependencies.iter().map(|(name, dependency)| {
                let meaning = match dependency {
                    Dependency::Local(at) => library(at).map_or_else(|| Extern::External(name.clone()), Extern::Local),
                    Dependency::External(package) => Extern::External(package.clone()),
                };
                (name.clone(), meaning)
            });
            // A library from outside may be named otherwise than its package, most often without its separators
            // (`md-5` is `md5`). What is declared under the very name comes later and wins.
            let squeezed = package.dependencies.iter().filter_map(|(name, dependency)| match dependency {
                Dependency::External(package) => {
                    Some((name.replace('_', "").into(), Extern::External(package.clone())))
                }
                Dependency::Local(_) => None,
            });
            squeezed.chain(own).chain(declared).collect()
        })
        .collect();
    Box::new(Rust { tree, externs })
}

/// What a path comes to.
enum Outcome {
    Links(Vec<(NodeId, u8)>),
    /// The same in a crate of another package.
    OtherCrate(Vec<(NodeId, u8)>),
    Declined(DeclineReason),
    /// A name that is no module: a type, a generic, something a macro or glob brought in.
    Local,
}

/// A file in one of its places, with what its `use` declarations bind there.
struct Place<'a> {
    file: &'a SourceFile<'a>,
    node: NodeId,
    package: Option<usize>,
    uses: &'a Uses<'a>,
}

/// What the `use` declarations of a file bring in.
#[derive(Default)]
struct Uses<'a> {
    /// Inline scope and name -> index of the import that binds it.
    bindings: FxHashMap<(&'a str, &'a str), usize>,
    /// Indices of the first wildcard imports.
    globs: Vec<usize>,
    /// Whether there are more of them.
    has_more_globs: bool,
    /// What they open in each place of the file: followed once, and not for each name that is looked for in them.
    opened: RefCell<FxHashMap<NodeId, Rc<Opened>>>,
}

/// The indices of wildcard imports with the modules that they open.
type Opened = Vec<(usize, Vec<NodeId>)>;

impl Resolver for Rust {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        let mut uses = Uses::default();
        for (index, import) in file.imports.iter().enumerate() {
            if !matches!(import.kind, ImportKind::Module | ImportKind::ReExport) {
                continue;
            }
            if let Some(name) = bound(import) {
                uses.bindings.entry((scope_of(file, index), name)).or_insert(index);
            } else if import.wildcard && uses.globs.len() < MOST_GLOBS {
                uses.globs.push(index);
            } else {
                uses.has_more_globs |= import.wildcard;
            }
        }
        for (index, import) in file.imports.iter().enumerate() {
            if import.kind == ImportKind::ModDeclaration {
                self.declaration(file, index, import, &mut links);
            } else {
                self.path(file, index, import, &uses, &mut links);
            }
        }
        links.links.extend(self.tree.assumed_children(file.path).map(|to| Link {
            to: to.into(),
            origin: "rust.mod_by_name".into(),
            confidence: 80,
            line: NO_LINE,
        }));
        links
    }
}

impl Rust {
    fn declaration(&self, file: &SourceFile<'_>, index: usize, import: &Import, links: &mut Links) {
        match self.tree.declaration(file.path, import, scope_of(file, index)) {
            Some(to) => {
                let origin = if tree::declared(import).1.is_some() { "rust.mod_path" } else { "rust.mod" };
                links.links.push(Link { to: to.into(), origin: origin.into(), confidence: 100, line: import.line });
            }
            None => links.declined.push(Declined {
                target: import.target.clone(),
                reason: DeclineReason::NotFound,
                line: import.line,
            }),
        }
    }

    fn path(&self, file: &SourceFile<'_>, index: usize, import: &Import, uses: &Uses<'_>, links: &mut Links) {
        let own = match import.kind {
            ImportKind::ReExport => "rust.pub_use",
            ImportKind::Path => "rust.path",
            _ => "rust.use",
        };
        let mut declined = None;
        let mut found = false;
        for &node in self.tree.places(file.path).iter().take(MOST_PLACES) {
            let krate = self.tree.node(node).and_then(|node| self.tree.crates.get(node.krate as usize));
            let place = Place { file, node, package: krate.and_then(|krate| krate.package), uses };
            let (modules, origin) = match self.follow(&place, index, &import.target, MOST_HOPS) {
                Outcome::Links(modules) => (modules, own),
                Outcome::OtherCrate(modules) => (modules, "rust.workspace_crate"),
                Outcome::Declined(reason) => {
                    declined = declined.or(Some(reason));
                    continue;
                }
                Outcome::Local => continue,
            };
            found = true;
            links.links.extend(modules.into_iter().map(|(module, confidence)| Link {
                to: self.tree.path(module).into(),
                origin: origin.into(),
                confidence,
                line: import.line,
            }));
        }
        // A path that names no import (`Path`) may begin with any type in scope: only what is known to be a crate counts.
        let is_known = |reason: &DeclineReason| !matches!(reason, DeclineReason::NotFound | DeclineReason::Cut);
        let counts = |reason: &DeclineReason| import.kind != ImportKind::Path || is_known(reason);
        if let Some(reason) = declined.filter(|reason| !found && counts(reason)) {
            links.declined.push(Declined { target: import.target.clone(), reason, line: import.line });
        }
    }

    fn follow(&self, place: &Place<'_>, index: usize, target: &str, hops: u8) -> Outcome {
        let scope = scope_of(place.file, index);
        let kind = place.file.imports.get(index).map(|import| import.kind);
        let mut segments = target.split("::").map(str::trim).map(plain);
        let Some(first) = segments.next() else { return Outcome::Local };
        let rest: Vec<&str> = segments.filter(|segment| !segment.is_empty()).collect();
        let (here, depth) = self.descend(place.node, scope);
        let is_2015 =
            place.package.and_then(|index| self.tree.packages.get(index)).is_some_and(|package| package.is_2015);
        match first {
            "crate" | "$crate" => self.walk(self.root(place.node), &rest),
            "self" | "super" => {
                let supers = usize::from(first == "super") + rest.iter().take_while(|name| **name == "super").count();
                let rest = rest.get(supers - usize::from(first == "super")..).unwrap_or_default();
                self.upwards(here, depth, supers, rest)
            }
            "Self" => Outcome::Local,
            "" => {
                let Some((name, rest)) = rest.split_first() else { return Outcome::Local };
                match self.external(place, name, rest) {
                    Some(outcome) => outcome,
                    None if is_2015 => self.walk(self.root(place.node), &[&[*name], rest].concat()),
                    None => Outcome::Declined(DeclineReason::External((*name).into())),
                }
            }
            _ => {
                let is_use = kind != Some(ImportKind::Path);
                let start = if is_2015 && is_use { Some(self.root(place.node)) } else { (depth == 0).then_some(here) };
                if let Some(start) = start.filter(|&start| self.tree.children(start, first).next().is_some()) {
                    return self.walk(start, &[&[first], rest.as_slice()].concat());
                }
                if let Some(outcome) = self.binding(place, scope, index, first, &rest, hops) {
                    return outcome;
                }
                if let Some(outcome) = self.external(place, first, &rest) {
                    return outcome;
                }
                self.unknown(place, index, first, &rest, hops)
            }
        }
    }

    /// The module that an inline scope stands in, and how many of its names have no node of their own.
    fn descend(&self, node: NodeId, scope: &str) -> (NodeId, usize) {
        let names: Vec<&str> = scope.split("::").filter(|name| !name.is_empty()).collect();
        let mut at = node;
        for (done, name) in names.iter().enumerate() {
            match self.tree.children(at, plain(name)).find(|&child| self.tree.path(child) == self.tree.path(node)) {
                Some(child) => at = child,
                None => return (at, names.len() - done),
            }
        }
        (at, 0)
    }

    /// Follows `super` a number of times, then the rest.
    fn upwards(&self, from: NodeId, depth: usize, supers: usize, rest: &[&str]) -> Outcome {
        if supers < depth {
            // Still inside the file, in a module without file modules.
            return Outcome::Links(vec![(from, 100)]);
        }
        let mut at = from;
        for _ in depth..supers {
            match self.tree.node(at).and_then(|node| node.parent) {
                Some(parent) => at = parent,
                None => return Outcome::Declined(DeclineReason::NotFound),
            }
        }
        self.walk(at, rest)
    }

    fn root(&self, node: NodeId) -> NodeId {
        let krate = self.tree.node(node).and_then(|node| self.tree.crates.get(node.krate as usize));
        krate.map_or(node, |krate| krate.root)
    }

    /// Goes through child modules as far as the names do.
    fn walk(&self, start: NodeId, names: &[&str]) -> Outcome {
        let mut modules = vec![start];
        let mut assumed = false;
        let mut rest = names;
        while let Some((name, further)) = rest.split_first() {
            let next: Vec<NodeId> =
                modules.iter().flat_map(|&module| self.tree.children(module, name)).take(MOST_ALTERNATIVES).collect();
            if next.is_empty() {
                break;
            }
            assumed |= next.iter().all(|&module| self.tree.node(module).is_some_and(|node| node.assumed));
            modules = next;
            rest = further;
        }
        let highest = if assumed { 80 } else { 100 };
        let confidence = |module| rest.first().map_or(100, |name| self.tree.offers(module, name)).min(highest);
        let mut found: Vec<(NodeId, u8)> = modules.into_iter().map(|module| (module, confidence(module))).collect();
        // Of the files that one name has under conditional compilation, those that offer what is taken.
        let best = found.iter().map(|(_, confidence)| *confidence).max().unwrap_or_default();
        found.retain(|(_, confidence)| *confidence == best);
        Outcome::Links(found)
    }

    /// A path that begins with a crate's name.
    fn external(&self, place: &Place<'_>, name: &str, rest: &[&str]) -> Option<Outcome> {
        if let Some(externs) = place.package.and_then(|index| self.externs.get(index)) {
            match externs.get(name) {
                Some(Extern::Local(root)) => {
                    return Some(match self.walk(*root, rest) {
                        Outcome::Links(modules) => Outcome::OtherCrate(modules),
                        other => other,
                    });
                }
                Some(Extern::External(name)) => return Some(Outcome::Declined(DeclineReason::External(name.clone()))),
                None => {}
            }
        }
        STANDARD_LIBRARY.contains(&name).then_some(Outcome::Declined(DeclineReason::StandardLibrary))
    }

    /// A path that begins with a name that another `use` of the file binds.
    fn binding(
        &self,
        place: &Place<'_>,
        scope: &str,
        index: usize,
        first: &str,
        rest: &[&str],
        hops: u8,
    ) -> Option<Outcome> {
        let &bound_at = place.uses.bindings.get(&(scope, first))?;
        let binding = place.file.imports.get(bound_at).filter(|_| bound_at != index && hops > 0)?;
        let target = std::iter::once(&*binding.target).chain(rest.iter().copied()).collect::<Vec<_>>().join("::");
        Some(self.follow(place, bound_at, &target, hops - 1))
    }

    /// What the wildcard imports of a file open in one of its places.
    fn opened(&self, place: &Place<'_>) -> Rc<Opened> {
        if let Some(known) = place.uses.opened.borrow().get(&place.node) {
            return Rc::clone(known);
        }
        let mut opened = Opened::new();
        for &index in &place.uses.globs {
            let Some(import) = place.file.imports.get(index) else { continue };
            if let Outcome::Links(modules) = self.follow(place, index, &import.target, 0) {
                opened.push((index, modules.into_iter().map(|(module, _)| module).collect()));
            }
        }
        let opened = Rc::new(opened);
        place.uses.opened.borrow_mut().insert(place.node, Rc::clone(&opened));
        opened
    }

    /// A path whose first name nothing declares by name: a type of the file, a module that a glob brings in, or a
    /// crate that no manifest names.
    fn unknown(&self, place: &Place<'_>, index: usize, first: &str, rest: &[&str], hops: u8) -> Outcome {
        let scope = scope_of(place.file, index);
        if place.file.definitions.holds(first) {
            return Outcome::Local;
        }
        // A glob's own path is not looked for in globs: two of them would send each other round.
        let opened = if hops > 0 { self.opened(place) } else { Rc::default() };
        for (other, modules) in opened.iter().filter(|(other, _)| *other != index) {
            let mut modules = modules.iter().filter(|_| scope_of(place.file, *other) == scope);
            if let Some(module) = modules.find(|module| self.tree.children(**module, first).next().is_some()) {
                return self.walk(*module, &[&[first], rest].concat());
            }
        }
        if first.starts_with(char::is_uppercase) {
            return Outcome::Local;
        }
        let binding = place.uses.bindings.get(&(scope, first)).filter(|&&bound_at| bound_at != index);
        if place.uses.has_more_globs || (hops == 0 && binding.is_some()) {
            return Outcome::Declined(DeclineReason::Cut);
        }
        // Without a manifest, a `use` of an unknown name can only mean a crate; a path may begin with a type (`u8::MAX`).
        let is_path = place.file.imports.get(index).is_some_and(|import| import.kind == ImportKind::Path);
        if place.package.is_some() || is_path {
            return Outcome::Declined(DeclineReason::NotFound);
        }
        Outcome::Declined(DeclineReason::External(first.into()))
    }
}

#[cfg(test)]
mod tests;
