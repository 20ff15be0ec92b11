//! A bound on work, counted in steps and not in time, so that hostile input is cut at the same place on every machine.

use std::cell::Cell;

/// A path of this length, in bytes, or a shorter one is one step.
const USUAL_PATH: usize = 64;

/// The steps that one file or manifest may still cost.
#[derive(Debug)]
pub(crate) struct Work(Cell<usize>);

impl Work {
    pub(crate) const fn of(steps: usize) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes steps; false where fewer are left, and from then on.
    pub(crate) fn take(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or_default());
        left.is_some_and(|left| left > 0)
    }

    /// Takes what it costs to look a path up: long ones, in deep folders, cost more.
    pub(crate) fn take_path(&self, path: &str) -> bool {
        self.take(1 + path.len() / USUAL_PATH)
    }

    /// Whether something was refused, or the next step would be.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_once_stays_refused() {
        let work = Work::of(10);
        assert!(work.take(9) && !work.is_spent());
        assert!(!work.take(5) && !work.take(1));
        assert!(work.is_spent());
    }
}
