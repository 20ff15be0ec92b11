//! What is done by two threads at once.

use std::iter;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Whether steps that do not need each other are gone through at once.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    at_once: bool,
}

/// With less to be done than for so many files, another thread costs more than it saves: its first memory alone, which the
/// allocator takes in large pieces, can take a millisecond.
const MUCH: usize = 4_096;
/// For how many files that are only counted a parsed one stands.
const PARSED: usize = 16;
/// From so many files on, one step comes after the other where they need much memory beside what they find: a million need
/// 300 MiB more at once.
const TOO_MANY_AT_ONCE: usize = 200_000;

impl Pace {
    /// For so many files, of which so many are parsed.
    pub(crate) fn of(files: usize, parsed: usize) -> Self {
        Self { at_once: files.saturating_add(parsed.saturating_mul(PARSED)) >= MUCH }
    }

    /// One step after the other where there are too many files.
    pub(crate) fn unless_too_many(self, files: usize) -> Self {
        Self { at_once: self.at_once && files < TOO_MANY_AT_ONCE }
    }

    pub(crate) fn both<A: Send, B>(self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
        if self.at_once { in_parallel(a, b) } else { (a(), b()) }
    }
}

/// Runs both, one of them on another thread.
pub(crate) fn in_parallel<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| resume_unwind(panic)), b)
    })
}

/// Adds what comes of each number below this one to what two threads have, of which each takes the next number in turn: so
/// neither has nothing left to do while the other has much. Who has what is left to chance.
pub(crate) fn in_turns<T: Default + Send>(numbers: usize, add: impl Fn(&mut T, usize) + Sync) -> [T; 2] {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut found = T::default();
        let taken = iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        taken.take_while(|number| *number < numbers).for_each(|number| add(&mut found, number));
        found
    };
    in_parallel(take, take).into()
}

#[cfg(test)]
mod tests {
    use super::{MUCH, PARSED, Pace, TOO_MANY_AT_ONCE, in_turns};

    #[test]
    fn little_and_too_much_are_done_one_after_the_other() {
        assert!(!Pace::of(MUCH - 1, 0).at_once);
        assert!(Pace::of(MUCH, 0).at_once);
        assert!(Pace::of(MUCH / PARSED, MUCH / PARSED).at_once);
        assert!(Pace::of(MUCH, 0).unless_too_many(MUCH).at_once);
        assert!(!Pace::of(TOO_MANY_AT_ONCE, 0).unless_too_many(TOO_MANY_AT_ONCE).at_once);
    }

    #[test]
    fn each_number_has_its_turn_once() {
        for numbers in [0, 1, 2, 1000] {
            let mut had: Vec<usize> = in_turns(numbers, |had: &mut Vec<usize>, number| had.push(number)).concat();
            had.sort_unstable();
            assert_eq!(had, (0..numbers).collect::<Vec<_>>());
        }
    }
}
