//! Layers of settings into one value per key, each with its origin and what it hides.

use crate::yaml::{Node, Span};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// The value that holds when nobody says anything.
    BuiltIn,
    /// A settings file.
    File {
        /// The file, relative to the project where it lies inside.
        file: PathBuf,
        /// Line of the key, from 1.
        line: u32,
        /// Column of the key, from 1.
        column: u32,
    },
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
    },
    /// The command line.
    Flag {
        /// The flag as typed.
        name: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::File { file, line, .. } => write!(f, "{}:{line}", file.display()),
            Self::Variable { name } | Self::Flag { name } => f.write_str(name),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
}

/// The value of one key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolved {
    /// The value that holds.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
    /// What else was said, strongest first.
    pub overridden: Vec<Given>,
}

/// One layer: what it says, key by key.
pub(crate) type Layer = Vec<(String, Given)>;

/// Merges layers, weakest first. A later value replaces an earlier one whole, lists included.
pub(crate) fn merge(layers: impl IntoIterator<Item = Layer>) -> BTreeMap<String, Resolved> {
    let mut values: BTreeMap<String, Resolved> = BTreeMap::new();
    for (key, given) in layers.into_iter().flatten() {
        let mut resolved = Resolved { value: given.value, origin: given.origin, overridden: Vec::new() };
        if let Some(hidden) = values.remove(&key) {
            resolved.overridden.push(Given { value: hidden.value, origin: hidden.origin });
            resolved.overridden.extend(hidden.overridden);
        }
        values.insert(key, resolved);
    }
    values
}

/// The values as one JSON document with sections.
pub(crate) fn document(values: &BTreeMap<String, Resolved>) -> Value {
    let mut root = Value::Object(Map::new());
    for (key, resolved) in values {
        let mut at = &mut root;
        for part in key.split('.') {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(map) = at else { break };
            at = map.entry(part).or_insert(Value::Null);
        }
        *at = resolved.value.clone();
    }
    root
}

/// The value of a key in a tree with the place of its last part.
pub(crate) fn lookup<'n>(tree: &'n Node, key: &str) -> Option<(&'n Node, Span)> {
    let mut found = (tree, Span::START);
    for part in key.split('.') {
        let entry = found.0.entry(part).filter(|entry| !entry.node.is_null())?;
        found = (&entry.node, entry.key_span);
    }
    Some(found)
}
