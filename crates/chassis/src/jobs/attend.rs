//! One job in a worker's hands, from the lease to what came of it.

use super::progress::Progress;
use super::{Finished, Handler, Held, Leased, Outcome, ProgressSender, Queue, QueueError, Worker, in_time};
use crate::shutdown::Shutdown;
use crate::telemetry::chain;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

/// How far apart two reports of progress are at least.
const THROTTLE: Duration = Duration::from_secs(1);

type Running = AbortOnDropHandle<Outcome>;

/// Runs a handler beside the upkeep of its lease, which was `asked` for then.
pub(super) async fn attend(
    queue: &dyn Queue,
    handler: Arc<dyn Handler>,
    (job, asked): (Leased, Instant),
    worker: &Worker,
    shutdown: &Shutdown,
) {
    let span = tracing::info_span!("job", id = job.id, kind = job.kind);
    let stop = shutdown.child();
    let (sender, progress) = ProgressSender::new();
    let mut lease = Lease { queue, worker, job: job.id.clone(), progress, reported: asked, ends: asked };
    lease.kept(asked);
    // In a task of its own, so that a handler that computes does not keep the lease from being renewed, and a panic is
    // the job's and not the worker's.
    let handled = stop.clone();
    let running = async move { handler.run(&job, sender, handled).await };
    let running = AbortOnDropHandle::new(tokio::spawn(running.instrument(span.clone())));
    lease.see_through(running, &stop).instrument(span).await;
}

/// A job as it is held, and what has been said of it.
struct Lease<'a> {
    queue: &'a dyn Queue,
    worker: &'a Worker,
    job: String,
    progress: Progress,
    /// When the queue was last told anything.
    reported: Instant,
    /// The last moment at which a handler that is told to stop has stopped before another worker may take the job.
    ends: Instant,
}

/// How keeping a lease ended.
enum Kept {
    /// The handler ended.
    Until(Outcome),
    /// The job is another's.
    Lost,
    /// The process is to stop.
    Stopping,
}

impl Lease<'_> {
    async fn see_through(&mut self, mut running: Running, stop: &Shutdown) {
        let outcome = match self.keep(&mut running, stop).await {
            Kept::Until(outcome) => outcome,
            Kept::Lost => {
                tracing::warn!("another worker may have this job: stopping");
                stop.request();
                // Whatever comes of it is not ours to tell.
                let _ = timeout(self.worker.grace, running).await;
                return;
            }
            Kept::Stopping => match timeout(self.worker.grace, &mut running).await {
                Ok(ended) => outcome_of(ended),
                Err(_) => {
                    // Gone before the job is let go, unless it blocks its thread: two never work on it at a time.
                    running.abort();
                    let _ = timeout(THROTTLE, running).await;
                    Outcome::Stopped
                }
            },
        };
        match outcome {
            Outcome::Done(summary) => self.finish(&Finished::Done(summary)).await,
            Outcome::Failed(reason) => self.finish(&Finished::Failed(reason)).await,
            Outcome::Stopped => self.let_go().await,
        }
    }

    /// Renews in time, and sooner where there is progress to report.
    async fn keep(&mut self, running: &mut Running, stop: &Shutdown) -> Kept {
        let mut due = self.reported + self.worker.third();
        loop {
            tokio::select! {
                biased;
                ended = &mut *running => return Kept::Until(outcome_of(ended)),
                () = stop.requested() => return Kept::Stopping,
                () = self.progress.changed(), if due > self.reported + THROTTLE => {
                    due = due.min(self.reported + THROTTLE);
                    continue;
                }
                () = sleep_until(due) => {}
            }
            let renewed = tokio::select! {
                renewed = self.renew(self.worker.lease) => renewed,
                // A queue that hangs does not keep the process from ending.
                () = stop.requested() => return Kept::Stopping,
            };
            match renewed {
                Ok(Held::Yes) => due = self.reported + self.worker.third(),
                Ok(Held::Lost) => return Kept::Lost,
                Err(error) if Instant::now() < self.ends => {
                    tracing::warn!(error = %chain(&error), "the lease was not renewed");
                    due = (Instant::now() + THROTTLE).min(self.ends);
                }
                Err(_) => return Kept::Lost,
            }
        }
    }

    async fn renew(&mut self, lease: Duration) -> Result<Held, QueueError> {
        let asked = Instant::now();
        let progress = self.progress.take();
        let renewed = self.in_time(self.queue.renew(&self.worker.name, &self.job, &progress, lease)).await;
        self.reported = Instant::now();
        match renewed {
            Ok(Held::Yes) => self.kept(asked),
            Ok(Held::Lost) => {}
            Err(_) => self.progress.give_back(),
        }
        renewed
    }

    /// Tells the queue as long as the lease lasts; afterwards another worker does the job again.
    async fn finish(&mut self, outcome: &Finished) {
        if self.progress.is_new() {
            // What a handler said last is seen even where the summary follows at once.
            let _ = self.renew(self.worker.lease).await;
        }
        loop {
            let error = match self.in_time(self.queue.finish(&self.worker.name, &self.job, outcome)).await {
                Ok(Held::Yes) => return tracing::info!(?outcome, "finished"),
                Ok(Held::Lost) => return tracing::warn!("finished too late: another worker has the job"),
                Err(error) => error,
            };
            let again = Instant::now() + THROTTLE;
            if again >= self.ends {
                return tracing::error!(error = %chain(&error), "the queue was not told what came of the job; it will be done again");
            }
            tracing::warn!(error = %chain(&error), "the queue was not told what came of the job");
            sleep_until(again).await;
        }
    }

    /// Best effort: a lease that was not ended ends by itself.
    async fn let_go(&mut self) {
        match self.renew(Duration::ZERO).await {
            Ok(_) => tracing::info!("let go of the job"),
            Err(error) => tracing::warn!(error = %chain(&error), "the job waits until its lease ends"),
        }
    }

    /// The lease counts from when it was asked for: the queue cannot have counted from earlier.
    fn kept(&mut self, asked: Instant) {
        self.ends = asked + self.worker.lease.saturating_sub(self.worker.grace);
    }

    /// As [`super::in_time`], but never beyond the end.
    async fn in_time<T>(&self, asked: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
        let late = |_| Err(QueueError::new("no answer before the lease ends"));
        timeout_at(self.ends, in_time(self.worker, asked)).await.unwrap_or_else(late)
    }
}

fn outcome_of(ended: Result<Outcome, tokio::task::JoinError>) -> Outcome {
    ended.unwrap_or_else(|error| {
        tracing::error!(%error, "the handler panicked");
        Outcome::Failed("the worker met an error of its own; its log says which".to_owned())
    })
}
