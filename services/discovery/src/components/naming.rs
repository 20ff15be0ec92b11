//! What a component is called, what kind of thing it is, and the evidence for both.

use super::folders::Folders;
use super::split::{SOURCE_ROOTS, Start};
use super::{ComponentKind, Evidence};
use crate::record::FileRecord;
use codexa_model::Language;
use codexa_model::relation::Package;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What naming needs to know of the repository.
pub(super) struct Names<'a> {
    /// The project's name.
    pub(super) project: &'a str,
    pub(super) records: &'a [&'a FileRecord],
    pub(super) folders: &'a Folders<'a>,
    pub(super) packages: &'a [Package],
    pub(super) paths: FxHashSet<&'a str>,
    /// Folders of which a component named after a package, or the repository, is only what its parts left over.
    pub(super) rests: BTreeSet<usize>,
    /// Whether a component at a top source root (`src`) stands for the repository's own package.
    pub(super) source_root: bool,
    /// The folder that holds all of the repository's own package.
    pub(super) only_part: Option<usize>,
}

/// How sure it is that what parts left over belongs together.
const REST: u8 = 60;

/// A name with its kind and evidence.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) kind: ComponentKind,
    pub(super) evidence: Evidence,
    pub(super) confidence: u8,
}

impl Names<'_> {
    /// Names the component that starts at a folder; `files` are its files of code, `package` the innermost package around.
    pub(super) fn of(&self, folder: usize, start: &Start, package: Option<&Package>, files: &[u32]) -> Named {
        let path = self.folders.get(folder).map_or("", |folder| folder.path);
        let is_source_root = |package: &&Package| {
            path.split_once('/').is_none() && package.root.is_empty() && SOURCE_ROOTS.contains(&path)
        };
        let own = start.packages.iter().find_map(|&id| self.packages.get(id)).or(package.filter(is_source_root));
        if let Some(own) = own.filter(|own| start.area.is_some() || self.holds_source_of(own, files)) {
            // Where most of the code was left, the parts are what is beside the package, and it is still itself.
            let all = self.folders.get(folder).map_or(0, |folder| folder.all.code as usize);
            let is_rest = start.area.is_none() && self.rests.contains(&folder) && files.len() * 2 < all;
            return Named {
                name: self.name_of(own, path, is_rest),
                kind: start.area.unwrap_or(ComponentKind::Package),
                evidence: Evidence::file(format!("{}.package", own.ecosystem), &own.manifest),
                confidence: if is_rest { REST } else { 100 },
            };
        }
        if let Some(area) = start.area {
            return Named {
                name: path.to_owned(),
                kind: area,
                evidence: Evidence::rule(match area {
                    ComponentKind::Tests => "tests.files",
                    ComponentKind::Vendored => "vendored.files",
                    _ => "folder.name",
                }),
                confidence: 90,
            };
        }
        let module = self.module(path, package, files);
        let whole = package.filter(|own| self.only_part == Some(folder) && own.root.is_empty());
        module.or_else(|| whole.map(|own| self.package(own, path))).unwrap_or_else(|| Named {
            name: if path.is_empty() { "(root)".to_owned() } else { path.to_owned() },
            kind: ComponentKind::Folder,
            evidence: Evidence::rule(if path.is_empty() { "repository.root" } else { "folder.files" }),
            confidence: if path.is_empty() && self.rests.contains(&folder) { REST } else { 70 },
        })
    }

    /// A folder that is all of a package whose manifest lies above it.
    fn package(&self, own: &Package, path: &str) -> Named {
        Named {
            name: self.name_of(own, path, false),
            kind: ComponentKind::Package,
            evidence: Evidence::file(format!("{}.package", own.ecosystem), &own.manifest),
            confidence: 90,
        }
    }

    /// The name of a package's component. What parts left over says so, so that nobody takes it for the package.
    fn name_of(&self, package: &Package, path: &str, is_rest: bool) -> String {
        let is_root = package.root.is_empty();
        let names =
            if is_root && is_rest { [self.project, &package.name, path] } else { [&package.name, path, self.project] };
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        match is_rest {
            false => name.to_owned(),
            true if name.is_empty() || (path.is_empty() && self.source_root) => {
                format!("{name} (root)").trim_start().to_owned()
            }
            true => format!("{name} (rest)"),
        }
    }

    /// Whether any of the files lies where a package keeps its own source: in its root or its `src` (or below in one that
    /// was not split). A root whose package lies elsewhere (`src/flask`) is not that package.
    fn holds_source_of(&self, package: &Package, files: &[u32]) -> bool {
        let language = match &*package.ecosystem {
            "python" => Language::Python.name(),
            "cargo" => Language::Rust.name(),
            "go" => Language::Go.name(),
            _ => return true,
        };
        files.iter().filter_map(|&file| self.records.get(file as usize)).any(|record| {
            record.language.as_deref() == Some(language) && record.class == crate::record::FileClass::Source
        })
    }

    /// A folder that its language knows as a module.
    fn module(&self, path: &str, package: Option<&Package>, files: &[u32]) -> Option<Named> {
        let found = |name: String, evidence: Evidence| {
            Some(Named { name, kind: ComponentKind::Module, evidence, confidence: 95 })
        };
        if path.is_empty() {
            return None;
        }
        let init = format!("{path}/__init__.py");
        if self.paths.contains(init.as_str()) {
            return found(self.dotted(path), Evidence::file("python.package", &init));
        }
        let rust = [format!("{path}/mod.rs"), format!("{path}.rs")]
            .into_iter()
            .find(|file| self.paths.contains(file.as_str()));
        if let (Some(file), Some(package)) = (&rust, package.filter(|package| package.ecosystem == "cargo")) {
            return found(rust_path(path, package), Evidence::file("rust.module", file));
        }
        let index = ["index.ts", "index.tsx", "index.js", "index.mjs", "index.jsx"]
            .iter()
            .map(|name| format!("{path}/{name}"))
            .find(|file| self.paths.contains(file.as_str()));
        if let Some(index) = index {
            return found(path.to_owned(), Evidence::file("javascript.index", &index));
        }
        let (file, language, declared) = self.declared(path, files)?;
        match language {
            Language::Java => found(declared.to_owned(), Evidence::file("java.package", file)),
            Language::Go => found(path.to_owned(), Evidence::file("go.package", file)),
            _ => None,
        }
    }

    /// `flask.json` for `src/flask/json`: the folders that are packages, joined by dots.
    fn dotted(&self, path: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        let mut at = Some(path);
        while let Some(folder) = at.filter(|folder| self.paths.contains(format!("{folder}/__init__.py").as_str())) {
            let (above, name) = folder.rsplit_once('/').map_or((None, folder), |(above, name)| (Some(above), name));
            parts.push(name);
            at = above;
        }
        parts.reverse();
        parts.join(".")
    }

    /// The first file directly in the folder that declares a package, and what it declares.
    fn declared<'f>(&'f self, path: &str, files: &[u32]) -> Option<(&'f str, Language, &'f str)> {
        files.iter().filter_map(|&file| self.records.get(file as usize)).find_map(|record| {
            let (folder, _) = record.path.rsplit_once('/')?;
            let digest = record.digest.as_ref().filter(|_| folder == path)?;
            Some((&*record.path, digest.language, digest.module.as_deref()?))
        })
    }
}

/// `tokio::runtime` for `tokio/src/runtime`.
fn rust_path(path: &str, package: &Package) -> String {
    let inside = path.strip_prefix(&*package.root).unwrap_or(path).trim_start_matches('/');
    let inside = inside.strip_prefix("src/").unwrap_or(inside);
    format!("{}::{}", package.name.replace('-', "_"), inside.replace('/', "::"))
}

impl Evidence {
    pub(super) fn rule(rule: impl Into<Cow<'static, str>>) -> Self {
        Self { rule: rule.into(), file: None }
    }

    pub(super) fn file(rule: impl Into<Cow<'static, str>>, file: &str) -> Self {
        Self { rule: rule.into(), file: Some(file.into()) }
    }
}
