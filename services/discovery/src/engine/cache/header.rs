//! What each file of the cache begins with: that it was written here, for this project, and with which others.

use codexa_project::Project;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// Raised whenever a type that the cache holds changes, or what is found from the same, so that no build misreads what another
/// one left, or goes by what it would not find itself.
const FORMAT: u32 = 23;

/// Bytes of a header.
pub(super) const HEADER_BYTES: u64 = 40;

/// What a file begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// A hash over the format and over where the project lies: a repository may bring a cache along, and cannot know it.
    here: [u8; 32],
    /// Which writing of `symbols` it goes with.
    writing: [u8; 8],
}

impl Header {
    /// For files that belong together, and to no others.
    #[allow(clippy::disallowed_methods, reason = "tells one writing of the cache from the next; in no manifest")]
    pub(super) fn new(project: &Project) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let [a, b, c, d, e, f, g, h, ..] = (now ^ (u128::from(std::process::id()) << 32)).to_le_bytes();
        Self { here: here(project), writing: [a, b, c, d, e, f, g, h] }
    }

    /// The header that a file begins with; `None` where it was not written here.
    pub(super) fn of(file: &mut impl Read, project: &Project) -> Option<Self> {
        let mut header = Self { here: [0; 32], writing: [0; 8] };
        file.read_exact(&mut header.here).ok()?;
        file.read_exact(&mut header.writing).ok()?;
        (header.here == here(project)).then_some(header)
    }

    /// Which writing it is; no other has the same.
    pub(super) fn writing(self) -> [u8; 8] {
        self.writing
    }

    pub(super) fn write(self, file: &mut impl Write) -> io::Result<()> {
        file.write_all(&self.here)?;
        file.write_all(&self.writing)
    }
}

fn here(project: &Project) -> [u8; 32] {
    let inode = fs::metadata(project.root()).map_or(0, |metadata| metadata.ino());
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(FORMAT.to_le_bytes());
    hash.update(inode.to_le_bytes());
    hash.update(project.root().as_os_str().as_encoded_bytes());
    hash.finalize().into()
}
