//! What is said in answer, as the inbox keeps it until it is delivered.

use crate::inbox::Subject;
use crate::message::Message;
use serde::{Deserialize, Serialize};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Only the person who acted sees it.
    Person(Message),
    /// Everybody in the channel sees it.
    Channel {
        /// What it says.
        message: Message,
        /// What it shows, where it is kept up to date.
        shows: Option<Shows>,
    },
    /// The person is told how their account becomes known. The code is asked for when it is told: none is kept.
    Link,
}

/// What a message shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shows {
    /// What.
    pub subject: Subject,
    /// The newest event that it takes into account.
    pub as_of: i64,
}
