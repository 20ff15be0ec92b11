//! The worker: it takes one job after the other.

use super::attend::attend;
use super::{Handler, Leased, Queue, in_time};
use crate::backoff::Backoff;
use crate::bus::Subscription;
use crate::shutdown::Shutdown;
use crate::telemetry::chain;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Who works, and at what pace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Names the worker to the queue; no two may share it.
    pub name: String,
    /// How long a job stays with a worker of which nothing is heard. Renewed at a third of it.
    pub lease: Duration,
    /// How often it looks for jobs that nobody woke it for.
    pub poll: Duration,
    /// How long a handler may take to stop; less than the lease, since it is told that long before the lease ends.
    pub grace: Duration,
}

impl Worker {
    /// A worker at the usual pace.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(3),
            grace: Duration::from_secs(5),
        }
    }

    /// How often a lease is renewed.
    pub(super) fn third(&self) -> Duration {
        self.lease / 3
    }
}

/// Does jobs of the handlers' kinds, one at a time, until it is asked to stop. It looks for one after each notice of
/// `wake` and every [`Worker::poll`]. At the end it lets go of the job in its hands.
pub async fn work(
    queue: Arc<dyn Queue>,
    handlers: Vec<Arc<dyn Handler>>,
    mut wake: Subscription,
    worker: Worker,
    shutdown: Shutdown,
) {
    let kinds: Vec<&str> = handlers.iter().map(|handler| handler.kind()).collect();
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
    while !shutdown.is_requested() {
        let begun = Instant::now();
        // Waited for even when asked to stop: a job that it may bring has to be let go of.
        let asked = queue.lease(&worker.name, &kinds, worker.lease);
        match in_time(&worker, asked).await {
            Ok(Some(job)) => {
                backoff.reset();
                take_on(&queue, &handlers, (job, begun), &worker, &shutdown).await;
            }
            Ok(None) => {
                backoff.reset();
                rest(&mut wake, worker.poll, &shutdown).await;
            }
            Err(error) => {
                let wait = backoff.wait();
                tracing::warn!(error = %chain(&error), again_in = ?wait, "no job could be leased");
                pause(wait, &shutdown).await;
            }
        }
    }
}

async fn take_on(
    queue: &Arc<dyn Queue>,
    handlers: &[Arc<dyn Handler>],
    (job, asked): (Leased, Instant),
    worker: &Worker,
    shutdown: &Shutdown,
) {
    let Some(handler) = handlers.iter().find(|handler| handler.kind() == job.kind) else {
        // The lease ends by itself, and another worker may know the kind.
        tracing::error!(job = job.id, kind = job.kind, "the queue gave a job of a kind that was not asked for");
        return pause(worker.poll, shutdown).await;
    };
    attend(queue.as_ref(), Arc::clone(handler), (job, asked), worker, shutdown).await;
}

/// Waits until there may be a job.
async fn rest(wake: &mut Subscription, poll: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.requested() => {}
        () = sleep(poll) => {}
        // A bus that is shut wakes nobody any more.
        Some(_) = wake.next() => {}
    }
}

async fn pause(wait: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = shutdown.requested() => {}
        () = sleep(wait) => {}
    }
}
