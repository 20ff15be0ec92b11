//! Settings of a project: found, read, merged, checked, and each value's origin known.
//!
//! - [`resolve`]: from a directory, flags and the environment to [`Settings`] with a [`Resolution`] around them.
//! - [`settings`], [`metadata`], [`schema`]: the files that people write, as types and as JSON Schema.
//! - [`scaffold`]: `codexa init`.
//! - [`control_plane`]: `~/.config/codexa/`, which projects inherit from.
//! - [`document`]: a YAML file of another format, checked against its type.
//! - [`yaml`]: YAML from strangers, located and bounded.
//!
//! Precedence: command line > environment > project > what the project extends > built in. Nothing here is async, and
//! nothing outside the project and the control plane is read on a file's behalf.

mod chain;
mod check;
pub mod control_plane;
pub mod document;
mod environment;
mod lint;
mod merge;
pub mod metadata;
mod options;
mod provenance;
mod resolution;
pub mod scaffold;
pub mod schema;
mod scope;
mod search;
pub mod settings;
pub mod source;
mod tree;
pub mod yaml;

pub use environment::variable_of;
pub use merge::{Given, Origin, Resolved};
pub use options::{Flag, Options};
pub use provenance::{FileHash, Provenance};
pub use resolution::{Kind, Resolution, folder, resolve};
pub use scope::without_dots;
pub use search::{CORE, FILE, FOLDER, SearchError};
pub use settings::Settings;
