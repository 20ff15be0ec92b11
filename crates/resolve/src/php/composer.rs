//! What Composer's autoloader knows: `composer.json` for the repository's own classes, `composer.lock` for those of
//! installed packages (Composer documentation, "The composer.json schema", autoload).

use crate::Repository;
use crate::json::Json;
use crate::paths::{folder, name, resolve};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Prefixes, folders and packages of every `composer.json` and `composer.lock`.
#[derive(Debug, Default)]
pub(super) struct Composer {
    /// PSR-4: a namespace without its last `\` -> folders.
    pub(super) psr4: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// PSR-0: the same; the namespace's own names are folders too.
    pub(super) psr0: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// `classmap`: files and folders that are searched for classes, sorted.
    pub(super) classmap: Vec<Box<str>>,
    /// A namespace of an installed package -> the package.
    installed: FxHashMap<Box<str>, Box<str>>,
    /// Packages that manifests require, sorted.
    required: BTreeSet<Box<str>>,
}

impl Composer {
    /// Reads every manifest and lock file outside `vendor`.
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let mut found = Self::default();
        for path in repo.paths() {
            let file = name(path);
            if !matches!(file, "composer.json" | "composer.lock") {
                continue;
            }
            let Some(json) = repo.read(path).and_then(|bytes| Json::parse(&bytes)) else { continue };
            if file == "composer.json" { found.manifest(folder(path), &json) } else { found.lock(&json) }
        }
        found.classmap.sort_unstable();
        found.classmap.dedup();
        found
    }

    fn manifest(&mut self, root: &str, json: &Json) {
        for table in ["autoload", "autoload-dev"] {
            let Some(autoload) = json.get(table) else { continue };
            for (standard, known) in [("psr-4", &mut self.psr4), ("psr-0", &mut self.psr0)] {
                for (prefix, folders) in autoload.get(standard).map(Json::entries).unwrap_or_default() {
                    let folders = folders.texts().filter_map(|folder| resolve(root, folder)).map(Into::into);
                    known.entry(prefix.trim_end_matches(['\\', '_']).into()).or_default().extend(folders);
                }
            }
            let classmap = autoload.get("classmap").into_iter().flat_map(Json::texts);
            self.classmap.extend(classmap.filter_map(|path| resolve(root, path)).map(Into::into));
        }
        for table in ["require", "require-dev"] {
            let names = json.get(table).map(Json::entries).unwrap_or_default().iter().map(|(name, _)| name);
            self.required.extend(names.filter(|name| name.contains('/')).cloned());
        }
    }

    fn lock(&mut self, json: &Json) {
        for table in ["packages", "packages-dev"] {
            let Some(Json::List(packages)) = json.get(table) else { continue };
            for package in packages {
                let Some(name) = package.text("name") else { continue };
                for standard in ["psr-4", "psr-0"] {
                    let prefixes = package.get("autoload").and_then(|autoload| autoload.get(standard));
                    for (prefix, _) in prefixes.map(Json::entries).unwrap_or_default() {
                        self.installed
                            .entry(prefix.trim_end_matches(['\\', '_']).into())
                            .or_insert_with(|| name.into());
                    }
                }
            }
        }
    }

    /// The package that a name comes from: by the lock file's longest prefix, else the only required package whose
    /// vendor and name the namespace spells.
    pub(super) fn package(&self, name: &str) -> Option<&str> {
        if let Some(package) =
            prefixes(name).find_map(|(prefix, _)| self.installed.get(prefix).filter(|_| !prefix.is_empty()))
        {
            return Some(package);
        }
        let mut parts = name.split('\\').map(plain);
        let vendor = parts.next()?;
        let of_vendor = |package: &&str| package.split_once('/').is_some_and(|(owner, _)| plain(owner) == vendor);
        let candidates: Vec<&str> = self.required.iter().map(|package| &**package).filter(of_vendor).collect();
        let rest: Vec<String> = parts.collect();
        let spelled = |package: &&&str| {
            let own = plain(package.rsplit('/').next().unwrap_or_default());
            rest.contains(&own) || (own == vendor && candidates.len() == 1)
        };
        let mut fitting = candidates.iter().filter(spelled);
        match (fitting.next(), fitting.next(), candidates.as_slice()) {
            (Some(only), None, _) | (None, _, [only]) => Some(only),
            _ => None,
        }
    }
}

/// A name in the form in which vendors and namespaces are compared.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A name's namespaces with what follows each, the longest first, and at last the empty one.
pub(super) fn prefixes(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let cuts = name.rmatch_indices('\\').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)));
    [(name, "")].into_iter().chain(cuts).chain([("", name)])
}
