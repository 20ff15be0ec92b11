//! Many names in one piece of memory.

use serde::{Deserialize, Serialize};

/// A list of names, stored as one text: a repository uses millions of them, and an allocation each would cost more than
/// what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameList {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<u32>,
}

impl NameList {
    /// Appends a name; one that would make the text longer than 4 GiB is left out.
    pub fn push(&mut self, name: &str) {
        if let Ok(end) = u32::try_from(self.text.len() + name.len()) {
            self.text.push_str(name);
            self.ends.push(end);
        }
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }

    /// The names, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let from = std::mem::replace(&mut start, end);
            // What a damaged cache has as ends outside of the text, or between the bytes of a letter, is an empty name.
            self.text.get(from as usize..end as usize).unwrap_or_default()
        })
    }

    /// Whether a name is in a list that is sorted.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle).unwrap_or_default().cmp(name) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// Gives back the room that is not needed.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<S: AsRef<str>> FromIterator<S> for NameList {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut list = Self::default();
        names.into_iter().for_each(|name| list.push(name.as_ref()));
        list.shrink();
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_is_what_was_put_into_it(mut names in prop::collection::vec(".{0,4}", 0..20), other in ".{0,4}") {
            names.sort();
            let list: NameList = names.iter().collect();
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), names.iter().map(String::as_str).collect::<Vec<_>>());
            for name in names.iter().chain([&other]) {
                prop_assert_eq!(list.holds(name), names.contains(name));
            }
        }

        #[test]
        fn a_damaged_list_harms_nobody(text in ".{0,9}", ends in prop::collection::vec(any::<u32>(), 0..9)) {
            let list = NameList { text, ends };
            let each = (0..list.len()).map(|index| list.get(index).unwrap_or_default());
            prop_assert!(list.iter().eq(each));
            let _ = list.holds("x");
        }
    }
}
