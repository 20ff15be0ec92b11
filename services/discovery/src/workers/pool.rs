//! The parent's side: as many workers as threads, tasks dealt out in small batches, a clock on every answer.

use super::protocol::{Outcome, Setup, Task};
use super::worker::{Answer, News, Worker};
use crate::record::Unread;
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A worker that has not answered for this much longer than the parser may take is ended: only what does not look at the
/// clock comes here.
const GRACE: Duration = Duration::from_millis(500);
/// A worker that is not ready by then will never be.
const START: Duration = Duration::from_secs(30);
/// How often it is asked whether to go on while nothing comes in.
const ASK: Duration = Duration::from_millis(50);
/// How long a driver sleeps between two looks, where its worker parses and where it only counts. A worker has more in
/// flight than it does in that time; to look more often takes the processor away from it.
const PAUSE_PARSING: Duration = Duration::from_millis(4);
const PAUSE_COUNTING: Duration = Duration::from_millis(1);
/// Work in flight per worker: enough that it never waits. Where workers parse it is less towards the end, so that the last
/// ones end together, but never less than is parsed between two looks.
const IN_FLIGHT_BYTES: u64 = 512 << 10;
const LEAST_PARSING_BYTES: u64 = 64 << 10;
const IN_FLIGHT_TASKS: usize = 256;
/// Bytes of a task beside its path, at most.
const TASK_BYTES: usize = 128;

/// What can go wrong with the pool itself; a file that harms its worker is an [`Outcome`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// No worker could be started.
    #[error("a parser process could not be started: {0}")]
    Start(#[source] io::Error),
}

/// How to start workers.
pub struct Pool {
    /// The program and its arguments that end up in [`super::serve`].
    pub program: Vec<OsString>,
    /// What each is told first.
    pub setup: Setup,
}

/// Workers that make themselves ready.
pub struct Crew {
    pool: Pool,
    workers: Vec<Worker>,
}

impl Pool {
    /// Starts workers before there is work for them. Those that are not needed in the end are ended; that one did not
    /// start is told once it is needed.
    #[must_use]
    pub fn start(self, workers: usize) -> Crew {
        let workers = (0..workers).filter_map(|_| Worker::start(&self.program, &self.setup).ok()).collect();
        Crew { pool: self, workers }
    }
}

impl Crew {
    /// Runs every task on up to `threads` workers and hands the outcomes to `take`, in no particular order, each of a
    /// parsed file with what `put` made of its symbols. Ends early, without an error, once `halt` says so, which is asked
    /// several times a second: tasks that were not done have no outcome.
    ///
    /// # Errors
    /// [`PoolError::Start`] where a worker does not start.
    pub fn run<P: Send>(
        self,
        tasks: Vec<Task>,
        threads: usize,
        mut halt: impl FnMut() -> bool,
        put: impl Fn(&[u8]) -> P + Sync,
        mut take: impl FnMut(Outcome, Option<P>),
    ) -> Result<(), PoolError> {
        let Self { pool, workers } = self;
        let stop = &AtomicBool::new(false);
        let threads = threads.clamp(1, tasks.len().max(1));
        let queue = &Mutex::new(Queue::of(tasks, threads, pool.setup.parse));
        let (send, receive) = bounded::<Vec<Answer<P>>>(64);
        let mut workers = workers.into_iter();
        let (pool, put) = (&pool, &put);
        thread::scope(|scope| {
            let drivers: Vec<_> = (0..threads)
                .map(|_| {
                    let (worker, answers) = (workers.next(), send.clone());
                    scope.spawn(move || {
                        let worker = worker.map_or_else(|| Worker::start(&pool.program, &pool.setup), Ok)?;
                        Driver { pool, queue, stop, put, answers, worker, pending: VecDeque::new() }.drive()
                    })
                })
                .collect();
            drop(send);
            loop {
                match receive.recv_timeout(ASK) {
                    Ok(answers) => answers.into_iter().for_each(|(outcome, place)| take(outcome, place)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if halt() {
                    stop.store(true, Ordering::Relaxed);
                }
            }
            drivers.into_iter().try_for_each(|driver| driver.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}

/// Lets news gather.
#[allow(clippy::disallowed_methods, reason = "to be woken by every outcome is what this avoids; see `worker`")]
fn pause(parses: bool) {
    thread::sleep(if parses { PAUSE_PARSING } else { PAUSE_COUNTING });
}

/// Tasks that no worker has yet.
struct Queue {
    tasks: VecDeque<Task>,
    bytes: u64,
    workers: u64,
    /// Bytes that a worker has in flight at least.
    least: u64,
}

impl Queue {
    fn of(tasks: Vec<Task>, workers: usize, parses: bool) -> Self {
        let bytes = tasks.iter().map(|task| task.bytes).sum();
        let least = if parses { LEAST_PARSING_BYTES } else { IN_FLIGHT_BYTES };
        Self { tasks: tasks.into(), bytes, workers: workers as u64, least }
    }

    fn next(&mut self) -> Option<Task> {
        let task = self.tasks.pop_front()?;
        self.bytes = self.bytes.saturating_sub(task.bytes);
        Some(task)
    }

    /// What a worker may have in flight: half of its share of what is left.
    fn in_flight(&self) -> u64 {
        (self.bytes / (2 * self.workers.max(1))).clamp(self.least, IN_FLIGHT_BYTES)
    }
}

/// Keeps one worker busy.
struct Driver<'a, P, Put> {
    pool: &'a Pool,
    queue: &'a Mutex<Queue>,
    stop: &'a AtomicBool,
    put: &'a Put,
    answers: Sender<Vec<Answer<P>>>,
    worker: Worker,
    /// What the worker was given and has not answered yet, in order.
    pending: VecDeque<Task>,
}

impl<P, Put: Fn(&[u8]) -> P> Driver<'_, P, Put> {
    fn drive(mut self) -> Result<(), PoolError> {
        let mut heard = Instant::now();
        loop {
            self.refill();
            if self.pending.is_empty() || self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let silence = Duration::from_millis(self.pool.setup.parse_ms).saturating_add(GRACE);
            let patience = if self.worker.is_ready() { silence } else { START };
            match self.worker.look(self.put) {
                News::Heard(answers) => {
                    heard = Instant::now();
                    self.pending.drain(..answers.len().min(self.pending.len()));
                    if !answers.is_empty() {
                        let _ = self.answers.send(answers);
                    }
                }
                News::Silence if heard.elapsed() < patience => pause(self.is_parsing()),
                News::Silence | News::Ended if !self.worker.is_ready() => {
                    return Err(PoolError::Start(io::Error::other("it ended before it was ready")));
                }
                News::Silence => {
                    self.replace(Unread::TimedOut)?;
                    heard = Instant::now();
                }
                News::Ended => {
                    self.replace(Unread::Crashed)?;
                    heard = Instant::now();
                }
            }
        }
    }

    /// Whether there is so much to do that the answers can wait for a while: to the last ones the run waits.
    fn is_parsing(&self) -> bool {
        self.pool.setup.parse && self.pending.len() > 1
    }

    /// Labels the task that the worker was on and goes on with a new worker.
    fn replace(&mut self, why: Unread) -> Result<(), PoolError> {
        if let Some(culprit) = self.pending.pop_front() {
            let _ = self.answers.send(vec![(Outcome::unread(&culprit, why), None)]);
        }
        self.worker = Worker::start(&self.pool.program, &self.pool.setup)?;
        self.pending.iter().for_each(|task| self.worker.give(task));
        self.worker.flush();
        Ok(())
    }

    fn refill(&mut self) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let mut bytes: u64 = self.pending.iter().map(|task| task.bytes).sum();
        let size = |task: &Task| task.path.len() + TASK_BYTES;
        let mut given_bytes: usize = self.pending.iter().map(size).sum();
        let mut given = false;
        // A poisoned queue means another driver panicked; what is left is still work to do.
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        while self.pending.is_empty()
            || (bytes < queue.in_flight() && self.pending.len() < IN_FLIGHT_TASKS && given_bytes < self.worker.room())
        {
            let Some(task) = queue.next() else { break };
            bytes += task.bytes;
            given_bytes += size(&task);
            self.worker.give(&task);
            self.pending.push_back(task);
            given = true;
        }
        drop(queue);
        if given {
            self.worker.flush();
        }
    }
}
