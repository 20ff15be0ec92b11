//! What tracked files were made from: where that is as it was, and the file too, it is not made again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A SHA-256.
pub(crate) type Sum = [u8; 32];

/// The files of the model that take longest to make, by path: what each was made from, and its text. It may be missing at any
/// time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made(BTreeMap<String, (Sum, Sum)>);

impl Made {
    /// Whether a file is what would be made from this: `now` reads what it says.
    pub(crate) fn stands(&self, path: &str, from: &Sum, now: impl FnOnce() -> Option<Vec<u8>>) -> bool {
        let known = self.0.get(path).filter(|(known, _)| known == from);
        known.is_some_and(|(_, text)| now().is_some_and(|now| sum(&now) == *text))
    }

    /// Notes that a file with this text was made.
    pub(crate) fn add(&mut self, path: &str, from: Sum, text: &str) {
        self.0.insert(path.to_owned(), (from, sum(text.as_bytes())));
    }

    /// Notes that a file is as it was.
    pub(crate) fn carry(&mut self, path: &str, before: &Self) {
        self.0.extend(before.0.get_key_value(path).map(|(path, known)| (path.clone(), *known)));
    }
}

/// Sums up what something is made from, as bytes that are the same only where that is.
pub(super) struct Material {
    hash: Sha256,
    /// What is not in the hash yet; `None` once something could not be written so.
    room: Option<Vec<u8>>,
}

/// Bytes that are hashed at a time.
const PIECE: usize = 64 << 10;

impl Material {
    pub(super) fn new() -> Self {
        Self { hash: Sha256::new(), room: Some(Vec::new()) }
    }

    /// Adds a value of a type that leaves no field out.
    pub(super) fn add<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.room = self.room.take().and_then(|room| postcard::to_extend(value, room).ok());
        if let Some(room) = self.room.as_mut().filter(|room| room.len() >= PIECE) {
            self.hash.update(&room);
            room.clear();
        }
    }

    /// Adds a value of any type.
    pub(super) fn add_named<T: Serialize>(&mut self, value: &T) {
        match serde_json::to_vec(value) {
            Ok(json) => self.add(&json),
            Err(_) => self.room = None,
        }
    }

    pub(super) fn sum(self) -> Option<Sum> {
        self.room.map(|room| self.hash.chain_update(room).finalize().into())
    }
}

fn sum(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}
