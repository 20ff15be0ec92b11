//! The JSON Schemas of the files that people write, and a small view to walk them with.

use crate::metadata::ProjectMetadata;
use crate::settings::Settings;
use serde_json::{Map, Value, json};

/// Where published schemas say they live; an identifier, nothing is fetched from it.
const ID_PREFIX: &str = "urn:codexa:schema:";

/// The JSON Schema (draft 2020-12) of `.codexa/config.yaml` and of `core.yaml`.
#[must_use]
pub fn config_schema() -> Value {
    published("config", settings())
}

/// The JSON Schema (draft 2020-12) of `.codexa/project_metadata.yaml`.
#[must_use]
pub fn project_metadata_schema() -> Value {
    published("project-metadata", project_metadata())
}

/// The schema of settings as their types have it: what [`crate::check`] walks, which takes null for no entry by itself.
pub(crate) fn settings() -> Value {
    schemars::schema_for!(Settings).to_value()
}

/// The schema of project metadata as its types have it.
pub(crate) fn project_metadata() -> Value {
    schemars::schema_for!(ProjectMetadata).to_value()
}

fn published(name: &str, mut schema: Value) -> Value {
    allow_nothing(&mut schema);
    if schema.get("required").is_none() {
        or_null(&mut schema);
    }
    if let Some(map) = schema.as_object_mut() {
        map.insert("$id".to_owned(), Value::String(format!("{ID_PREFIX}{name}@1")));
    }
    schema
}

/// Lets everything that may be left out be null as well: `discovery:` with only comments below it is null in YAML.
fn allow_nothing(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(allow_nothing),
        Value::Object(map) => {
            let required = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
            if let Some(Value::Object(properties)) = map.get_mut("properties") {
                let optional = properties.iter_mut().filter(|(name, _)| !required.iter().any(|one| one == *name));
                optional.for_each(|(_, property)| or_null(property));
            }
            map.values_mut().for_each(allow_nothing);
        }
        _ => {}
    }
}

/// The same schema, and null.
fn or_null(schema: &mut Value) {
    let null = || Value::from("null");
    let Value::Object(map) = schema else { return };
    if let Some(Value::Array(types)) = map.get_mut("type") {
        if !types.contains(&null()) {
            types.push(null());
        }
    } else if let Some(one) = map.get_mut("type") {
        *one = Value::Array(vec![one.take(), null()]);
    } else if let Some(Value::Array(alternatives)) = map.get_mut("anyOf") {
        let nothing = json!({ "type": "null" });
        if !alternatives.contains(&nothing) {
            alternatives.push(nothing);
        }
    } else if let Some(target) = map.remove("$ref") {
        map.insert("anyOf".to_owned(), json!([{ "$ref": target }, { "type": "null" }]));
    }
}

/// A place in a schema, references followed.
#[derive(Clone, Copy)]
pub(crate) struct View<'s> {
    root: &'s Value,
    at: &'s Value,
}

impl<'s> View<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, at: root }
    }

    fn go(self, at: &'s Value) -> Self {
        let target = at
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'))
            .and_then(|pointer| self.root.pointer(pointer));
        Self { root: self.root, at: target.unwrap_or(at) }
    }

    pub(crate) fn keyword(self, name: &str) -> Option<&'s Value> {
        self.at.get(name)
    }

    pub(crate) fn properties(self) -> Option<&'s Map<String, Value>> {
        self.at.get("properties").and_then(Value::as_object)
    }

    pub(crate) fn property(self, name: &str) -> Option<Self> {
        self.properties()?.get(name).map(|schema| self.go(schema))
    }

    pub(crate) fn items(self) -> Option<Self> {
        self.at.get("items").map(|schema| self.go(schema))
    }

    pub(crate) fn required(self) -> impl Iterator<Item = &'s str> {
        self.at.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// The alternatives of `anyOf`.
    pub(crate) fn alternatives(self) -> Vec<Self> {
        let list = self.at.get("anyOf").and_then(Value::as_array);
        list.into_iter().flatten().map(|schema| self.go(schema)).collect()
    }

    /// The names that `type` allows; empty when any will do.
    pub(crate) fn types(self) -> Vec<&'s str> {
        match self.at.get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            // An enumeration says it choice by choice.
            _ if !self.choices().is_empty() => vec!["string"],
            _ => Vec::new(),
        }
    }

    /// The texts of an enumeration, with or without a description each; empty when this is none.
    pub(crate) fn choices(self) -> Vec<&'s str> {
        let plain = self.at.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let described = self
            .at
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .flat_map(|one| {
                let several = one.get("enum").and_then(Value::as_array).into_iter().flatten();
                one.get("const").into_iter().chain(several)
            })
            .filter_map(Value::as_str);
        plain.chain(described).collect()
    }

    /// Every setting below this place that is not itself a section, in the order of names.
    pub(crate) fn leaves(self) -> Vec<(String, Self)> {
        let mut leaves = Vec::new();
        let mut open = vec![(String::new(), self)];
        while let Some((path, view)) = open.pop() {
            match view.properties() {
                Some(properties) => {
                    for name in properties.keys() {
                        let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                        open.extend(view.property(name).map(|view| (below, view)));
                    }
                }
                None => leaves.push((path, view)),
            }
        }
        leaves.sort_by(|a, b| a.0.cmp(&b.0));
        leaves
    }
}
