//! Git's own data, read without git: objects, index and refs through `gix`, opened so that the repository's
//! configuration is data of a stranger (no external configuration, no environment, no includes, nothing is run).

mod attributes;
mod basis;
mod budget;
mod head;
mod index;
mod index_file;
mod open;
mod tree_listing;

pub use attributes::{AttributeRules, Attributes};
pub use basis::{Basis, WALK_LIMIT};
pub use budget::{LISTING_LIMIT, UNSAFE_LISTED};
pub use gix::ObjectId;
pub use head::Head;
pub use index::{Entry, EntryKind, IndexStat, Listing};
pub use open::Repository;

/// The words of a `gix` error, its causes included.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    crate::path::text(text.replace('\n', "; ").as_bytes()).into()
}
