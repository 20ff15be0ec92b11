//! Announces what happened: rows that were written with the state they tell of, carried from the store to the bus.

use crate::backoff::Backoff;
use crate::bus::Bus;
use crate::shutdown::Shutdown;
use crate::telemetry::chain;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// How often it looks without being woken.
const POLL: Duration = Duration::from_secs(1);
/// How many rows it takes at a time.
const BATCH: usize = 100;

/// Where the rows are.
#[async_trait::async_trait]
pub trait Outbox: Send + Sync {
    /// The oldest rows that were not relayed, in the order of their ids. A row must never become visible after one with a
    /// larger id was: it would not be relayed at all.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn pending(&self, limit: usize) -> Result<Vec<Row>, OutboxError>;

    /// All rows up to this id were relayed.
    ///
    /// # Errors
    /// When the store did not answer; the rows are then relayed again.
    async fn relayed(&self, up_to: i64) -> Result<(), OutboxError>;
}

/// Something to announce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Larger than that of every earlier row.
    pub id: i64,
    /// Who is told.
    pub topic: String,
    /// What they are told.
    pub message: String,
}

/// The store did not answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct OutboxError(Box<dyn std::error::Error + Send + Sync>);

impl OutboxError {
    /// Why it did not.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Publishes rows in their order, each at least once, until it is asked to stop. It looks for rows after
/// `written.notify_one()` and every second.
pub async fn relay(outbox: &dyn Outbox, bus: &dyn Bus, written: &Notify, shutdown: Shutdown) {
    let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
    loop {
        let relayed = tokio::select! {
            () = shutdown.requested() => return,
            relayed = relay_batch(outbox, bus) => relayed,
        };
        match relayed {
            Ok(count) => {
                backoff.reset();
                if count < BATCH {
                    rest(written, &shutdown).await;
                }
            }
            Err(error) => {
                let wait = backoff.wait();
                tracing::warn!(error = %chain(error.as_ref()), again_in = ?wait, "what happened could not be announced");
                pause(wait, &shutdown).await;
            }
        }
    }
}

/// Waits until there may be a row.
async fn rest(written: &Notify, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.requested() => {}
        () = written.notified() => {}
        () = sleep(POLL) => {}
    }
}

/// Waits, however many rows are written meanwhile.
async fn pause(wait: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.requested() => {}
        () = sleep(wait) => {}
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// How many rows there were. What was published is recorded even where a later row failed.
async fn relay_batch(outbox: &dyn Outbox, bus: &dyn Bus) -> Result<usize, Failed> {
    let rows = outbox.pending(BATCH).await?;
    let mut published = None;
    let mut failed = None;
    for row in &rows {
        if let Err(error) = bus.publish(&row.topic, &row.message).await {
            failed = Some(error);
            break;
        }
        published = Some(row.id);
    }
    if let Some(up_to) = published {
        outbox.relayed(up_to).await?;
    }
    failed.map_or(Ok(rows.len()), |error| Err(error.into()))
}
