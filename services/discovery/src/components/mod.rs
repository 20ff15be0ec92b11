//! The parts of a system: packages, modules and folders by evidence, with what each is made of, depends on and offers.
//!
//! [`mod@split`] says where components begin, [`naming`] what they are called, [`relations`] how they lie on each other, [`circles`]
//! where they lie on each other in a circle.

mod areas;
mod circles;
mod families;
mod folders;
mod naming;
mod relations;
mod rests;
mod split;
mod thresholds;

pub(crate) use areas::is_named_apart;
pub use circles::{Circle, Cut};
pub(crate) use folders::{is_code, is_markup};
pub use relations::{Dependency, Relations};
pub use thresholds::{FLAT_FILES, MAX_AREAS, MAX_COMPONENTS, MAX_VENDORED, MIN_DOCUMENTS, MIN_FAMILY, Thresholds};

use crate::record::{FileClass, FileRecord};
use codexa_model::relation::Package;
use families::{brands, families, has_no_modules};
use folders::{Folders, is_vendored_content};
use naming::{Named, Names};
use serde::{Deserialize, Serialize};
use split::{SOURCE_ROOTS, Split, split};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A part of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Stable: `c:` and the path it stands on (`c:src/flask/json`; `c:.` for the repository's root).
    pub id: Box<str>,
    /// The name people use for it.
    pub name: Box<str>,
    /// What it is.
    pub kind: ComponentKind,
    /// Why it is a component.
    pub evidence: Evidence,
    /// How sure that is, in percent.
    pub confidence: u8,
    /// The folder it stands on; empty for the repository's root.
    pub root: Box<str>,
    /// The innermost package around it, by index.
    pub package: Option<u32>,
    /// Its files of code, sorted; none for vendored components.
    pub files: Vec<u32>,
    /// Its files of every class, counted.
    pub classes: BTreeMap<FileClass, u32>,
    /// Lines of code by language, over its files of code.
    pub lines: BTreeMap<Box<str>, u64>,
}

impl Component {
    /// Its files of every class, for documentation and vendored code: files of code say little about those.
    #[must_use]
    pub fn files_of_every_class(&self) -> Option<u32> {
        let is_more_than_code = matches!(self.kind, ComponentKind::Documentation | ComponentKind::Vendored);
        is_more_than_code.then(|| self.classes.values().sum())
    }
}

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// What an ecosystem builds or publishes as one.
    Package,
    /// A module of its language in a folder of its own.
    Module,
    /// A folder.
    Folder,
    /// Files of a flat folder that share the first word of their names.
    Family,
    /// Tests.
    Tests,
    /// Examples.
    Examples,
    /// Benchmarks.
    Benchmarks,
    /// Documents, with the code that builds them.
    Documentation,
    /// Copied in from elsewhere.
    Vendored,
}

impl ComponentKind {
    /// The name in files and on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Module => "module",
            Self::Folder => "folder",
            Self::Family => "family",
            Self::Tests => "tests",
            Self::Examples => "examples",
            Self::Benchmarks => "benchmarks",
            Self::Documentation => "documentation",
            Self::Vendored => "vendored",
        }
    }

    /// Whether it is code that people write and ship.
    #[must_use]
    pub fn ships(self) -> bool {
        matches!(self, Self::Package | Self::Module | Self::Folder | Self::Family)
    }
}

/// Why something is a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule, `ecosystem.rule`.
    pub rule: Cow<'static, str>,
    /// The file that shows it, where one does.
    pub file: Option<Box<str>>,
}

/// The components of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// Sorted by id.
    pub all: Vec<Component>,
    /// The component of each file; `None` for documents, settings and data outside of every component.
    pub of_file: Vec<Option<u32>>,
    /// The sizes that decided where they begin.
    pub thresholds: Thresholds,
    /// Folders that were large enough to be one and came after [`MAX_COMPONENTS`].
    pub beyond_cap: u32,
}

impl Components {
    /// Finds the components of these files (sorted by path) and packages (sorted) of the project with this name.
    #[must_use]
    pub fn new(project: &str, records: &[&FileRecord], packages: &[Package]) -> Self {
        let folders = Folders::of(records);
        let split = split(&folders, packages);
        let owners = owners(&folders, |folder| split.starts.contains_key(&folder));
        let around = owners_of_packages(&folders, packages);
        let mut groups = group(records, &folders, &owners, &split);
        let free = (MAX_COMPONENTS as usize).saturating_sub(groups.len());
        let brands_at = |folder: usize| {
            let package = around.get(folder).copied().flatten().and_then(|package| packages.get(package as usize));
            brands(project, package)
        };
        let ships = |key: &Key| split.starts.get(&key.folder).is_none_or(|start| start.area.is_none());
        split_families(records, &folders, &mut groups, free, ships, brands_at);
        let only_part = rests::only_part(records, &folders, &split, &mut groups);
        let names = Names {
            project,
            records,
            folders: &folders,
            packages,
            paths: records.iter().map(|record| &*record.path).collect(),
            rests: rests(&groups, &folders, &split),
            source_root: source_root(&groups, &folders, &split),
            only_part,
        };
        let mut all: Vec<(Component, Vec<u32>)> = groups
            .into_iter()
            .filter_map(|(key, files)| {
                let start = split.starts.get(&key.folder)?;
                let above = folders.get(key.folder).and_then(|folder| folder.parent).filter(|_| start.joined.is_some());
                let home = above.unwrap_or(key.folder);
                let package = around.get(home).copied().flatten();
                let component = component(&names, &key, home, start, package, &files)?;
                Some((component, files))
            })
            .collect();
        all.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let mut of_file = vec![None; records.len()];
        for (id, (_, files)) in (0_u32..).zip(&all) {
            for &file in files {
                if let Some(slot) = of_file.get_mut(file as usize) {
                    *slot = Some(id);
                }
            }
        }
        let all = all.into_iter().map(|(component, _)| component).collect();
        Self { all, of_file, thresholds: split.thresholds, beyond_cap: split.beyond_cap }
    }

    /// The component of a file.
    #[must_use]
    pub fn of(&self, file: u32) -> Option<&Component> {
        let id = self.of_file.get(file as usize).copied().flatten()?;
        self.all.get(id as usize)
    }

    /// Whether a file only shows, measures or explains: by its component, or by the names of its folders where too little
    /// lies in one to make a component.
    pub(crate) fn is_apart(&self, file: u32, path: &str) -> bool {
        use ComponentKind::{Benchmarks, Documentation, Examples};
        let is_kind = |component: &Component| matches!(component.kind, Examples | Benchmarks | Documentation);
        self.of(file).is_some_and(is_kind) || is_named_apart(path)
    }

    /// The component with this id, with or without `c:`, or this name where only one has it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        let id = id.trim_end_matches('/');
        let matches = |component: &Component| {
            &*component.id == id || component.id.strip_prefix("c:").is_some_and(|path| path == id)
        };
        self.all.iter().position(matches).or_else(|| {
            let mut named = self.all.iter().enumerate().filter(|(_, component)| &*component.name == id);
            named.next().filter(|_| named.next().is_none()).map(|(at, _)| at)
        })
    }
}

/// A component in the making: its folder, and the pattern of the names for a part of a flat folder or for several folders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    folder: usize,
    family: Option<Box<str>>,
}

/// The nearest folder, upwards, that is chosen.
fn owners(folders: &Folders<'_>, chosen: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut owners: Vec<usize> = Vec::with_capacity(folders.all.len());
    for (id, folder) in folders.all.iter().enumerate() {
        let above = folder.parent.and_then(|parent| owners.get(parent)).copied().unwrap_or(0);
        owners.push(if chosen(id) { id } else { above });
    }
    owners
}

/// The innermost package around each folder.
fn owners_of_packages(folders: &Folders<'_>, packages: &[Package]) -> Vec<Option<u32>> {
    let mut roots: BTreeMap<&str, u32> = BTreeMap::new();
    for (package, id) in packages.iter().zip(0_u32..) {
        roots.entry(&package.root).or_insert(id);
    }
    let mut around: Vec<Option<u32>> = Vec::with_capacity(folders.all.len());
    for folder in &folders.all {
        let above = folder.parent.and_then(|parent| around.get(parent)).copied().flatten();
        around.push(roots.get(folder.path).copied().or(above));
    }
    around
}

fn group(records: &[&FileRecord], folders: &Folders<'_>, owners: &[usize], split: &Split) -> BTreeMap<Key, Vec<u32>> {
    let modules = module_folders(folders, split);
    let mut groups: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
    for ((id, record), folder) in (0_u32..).zip(records).zip(&folders.of_file) {
        let module = record.path.strip_suffix(".rs").and_then(|path| modules.get(path));
        let folder = module.or(owners.get(*folder)).copied().unwrap_or(0);
        let key = match split.starts.get(&folder).and_then(|start| start.joined.as_ref()) {
            Some(joined) => Key { folder: joined.first, family: Some(joined.pattern.clone()) },
            None => Key { folder, family: None },
        };
        groups.entry(key).or_default().push(id);
    }
    groups.retain(|key, files| {
        let any = |is: fn(&FileRecord) -> bool| {
            files.iter().any(|&file| records.get(file as usize).is_some_and(|record| is(record)))
        };
        let area = split.starts.get(&key.folder).and_then(|start| start.area);
        any(is_code)
            || (area == Some(ComponentKind::Vendored) && any(is_vendored_content))
            || (area == Some(ComponentKind::Documentation) && any(|record| record.class == FileClass::Documentation))
    });
    groups
}

/// Components that may be Rust modules, by path: the file `x.rs` beside the folder `x` is the module's own.
fn module_folders<'a>(folders: &Folders<'a>, split: &Split) -> BTreeMap<&'a str, usize> {
    let is_module =
        |start: &split::Start| start.packages.is_empty() && matches!(start.area, None | Some(ComponentKind::Tests));
    let modules = split.starts.iter().filter(|(_, start)| is_module(start));
    modules.filter_map(|(&id, _)| Some((folders.get(id)?.path, id))).collect()
}

/// Splits flat folders of languages without modules into families, as long as components are left under the cap. Areas, which
/// do not ship, stay whole.
fn split_families(
    records: &[&FileRecord],
    folders: &Folders<'_>,
    groups: &mut BTreeMap<Key, Vec<u32>>,
    mut free: usize,
    ships: impl Fn(&Key) -> bool,
    brands_at: impl Fn(usize) -> BTreeSet<String>,
) {
    let keys: Vec<Key> = groups.keys().filter(|key| key.family.is_none() && ships(key)).cloned().collect();
    for key in keys {
        let mut flat: BTreeMap<usize, Vec<(u32, &str)>> = BTreeMap::new();
        for &file in groups.get(&key).into_iter().flatten() {
            let place = folders.of_file.get(file as usize).zip(records.get(file as usize));
            let Some((&folder, record)) = place else { continue };
            if record.class == FileClass::Source && record.language.as_deref().is_some_and(has_no_modules) {
                let name = record.path.rsplit('/').next().unwrap_or(&record.path);
                flat.entry(folder).or_default().push((file, name));
            }
        }
        for (folder, files) in flat {
            let path = folders.get(folder).map_or("", |folder| folder.path);
            let names: Vec<&str> = files.iter().map(|(_, name)| *name).collect();
            let families = families(&names, &brands_at(folder));
            let mut parts: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
            for (file, name) in &files {
                if let Some(family) = families.get(name) {
                    parts.entry(family).or_default().push(*file);
                }
            }
            let mut parts: Vec<(&str, Vec<u32>)> = parts.into_iter().collect();
            parts.sort_by_key(|(family, files)| (std::cmp::Reverse(files.len()), *family));
            parts.truncate(free);
            free -= parts.len();
            for (family, part) in parts {
                if let Some(files) = groups.get_mut(&key) {
                    files.retain(|file| part.binary_search(file).is_err());
                }
                let pattern = if path.is_empty() { format!("{family}*") } else { format!("{path}/{family}*") };
                groups.insert(Key { folder: key.folder, family: Some(pattern.into()) }, part);
            }
        }
    }
}

/// The folders whose component, where it is named after a package or the repository, is only what parts left over.
fn rests(groups: &BTreeMap<Key, Vec<u32>>, folders: &Folders<'_>, split: &Split) -> BTreeSet<usize> {
    let mut rests = BTreeSet::new();
    let has_packages = |folder| split.starts.get(&folder).is_some_and(|start| !start.packages.is_empty());
    let ships = |key: &&Key| split.starts.get(&key.folder).is_some_and(|start| start.area.is_none());
    for key in groups.keys().filter(ships) {
        if key.family.is_none() && has_packages(key.folder) {
            // A package inside a package is no part of it, but it is one of the repository.
            rests.extend((key.folder != 0 && !keeps_source(folders, split)).then_some(0));
            continue;
        }
        for above in folders.upwards(key.folder).skip(usize::from(key.family.is_none())) {
            rests.insert(above);
            if has_packages(above) {
                break;
            }
        }
    }
    rests
}

/// Whether the repository's own component has a source root (`src`): it is a package of its own beside the others.
fn keeps_source(folders: &Folders<'_>, split: &Split) -> bool {
    let children = folders.get(0).map_or(&[][..], |root| &root.children);
    let mut roots = children.iter().filter(|&child| !split.starts.contains_key(child));
    roots.any(|&child| {
        folders.get(child).is_some_and(|folder| folder.all.code > 0 && SOURCE_ROOTS.contains(&folder.path))
    })
}

/// Whether a source root at the top (`src`) is a component and so stands for the repository's own package.
fn source_root(groups: &BTreeMap<Key, Vec<u32>>, folders: &Folders<'_>, split: &Split) -> bool {
    let is_own = |start: &split::Start| start.area.is_none() && start.packages.is_empty();
    let is_root = |folder| folders.get(folder).is_some_and(|folder| SOURCE_ROOTS.contains(&folder.path));
    groups.keys().any(|key| is_root(key.folder) && split.starts.get(&key.folder).is_some_and(is_own))
}

fn component(
    names: &Names<'_>,
    key: &Key,
    home: usize,
    start: &split::Start,
    package: Option<u32>,
    files: &[u32],
) -> Option<Component> {
    let root = names.folders.get(home)?.path;
    let records = || files.iter().filter_map(|&file| Some((file, *names.records.get(file as usize)?)));
    let mut classes: BTreeMap<FileClass, u32> = BTreeMap::new();
    let mut lines: BTreeMap<Box<str>, u64> = BTreeMap::new();
    let mut code = Vec::new();
    for (file, record) in records() {
        *classes.entry(record.class).or_default() += 1;
        if is_code(record) {
            code.push(file);
            let language = record.language.clone().unwrap_or_default();
            *lines.entry(language).or_default() += u64::from(record.lines.code);
        }
    }
    let around = package.and_then(|package| names.packages.get(package as usize));
    let place = if root.is_empty() { "." } else { root };
    let (id, named) = match &key.family {
        Some(pattern) => {
            let (kind, rule, confidence) = match start.area.filter(|_| start.joined.is_some()) {
                Some(area) => (area, "packages.side_by_side", 90),
                None => (ComponentKind::Family, "names.first_word", 50),
            };
            let (name, evidence) = (pattern.to_string(), Evidence::rule(rule));
            (format!("c:{pattern}"), Named { name, kind, evidence, confidence })
        }
        None => (format!("c:{place}"), names.of(key.folder, start, around, &code)),
    };
    Some(Component {
        id: id.into(),
        name: named.name.into(),
        kind: named.kind,
        evidence: named.evidence,
        confidence: named.confidence,
        root: root.into(),
        package,
        files: code,
        classes,
        lines,
    })
}
