//! A queue in memory that remembers what it was asked and when, and can be told to fail.

use codexa_chassis::jobs::{Finished, Held, Leased, Queue, QueueError};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// What a worker did, and when, in milliseconds since the queue was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: u128,
    /// `lease`, `renew JOB "PROGRESS" SECONDS`, `finish JOB OUTCOME`.
    pub what: String,
    /// How many handlers had ended or been dropped by then.
    pub left: usize,
}

/// How it answers renewals, leases and the like from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    #[default]
    Well,
    /// The job is another's.
    Taken,
    /// With errors.
    Down,
    /// Not at all.
    Silent,
}

/// The queue.
#[derive(Debug)]
pub struct Memory {
    /// Gets a permit when a handler ends or is dropped.
    pub left: Arc<Semaphore>,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Leased>,
    asked: Vec<Asked>,
    mood: Mood,
}

impl Memory {
    /// One where these jobs wait.
    pub fn new(jobs: &[(&str, &str)]) -> Self {
        let queue = Self { left: Arc::new(Semaphore::new(0)), begun: Instant::now(), state: Mutex::default() };
        for (id, kind) in jobs {
            queue.add(id, kind);
        }
        queue
    }

    /// Another job waits.
    pub fn add(&self, id: &str, kind: &str) {
        let args = BTreeMap::from([("mode".to_owned(), "quick".to_owned())]);
        self.state().waiting.push_back(Leased { id: id.to_owned(), kind: kind.to_owned(), args });
    }

    /// How it answers from now on.
    pub fn becomes(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// What it was asked that begins so, in its order.
    pub fn asked(&self, begins: &str) -> Vec<Asked> {
        self.state().asked.iter().filter(|asked| asked.what.starts_with(begins)).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    async fn note(&self, what: String) -> Result<Held, QueueError> {
        let at = self.begun.elapsed().as_millis();
        let mood = {
            let mut state = self.state();
            state.asked.push(Asked { at, what, left: self.left.available_permits() });
            state.mood
        };
        match mood {
            Mood::Well => Ok(Held::Yes),
            Mood::Taken => Ok(Held::Lost),
            Mood::Down => Err(QueueError::new("the queue is down")),
            Mood::Silent => std::future::pending().await,
        }
    }
}

#[async_trait::async_trait]
impl Queue for Memory {
    async fn lease(&self, _: &str, kinds: &[&str], _: Duration) -> Result<Option<Leased>, QueueError> {
        self.note("lease".to_owned()).await?;
        let mut state = self.state();
        let next = state.waiting.iter().position(|job| kinds.contains(&job.kind.as_str()));
        Ok(next.and_then(|next| state.waiting.remove(next)))
    }

    async fn renew(&self, _: &str, job: &str, progress: &str, lease: Duration) -> Result<Held, QueueError> {
        self.note(format!("renew {job} {progress:?} {}", lease.as_secs())).await
    }

    async fn finish(&self, _: &str, job: &str, outcome: &Finished) -> Result<Held, QueueError> {
        self.note(format!("finish {job} {outcome:?}")).await
    }
}
