//! The global control plane, `~/.config/codexa/`: settings, templates and policies that projects inherit.
//!
//! It is a *bundle* of files with a semantic version. [`Plane::sync`] installs one from a directory or a git repository on
//! disk and keeps a pristine copy beside it (`.bundle/`), so that local edits show as drift and nothing needs the
//! source again. Installing swaps whole directories: a crash leaves the old or the new one.

mod answers;
mod bundle;
mod diff;
mod error;
mod git;
mod swap;

pub use answers::{Status, SyncRequest, Synced, Upstream};
pub use bundle::{Bundle, Origin};
pub use diff::{FileDrift, State};
pub use error::PlaneError;

use crate::scaffold::is_missing;
use crate::search::CORE;
use crate::source::read_bytes;
use semver::Version;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The pristine copy of what was installed last, inside the control plane.
const PRISTINE: &str = ".bundle";
/// Where the pristine copy came from, as JSON.
const ORIGIN: &str = "origin.json";

/// What a new control plane holds.
const NEW: [(&str, &str); 5] = [
    ("CHANGELOG.md", include_str!("../../templates/control-plane/CHANGELOG.md")),
    ("VERSION", include_str!("../../templates/control-plane/VERSION")),
    ("core.yaml", include_str!("../../templates/control-plane/core.yaml")),
    ("policies/README.md", include_str!("../../templates/control-plane/policies/README.md")),
    ("templates/README.md", include_str!("../../templates/control-plane/templates/README.md")),
];

/// The control plane at one place, whether or not it is there.
#[derive(Clone, Debug)]
pub struct Plane {
    path: PathBuf,
}

impl Plane {
    /// The control plane at this path.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is or would be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether its settings file is there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.join(CORE).exists()
    }

    /// Makes what is missing of a new control plane and overwrites nothing; gives each path and whether it is new.
    ///
    /// # Errors
    /// [`PlaneError::Write`] or [`PlaneError::InTheWay`].
    pub fn init(&self, dry_run: bool) -> Result<Vec<(PathBuf, bool)>, PlaneError> {
        let lock = if dry_run { None } else { Some(swap::lock(&self.path)?) };
        let fresh = self.path.symlink_metadata().is_err();
        if fresh && !dry_run {
            swap::install(&self.path, NEW.iter().map(|(path, text)| (*path, text.as_bytes())))?;
        }
        let mut missing = BTreeSet::new();
        // From its parent, so that the folder itself is looked at too.
        let above = self.path.parent().unwrap_or(&self.path);
        let name = self.path.file_name().map(Path::new).unwrap_or(Path::new(""));
        for (path, _) in NEW {
            if fresh || is_missing(above, &name.join(path))? {
                missing.insert(path);
            }
        }
        let mut made = Vec::new();
        for (path, text) in NEW {
            let file = self.path.join(path);
            let missing = missing.contains(path);
            if missing && !fresh && !dry_run {
                let failed = |source| PlaneError::Write { path: file.clone(), source };
                std::fs::create_dir_all(file.parent().unwrap_or(&self.path)).map_err(failed)?;
                crate::scaffold::write_new(&file, text).map_err(failed)?;
            }
            made.push((file, missing));
        }
        drop(lock);
        Ok(made)
    }

    /// Installs a bundle in place of what is there.
    ///
    /// # Errors
    /// See [`PlaneError`]; the control plane is then as it was.
    pub fn sync(&self, request: &SyncRequest) -> Result<Synced, PlaneError> {
        // A dry run leaves no trace, not even of its lock.
        let lock = if request.dry_run { None } else { Some(swap::lock(&self.path)?) };
        let remembered = self.origin();
        let (source, revision) = match (&request.source, &remembered) {
            (Some(source), _) => (source.clone(), request.revision.clone()),
            (None, Some(origin)) => {
                (origin.source.clone(), request.revision.clone().or_else(|| origin.revision.clone()))
            }
            (None, None) => return Err(PlaneError::NoSource),
        };
        self.refuse_itself(&source)?;
        let offered = Bundle::read(&source, revision.as_deref())?;
        let installed = Bundle::installed(&self.path)?;
        let edited = self.edited()?;
        if !request.discard_edits && installed.as_ref().is_some_and(|now| now.files != offered.files) {
            if !edited.is_empty() {
                return Err(PlaneError::Edited(edited.into_iter().map(|drift| drift.path).collect()));
            }
            let own = installed.as_ref().filter(|_| remembered.is_none()).map(|now| now.made_here(&offered));
            if let Some(own) = own.filter(|own| !own.is_empty()) {
                return Err(PlaneError::NeverSynced(own));
            }
        }
        let before = installed.as_ref().and_then(|bundle| bundle.version.clone());
        if let (Some(now), Some(next)) = (&before, &offered.version)
            && next < now
            && !request.allow_older
        {
            return Err(PlaneError::Older { offered: next.clone(), installed: now.clone() });
        }
        let nothing = Bundle::default();
        let changed = diff::between(installed.as_ref().unwrap_or(&nothing), &offered);
        let origin = offered.origin(source, revision);
        let same = changed.is_empty() && remembered.as_ref() == Some(&origin);
        if !same && !request.dry_run {
            swap::replace(&self.path, &offered, &origin)?;
        }
        drop(lock);
        Ok(Synced {
            before: before.map(|version| version.to_string()),
            version: origin.version.clone(),
            installed: !same && !request.dry_run,
            origin,
            changed,
            uncommitted: offered.uncommitted,
        })
    }

    /// Syncing with itself would make each edit its own source, and the next sync would take it away without a word.
    fn refuse_itself(&self, source: &Path) -> Result<(), PlaneError> {
        match (source.canonicalize(), self.path.canonicalize()) {
            (Ok(source), Ok(plane)) if source.starts_with(&plane) => Err(PlaneError::Itself(source)),
            _ => Ok(()),
        }
    }

    /// What is installed, what was edited here, and whether the source has moved on.
    ///
    /// # Errors
    /// [`PlaneError::Source`] when the control plane itself cannot be read.
    pub fn status(&self) -> Result<Status, PlaneError> {
        let installed = Bundle::installed(&self.path)?;
        let origin = self.origin();
        let upstream = match &origin {
            None => Upstream::None,
            Some(origin) => match Bundle::read(&origin.source, origin.revision.as_deref()) {
                Ok(now) if now.sha256() == origin.sha256 => Upstream::Same,
                Ok(now) => {
                    Upstream::Changed { version: now.version.map(|version| version.to_string()).unwrap_or_default() }
                }
                Err(error) => Upstream::Unreachable { reason: error.to_string() },
            },
        };
        Ok(Status {
            path: self.path.clone(),
            version: version(&self.path).ok().map(|version| version.to_string()),
            sha256: installed.as_ref().map(Bundle::sha256),
            origin,
            edited: self.edited()?,
            upstream,
        })
    }

    /// Line by line: what was edited here since the last sync.
    ///
    /// # Errors
    /// [`PlaneError::Source`] when the control plane itself cannot be read.
    pub fn edited(&self) -> Result<Vec<FileDrift>, PlaneError> {
        let Some(pristine) = self.pristine()? else { return Ok(Vec::new()) };
        let installed = Bundle::installed(&self.path)?.unwrap_or_default();
        Ok(diff::between(&pristine, &installed))
    }

    /// Line by line: what the source has that was not installed yet.
    ///
    /// # Errors
    /// [`PlaneError::NoSource`], or why the source cannot be read.
    pub fn incoming(&self) -> Result<Vec<FileDrift>, PlaneError> {
        let origin = self.origin().ok_or(PlaneError::NoSource)?;
        let pristine = self.pristine()?.unwrap_or_default();
        Ok(diff::between(&pristine, &Bundle::read(&origin.source, origin.revision.as_deref())?))
    }

    fn origin(&self) -> Option<Origin> {
        let bytes = read_bytes(&self.path.join(PRISTINE).join(ORIGIN), 1 << 16).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn pristine(&self) -> Result<Option<Bundle>, PlaneError> {
        Bundle::installed(&self.path.join(PRISTINE).join("files"))
    }
}

/// The version of the control plane at a path.
///
/// # Errors
/// [`PlaneError::Missing`] or [`PlaneError::Version`].
pub fn version(plane: &Path) -> Result<Version, PlaneError> {
    let file = plane.join(bundle::VERSION);
    let bytes = read_bytes(&file, 256).map_err(|error| {
        if error.is_missing() { PlaneError::Missing(plane.to_owned()) } else { PlaneError::Version(file.clone()) }
    })?;
    bundle::parse_version(&bytes).ok_or(PlaneError::Version(file))
}
