//! What tracked files were made from: where that is as it was, and the file too, it is not made again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A SHA-256.
pub(crate) type Sum = [u8; 32];

/// The files of the model that take longest to make, by path: what each was made from, the sum of its text, and its length. It may
/// be missing at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made(BTreeMap<String, (Sum, Sum, u64)>);

impl Made {
    /// Whether a file is what would be made from this: `now` reads it, where it has at most so many bytes.
    pub(crate) fn stands(&self, path: &str, from: &Sum, now: impl FnOnce(u64) -> Option<Vec<u8>>) -> bool {
        let known = self.0.get(path).filter(|(known, ..)| known == from);
        known.is_some_and(|(_, text, length)| now(*length).is_some_and(|now| sum(&now) == *text))
    }

    /// Notes that a file with this text was made.
    pub(crate) fn add(&mut self, path: &str, from: Sum, text: &str) {
        self.0.insert(path.to_owned(), (from, sum(text.as_bytes()), text.len() as u64));
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

    /// Adds a value of a type that never leaves a field out (`skip_serializing_if`): the fields' names are not added.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Inputs, Model, Run};
    use crate::projections::render;
    use crate::record::{FileClass, FileRecord, LineCounts};

    #[test]
    fn what_stands_is_not_made() {
        let record = FileRecord {
            path: "src/a.rs".into(),
            language: Some("Rust".into()),
            class: FileClass::Source,
            bytes: 9,
            lines: LineCounts { code: 1, ..LineCounts::default() },
            digest: None,
            unread: None,
            headings: Vec::new(),
            mentions: Vec::new(),
        };
        let run = Run { project: "shop".into(), mode: "deep".into(), ..Run::default() };
        let model = Model::new(Inputs {
            run: &run,
            records: &[record],
            links: &[],
            packages: &[],
            dependencies: &[],
            namespaces: &[],
            history: None,
            context: &[],
            reports: &[],
        });
        let standing = |stands: bool| {
            let files = render(&model, &|_, _| stands).unwrap().into_iter();
            files.filter(|file| file.text.is_none()).map(|file| file.path).collect::<Vec<_>>()
        };
        assert_eq!(standing(true), ["system_model/components/root.yaml", "system_model/relationships.yaml"]);
        assert_eq!(standing(false), [""; 0]);
    }

    #[test]
    fn a_file_stands_where_both_sums_are_as_they_were() {
        let mut made = Made::default();
        made.add("a", [1; 32], "text");
        let reads = |text: &'static str| move |most| (text.len() as u64 <= most).then(|| text.as_bytes().to_vec());
        assert!(made.stands("a", &[1; 32], reads("text")));
        assert!(!made.stands("a", &[2; 32], reads("text")), "it would be made from something else");
        assert!(!made.stands("a", &[1; 32], reads("test")), "somebody edited it");
        assert!(!made.stands("a", &[1; 32], reads("text and more")), "what is longer is not even read");
        assert!(!made.stands("b", &[1; 32], reads("text")));
        let mut next = Made::default();
        next.carry("a", &made);
        next.carry("b", &made);
        assert_eq!(next, made);
    }
}
