//! Where Python looks modules up: the modules that exist, the projects they belong to, and the folders that are import
//! roots, by declaration or by evidence.

use crate::Repository;
use crate::packages::python::{Project, projects};
use crate::paths::{ancestors, folder, is_within, join, name};
use rustc_hash::{FxHashMap, FxHashSet};

/// Forms a module's file can have, in the order an import prefers them: packages before modules as Python's finder
/// does, sources before stubs.
const FORMS: [&str; 5] = ["/__init__.py", ".py", ".pyx", "/__init__.pyi", ".pyi"];
const PACKAGE: u8 = 0b0_1001;
const STUBS: u8 = 0b1_1000;

/// The modules of a repository and the roots that they are imported from.
pub(super) struct Layout {
    /// Path without its form -> forms that exist, as bits in the order of [`FORMS`].
    modules: FxHashMap<Box<str>, u8>,
    /// Folders with modules in them or below.
    folders: FxHashSet<Box<str>>,
    /// Folder of a project -> it.
    projects: FxHashMap<Box<str>, Roots>,
    /// Name of a module or folder -> the declared roots of all projects that it stands in, sorted.
    declared: FxHashMap<Box<str>, Vec<Box<str>>>,
    /// Name of a package that stands in no other -> the folders it stands in, sorted.
    tops: FxHashMap<Box<str>, Vec<Box<str>>>,
}

/// A project's roots and what it needs from outside.
#[derive(Default)]
pub(super) struct Roots {
    pub(super) declared: Vec<Box<str>>,
    pub(super) dependencies: FxHashSet<Box<str>>,
}

/// A module's file.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) is_stub: bool,
}

impl Layout {
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let mut modules: FxHashMap<Box<str>, u8> = FxHashMap::default();
        for path in
            repo.paths().iter().filter(|path| path.ends_with(".py") || path.ends_with(".pyi") || path.ends_with(".pyx"))
        {
            for (bit, form) in FORMS.iter().enumerate() {
                if let Some(module) = path.strip_suffix(form).filter(|module| !module.is_empty()) {
                    *modules.entry(module.into()).or_default() |= 1 << bit;
                    break;
                }
            }
        }
        let mut folders: FxHashSet<Box<str>> = FxHashSet::default();
        for module in modules.keys() {
            for above in ancestors(folder(module)) {
                if !folders.insert(above.into()) {
                    break;
                }
            }
        }
        let mut tops: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
        for (module, forms) in &modules {
            let parent = folder(module);
            if forms & PACKAGE != 0 && modules.get(parent).is_none_or(|forms| forms & PACKAGE == 0) {
                tops.entry(name(module).into()).or_default().push(parent.into());
            }
        }
        for folders in tops.values_mut() {
            folders.sort_unstable();
        }
        let projects: FxHashMap<Box<str>, Roots> = projects(repo)
            .into_iter()
            .map(|(at, project)| {
                let roots = roots_of(&at, project, &folders);
                (at, roots)
            })
            .collect();
        let roots: FxHashSet<&str> = projects.values().flat_map(|roots| &roots.declared).map(|root| &**root).collect();
        let mut declared: FxHashMap<Box<str>, Vec<Box<str>>> = FxHashMap::default();
        for path in modules.keys().chain(&folders).filter(|path| roots.contains(folder(path))) {
            declared.entry(name(path).into()).or_default().push(folder(path).into());
        }
        for roots in declared.values_mut() {
            roots.sort_unstable();
            roots.dedup();
        }
        Self { modules, folders, projects, declared, tops }
    }

    /// The file of the module at a path without form; of a package its `__init__`.
    pub(super) fn module(&self, path: &str, prefer_stub: bool) -> Option<Found> {
        let forms = *self.modules.get(path)?;
        let preferred = if prefer_stub && forms & STUBS != 0 { forms & STUBS } else { forms };
        let bit = preferred.trailing_zeros() as usize;
        let form = FORMS.get(bit)?;
        let mut file = String::with_capacity(path.len() + form.len());
        file.push_str(path);
        file.push_str(form);
        Some(Found { path: file, is_stub: STUBS & (1 << bit) != 0 })
    }

    /// Whether there is a module or package of that name in the folder.
    pub(super) fn has(&self, folder: &str, name: &str) -> bool {
        self.modules.contains_key(&*join(folder, name))
    }

    /// Whether the folder is a package with an `__init__`.
    pub(super) fn is_package(&self, folder: &str) -> bool {
        self.modules.get(folder).is_some_and(|forms| forms & PACKAGE != 0)
    }

    /// Whether modules lie in the folder or below.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// The first folder upwards that is no package: what Python and pytest put on the path for a file in it.
    pub(super) fn own_root<'p>(&self, path: &'p str) -> &'p str {
        ancestors(folder(path)).find(|at| !self.is_package(at)).unwrap_or_default()
    }

    /// The nearest project around a folder, with its folder.
    pub(super) fn project<'l>(&'l self, at: &str) -> Option<(&'l str, &'l Roots)> {
        ancestors(at).find_map(|at| self.projects.get_key_value(at)).map(|(at, roots)| (&**at, roots))
    }

    /// The roots, declared by any project, in which a module or folder of that name stands.
    pub(super) fn declared(&self, name: &str) -> &[Box<str>] {
        self.declared.get(name).map_or(&[], Vec::as_slice)
    }

    /// The folders in which a package of that name stands.
    pub(super) fn tops(&self, name: &str) -> &[Box<str>] {
        self.tops.get(name).map_or(&[], Vec::as_slice)
    }
}

/// What a project declares, then the folder itself and the folders in it that layouts put sources in.
fn roots_of(at: &str, project: Project, folders: &FxHashSet<Box<str>>) -> Roots {
    let mut declared: Vec<Box<str>> = Vec::new();
    let customary = [at.to_owned(), join(at, "src"), join(at, "lib"), join(at, "python")];
    for root in project.roots.into_iter().chain(customary.into_iter().map(Into::into)) {
        if folders.contains(&root) && is_within(&root, at) && !declared.contains(&root) {
            declared.push(root);
        }
    }
    Roots { declared, dependencies: project.dependencies.into_iter().collect() }
}
