//! A bound on work, counted in steps and not in time, so that hostile input is cut at the same place on every machine.

use std::cell::Cell;

/// A path, or another text, of this length, in bytes, or a shorter one is one step.
const USUAL_TEXT: usize = 64;

/// The steps that one file or manifest may still cost.
#[derive(Debug)]
pub(crate) struct Work {
    left: Cell<usize>,
    has_left_out: Cell<bool>,
}

impl Work {
    pub(crate) const fn of(steps: usize) -> Self {
        Self { left: Cell::new(steps), has_left_out: Cell::new(false) }
    }

    /// Takes steps; false where fewer are left, and from then on.
    pub(crate) fn take(&self, steps: usize) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or_default());
        left.is_some_and(|left| left > 0)
    }

    /// Takes what it costs to look a text up or to copy it: a long one, as a path in deep folders is, costs more.
    pub(crate) fn take_text(&self, text: &str) -> bool {
        self.take(1 + text.len() / USUAL_TEXT)
    }

    /// Refuses everything from now on.
    pub(crate) fn spend(&self) {
        self.left.set(0);
    }

    /// Steps that are left.
    pub(crate) fn left(&self) -> usize {
        self.left.get()
    }

    /// Whether something was refused, or the next step would be.
    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Notes that of one list not everything is looked at, whatever work is left.
    pub(crate) fn leave_out(&self) {
        self.has_left_out.set(true);
    }

    /// Whether that was noted since the last time.
    pub(crate) fn has_left_out(&self) -> bool {
        self.has_left_out.take()
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
