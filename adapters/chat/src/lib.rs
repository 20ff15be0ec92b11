//! What Slack and Discord share: the durable inbox, the wording of messages, and the loop between a platform and the
//! gateway. A platform's crate turns what it is told into an [`Incoming`], puts it into the [`Inbox`], acknowledges it,
//! and is a [`Platform`]; the [`Engine`] does the rest.
//!
//! - [`inbox`]: what was received and what is shown, in one SQLite file.
//! - [`incoming`]: what people do, in the terms of no platform.
//! - [`message`], [`wording`], [`reply`]: what people read.
//! - [`delivery`]: what a platform can do; [`Standing`]: whom it calls its own.
//! - [`engine`]: words to the gateway, answers back; cards and jobs kept up to date.

mod clock;
pub mod delivery;
pub mod engine;
pub mod inbox;
pub mod incoming;
pub mod message;
pub mod reply;
mod standing;
pub mod wording;

pub use delivery::{MessageRef, Place, Platform, PlatformError, ReasonForm};
pub use engine::Engine;
pub use inbox::{Inbox, InboxError, Received, Step};
pub use incoming::{Act, GateOf, Incoming, Press};
pub use message::{Block, Button, Message, Style};
pub use standing::Standing;
