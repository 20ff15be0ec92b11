//! What people write about the code: documents with their headings, and the files that texts name.

mod headings;
mod mentions;

pub(crate) use headings::headings_of;
pub use headings::{HEADING_BYTES, HEADINGS_WITHIN, MAX_HEADINGS, headings};
pub(crate) use mentions::mentions;
pub use mentions::{MAX_MENTIONS, MENTIONS_WITHIN};

use serde::{Deserialize, Serialize};

/// A document with its headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its path from the project's root.
    pub path: Box<str>,
    /// Its headings, in order.
    pub headings: Vec<Box<str>>,
}
