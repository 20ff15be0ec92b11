//! A YAML file that people may edit and that is no settings file: read whole or not at all, within bounds, with the place of
//! whatever does not fit its type.

use crate::check::check;
use crate::yaml::{self, Budget, Node, Span};
use codexa_model::{Diagnostic, Location};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::path::Path;

/// A file as its type, and the tree it was read from.
#[derive(Clone, Debug)]
pub struct Document<T> {
    /// What it says.
    pub value: T,
    /// The same with the place of each part.
    pub tree: Node,
}

/// Reads a text as a type whose schema says what may stand there. `shown` is the name that diagnostics use.
///
/// # Errors
/// What is wrong with it, at least one: not YAML, over the budget, unknown keys, values that do not fit.
pub fn read<T: DeserializeOwned + JsonSchema>(
    shown: &Path,
    text: &str,
    budget: Budget,
) -> Result<Document<T>, Vec<Diagnostic>> {
    let tree = tree(shown, text, budget)?;
    let departures = check(&tree, &schemars::schema_for!(T).to_value());
    if !departures.is_empty() {
        let problem = |departure: crate::check::Departure| {
            let location = Location { label: departure.label, ..at(shown, departure.span) };
            Diagnostic { location: Some(location), ..Diagnostic::error(departure.code, departure.message) }
        };
        return Err(departures.into_iter().map(problem).collect());
    }
    match serde_json::from_value(tree.to_json()) {
        Ok(value) => Ok(Document { value, tree }),
        Err(error) => Err(vec![Diagnostic::error("CONFIG_VALUE", error.to_string()).at(at(shown, Span::START))]),
    }
}

/// The tree of a text, for formats whose keys are not known beforehand.
///
/// # Errors
/// Why it is not YAML that can be read.
pub fn tree(shown: &Path, text: &str, budget: Budget) -> Result<Node, Vec<Diagnostic>> {
    yaml::parse(text, budget).map_err(|error| {
        let message = format!("this is not YAML that can be read: {error}");
        vec![Diagnostic::error("CONFIG_SYNTAX", message).at(at(shown, error.span))]
    })
}

/// A place in the file.
#[must_use]
pub fn at(shown: &Path, span: Span) -> Location {
    Location { file: shown.to_path_buf(), line: span.line, column: span.column, length: span.length, label: None }
}
