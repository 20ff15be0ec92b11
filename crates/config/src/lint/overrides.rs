//! Overrides that change nothing.

use crate::merge::{Given, Origin, Resolved};
use codexa_model::{Diagnostic, Location, Severity};
use std::collections::BTreeMap;

/// Settings worth writing even where they repeat what is built in.
const DELIBERATE: [&str; 2] = ["version", "maturity"];

/// Overrides that change nothing: they repeat what they override, or something stronger hides them.
pub(crate) fn unused_overrides(values: &BTreeMap<String, Resolved>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (key, resolved) in values {
        let strongest = Given { value: resolved.value.clone(), origin: resolved.origin.clone() };
        let said: Vec<&Given> = std::iter::once(&strongest).chain(&resolved.overridden).collect();
        for (index, given) in said.iter().enumerate() {
            let Origin::File { file, line, column } = &given.origin else { continue };
            let below = said.get(index + 1);
            let hidden_by = index.checked_sub(1).and_then(|above| said.get(above));
            let (severity, message) = match (hidden_by, below) {
                (_, Some(below)) if below.value == given.value => match &below.origin {
                    Origin::BuiltIn if DELIBERATE.contains(&key.as_str()) => continue,
                    Origin::BuiltIn => (Severity::Note, format!("`{key}` repeats the built-in value")),
                    other => (Severity::Warning, format!("`{key}` repeats what {other} already says")),
                },
                (Some(above), _) if !matches!(above.origin, Origin::File { .. }) => {
                    (Severity::Note, format!("`{key}` has no effect here: {} says {}", above.origin, above.value))
                }
                (Some(above), Some(below)) if !matches!(below.origin, Origin::BuiltIn) => {
                    (Severity::Note, format!("`{key}` has no effect here: {} overrides it again", above.origin))
                }
                _ => continue,
            };
            let name = key.rsplit('.').next().unwrap_or(key);
            let length = u32::try_from(name.chars().count()).unwrap_or(1);
            let location = Location { file: file.clone(), line: *line, column: *column, length, label: None };
            found.push(Diagnostic { severity, ..Diagnostic::warning("CONFIG_UNUSED_OVERRIDE", message) }.at(location));
        }
    }
    found
}
