//! Directives, between the language's type and the contract's message.

use crate::v1;
use codexa_directive::{Directive, TargetKind};
use serde_json::{Map, Value, json};

/// A message that is no directive of the language.
#[derive(Debug, thiserror::Error)]
#[error("not a directive: {0}")]
pub struct NotADirective(#[from] serde_json::Error);

impl From<&Directive> for v1::Directive {
    fn from(directive: &Directive) -> Self {
        // Every argument is text in JSON: words, dates, roles.
        let args = match serde_json::to_value(&directive.args) {
            Ok(Value::Object(args)) => args,
            _ => Map::new(),
        };
        let text = |value: Value| value.as_str().map(str::to_owned);
        Self {
            verb: directive.verb.word().to_owned(),
            gate: directive.gate.map(|gate| gate.word().to_owned()),
            target: directive
                .target
                .as_ref()
                .map(|target| v1::Target { kind: word(target.kind), id: target.id.clone() }),
            args: args.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect(),
            canonical: directive.canonical(),
        }
    }
}

impl TryFrom<&v1::Directive> for Directive {
    type Error = NotADirective;

    fn try_from(message: &v1::Directive) -> Result<Self, NotADirective> {
        let target = message.target.as_ref().map(|target| json!({"kind": target.kind, "id": target.id}));
        Ok(serde_json::from_value(json!({
            "verb": message.verb,
            "gate": message.gate,
            "target": target,
            "args": message.args,
        }))?)
    }
}

/// The kind's word in JSON.
fn word(kind: TargetKind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
