//! What a run says of itself while it goes on.

/// A stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Which files there are.
    Scan,
    /// Reading and parsing them.
    Parse,
    /// Imports to files.
    Relate,
    /// Graph, components, coverage.
    Model,
    /// Tracked files and cache.
    Write,
}

impl Phase {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Parse => "parse",
            Self::Relate => "relate",
            Self::Model => "model",
            Self::Write => "write",
        }
    }
}

/// Where a run reports to. Called from the thread that runs it.
pub trait Progress {
    /// A stage begins; `files` is how many it will go through, 0 where that is not known.
    fn phase(&self, phase: Phase, files: u64);
    /// So many files and bytes more are done.
    fn advance(&self, files: u64, bytes: u64);
    /// Something a person who waits should know.
    fn remark(&self, text: &str);
}

/// Reports nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _phase: Phase, _files: u64) {}
    fn advance(&self, _files: u64, _bytes: u64) {}
    fn remark(&self, _text: &str) {}
}
