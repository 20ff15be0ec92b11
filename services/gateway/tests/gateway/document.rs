//! The document that describes the API: what it says is what is sent.

use crate::fake::Mood;
use crate::world::{Answered, World, posting, signed};
use axum::body::Body;
use axum::http::Method;
use codexa_chassis::grpc;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use tonic::Code;

async fn document() -> Value {
    World::new().get("/openapi.json").await.json()
}

/// A validator of a schema of the document, which may refer to its components.
fn validator(document: &Value, schema: &Value) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": document["components"],
    });
    jsonschema::options().with_draft(Draft::Draft202012).build(&schema).unwrap()
}

/// The answer is one that the document describes for this operation.
fn is_as_described(document: &Value, (method, path): (&str, &str), answered: &Answered) {
    let status = answered.status.as_str();
    let described = &document["paths"][path][method]["responses"][status];
    assert!(described.is_object(), "{method} {path}: {status} is not described: {}", answered.text);
    let kind = answered.header("content-type").split(';').next().unwrap_or_default().to_owned();
    let content = &described["content"][&kind];
    assert!(content.is_object(), "{method} {path} {status}: {kind} is not described: {described}");
    if kind == "text/plain" {
        return;
    }
    let validator = validator(document, &content["schema"]);
    let answer = answered.json();
    let errors: Vec<String> =
        validator.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: {errors:#?}");
    assert_eq!(undescribed(document, &content["schema"], &answer), Vec::<String>::new(), "{method} {path} {status}");
}

/// Fields of an answer that its schema does not name: the document would hide them from whoever reads it.
fn undescribed(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let schemas = resolved(document, schema);
    match value {
        Value::Array(items) => {
            let of_items: Vec<&Value> = schemas.iter().filter_map(|schema| schema.get("items")).collect();
            items
                .iter()
                .flat_map(|item| of_items.iter().flat_map(move |schema| undescribed(document, schema, item)))
                .collect()
        }
        Value::Object(fields) => {
            let is_map = schemas.iter().any(|schema| schema.get("additionalProperties").is_some());
            let is_free = schemas.iter().all(|schema| schema.get("properties").is_none());
            if is_map || is_free {
                return Vec::new();
            }
            let mut missing = Vec::new();
            for (name, value) in fields {
                match schemas.iter().find_map(|schema| schema.get("properties")?.get(name)) {
                    Some(schema) => missing.extend(undescribed(document, schema, value)),
                    None => missing.push(name.clone()),
                }
            }
            missing
        }
        _ => Vec::new(),
    }
}

/// The schema with everything that it refers to or is made of.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return resolved(document, document.pointer(reference.trim_start_matches('#')).expect(reference));
    }
    let mut all = vec![schema];
    for list in ["allOf", "oneOf", "anyOf"] {
        let parts = schema.get(list).and_then(Value::as_array).into_iter().flatten();
        all.extend(parts.flat_map(|part| resolved(document, part)));
    }
    all
}

#[tokio::test]
async fn every_answer_is_as_the_document_describes_it() {
    let (world, document) = (World::new(), document().await);
    for (path, route) in [
        ("/v1/me", "/v1/me"),
        ("/v1/changes", "/v1/changes"),
        ("/v1/changes?limit=2&after=first", "/v1/changes"),
        ("/v1/changes?limit=0", "/v1/changes"),
        ("/v1/changes?after=x", "/v1/changes"),
        ("/v1/changes/CH-001", "/v1/changes/{id}"),
        ("/v1/changes/CH-999", "/v1/changes/{id}"),
        ("/v1/changes/%ff", "/v1/changes/{id}"),
        ("/v1/jobs", "/v1/jobs"),
        ("/v1/jobs?limit=101", "/v1/jobs"),
        ("/v1/jobs/x", "/v1/jobs/{id}"),
        ("/v1/stream", "/v1/stream"),
        ("/v1/stream?since=x", "/v1/stream"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
    ] {
        is_as_described(&document, ("get", route), &world.get(path).await);
    }
    let account = json!({"platform": "slack", "space": "T1", "user": "U1"});
    for (path, body) in [
        ("/v1/interpret", json!({"words": "approve design for CH-001"})),
        ("/v1/interpret", json!({"words": "approve design"})),
        ("/v1/interpret", json!({"words": "\u{202e}"})),
        ("/v1/directives", json!({"words": "approve design for CH-001"})),
        ("/v1/directives", json!({"words": "good morning"})),
        ("/v1/directives", json!({})),
        ("/v1/changes", json!({"title": "\u{202e}"})),
        ("/v1/links", json!({"account": account})),
        ("/v1/links", json!({"code": "K7P2-M9QX"})),
        ("/v1/links", json!({})),
    ] {
        is_as_described(&document, ("post", path), &world.post(path, body).await);
    }
    let open = World::new().post("/v1/changes", json!({"title": "Faster search"})).await;
    is_as_described(&document, ("post", "/v1/changes"), &open);
}

#[tokio::test]
async fn every_problem_of_every_operation_is_described() {
    let (world, document) = (World::new(), document().await);
    let bodies = [
        ("/v1/interpret", r#"{"words":"help"}"#),
        ("/v1/directives", r#"{"words":"help"}"#),
        ("/v1/changes", r#"{"title":"Faster search"}"#),
        ("/v1/links", r#"{"code":"K7P2-M9QX"}"#),
    ];
    for (path, body) in bodies {
        let operation = ("post", path);
        let too_long = posting(path).body(Body::from("x".repeat(70_000))).unwrap();
        is_as_described(&document, operation, &world.send(too_long).await);
        let packed = posting(path).header("content-encoding", "gzip").body(Body::from("x")).unwrap();
        is_as_described(&document, operation, &world.send(packed).await);
        let unsigned = axum::http::Request::post(path).body(Body::empty()).unwrap();
        is_as_described(&document, operation, &world.send(unsigned).await);
        for kind in [
            Code::InvalidArgument,
            Code::PermissionDenied,
            Code::NotFound,
            Code::FailedPrecondition,
            Code::Aborted,
            Code::AlreadyExists,
            Code::Unimplemented,
            Code::Unavailable,
            Code::Internal,
        ] {
            world.fake.state().governance = Mood::Refusing(grpc::status(kind, "CODE", "what", "then what"));
            let refused = world.send(posting(path).body(Body::from(body)).unwrap()).await;
            is_as_described(&document, operation, &refused);
        }
        world.fake.state().governance = Mood::Well;
    }
    for (path, route) in [
        ("/v1/me", "/v1/me"),
        ("/v1/changes", "/v1/changes"),
        ("/v1/changes/CH-001", "/v1/changes/{id}"),
        ("/v1/jobs", "/v1/jobs"),
        ("/v1/jobs/x", "/v1/jobs/{id}"),
    ] {
        for kind in [Code::PermissionDenied, Code::FailedPrecondition, Code::Unavailable, Code::Internal] {
            world.fake.state().governance = Mood::Refusing(grpc::status(kind, "CODE", "what", "then what"));
            let refused = world.send(signed(Method::GET, path).body(Body::empty()).unwrap()).await;
            is_as_described(&document, ("get", route), &refused);
        }
        world.fake.state().governance = Mood::Well;
    }
}

#[tokio::test]
async fn examples_are_of_their_schemas_and_mean_something() {
    let document = document().await;
    let mut seen = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            for example in
                property.get("example").into_iter().chain(property["examples"].as_array().into_iter().flatten())
            {
                seen += 1;
                assert!(validator(&document, property).is_valid(example), "{name}.{field}: {example}");
                let text = example.as_str().unwrap_or_default();
                if field == "words" || field == "canonical" {
                    let read =
                        codexa_directive::interpret(text, &codexa_directive::Context::at(jiff::Timestamp::UNIX_EPOCH));
                    assert_eq!(read.canonical.as_deref(), Some(text), "{name}.{field}");
                }
            }
        }
    }
    assert!(seen >= 8, "{seen} examples");
}

#[tokio::test]
async fn the_document_says_what_it_said() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}
