//! Settings from the environment: `discovery.skip_paths` is `CODEXA_DISCOVERY_SKIP_PATHS`.

use crate::check::nearest;
use crate::merge::{Given, Origin};
use crate::schema::View;
use crate::yaml::{self, Budget};
use codexa_model::{Diagnostic, Severity};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the environment does not say: who the project is, and what it is made of.
const FILE_ONLY: [&str; 5] = ["version", "project.id", "extends", "phases", "milestones"];

/// The variable of a setting.
#[must_use]
pub fn variable_of(key: &str) -> String {
    format!("CODEXA_{}", key.replace('.', "_").to_uppercase())
}

/// The settings that variables give, and what is odd about other `CODEXA_*` variables. An empty variable is not set.
pub(crate) fn read(environment: &BTreeMap<String, String>, schema: &Value) -> (Vec<(String, Given)>, Vec<Diagnostic>) {
    let leaves = View::new(schema).leaves();
    let known: BTreeMap<String, (&str, View<'_>)> = leaves
        .iter()
        .filter(|(key, _)| !FILE_ONLY.contains(&key.as_str()))
        .map(|(key, view)| (variable_of(key), (key.as_str(), *view)))
        .collect();
    let mut variables = Vec::new();
    let mut diagnostics = Vec::new();
    let set = environment.iter().filter(|(name, text)| name.starts_with("CODEXA_") && !text.is_empty());
    for (name, text) in set {
        match known.get(name) {
            Some((key, view)) => {
                let origin = Origin::Variable { name: name.clone() };
                variables.push(((*key).to_owned(), Given { value: value(text, *view), origin }));
            }
            None => diagnostics.push(unknown(name, known.keys().map(String::as_str))),
        }
    }
    (variables, diagnostics)
}

/// A near miss is a finding; any other name may belong to someone else.
fn unknown<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Diagnostic {
    match nearest(name, known) {
        Some(near) => Diagnostic::warning("CONFIG_UNKNOWN_VARIABLE", format!("the variable `{name}` is not a setting"))
            .with_help(format!("did you mean `{near}`?")),
        None => Diagnostic {
            severity: Severity::Note,
            ..Diagnostic::warning("CONFIG_UNKNOWN_VARIABLE", format!("the variable `{name}` is not a setting"))
        },
    }
}

/// The text as the setting's type wants it. Text that does not fit stays text, and the schema check says so.
fn value(text: &str, view: View<'_>) -> Value {
    let types = view.types();
    if types.contains(&"array") {
        return list(text);
    }
    if types.contains(&"string") || types.is_empty() {
        return Value::String(text.to_owned());
    }
    match yaml::parse(text, Budget::SETTINGS) {
        Ok(node) => match node.to_json() {
            scalar @ (Value::Number(_) | Value::Bool(_)) => scalar,
            _ => Value::String(text.to_owned()),
        },
        Err(_) => Value::String(text.to_owned()),
    }
}

/// `[a, b]` as in YAML, or texts between commas that stand outside braces: `*.{h,c},vendor/**` are two.
fn list(text: &str) -> Value {
    if text.trim_start().starts_with('[')
        && let Ok(node) = yaml::parse(text, Budget::SETTINGS)
    {
        return node.to_json();
    }
    let mut items = vec![String::new()];
    let mut depth = 0_u32;
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match items.last_mut() {
            Some(item) if character != ',' || depth > 0 => item.push(character),
            _ => items.push(String::new()),
        }
    }
    Value::Array(items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()).map(Value::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_settings_share_a_variable() {
        let schema = crate::schema::settings();
        let leaves = View::new(&schema).leaves();
        let names: std::collections::BTreeSet<String> = leaves.iter().map(|(key, _)| variable_of(key)).collect();
        assert_eq!(names.len(), leaves.len());
    }

    #[test]
    fn lists_split_at_commas_outside_braces() {
        assert_eq!(list("*.{h,c}, vendor/**,"), serde_json::json!(["*.{h,c}", "vendor/**"]));
        assert_eq!(list("[a, 'b,c']"), serde_json::json!(["a", "b,c"]));
    }
}
