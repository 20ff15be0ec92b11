//! A located tree against a JSON Schema: every departure with its place and a hint.
//!
//! Supports the keywords that the schemas of this crate use (a test compares the verdicts with the `jsonschema` crate);
//! it exists because a person needs the line, the column and "did you mean", which a general validator does not give.

use crate::schema::View;
use crate::yaml::{Data, Entry, Node, Span};
use codexa_model::Severity;
use serde_json::Value;

/// One departure from a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Departure {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) label: Option<String>,
    pub(crate) span: Span,
}

impl Departure {
    pub(crate) fn error(code: &'static str, message: String, span: Span) -> Self {
        Self { code, severity: Severity::Error, message, label: None, span }
    }

    pub(crate) fn with_label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }
}

/// Departures of one file that are told apart; more help nobody.
pub(crate) const MAX_DEPARTURES: usize = 50;

/// The departures of a tree in the order of the file: the first 50, and how many more there are.
pub(crate) fn check(tree: &Node, root: &Value) -> Vec<Departure> {
    let mut checker = Checker { top: View::new(root), found: Vec::new(), more: None };
    let top = View::new(root);
    // A text of comments alone is null to other readers of YAML: nothing is said, which fits where nothing has to be.
    if !tree.is_null() || top.required().next().is_some() {
        checker.value(tree, tree.span, top, "");
    }
    if let Some((count, span)) = checker.more {
        let message = format!("{count} more places do not fit the schema");
        checker.found.push(Departure::error("CONFIG_SCHEMA", message, span));
    }
    checker.found
}

/// The first 50 departures of one check, and how many more there are.
pub(crate) fn first_of_many(mut found: Vec<Departure>) -> Vec<Departure> {
    let more = found.split_off(found.len().min(MAX_DEPARTURES));
    if let Some(first) = more.first() {
        found.push(Departure {
            message: format!("{} more values cannot work", more.len()),
            label: None,
            ..first.clone()
        });
    }
    found
}

struct Checker<'s> {
    top: View<'s>,
    found: Vec<Departure>,
    /// Departures beyond the limit, and the first of them.
    more: Option<(usize, Span)>,
}

impl<'s> Checker<'s> {
    /// Checks one value. `at` is where to point when the value is a section: its key.
    fn value(&mut self, node: &Node, at: Span, schema: View<'s>, path: &str) {
        let alternatives = schema.alternatives();
        if !alternatives.is_empty() {
            return self.any_of(node, at, &alternatives, path);
        }
        let types = schema.types();
        if !types.is_empty() && !types.iter().any(|kind| is_kind(node, kind)) {
            return self.wrong_kind(node, at, &types, path);
        }
        match &node.data {
            Data::Map(entries) => self.section(node, at, entries, schema, path),
            Data::List(items) => {
                let most =
                    schema.keyword("maxItems").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
                if let Some(most) = most.filter(|most| items.len() > *most) {
                    let message = format!("`{path}` has {} entries, {most} are allowed", items.len());
                    return self.report("CONFIG_VALUE", message, None, at);
                }
                if let Some(schema) = schema.items() {
                    for (index, item) in items.iter().enumerate() {
                        self.value(item, item.span, schema, &format!("{path}[{index}]"));
                    }
                }
            }
            Data::Scalar { value, raw } => self.scalar(value, raw, node.span, schema, path),
        }
    }

    fn any_of(&mut self, node: &Node, at: Span, alternatives: &[View<'s>], path: &str) {
        let fitting = alternatives.iter().find(|schema| {
            let types = schema.types();
            types.is_empty() || types.iter().any(|kind| is_kind(node, kind))
        });
        match fitting {
            Some(schema) => self.value(node, at, *schema, path),
            None => {
                let types: Vec<&str> = alternatives.iter().flat_map(|schema| schema.types()).collect();
                self.wrong_kind(node, at, &types, path);
            }
        }
    }

    fn section(&mut self, node: &Node, at: Span, entries: &[Entry], schema: View<'s>, path: &str) {
        for entry in entries {
            let below = join(path, &entry.key);
            match schema.property(&entry.key) {
                Some(_) if entry.node.is_null() => {}
                Some(schema) => {
                    let at = if matches!(entry.node.data, Data::Map(_)) { entry.key_span } else { entry.node.span };
                    self.value(&entry.node, at, schema, &below);
                }
                None if schema.keyword("additionalProperties") == Some(&Value::Bool(false)) => {
                    let full = self.found.len() >= MAX_DEPARTURES;
                    let label = if full { None } else { self.suggestion(&entry.key, schema) };
                    self.report("CONFIG_UNKNOWN_KEY", format!("`{below}` is not a setting"), label, entry.key_span);
                }
                None => {}
            }
        }
        for name in schema.required() {
            if node.entry(name).is_none_or(|entry| entry.node.is_null()) {
                let of = if path.is_empty() { String::new() } else { format!(" of `{path}`") };
                self.report("CONFIG_REQUIRED", format!("`{name}`{of} is missing"), None, at);
            }
        }
    }

    fn scalar(&mut self, value: &Value, raw: &str, span: Span, schema: View<'s>, path: &str) {
        let choices = schema.choices();
        if !choices.is_empty() && !value.as_str().is_some_and(|text| choices.contains(&text)) {
            let message = format!("`{path}` is one of {}, not `{}`", choices.join(", "), brief(raw));
            let label = nearest(raw, choices.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            return self.report("CONFIG_VALUE", message, label, span);
        }
        let bound = |name: &str| schema.keyword(name).and_then(Value::as_f64);
        if let Some(number) = value.as_f64() {
            if let Some(least) = bound("minimum").filter(|least| number < *least) {
                self.report("CONFIG_VALUE", format!("`{path}` is at least {least}, not {}", brief(raw)), None, span);
            } else if let Some(most) = bound("maximum").filter(|most| number > *most) {
                self.report("CONFIG_VALUE", format!("`{path}` is at most {most}, not {}", brief(raw)), None, span);
            }
        }
        if let (Some(text), Some(pattern)) = (value.as_str(), schema.keyword("pattern").and_then(Value::as_str))
            && regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
        {
            let message = format!("`{path}` cannot be `{}`", brief(raw));
            let example = schema.keyword("examples").and_then(|examples| examples.get(0)).and_then(Value::as_str);
            let label = example.map_or_else(|| format!("has to match {pattern}"), |text| format!("for example {text}"));
            self.report("CONFIG_VALUE", message, Some(label), span);
        }
    }

    fn wrong_kind(&mut self, node: &Node, at: Span, types: &[&str], path: &str) {
        let mut wanted: Vec<&str> = types.iter().filter(|kind| **kind != "null").map(|kind| kind_name(kind)).collect();
        wanted.dedup();
        let place = if path.is_empty() { "the file".to_owned() } else { format!("`{path}`") };
        let message = format!("{place} is {}, not {}", wanted.join(" or "), described(node));
        let scalar_for_text = matches!(node.data, Data::Scalar { .. }) && types.contains(&"string");
        let scalar_for_list = matches!(node.data, Data::Scalar { .. }) && types.contains(&"array");
        let label = match &node.data {
            Data::Scalar { raw, .. } if scalar_for_text => Some(format!("write \"{}\"", brief(raw))),
            Data::Scalar { raw, .. } if scalar_for_list => Some(format!("write [\"{}\"]", brief(raw))),
            _ => None,
        };
        self.report("CONFIG_TYPE", message, label, at);
    }

    /// What an unknown key was probably meant to be: a key like it here, or the same key in another section.
    fn suggestion(&self, key: &str, schema: View<'s>) -> Option<String> {
        let here = schema.properties().into_iter().flat_map(|properties| properties.keys().map(String::as_str));
        if let Some(near) = nearest(key, here) {
            return Some(format!("did you mean `{near}`?"));
        }
        let leaves = self.top.leaves();
        let elsewhere = leaves.iter().find(|(path, _)| path.rsplit('.').next() == Some(key));
        elsewhere.map(|(path, _)| format!("did you mean `{path}`?"))
    }

    fn report(&mut self, code: &'static str, message: String, label: Option<String>, span: Span) {
        if self.found.len() < MAX_DEPARTURES {
            self.found.push(Departure { label, ..Departure::error(code, message, span) });
        } else {
            let (count, first) = self.more.unwrap_or((0, span));
            self.more = Some((count + 1, first));
        }
    }
}

/// The candidate that a misspelt word most probably meant: closer than a third of its length in edits.
pub(crate) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > 64 {
        return None;
    }
    let fold = |text: &str| text.to_lowercase().replace('-', "_");
    let folded = fold(word);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min()
        .map(|(_, candidate)| candidate)
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn is_kind(node: &Node, kind: &str) -> bool {
    match (&node.data, kind) {
        (Data::Map(_), "object") | (Data::List(_), "array") => true,
        (Data::Scalar { value, .. }, kind) => match kind {
            "string" => value.is_string(),
            "integer" => value.is_u64() || value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            _ => false,
        },
        _ => false,
    }
}

fn kind_name(kind: &str) -> &str {
    match kind {
        "object" => "a section",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    }
}

fn described(node: &Node) -> String {
    match &node.data {
        Data::Map(_) => "a section".to_owned(),
        Data::List(_) => "a list".to_owned(),
        Data::Scalar { value: Value::String(_), raw } => format!("the text `{}`", brief(raw)),
        Data::Scalar { value: Value::Number(_), raw } => format!("the number {}", brief(raw)),
        Data::Scalar { value: Value::Bool(_), raw } => brief(raw),
        Data::Scalar { .. } => "nothing".to_owned(),
    }
}

/// At most 40 characters of a value, for a message.
fn brief(raw: &str) -> String {
    let mut text: String = raw.chars().take(40).collect();
    if text.len() < raw.len() {
        text.push('…');
    }
    text
}
