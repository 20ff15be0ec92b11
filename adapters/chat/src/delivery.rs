//! What a chat platform can do for Codexa.

use crate::message::Message;
use crate::standing::Standing;
use async_trait::async_trait;
use codexa_api::Account;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where messages go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The platform's id of the channel. What happens in one channel is answered in its order.
    pub channel: String,
    /// The thread within it, or the message that is replied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// What the platform wants to see before it answers privately: an interaction's token, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
}

/// A message that was posted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageRef {
    /// The platform's id of the channel.
    pub channel: String,
    /// The platform's id of the message.
    pub message: String,
}

/// A form with one field: why?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonForm<'a> {
    /// What the form is about: `deny design for CH-001`.
    pub title: &'a str,
    /// Comes back as [`Act::Reasoned`](crate::Act::Reasoned)'s `value`.
    pub value: &'a str,
    /// What the platform handed out with the press.
    pub trigger: &'a str,
    /// Where the press was: what is [`reasoned`](crate::Act::Reasoned) belongs there.
    pub place: &'a Place,
}

/// Why a platform did not take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct PlatformError {
    /// What happened.
    pub what: String,
    /// It never succeeds: the message is gone, the channel is closed to Codexa.
    pub permanent: bool,
    /// How long the platform wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl PlatformError {
    /// A failure that may pass.
    #[must_use]
    pub fn passing(what: impl Into<String>) -> Self {
        Self { what: what.into(), permanent: false, retry_after: None }
    }

    /// A failure that stays.
    #[must_use]
    pub fn permanent(what: impl Into<String>) -> Self {
        Self { what: what.into(), permanent: true, retry_after: None }
    }
}

/// A chat platform. It escapes every text, and cuts what is too long: the platform never refuses a message for its form.
#[async_trait]
pub trait Platform: Send + Sync + 'static {
    /// `slack` or `discord`.
    fn name(&self) -> &'static str;

    /// The longest value that a button may carry, in bytes; the engine keeps longer ones and hands out a short name.
    fn longest_value(&self) -> usize;

    /// How an account stands now.
    async fn standing(&self, account: &Account) -> Result<Standing, PlatformError>;

    /// Posts a message. The same `key` comes again only with the same message: a platform that can tell drops it then.
    async fn post(&self, place: &Place, message: &Message, key: &str) -> Result<MessageRef, PlatformError>;

    /// Replaces a message.
    async fn edit(&self, at: &MessageRef, message: &Message) -> Result<(), PlatformError>;

    /// Says something that only one user sees.
    async fn whisper(&self, place: &Place, user: &str, message: &Message) -> Result<(), PlatformError>;

    /// Asks a presser for a reason with a form; `false` where there is none to be had, and words have to do.
    async fn ask_reason(&self, _form: ReasonForm<'_>) -> Result<bool, PlatformError> {
        Ok(false)
    }
}
