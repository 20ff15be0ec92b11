//! How far a test reaches: from what it names to what that uses, as long as it is sure enough.
//!
//! A test that names functions of a file runs them. Whether it also runs what the file uses is not known; the more names of
//! another file a file uses, the likelier it is that any of its functions comes there, and the more ways lead to a file, the
//! likelier it is reached: chances of independent ways add up as 1 - (1 - a)(1 - b).

use super::steps::{Step, Steps};
use super::{Basis, Found, Link, MIN_CONFIDENCE, Role};

/// Most files on the way from a test to code.
pub const MAX_STEPS: u8 = 3;
/// Chance that a file is reached through one name that another one uses, in percent; further names add up.
pub const ANOTHER_NAME: u8 = 30;
/// Confidence of what a test names itself, in percent of that of the name.
const NAMED_BY_TEST: f64 = 0.95;

/// Room for walks, one after another.
pub(super) struct Walk<'a> {
    steps: &'a Steps,
    roles: &'a [Role],
    /// How sure it is that each file is reached; 0 for those that are not.
    chance: Vec<f64>,
    /// How sure it is that each file of the next level is not; 1 for those nobody has come to.
    missed: Vec<f64>,
    /// By what each file of the next level is reached.
    basis: Vec<Basis>,
    reached: Vec<u32>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(steps: &'a Steps, roles: &'a [Role]) -> Self {
        let files = roles.len();
        Self {
            steps,
            roles,
            chance: vec![0.0; files],
            missed: vec![1.0; files],
            basis: vec![Basis::Import; files],
            reached: Vec::new(),
        }
    }

    /// What the tests of one file reach.
    pub(super) fn from(&mut self, test: u32, found: &mut Vec<Found>) {
        self.reach(test, 1.0);
        if matches!(self.role(test), Role::Code { .. }) {
            found.push((test, Link::new(test, Basis::Own, 0, 100)));
        }
        let mut level = vec![test];
        for distance in 1..=MAX_STEPS {
            let next = self.next(&level);
            level.clear();
            for code in next {
                let chance = 1.0 - self.take_missed(code);
                let confidence = percent(chance);
                if confidence < MIN_CONFIDENCE {
                    continue;
                }
                self.reach(code, chance);
                level.push(code);
                if matches!(self.role(code), Role::Code { .. } | Role::Values) {
                    let basis = self.basis.get(code as usize).copied().unwrap_or(Basis::Import);
                    found.push((code, Link::new(test, basis, distance, confidence)));
                }
            }
        }
        for file in self.reached.drain(..) {
            if let Some(chance) = self.chance.get_mut(file as usize) {
                *chance = 0.0;
            }
        }
    }

    /// The files that a level leads to, sorted, none of which was reached before.
    fn next(&mut self, level: &[u32]) -> Vec<u32> {
        let mut next = Vec::new();
        let steps = self.steps;
        for &file in level {
            let so_far = self.chance.get(file as usize).copied().unwrap_or(0.0);
            let is_test = self.role(file).is_of_tests();
            for step in steps.of(file) {
                let to = step.to as usize;
                if self.chance.get(to).is_none_or(|chance| *chance > 0.0) {
                    continue;
                }
                let Some((missed, basis)) = self.missed.get_mut(to).zip(self.basis.get_mut(to)) else { continue };
                if *missed >= 1.0 {
                    next.push(step.to);
                    *basis = Basis::Import;
                }
                *missed *= 1.0 - so_far * chance_of(*step, is_test);
                if step.names > 0 {
                    *basis = Basis::Call;
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    fn role(&self, file: u32) -> Role {
        self.roles.get(file as usize).copied().unwrap_or_default()
    }

    fn reach(&mut self, file: u32, chance: f64) {
        if let Some(slot) = self.chance.get_mut(file as usize) {
            *slot = chance;
            self.reached.push(file);
        }
    }

    fn take_missed(&mut self, file: u32) -> f64 {
        self.missed.get_mut(file as usize).map_or(1.0, |missed| std::mem::replace(missed, 1.0))
    }
}

/// How likely a file that runs runs the other as well.
fn chance_of(step: Step, is_test: bool) -> f64 {
    let sure = f64::from(step.confidence) / 100.0;
    if is_test {
        return sure * if step.names > 0 { NAMED_BY_TEST } else { 1.0 };
    }
    let not_by_one = 1.0 - f64::from(ANOTHER_NAME) / 100.0;
    // More names than these add nothing that shows.
    let missed = (0..step.names.min(16)).fold(1.0, |missed, _| missed * not_by_one);
    sure * (1.0 - missed)
}

/// In percent, rounded down; what is not seen to happen is never certain.
fn percent(chance: f64) -> u8 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=99")]
    let whole = (chance * 100.0).clamp(0.0, 99.0) as u8;
    whole
}
