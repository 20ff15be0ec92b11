//! PHP: classes, functions and constants by the autoloading that `composer.json` sets up and by the namespaces that
//! files declare; `include` and `require` by path.

mod composer;
mod standard;
#[cfg(test)]
mod tests;

use crate::definitions::Definitions;
use crate::files::Files;
use crate::outcome::Outcome;
use crate::paths::{folder, join, resolve};
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use codexa_model::relation::{DeclineReason, Link};
use composer::{Composer, prefixes};
use rustc_hash::FxHashSet;
use standard::is_standard_class;
use std::borrow::Cow;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let definitions = Definitions::of(repo, Language::Php, |name| name.to_ascii_lowercase().into());
    Box::new(Php { files: Files::of(repo), composer: Composer::read(repo), definitions })
}

struct Php {
    files: Files,
    composer: Composer,
    /// Names in lower case: PHP compares those of classes and functions so.
    definitions: Definitions,
}

impl Resolver for Php {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let mut links = Links::default();
        for import in file.imports {
            if import.kind == ImportKind::Require {
                self.include(import, folder(file.path)).store(import, &mut links);
            } else if import.kind == ImportKind::Dynamic {
                Outcome::Declined(DeclineReason::Dynamic).store(import, &mut links);
            } else if import.names.is_empty() {
                self.name(import.target.trim_start_matches('\\')).store(import, &mut links);
            } else {
                for name in &import.names {
                    let full = [import.target.trim_matches('\\'), "\\", &name.name].concat();
                    self.name(&full).store(import, &mut links);
                }
            }
        }
        self.same_namespace(file, &mut links);
        links
    }
}

impl Php {
    /// A name that a `use` states in full.
    fn name(&self, name: &str) -> Outcome {
        if name.is_empty() {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        if let Some(path) = self.psr4(name) {
            return Outcome::link(path, "php.psr4", 100);
        }
        if let Some(path) = self.psr0(name) {
            return Outcome::link(path, "php.psr0", 100);
        }
        let folded = name.to_ascii_lowercase();
        let (namespace, last) = folded.rsplit_once('\\').unwrap_or(("", &folded));
        match self.definitions.files(namespace, last) {
            [only] if self.composer.maps(only) => {
                return Outcome::link(only.clone(), "php.classmap", 95);
            }
            [only] => return Outcome::link(only.clone(), "php.namespace", 85),
            [] => {}
            _ => return Outcome::AMBIGUOUS,
        }
        if let Some(namespace) = self.definitions.namespace(&folded) {
            // A namespace itself was imported; one file tells which, several do not.
            return match namespace.files.as_slice() {
                [only] => Outcome::link(only.clone(), "php.namespace_file", 75),
                _ => Outcome::AMBIGUOUS,
            };
        }
        // `use function strlen;`: functions of no namespace are PHP's own, and classes begin with a capital letter.
        let function = !name.contains('\\') && name.starts_with(|first: char| first.is_ascii_lowercase());
        if function || is_standard_class(&folded) {
            return Outcome::Declined(DeclineReason::StandardLibrary);
        }
        let own = prefixes(name)
            .filter(|(prefix, _)| !prefix.is_empty())
            .any(|(prefix, _)| self.composer.psr4.contains_key(prefix));
        if own || self.definitions.is_part(&folded) {
            return Outcome::NOT_FOUND;
        }
        Outcome::external(self.composer.package(name).unwrap_or_else(|| name.split('\\').next().unwrap_or(name)))
    }

    /// PSR-4: the longest prefix that has the file.
    fn psr4(&self, name: &str) -> Option<String> {
        prefixes(name).filter(|(_, rest)| !rest.is_empty()).find_map(|(prefix, rest)| {
            let folders = self.composer.psr4.get(prefix)?;
            let inner = [&*rest.replace('\\', "/"), ".php"].concat();
            folders.iter().map(|folder| join(folder, &inner)).find(|path| self.files.contains(path))
        })
    }

    /// PSR-0: the whole name under the prefix's folder; `_` in the last name separates folders too.
    fn psr0(&self, name: &str) -> Option<String> {
        let (namespace, class) = name.rsplit_once('\\').unwrap_or(("", name));
        let inner = join(&namespace.replace('\\', "/"), &[&*class.replace('_', "/"), ".php"].concat());
        let by_underscore = class.match_indices('_').filter_map(|(at, _)| class.get(..at));
        let known = prefixes(name).map(|(prefix, _)| prefix).chain(by_underscore);
        known
            .filter_map(|prefix| self.composer.psr0.get(prefix))
            .flatten()
            .map(|folder| join(folder, &inner))
            .find(|path| self.files.contains(path))
    }

    /// `include 'x.php'`: PHP looks along its include path (by default the folder it was started in), then beside the
    /// including file.
    fn include(&self, import: &Import, inside: &str) -> Outcome {
        let target = &*import.target;
        if target.is_empty() || target.contains('$') {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        let tracked = |folder: &str| resolve(folder, target).filter(|path| self.files.contains(path));
        if target.starts_with("./") || target.starts_with("../") {
            return tracked(inside).map_or(Outcome::NOT_FOUND, |path| Outcome::link(path, "php.include_relative", 100));
        }
        match (tracked(inside), tracked("")) {
            (Some(beside), Some(rooted)) if beside != rooted => Outcome::AMBIGUOUS,
            (Some(beside), _) => Outcome::link(beside, "php.include_beside", 90),
            (None, Some(rooted)) => Outcome::link(rooted, "php.include_from_root", 80),
            (None, None) => Outcome::NOT_FOUND,
        }
    }

    /// Names that are used without a `use` belong to the file's own namespace. Names of classes alone, by their capital
    /// letter: those of variables and methods cannot be told from functions here.
    fn same_namespace(&self, file: &SourceFile<'_>, links: &mut Links) {
        let Some(module) = file.module.filter(|module| !module.is_empty()) else { return };
        let Some(namespace) = self.definitions.namespace(&module.to_ascii_lowercase()) else { return };
        let imported: FxHashSet<String> =
            file.imports.iter().flat_map(bound_names).map(str::to_ascii_lowercase).collect();
        for name in file.references.iter() {
            if !name.starts_with(|first: char| first.is_uppercase()) {
                continue;
            }
            let folded = name.to_ascii_lowercase();
            if imported.contains(&folded) || file.definitions.holds(name) {
                continue;
            }
            if let [only] = namespace.files_of(&folded) {
                let origin = Cow::Borrowed("php.same_namespace");
                links.links.push(Link { to: only.clone(), origin, confidence: 85, line: 1 });
            }
        }
    }
}

/// The names that an import binds in its file.
fn bound_names(import: &Import) -> impl Iterator<Item = &str> {
    let whole =
        import.alias.as_deref().or_else(|| import.target.rsplit('\\').next()).filter(|_| import.names.is_empty());
    whole.into_iter().chain(import.names.iter().map(|name| name.alias.as_deref().unwrap_or(&name.name)))
}
