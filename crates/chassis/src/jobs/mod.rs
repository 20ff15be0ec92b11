//! Long work: a worker leases a job, keeps the lease while the work runs, and says what came of it.
//!
//! A lease ends by itself, so a lost worker's job is taken by another. A handler may therefore run a second time for the
//! same job, and has to bear it.

mod attend;
mod progress;
mod work;

pub use progress::ProgressSender;
pub use work::{Worker, work};

use crate::shutdown::Shutdown;
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

/// The jobs that wait, as workers see them.
#[async_trait::async_trait]
pub trait Queue: Send + Sync {
    /// Takes the job of one of `kinds` that has waited longest, for as long as `lease`; `None` where none waits.
    ///
    /// # Errors
    /// When the queue did not answer.
    async fn lease(&self, worker: &str, kinds: &[&str], lease: Duration) -> Result<Option<Leased>, QueueError>;

    /// Keeps a job for another `lease` from now and says how far it is. A lease of zero lets go of the job: it waits
    /// again, for any worker.
    ///
    /// # Errors
    /// When the queue did not answer; the lease then runs on as it was.
    async fn renew(&self, worker: &str, job: &str, progress: &str, lease: Duration) -> Result<Held, QueueError>;

    /// Says what came of a job.
    ///
    /// # Errors
    /// When the queue did not answer.
    async fn finish(&self, worker: &str, job: &str, outcome: &Finished) -> Result<Held, QueueError>;
}

/// A job in a worker's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    /// Of the job.
    pub id: String,
    /// Which handler it is for.
    pub kind: String,
    /// What it works on.
    pub args: BTreeMap<String, String>,
}

/// Whether the job was still the worker's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It was.
    Yes,
    /// Another worker has it, or it is over.
    Lost,
}

/// How a handler ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The work is done; what came of it, in words.
    Done(String),
    /// It cannot be done; why, in words. It is not tried again.
    Failed(String),
    /// It was asked to stop before it was done: the job waits again.
    Stopped,
}

/// What a queue is told at the end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// What came of it, in words.
    Done(String),
    /// Why it failed, in words.
    Failed(String),
}

/// Does the jobs of one kind.
#[async_trait::async_trait]
pub trait Handler: Send + Sync {
    /// The kind of job.
    fn kind(&self) -> &str;

    /// Does the work, saying how far it is. When `stop` is requested (the process ends, or the job is another's by now) it
    /// cleans up and returns soon: after [`Worker::grace`] it is dropped where it stands.
    async fn run(&self, job: &Leased, progress: ProgressSender, stop: Shutdown) -> Outcome;
}

/// The queue did not answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct QueueError(Box<dyn std::error::Error + Send + Sync>);

impl QueueError {
    /// Why it did not.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Longest time that a queue gets to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The queue gets at most a third of a lease to answer, so that there is time for another try.
async fn in_time<T>(worker: &Worker, asked: impl Future<Output = Result<T, QueueError>>) -> Result<T, QueueError> {
    let late = |_| Err(QueueError::new("no answer in time"));
    tokio::time::timeout(worker.third().min(PATIENCE), asked).await.unwrap_or_else(late)
}
