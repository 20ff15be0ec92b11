//! Coverage files: those that git tracks, those that the settings name, and those that tools left where they leave them.

use super::request::{Mode, Request};
use crate::record::{FileClass, FileRecord};
use crate::scan::{PatternError, Patterns};
use crate::tested::{ReportFile, reports};
use codexa_project::{Project, ReadError};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Names that coverage tools give to what they write.
const NAMES: [&str; 9] = [
    "cobertura-coverage.xml",
    "cobertura.xml",
    "cover.out",
    "coverage.json",
    "coverage.out",
    "coverage.xml",
    "jacoco.xml",
    "jacocoTestReport.xml",
    "lcov.info",
];

/// Folders in which tools leave it without git being told.
const FOLDERS: [&str; 5] = ["", "coverage/", "target/", "target/site/jacoco/", "build/reports/jacoco/test/"];

/// Most coverage files that are read.
pub(super) const MAX_FILES: usize = 64;

/// The coverage files of a project, sorted by path. Those among tests and copied code are there to test others with.
pub(super) fn find(
    project: &Project,
    request: &Request,
    records: &[FileRecord],
) -> Result<Vec<ReportFile>, PatternError> {
    if request.mode != Mode::Deep {
        return Ok(Vec::new());
    }
    let asked = Patterns::new(&request.coverage)?;
    let is_named = |path: &str| NAMES.contains(&path.rsplit_once('/').map_or(path, |(_, name)| name));
    let is_own = |record: &&FileRecord| !matches!(record.class, FileClass::Test | FileClass::Vendored);
    let tracked = records
        .iter()
        .filter(|record| asked.says(&record.path).unwrap_or_else(|| is_named(&record.path) && is_own(record)));
    let mut paths: BTreeSet<String> = tracked.map(|record| record.path.to_string()).collect();
    let left = FOLDERS.iter().flat_map(|folder| NAMES.iter().map(move |name| format!("{folder}{name}")));
    paths.extend(left.filter(|path| asked.says(path) != Some(false)));
    let is_path = |glob: &&String| !glob.starts_with('!') && !glob.contains(['*', '?', '[', '{']);
    paths.extend(request.coverage.iter().filter(is_path).map(|path| path.trim_start_matches('/').to_owned()));
    let Ok(reader) = project.reader() else { return Ok(Vec::new()) };
    let read = |path: String| match reader.read(&path, reports::MAX_BYTES) {
        Ok(content) => Some(ReportFile { sha256: hash(&content.bytes), report: reports::parse(&content.bytes), path }),
        Err(ReadError::TooLarge { .. }) => Some(ReportFile { path, sha256: String::new(), report: None }),
        Err(_) => None,
    };
    Ok(paths.into_iter().filter_map(read).take(MAX_FILES).collect())
}

/// SHA-256 in hex.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let written = write!(hex, "{byte:02x}");
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        hex
    })
}
