//! Hints that something happened, from whoever made it happen to whoever waits for it.
//!
//! The bus carries hints, never truth: any message may be lost. A subscriber that may have missed some is told so by
//! [`Notice::Gap`] and looks into the store again; one that never hears anything looks there from time to time.

mod in_process;
mod redis;

pub use in_process::InProcess;
pub use redis::Redis;

use std::fmt::Debug;
use tokio::sync::broadcast::{self, error::RecvError};

/// How many messages a slow subscriber may be behind before it is told of a gap instead.
const BEHIND: usize = 256;

/// Carries messages to everyone who subscribed to their topic.
#[async_trait::async_trait]
pub trait Bus: Send + Sync + Debug {
    /// Tells all subscribers of a topic. Those of one publisher arrive in their order.
    ///
    /// # Errors
    /// When it is known that the message was not taken; it may have been taken all the same.
    async fn publish(&self, topic: &str, message: &str) -> Result<(), BusError>;

    /// What is published from now on, perhaps with some of what was published just before. Where the bus cannot be
    /// reached yet, this succeeds all the same: a gap tells when it can.
    ///
    /// # Errors
    /// When the bus is shut.
    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError>;
}

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A message.
    Message(String),
    /// Messages may have been lost: the subscriber was too slow, or the connection was away.
    Gap,
}

/// What is published to one topic. Dropping it ends the subscription.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Notice>);

impl Subscription {
    /// The next notice; `None` when the bus is shut. Cancel safe.
    pub async fn next(&mut self) -> Option<Notice> {
        match self.0.recv().await {
            Ok(notice) => Some(notice),
            Err(RecvError::Lagged(_)) => Some(Notice::Gap),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Why the bus did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The address is none of Redis, or cannot be used.
    #[error("not an address of Redis")]
    Address(#[source] ::redis::RedisError),
    /// The message was not taken.
    #[error("{topic}: the message was not published")]
    Publish {
        /// Of the message.
        topic: String,
        /// What Redis or the connection to it said.
        source: ::redis::RedisError,
    },
    /// Nobody serves this bus any more.
    #[error("the bus is shut")]
    Shut,
}
