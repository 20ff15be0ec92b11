//! The module trees of a repository's crates, from their `mod` declarations (The Rust Reference, "Modules").
//!
//! A file stands in as many places as crates and declarations lead to it. Files that no declaration leads to (most
//! often because a macro holds the declaration) are placed where the naming rule would look for them, and marked
//! assumed.

use crate::packages::cargo::{self, CargoPackage};
use crate::paths::{folder, join, name, resolve, stem};
use crate::{Repository, SourceFile};
use codexa_model::Language;
use codexa_model::facts::{Import, ImportKind};
use rustc_hash::FxHashMap;

/// A file that many crates include is looked at in this many of them: they rarely differ.
pub(crate) const MOST_PLACES: usize = 8;
/// Imports that are gone through for the tree of a small repository, each as often as its file stands somewhere; a large
/// one may take eight times as many as it has.
const LEAST_WORK: usize = 1 << 16;

pub(super) type NodeId = u32;
type FileId = u32;

/// A module: a file in its place in a crate, or an inline module that has file modules in it.
pub(super) struct Node {
    pub(super) parent: Option<NodeId>,
    pub(super) krate: u32,
    file: FileId,
    /// Folder in which its child modules are looked up.
    children_in: Box<str>,
    /// Whether its own place in the module above follows from names alone.
    placed: bool,
    /// Whether that holds of it or of a module above it.
    pub(super) assumed: bool,
    /// Sorted by name; conditional compilation gives one name to several files.
    children: Vec<(Box<str>, NodeId)>,
}

/// A crate.
pub(super) struct Crate {
    pub(super) root: NodeId,
    /// Index of its package; `None` for a file that no package claims.
    pub(super) package: Option<usize>,
}

/// A file of the repository.
struct File {
    path: Box<str>,
    /// Names that can be taken out of it: definitions and what its `use` declarations bind; sorted.
    names: Vec<Box<str>>,
    /// Whether it takes in everything of another module.
    has_glob: bool,
    nodes: Vec<NodeId>,
}

/// The module trees of all crates.
pub(super) struct Tree {
    nodes: Vec<Node>,
    files: Vec<File>,
    by_path: FxHashMap<Box<str>, FileId>,
    pub(super) crates: Vec<Crate>,
    pub(super) packages: Vec<CargoPackage>,
    /// Root file of a crate -> the first crate with it.
    by_root: FxHashMap<Box<str>, u32>,
    /// Declarations that lead to one another could be followed for ever: rustc refuses them, this bounds them.
    most_nodes: usize,
    /// Imports that are still gone through for declarations: a file with many of them may stand in as many places.
    work: usize,
    /// The file at which one of the two was used up.
    cut: Option<Box<str>>,
}

/// A `mod x;`.
struct Declaration<'a> {
    name: &'a str,
    path: Option<&'a str>,
    scope: &'a str,
}

/// The name that a `mod x;` declares and the value of its `#[path]`.
pub(super) fn declared(import: &Import) -> (&str, Option<&str>) {
    let target = &*import.target;
    if !(target.contains('/') || target.contains('\\') || target.ends_with(".rs")) {
        return (target, None);
    }
    let named = import.alias.as_deref().or_else(|| import.names.first().map(|imported| &*imported.name));
    (named.unwrap_or_else(|| stem(target)), Some(target))
}

/// The inline modules that an import stands in, joined by `::`.
pub(super) fn scope_of<'a>(file: &SourceFile<'a>, index: usize) -> &'a str {
    // They stand in the order of the imports.
    let found = file.scopes.binary_search_by(|scope| (scope.import as usize).cmp(&index));
    found.ok().and_then(|at| file.scopes.get(at)).map_or("", |scope| &*scope.path)
}

/// The name without `r#`.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

impl Tree {
    pub(super) fn read(repo: &dyn Repository) -> Self {
        let sources = repo.sources();
        let sources: FxHashMap<&str, &SourceFile<'_>> =
            sources.iter().filter(|file| file.language == Language::Rust).map(|file| (file.path, file)).collect();
        let mut files = Vec::new();
        let mut by_path: FxHashMap<Box<str>, FileId> = FxHashMap::default();
        for path in repo.paths().iter().filter(|path| path.ends_with(".rs")) {
            let Ok(id) = FileId::try_from(files.len()) else { break };
            let (names, has_glob) = sources.get(&**path).map_or((Vec::new(), false), |file| offered(file));
            files.push(File { path: path.clone(), names, has_glob, nodes: Vec::new() });
            by_path.insert(path.clone(), id);
        }
        let mut tree = Self {
            nodes: Vec::new(),
            most_nodes: files.len().saturating_mul(4) + 4_096,
            work: LEAST_WORK + sources.values().map(|file| file.imports.len()).sum::<usize>().saturating_mul(8),
            files,
            by_path,
            crates: Vec::new(),
            packages: cargo::read(repo),
            by_root: FxHashMap::default(),
            cut: None,
        };
        let targets: Vec<(usize, Box<str>)> = tree
            .packages
            .iter()
            .enumerate()
            .flat_map(|(index, package)| package.targets.iter().map(move |target| (index, target.path.clone())))
            .collect();
        for (package, path) in targets {
            tree.plant(&path, Some(package), &sources);
        }
        tree.place_the_rest(&sources);
        if let Some(path) = &tree.cut {
            repo.cut(path, "declares modules, here or with the files around it, in more places than are followed");
        }
        tree
    }

    /// Adds a crate with its root file.
    fn plant(&mut self, path: &str, package: Option<usize>, sources: &FxHashMap<&str, &SourceFile<'_>>) {
        let (Some(&file), Ok(id)) = (self.by_path.get(path), u32::try_from(self.crates.len())) else { return };
        let node = Node {
            parent: None,
            krate: id,
            file,
            children_in: folder(path).into(),
            placed: false,
            assumed: false,
            children: Vec::new(),
        };
        if let Some(root) = self.add(node) {
            self.crates.push(Crate { root, package });
            self.by_root.entry(path.into()).or_insert(id);
            self.grow(root, sources);
        }
    }

    fn add(&mut self, node: Node) -> Option<NodeId> {
        if self.nodes.len() >= self.most_nodes {
            self.note_cut(node.file);
            return None;
        }
        let id = NodeId::try_from(self.nodes.len()).ok()?;
        self.nodes.push(node);
        Some(id)
    }

    fn adopt(&mut self, parent: NodeId, name: &str, child: NodeId) {
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            let at = node.children.partition_point(|(known, id)| (&**known, *id) < (name, child));
            node.children.insert(at, (name.into(), child));
        }
    }

    /// Follows the declarations below a module.
    fn grow(&mut self, start: NodeId, sources: &FxHashMap<&str, &SourceFile<'_>>) {
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            let Some((node, path)) = self.nodes.get(id as usize).map(|node| (node, self.path(id))) else { continue };
            let file = node.file;
            let Some(source) = sources.get(path) else {
                self.stand(file, id);
                continue;
            };
            self.stand(file, id);
            for (index, import) in source.imports.iter().enumerate() {
                self.work = self.work.saturating_sub(1);
                if self.work == 0 {
                    self.note_cut(file);
                    return;
                }
                if import.kind != ImportKind::ModDeclaration {
                    continue;
                }
                let (name, path) = declared(import);
                let declaration = Declaration { name, path, scope: scope_of(source, index) };
                if let Some(child) = self.declare(id, &declaration) {
                    open.push(child);
                }
            }
        }
    }

    fn stand(&mut self, file: FileId, node: NodeId) {
        if let Some(file) = self.files.get_mut(file as usize) {
            file.nodes.push(node);
        }
    }

    /// Adds the module that a declaration leads to.
    fn declare(&mut self, id: NodeId, declaration: &Declaration<'_>) -> Option<NodeId> {
        let found = self.locate(id, declaration)?;
        let file = *self.by_path.get(found.as_str())?;
        if self.is_inside(id, file) {
            return None;
        }
        let parent = self.inline(id, declaration.scope)?;
        let is_folder_module = declaration.path.is_some() || name(&found) == "mod.rs";
        let children_in = if is_folder_module { folder(&found).to_owned() } else { join(folder(&found), stem(&found)) };
        let node = self.nodes.get(id as usize)?;
        let child = Node {
            parent: Some(parent),
            krate: node.krate,
            file,
            children_in: children_in.into(),
            placed: false,
            assumed: node.assumed,
            children: Vec::new(),
        };
        let child = self.add(child)?;
        self.adopt(parent, plain(declaration.name), child);
        Some(child)
    }

    /// The file that a declaration in a module leads to.
    fn locate(&self, id: NodeId, declaration: &Declaration<'_>) -> Option<String> {
        let node = self.nodes.get(id as usize)?;
        let inside = match declaration.scope {
            "" => node.children_in.to_string(),
            scope => join(&node.children_in, &scope.replace("::", "/")),
        };
        let known = |path: &String| self.by_path.contains_key(path.as_str());
        if let Some(path) = declaration.path {
            let base = if declaration.scope.is_empty() { folder(self.path(id)) } else { &inside };
            return resolve(base, path).filter(known);
        }
        let name = plain(declaration.name);
        let flat = join(&inside, &format!("{name}.rs"));
        if known(&flat) {
            return Some(flat);
        }
        Some(join(&inside, &format!("{name}/mod.rs"))).filter(known)
    }

    /// Where a `mod x;` of a file leads: the first of the file's places in which it leads anywhere.
    pub(super) fn declaration(&self, path: &str, import: &Import, scope: &str) -> Option<String> {
        let (name, attribute) = declared(import);
        let declaration = Declaration { name, path: attribute, scope };
        self.places(path).iter().take(MOST_PLACES).find_map(|&id| self.locate(id, &declaration))
    }

    /// Whether a file is a module's own or one around it.
    fn is_inside(&self, id: NodeId, file: FileId) -> bool {
        let mut next = Some(id);
        while let Some(node) = next.and_then(|id| self.nodes.get(id as usize)) {
            if node.file == file {
                return true;
            }
            next = node.parent;
        }
        false
    }

    /// The node of an inline module below a file's, made where it is missing.
    fn inline(&mut self, id: NodeId, scope: &str) -> Option<NodeId> {
        let mut at = id;
        for name in scope.split("::").filter(|name| !name.is_empty()) {
            let known = self.children(at, plain(name)).find(|&child| self.is_inline(child));
            at = match known {
                Some(child) => child,
                None => {
                    let node = self.nodes.get(at as usize)?;
                    let child = Node {
                        parent: Some(at),
                        krate: node.krate,
                        file: node.file,
                        children_in: join(&node.children_in, plain(name)).into(),
                        placed: false,
                        assumed: node.assumed,
                        children: Vec::new(),
                    };
                    let child = self.add(child)?;
                    self.adopt(at, plain(name), child);
                    child
                }
            };
        }
        Some(at)
    }

    fn is_inline(&self, id: NodeId) -> bool {
        let file_of = |id: NodeId| self.nodes.get(id as usize).map(|node| node.file);
        let parent = self.nodes.get(id as usize).and_then(|node| node.parent);
        parent.is_some_and(|parent| file_of(parent) == file_of(id))
    }

    /// Places every file that no declaration led to: below the module whose folder it lies in, else as a crate of its
    /// own.
    fn place_the_rest(&mut self, sources: &FxHashMap<&str, &SourceFile<'_>>) {
        let mut homes: FxHashMap<Box<str>, NodeId> = FxHashMap::default();
        let mut homed = 0;
        let mut rest: Vec<Box<str>> =
            self.files.iter().filter(|file| file.nodes.is_empty()).map(|file| file.path.clone()).collect();
        // A module's home lies above it, so shorter homes come first.
        rest.sort_by_cached_key(|path| (home(path).0.len(), path.clone()));
        for path in rest {
            self.note_homes(&mut homes, &mut homed);
            let Some(&file) = self.by_path.get(&path) else { continue };
            if self.files.get(file as usize).is_none_or(|file| !file.nodes.is_empty()) {
                continue;
            }
            let (at, module) = home(&path);
            let Some(&parent) = homes.get(at) else {
                let package = self.package_around(&path);
                self.plant(&path, package, sources);
                continue;
            };
            let krate = self.nodes.get(parent as usize).map_or(0, |node| node.krate);
            let child = Node {
                parent: Some(parent),
                krate,
                file,
                children_in: join(at, module).into(),
                placed: true,
                assumed: true,
                children: Vec::new(),
            };
            if let Some(child) = self.add(child) {
                self.adopt(parent, module, child);
                self.grow(child, sources);
            }
        }
    }

    /// Notes the folder of each module that is new: the folder's own file before roots that merely lie in it, libraries
    /// before programs.
    fn note_homes(&self, homes: &mut FxHashMap<Box<str>, NodeId>, homed: &mut usize) {
        for (id, node) in (0..).zip(&self.nodes).skip(*homed) {
            let path = self.path(id);
            let is_other_root = node.parent.is_none() && !matches!(name(path), "lib.rs" | "main.rs");
            if !is_other_root && !self.is_inline(id) {
                homes.entry(node.children_in.clone()).or_insert(id);
            }
        }
        *homed = self.nodes.len();
    }

    fn package_around(&self, path: &str) -> Option<usize> {
        crate::paths::ancestors(folder(path))
            .find_map(|at| self.packages.binary_search_by(|package| (*package.root).cmp(at)).ok())
    }

    /// Declarations of the file are left unread: theirs are placed by their names, as if a macro held them.
    fn note_cut(&mut self, file: FileId) {
        let path = self.files.get(file as usize).map(|file| &file.path);
        self.cut = self.cut.take().or_else(|| path.cloned());
    }

    /// The modules that a file is.
    pub(super) fn places(&self, path: &str) -> &[NodeId] {
        let file = self.by_path.get(path).and_then(|&id| self.files.get(id as usize));
        file.map_or(&[], |file| file.nodes.as_slice())
    }

    /// The files of child modules of a file whose place follows from their names alone.
    pub(super) fn assumed_children<'t>(&'t self, path: &'t str) -> impl Iterator<Item = &'t str> {
        let nodes = self.places(path).iter().filter_map(|&id| self.node(id));
        nodes
            .flat_map(|node| &node.children)
            .filter(|(_, child)| self.node(*child).is_some_and(|node| node.placed))
            .map(|(_, child)| self.path(*child))
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The path of a module's file.
    pub(super) fn path(&self, id: NodeId) -> &str {
        self.nodes.get(id as usize).and_then(|node| self.files.get(node.file as usize)).map_or("", |file| &file.path)
    }

    /// The child modules of that name.
    pub(super) fn children<'t>(&'t self, id: NodeId, name: &str) -> impl Iterator<Item = NodeId> + use<'t> {
        let children = self.nodes.get(id as usize).map_or(&[][..], |node| node.children.as_slice());
        let from = children.partition_point(|(known, _)| **known < *name);
        let same = children.get(from..).unwrap_or_default();
        let count = same.partition_point(|(known, _)| **known == *name);
        same.get(..count).unwrap_or_default().iter().map(|(_, id)| *id)
    }

    /// How surely a name can be taken out of a module's file, in percent.
    pub(super) fn offers(&self, id: NodeId, name: &str) -> u8 {
        let file = self.nodes.get(id as usize).and_then(|node| self.files.get(node.file as usize));
        match file {
            Some(file) if file.names.binary_search_by(|known| (**known).cmp(name)).is_ok() => 100,
            Some(file) if file.has_glob => 95,
            // Written by a macro, or by an attribute.
            _ => 85,
        }
    }

    /// The crate with a root file.
    pub(super) fn crate_at(&self, root: &str) -> Option<&Crate> {
        self.crates.get(*self.by_root.get(root)? as usize)
    }
}

/// The folder whose module would declare a file, and the name it would have there.
fn home(path: &str) -> (&str, &str) {
    let at = folder(path);
    if name(path) == "mod.rs" { (folder(at), name(at)) } else { (at, stem(path)) }
}

/// The names that can be taken out of a file, and whether it takes in everything of another module.
fn offered(file: &SourceFile<'_>) -> (Vec<Box<str>>, bool) {
    let mut names: Vec<Box<str>> = file.definitions.iter().map(Into::into).collect();
    let mut has_glob = false;
    for import in file.imports {
        match import.kind {
            ImportKind::Module | ImportKind::ReExport if import.wildcard => has_glob = true,
            ImportKind::Module | ImportKind::ReExport => names.extend(bound(import).map(Into::into)),
            ImportKind::ModDeclaration => names.push(plain(declared(import).0).into()),
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    (names, has_glob)
}

/// The name that a `use` binds.
pub(super) fn bound(import: &Import) -> Option<&str> {
    let last = import.alias.as_deref().or_else(|| import.target.rsplit("::").next())?;
    (!import.wildcard && last != "_" && !last.is_empty()).then(|| plain(last))
}
