//! The nouns of Codexa and their file formats: plain data with serde, no I/O, no async.
//!
//! - [`language`]: the languages that are parsed in depth.
//! - [`facts`]: what one source file says, as `codexa-syntax` extracts it.
//! - [`relation`]: how files relate: edges, what was declined, packages, external dependencies.
//! - [`manifest`]: the tracked files of the model.
//! - [`names`]: many names in one piece of memory.
//! - [`shown`]: the characters that are not shown as they are.
//! - [`annotations`]: what people answered to Codexa's questions.
//! - [`workspace`]: what a new workspace of a change holds.
//! - [`diagnostic`]: an error or finding with a stable code and a place.

pub mod annotations;
pub mod diagnostic;
pub mod facts;
pub mod go;
pub mod language;
pub mod manifest;
pub mod names;
pub mod relation;
pub mod shown;
pub mod workspace;

pub use diagnostic::{Diagnostic, Location, Severity};
pub use language::Language;
pub use names::NameList;
