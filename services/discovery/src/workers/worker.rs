//! One child process, as its parent sees it: tasks go in, outcomes are looked for now and then.
//!
//! The pipe with the outcomes is asked, never waited at: a reader that sleeps in `read` is woken for every single outcome,
//! and for small files the wake-ups cost more than the counting. The worker still writes each outcome as soon as it has
//! it, so that what it was on when it fell silent or died is known.

use super::pool::PoolError;
use super::protocol::{Body, Inbox, Outcome, Ready, Setup, Task, write_frame};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::param::clock_ticks_per_second;
use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Room for outcomes that were not looked for yet, in bytes. Where the system gives less, workers wait sooner. A user's
/// pipes together may take 64 MiB by default: many workers must not use that up.
const PIPE_BYTES: usize = 256 << 10;

/// A running child. Dropping it ends it.
pub(super) struct Worker {
    child: Child,
    /// `None` once the pipe broke; the end of the answers tells the driver.
    input: Option<BufWriter<ChildStdin>>,
    answers: Inbox<ChildStdout>,
    is_ready: bool,
    /// Bytes of tasks that may wait in its pipe.
    room: usize,
}

/// What became of a task, and where the symbols of its file were put.
pub(super) type Answer<P> = (Outcome, Option<P>);

/// What was found when looking for outcomes.
pub(super) enum News<P> {
    /// It can take tasks now, or answers to the tasks it was given, in their order.
    Heard(Vec<Answer<P>>),
    /// Nothing yet.
    Silence,
    /// It is gone.
    Ended,
}

impl Worker {
    /// Starts a child; it is asked for nothing yet, and makes itself ready while its parent does something else.
    pub(super) fn start(program: &[OsString], setup: &Setup) -> Result<Self, PoolError> {
        let (program, arguments) = program
            .split_first()
            .ok_or_else(|| PoolError::Start(io::Error::new(io::ErrorKind::NotFound, "no program was named")))?;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            // For the allocator of the `codexa` binary. Memory of one file is needed again for the next at once; and what it
            // reserves ahead counts towards the limit that a worker puts on itself.
            .env("MIMALLOC_PURGE_DELAY", "-1")
            .env("MIMALLOC_ARENA_RESERVE", "32MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(PoolError::Start)?;
        let output = child.stdout.take().ok_or_else(|| PoolError::Start(io::ErrorKind::BrokenPipe.into()))?;
        fcntl_setfl(&output, OFlags::NONBLOCK).map_err(|errno| PoolError::Start(errno.into()))?;
        let _ = fcntl_setpipe_size(&output, PIPE_BYTES);
        let input = child.stdin.take();
        let room = input.as_ref().and_then(|input| fcntl_getpipe_size(input).ok()).map_or(0, |bytes| bytes / 2);
        let input = input.map(BufWriter::new);
        let mut worker = Self { child, input, answers: Inbox::new(output), is_ready: false, room };
        worker.write(setup);
        worker.flush();
        Ok(worker)
    }

    /// Whether it has said that it can take tasks.
    pub(super) fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// How long its process has worked; `None` where the system does not say.
    pub(super) fn worked(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // In front stands the name of the program, which may hold spaces and brackets.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut ticks = fields.split_whitespace().skip(11).map(str::parse::<u64>);
        let (own, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
        let ticks = own.checked_add(system)?.checked_mul(1_000)?;
        Some(Duration::from_millis(ticks.checked_div(clock_ticks_per_second())?))
    }

    /// Bytes of tasks that it may be given ahead. They stay well below what its pipe holds, so that handing one out never
    /// blocks on a worker that hangs.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Looks for outcomes. What goes with those of parsed files is put away at once, where it lies in the pipe's bytes: it is
    /// large, and to keep it until the outcome's turn comes would cost as much memory again.
    pub(super) fn look<P>(&mut self, put: impl Fn(&[u8]) -> P) -> News<P> {
        let Ok(is_open) = self.answers.fill() else { return News::Ended };
        let mut heard = false;
        if !self.is_ready {
            match self.answers.next::<Ready>() {
                Ok(Some((Ready, _))) => (self.is_ready, heard) = (true, true),
                Ok(None) => {}
                Err(_) => return News::Ended,
            }
        }
        let mut answers = Vec::new();
        while self.is_ready {
            match self.answers.next::<Outcome>() {
                Ok(Some((outcome, symbols))) => {
                    let place = matches!(outcome.body, Body::Parsed(_)).then(|| put(symbols));
                    answers.push((outcome, place));
                }
                Ok(None) => break,
                // What came before the damage is as good as ever.
                Err(_) if answers.is_empty() => return News::Ended,
                Err(_) => break,
            }
        }
        match (heard || !answers.is_empty(), is_open) {
            (true, _) => News::Heard(answers),
            (false, true) => News::Silence,
            (false, false) => News::Ended,
        }
    }

    pub(super) fn give(&mut self, task: &Task) {
        self.write(task);
    }

    fn write(&mut self, message: &impl serde::Serialize) {
        if let Some(input) = &mut self.input
            && write_frame(input, message).is_err()
        {
            self.input = None;
        }
    }

    pub(super) fn flush(&mut self) {
        if self.input.as_mut().is_some_and(|input| input.flush().is_err()) {
            self.input = None;
        }
    }

    /// Ends it, without waiting until it has ended: one whose input is closed would give back its memory piece by piece first.
    pub(super) fn end(&mut self) {
        let _ = self.child.kill();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
        let _ = self.child.wait();
    }
}
