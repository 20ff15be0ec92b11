//! JavaScript and TypeScript: relative files, packages of the repository, aliases of `tsconfig.json`, and everything
//! else by its name.
//!
//! The order is the one tools agree on: a relative path, the runtime's own modules, `paths`, `imports`, `baseUrl`,
//! packages of the repository, conventional aliases; what is left comes from outside.

mod built;
mod exports;
mod files;
mod manifest;
mod packages;
mod specifier;
#[cfg(test)]
mod tests;
mod tsconfig;

pub(crate) use manifest::{Manifest, Manifests};
pub(crate) use packages::{entries, target_file};

use crate::files::{Files, below};
use crate::outcome::{Outcome, collect_within};
use crate::paths::{ancestors, folder, join, resolve};
use crate::work::Work;
use crate::{Links, Repository, Resolver, SourceFile};
use codexa_model::Language;
use codexa_model::facts::Import;
use codexa_model::relation::DeclineReason;
use exports::Purpose;
use files::Flavour;
use packages::{Located, Packages};
use specifier::Specifier;
use tsconfig::{TsConfig, TsConfigs};

/// Entries of manifests and configurations that are looked at for the imports of one file. A path that is looked up
/// counts for [`PATH`] of them: it is tried with every extension.
const MOST_STEPS: usize = 1 << 22;
const PATH: usize = 32;

/// The rules of the family, prepared.
pub(crate) fn prepare(repo: &dyn Repository) -> Box<dyn Resolver> {
    let manifests = Manifests::read(repo);
    let configs = TsConfigs::read(repo, &manifests);
    Box::new(JavaScript { packages: Packages { files: Files::of(repo), manifests }, configs })
}

struct JavaScript {
    packages: Packages,
    configs: TsConfigs,
}

/// What an import needs to know of the file it stands in.
#[derive(Clone, Copy)]
struct Importer<'a> {
    folder: &'a str,
    flavour: Flavour,
    purpose: Purpose,
    config: Option<&'a TsConfig>,
    work: &'a Work,
}

impl Resolver for JavaScript {
    fn resolve(&self, file: &SourceFile<'_>) -> Links {
        let inside = folder(file.path);
        let flavour = match file.language {
            Language::TypeScript | Language::Tsx => Flavour::TypeScript,
            _ => Flavour::JavaScript,
        };
        // Whatever a declaration file imports, it imports for its types.
        let declares = [".d.ts", ".d.mts", ".d.cts"].iter().any(|ending| file.path.ends_with(ending));
        let work = &Work::of(MOST_STEPS);
        let importer =
            Importer { folder: inside, flavour, purpose: Purpose::Run, config: self.configs.nearest(inside), work };
        // Manifests are looked for in each folder around, for each import.
        let around = ancestors(inside).map(|outer| 1 + outer.len() / PATH).sum();
        collect_within(file.imports, work, |import| {
            if !work.take(around) {
                return Outcome::CUT;
            }
            let purpose = if import.for_types || declares { Purpose::Types } else { Purpose::Run };
            self.import(import, Importer { purpose, ..importer })
        })
    }
}

impl JavaScript {
    fn import(&self, import: &Import, from: Importer<'_>) -> Outcome {
        if import.target.is_empty() {
            return Outcome::Declined(DeclineReason::Dynamic);
        }
        let specifier = Specifier::of(&import.target);
        match specifier {
            Specifier::Relative(path) => return self.relative(path, from),
            Specifier::Runtime => return Outcome::Declined(DeclineReason::StandardLibrary),
            Specifier::Remote(name) => return Outcome::external(name),
            _ => {}
        }
        let mapped = self.mapped(&import.target, from);
        if let Some(Outcome::Link { .. }) = mapped {
            return mapped.unwrap_or(Outcome::NOT_FOUND);
        }
        match specifier {
            Specifier::Internal(key) => self.internal(key, from),
            Specifier::Alias(path) => self.alias(path, from),
            Specifier::Package { name, subpath } => match self.packages.named(name, subpath, from) {
                Some(found) => found,
                None if mapped.is_some() && !self.declares(name, from) => Outcome::NOT_FOUND,
                None => Outcome::external(name),
            },
            _ => Outcome::NOT_FOUND,
        }
    }

    fn relative(&self, target: &str, from: Importer<'_>) -> Outcome {
        let Some(path) = resolve(from.folder, target) else { return Outcome::NOT_FOUND };
        let as_folder = target.ends_with('/') || target.ends_with("/.") || target == "." || target.ends_with("..");
        if let Some(found) = self.packages.locate(&path, as_folder, from) {
            return found.outcome(None);
        }
        if let Some(found) = self.root_dirs(&path, as_folder, from) {
            return found.outcome(Some("javascript.root_dirs"));
        }
        let manifest = self.packages.manifests.nearest(from.folder);
        let package = manifest.map_or("", |manifest| &manifest.folder);
        below(&path, package).map_or(Outcome::NOT_FOUND, |output| self.packages.source_of(package, output))
    }

    /// The same relative place under another of `rootDirs`.
    fn root_dirs(&self, path: &str, as_folder: bool, from: Importer<'_>) -> Option<Located> {
        let roots = &from.config?.roots;
        let inner = roots.iter().filter_map(|root| below(path, root)).min_by_key(|inner| inner.len())?;
        let mut roots = roots.iter().take_while(|root| from.work.take(PATH + root.len()));
        roots.find_map(|root| self.packages.locate(&join(root, inner), as_folder, from))
    }

    /// What `paths` and `baseUrl` give: a link, or "not found" where a pattern that says more than `*` fits the name.
    fn mapped(&self, target: &str, from: Importer<'_>) -> Option<Outcome> {
        let config = from.config?;
        let mut claimed = false;
        if let Some((targets, specific)) = config.mapped(target, from.work) {
            claimed = specific;
            let mut targets = targets.iter().take_while(|_| from.work.take(PATH));
            if let Some(found) = targets.find_map(|path| self.packages.locate(path, false, from)) {
                return Some(found.outcome(Some("javascript.tsconfig_paths")));
            }
        }
        let based = config.base.as_deref().and_then(|base| resolve(base, target));
        if let Some(found) = based.and_then(|path| self.packages.locate(&path, false, from)) {
            return Some(found.outcome(Some("javascript.base_url")));
        }
        claimed.then_some(Outcome::NOT_FOUND)
    }

    /// `#x`, by the `imports` of the package that the file belongs to.
    fn internal(&self, key: &str, from: Importer<'_>) -> Outcome {
        let manifest = self.packages.manifests.nearest(from.folder);
        let Some((manifest, table)) = manifest.and_then(|found| Some((found, found.json.get("imports")?))) else {
            return Outcome::NOT_FOUND;
        };
        let targets = exports::targets(table, key, from.purpose, from.work);
        if let Some(found) = self.packages.among(manifest, &targets, from, "javascript.package_imports") {
            return found;
        }
        match targets.first().map(|target| Specifier::of(target)) {
            Some(Specifier::Runtime) => Outcome::Declined(DeclineReason::StandardLibrary),
            Some(Specifier::Package { name, subpath }) => {
                self.packages.named(name, subpath, from).unwrap_or_else(|| Outcome::external(name))
            }
            _ => Outcome::NOT_FOUND,
        }
    }

    /// `@/x` and `~/x`, which Vue, Nuxt and others bind to the package's source folder.
    fn alias(&self, path: &str, from: Importer<'_>) -> Outcome {
        let package = self.packages.manifests.nearest(from.folder).map_or("", |manifest| &manifest.folder);
        let folders = ["src", "app", ""].map(|inner| resolve(package, inner));
        let mut found = folders.iter().flatten().filter_map(|folder| {
            let path = resolve(folder, path)?;
            self.packages.locate(&path, false, from)
        });
        match (found.next(), found.next()) {
            (Some(only), None) => Outcome::link(only.path, "javascript.source_alias", 80),
            (Some(_), Some(_)) => Outcome::AMBIGUOUS,
            (None, _) => Outcome::NOT_FOUND,
        }
    }

    fn declares(&self, name: &str, from: Importer<'_>) -> bool {
        ancestors(from.folder)
            .filter_map(|folder| self.packages.manifests.in_folder(folder))
            .any(|manifest| manifest.declares(name))
    }
}
