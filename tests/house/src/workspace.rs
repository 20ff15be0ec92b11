//! The workspace as files: its members, their manifests and their sources.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml::Table;

/// A workspace on disk.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// The root manifest.
    pub manifest: Table,
    /// Its members, by name.
    pub members: Vec<Member>,
}

/// One package.
#[derive(Debug)]
pub struct Member {
    /// The package's name.
    pub name: String,
    /// Its folder, relative to the root, with `/`.
    pub dir: String,
    /// Its manifest.
    pub manifest: Table,
    /// Its Rust files, by path.
    pub sources: Vec<Source>,
}

/// One Rust file.
#[derive(Debug)]
pub struct Source {
    /// Path relative to the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why a workspace could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A manifest is not TOML.
    #[error("{path} is not TOML: {source}")]
    Toml {
        /// The manifest.
        path: PathBuf,
        /// Where and why.
        source: toml::de::Error,
    },
    /// A manifest lacks what the rules need.
    #[error("{path} has no `{key}`")]
    Missing {
        /// The manifest.
        path: PathBuf,
        /// The key that is not there.
        key: &'static str,
    },
}

impl Workspace {
    /// Reads the workspace whose root manifest lies in `root`.
    ///
    /// # Errors
    /// When a manifest or a source cannot be read, or a manifest does not say what a manifest must.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let manifest = read_manifest(&root.join("Cargo.toml"))?;
        let missing = || Error::Missing { path: root.join("Cargo.toml"), key: "workspace.members" };
        let patterns = manifest
            .get("workspace")
            .and_then(|workspace| workspace.get("members"))
            .and_then(|members| members.as_array())
            .ok_or_else(missing)?;

        let mut members = Vec::new();
        for pattern in patterns.iter().filter_map(|pattern| pattern.as_str()) {
            match pattern.strip_suffix("/*") {
                Some(parent) => {
                    for dir in entries(&root.join(parent))? {
                        if dir.join("Cargo.toml").is_file() {
                            members.push(Member::read(root, &dir)?);
                        }
                    }
                }
                None => members.push(Member::read(root, &root.join(pattern))?),
            }
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { root: root.to_owned(), manifest, members })
    }

    /// Every Rust file of every member.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.members.iter().flat_map(|member| &member.sources)
    }

    /// The text of a file of the repository; `None` where it is not there or is no text.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// Whether the path leads to a file or folder of the repository.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }
}

impl Member {
    fn read(root: &Path, dir: &Path) -> Result<Self, Error> {
        let path = dir.join("Cargo.toml");
        let manifest = read_manifest(&path)?;
        let name = manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(|name| name.as_str())
            .ok_or(Error::Missing { path, key: "package.name" })?
            .to_owned();

        let mut sources = Vec::new();
        for part in ["src", "tests", "benches", "examples", "build.rs"] {
            collect_sources(root, &dir.join(part), &mut sources)?;
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { name, dir: relative(root, dir), manifest, sources })
    }

    /// The dependencies of one kind (`dependencies`, `dev-dependencies`, `build-dependencies`), in the manifest's order.
    pub fn dependencies(&self, kind: &str) -> impl Iterator<Item = (&str, &toml::Value)> {
        self.manifest
            .get(kind)
            .and_then(|table| table.as_table())
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
    }
}

fn collect_sources(root: &Path, path: &Path, into: &mut Vec<Source>) -> Result<(), Error> {
    if path.is_dir() {
        // Fixtures are other people's programs, whatever their names say.
        if path.file_name().is_some_and(|name| name == "fixtures" || name == "snapshots") {
            return Ok(());
        }
        for entry in entries(path)? {
            collect_sources(root, &entry, into)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
        let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        into.push(Source { path: relative(root, path), text });
    }
    Ok(())
}

/// What lies directly in a folder, sorted.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::Read { path: dir.to_owned(), source };
    let mut found = fs::read_dir(dir)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    found.sort();
    Ok(found)
}

fn read_manifest(path: &Path) -> Result<Table, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    text.parse().map_err(|source| Error::Toml { path: path.to_owned(), source })
}

fn relative(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path);
    parts.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
