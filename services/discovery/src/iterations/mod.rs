//! What iterations differ in: a short account of each model, and what two of them say of each other.

mod difference;
mod snapshot;
mod text;

pub use difference::{Change, Dependency, Difference, Grown, Head, Moved, Named, Share, Sides};
pub use snapshot::{Coverage, MOST_NAMES, Part, SCHEMA, Snapshot, ZoneAt};
