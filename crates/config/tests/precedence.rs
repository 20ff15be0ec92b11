//! Command line > environment > project > what it extends > built in, whatever is set where.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helper fails the test at once")]

mod common;

use codexa_config::{Origin, resolve};
use common::{ID, World};
use proptest::prelude::*;
use serde_json::{Value, json};

const LAYERS: [&str; 5] = ["first.yaml", "second.yaml", "config.yaml", "variable", "flag"];
const KEYS: [&str; 3] = ["discovery.mode", "discovery.threads", "discovery.skip_paths"];

fn value_for(key: usize) -> BoxedStrategy<Value> {
    match key {
        0 => prop_oneof![Just(json!("quick")), Just(json!("deep")), Just(json!("code-only"))].boxed(),
        1 => (1_u32..64).prop_map(|threads| json!(threads)).boxed(),
        _ => prop::collection::vec("[a-z]{1,5}(/\\*\\*)?", 1..3).prop_map(|globs| json!(globs)).boxed(),
    }
}

/// For each key, what each layer says.
fn plan() -> impl Strategy<Value = Vec<Vec<Option<Value>>>> {
    (0..KEYS.len()).map(|key| prop::collection::vec(prop::option::of(value_for(key)), LAYERS.len())).collect::<Vec<_>>()
}

fn said_by(plan: &[Vec<Option<Value>>], layer: usize) -> Vec<(&'static str, Value)> {
    KEYS.iter().zip(plan).filter_map(|(key, said)| said[layer].clone().map(|value| (*key, value))).collect()
}

fn as_yaml(said: &[(&str, Value)]) -> String {
    let lines = said.iter().map(|(key, value)| format!("  {}: {value}\n", key.trim_start_matches("discovery.")));
    format!("discovery:\n{}", lines.collect::<String>())
}

fn as_variable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_strongest_layer_wins_and_origins_are_true(plan in plan()) {
        let mut world = World::new();
        for file in [0, 1] {
            world.write(&format!("project/.codexa/{}", LAYERS[file]), as_yaml(&said_by(&plan, file)));
        }
        let own = format!("project: {{id: {ID}}}\nextends: [first.yaml, second.yaml]\n{}", as_yaml(&said_by(&plan, 2)));
        world.write("project/.codexa/config.yaml", &own);
        for (key, value) in said_by(&plan, 3) {
            world.variables.insert(codexa_config::variable_of(key), as_variable(&value));
        }
        let mut options = world.options();
        for (key, value) in said_by(&plan, 4) {
            options = options.with_flag("--flag", key, value);
        }

        let resolution = resolve(&options).unwrap();

        prop_assert!(resolution.ready().is_ok(), "{:?}", resolution.diagnostics);
        for (key, said) in KEYS.iter().zip(&plan) {
            // Strongest first.
            let expected: Vec<(usize, &Value)> =
                said.iter().enumerate().rev().filter_map(|(layer, value)| Some((layer, value.as_ref()?))).collect();
            let Some(resolved) = resolution.values.get(*key) else {
                prop_assert!(expected.is_empty());
                continue;
            };
            let given = std::iter::once((&resolved.value, &resolved.origin))
                .chain(resolved.overridden.iter().map(|given| (&given.value, &given.origin)))
                .filter(|(_, origin)| **origin != Origin::BuiltIn);
            let given: Vec<_> = given.collect();
            prop_assert_eq!(given.len(), expected.len());
            for ((value, origin), (layer, wanted)) in given.into_iter().zip(expected) {
                prop_assert_eq!(value, wanted);
                match origin {
                    Origin::Flag { .. } => prop_assert_eq!(layer, 4),
                    Origin::Variable { name } => {
                        prop_assert_eq!(layer, 3);
                        prop_assert_eq!(name, &codexa_config::variable_of(key));
                    }
                    Origin::File { file, line, .. } => {
                        prop_assert!(file.ends_with(LAYERS[layer]));
                        let text = world.read(&format!("project/{}", file.display()));
                        let text = text.lines().nth(*line as usize - 1).unwrap();
                        prop_assert_eq!(text, &format!("  {}: {wanted}", key.trim_start_matches("discovery.")));
                    }
                    Origin::BuiltIn => unreachable!(),
                }
            }
        }
    }
}
