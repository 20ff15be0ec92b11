//! How long a parser may work at a file.

use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// What one file may cost this thread. The time that it worked counts and not the clock's: where the machine is busy, or was
/// stopped, a file gets no less.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    began: Instant,
    worked: Duration,
    limit: Duration,
}

impl Patience {
    pub(crate) fn begin(limit: Duration) -> Self {
        Self { began: Instant::now(), worked: worked(), limit }
    }

    /// The clock is asked first: to ask the system for the time of a thread costs much more.
    pub(crate) fn is_over(&self) -> bool {
        self.began.elapsed() > self.limit && worked().saturating_sub(self.worked) > self.limit
    }
}

/// How long this thread has worked since it began.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
