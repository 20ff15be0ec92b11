//! The parent's side: as many workers as threads, tasks dealt out in small batches, a clock on every answer.

use super::protocol::{Outcome, Setup, Task};
use super::silence::{ASK, Silence};
use super::worker::{Answer, News, Worker};
use crate::record::Unread;
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A worker that has not answered when it has worked for this much longer than the parser may is ended: only what does not look
/// at the clock comes here.
const GRACE: Duration = Duration::from_millis(500);
/// A worker that is not ready by then will never be.
const START: Duration = Duration::from_secs(30);
/// How long a driver sleeps between two looks: where its worker parses, where it only counts, and where little is left to be
/// done, for which the run waits. A worker has more in flight than it does in that time; to look more often takes the
/// processor away from it.
const PAUSE_PARSING: Duration = Duration::from_millis(4);
const PAUSE_COUNTING: Duration = Duration::from_millis(1);
const PAUSE_AT_THE_END: Duration = Duration::from_micros(250);
/// Work in flight per worker: enough that it never waits. It is less towards the end, so that the last ones end together, but
/// never less than is done between two looks.
const IN_FLIGHT_BYTES: u64 = 512 << 10;
const LEAST_BYTES: u64 = 64 << 10;
/// So many workers that count are looked after by the thread that takes what comes of it: with its own, each thread begins with
/// memory of its own, which costs more. What a parsed file comes to is much more to read.
const FEW: usize = 4;
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
    pool: Arc<Pool>,
    workers: JoinHandle<Vec<Worker>>,
}

/// Workers that are being ended. It is waited for them when this is dropped.
pub struct Dismissed(#[allow(dead_code, reason = "what it is there for is done when it is dropped")] Vec<Worker>);

impl Pool {
    /// Starts workers before there is work for them, on a thread of its own: whoever starts a process waits until it runs its
    /// program, and on a busy machine that is long. That one did not start is told once it is needed.
    #[must_use]
    pub fn start(self, workers: usize) -> Crew {
        let pool = Arc::new(self);
        let starter = Arc::clone(&pool);
        let start = move || (0..workers).filter_map(|_| Worker::start(&starter.program, &starter.setup).ok()).collect();
        Crew { pool, workers: thread::spawn(start) }
    }
}

impl Dismissed {
    fn of(mut workers: Vec<Worker>) -> Self {
        workers.iter_mut().for_each(Worker::end);
        Self(workers)
    }
}

impl Crew {
    /// Ends workers for whom there is nothing to do.
    #[must_use]
    pub fn dismiss(self) -> Dismissed {
        Dismissed::of(self.started().1)
    }

    fn started(self) -> (Arc<Pool>, Vec<Worker>) {
        (self.pool, self.workers.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }

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
    ) -> Result<Dismissed, PoolError> {
        let (pool, workers) = self.started();
        let stop = &AtomicBool::new(false);
        let threads = threads.clamp(1, tasks.len().max(1));
        let queue = &Mutex::new(Queue::of(tasks, threads));
        let (pool, put) = (&*pool, &put);
        let drive = |worker: Option<Worker>| {
            let worker = worker.map_or_else(|| Worker::start(&pool.program, &pool.setup), Ok)?;
            let silence = Silence::begin(Instant::now());
            Ok::<_, PoolError>(Driver { pool, queue, stop, put, worker, pending: VecDeque::new(), silence })
        };
        let mut halt = || {
            if halt() {
                stop.store(true, Ordering::Relaxed);
            }
        };
        let mut take = |answers: Vec<Answer<P>>| answers.into_iter().for_each(|(outcome, place)| take(outcome, place));
        let mut workers = workers.into_iter();
        let needed: Vec<_> = (0..threads).map(|_| workers.next()).collect();
        let is_much = threads > if pool.setup.parse { 1 } else { FEW };
        let done = if is_much {
            on_threads(needed, drive, &mut halt, &mut take)?
        } else {
            on_this_thread(needed, drive, &mut halt, &mut take)?
        };
        Ok(Dismissed::of(done.into_iter().chain(workers).collect()))
    }
}

/// Drives each worker on a thread of its own.
fn on_threads<'a, P: Send, Put: Fn(&[u8]) -> P + Sync + 'a>(
    workers: Vec<Option<Worker>>,
    drive: impl Fn(Option<Worker>) -> Result<Driver<'a, Put>, PoolError> + Sync,
    halt: &mut dyn FnMut(),
    take: &mut dyn FnMut(Vec<Answer<P>>),
) -> Result<Vec<Worker>, PoolError> {
    let (send, receive) = bounded::<Vec<Answer<P>>>(64);
    let drive = &drive;
    thread::scope(|scope| {
        let start = |worker| {
            let answers = send.clone();
            scope.spawn(move || drive(worker)?.drive(&answers))
        };
        let drivers: Vec<_> = workers.into_iter().map(start).collect();
        drop(send);
        loop {
            match receive.recv_timeout(ASK) {
                Ok(answers) => take(answers),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            halt();
        }
        let done = drivers.into_iter().map(|driver| driver.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.collect()
    })
}

/// Drives all workers on this thread.
fn on_this_thread<'a, P, Put: Fn(&[u8]) -> P + 'a>(
    workers: Vec<Option<Worker>>,
    drive: impl Fn(Option<Worker>) -> Result<Driver<'a, Put>, PoolError>,
    halt: &mut dyn FnMut(),
    take: &mut dyn FnMut(Vec<Answer<P>>),
) -> Result<Vec<Worker>, PoolError> {
    let mut drivers = workers.into_iter().map(drive).collect::<Result<Vec<_>, _>>()?;
    let mut done = Vec::with_capacity(drivers.len());
    while !drivers.is_empty() {
        let mut at = 0;
        while let Some(driver) = drivers.get_mut(at) {
            match driver.step()? {
                Step::Heard(answers) => {
                    at += 1;
                    take(answers);
                }
                Step::Silence => at += 1,
                Step::Done => done.push(drivers.remove(at).worker),
            }
        }
        halt();
        drivers.first().into_iter().for_each(|driver| pause(driver.pause()));
    }
    Ok(done)
}

/// Lets news gather.
#[allow(clippy::disallowed_methods, reason = "to be woken by every outcome is what this avoids; see `worker`")]
fn pause(time: Duration) {
    thread::sleep(time);
}

/// Tasks that no worker has yet.
struct Queue {
    tasks: VecDeque<Task>,
    bytes: u64,
    workers: u64,
}

impl Queue {
    fn of(tasks: Vec<Task>, workers: usize) -> Self {
        let bytes = tasks.iter().map(|task| task.bytes).sum();
        Self { tasks: tasks.into(), bytes, workers: workers as u64 }
    }

    fn next(&mut self) -> Option<Task> {
        let task = self.tasks.pop_front()?;
        self.bytes = self.bytes.saturating_sub(task.bytes);
        Some(task)
    }

    /// What a worker may have in flight: half of its share of what is left.
    fn in_flight(&self) -> u64 {
        (self.bytes / (2 * self.workers.max(1))).clamp(LEAST_BYTES, IN_FLIGHT_BYTES)
    }
}

/// Keeps one worker busy.
struct Driver<'a, Put> {
    pool: &'a Pool,
    queue: &'a Mutex<Queue>,
    stop: &'a AtomicBool,
    put: &'a Put,
    worker: Worker,
    /// What the worker was given and has not answered yet, in order.
    pending: VecDeque<Task>,
    silence: Silence,
}

/// What came of a look at a worker.
enum Step<P> {
    /// Outcomes; none where it made itself ready.
    Heard(Vec<Answer<P>>),
    /// It is at work.
    Silence,
    /// Nothing is left to be done.
    Done,
}

impl<P, Put: Fn(&[u8]) -> P> Driver<'_, Put> {
    /// Until nothing is left to be done. Gives the worker back.
    fn drive(mut self, answers: &Sender<Vec<Answer<P>>>) -> Result<Worker, PoolError> {
        loop {
            match self.step()? {
                Step::Heard(heard) => {
                    let _ = answers.send(heard);
                }
                Step::Silence => pause(self.pause()),
                Step::Done => return Ok(self.worker),
            }
        }
    }

    /// Gives the worker what it can take, and looks for what it has done.
    fn step(&mut self) -> Result<Step<P>, PoolError> {
        self.refill();
        if self.pending.is_empty() || self.stop.load(Ordering::Relaxed) {
            self.worker.end();
            return Ok(Step::Done);
        }
        match self.worker.look(self.put) {
            News::Heard(answers) => {
                self.silence = Silence::begin(Instant::now());
                self.pending.drain(..answers.len().min(self.pending.len()));
                Ok(Step::Heard(answers))
            }
            News::Silence if self.is_patient() => Ok(Step::Silence),
            News::Silence | News::Ended if !self.worker.is_ready() => {
                Err(PoolError::Start(io::Error::other("it ended before it was ready")))
            }
            News::Silence => self.replace(Unread::TimedOut),
            News::Ended => self.replace(Unread::Crashed),
        }
    }

    /// Whether the worker may be silent for longer.
    fn is_patient(&mut self) -> bool {
        let now = Instant::now();
        if !self.worker.is_ready() {
            return self.silence.lasts(now) < START;
        }
        let limit = Duration::from_millis(self.pool.setup.parse_ms).saturating_add(GRACE);
        self.silence.may_go_on(now, limit, || self.worker.worked())
    }

    /// How long the answers can wait.
    fn pause(&self) -> Duration {
        if self.pool.setup.parse && self.pending.len() > 1 {
            return PAUSE_PARSING;
        }
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.in_flight() < IN_FLIGHT_BYTES { PAUSE_AT_THE_END } else { PAUSE_COUNTING }
    }

    /// Labels the task that the worker was on and goes on with a new worker.
    fn replace(&mut self, why: Unread) -> Result<Step<P>, PoolError> {
        let culprit = self.pending.pop_front().map(|culprit| (Outcome::unread(&culprit, why), None));
        self.worker = Worker::start(&self.pool.program, &self.pool.setup)?;
        self.pending.iter().for_each(|task| self.worker.give(task));
        self.worker.flush();
        self.silence = Silence::begin(Instant::now());
        Ok(Step::Heard(culprit.into_iter().collect()))
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
