//! Coverage files: what ran when somebody ran the tests, as their tools wrote it down.
//!
//! Anybody may have written such a file: it is read under bounds, what it says of files that are not here is declined, and
//! what cannot be read is no report. A format is known by what the file holds, not by its name.

mod cobertura;
mod coverage_py;
mod go;
mod hits;
mod jacoco;
mod lcov;
pub(super) mod places;
#[cfg(test)]
mod properties;
mod time;
mod xml;

pub use time::seconds;

use serde::{Deserialize, Serialize};

/// Largest coverage file that is read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;
/// Most files of code, and most pairs of a test and a file of code, that are taken from one report.
const MAX_ENTRIES: usize = 500_000;
/// Deepest element of an XML report.
const MAX_DEPTH: usize = 32;

/// How a coverage file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// XML of Cobertura, which coverage.py, .NET and JavaScript's tools write as well.
    Cobertura,
    /// JSON of coverage.py.
    CoveragePy,
    /// `go test -coverprofile`.
    Go,
    /// XML of JaCoCo.
    Jacoco,
    /// `lcov.info`.
    Lcov,
}

impl Format {
    /// The name in files and on screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cobertura => "cobertura",
            Self::CoveragePy => "coverage.py",
            Self::Go => "go",
            Self::Jacoco => "jacoco",
            Self::Lcov => "lcov",
        }
    }
}

/// What one coverage file says; paths are as it writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How it is written.
    pub format: Format,
    /// When it was made at the latest, in seconds since 1970; `None` where it does not say.
    pub made_at: Option<i64>,
    /// Lines of each file of code, or statements where the format counts those, sorted by path.
    pub code: Vec<(Box<str>, Covered)>,
    /// A file of tests and a file of code that it ran, where the tool kept them apart; sorted.
    pub runs: Vec<(Box<str>, Box<str>)>,
    /// Whether a bound left something out.
    pub cut: bool,
}

/// How much of a file ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// Lines, or statements, that ran.
    pub covered: u32,
    /// All of them.
    pub lines: u32,
}

/// What a file that may be a coverage file says; `None` where it is none that is known.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Report> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let mut report = match bytes.first()? {
        b'{' => coverage_py::parse(bytes),
        b'<' => cobertura::parse(bytes).or_else(|| jacoco::parse(bytes)),
        _ if bytes.starts_with(b"mode:") => go::parse(bytes),
        _ => lcov::parse(bytes),
    }?;
    report.code.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    report.runs.sort_unstable();
    report.runs.dedup();
    report.cut |= report.code.len() > MAX_ENTRIES || report.runs.len() > MAX_ENTRIES;
    report.code.truncate(MAX_ENTRIES);
    report.runs.truncate(MAX_ENTRIES);
    (!report.code.is_empty()).then_some(report)
}

/// Lines of a text file, without what is at their ends.
fn text_lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()).map(str::trim)
}
