//! Into a package of the repository: by its `exports`, its `main`, or a path inside it.

use super::Importer;
use super::built::{self, Source};
use super::exports::{self, Purpose};
use super::files::{self, Flavour, Step};
use super::manifest::{Access, Manifest, Manifests};
use crate::files::Files;
use crate::json::Json;
use crate::outcome::Outcome;
use crate::paths::{is_within, resolve};
use codexa_model::relation::DeclineReason;
use rustc_hash::FxHashSet;

/// The tracked files and the packages that they make up.
pub(super) struct Packages {
    pub(super) files: Files,
    pub(super) manifests: Manifests,
}

/// A tracked file, and how it was come to.
pub(super) struct Located {
    pub(super) path: String,
    origin: &'static str,
    confidence: u8,
}

impl Located {
    fn new((path, step): (String, Step), flavour: Flavour) -> Self {
        let (origin, confidence) = match (step, flavour) {
            (Step::Direct, _) => ("javascript.relative", 100),
            (Step::Index, _) => ("javascript.index", 100),
            (Step::SourceOfOutput, Flavour::TypeScript) => ("javascript.js_to_ts", 100),
            // JavaScript has no such rule; bundlers that read TypeScript do.
            (Step::SourceOfOutput, Flavour::JavaScript) => ("javascript.js_to_ts", 90),
        };
        Self { path, origin, confidence }
    }

    /// The link, under the rule that led to the path, where there was one before this.
    pub(super) fn outcome(self, rule: Option<&'static str>) -> Outcome {
        Outcome::link(self.path, rule.unwrap_or(self.origin), self.confidence)
    }
}

impl Packages {
    /// The file that a path means: itself, with an extension, or as a folder (its package's `main`, its index).
    pub(super) fn locate(&self, path: &str, as_folder: bool, from: Importer<'_>) -> Option<Located> {
        let flavour = from.flavour;
        let as_file = || files::file(&self.files, path, flavour).map(|found| Located::new(found, flavour));
        (if as_folder { None } else { as_file() })
            .or_else(|| self.main(self.manifests.in_folder(path)?, from))
            .or_else(|| files::index(&self.files, path, flavour).map(|found| Located::new(found, flavour)))
    }

    /// The tracked file that a manifest's main fields name.
    fn main(&self, manifest: &Manifest, from: Importer<'_>) -> Option<Located> {
        main_fields(manifest, from.purpose).find_map(|main| {
            let path = resolve(&manifest.folder, main).filter(|path| is_within(path, &manifest.folder))?;
            let found = files::file(&self.files, &path, from.flavour)
                .or_else(|| files::index(&self.files, &path, from.flavour));
            found.map(|(path, _)| Located { path, origin: "javascript.package_main", confidence: 100 })
        })
    }

    /// The package of the repository that a name means; `None` where it means none.
    pub(super) fn named(&self, name: &str, subpath: &str, from: Importer<'_>) -> Option<Outcome> {
        let (manifest, access) = self.manifests.named(name, from.folder)?;
        Some(self.entered(manifest, access, subpath, from))
    }

    fn entered(&self, manifest: &Manifest, access: Access, subpath: &str, from: Importer<'_>) -> Outcome {
        let (by_exports, by_main, by_path) = origins(access);
        let mut several = false;
        if let Some(table) = manifest.json.get("exports") {
            let key = if subpath.is_empty() { ".".to_owned() } else { ["./", subpath].concat() };
            let targets = exports::targets(table, &key, from.purpose, from.work);
            match self.among(manifest, &targets, from, by_exports) {
                Some(Outcome::Declined(_)) => several = true,
                Some(found) => return found,
                None => {}
            }
        }
        // Without `exports` Node.js lets no package import itself by name; examples and tests that run against an
        // installed copy do.
        let confidence = if access == Access::Itself { 80 } else { 100 };
        if !subpath.is_empty() {
            let path = resolve(&manifest.folder, subpath).filter(|path| is_within(path, &manifest.folder));
            let Some(path) = path else { return Outcome::NOT_FOUND };
            if let Some(found) = self.locate(&path, false, from) {
                return Outcome::link(found.path, by_path, confidence);
            }
            return if several { Outcome::AMBIGUOUS } else { self.source_of(&manifest.folder, subpath) };
        }
        let index = || files::index(&self.files, &manifest.folder, from.flavour);
        if let Some(found) = self.main(manifest, from).map(|found| found.path).or_else(|| index().map(|(path, _)| path))
        {
            return Outcome::link(found, by_main, confidence);
        }
        self.source_entry(manifest, several)
    }

    /// The source behind a package whose entries are all outputs.
    fn source_entry(&self, manifest: &Manifest, mut several: bool) -> Outcome {
        let source = manifest.json.text("source").and_then(|source| resolve(&manifest.folder, source));
        if let Some(path) = source.filter(|path| self.files.contains(path)) {
            return Outcome::link(path, "javascript.source_field", 90);
        }
        for main in main_fields(manifest, Purpose::Run) {
            match self.source_of(&manifest.folder, main.trim_start_matches("./")) {
                Outcome::Declined(DeclineReason::Ambiguous) => several = true,
                Outcome::Declined(_) => {}
                found => return found,
            }
        }
        match built::entry(&self.files, &manifest.folder) {
            Source::One(path) if !several => Outcome::link(path, "javascript.package_source_entry", 70),
            Source::None if !several => Outcome::NOT_FOUND,
            _ => Outcome::AMBIGUOUS,
        }
    }

    /// The first of the targets that is tracked, else the source of the first that has one.
    pub(super) fn among(
        &self,
        manifest: &Manifest,
        targets: &[String],
        from: Importer<'_>,
        rule: &'static str,
    ) -> Option<Outcome> {
        let inside = targets.iter().filter(|target| target.starts_with("./"));
        let inside = inside.filter_map(|target| resolve(&manifest.folder, target));
        let inside: Vec<String> = inside.filter(|path| is_within(path, &manifest.folder)).collect();
        if let Some((path, _)) = inside.iter().find_map(|path| files::file(&self.files, path, from.flavour)) {
            return Some(Outcome::link(path, rule, 100));
        }
        let mut several = false;
        for path in &inside {
            let output = crate::files::below(path, &manifest.folder).unwrap_or_default();
            match self.source_of(&manifest.folder, output) {
                Outcome::Declined(DeclineReason::Ambiguous) => several = true,
                Outcome::Declined(_) => {}
                found => return Some(found),
            }
        }
        several.then_some(Outcome::AMBIGUOUS)
    }

    /// The source of an output that is not tracked; a bundle that has the package's own name (`dist/vue.cjs.js`) is made
    /// from its entry.
    pub(super) fn source_of(&self, package: &str, output: &str) -> Outcome {
        match built::source(&self.files, package, output) {
            Source::One(path) => return Outcome::link(path, "javascript.dist_to_src", 80),
            Source::Several => return Outcome::AMBIGUOUS,
            Source::None => {}
        }
        let name = self.manifests.in_folder(package).and_then(Manifest::name).unwrap_or_default();
        if !built::is_bundle_of(output, name) {
            return Outcome::NOT_FOUND;
        }
        match built::entry(&self.files, package) {
            Source::One(path) => Outcome::link(path, "javascript.bundle_entry", 70),
            Source::Several => Outcome::AMBIGUOUS,
            Source::None => Outcome::NOT_FOUND,
        }
    }
}

/// The values of the fields that name a package's entry, in the order of the purpose.
fn main_fields(manifest: &Manifest, purpose: Purpose) -> impl Iterator<Item = &str> {
    let fields = match purpose {
        Purpose::Run => ["main", "module", "types", "typings"],
        Purpose::Types => ["types", "typings", "main", "module"],
    };
    fields.into_iter().filter_map(|field| manifest.json.text(field)).filter(|path| !path.is_empty())
}

/// The files that a package's public face starts from, as far as they are tracked or their source is known; its main
/// file first.
pub(crate) fn entries(files: &Files, manifest: &Manifest) -> Vec<Box<str>> {
    let tables = manifest.json.get("exports").map(all_targets).unwrap_or_default();
    let fields = main_fields(manifest, Purpose::Run).chain(tables);
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut entries: Vec<Box<str>> = fields
        .filter(|target| !target.contains('*') && !target.ends_with(".json"))
        .filter_map(|target| target_file(files, manifest, target))
        .filter(|target| seen.insert(target.clone()))
        .map(String::into_boxed_str)
        .collect();
    if entries.is_empty() {
        let index = files::index(files, &manifest.folder, Flavour::JavaScript).map(|(path, _)| path);
        let source = || match built::entry(files, &manifest.folder) {
            Source::One(path) => Some(path),
            Source::Several | Source::None => None,
        };
        entries.extend(index.or_else(source).map(Into::into));
    }
    entries
}

/// The tracked file, or the only source, of a target that a manifest writes.
pub(crate) fn target_file(files: &Files, manifest: &Manifest, target: &str) -> Option<String> {
    let path = resolve(&manifest.folder, target).filter(|path| is_within(path, &manifest.folder))?;
    let tracked =
        files::file(files, &path, Flavour::JavaScript).or_else(|| files::index(files, &path, Flavour::JavaScript));
    if let Some((path, _)) = tracked {
        return Some(path);
    }
    match built::source(files, &manifest.folder, crate::files::below(&path, &manifest.folder)?) {
        Source::One(path) => Some(path),
        Source::Several | Source::None => None,
    }
}

fn all_targets(table: &Json) -> Vec<&str> {
    let mut found = Vec::new();
    let mut waiting = vec![table];
    while let Some(value) = waiting.pop() {
        match value {
            Json::Text(target) => found.push(&**target),
            Json::List(items) => waiting.extend(items),
            Json::Map(_) => waiting.extend(value.entries().iter().map(|(_, value)| value)),
            Json::Null | Json::Bool(_) | Json::Number => {}
        }
    }
    found
}

/// The names of the rules by which a package is entered: by `exports`, by its main file, by a path inside it.
fn origins(access: Access) -> (&'static str, &'static str, &'static str) {
    match access {
        Access::Itself => {
            ("javascript.self_reference_exports", "javascript.self_reference_main", "javascript.self_reference_file")
        }
        Access::Workspace => ("javascript.workspace_exports", "javascript.workspace_main", "javascript.workspace_file"),
        Access::Folder => {
            ("javascript.file_dependency_exports", "javascript.file_dependency_main", "javascript.file_dependency_file")
        }
        Access::NodeModules => {
            ("javascript.node_modules_exports", "javascript.node_modules_main", "javascript.node_modules_file")
        }
    }
}
