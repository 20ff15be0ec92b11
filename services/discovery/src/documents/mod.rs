//! What people write about the code: documents with their headings.

mod headings;

pub(crate) use headings::headings_of;
pub use headings::{HEADING_BYTES, HEADINGS_WITHIN, MAX_HEADINGS, headings};

use serde::{Deserialize, Serialize};

/// A document with its headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its path from the project's root.
    pub path: Box<str>,
    /// Its headings, in order.
    pub headings: Vec<Box<str>>,
}
