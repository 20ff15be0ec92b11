//! What radon, pygount and tokei print for the same files, without running them.
//!
//! A [`Profile`] names a tool and a command of it; [`run`] gives a [`Report`] that serialises to that tool's own JSON:
//!
//! | profile | mirrors | defined by |
//! | --- | --- | --- |
//! | `radon-cc` | `radon cc -j` | radon 6.0.1 on Python 3.11: `visitors.py`, `complexity.py` |
//! | `radon-raw` | `radon raw -j` | radon 6.0.1 on Python 3.11: `raw.py` and CPython's `tokenize` |
//! | `radon-mi` | `radon mi -j` | radon 6.0.1: `metrics.py` |
//! | `radon-hal` | `radon hal -j` | radon 6.0.1: `metrics.py`, `visitors.py` |
//! | `tokei` | `tokei -o json` | tokei 15, the library itself |
//! | `pygount` | `pygount --format json` | pygount 3.2.0 with Pygments 2.20.0 |
//!
//! Each tool runs with its defaults: no configuration file of the current folder or the home folder is read. Where a
//! result differs from the tool's, `known_differences.json` of this crate has a snippet that shows it and the reason;
//! the tests compare with the real tools.

mod parallel;
pub mod pygount;
mod python_text;
pub mod radon;
pub mod tokei;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A tool's output that can be printed from the same files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// Cyclomatic complexity per block: `radon cc -j`.
    RadonCc,
    /// Line counts per file: `radon raw -j`.
    RadonRaw,
    /// Maintainability index per file: `radon mi -j`.
    RadonMi,
    /// Halstead metrics per file and function: `radon hal -j`.
    RadonHal,
    /// Line classes per file and language: `pygount --format json`.
    Pygount,
    /// Line counts per language: `tokei -o json`.
    Tokei,
}

impl Profile {
    /// Every profile, in the order in which help lists them.
    pub const ALL: [Self; 6] =
        [Self::RadonCc, Self::RadonRaw, Self::RadonMi, Self::RadonHal, Self::Pygount, Self::Tokei];

    /// The name on the command line, such as `radon-cc`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RadonCc => "radon-cc",
            Self::RadonRaw => "radon-raw",
            Self::RadonMi => "radon-mi",
            Self::RadonHal => "radon-hal",
            Self::Pygount => "pygount",
            Self::Tokei => "tokei",
        }
    }

    /// The profile with that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

/// What the tools take from their command line.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// radon's `-i`: folder names (shell patterns) that are not entered, beside hidden ones.
    pub ignore: Vec<String>,
    /// radon's `-e`: whole paths (shell patterns) that are left out.
    pub exclude: Vec<String>,
    /// How many threads work; all of the machine's when absent. The result does not depend on it.
    pub threads: Option<NonZeroUsize>,
}

/// A tool's report; it serialises to that tool's own JSON.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Report {
    /// `radon cc -j`.
    RadonCc(radon::PerFile<Vec<radon::Block>>),
    /// `radon raw -j`.
    RadonRaw(radon::PerFile<radon::Raw>),
    /// `radon mi -j`.
    RadonMi(radon::PerFile<radon::Maintainability>),
    /// `radon hal -j`.
    RadonHal(radon::PerFile<radon::Halstead>),
    /// `pygount --format json`.
    Pygount(pygount::Report),
    /// `tokei -o json`.
    Tokei(Box<tokei::Report>),
}

/// Why there is no report at all. What goes wrong with one file is part of the report, as in the tools.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was named does not exist or cannot be looked at.
    #[error("cannot read {}: {source}", path.display())]
    Path {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The worker threads could not be started.
    #[error("cannot start worker threads: {0}")]
    Threads(std::io::Error),
}

/// Measures `paths` (files and folders) as the tool of `profile` does.
///
/// # Errors
/// [`Error::Path`] when a path does not exist: radon would print an empty report, which says the wrong thing.
pub fn run(profile: Profile, paths: &[PathBuf], options: &Options) -> Result<Report, Error> {
    check_paths(paths)?;
    match profile {
        Profile::RadonCc => radon::measure(paths, options, radon::Wanted::cc()).map(|r| Report::RadonCc(r.cc)),
        Profile::RadonRaw => radon::measure(paths, options, radon::Wanted::raw()).map(|r| Report::RadonRaw(r.raw)),
        Profile::RadonMi => radon::measure(paths, options, radon::Wanted::mi()).map(|r| Report::RadonMi(r.mi)),
        Profile::RadonHal => radon::measure(paths, options, radon::Wanted::hal()).map(|r| Report::RadonHal(r.hal)),
        Profile::Pygount => pygount::measure(paths, options).map(Report::Pygount),
        Profile::Tokei => Ok(Report::Tokei(Box::new(tokei::measure(paths)))),
    }
}

fn check_paths(paths: &[PathBuf]) -> Result<(), Error> {
    for path in paths {
        if let Err(source) = std::fs::metadata(path) {
            return Err(Error::Path { path: path.clone(), source });
        }
    }
    Ok(())
}

/// A path as the tools print it. Names that are not UTF-8 show replacement characters.
fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
