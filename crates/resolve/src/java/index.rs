//! The Java packages of a repository: which file defines a type, and which of several files a file means.

use crate::paths::{ancestors, folder, name, stem};
use crate::{Repository, SourceFile};
use codexa_model::{Language, NameList};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Files that make their folder a module of the build.
const BUILD_FILES: [&str; 6] = ["pom.xml", "build.gradle", "build.gradle.kts", "build.xml", "BUILD.bazel", "BUILD"];
/// Endings of sources in other languages of the JVM.
const OTHER_LANGUAGES: [&str; 3] = [".groovy", ".kt", ".scala"];
/// A repository's own packages are told from foreign ones by this many leading names (`org.apache.kafka`).
const OWN_NAMES: usize = 3;

/// A file that defines types.
struct File {
    path: Box<str>,
    /// The folder that its package starts from.
    root: Box<str>,
    /// The folder of its module of the build.
    module: Box<str>,
    is_test: bool,
    /// Its module is compiled against released libraries and none of the repository's other sources.
    stands_alone: bool,
}

/// Packages and types.
pub(super) struct Index {
    files: Vec<File>,
    by_path: FxHashMap<Box<str>, u32>,
    /// Package -> type -> files that define it.
    packages: FxHashMap<Box<str>, FxHashMap<Box<str>, Vec<u32>>>,
    /// The leading names of the repository's own packages.
    own: FxHashSet<Box<str>>,
    /// Stem of a source in another language -> its paths.
    foreign: FxHashMap<Box<str>, Vec<Box<str>>>,
}

/// Which file is meant.
#[derive(Clone, Copy)]
pub(super) enum Pick<'i> {
    None,
    One(&'i str),
    Many,
}

impl Index {
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let projects = crate::packages::gradle::packages(repo);
        let modules: FxHashSet<&str> = (repo.paths().iter().filter(|path| BUILD_FILES.contains(&name(path))))
            .map(|path| folder(path))
            .chain(projects.iter().map(|project| &*project.root))
            .collect();
        let mut index = Self {
            files: Vec::new(),
            by_path: FxHashMap::default(),
            packages: FxHashMap::default(),
            own: FxHashSet::default(),
            foreign: FxHashMap::default(),
        };
        let sources = repo.sources();
        for source in sources.iter().filter(|source| source.language == Language::Java) {
            let package = source.module.unwrap_or_default();
            index.own.extend(leading(package).map(Into::into));
            index.add(source.path, package, source_root(source, package), &modules, source.definitions);
        }
        for path in repo.paths().iter().filter(|path| OTHER_LANGUAGES.iter().any(|ending| path.ends_with(ending))) {
            index.foreign.entry(stem(path).into()).or_default().push(path.clone());
        }
        if !projects.is_empty() {
            index.set_apart(&crate::external::gradle::standing_alone(repo, &projects));
        }
        index
    }

    /// Marks the files of modules that use a released library of the repository's own group and no project beside them.
    fn set_apart(&mut self, alone: &BTreeMap<Box<str>, BTreeSet<String>>) {
        let is_own = |group: &String| leading(group).is_some_and(|leading| self.own.contains(leading));
        let apart: FxHashSet<&str> =
            alone.iter().filter(|(_, groups)| groups.iter().any(is_own)).map(|(module, _)| &**module).collect();
        for file in &mut self.files {
            file.stands_alone = apart.contains(&*file.module);
        }
    }

    /// Whether a file uses none of the repository's sources outside its module.
    pub(super) fn stands_alone(&self, path: &str) -> bool {
        self.file(path).is_some_and(|file| file.stands_alone)
    }

    fn file(&self, path: &str) -> Option<&File> {
        self.by_path.get(path).and_then(|id| self.files.get(*id as usize))
    }

    fn add(&mut self, path: &str, package: &str, root: &str, modules: &FxHashSet<&str>, types: &NameList) {
        let Ok(id) = u32::try_from(self.files.len()) else { return };
        let module = ancestors(folder(path)).find(|at| modules.contains(at)).unwrap_or_default();
        let is_test = root.split('/').any(|part| matches!(part, "test" | "tests") || part.ends_with("Test"));
        self.files.push(File {
            path: path.into(),
            root: root.into(),
            module: module.into(),
            is_test,
            stands_alone: false,
        });
        self.by_path.insert(path.into(), id);
        let known = self.packages.entry(package.into()).or_default();
        for name in types.iter() {
            known.entry(name.into()).or_default().push(id);
        }
    }

    /// Whether files declare the package.
    pub(super) fn is_package(&self, package: &str) -> bool {
        self.packages.contains_key(package)
    }

    /// Whether a package holds a type.
    pub(super) fn defines(&self, package: &str, name: &str) -> bool {
        self.packages.get(package).is_some_and(|types| types.contains_key(name))
    }

    /// Whether a package is one of the repository's own by its leading names.
    pub(super) fn is_own(&self, package: &str) -> bool {
        self.packages.contains_key(package) || leading(package).is_some_and(|leading| self.own.contains(leading))
    }

    /// The file of a type or of the type around it, by its whole name.
    pub(super) fn find(&self, target: &str, from: &str) -> Pick<'_> {
        let mut end = target.len();
        while let Some((package, name)) = target.get(..end).and_then(|target| target.rsplit_once('.')) {
            match self.pick(package, name, from) {
                Pick::None => end = package.len(),
                found => return found,
            }
        }
        Pick::None
    }

    /// The file in another language whose path ends as a type's whole name asks for; of the type around it where that
    /// one has none.
    pub(super) fn find_foreign(&self, target: &str, from: &str) -> Pick<'_> {
        if self.stands_alone(from) {
            return Pick::None;
        }
        let mut end = target.len();
        while let Some((package, name)) = target.get(..end).and_then(|target| target.rsplit_once('.')) {
            let wanted = package.replace('.', "/");
            let mut found = self.foreign.get(name).into_iter().flatten().filter(|path| {
                let rest = folder(path).strip_suffix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            });
            match (found.next(), found.next()) {
                (Some(path), None) => return Pick::One(path),
                (Some(_), Some(_)) => return Pick::Many,
                (None, _) => end = package.len(),
            }
        }
        Pick::None
    }

    /// The names among those used that a package holds as types, by going through whichever are fewer.
    pub(super) fn types<'a>(&'a self, package: &str, used: &FxHashSet<&'a str>) -> Vec<&'a str> {
        let Some(types) = self.packages.get(package) else { return Vec::new() };
        if types.len() < used.len() {
            return types.keys().map(|name| &**name).filter(|name| used.contains(name)).collect();
        }
        used.iter().filter(|name| types.contains_key(**name)).copied().collect()
    }

    /// The file of a type in a package that a file means, of those it can see: of its own source root, else of its module (main before
    /// test), else the only main one, else the only one.
    pub(super) fn pick(&self, package: &str, name: &str, from: &str) -> Pick<'_> {
        let candidates = self.packages.get(package).and_then(|types| types.get(name));
        let from = self.file(from);
        let is_open = |file: &&File| from.is_none_or(|from| !from.stands_alone || file.module == from.module);
        let candidates: Vec<&File> =
            candidates.into_iter().flatten().filter_map(|id| self.files.get(*id as usize)).filter(is_open).collect();
        let one = match candidates.as_slice() {
            [] => return Pick::None,
            [one] => return Pick::One(&one.path),
            many => many,
        };
        let is_near = |file: &File, step: usize| {
            let Some(from) = from else { return step == 3 && !file.is_test };
            match step {
                0 => file.root == from.root,
                1 => file.module == from.module && !file.is_test,
                2 => file.module == from.module,
                _ => !file.is_test,
            }
        };
        for step in 0..4 {
            let mut near = one.iter().filter(|file| is_near(file, step));
            match (near.next(), near.next()) {
                (Some(file), None) => return Pick::One(&file.path),
                (Some(_), Some(_)) => return Pick::Many,
                (None, _) => {}
            }
        }
        Pick::Many
    }
}

/// The folder that a file's package starts from: `src/main/java` of `src/main/java/a/b/C.java` in package `a.b`; its
/// own folder where the path does not follow the package.
fn source_root<'p>(source: &SourceFile<'p>, package: &str) -> &'p str {
    let at = folder(source.path);
    let mut root = at;
    for part in package.rsplit('.').filter(|part| !part.is_empty()) {
        if name(root) != part || root.is_empty() {
            return at;
        }
        root = folder(root);
    }
    root
}

/// The first names of a package; `None` for one with a single name, which says nothing.
fn leading(package: &str) -> Option<&str> {
    if !package.contains('.') {
        return None;
    }
    let end = package.match_indices('.').nth(OWN_NAMES - 1).map_or(package.len(), |(at, _)| at);
    package.get(..end)
}
