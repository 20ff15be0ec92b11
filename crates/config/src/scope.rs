//! Where a settings file may lie: inside the project or inside the control plane, symbolic links resolved.

use crate::options::Options;
use crate::search::{CORE, FILE};
use std::path::{Component, Path, PathBuf};

/// The two places that settings may name files in.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    project: PathBuf,
    plane: Option<PathBuf>,
    plane_real: Option<PathBuf>,
    home: Option<PathBuf>,
}

/// Why a name in `extends` does not lead to a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It leads outside the project and the control plane.
    Outside,
    /// There is no such file.
    Missing,
    /// `~` or `control-plane` without a home directory.
    NoHome,
}

impl Scope {
    /// `project` has its symbolic links resolved.
    pub(crate) fn new(project: &Path, options: &Options) -> Self {
        let plane = options.control_plane();
        let plane_real = plane.as_deref().and_then(|plane| plane.canonicalize().ok());
        Self { project: project.to_owned(), plane, plane_real, home: options.home() }
    }

    /// Whether a resolved path lies in the control plane.
    pub(crate) fn in_plane(&self, real: &Path) -> bool {
        self.plane_real.as_deref().is_some_and(|plane| real.starts_with(plane))
    }

    /// Whether a resolved path may be read.
    pub(crate) fn allows(&self, real: &Path) -> bool {
        real.starts_with(&self.project) || self.in_plane(real)
    }

    /// Resolves a name as `extends` has it: relative to the file that holds it, `~/…`, or `control-plane[:PATH]`. The
    /// disk is not touched for a name that cannot lie inside. What the control plane names stays in the control plane.
    pub(crate) fn locate(&self, name: &str, holder: &Path) -> Result<PathBuf, Refusal> {
        let path = if name == "control-plane" {
            self.plane.clone().ok_or(Refusal::NoHome)?
        } else if let Some(below) = name.strip_prefix("control-plane:") {
            self.plane.as_deref().ok_or(Refusal::NoHome)?.join(below)
        } else if let Some(below) = name.strip_prefix("~/").or_else(|| (name == "~").then_some("")) {
            self.home.as_deref().ok_or(Refusal::NoHome)?.join(below)
        } else {
            holder.parent().unwrap_or(holder).join(name)
        };
        let path = without_dots(&path);
        let holder_in_plane = self.in_plane(holder);
        let near = |root: &Option<PathBuf>| root.as_deref().is_some_and(|root| path.starts_with(root));
        let possible =
            (path.starts_with(&self.project) && !holder_in_plane) || near(&self.plane) || near(&self.plane_real);
        if !possible {
            return Err(Refusal::Outside);
        }
        let mut real = path.canonicalize().map_err(|_| Refusal::Missing)?;
        if real.is_dir() {
            let core = real.join(CORE);
            let file = if core.exists() { core } else { real.join(FILE) };
            real = file.canonicalize().map_err(|_| Refusal::Missing)?;
        }
        let inside = if holder_in_plane { self.in_plane(&real) } else { self.allows(&real) };
        if inside { Ok(real) } else { Err(Refusal::Outside) }
    }

    /// How people see a file: relative to the project where it lies inside, else the whole path.
    /// Always UTF-8, so that every format can say it.
    pub(crate) fn shown(&self, real: &Path) -> PathBuf {
        let shown = real.strip_prefix(&self.project).unwrap_or(real);
        PathBuf::from(shown.to_string_lossy().into_owned())
    }

    /// How machines name a file, the same for everyone: relative to the project, or `control-plane:core.yaml`.
    pub(crate) fn name(&self, real: &Path) -> String {
        let in_plane = self.plane_real.as_deref().and_then(|plane| real.strip_prefix(plane).ok());
        match in_plane {
            Some(below) => format!("control-plane:{}", below.display()),
            None => self.shown(real).display().to_string(),
        }
    }
}

/// The path without `.` and `..`, by its text alone.
#[must_use]
pub fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}
