//! `tsconfig.json` and `jsconfig.json`: where module names lead (TypeScript handbook, "paths", "baseUrl", "rootDirs",
//! "extends", "references").

use super::manifest::{Manifests, read_json};
use crate::Repository;
use crate::json::Json;
use crate::paths::{ancestors, folder, name, resolve};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Configurations read for one `tsconfig.json`, its chain and its references together; what lies beyond is not read.
const MOST_CONFIGS: usize = 64;

/// The options that decide where module names lead, with folders as paths in the repository.
#[derive(Clone, Debug, Default)]
pub(super) struct TsConfig {
    /// `baseUrl`.
    pub(super) base: Option<Box<str>>,
    /// `paths`, each with its targets.
    paths: Option<Arc<[PathMapping]>>,
    /// `rootDirs`.
    pub(super) roots: Vec<Box<str>>,
}

#[derive(Debug)]
struct PathMapping {
    prefix: Box<str>,
    /// What follows the `*`; `None` for a pattern without one.
    suffix: Option<Box<str>>,
    /// Targets as paths in the repository, `*` kept.
    targets: Vec<Box<str>>,
}

/// The configuration of every folder that has one.
#[derive(Debug, Default)]
pub(super) struct TsConfigs(FxHashMap<Box<str>, TsConfig>);

impl TsConfigs {
    /// Reads every `tsconfig.json` (or `jsconfig.json`, where a folder has no other) with what it extends.
    pub(super) fn read(repo: &dyn Repository, manifests: &Manifests) -> Self {
        let mut reader = Reader { repo, manifests, documents: FxHashMap::default() };
        let mut found = FxHashMap::default();
        for wanted in ["tsconfig.json", "jsconfig.json"] {
            for path in repo.paths().iter().filter(|path| name(path) == wanted) {
                let inside = folder(path);
                if !found.contains_key(inside) {
                    found.insert(inside.into(), reader.read(path));
                }
            }
        }
        Self(found)
    }

    /// The configuration nearest to a folder.
    pub(super) fn nearest(&self, folder: &str) -> Option<&TsConfig> {
        if self.0.is_empty() {
            return None;
        }
        ancestors(folder).find_map(|folder| self.0.get(folder))
    }
}

impl TsConfig {
    /// The paths that `paths` gives for a module name, in order, and whether the pattern says more than `*`.
    pub(super) fn mapped(&self, target: &str) -> Option<(Vec<String>, bool)> {
        let mut best: Option<(&PathMapping, &str)> = None;
        for mapping in self.paths.iter().flat_map(|paths| paths.iter()) {
            let Some(suffix) = &mapping.suffix else {
                if *mapping.prefix == *target {
                    best = Some((mapping, ""));
                    break;
                }
                continue;
            };
            let star = target.strip_prefix(&*mapping.prefix).and_then(|rest| rest.strip_suffix(&**suffix));
            let longer = best.is_none_or(|(known, _)| mapping.prefix.len() > known.prefix.len());
            if let Some(star) = star.filter(|_| longer) {
                best = Some((mapping, star));
            }
        }
        let (mapping, star) = best?;
        let targets = mapping.targets.iter().filter_map(|target| resolve("", &target.replace('*', star)));
        Some((targets.collect(), !mapping.prefix.is_empty()))
    }
}

struct Reader<'a> {
    repo: &'a dyn Repository,
    manifests: &'a Manifests,
    documents: FxHashMap<String, Option<Rc<Json>>>,
}

impl Reader<'_> {
    /// The options of a configuration after its chain, and, where it has no `paths`, those of what it references
    /// (a "solution" file leaves them to `tsconfig.app.json`).
    fn read(&mut self, path: &str) -> TsConfig {
        let mut config = self.chain(path);
        if config.paths.is_some() {
            return config;
        }
        let references = self.document(path).map(|json| match json.get("references") {
            Some(Json::List(items)) => items.iter().filter_map(|item| item.text("path").map(str::to_owned)).collect(),
            _ => Vec::new(),
        });
        for reference in references.unwrap_or_default().iter().take(MOST_CONFIGS) {
            let beside = resolve(folder(path), reference).filter(|found| folder(found) == folder(path));
            let other = beside.map(|beside| self.chain(&beside)).unwrap_or_default();
            if other.paths.is_some() {
                config.paths = other.paths;
                config.base = config.base.or(other.base);
                break;
            }
        }
        config
    }

    /// Applies the files of an `extends` chain, the farthest first; each file once, however they refer to each other.
    fn chain(&mut self, path: &str) -> TsConfig {
        let mut order: Vec<(String, Rc<Json>)> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut waiting = vec![path.to_owned()];
        while let Some(next) = waiting.pop() {
            if order.len() >= MOST_CONFIGS || !seen.insert(next.clone()) {
                continue;
            }
            let Some(json) = self.document(&next) else { continue };
            // The last of several wins, so it is read first and applied last.
            let bases = json.get("extends").into_iter().flat_map(Json::texts).take(MOST_CONFIGS);
            waiting.extend(bases.filter_map(|base| self.extended(folder(&next), base)));
            order.push((next, json));
        }
        let mut config = TsConfig::default();
        let mut paths = None;
        for (file, json) in order.iter().rev() {
            let Some(options) = json.get("compilerOptions") else { continue };
            config.apply(options, folder(file), folder(path));
            paths = options.get("paths").map(|paths| (paths, folder(file))).or(paths);
        }
        if let Some((paths, here)) = paths {
            // The `baseUrl` that wins counts, whichever file of the chain it stands in.
            let base = config.base.as_deref().unwrap_or(here);
            config.paths = Some(mappings(paths, base, folder(path)));
        }
        config
    }

    /// The file that `extends` names: a path, or a file of a package of the repository.
    fn extended(&self, from: &str, base: &str) -> Option<String> {
        let path = if base.starts_with('.') {
            resolve(from, base)?
        } else {
            let name_length =
                base.match_indices('/').nth(usize::from(base.starts_with('@'))).map_or(base.len(), |(at, _)| at);
            let (package, inner) = base.split_at_checked(name_length)?;
            let (manifest, _) = self.manifests.named(package, from)?;
            let inner = inner.trim_start_matches('/');
            resolve(&manifest.folder, if inner.is_empty() { "tsconfig.json" } else { inner })?
        };
        let candidates = [path.clone(), [&*path, ".json"].concat(), [&*path, "/tsconfig.json"].concat()];
        let tracked = |path: &String| self.repo.paths().binary_search_by(|known| (**known).cmp(path)).is_ok();
        candidates.into_iter().find(tracked)
    }

    fn document(&mut self, path: &str) -> Option<Rc<Json>> {
        if let Some(known) = self.documents.get(path) {
            return known.clone();
        }
        let json = read_json(self.repo, path).map(Rc::new);
        self.documents.insert(path.to_owned(), json.clone());
        json
    }
}

impl TsConfig {
    /// Takes over the options of one file in `here`; `${configDir}` is the folder of the file that began the chain.
    fn apply(&mut self, options: &Json, here: &str, first: &str) {
        let place = |text: &str| place(text, here, first);
        if let Some(base) = options.text("baseUrl").and_then(place) {
            self.base = Some(base.into());
        }
        if let Some(roots) = options.get("rootDirs") {
            self.roots = roots.texts().filter_map(place).map(Into::into).collect();
        }
    }
}

/// A folder or pattern of a configuration as a path in the repository.
fn place(text: &str, here: &str, first: &str) -> Option<String> {
    match text.strip_prefix("${configDir}") {
        Some(rest) => resolve(first, rest.trim_start_matches('/')),
        None => resolve(here, text),
    }
}

fn mappings(paths: &Json, base: &str, first: &str) -> Arc<[PathMapping]> {
    let mapping = |(pattern, targets): &(Box<str>, Json)| PathMapping {
        prefix: pattern.split_once('*').map_or(&**pattern, |(prefix, _)| prefix).into(),
        suffix: pattern.split_once('*').map(|(_, suffix)| suffix.into()),
        targets: targets.texts().filter_map(|target| place(target, base, first)).map(Into::into).collect(),
    };
    paths.entries().iter().map(mapping).collect()
}
