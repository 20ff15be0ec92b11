//! `codexa init`: a `.codexa/` with useful contents. What is there already stays as it is.

use crate::search::{FILE, FOLDER};
use crate::settings::Maturity;
use crate::source::{digest_of, read_bytes};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The built-in files of a `.codexa/`.
const BUILT_IN: [(&str, &str); 11] = [
    (".gitignore", include_str!("../templates/project/.gitignore")),
    ("README.md", include_str!("../templates/project/README.md")),
    ("agents/README.md", include_str!("../templates/project/agents/README.md")),
    ("agents/implementation.md", include_str!("../templates/project/agents/implementation.md")),
    ("config.yaml", include_str!("../templates/project/config.yaml")),
    ("manifests/README.md", include_str!("../templates/project/manifests/README.md")),
    ("project_metadata.yaml", include_str!("../templates/project/project_metadata.yaml")),
    ("rules/README.md", include_str!("../templates/project/rules/README.md")),
    ("rules/people.yaml", include_str!("../templates/project/rules/people.yaml")),
    ("workflows/README.md", include_str!("../templates/project/workflows/README.md")),
    ("workflows/build.yaml", include_str!("../templates/project/workflows/build.yaml")),
];

/// The files that `init` writes, markers not yet filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    files: BTreeMap<String, String>,
}

impl Templates {
    /// The built-in templates, and over them `templates/codexa/` of a control plane. What cannot be read there is left
    /// out: the built-in file holds.
    #[must_use]
    pub fn load(plane: Option<&Path>) -> Self {
        let mut files: BTreeMap<String, String> =
            BUILT_IN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        if let Some(plane) = plane {
            let folder = plane.join("templates/codexa");
            for path in crate::tree::below(&folder).unwrap_or_default().files {
                let text =
                    read_bytes(&folder.join(&path), 1 << 20).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                files.extend(text.map(|text| (path, text)));
            }
        }
        Self { files }
    }

    /// One SHA-256 over all of them.
    #[must_use]
    pub fn hash(&self) -> String {
        digest_of(self.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))
    }
}

/// What to scaffold.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The project's directory.
    pub root: PathBuf,
    /// The level that the files say; a `config.yaml` that is there already decides instead.
    pub maturity: Maturity,
    /// A name for people.
    pub name: String,
    /// The project's id.
    pub id: uuid::Uuid,
    /// What `config.yaml` extends.
    pub extends: Vec<String>,
    /// The templates.
    pub templates: Templates,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Relative to the project.
    pub path: String,
    /// Whether it is new; `false` when a file was there already and stayed.
    pub created: bool,
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// Writing failed; files made before it are whole and stay.
    #[error("`{}` cannot be written", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something else stands where a file or a folder has to be.
    #[error("`{}` is in the way: it is not a {wanted}", .path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
        /// `file` or `folder`.
        wanted: &'static str,
    },
    /// `.codexa/` or a folder in it is a link out of the project.
    #[error("`{}` leads outside the project", .path.display())]
    Outside {
        /// The folder.
        path: PathBuf,
    },
}

impl Plan {
    /// Makes what is missing; with `dry_run` only says what would be made.
    ///
    /// # Errors
    /// See [`ScaffoldError`].
    pub fn carry_out(&self, dry_run: bool) -> Result<Vec<Outcome>, ScaffoldError> {
        let failed = |path: &Path, source| ScaffoldError::Write { path: path.to_owned(), source };
        let root = self.root.canonicalize().map_err(|error| failed(&self.root, error))?;
        let maturity = existing_maturity(&root).unwrap_or(self.maturity);
        let paths: Vec<PathBuf> = self.templates.files.keys().map(|path| Path::new(FOLDER).join(path)).collect();
        let missing = missing(&root, &paths)?;
        let mut outcomes = Vec::new();
        for (path, template) in &self.templates.files {
            let below = Path::new(FOLDER).join(path);
            let file = root.join(&below);
            let created = missing.contains(&below);
            if created && !dry_run {
                let folder = file.parent().unwrap_or(&root);
                std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
                inside(&root, folder)?;
                write_new(&file, &self.filled_in(template, maturity)).map_err(|error| failed(&file, error))?;
            }
            outcomes.push(Outcome { path: format!("{FOLDER}/{path}"), created });
        }
        Ok(outcomes)
    }

    fn filled_in(&self, template: &str, maturity: Maturity) -> String {
        template
            .replace("{{id}}", &self.id.to_string())
            .replace("{{maturity}}", &maturity.to_string())
            .replace("{{extends}}", &self.extends_text())
            .replace("{{next_level}}", &next_level(maturity))
            .replace("{{template_hash}}", &self.templates.hash())
            .replace("{{name}}", &quoted(&self.name))
    }

    fn extends_text(&self) -> String {
        let names: Vec<String> = self.extends.iter().map(|name| quoted(name)).collect();
        let line = match names.as_slice() {
            [] => "# extends: control-plane".to_owned(),
            [one] => format!("extends: {one}"),
            several => format!("extends: [{}]", several.join(", ")),
        };
        format!(
            "# Files to build on: relative to this one, `~/…`, or `control-plane[:PATH]`. This file overrides them.\n{line}\n"
        )
    }
}

/// YAML in double quotes, which JSON's escapes are a subset of.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn next_level(maturity: Maturity) -> String {
    let criteria: &[(&str, &str)] = match maturity.next() {
        None => return "  criteria: []\n".to_owned(),
        Some(Maturity::M1) | Some(Maturity::M0) => &[
            ("design-reviewed", "Every change has a specification and a plan that someone other than its author read"),
            ("tests-linked", "Every requirement in use has a test that is linked to it"),
            ("build-repeatable", "Build and tests run from a fresh clone with one command each"),
        ],
        Some(Maturity::M2) => &[
            ("traceable", "Requirements, changes and tests are linked in both directions without gaps"),
            ("impact-known", "The impact of a change is computed and read before it is approved"),
            ("release-governed", "Releases have an approver who did not write them, and waivers have an end"),
        ],
    };
    let mut text = String::new();
    if let Some(next) = maturity.next() {
        text.push_str(&format!("  next_level: {next}\n"));
    }
    text.push_str("  criteria:\n");
    for (id, criterion) in criteria {
        text.push_str(&format!("    - id: {id}\n      text: {criterion}\n      met: false\n"));
    }
    text
}

/// The maturity that a `config.yaml` says which is there already.
fn existing_maturity(root: &Path) -> Option<Maturity> {
    let bytes = read_bytes(&root.join(FOLDER).join(FILE), 1 << 20).ok()?;
    let tree = crate::yaml::parse(&String::from_utf8(bytes).ok()?, crate::yaml::Budget::SETTINGS).ok()?;
    serde_json::from_value(tree.entry("maturity")?.node.to_json()).ok()
}

/// Which of the files do not exist yet. That all of them can is known before the first one is made.
fn missing(root: &Path, paths: &[PathBuf]) -> Result<BTreeSet<PathBuf>, ScaffoldError> {
    let mut missing = BTreeSet::new();
    for path in paths {
        let file = root.join(path);
        if is_missing(root, path)? {
            inside(root, file.parent().unwrap_or(root))?;
            missing.insert(path.clone());
        }
    }
    Ok(missing)
}

/// Whether a file is yet to be made. What stands there counts as the file only when it is one, and what stands above it
/// only when it is a folder; a link counts as what it leads to.
pub(crate) fn is_missing(root: &Path, path: &Path) -> Result<bool, ScaffoldError> {
    let mut at = root.to_owned();
    let mut parts = path.components().peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let wanted = if parts.peek().is_some() { "folder" } else { "file" };
        match at.metadata() {
            Ok(found) if found.is_dir() == (wanted == "folder") && (found.is_dir() || found.is_file()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound && at.symlink_metadata().is_err() => return Ok(true),
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(ScaffoldError::Write { path: at, source: error });
            }
            _ => return Err(ScaffoldError::InTheWay { path: at, wanted }),
        }
    }
    Ok(false)
}

/// Whether the nearest part of a path that exists lies in the project.
fn inside(root: &Path, folder: &Path) -> Result<(), ScaffoldError> {
    let existing = folder.ancestors().find_map(|above| above.canonicalize().ok());
    match existing {
        Some(real) if real.starts_with(root) => Ok(()),
        _ => Err(ScaffoldError::Outside { path: folder.to_owned() }),
    }
}

/// Writes a whole new file or nothing; a file that appeared meanwhile stays.
pub(crate) fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    let mut file = tempfile::Builder::new()
        .prefix(".codexa-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}
