//! The files of a control plane, wherever they come from: bounded, regular, and only those that belong.

use super::{NEW, PlaneError, diff, git};
use crate::check::check;
use crate::schema;
use crate::search::CORE;
use crate::source::{digest_of, read_bytes};
use crate::tree::{Below, below};
use crate::yaml::{self, Budget};
use semver::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) const VERSION: &str = "VERSION";
/// Bytes of one file at most.
pub(super) const MAX_FILE: u64 = 1 << 20;
/// Bytes of all files at most.
const MAX_TOTAL: usize = 16 << 20;
/// Files at the top that belong to a bundle; all else at the top is left alone.
const FILES: [&str; 4] = [CORE, VERSION, "CHANGELOG.md", "README.md"];
/// Folders at the top that belong to a bundle.
const FOLDERS: [&str; 2] = ["templates", "policies"];

/// The files of one version of a control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) version: Option<Version>,
    pub(super) commit: Option<String>,
    /// What the work tree has otherwise than the commit.
    pub(super) uncommitted: Vec<String>,
}

/// Where an installed bundle came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The directory or git repository.
    pub source: PathBuf,
    /// The revision that was asked for, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The commit, where the source is a git repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The version of the bundle.
    pub version: String,
    /// Hash over its files.
    pub sha256: String,
}

impl Bundle {
    /// Reads and checks a bundle: a git repository (bare or with a work tree) or a tracked folder of one at a revision or
    /// its `HEAD`, or else a plain directory. A `VERSION`, a `core.yaml` that fits the schema, and no links are required.
    ///
    /// # Errors
    /// [`PlaneError::Source`] or [`PlaneError::NotABundle`].
    pub fn read(source: &Path, revision: Option<&str>) -> Result<Self, PlaneError> {
        let name = source.display().to_string();
        let read = || -> Result<Self, String> {
            if let Some(mut bundle) = git::read(source, revision)? {
                if revision.is_none()
                    && git::has_work_tree(source)
                    && let Ok(there) = Self::from_directory(source, false)
                {
                    let differing = diff::between(&bundle, &there);
                    bundle.uncommitted = differing.into_iter().map(|drift| drift.path).collect();
                }
                Ok(bundle)
            } else if revision.is_some() {
                Err("a revision needs a git repository that tracks it".to_owned())
            } else if name.contains("://") || name.starts_with("git@") {
                Err("it is not on this machine; clone it first, Codexa fetches nothing".to_owned())
            } else {
                Self::from_directory(source, true)
            }
        };
        let bundle = read().map_err(|reason| PlaneError::Source { source_name: name.clone(), reason })?;
        bundle.validate().map_err(|reason| PlaneError::NotABundle { source_name: name, reason })?;
        Ok(bundle)
    }

    /// The files of a control plane on disk as they are, or `None` when there is no such directory.
    pub(super) fn installed(plane: &Path) -> Result<Option<Self>, PlaneError> {
        if !plane.is_dir() {
            return Ok(None);
        }
        let read = Self::from_directory(plane, false);
        let failed = |reason| PlaneError::Source { source_name: plane.display().to_string(), reason };
        read.map(|bundle| (!bundle.files.is_empty()).then_some(bundle)).map_err(failed)
    }

    fn from_directory(directory: &Path, strict: bool) -> Result<Self, String> {
        let mut bundle = Self::default();
        let kind = |path: &Path| path.symlink_metadata().ok().map(|metadata| metadata.file_type());
        if !directory.is_dir() {
            return Err("there is no such directory".to_owned());
        }
        for name in FILES {
            match kind(&directory.join(name)) {
                Some(kind) if kind.is_file() => bundle.add_from(directory, name)?,
                Some(_) if strict => return Err(format!("`{name}` is not a regular file")),
                _ => {}
            }
        }
        for folder in FOLDERS {
            match kind(&directory.join(folder)) {
                Some(kind) if kind.is_dir() => {
                    let Below { files, others } = below(&directory.join(folder)).map_err(|error| error.to_string())?;
                    if let Some(other) = others.first().filter(|_| strict) {
                        return Err(format!("`{folder}/{other}` is not a regular file with a UTF-8 name"));
                    }
                    for path in files {
                        bundle.add_from(directory, &format!("{folder}/{path}"))?;
                    }
                }
                Some(_) if strict => return Err(format!("`{folder}` is not a folder")),
                _ => {}
            }
        }
        Ok(bundle)
    }

    fn add_from(&mut self, directory: &Path, path: &str) -> Result<(), String> {
        let bytes = read_bytes(&directory.join(path), MAX_FILE).map_err(|error| format!("`{path}`: {error}"))?;
        self.add(path.to_owned(), bytes)
    }

    /// Adds a file within the bounds of a bundle.
    pub(super) fn add(&mut self, path: String, bytes: Vec<u8>) -> Result<(), String> {
        if path == VERSION {
            self.version = parse_version(&bytes);
        }
        self.files.insert(path, bytes);
        let total: usize = self.files.values().map(Vec::len).sum();
        if total > MAX_TOTAL { Err(format!("it holds more than {MAX_TOTAL} bytes")) } else { Ok(()) }
    }

    /// Whether a path belongs into a bundle.
    pub(super) fn belongs(path: &str) -> bool {
        FILES.contains(&path) || path.split_once('/').is_some_and(|(top, _)| FOLDERS.contains(&top))
    }

    fn validate(&self) -> Result<(), String> {
        if self.version.is_none() {
            return Err("`VERSION` is missing or not a semantic version such as 1.2.0".to_owned());
        }
        let core = self.files.get(CORE).ok_or_else(|| "`core.yaml` is missing".to_owned())?;
        let text = std::str::from_utf8(core).map_err(|_| "`core.yaml` is not UTF-8".to_owned())?;
        let tree = yaml::parse(text, Budget::SETTINGS)
            .map_err(|error| format!("core.yaml:{}:{}: {error}", error.span.line, error.span.column))?;
        match check(&tree, &schema::settings()).first() {
            Some(first) => Err(format!("core.yaml:{}:{}: {}", first.span.line, first.span.column, first.message)),
            None => Ok(()),
        }
    }

    /// One hash over all files.
    #[must_use]
    pub fn sha256(&self) -> String {
        digest_of(self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
    }

    /// The files that neither `control-plane init` nor another bundle has like this.
    pub(super) fn made_here(&self, other: &Self) -> Vec<String> {
        let is_new = |path: &str, bytes: &[u8]| NEW.iter().any(|(new, text)| *new == path && text.as_bytes() == bytes);
        let own =
            self.files.iter().filter(|(path, bytes)| other.files.get(*path) != Some(bytes) && !is_new(path, bytes));
        own.map(|(path, _)| path.clone()).collect()
    }

    pub(super) fn origin(&self, source: PathBuf, revision: Option<String>) -> Origin {
        Origin {
            source,
            revision,
            commit: self.commit.clone(),
            version: self.version.as_ref().map(ToString::to_string).unwrap_or_default(),
            sha256: self.sha256(),
        }
    }
}

pub(super) fn parse_version(bytes: &[u8]) -> Option<Version> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
}
