//! The parent's side: as many workers as threads, tasks dealt out in small batches, a clock on every answer.

use super::protocol::{Outcome, Ready, Setup, Task, read_frame, write_frame};
use crate::record::Unread;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::collections::VecDeque;
use std::io::{self, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A worker that has not answered for this long is ended. The parser's own limit is lower, so only what does not look
/// at the clock comes here.
const SILENCE: Duration = Duration::from_millis(2_000);
/// A worker that is not ready by then will never be.
const START: Duration = Duration::from_secs(30);
/// How often it is asked whether to go on while nothing comes in.
const ASK: Duration = Duration::from_millis(50);
/// Work in flight per worker: enough that it never waits, little enough that the last ones end together.
const IN_FLIGHT_BYTES: u64 = 256 << 10;
const IN_FLIGHT_TASKS: usize = 64;
/// Tasks in flight stay well below a pipe's buffer, so that handing one out never blocks on a worker that hangs.
const IN_FLIGHT_PATHS: usize = 16 << 10;

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
    pub program: Vec<std::ffi::OsString>,
    /// Workers at once; at least 1.
    pub threads: usize,
    /// What each is told first.
    pub setup: Setup,
}

impl Pool {
    /// Runs every task and hands each outcome to `take`, in no particular order. Ends early, without an error, once
    /// `halt` says so, which is asked several times a second: tasks that were not done have no outcome.
    ///
    /// # Errors
    /// [`PoolError::Start`] where a worker does not start.
    pub fn run(
        &self,
        tasks: Vec<Task>,
        mut halt: impl FnMut() -> bool,
        mut take: impl FnMut(Outcome),
    ) -> Result<(), PoolError> {
        let stop = &AtomicBool::new(false);
        let threads = self.threads.clamp(1, tasks.len().max(1));
        let queue = Mutex::new(VecDeque::from(tasks));
        let (send, receive) = bounded::<Outcome>(256);
        thread::scope(|scope| {
            let drivers: Vec<_> = (0..threads)
                .map(|_| {
                    let driver = Driver { pool: self, queue: &queue, stop, outcomes: send.clone() };
                    scope.spawn(move || driver.drive())
                })
                .collect();
            drop(send);
            loop {
                match receive.recv_timeout(ASK) {
                    Ok(outcome) => take(outcome),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if halt() {
                    stop.store(true, Ordering::Relaxed);
                }
            }
            drivers.into_iter().try_for_each(|driver| driver.join().unwrap_or(Ok(())))
        })
    }
}

/// Keeps one worker busy.
struct Driver<'a> {
    pool: &'a Pool,
    queue: &'a Mutex<VecDeque<Task>>,
    stop: &'a AtomicBool,
    outcomes: Sender<Outcome>,
}

impl Driver<'_> {
    fn drive(self) -> Result<(), PoolError> {
        let mut worker = Worker::start(self.pool)?;
        let mut pending: VecDeque<Task> = VecDeque::new();
        loop {
            self.refill(&mut worker, &mut pending);
            if pending.is_empty() {
                return Ok(());
            }
            let answer = worker.answer(self.stop);
            if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            match answer {
                Ok(outcome) => {
                    pending.pop_front();
                    let _ = self.outcomes.send(outcome);
                }
                Err(silence) => {
                    let why = match silence {
                        RecvTimeoutError::Timeout => Unread::TimedOut,
                        RecvTimeoutError::Disconnected => Unread::Crashed,
                    };
                    if let Some(culprit) = pending.pop_front() {
                        let _ = self.outcomes.send(Outcome::unread(&culprit, why));
                    }
                    drop(worker);
                    worker = Worker::start(self.pool)?;
                    pending.iter().for_each(|task| worker.give(task));
                    worker.flush();
                }
            }
        }
    }

    fn refill(&self, worker: &mut Worker, pending: &mut VecDeque<Task>) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let mut bytes: u64 = pending.iter().map(|task| task.bytes).sum();
        let mut paths: usize = pending.iter().map(|task| task.path.len()).sum();
        let mut given = false;
        while pending.is_empty()
            || (bytes < IN_FLIGHT_BYTES && pending.len() < IN_FLIGHT_TASKS && paths < IN_FLIGHT_PATHS)
        {
            // A poisoned queue means another driver panicked; what is left is still work to do.
            let next = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front();
            let Some(task) = next else { break };
            bytes += task.bytes;
            paths += task.path.len();
            worker.give(&task);
            pending.push_back(task);
            given = true;
        }
        if given {
            worker.flush();
        }
    }
}

/// A running child. Dropping it ends it.
struct Worker {
    child: Child,
    /// `None` once the pipe broke; the silence that follows tells the driver.
    input: Option<BufWriter<ChildStdin>>,
    answers: Receiver<Outcome>,
}

impl Worker {
    fn start(pool: &Pool) -> Result<Self, PoolError> {
        let (program, arguments) = pool
            .program
            .split_first()
            .ok_or_else(|| PoolError::Start(io::Error::new(io::ErrorKind::NotFound, "no program was named")))?;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(PoolError::Start)?;
        let (send, answers) = bounded(IN_FLIGHT_TASKS);
        let (ready, is_ready) = bounded(1);
        if let Some(output) = child.stdout.take() {
            // Ends by itself when the child's end of the pipe closes or the driver stops listening.
            thread::spawn(move || {
                let mut output = BufReader::with_capacity(64 << 10, output);
                let _ = ready.send(matches!(read_frame::<Ready>(&mut output), Ok(Some(Ready))));
                while let Ok(Some(outcome)) = read_frame::<Outcome>(&mut output) {
                    if send.send(outcome).is_err() {
                        break;
                    }
                }
            });
        }
        let input = child.stdin.take().map(BufWriter::new);
        let mut worker = Self { child, input, answers };
        worker.write(&pool.setup);
        worker.flush();
        match is_ready.recv_timeout(START) {
            Ok(true) => Ok(worker),
            _ => Err(PoolError::Start(io::Error::other("it ended before it was ready"))),
        }
    }

    /// The next answer, or how long the silence was; looks up now and then whether it is still wanted.
    fn answer(&self, stop: &AtomicBool) -> Result<Outcome, RecvTimeoutError> {
        let began = Instant::now();
        loop {
            match self.answers.recv_timeout(ASK) {
                Err(RecvTimeoutError::Timeout) if began.elapsed() < SILENCE && !stop.load(Ordering::Relaxed) => {}
                answer => return answer,
            }
        }
    }

    fn give(&mut self, task: &Task) {
        self.write(task);
    }

    fn write(&mut self, message: &impl serde::Serialize) {
        if let Some(input) = &mut self.input
            && write_frame(input, message).is_err()
        {
            self.input = None;
        }
    }

    fn flush(&mut self) {
        if self.input.as_mut().is_some_and(|input| input.flush().is_err()) {
            self.input = None;
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
