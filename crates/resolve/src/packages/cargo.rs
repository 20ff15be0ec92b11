//! Cargo packages: `Cargo.toml` with workspace inheritance, targets as Cargo finds them, and what each dependency name
//! means in the code (The Cargo Book: "Cargo Targets", "Specifying Dependencies", "Workspaces").

use crate::paths::{ancestors, folder, join, name, resolve, stem};
use crate::{Repository, tables};
use codexa_model::relation::{Exports, Package, Program};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// A package with its targets.
#[derive(Debug)]
pub(crate) struct CargoPackage {
    /// Its folder.
    pub(crate) root: Box<str>,
    manifest: Box<str>,
    name: Box<str>,
    version: Option<Box<str>>,
    /// Whether a registry may have it: `publish = false` and `publish = []` say no.
    is_published: bool,
    /// Whether `use` paths start at the crate's root (edition 2015, the default where none is written).
    pub(crate) is_2015: bool,
    /// The crates it is compiled to, the library first.
    pub(crate) targets: Vec<Target>,
    /// Name in the code -> what it is.
    pub(crate) dependencies: BTreeMap<Box<str>, Dependency>,
}

/// A crate that a package is compiled to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    /// Its name: of a library as code writes it, of a program as it is called.
    pub(crate) name: Box<str>,
    /// Its root file.
    pub(crate) path: Box<str>,
}

/// What a target is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TargetKind {
    Library,
    Program,
    /// Examples, tests, benches and build scripts.
    Other,
}

/// What a dependency name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// The package in this folder of the repository.
    Local(Box<str>),
    /// A package from outside, by the name of its registry.
    External(Box<str>),
}

impl CargoPackage {
    /// Its library.
    pub(crate) fn library(&self) -> Option<&Target> {
        self.targets.iter().find(|target| target.kind == TargetKind::Library)
    }
}

/// Every `Cargo.toml` that declares a package, sorted by folder.
pub(crate) fn read(repo: &dyn Repository) -> Vec<CargoPackage> {
    let manifests: BTreeMap<&str, Table> = repo
        .paths()
        .iter()
        .filter(|path| name(path) == "Cargo.toml")
        .filter_map(|path| Some((folder(path), tables::parse(&repo.read(path)?)?)))
        .collect();
    let roots: Roots<'_> = manifests.iter().map(|(root, manifest)| (*root, Root::of(root, manifest))).collect();
    let mut packages: Vec<CargoPackage> =
        roots.iter().filter_map(|(root, own)| package(repo.paths(), &roots, root, own)).collect();
    name_local_dependencies(&mut packages);
    packages
}

/// The packages of a repository.
pub(crate) fn packages(repo: &dyn Repository) -> Vec<Package> {
    read(repo)
        .into_iter()
        .map(|package| Package {
            ecosystem: "cargo".into(),
            programs: package
                .targets
                .iter()
                .filter(|target| target.kind == TargetKind::Program)
                .map(|target| Program { name: target.name.clone(), target: target.path.clone(), declared_in: None })
                .collect(),
            exports: Exports::of(
                package.library().filter(|_| package.is_published).map(|library| library.path.clone()),
            ),
            root: package.root,
            name: package.name,
            version: package.version,
            manifest: package.manifest,
        })
        .collect()
}

/// Every manifest by its folder.
type Roots<'m> = BTreeMap<&'m str, Root<'m>>;

/// A manifest with what it says for others, made ready once for all of them.
struct Root<'m> {
    manifest: &'m Table,
    /// Folders that do not belong to its workspace.
    excluded: FxHashSet<String>,
    /// Crates of a registry that it replaces by folders: name -> path as written.
    patched: FxHashMap<&'m str, &'m str>,
}

impl<'m> Root<'m> {
    fn of(root: &str, manifest: &'m Table) -> Self {
        let excluded = tables::strings(manifest, &["workspace", "exclude"]);
        let sources = tables::table(manifest, &["patch"]).into_iter().flat_map(Table::values);
        let mut patched = FxHashMap::default();
        for (name, patch) in sources.filter_map(Value::as_table).flatten() {
            if let Some(path) = patch.as_table().and_then(|patch| patch.get("path")?.as_str()) {
                patched.entry(name.as_str()).or_insert(path);
            }
        }
        Self { manifest, excluded: excluded.into_iter().filter_map(|path| resolve(root, path)).collect(), patched }
    }

    fn excludes(&self, root: &str) -> bool {
        !self.excluded.is_empty() && ancestors(root).any(|above| self.excluded.contains(above))
    }
}

/// A manifest with what it may inherit from.
struct Scope<'m> {
    own: &'m Root<'m>,
    /// The workspace's folder and manifest.
    workspace: Option<(&'m str, &'m Root<'m>)>,
}

impl Scope<'_> {
    /// A value of `[package]`, inherited where it says `key.workspace = true`.
    fn value(&self, key: &str) -> Option<&Value> {
        match tables::at(self.own.manifest, &["package", key])? {
            Value::Table(table) if table.contains_key("workspace") => {
                tables::at(self.workspace?.1.manifest, &["workspace", "package", key])
            }
            own => Some(own),
        }
    }

    /// The value where it is a string.
    fn text(&self, key: &str) -> Option<&str> {
        self.value(key)?.as_str()
    }

    fn is_published(&self) -> bool {
        match self.value("publish") {
            Some(Value::Boolean(is_published)) => *is_published,
            Some(Value::Array(registries)) => !registries.is_empty(),
            _ => true,
        }
    }
}

fn package(paths: &[Box<str>], roots: &Roots<'_>, root: &str, own: &Root<'_>) -> Option<CargoPackage> {
    let manifest = own.manifest;
    let name = tables::string(manifest, &["package", "name"])?;
    let scope = Scope { own, workspace: workspace_of(roots, root, manifest) };
    let edition = scope.text("edition").unwrap_or("2015");
    let mut package = CargoPackage {
        root: root.into(),
        manifest: join(root, "Cargo.toml").into(),
        name: name.into(),
        version: scope.text("version").map(Into::into),
        is_published: scope.is_published(),
        is_2015: edition == "2015",
        targets: targets(paths, root, name, manifest),
        dependencies: BTreeMap::new(),
    };
    for (key, value) in declared(manifest) {
        let (in_code, dependency) = dependency(roots, &scope, root, key, value);
        package.dependencies.insert(in_code, dependency);
    }
    Some(package)
}

/// The workspace that a folder belongs to: its own, the one it names, or the nearest above that does not exclude it.
fn workspace_of<'m>(roots: &'m Roots<'m>, root: &str, manifest: &Table) -> Option<(&'m str, &'m Root<'m>)> {
    if let Some(named) = tables::string(manifest, &["package", "workspace"]) {
        let (at, found) = roots.get_key_value(&*resolve(root, named)?)?;
        return Some((at, found));
    }
    ancestors(root).find_map(|at| {
        let (at, found) = roots.get_key_value(at)?;
        tables::table(found.manifest, &["workspace"])?;
        (*at == root || !found.excludes(root)).then_some((*at, found))
    })
}

/// Every entry of every dependency table.
fn declared(manifest: &Table) -> impl Iterator<Item = (&str, &Value)> {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let per_target =
        tables::table(manifest, &["target"]).into_iter().flat_map(Table::values).filter_map(Value::as_table);
    std::iter::once(manifest)
        .chain(per_target)
        .flat_map(|table| KINDS.iter().filter_map(move |kind| tables::table(table, &[kind])))
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn dependency(roots: &Roots<'_>, scope: &Scope<'_>, root: &str, key: &str, value: &Value) -> (Box<str>, Dependency) {
    let in_code = crate_name(key);
    let inherited = || {
        let (at, workspace) = scope.workspace?;
        Some((at, tables::at(workspace.manifest, &["workspace", "dependencies", key])?))
    };
    let is_inherited = value.as_table().is_some_and(|table| table.contains_key("workspace"));
    let (base, value) = if is_inherited { inherited().unwrap_or((root, value)) } else { (root, value) };
    let field = |field: &str| value.as_table().and_then(|table| table.get(field)?.as_str());
    let name = field("package").unwrap_or(key);
    let patched = || {
        let (at, workspace) = scope.workspace.unwrap_or((root, scope.own));
        resolve(at, workspace.patched.get(name)?)
    };
    let local = field("path").and_then(|path| resolve(base, path)).or_else(patched);
    match local.filter(|at| roots.contains_key(at.as_str())) {
        Some(at) => (in_code, Dependency::Local(at.into())),
        None => (in_code, Dependency::External(name.into())),
    }
}

/// A dependency on a package of the repository goes by its library's name unless it was renamed.
fn name_local_dependencies(packages: &mut [CargoPackage]) {
    let libraries: BTreeMap<Box<str>, (Box<str>, Box<str>)> = packages
        .iter()
        .filter_map(|package| {
            Some((package.root.clone(), (crate_name(&package.name), package.library()?.name.clone())))
        })
        .collect();
    for package in packages {
        let renamed: Vec<(Box<str>, Box<str>)> = package
            .dependencies
            .iter()
            .filter_map(|(in_code, dependency)| {
                let Dependency::Local(at) = dependency else { return None };
                let (package, library) = libraries.get(at)?;
                (in_code == package && in_code != library).then(|| (in_code.clone(), library.clone()))
            })
            .collect();
        for (from, to) in renamed {
            if let Some(dependency) = package.dependencies.remove(&from) {
                package.dependencies.insert(to, dependency);
            }
        }
    }
}

/// A package's name as code writes it.
fn crate_name(name: &str) -> Box<str> {
    name.replace('-', "_").into()
}

/// The targets of a package: those it lists, and those that Cargo finds by their place.
fn targets(paths: &[Box<str>], root: &str, name: &str, manifest: &Table) -> Vec<Target> {
    let exists = |path: &str| paths.binary_search_by(|known| (**known).cmp(path)).is_ok();
    let mut found = Vec::new();
    let mut taken: BTreeSet<Box<str>> = BTreeSet::new();
    let mut add = |kind, name: &str, path: String| {
        if exists(&path) && taken.insert(path.as_str().into()) {
            let name = if kind == TargetKind::Library { crate_name(name) } else { name.into() };
            found.push(Target { kind, name, path: path.into() });
        }
    };
    let package = |key: &str| tables::at(manifest, &["package", key]);
    let auto = |key: &str| package(key).and_then(Value::as_bool).unwrap_or(true);

    let library = tables::table(manifest, &["lib"]);
    let library_field = |key: &str| library.and_then(|library| library.get(key)?.as_str());
    let library_path = resolve(root, library_field("path").unwrap_or("src/lib.rs"));
    if let Some(path) = library_path.filter(|_| library.is_some() || auto("autolib")) {
        add(TargetKind::Library, library_field("name").unwrap_or(name), path);
    }
    match package("build") {
        Some(Value::String(path)) => drop(resolve(root, path).map(|path| add(TargetKind::Other, "build", path))),
        Some(Value::Boolean(false)) => {}
        _ => add(TargetKind::Other, "build", join(root, "build.rs")),
    }
    let kinds = [
        ("bin", "src/bin", "autobins", TargetKind::Program),
        ("example", "examples", "autoexamples", TargetKind::Other),
        ("test", "tests", "autotests", TargetKind::Other),
        ("bench", "benches", "autobenches", TargetKind::Other),
    ];
    for (section, place, switch, kind) in kinds {
        let place = join(root, place);
        let listed = tables::at(manifest, &[section]).and_then(Value::as_array).into_iter().flatten();
        for target in listed.filter_map(Value::as_table) {
            let target_name = target.get("name").and_then(Value::as_str).unwrap_or(name);
            let path = match target.get("path").and_then(Value::as_str) {
                Some(path) => resolve(root, path),
                None => customary(&place, target_name, section == "bin" && target_name == name, root, &exists),
            };
            if let Some(path) = path {
                add(kind, target_name, path);
            }
        }
        if !auto(switch) {
            continue;
        }
        if section == "bin" {
            add(kind, name, join(root, "src/main.rs"));
        }
        for (target_name, path) in discovered(paths, &place) {
            add(kind, target_name, path.to_owned());
        }
    }
    found
}

/// Where a target that is listed without a path lies.
fn customary(place: &str, name: &str, is_main: bool, root: &str, exists: &dyn Fn(&str) -> bool) -> Option<String> {
    let main = is_main.then(|| join(root, "src/main.rs"));
    let candidates = [Some(join(place, &format!("{name}.rs"))), Some(join(place, &format!("{name}/main.rs"))), main];
    candidates.into_iter().flatten().find(|path| exists(path))
}

/// `x.rs` and `x/main.rs` in a folder, with their names.
fn discovered<'p>(paths: &'p [Box<str>], place: &str) -> impl Iterator<Item = (&'p str, &'p str)> {
    let prefix = join(place, "");
    let from = paths.partition_point(|path| **path < *prefix);
    let below = paths.get(from..).unwrap_or_default().iter();
    let length = prefix.len();
    below.take_while(move |path| path.starts_with(&prefix)).filter_map(move |path| {
        let rest = path.get(length..)?;
        match rest.split_once('/') {
            None => rest.ends_with(".rs").then(|| (stem(rest), &**path)),
            Some((name, "main.rs")) => Some((name, &**path)),
            Some(_) => None,
        }
    })
}
