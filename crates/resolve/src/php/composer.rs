//! What Composer's autoloader knows: `composer.json` for the repository's own classes, `composer.lock` for those of
//! installed packages (Composer documentation, "The composer.json schema", autoload).

use crate::Repository;
use crate::json::Json;
use crate::paths::{ancestors, folder, name, resolve};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Folders of one prefix that are looked in.
const MOST_FOLDERS: usize = 64;

/// Prefixes, folders and packages of every `composer.json` and `composer.lock`.
#[derive(Debug, Default)]
pub(super) struct Composer {
    /// PSR-4: a namespace without its last `\` -> folders.
    pub(super) psr4: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// PSR-0: the same; the namespace's own names are folders too.
    pub(super) psr0: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// `classmap`: files and folders that are searched for classes.
    classmap: BTreeSet<Box<str>>,
    /// A namespace of an installed package -> the package.
    installed: FxHashMap<Box<str>, Box<str>>,
    /// A vendor, in the form in which names are compared -> its packages that manifests require.
    required: BTreeMap<String, Vendor>,
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
            if file == "composer.lock" {
                found.lock(&json);
            } else if !found.manifest(folder(path), &json) {
                repo.cut(path, "gives one prefix more folders than are looked in");
            }
        }
        found
    }

    /// Takes a manifest in; whether all of it was.
    fn manifest(&mut self, root: &str, json: &Json) -> bool {
        let mut is_whole = true;
        for table in ["autoload", "autoload-dev"] {
            let Some(autoload) = json.get(table) else { continue };
            for (standard, known) in [("psr-4", &mut self.psr4), ("psr-0", &mut self.psr0)] {
                for (prefix, folders) in autoload.get(standard).map(Json::entries).unwrap_or_default() {
                    let folders = folders.texts().filter_map(|folder| resolve(root, folder)).map(Into::into);
                    let known = known.entry(prefix.trim_end_matches(['\\', '_']).into()).or_default();
                    // Each folder is tried for each name under the prefix.
                    for folder in folders {
                        if known.contains(&folder) {
                            continue;
                        }
                        if known.len() < MOST_FOLDERS {
                            known.push(folder);
                        } else {
                            is_whole = false;
                        }
                    }
                }
            }
            let classmap = autoload.get("classmap").into_iter().flat_map(Json::texts);
            self.classmap.extend(classmap.filter_map(|path| resolve(root, path)).map(Into::into));
        }
        for table in ["require", "require-dev"] {
            for (name, _) in json.get(table).map(Json::entries).unwrap_or_default() {
                let Some((vendor, _)) = name.split_once('/') else { continue };
                let own = plain(name.rsplit('/').next().unwrap_or_default());
                self.required.entry(plain(vendor)).or_default().by_name.entry(own).or_default().insert(name.clone());
            }
        }
        is_whole
    }

    /// Whether a file is or lies in what `classmap` lists.
    pub(super) fn maps(&self, path: &str) -> bool {
        !self.classmap.is_empty() && ancestors(path).any(|outer| self.classmap.contains(outer))
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
        let candidates = self.required.get(&vendor)?;
        let rest: BTreeSet<String> = parts.collect();
        let own = Some(&vendor).filter(|_| candidates.only().is_some());
        let names = rest.iter().chain(own.filter(|own| !rest.contains(*own)));
        let mut fitting = names.filter_map(|part| candidates.by_name.get(part)).flatten().map(|name| &**name);
        match (fitting.next(), fitting.next(), candidates.only()) {
            (Some(only), None, _) | (None, _, Some(only)) => Some(only),
            _ => None,
        }
    }
}

/// The required packages of one vendor.
#[derive(Debug, Default)]
struct Vendor {
    /// A package's own name, in the form in which names are compared -> the packages.
    by_name: BTreeMap<String, BTreeSet<Box<str>>>,
}

impl Vendor {
    fn only(&self) -> Option<&str> {
        let mut all = self.by_name.values().flatten().map(|name| &**name);
        all.next().filter(|_| all.next().is_none())
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
