//! Whether stored leaves are one ledger: numbered without a gap, in time, each as it was written.

use crate::{Hash, Leaf};

/// A leaf as a store gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its place, as the store has it.
    pub seq: u64,
    /// Its bytes.
    pub text: String,
    /// Its hash, as the store has it.
    pub hash: String,
}

/// What is wrong with a sequence of leaves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A place is empty, or taken twice.
    #[error("entry {expected} is missing; there is {found} in its place")]
    Gap {
        /// The place.
        expected: u64,
        /// What the store has there.
        found: u64,
    },
    /// The bytes are not those of the hash.
    #[error("entry {seq} is not what was written: its hash differs")]
    Changed {
        /// The place.
        seq: u64,
    },
    /// The bytes are no leaf in canonical form, of this ledger and this place.
    #[error("entry {seq} is no entry of this ledger at this place: {why}")]
    Foreign {
        /// The place.
        seq: u64,
        /// What differs.
        why: String,
    },
    /// Its time is before that of the entry before it.
    #[error("entry {seq} is older than the one before it")]
    Backwards {
        /// The place.
        seq: u64,
    },
}

/// Checks all leaves of a ledger, from its first.
///
/// # Errors
/// With the first thing that is wrong.
pub fn check(ledger: &str, leaves: impl IntoIterator<Item = Stored>) -> Result<u64, Broken> {
    let mut size = 0;
    let mut last = i64::MIN;
    for stored in leaves {
        let leaf = check_one(ledger, size, &stored)?;
        if leaf.at < last {
            return Err(Broken::Backwards { seq: size });
        }
        last = leaf.at;
        size += 1;
    }
    Ok(size)
}

fn check_one(ledger: &str, seq: u64, stored: &Stored) -> Result<Leaf, Broken> {
    if stored.seq != seq {
        return Err(Broken::Gap { expected: seq, found: stored.seq });
    }
    if Hash::of_leaf(stored.text.as_bytes()).to_string() != stored.hash {
        return Err(Broken::Changed { seq });
    }
    let foreign = |why: String| Broken::Foreign { seq, why };
    let leaf: Leaf = serde_json::from_str(&stored.text).map_err(|error| foreign(error.to_string()))?;
    let sealed = leaf.seal().map_err(|error| foreign(error.to_string()))?;
    if sealed.text != stored.text {
        return Err(foreign("not in canonical form".to_owned()));
    }
    if leaf.ledger != ledger || leaf.seq != seq {
        return Err(foreign(format!("it says entry {} of {}", leaf.seq, leaf.ledger)));
    }
    Ok(leaf)
}
