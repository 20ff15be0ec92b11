//! C and C++: `#include` by the places a compiler looks in, then by what the repository's folders show.
//!
//! Beside the file; the directories of `compile_commands.json`; include folders of the folders around the file; the
//! systems' headers; at last the only file whose path ends with what was written.

mod compile_commands;
mod roots;
mod system_headers;
#[cfg(test)]
mod tests;
mod tree;

use crate::files::shared_folders;
use crate::outcome::{Outcome, collect_within};
use crate::paths::{folder, name, stem};
use crate::vendored::is_carried_along;
use crate::work::Work;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::DeclineReason;
use compile_commands::CompileCommands;
use roots::{Roots, SearchFolder, is_include_folder, other_architecture};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use system_headers::{System, system};
use tree::{Matches, Tree};

/// Files and folders that are looked at for the includes of one file: many may share a name, and be included often.
const MOST_STEPS: usize = 1 << 21;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let tree = Tree::of(repo);
    let roots = Roots::of(repo);
    let commands = CompileCommands::read(repo);
    Box::new(C { tree, roots, commands, modules: modules(repo) })
}

struct C {
    tree: Tree,
    roots: Roots,
    commands: CompileCommands,
    /// The file that declares a C++ module; `None` where several do.
    modules: FxHashMap<Box<str>, Option<Box<str>>>,
}

/// A file, with the folders that its includes are looked for in.
struct Including<'a> {
    folder: &'a str,
    commands: compile_commands::Folders<'a>,
    around: Vec<SearchFolder<'a>>,
    work: &'a Work,
}

impl Including<'_> {
    /// The first folder around that has the file.
    fn find_around<'m>(&self, matches: &Matches<'m>) -> Option<&'m str> {
        self.around.iter().take_while(|_| self.work.take(1)).find_map(|place| matches.under(place.folder))
    }
}

impl Resolver for C {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let inside = folder(file.path);
        let work = &Work::of(MOST_STEPS);
        let commands = self.commands.folders(file.path);
        let including = Including { folder: inside, commands, around: self.roots.around(inside), work };
        collect_within(file.imports, work, |import| self.import(import, &including))
    }
}

impl C {
    fn import(&self, import: &Import, from: &Including<'_>) -> Outcome {
        if import.target.is_empty() || import.kind == ImportKind::Dynamic || is_macro(&import.target) {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        match import.kind {
            ImportKind::IncludeLocal => self.include(&import.target, from, true),
            ImportKind::Module | ImportKind::ReExport => self.module(&import.target),
            _ => self.include(&import.target, from, false),
        }
    }

    fn include(&self, target: &str, from: &Including<'_>, local: bool) -> Outcome {
        let target = normal(target);
        let Some(matches) = self.tree.ending_with(&target, from.work) else {
            return self.missing(&target, from, local);
        };
        if let Some(path) = local.then(|| matches.under(from.folder)).flatten() {
            return Outcome::link(path, "c.include_beside", 100);
        }
        if let Some((path, confidence)) = from.commands.find(&matches, local, from.work) {
            return Outcome::link(path, "c.compile_commands", confidence);
        }
        let system = system(&target);
        if system == Some(System::Language) && !local {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        for place in from.around.iter().take_while(|_| from.work.take(1)) {
            // `<x.h>` never means the file's own folder, and a platform's header only where an include folder carries it.
            let skipped = !local && !place.is_include && (place.folder == from.folder || system.is_some());
            if let Some(path) = (!skipped).then(|| matches.under(place.folder)).flatten() {
                return match place.is_include {
                    true => Outcome::link(path, "c.include_root", 90),
                    // A bare `<x.h>` is rather a library's of the same name.
                    false => Outcome::link(path, "c.outer_folder", if local || target.contains('/') { 85 } else { 60 }),
                };
            }
        }
        if self.is_system(&target) {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        self.anywhere(&matches, &target, from, local).unwrap_or_else(|| self.missing(&target, from, local))
    }

    /// The only file that ends with the target, or the only nearest one.
    ///
    /// A bare `<x.h>` is first of all a library's: it only means a file of the repository where that is kept for others,
    /// in an include folder, in a library's own folder or among the libraries that the repository carries along, or lies
    /// near without lying beside. Beside it, the only one of the name may be meant: the build names the folder then.
    fn anywhere(&self, matches: &Matches<'_>, target: &str, from: &Including<'_>, local: bool) -> Option<Outcome> {
        let bare = !local && !target.contains('/');
        let fitting: Vec<(&str, &str)> = matches
            .all()
            .take_while(|_| from.work.take(1))
            .filter(|(root, path)| !other_architecture(from.folder, path, is_include_folder(root)))
            .filter(|(root, _)| {
                !bare
                    || is_kept_for_others(root)
                    || is_near(root, from.folder)
                    || self.is_of_library(root, target, from.work)
            })
            .collect();
        match fitting.as_slice() {
            [] if bare => match matches.all().collect::<Vec<_>>().as_slice() {
                [(root, path)] if *root == from.folder => Some(Outcome::link(*path, "c.own_folder", 60)),
                _ => None,
            },
            [] => None,
            [(root, path)] if is_include_folder(root) => Some(Outcome::link(*path, "c.include_folder", 80)),
            [(_, path)] => Some(Outcome::link(*path, "c.unique_suffix", 70)),
            several => {
                let near = |path: &str| shared_folders(from.folder, folder(path));
                let nearest = several.iter().map(|(_, path)| near(path)).max()?;
                let mut nearest = several.iter().filter(|(_, path)| near(path) == nearest);
                match (nearest.next(), nearest.next()) {
                    (Some((_, path)), None) => Some(Outcome::link(*path, "c.nearest_suffix", 60)),
                    _ => Some(self.generic_header(target, from).unwrap_or(Outcome::AMBIGUOUS)),
                }
            }
        }
    }

    /// Whether a header in a folder is a library's: the one that the folder is named after (`zlib/zlib.h`), or one beside it
    /// high up in the tree. Further down, a part of a program often has a header of its own name, too.
    fn is_of_library(&self, root: &str, target: &str, work: &Work) -> bool {
        let face = [name(root), ".h"].concat();
        let has_face = || self.tree.ending_with(&face, work).is_some_and(|matches| matches.under(root).is_some());
        let is_high = root.matches('/').count() < 2 && !is_generated(target);
        !root.is_empty() && (target == face || (is_high && has_face()))
    }

    /// The Linux kernel's `asm/x.h` of an architecture that has none of its own is made from `asm-generic/x.h`
    /// (`generic-y` and `mandatory-y` of Kbuild).
    fn generic_header(&self, target: &str, from: &Including<'_>) -> Option<Outcome> {
        let inner = target.strip_prefix("asm/")?;
        roots::architecture(from.folder)?;
        let generic = ["asm-generic/", inner].concat();
        let matches = self.tree.ending_with(&generic, from.work)?;
        let path = from.find_around(&matches)?;
        Some(Outcome::link(path, "c.asm_generic", 80))
    }

    fn missing(&self, target: &str, from: &Including<'_>, local: bool) -> Outcome {
        if let Some(found) = self.generic_header(target, from) {
            return found;
        }
        if self.is_system(target) {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        if let Some(found) = self.template(target, from, local) {
            return found;
        }
        if local || self.roots.provides(target) || (!target.contains('/') && is_generated(target)) {
            return Outcome::NOT_FOUND;
        }
        let library = target.split_once('/').map_or_else(|| stem(target), |(outer, _)| outer);
        if library.is_empty() || library.starts_with('.') { Outcome::NOT_FOUND } else { Outcome::external(library) }
    }

    /// The tracked template that configuration makes the header of: `config.h.in` (Autoconf, CMake), `config.h.cmake`.
    fn template(&self, target: &str, from: &Including<'_>, local: bool) -> Option<Outcome> {
        [".in", ".cmake", ".cmake.in"].iter().find_map(|ending| {
            let template = [target, *ending].concat();
            let matches = self.tree.ending_with(&template, from.work)?;
            let beside = local.then(|| matches.under(from.folder)).flatten();
            let around = || from.find_around(&matches);
            let only = || match matches.all().collect::<Vec<_>>().as_slice() {
                [(_, only)] => Some(*only),
                _ => None,
            };
            let path = beside.or_else(around).or_else(only)?;
            Some(Outcome::link(path, "c.header_template", 75))
        })
    }

    /// Whether the system brings the header: Linux's own are a kernel tree's business, where the repository is one.
    fn is_system(&self, target: &str) -> bool {
        system(target).is_some_and(|system| system != System::Kernel || !self.roots.provides(target))
    }

    /// `import a.b;`
    fn module(&self, name: &str) -> Outcome {
        match self.modules.get(name) {
            Some(Some(path)) => Outcome::link(path.clone(), "c.module", 90),
            Some(None) => Outcome::AMBIGUOUS,
            None if name == "std" || name.starts_with("std.") => Outcome::Declined(DeclineReason::StandardLibrary),
            None => Outcome::NOT_FOUND,
        }
    }
}

/// The target with `/` only and without `./` before it.
fn normal(target: &str) -> Cow<'_, str> {
    let target = target.trim_start_matches("./");
    if target.contains('\\') { Cow::Owned(target.replace('\\', "/")) } else { Cow::Borrowed(target) }
}

fn is_kept_for_others(root: &str) -> bool {
    is_include_folder(root) || is_carried_along(root)
}

/// Whether two folders belong to one part of the tree, and are not the same.
fn is_near(root: &str, from: &str) -> bool {
    root != from && shared_folders(root, from) >= 2
}

/// Whether a header's name says that configuration writes it.
fn is_generated(target: &str) -> bool {
    let stem = stem(target).to_ascii_lowercase();
    stem.contains("config") || stem.contains("version") || stem.contains("generated")
}

/// `#include NAME`: decided by the preprocessor.
fn is_macro(target: &str) -> bool {
    target.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        || target.contains('(')
}

fn modules(repo: &dyn Repository) -> FxHashMap<Box<str>, Option<Box<str>>> {
    let mut modules: FxHashMap<Box<str>, Option<Box<str>>> = FxHashMap::default();
    for file in repo.sources() {
        let Some(name) = file.module.filter(|_| file.language == Language::Cpp) else { continue };
        modules.entry(name.into()).and_modify(|known| *known = None).or_insert_with(|| Some(file.path.into()));
    }
    modules
}
