//! Which project this is: the first `.codexa/` upward, the one that `--project` names, or none.

use crate::options::Options;
use std::path::{Path, PathBuf};

/// The folder that makes a directory a project.
pub const FOLDER: &str = ".codexa";
/// The settings file inside [`FOLDER`].
pub const FILE: &str = "config.yaml";
/// The settings file of the control plane.
pub const CORE: &str = "core.yaml";

/// Where settings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The project, or the directory that would be one; absolute, symbolic links resolved.
    pub(crate) root: PathBuf,
    /// The file to start from; `None` when only built-in values hold.
    pub(crate) start: Start,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A project's own file, which may turn out to be missing.
    Project(PathBuf),
    /// A file from `--config`: confined like the project's own, but it may lie anywhere.
    Named(PathBuf),
    /// The control plane alone.
    Global(PathBuf),
    /// Neither.
    BuiltIn,
}

/// Why there is nothing to resolve.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// `--project` or the working directory is not a directory.
    #[error("`{}` is not a directory that can be read", .path.display())]
    Directory {
        /// What was named.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

pub(crate) fn find(options: &Options) -> Result<Found, SearchError> {
    let asked = options.project.as_deref().map(|project| options.directory.join(project));
    let from = directory(asked.as_deref().unwrap_or(&options.directory))?;
    let root = match asked {
        Some(_) if from.file_name().is_some_and(|name| name == FOLDER) => from.parent().map(Path::to_path_buf),
        Some(_) => has_folder(&from).then(|| from.clone()),
        None => upward(&from),
    };
    if let Some(config) = &options.config {
        let file = options.directory.join(config);
        let beside = file.parent().filter(|parent| parent.ends_with(FOLDER)).and_then(Path::parent).map(directory);
        let root = match (root, beside) {
            (Some(root), _) if options.project.is_some() => root,
            (_, Some(Ok(beside))) => beside,
            (root, _) => root.unwrap_or(from),
        };
        let own = root.join(FOLDER).join(FILE);
        let same = file.canonicalize().is_ok_and(|real| real == own);
        return Ok(Found { root, start: if same { Start::Project(own) } else { Start::Named(file) } });
    }
    if let Some(root) = root {
        let file = root.join(FOLDER).join(FILE);
        return Ok(Found { root, start: Start::Project(file) });
    }
    let global = options.control_plane().map(|plane| plane.join(CORE)).filter(|core| core.exists());
    Ok(Found { root: from, start: global.map_or(Start::BuiltIn, Start::Global) })
}

/// The nearest folder with settings, up to the top of the repository: what lies above it belongs to something else.
fn upward(from: &Path) -> Option<PathBuf> {
    for above in from.ancestors() {
        if has_folder(above) {
            return Some(above.to_path_buf());
        }
        if above.join(".git").symlink_metadata().is_ok() {
            break;
        }
    }
    None
}

fn directory(path: &Path) -> Result<PathBuf, SearchError> {
    let failed = |source| SearchError::Directory { path: path.to_owned(), source };
    let resolved = path.canonicalize().map_err(failed)?;
    if resolved.is_dir() { Ok(resolved) } else { Err(failed(std::io::ErrorKind::NotADirectory.into())) }
}

/// What Codexa writes by itself, also where nobody has asked for a `.codexa/`: what runs leave, and what people answered to them.
const WRITTEN: [&str; 5] = ["annotations.yaml", "audit", "logs", "manifests", "state"];

/// Anything named `.codexa` counts, a file too: it is then reported as broken and not passed over. Only a folder that
/// holds no more than that is none: it has no settings to be broken.
fn has_folder(directory: &Path) -> bool {
    let folder = directory.join(FOLDER);
    let written = |entry: &std::fs::DirEntry| WRITTEN.iter().any(|name| entry.file_name() == *name);
    match std::fs::read_dir(&folder) {
        Ok(entries) => {
            let mut entries = entries.flatten().peekable();
            entries.peek().is_none() || !entries.all(|entry| written(&entry))
        }
        Err(_) => folder.symlink_metadata().is_ok(),
    }
}
