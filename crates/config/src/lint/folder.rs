//! What belongs into `.codexa/`, and whether it is of the kind that it should be.

use super::metadata::metadata;
use crate::chain;
use crate::merge::Resolved;
use crate::scope::Scope;
use crate::search::{FILE, FOLDER};
use crate::source::{Source, read_text};
use crate::tree::{Below, below};
use crate::yaml::{self, Budget};
use codexa_model::Diagnostic;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// Files that belong into `.codexa/` beside `config.yaml`.
const FILES: [&str; 3] = ["README.md", "project_metadata.yaml", ".gitignore"];
/// Folders that belong there.
const FOLDERS: [&str; 4] = ["agents", "rules", "workflows", "manifests"];
/// Folders whose YAML people write. What it has to say is not checked here, only that it can be read.
const WRITTEN_BY_PEOPLE: [&str; 3] = ["agents", "rules", "workflows"];
/// YAML files that are checked in each of them.
const MAX_FILES: usize = 100;

/// What is missing from `.codexa/`, what is broken in it, and whether its metadata fits. Returns the files that
/// diagnostics point into. `values` are the settings, where every file of them could be read.
pub(crate) fn project_folder(
    root: &Path,
    scope: &Scope,
    values: Option<&BTreeMap<String, Resolved>>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Source> {
    let folder = root.join(FOLDER);
    if !folder.join(FILE).exists() {
        return Vec::new();
    }
    let mut missing = Vec::new();
    for name in FILES {
        match standing(&folder.join(name)) {
            None => missing.push(name.to_owned()),
            Some(Kind::File) => {}
            Some(_) => found.push(wrong_kind(name, "file")),
        }
    }
    for name in FOLDERS {
        match standing(&folder.join(name)) {
            None => missing.push(format!("{name}/")),
            Some(Kind::Folder) => {}
            Some(_) => found.push(wrong_kind(name, "folder")),
        }
    }
    if !missing.is_empty() {
        let problem = Diagnostic::warning("CONFIG_INCOMPLETE", format!("`.codexa/` lacks {}", missing.join(", ")));
        found.push(problem.with_help("`codexa init` adds what is missing and overwrites nothing"));
    }
    let mut sources = Vec::new();
    if standing(&folder.join("project_metadata.yaml")) == Some(Kind::File) {
        sources.extend(metadata(&folder.join("project_metadata.yaml"), scope, values, found));
    }
    for name in WRITTEN_BY_PEOPLE {
        if standing(&folder.join(name)) == Some(Kind::Folder) {
            written_by_people(&folder.join(name), scope, found, &mut sources);
        }
    }
    sources
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    /// A link to nowhere, or none of the two.
    Other,
}

/// What stands at a path, links followed; `None` when there is nothing.
fn standing(path: &Path) -> Option<Kind> {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => Some(Kind::File),
        Ok(metadata) if metadata.is_dir() => Some(Kind::Folder),
        Ok(_) => Some(Kind::Other),
        Err(_) => path.symlink_metadata().is_ok().then_some(Kind::Other),
    }
}

fn wrong_kind(name: &str, wanted: &str) -> Diagnostic {
    let code = if wanted == "file" { "CONFIG_NOT_A_FILE" } else { "CONFIG_NOT_A_FOLDER" };
    Diagnostic::error(code, format!("`{FOLDER}/{name}` is not a {wanted}"))
        .with_help("move it away; `codexa init` then adds what is missing")
}

/// Every YAML file below a folder: can it be read, and does it lie in the project?
fn written_by_people(folder: &Path, scope: &Scope, found: &mut Vec<Diagnostic>, sources: &mut Vec<Source>) {
    let shown = |path: &Path| scope.shown(path).display().to_string();
    let allowed = folder.canonicalize().ok().filter(|real| scope.allows(real));
    let Some(real) = allowed else { return found.push(outside(&shown(folder))) };
    let Below { files, others } = match below(&real) {
        Ok(below) => below,
        Err(error) => {
            let problem =
                Diagnostic::error("CONFIG_UNREADABLE", format!("`{}` cannot be read: {error}", shown(folder)));
            return found.push(problem.with_help("keep in it what is read there, and give this user read access"));
        }
    };
    let is_yaml = |path: &&String| path.ends_with(".yaml") || path.ends_with(".yml");
    let mut yaml: Vec<&String> = files.iter().chain(&others).filter(is_yaml).collect();
    yaml.sort();
    for path in yaml.iter().take(MAX_FILES) {
        let file = folder.join(path);
        match file.canonicalize() {
            Ok(real) if !scope.allows(&real) => found.push(outside(&shown(&file))),
            Err(error) if error.kind() == ErrorKind::NotFound => found.push(to_nowhere(&shown(&file))),
            _ => sources.extend(read_as_yaml(&file, scope, found)),
        }
    }
    if let Some(more) = yaml.len().checked_sub(MAX_FILES).filter(|more| *more > 0) {
        let message = format!("`{}` has {more} more YAML files, which were not checked", shown(folder));
        found.push(Diagnostic::warning("CONFIG_UNCHECKED", message).with_help("keep fewer files there"));
    }
}

/// The file, where something is wrong with its YAML.
fn read_as_yaml(file: &Path, scope: &Scope, found: &mut Vec<Diagnostic>) -> Option<Source> {
    match read_text(file, scope.shown(file), Budget::SETTINGS.bytes as u64) {
        Err(error) => {
            found.push(chain::unreadable(&scope.shown(file), &error, None));
            None
        }
        Ok(source) => {
            let error = yaml::parse(&source.text, Budget::SETTINGS).err()?;
            found.push(chain::not_yaml(&source, &error));
            Some(source)
        }
    }
}

pub(super) fn to_nowhere(shown: &str) -> Diagnostic {
    Diagnostic::error("CONFIG_NOT_FOUND", format!("`{shown}` is a link to a file that does not exist"))
        .with_help("make the file, or replace the link by the file itself")
}

pub(super) fn outside(shown: &str) -> Diagnostic {
    Diagnostic::error("CONFIG_OUTSIDE", format!("`{shown}` is a link that leads outside the project"))
        .with_help("put the file itself there; nothing outside the project is read")
}
