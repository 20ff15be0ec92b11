//! A git repository's past, read safely, and what it says about files: who changed what, when, and what with it.
//!
//! The repository may be a stranger's. Only objects are read, through `gix`; no process is started and no content of a file
//! is looked at: which paths a commit changed is known from trees alone. A commit whose trees are not there (shallow and
//! partial clones) is counted and changes nothing.
//!
//! - [`mod@read`]: from a commit to its [`Past`], newest first, bounded; what was read before is not read again.
//! - [`message`]: what a commit's subject says it is.
//! - [`people`]: who is the same person.
//! - [`lineage`]: files followed back through renames.
//! - [`mod@snapshot`]: how many lines the files of a commit have.
//! - [`mod@churn`], [`ownership`], [`coupling`]: measures of files, pure functions of a past.

pub mod churn;
pub mod coupling;
pub mod lineage;
pub mod message;
pub mod ownership;
pub mod past;
pub mod people;
pub mod read;
mod renames;
pub mod snapshot;
mod walk;

pub use gix::ObjectId;
pub use past::{Change, Commit, Outcome, Past, Told};
pub use read::{Cancelled, Request, read};
