//! What finding intents takes longest over, kept from run to run under a hash of what it was found from: where that is the
//! same, so is what would be found. Where it is not, words of files that are as they were are taken over. It may be missing
//! at any time.

use super::graph::Pair;
use super::terms::Terms;
use serde::{Deserialize, Serialize};

/// What a run leaves for the next one.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The words of the files that take part, and the pairs of files whose words are most alike.
    pub(super) words: Remembered<(Terms, Vec<Pair>)>,
    /// The communities of their network, from each seed.
    pub(super) communities: Remembered<Vec<Vec<u32>>>,
}

impl Memory {
    /// Whether something is in it that was not when it was read.
    #[must_use]
    pub(crate) fn is_news(&self) -> bool {
        self.words.is_new || self.communities.is_new
    }
}

/// Something, and what it was found from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered<T> {
    known: Option<([u8; 32], T)>,
    #[serde(skip)]
    is_new: bool,
}

impl<T> Remembered<T> {
    /// What was found from the same, where it is sound, or what is found now, where that helps from what was found of
    /// something else.
    pub(super) fn recall(
        &mut self,
        from: [u8; 32],
        is_sound: impl Fn(&T) -> bool,
        find: impl FnOnce(Option<T>) -> T,
    ) -> &T {
        let known = match self.known.take() {
            Some((of, known)) if of == from && is_sound(&known) => known,
            other => {
                self.is_new = true;
                find(other.filter(|(of, _)| *of != from).map(|(_, known)| known))
            }
        };
        &self.known.insert((from, known)).1
    }
}

#[cfg(test)]
mod tests {
    use super::Remembered;

    #[test]
    fn what_is_known_of_the_same_and_sound_is_not_looked_for_again() {
        let mut memory = Remembered::default();
        assert_eq!(memory.recall([1; 32], |_| true, |_| 5), &5);
        assert!(memory.is_new);
        let mut memory = Remembered { is_new: false, ..memory };
        assert_eq!(memory.recall([1; 32], |_| true, |_| 6), &5);
        assert!(!memory.is_new, "nothing new was learnt");
        assert_eq!(memory.recall([1; 32], |known| *known != 5, |before| before.unwrap_or(7)), &7);
        assert_eq!(memory.recall([2; 32], |_| true, |before| before.unwrap() + 1), &8);
        assert!(memory.is_new);
    }
}
