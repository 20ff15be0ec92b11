//! YAML from strangers, with the place of every key and value, under budgets that no input can exceed.
//!
//! The tree is built from the events of the parser that `serde-saphyr` uses. What a settings file has no use for is an
//! error rather than a surprise: tags other than `!!str`, several documents, keys that are not scalars, a key given
//! twice. Aliases and merge keys (`<<`) work, and what they copy counts against the node budget, so that an alias bomb
//! fails after [`Budget::nodes`] nodes and not after a billion, and a copied text counts in bytes.

mod parse;
mod scalar;

pub use parse::parse;

use serde_json::Value;

/// What one document may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes of the file, and of all values and keys with each copy that an anchor or an alias makes.
    pub bytes: usize,
    /// Nodes, with each copy that an anchor or an alias makes.
    pub nodes: usize,
    /// Levels of nesting, aliases resolved.
    pub depth: usize,
}

impl Budget {
    /// Far more than any settings file needs, and parsed in a few milliseconds.
    pub const SETTINGS: Self = Self { bytes: 1 << 20, nodes: 20_000, depth: 32 };
}

/// A place in the text: line and column from 1, length in characters on that line (at least 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters, never beyond the end of the line.
    pub length: u32,
}

impl Span {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1, length: 1 };
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub data: Data,
    /// Where it starts; for a mapping or a list, its first line.
    pub span: Span,
}

/// The three kinds of YAML node, aliases resolved.
#[derive(Clone, Debug)]
pub enum Data {
    /// Text, number, boolean or null by the YAML 1.2 core schema, and how it was written.
    Scalar {
        /// The value; never a list or an object.
        value: Value,
        /// The text of the scalar without quotes.
        raw: String,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the file, each key once.
    Map(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Node {
    /// Whether the value is null or left out, which means the same as no entry at all.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar { value: Value::Null, .. })
    }

    /// The entries, if this is a mapping.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a key, if this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value as JSON, without entries that are null.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.data {
            Data::Scalar { value, .. } => value.clone(),
            Data::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            Data::Map(entries) => Value::Object(
                entries
                    .iter()
                    .filter(|entry| !entry.node.is_null())
                    .map(|entry| (entry.key.clone(), entry.node.to_json()))
                    .collect(),
            ),
        }
    }

    /// The node with the same content for a value that has no text; every place is the start.
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let data = match value {
            Value::Array(items) => Data::List(items.iter().map(Self::from_json).collect()),
            Value::Object(map) => Data::Map(
                map.iter()
                    .map(|(key, value)| Entry { key: key.clone(), key_span: Span::START, node: Self::from_json(value) })
                    .collect(),
            ),
            Value::String(text) => Data::Scalar { value: value.clone(), raw: text.clone() },
            other => Data::Scalar { value: other.clone(), raw: other.to_string() },
        };
        Self { data, span: Span::START }
    }
}

/// Why a text is not a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// One sentence without a full stop.
    pub message: String,
    /// The offending place.
    pub span: Span,
}
