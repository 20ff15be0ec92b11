//! radon's four JSON reports from one reading and one parse of each file.

mod complexity;
mod halstead;
mod maintainability;
mod number;
mod operand;
mod raw;
mod select;
mod syntax;
mod tokenize;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

pub use complexity::{Block, Class, Function, Rank};
pub use halstead::{FunctionHalstead, Halstead, HalsteadReport};
pub use maintainability::{Maintainability, MaintainabilityRank};
pub use number::Measure;
pub use raw::Raw;
pub use syntax::MAX_DEPTH;

use crate::{Error, Options, parallel, python_text, shown};

/// A file above this many bytes is an error entry: its syntax tree would take gigabytes.
pub const MAX_FILE_BYTES: u64 = 32 << 20;

/// What radon says of one file: the result, or the text that it prints under `error`.
pub type Entry<T> = Result<T, String>;

/// Results by path, in the order of the walk; serialises to `{path: result}` with `{"error": text}` for a file that
/// could not be measured.
#[derive(Debug, Clone, PartialEq)]
pub struct PerFile<T>(pub Vec<(String, Entry<T>)>);

impl<T: Serialize> Serialize for PerFile<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Failure<'a> {
            error: &'a str,
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (path, entry) in &self.0 {
            match entry {
                Ok(result) => map.serialize_entry(path, result)?,
                Err(error) => map.serialize_entry(path, &Failure { error })?,
            }
        }
        map.end()
    }
}

/// Which of the four reports are asked for; the others stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    cc: bool,
    raw: bool,
    mi: bool,
    hal: bool,
}

impl Wanted {
    /// All four.
    pub const fn all() -> Self {
        Self { cc: true, raw: true, mi: true, hal: true }
    }

    const fn none() -> Self {
        Self { cc: false, raw: false, mi: false, hal: false }
    }

    /// `radon cc` alone.
    pub const fn cc() -> Self {
        Self { cc: true, ..Self::none() }
    }

    /// `radon raw` alone.
    pub const fn raw() -> Self {
        Self { raw: true, ..Self::none() }
    }

    /// `radon mi` alone.
    pub const fn mi() -> Self {
        Self { mi: true, ..Self::none() }
    }

    /// `radon hal` alone.
    pub const fn hal() -> Self {
        Self { hal: true, ..Self::none() }
    }
}

/// The four reports, of which those that were not asked for are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Reports {
    /// `radon cc -j`; a file without blocks has no entry.
    pub cc: PerFile<Vec<Block>>,
    /// `radon raw -j`.
    pub raw: PerFile<Raw>,
    /// `radon mi -j`.
    pub mi: PerFile<Maintainability>,
    /// `radon hal -j`.
    pub hal: PerFile<Halstead>,
}

/// Measures the Python files under `paths`, in parallel, each read and parsed once.
///
/// # Errors
/// [`Error::Threads`]. What goes wrong with a file is that file's entry.
pub fn measure(paths: &[PathBuf], options: &Options, wanted: Wanted) -> Result<Reports, Error> {
    let files = select::python_files(paths, options);
    let measured = parallel::map(&files, options.threads, |path| measure_file(path, wanted))?;
    let mut reports = Reports {
        cc: PerFile(Vec::new()),
        raw: PerFile(Vec::new()),
        mi: PerFile(Vec::new()),
        hal: PerFile(Vec::new()),
    };
    for (path, measures) in files.iter().zip(measured) {
        let name = shown(path);
        // radon leaves out files without blocks.
        let is_printed = |entry: &Entry<Vec<Block>>| entry.as_ref().map_or(true, |blocks| !blocks.is_empty());
        reports.cc.0.extend(measures.cc.filter(is_printed).map(|cc| (name.clone(), cc)));
        reports.raw.0.extend(measures.raw.map(|raw| (name.clone(), raw)));
        reports.mi.0.extend(measures.mi.map(|mi| (name.clone(), mi)));
        reports.hal.0.extend(measures.hal.map(|hal| (name, hal)));
    }
    Ok(reports)
}

/// One file's results; `None` for what was not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Blocks by falling complexity.
    pub cc: Option<Entry<Vec<Block>>>,
    /// Line counts.
    pub raw: Option<Entry<Raw>>,
    /// Maintainability index.
    pub mi: Option<Entry<Maintainability>>,
    /// Halstead metrics.
    pub hal: Option<Entry<Halstead>>,
}

impl Measures {
    fn failed(wanted: Wanted, error: &str) -> Self {
        Self {
            cc: wanted.cc.then(|| Err(error.to_owned())),
            raw: wanted.raw.then(|| Err(error.to_owned())),
            mi: wanted.mi.then(|| Err(error.to_owned())),
            hal: wanted.hal.then(|| Err(error.to_owned())),
        }
    }
}

fn measure_file(path: &Path, wanted: Wanted) -> Measures {
    match read(path) {
        Ok(bytes) => measure_source(&bytes, wanted),
        Err(error) => Measures::failed(wanted, &error),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("file of {size} bytes is above the limit of {MAX_FILE_BYTES}"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

/// Measures one file's content. Needs a stack for a syntax tree of [`MAX_DEPTH`] levels: [`measure`] has one.
pub fn measure_source(bytes: &[u8], wanted: Wanted) -> Measures {
    let text: Cow<'_, str> = match python_text::decode_utf8(bytes) {
        Ok(text) => python_text::universal_newlines(text),
        Err(error) => return Measures::failed(wanted, &error),
    };
    let raw = (wanted.raw || wanted.mi).then(|| raw::analyze(&text));
    if !(wanted.cc || wanted.mi || wanted.hal) {
        return Measures { cc: None, raw, mi: None, hal: None };
    }
    let parsed = match syntax::parse(&text) {
        Ok(parsed) => parsed,
        Err(error) => {
            return Measures {
                raw: raw.filter(|_| wanted.raw),
                ..Measures::failed(Wanted { raw: false, ..wanted }, &error)
            };
        }
    };
    let complexity = (wanted.cc || wanted.mi).then(|| complexity::visit(&text, &parsed));
    let halstead = (wanted.hal || wanted.mi).then(|| halstead::visit(&text, &parsed));
    let mi = match (wanted.mi, &raw, &complexity, &halstead) {
        (true, Some(Ok(raw)), Some(complexity), Some(halstead)) => {
            Some(Ok(Maintainability::compute(halstead.total.volume.value(), complexity.total(), raw)))
        }
        (true, Some(Err(error)), ..) => Some(Err(error.clone())),
        _ => None,
    };
    Measures {
        cc: complexity.filter(|_| wanted.cc).map(|complexity| Ok(complexity.into_sorted_blocks())),
        raw: raw.filter(|_| wanted.raw),
        mi,
        hal: halstead.filter(|_| wanted.hal).map(Ok),
    }
}
