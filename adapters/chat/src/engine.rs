//! The loop between a platform and the gateway: what was received goes to the gateway under its key, and the answer to the
//! platform. These are two steps, each with its own turns: messages have their effect in the order of their channel, and a
//! slow channel does not hold up the others; an answer that cannot be delivered waits apart, and holds up nothing. Whatever
//! is killed within a step is done again under the same key, and has its effect once. Killed between a delivery and its
//! note, a message may stand there twice on a platform that cannot tell; what it decided counts once.

mod follow;
mod settle;

use crate::clock;
use crate::delivery::Platform;
use crate::inbox::{Inbox, InboxError, Step, Waiting};
use crate::standing::Standings;
use codexa_client::Client;
use futures_util::FutureExt;
use settle::Failure;
use std::collections::BTreeSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// As many channels are served at a time, in each step.
const CHANNELS: usize = 8;

/// A message that had no effect is tried again for this long: 1 h, in milliseconds.
const YOUNG: i64 = 60 * 60 * 1000;

/// The longest wait between two tries, in milliseconds.
const LONGEST_WAIT: i64 = 30_000;

/// Rows that wait for their time are looked at this often.
const TICK: Duration = Duration::from_millis(500);

/// How often old rows are deleted.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// How long what is under way may take after the end was asked for. It is on the disk: what is cut off is done again.
const GRACE: Duration = Duration::from_secs(5);

/// An inbox that cannot be used for this long ends the loop, so that whoever looks after the process sees it.
const STALL: Duration = Duration::from_secs(60);

/// An adapter's loop.
#[derive(Clone)]
pub struct Engine {
    inbox: Inbox,
    client: Client,
    platform: Arc<dyn Platform>,
    standings: Arc<Standings>,
}

impl Engine {
    /// A loop between a platform and a gateway.
    #[must_use]
    pub fn new(inbox: Inbox, client: Client, platform: Arc<dyn Platform>) -> Self {
        Self { inbox, client, platform, standings: Arc::default() }
    }

    /// Works until `shutdown` is ready.
    ///
    /// # Errors
    /// When the inbox cannot be used for a minute.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), InboxError> {
        let (mut effects, mut deliveries) = (JoinSet::new(), JoinSet::new());
        tokio::select! {
            ended = self.take(Step::Effect, &mut effects) => return ended,
            ended = self.take(Step::Delivery, &mut deliveries) => return ended,
            ended = self.follow() => return ended,
            ended = self.refresh() => return ended,
            ended = self.sweep() => return ended,
            () = shutdown => {}
        }
        let rest = async {
            while effects.join_next().await.is_some() {}
            while deliveries.join_next().await.is_some() {}
            self.deliver_due().await;
        };
        if tokio::time::timeout(GRACE, rest).await.is_err() {
            tracing::warn!(
                platform = self.platform.name(),
                "cut off what was under way; it is done again at the next start"
            );
        }
        Ok(())
    }

    /// Hands out rows that wait for a step, at most one of a channel at a time.
    async fn take(&self, step: Step, work: &mut JoinSet<String>) -> Result<(), InboxError> {
        let mut busy = BTreeSet::new();
        let mut stall = Stall::default();
        loop {
            match self.inbox.next(step, &busy).await {
                Ok(Some(row)) => {
                    stall.is_over();
                    let channel = row.incoming.place.channel.clone();
                    busy.insert(channel.clone());
                    let engine = self.clone();
                    work.spawn(async move {
                        engine.settle_or_give_up(row).await;
                        channel
                    });
                    if busy.len() < CHANNELS {
                        continue;
                    }
                }
                Ok(None) => stall.is_over(),
                Err(fault) => stall.goes_on(fault).await?,
            }
            tokio::select! {
                Some(Ok(channel)) = work.join_next(), if !work.is_empty() => {
                    busy.remove(&channel);
                }
                () = self.inbox.arrival(step), if busy.len() < CHANNELS => {}
                () = tokio::time::sleep(TICK), if busy.len() < CHANNELS => {}
            }
        }
    }

    /// Delivers what waits for no later time: the answers that came in near the end.
    async fn deliver_due(&self) {
        let nobody = BTreeSet::new();
        while let Ok(Some(row)) = self.inbox.next(Step::Delivery, &nobody).await {
            self.settle_or_give_up(row).await;
        }
    }

    /// One message that is a fault of ours to work on ends neither the loop nor the messages behind it.
    async fn settle_or_give_up(&self, row: Waiting) {
        let key = row.key.clone();
        if AssertUnwindSafe(self.settle(row)).catch_unwind().await.is_err() {
            tracing::error!(key, "a message could not be worked on and is given up");
            if let Err(fault) = self.inbox.failed(&key, "a fault of the adapter", None).await {
                tracing::error!(key, %fault, "what became of a message could not be noted");
            }
        }
    }

    /// Takes one row a step further, or says when that is tried again.
    async fn settle(&self, row: Waiting) {
        let done = match &row.reply {
            None => self.effect(&row).await,
            Some(reply) => self.deliver(&row, reply).await,
        };
        let noted = match done {
            Ok(()) => Ok(()),
            Err(Failure::Never(why)) => {
                tracing::warn!(key = row.key, why, "a message has no effect, or its answer does not arrive");
                self.inbox.failed(&row.key, &why, None).await
            }
            // Longer than anybody waits for an answer.
            Err(Failure::Later { why, .. }) if clock::now() - row.since > 2 * YOUNG => {
                tracing::error!(key = row.key, why, "a message is given up");
                self.inbox.failed(&row.key, &why, None).await
            }
            Err(Failure::Later { why, wait }) => {
                let step = 1000_i64.checked_shl(row.tries.min(10)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
                let asked = wait.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(LONGEST_WAIT));
                tracing::info!(key = row.key, why, tries = row.tries, "a message waits for another try");
                self.inbox.failed(&row.key, &why, Some(clock::now() + step.max(asked))).await
            }
        };
        if let Err(fault) = noted {
            // The row stays as it was and comes again; not at once, or a full disk would be asked without end.
            tracing::error!(key = row.key, %fault, "what became of a message could not be noted");
            tokio::time::sleep(TICK).await;
        }
    }

    async fn sweep(&self) -> Result<(), InboxError> {
        loop {
            if let Err(fault) = self.inbox.purge().await {
                tracing::warn!(%fault, "old messages could not be deleted");
            }
            tokio::time::sleep(SWEEP).await;
        }
    }
}

/// How long the inbox could not be used.
#[derive(Default)]
struct Stall {
    since: Option<Instant>,
}

impl Stall {
    fn is_over(&mut self) {
        self.since = None;
    }

    /// Waits for a moment, or gives the error back where it was waited for long enough.
    async fn goes_on(&mut self, fault: InboxError) -> Result<(), InboxError> {
        if self.since.get_or_insert_with(Instant::now).elapsed() > STALL {
            return Err(fault);
        }
        tracing::error!(%fault, "the inbox cannot be used; it is tried again");
        tokio::time::sleep(TICK).await;
        Ok(())
    }
}
