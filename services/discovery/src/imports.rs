//! The imports of a file, kept as they are encoded. A run after an edit resolves few of them again, and to take all of a
//! repository's apart took longer than all else that is read of its files.

use codexa_model::facts::{Import, ImportKind, typed_lines};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;

/// What a file imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imports {
    encoded: Bytes,
    count: u32,
    /// Lines of imports that are gone when the program runs, sorted.
    typed: Vec<u32>,
    /// Whether one hands on what others define.
    hands_on: bool,
}

impl Imports {
    /// Keeps these.
    #[must_use]
    pub fn of(imports: &[Import]) -> Self {
        Self {
            encoded: Bytes(postcard::to_stdvec(imports).unwrap_or_default().into()),
            count: u32::try_from(imports.len()).unwrap_or(u32::MAX),
            typed: typed_lines(imports).into_iter().collect(),
            hands_on: imports.iter().any(|import| import.kind == ImportKind::ReExport),
        }
    }

    /// Takes them apart, as written and in their order; none where a cache is damaged.
    #[must_use]
    pub fn read(&self) -> Vec<Import> {
        postcard::from_bytes(&self.encoded.0).unwrap_or_default()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The lines of imports that are gone when the program runs.
    #[must_use]
    pub fn typed_lines(&self) -> BTreeSet<u32> {
        self.typed.iter().copied().collect()
    }

    /// Whether one of them hands on what others define.
    #[must_use]
    pub fn hand_on(&self) -> bool {
        self.hands_on
    }
}

/// Bytes that are read and written as one piece.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Box<[u8]>);

impl fmt::Debug for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} bytes", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Piece;

        impl Visitor<'_> for Piece {
            type Value = Bytes;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.into()))
            }
        }

        reader.deserialize_bytes(Piece)
    }
}
