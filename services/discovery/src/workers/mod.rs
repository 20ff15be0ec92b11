//! Reading and parsing files in child processes, so that a file that hangs, explodes or crashes the parser costs one
//! labelled entry and nothing else.
//!
//! - [`protocol`]: what goes over the pipes.
//! - [`examine`]: one task to its outcome; runs in the child.
//! - [`child`]: the child's main loop and the limits it puts on itself.
//! - [`sandbox`]: what the child gives up before its first file.
//! - [`worker`]: one child as its parent sees it.
//! - [`silence`]: how long nothing may be heard of it.
//! - [`pool`]: the parent's side: hands out tasks, watches the clock, replaces what died.

mod child;
mod examine;
mod pool;
mod protocol;
mod sandbox;
mod silence;
mod worker;

pub use child::{serve, serve_watched};
pub use pool::{Crew, Dismissed, Pool, PoolError};
pub use protocol::{Body, Outcome, Setup, Task};
pub use sandbox::Confinement;
