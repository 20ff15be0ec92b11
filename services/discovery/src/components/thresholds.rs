//! The numbers that decide where components begin, printed with every model.

use serde::{Deserialize, Serialize};

/// Most components that a model has, vendored ones apart: beyond that a list helps nobody.
pub const MAX_COMPONENTS: u32 = 60;
/// Most of them that do not ship: tests, examples, benchmarks, documents. The rest of those stays with what is around it.
pub const MAX_AREAS: u32 = 20;
/// Most vendored components; the rest of a vendor folder is one.
pub const MAX_VENDORED: u32 = 12;
/// A folder of documents is a component from this many documents.
pub const MIN_DOCUMENTS: u32 = 5;
/// A flat folder in a language without modules is split by names from this many files of code.
pub const FLAT_FILES: u32 = 48;
/// A family of names has at least this many files.
pub const MIN_FAMILY: u32 = 3;

/// Sizes, in files of code, that decide where components begin. They depend on the repository's size in doubling steps,
/// so that a few files more or less move nothing, and never on lines or edges, so that an edit of a body moves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A component with more files than this is looked into for parts.
    pub split_above: u32,
    /// A folder needs this many files to be a component of its own.
    pub min_files: u32,
    /// A folder at the top of the repository, or of a package, needs this many.
    pub min_top_files: u32,
}

impl Thresholds {
    /// The sizes for a repository with this many files of code that ships: a component should hold about a thirtieth of it.
    #[must_use]
    pub fn of(code_files: u32) -> Self {
        let mut split_above = 12_u32;
        while split_above < code_files / 30 {
            split_above = split_above.saturating_mul(2);
        }
        let (min_files, min_top_files) = ((split_above / 16).max(3), (split_above / 64).max(2));
        Self { split_above, min_files, min_top_files }
    }
}
