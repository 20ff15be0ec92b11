//! `tsconfig.json` and `jsconfig.json`: where module names lead (TypeScript handbook, "paths", "baseUrl", "rootDirs",
//! "extends", "references").

use super::exports::starred;
use super::manifest::{Manifests, read_json};
use crate::Repository;
use crate::json::Json;
use crate::paths::{ancestors, folder, name, resolve};
use crate::work::Work;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Configurations read for one `tsconfig.json`, its chain and its references together; what lies beyond is not read.
const MOST_CONFIGS: usize = 64;

/// Targets of one pattern, and `rootDirs`, that are looked at: each is tried for every import.
const MOST_TARGETS: usize = 64;
const MOST_ROOTS: usize = 64;

/// The options that decide where module names lead, with folders as paths in the repository.
#[derive(Clone, Debug, Default)]
pub(super) struct TsConfig {
    /// `baseUrl`.
    pub(super) base: Option<Box<str>>,
    /// `paths`.
    paths: Option<Paths>,
    /// `rootDirs`.
    pub(super) roots: Vec<Box<str>>,
}

/// The `paths` of a configuration. The table is that of the file it is written in: many configurations extend one.
#[derive(Clone, Debug)]
struct Paths {
    table: Arc<Table>,
    /// What targets are seen from.
    base: Box<str>,
    /// `${configDir}`.
    first: Box<str>,
}

/// The patterns of `paths`, as written.
#[derive(Debug, Default)]
struct Table {
    exact: FxHashMap<Box<str>, Targets>,
    /// What stands before the `*` -> what stands behind it and the targets, in order.
    patterns: FxHashMap<Box<str>, Vec<(Box<str>, Targets)>>,
    /// The lengths of the prefixes, longest first.
    lengths: Vec<usize>,
}

type Targets = Vec<Box<str>>;

impl Table {
    /// The table of `file`.
    fn of(paths: &Json, file: &str, repo: &dyn Repository) -> Self {
        let mut table = Self::default();
        let mut lengths = BTreeSet::new();
        for (pattern, targets) in paths.entries() {
            let mut targets = targets.texts();
            let kept: Targets = targets.by_ref().take(MOST_TARGETS).map(Into::into).collect();
            if targets.next().is_some() {
                repo.cut(file, "has more targets of one pattern of `paths` than are looked at");
            }
            let targets = kept;
            match pattern.split_once('*') {
                None => drop(table.exact.entry(pattern.clone()).or_insert(targets)),
                Some((prefix, suffix)) => {
                    lengths.insert(prefix.len());
                    table.patterns.entry(prefix.into()).or_default().push((suffix.into(), targets));
                }
            }
        }
        table.lengths.extend(lengths.into_iter().rev());
        table
    }

    /// The targets of the pattern that fits best, what its `*` stands for, and whether it says more than `*`.
    fn find<'a>(&self, target: &'a str, work: &Work) -> Option<(&Targets, &'a str, bool)> {
        if let Some(targets) = self.exact.get(target) {
            return Some((targets, "", !target.is_empty()));
        }
        let prefixes = self.lengths.iter().filter_map(|length| target.split_at_checked(*length));
        let mut prefixes = prefixes.take_while(|_| work.take(1));
        prefixes.find_map(|(prefix, rest)| {
            let mut patterns = self.patterns.get(prefix)?.iter().take_while(|_| work.take(1));
            let (star, targets) =
                patterns.find_map(|(suffix, targets)| Some((rest.strip_suffix(&**suffix)?, targets)))?;
            Some((targets, star, !prefix.is_empty()))
        })
    }
}

/// The configuration of every folder that has one.
#[derive(Debug, Default)]
pub(super) struct TsConfigs(FxHashMap<Box<str>, TsConfig>);

impl TsConfigs {
    /// Reads every `tsconfig.json` (or `jsconfig.json`, where a folder has no other) with what it extends.
    pub(super) fn read(repo: &dyn Repository, manifests: &Manifests) -> Self {
        let mut reader = Reader { repo, manifests, documents: FxHashMap::default(), tables: FxHashMap::default() };
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
    pub(super) fn mapped(&self, target: &str, work: &Work) -> Option<(Vec<String>, bool)> {
        let paths = self.paths.as_ref()?;
        let (targets, star, specific) = paths.table.find(target, work)?;
        let placed = targets.iter().filter_map(|target| place(target, &paths.base, &paths.first));
        let filled = placed.filter_map(|target| resolve("", &starred(&target, star)?));
        Some((filled.collect(), specific))
    }
}

struct Reader<'a> {
    repo: &'a dyn Repository,
    manifests: &'a Manifests,
    documents: FxHashMap<String, Option<Rc<Json>>>,
    /// The `paths` of the files that were asked for theirs.
    tables: FxHashMap<String, Arc<Table>>,
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
            Some(Json::List(items)) => {
                if items.len() > MOST_CONFIGS {
                    self.repo.cut(path, "has more `references` than are followed");
                }
                let items = items.iter().take(MOST_CONFIGS);
                items.filter_map(|item| item.text("path").map(str::to_owned)).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        });
        for reference in &references.unwrap_or_default() {
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
            if !seen.insert(next.clone()) {
                continue;
            }
            if order.len() >= MOST_CONFIGS {
                self.repo.cut(path, "has more files behind its `extends` than are followed");
                break;
            }
            let Some(json) = self.document(&next) else { continue };
            // The last of several wins, so it is read first and applied last.
            let bases: Vec<&str> = json.get("extends").into_iter().flat_map(Json::texts).collect();
            if bases.len() > MOST_CONFIGS {
                self.repo.cut(&next, "extends more files than are followed");
            }
            let followed = bases.iter().take(MOST_CONFIGS);
            waiting.extend(followed.filter_map(|base| self.extended(folder(&next), base)));
            order.push((next, json));
        }
        let mut config = TsConfig::default();
        let mut paths = None;
        for (file, json) in order.iter().rev() {
            let Some(options) = json.get("compilerOptions") else { continue };
            self.apply(&mut config, options, file, folder(path));
            paths = options.get("paths").map(|paths| (paths, file)).or(paths);
        }
        if let Some((paths, file)) = paths {
            // The `baseUrl` that wins counts, whichever file of the chain it stands in.
            let base = config.base.as_deref().unwrap_or(folder(file)).into();
            let new = || Arc::new(Table::of(paths, file, self.repo));
            let table = self.tables.entry(file.clone()).or_insert_with(new);
            config.paths = Some(Paths { table: Arc::clone(table), base, first: folder(path).into() });
        }
        config
    }

    /// Takes over the options of one file; `${configDir}` is the folder of the file that began the chain.
    fn apply(&self, config: &mut TsConfig, options: &Json, file: &str, first: &str) {
        let place = |text: &str| place(text, folder(file), first);
        if let Some(base) = options.text("baseUrl").and_then(place) {
            config.base = Some(base.into());
        }
        if let Some(roots) = options.get("rootDirs") {
            let mut roots = roots.texts();
            config.roots = roots.by_ref().take(MOST_ROOTS).filter_map(place).map(Into::into).collect();
            if roots.next().is_some() {
                self.repo.cut(file, "has more `rootDirs` than are looked at");
            }
        }
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

/// A folder or pattern of a configuration as a path in the repository.
fn place(text: &str, here: &str, first: &str) -> Option<String> {
    match text.strip_prefix("${configDir}") {
        Some(rest) => resolve(first, rest.trim_start_matches('/')),
        None => resolve(here, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestRepository;

    #[test]
    fn patterns_are_kept_once_and_filled_within_bounds() {
        let mut repo = TestRepository::default();
        let many: String = (0..1_000).map(|_| "\"a\",").collect();
        let paths = format!(r#"{{"e": ["one"], "e*": ["two"], "s/*": ["{}"], "m/*": [{many}]}}"#, "*".repeat(1_000));
        repo.text("tsconfig.json", &format!(r#"{{"compilerOptions": {{"paths": {paths}}}}}"#));
        for folder in ["a", "b"] {
            let text = r#"{"extends": "../tsconfig.json", "compilerOptions": {"baseUrl": "."}}"#;
            repo.text(&format!("{folder}/tsconfig.json"), text);
        }
        let configs = TsConfigs::read(&repo, &Manifests::read(&repo));
        let [a, b] = ["a", "b"].map(|folder| configs.nearest(folder).unwrap());
        assert!(Arc::ptr_eq(&a.paths.as_ref().unwrap().table, &b.paths.as_ref().unwrap().table));
        let work = Work::of(100);
        assert_eq!(a.mapped("e", &work), Some((vec!["a/one".to_owned()], true)));
        assert_eq!(b.mapped("ex", &work), Some((vec!["b/two".to_owned()], true)));
        assert_eq!(a.mapped(&format!("s/{}", "x".repeat(100)), &work), Some((vec![], true)));
        assert_eq!(a.mapped("m/x", &work).unwrap().0.len(), MOST_TARGETS);
    }
}
