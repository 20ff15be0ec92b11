//! The `package.json` files of a repository, and which of them belong to one workspace.

use crate::Repository;
use crate::files::below;
use crate::json::Json;
use crate::paths::{ancestors, folder, join, name, resolve};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::{FxHashMap, FxHashSet};

/// A manifest beyond this size is not read (the largest of the npm registry's top packages are a tenth of it).
const LARGEST_MANIFEST: usize = 1 << 20;

/// Globs of one workspace beyond this number are not read.
const MOST_GLOBS: usize = 256;
/// The same for all workspaces of a repository: each glob becomes a program of its own.
const MOST_GLOBS_TOGETHER: usize = 4_096;
/// Longest glob that is read, in bytes.
const LONGEST_GLOB: usize = 512;

/// What a `package.json` says that resolution needs.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// Its folder.
    pub(crate) folder: Box<str>,
    /// The document.
    pub(crate) json: Json,
    /// Names of every dependency it declares, of any kind.
    dependencies: FxHashSet<Box<str>>,
    /// Dependencies on folders of the repository (`file:`, `link:`, `portal:`), by name.
    local: FxHashMap<Box<str>, Box<str>>,
}

impl Manifest {
    fn of(path: &str, json: Json) -> Self {
        let folder: Box<str> = folder(path).into();
        let mut dependencies = FxHashSet::default();
        let mut local = FxHashMap::default();
        for table in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
            for (name, requirement) in json.get(table).map(Json::entries).unwrap_or_default() {
                dependencies.insert(name.clone());
                let path = requirement
                    .as_text()
                    .and_then(|text| ["file:", "link:", "portal:"].iter().find_map(|scheme| text.strip_prefix(scheme)));
                if let Some(target) = path.and_then(|path| resolve(&folder, path)) {
                    local.insert(name.clone(), target.into());
                }
            }
        }
        Self { folder, json, dependencies, local }
    }

    /// The package's name.
    pub(crate) fn name(&self) -> Option<&str> {
        self.json.text("name").filter(|name| !name.is_empty())
    }

    /// Whether it declares a dependency of that name.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.dependencies.contains(name)
    }
}

/// Every package of the repository.
#[derive(Debug, Default)]
pub(crate) struct Manifests {
    all: Vec<Manifest>,
    by_folder: FxHashMap<Box<str>, usize>,
    /// Members of each workspace by its root folder and then their name; a name that several members have leads nowhere.
    workspaces: FxHashMap<Box<str>, FxHashMap<Box<str>, Option<usize>>>,
    /// Whether dependencies are tracked in `node_modules`.
    vendored: bool,
}

/// How an importing file comes to a package of the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The package refers to itself by its name.
    Itself,
    /// Both belong to one workspace.
    Workspace,
    /// A `file:` or `link:` dependency.
    Folder,
    /// A tracked `node_modules` folder.
    NodeModules,
}

impl Manifests {
    /// Reads every `package.json` and the workspace files around them.
    pub(crate) fn read(repo: &dyn Repository) -> Self {
        let mut found = Self::default();
        let mut globs: Vec<(Box<str>, Members)> = Vec::new();
        let mut room = MOST_GLOBS_TOGETHER;
        for path in repo.paths() {
            let file = name(path);
            let mut patterns = match file {
                "package.json" => {
                    found.vendored |= path.contains("node_modules/");
                    let Some(json) = read_json(repo, path) else { continue };
                    let patterns = workspace_patterns(&json);
                    found.by_folder.insert(folder(path).into(), found.all.len());
                    found.all.push(Manifest::of(path, json));
                    patterns
                }
                "pnpm-workspace.yaml" => pnpm_patterns(repo, path),
                "lerna.json" => {
                    read_json(repo, path).and_then(|json| json.get("packages").map(patterns_of)).unwrap_or_default()
                }
                "rush.json" => read_json(repo, path).map(|json| rush_projects(&json)).unwrap_or_default(),
                _ => continue,
            };
            let written = patterns.len();
            patterns.retain(|pattern| pattern.len() <= LONGEST_GLOB);
            patterns.truncate(MOST_GLOBS.min(room));
            room -= patterns.len();
            if patterns.len() < written {
                repo.cut(path, "names more or longer patterns of workspace members than are read");
            }
            if let Some(set) = Members::of(&patterns) {
                globs.push((folder(path).into(), set));
            }
        }
        found.join_workspaces(&globs);
        found
    }

    /// Every manifest, by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Manifest> {
        self.all.iter()
    }

    /// The manifest in exactly this folder.
    pub(crate) fn in_folder(&self, folder: &str) -> Option<&Manifest> {
        self.by_folder.get(folder).and_then(|index| self.all.get(*index))
    }

    /// The manifest of the folder or of the nearest one around it.
    pub(super) fn nearest(&self, folder: &str) -> Option<&Manifest> {
        ancestors(folder).find_map(|folder| self.in_folder(folder))
    }

    /// The package of the repository that `name` means for a file in `folder`, and why it does.
    pub(super) fn named(&self, name: &str, folder: &str) -> Option<(&Manifest, Access)> {
        if let Some(own) = self.nearest(folder) {
            if own.name() == Some(name) {
                return Some((own, Access::Itself));
            }
            if let Some(target) = own.local.get(name).and_then(|target| self.in_folder(target)) {
                return Some((target, Access::Folder));
            }
        }
        if self.vendored {
            let vendored =
                ancestors(folder).find_map(|outer| self.in_folder(&join(outer, &["node_modules/", name].concat())));
            if let Some(manifest) = vendored {
                return Some((manifest, Access::NodeModules));
            }
        }
        let members = ancestors(folder).filter_map(|folder| self.workspaces.get(folder));
        let index = members.filter_map(|members| members.get(name)).next().copied().flatten()?;
        Some((self.all.get(index)?, Access::Workspace))
    }

    fn join_workspaces(&mut self, globs: &[(Box<str>, Members)]) {
        let mut by_root: FxHashMap<&str, Vec<&Members>> = FxHashMap::default();
        for (root, set) in globs {
            by_root.entry(root).or_default().push(set);
        }
        for (index, manifest) in self.all.iter().enumerate() {
            let Some(name) = manifest.name() else { continue };
            for root in ancestors(&manifest.folder) {
                let Some(sets) = by_root.get(root) else { continue };
                let inner = below(&manifest.folder, root).unwrap_or_default();
                if inner.is_empty() || sets.iter().any(|set| set.take_in(inner)) {
                    let members = self.workspaces.entry(root.into()).or_default();
                    members.entry(name.into()).and_modify(|known| *known = None).or_insert(Some(index));
                }
            }
        }
    }
}

pub(super) fn read_json(repo: &dyn Repository, path: &str) -> Option<Json> {
    Json::parse(&read(repo, path)?)
}

fn read(repo: &dyn Repository, path: &str) -> Option<Vec<u8>> {
    let bytes = repo.read(path)?;
    if bytes.len() > LARGEST_MANIFEST {
        repo.cut(path, "is over 1 MiB and was not read for what imports lead to");
        return None;
    }
    Some(bytes)
}

/// `workspaces` of npm, Yarn and Bun: a list, or an object with `packages`.
fn workspace_patterns(json: &Json) -> Vec<Box<str>> {
    let workspaces = json.get("workspaces");
    workspaces.map(|workspaces| patterns_of(workspaces.get("packages").unwrap_or(workspaces))).unwrap_or_default()
}

fn patterns_of(json: &Json) -> Vec<Box<str>> {
    json.texts().map(Into::into).collect()
}

fn rush_projects(json: &Json) -> Vec<Box<str>> {
    let Some(Json::List(projects)) = json.get("projects") else { return Vec::new() };
    projects.iter().filter_map(|project| project.text("projectFolder")).map(globset::escape).map(Into::into).collect()
}

fn pnpm_patterns(repo: &dyn Repository, path: &str) -> Vec<Box<str>> {
    #[derive(serde::Deserialize)]
    struct Workspace {
        #[serde(default)]
        packages: Vec<String>,
    }
    let text = read(repo, path).and_then(|bytes| String::from_utf8(bytes).ok());
    let workspace = text.and_then(|text| serde_saphyr::from_str::<Workspace>(&text).ok());
    workspace.map(|workspace| workspace.packages.into_iter().map(Into::into).collect()).unwrap_or_default()
}

/// The folders that a workspace's patterns take in; a `!` pattern leaves out what another takes in.
#[derive(Debug)]
struct Members {
    taken: GlobSet,
    left: GlobSet,
}

impl Members {
    /// `None` where nothing is taken in. A pattern that is no glob counts for nothing.
    fn of(patterns: &[Box<str>]) -> Option<Self> {
        let mut taken = GlobSetBuilder::new();
        let mut left = GlobSetBuilder::new();
        for pattern in patterns {
            let (set, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (&mut left, pattern),
                None => (&mut taken, &**pattern),
            };
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
        let taken = taken.build().ok().filter(|taken| !taken.is_empty())?;
        Some(Self { taken, left: left.build().ok()? })
    }

    fn take_in(&self, folder: &str) -> bool {
        self.taken.is_match(folder) && !self.left.is_match(folder)
    }
}
