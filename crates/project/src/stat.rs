//! Telling that a file has not changed since it was read, without reading it.

use rustix::fs::Stat;
use serde::{Deserialize, Serialize};

/// What the file system says of a file's state. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStat {
    /// Bytes.
    pub size: u64,
    /// Last change of the content, which any owner may set back.
    pub mtime_ns: i64,
    /// Last change of the content or of the inode, which nobody can set.
    pub ctime_ns: i64,
    /// Inode number: another file under the same name has another one.
    pub inode: u64,
}

/// A moment on the clock that the file system stamps files with, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment(pub i64);

/// File systems that keep whole seconds (or FAT's two) cannot tell two changes within that time apart.
const COARSE_STAMP_NS: i64 = 2_000_000_000;
const SECOND_NS: i64 = 1_000_000_000;

impl Moment {
    /// Now. Take it before the first file of a run is looked at, and keep it beside the stats of that run.
    #[must_use]
    pub fn now() -> Self {
        #[cfg(target_os = "linux")]
        let clock = rustix::time::ClockId::RealtimeCoarse;
        #[cfg(not(target_os = "linux"))]
        let clock = rustix::time::ClockId::Realtime;
        let time = rustix::time::clock_gettime(clock);
        Self(nanoseconds(time.tv_sec, time.tv_nsec))
    }
}

impl FileStat {
    pub(crate) fn of(stat: &Stat) -> Self {
        Self {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mtime_ns: nanoseconds(i64_of(stat.st_mtime), i64_of(stat.st_mtime_nsec)),
            ctime_ns: nanoseconds(i64_of(stat.st_ctime), i64_of(stat.st_ctime_nsec)),
            inode: stat.st_ino,
        }
    }

    /// Whether a file with this stat surely still has the content that it had when `then` was taken, in a run that began
    /// at `recorded`.
    ///
    /// As git does with its index, an equal stat is not trusted where the file was stamped at or after `recorded`
    /// ("racily clean"): a second change within the clock's tick would leave the stamp as it is. The answer is then
    /// `false`, which costs one read and is never wrong. Clocks of network file systems may differ from this machine's
    /// by more than a tick; there only a stamp that lies before `recorded` on both is trusted.
    #[must_use]
    pub fn is_unchanged_since(&self, then: &Self, recorded: Moment) -> bool {
        self == then && stamped_before(self.mtime_ns, recorded) && stamped_before(self.ctime_ns, recorded)
    }
}

fn stamped_before(stamp_ns: i64, recorded: Moment) -> bool {
    let tick = if stamp_ns % SECOND_NS == 0 { COARSE_STAMP_NS } else { 0 };
    stamp_ns.saturating_add(tick) < recorded.0
}

fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(SECOND_NS).saturating_add(nanoseconds)
}

/// The fields' types differ between platforms.
fn i64_of(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEN: FileStat = FileStat { size: 3, mtime_ns: 5_000_000_001, ctime_ns: 5_000_000_001, inode: 7 };

    #[test]
    fn a_file_stamped_before_the_run_is_unchanged_when_all_is_equal() {
        assert!(THEN.is_unchanged_since(&THEN, Moment(5_000_000_002)));
        for other in [
            FileStat { size: 4, ..THEN },
            FileStat { mtime_ns: 4_000_000_001, ..THEN },
            FileStat { ctime_ns: 4_000_000_001, ..THEN },
            FileStat { inode: 8, ..THEN },
        ] {
            assert!(!other.is_unchanged_since(&THEN, Moment(9_000_000_000)));
        }
    }

    #[test]
    fn a_file_stamped_during_the_run_is_read_again() {
        assert!(!THEN.is_unchanged_since(&THEN, Moment(5_000_000_001)));
        let touched = FileStat { ctime_ns: 6_000_000_001, ..THEN };
        assert!(!touched.is_unchanged_since(&touched, Moment(6_000_000_000)), "mtime set back, ctime tells");
    }

    #[test]
    fn whole_second_stamps_need_two_seconds_of_distance() {
        let coarse = FileStat { mtime_ns: 5_000_000_000, ctime_ns: 5_000_000_000, ..THEN };
        assert!(!coarse.is_unchanged_since(&coarse, Moment(6_900_000_000)));
        assert!(coarse.is_unchanged_since(&coarse, Moment(7_000_000_001)));
    }
}
