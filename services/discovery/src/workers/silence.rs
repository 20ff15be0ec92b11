//! How long a worker may be silent.

use std::mem;
use std::time::{Duration, Instant};

/// How often a worker is looked at, at least, while nothing comes of it. Of the time between two looks no more than that counts
/// as its silence: the rest is that of whoever was to look.
pub(super) const ASK: Duration = Duration::from_millis(50);
/// From then on its silence is noticed, and it is asked how long it has worked.
const NOTICED: Duration = Duration::from_millis(500);
/// By so many times its limit a worker must be heard of, however little it has worked: it may wait for something for good.
const STANDSTILL: u32 = 10;

/// How long nothing was heard of a worker. What it has worked meanwhile decides, not the clock: where the machine is busy, or the
/// worker was stopped, a file gets no less.
pub(super) struct Silence {
    so_far: Duration,
    looked: Instant,
    /// How long it had worked when its silence was noticed.
    worked: Option<Duration>,
}

impl Silence {
    pub(super) fn begin(now: Instant) -> Self {
        Self { so_far: Duration::ZERO, looked: now, worked: None }
    }

    /// How long it lasts by now, when the worker was looked at and nothing heard.
    pub(super) fn lasts(&mut self, now: Instant) -> Duration {
        self.so_far += now.saturating_duration_since(mem::replace(&mut self.looked, now)).min(ASK);
        self.so_far
    }

    /// Whether the worker may go on, when it was looked at and nothing heard. `worked` is asked how long its process has worked
    /// since it began; where nobody can say, the clock decides.
    pub(super) fn may_go_on(
        &mut self,
        now: Instant,
        limit: Duration,
        worked: impl FnOnce() -> Option<Duration>,
    ) -> bool {
        let silent = self.lasts(now);
        if silent < NOTICED {
            return true;
        }
        let Some(worked) = worked() else { return silent < limit };
        let before = *self.worked.get_or_insert(worked);
        worked.saturating_sub(before) < limit && silent < limit.saturating_mul(STANDSTILL)
    }
}

#[cfg(test)]
mod tests {
    use super::{ASK, NOTICED, STANDSTILL, Silence};
    use std::time::{Duration, Instant};

    const LIMIT: Duration = Duration::from_secs(2);

    /// How long a worker is waited for that works for so long out of a hundred milliseconds.
    fn patience(per_100_ms: Option<u32>) -> Duration {
        let began = Instant::now();
        let mut silence = Silence::begin(began);
        let worked = |look: u32| per_100_ms.map(|part| Duration::from_millis(u64::from(part)) * look / 2);
        let is_over = |look: &u32| !silence.may_go_on(began + ASK * *look, LIMIT, || worked(*look));
        ASK * (1..).find(is_over).unwrap_or_default()
    }

    #[test]
    fn silence_is_what_was_listened_to() {
        let began = Instant::now();
        let mut silence = Silence::begin(began);
        let second = Duration::from_secs(1);
        assert_eq!(silence.lasts(began + 60 * second), ASK);
        let looks = (1..=100).map(|look| began + 60 * second + look * second / 100);
        assert_eq!(looks.map(|now| silence.lasts(now)).last(), Some(ASK + second));
    }

    #[test]
    fn a_worker_has_the_work_of_its_limit_and_not_the_time() {
        assert_eq!(patience(Some(100)), NOTICED + LIMIT);
        assert_eq!(patience(Some(25)), NOTICED + 4 * LIMIT);
        assert_eq!(patience(Some(0)), STANDSTILL * LIMIT);
        assert_eq!(patience(None), LIMIT);
    }
}
