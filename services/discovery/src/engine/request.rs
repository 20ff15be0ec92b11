//! What a run is asked to do.

use super::context::{CONTEXT_BYTES, CONTEXT_FILES, CONTEXT_FOLDERS};
use super::linking::MANIFEST_BYTES;
use super::past::{MAX_CHANGES, MAX_COMMIT_FILES};
use crate::scan::ScanOptions;
use crate::workers::Setup;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How deep a run looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Files are counted and classified; nothing is parsed.
    Quick,
    /// Everything.
    Deep,
    /// Like deep, without documents, tests and comments.
    CodeOnly,
}

impl Mode {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Deep => "deep",
            Self::CodeOnly => "code-only",
        }
    }
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// The project's folder.
    pub root: PathBuf,
    /// The project's name, for people.
    pub name: String,
    /// How deep to look.
    pub mode: Mode,
    /// Only these paths, in the language of `.gitignore`.
    pub focus: Vec<String>,
    /// Not these paths.
    pub skip: Vec<String>,
    /// Files that are generated whatever the rules say, and with `!` before, files that are not.
    pub generated: Vec<String>,
    /// The same of vendored files.
    pub vendored: Vec<String>,
    /// Documents that explain the code, tracked or not: in the language of `.gitignore`, from the project's root, or after
    /// `control-plane:` from the control plane's.
    pub context: Vec<String>,
    /// The control plane's folder, where there may be one.
    pub control_plane: Option<PathBuf>,
    /// Coverage files beyond those with well-known names, and with `!` before, files that are none.
    pub coverage: Vec<String>,
    /// Do not obey `.gitignore` in a folder without git.
    pub no_ignore: bool,
    /// After this long, what is not parsed stays so and is labelled.
    pub budget: Option<Duration>,
    /// Parser processes; 0 means one per processor.
    pub threads: usize,
    /// Most files that the project may have; the first so many by path are read.
    pub max_files: u64,
    /// Most commits of the past that are read, the newest first.
    pub max_commits: u64,
    /// Largest file that is parsed, in bytes. Larger ones are named, not read.
    pub max_file_bytes: u64,
    /// Deepest syntax tree that is walked.
    pub max_depth: u32,
    /// Most syntax nodes that are walked per file.
    pub max_nodes: u64,
    /// The parser gives up on a file after it has worked for this long.
    pub parse_timeout: Duration,
    /// Memory of one parser process, in bytes.
    pub worker_memory: u64,
    /// How long to wait for another run to end.
    pub patience: Duration,
    /// The program and arguments that end in [`crate::workers::serve`].
    pub worker: Vec<OsString>,
    /// Configuration that took part: name and SHA-256.
    pub configuration: Vec<(String, String)>,
    /// The settings that were named in place of the project's own: from the project's root, or absolute.
    pub config: Option<String>,
}

impl Request {
    pub(crate) fn scan_options(&self) -> ScanOptions {
        ScanOptions {
            skip: self.skip.clone(),
            focus: self.focus.clone(),
            generated: self.generated.clone(),
            vendored: self.vendored.clone(),
            max_files: self.max_files,
            max_file_bytes: self.max_file_bytes,
            no_ignore: self.no_ignore,
            threads: self.threads,
        }
    }

    pub(crate) fn setup(&self, root: &Path) -> Setup {
        Setup {
            root: root.to_path_buf(),
            parse: self.mode != Mode::Quick,
            comments: self.mode != Mode::CodeOnly,
            max_read_bytes: self.max_file_bytes,
            max_parse_bytes: self.max_file_bytes,
            max_depth: self.max_depth,
            max_nodes: self.max_nodes,
            parse_ms: milliseconds(self.parse_timeout),
            memory_bytes: self.worker_memory,
        }
    }

    pub(crate) fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }

    /// Limits that shaped the model, to be printed in it.
    pub(crate) fn limits(&self) -> BTreeMap<String, u64> {
        [
            ("context_max_bytes", CONTEXT_BYTES),
            ("context_max_files", CONTEXT_FILES as u64),
            ("context_max_folders", CONTEXT_FOLDERS as u64),
            ("coverage_file_max_bytes", crate::tested::reports::MAX_BYTES),
            ("coverage_files_max", super::reports::MAX_FILES as u64),
            ("manifest_max_bytes", MANIFEST_BYTES),
            ("history_max_changes", MAX_CHANGES as u64),
            ("history_max_commits", self.max_commits),
            ("history_max_files_of_a_commit", MAX_COMMIT_FILES as u64),
            ("max_files", self.max_files),
            ("parse_max_depth", self.max_depth.into()),
            ("parse_max_file_bytes", self.max_file_bytes),
            ("parse_max_nodes", self.max_nodes),
            ("parse_timeout_ms", milliseconds(self.parse_timeout)),
            ("worker_memory_bytes", self.worker_memory),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// What a cached record depends on besides the file itself: the program that reads it, and its limits.
    pub(crate) fn cache_key(&self) -> String {
        let program = self.worker.first().and_then(|program| std::fs::metadata(program).ok());
        let built = program.as_ref().and_then(|meta| meta.modified().ok());
        let built = built.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        format!(
            "{} {} {} {} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            program.map_or(0, |meta| meta.len()),
            built.map_or(0, |time| time.as_nanos()),
            self.mode.name(),
            self.max_file_bytes,
            self.max_depth,
            self.max_nodes
        )
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
