//! Bodies that are too long, packed, or not what is asked for.

use crate::world::{World, posting, quick, signed};
use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::convert::Infallible;

const LIMIT: usize = 64 << 10;

/// A body of exactly so many bytes that is valid JSON.
fn of_length(length: usize) -> String {
    let empty = json!({"words": ""}).to_string();
    json!({"words": "a".repeat(length - empty.len())}).to_string()
}

/// A body of unknown length, in parts.
fn in_parts(text: String) -> Body {
    let parts: Vec<Result<Bytes, Infallible>> =
        text.into_bytes().chunks(1 << 10).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
    Body::from_stream(futures_util::stream::iter(parts))
}

#[tokio::test]
async fn abuse_7_a_body_over_64_kib_is_refused_with_and_without_a_length() {
    let world = World::new();
    for path in ["/v1/interpret", "/v1/directives", "/v1/changes", "/v1/links"] {
        for body in [Body::from(of_length(LIMIT + 1)), in_parts(of_length(LIMIT + 1)), in_parts(of_length(10 << 20))] {
            let answered = world.send(posting(path).body(body).unwrap()).await;
            answered.is_problem(413, "BODY_TOO_LARGE");
        }
    }
    assert_eq!(world.fake.called(), Vec::<&str>::new());
    for body in [Body::from(of_length(LIMIT)), in_parts(of_length(LIMIT))] {
        let answered = world.send(posting("/v1/interpret").body(body).unwrap()).await;
        assert_eq!(answered.status, 200, "exactly 64 KiB are taken: {}", answered.text);
    }
}

#[tokio::test]
async fn abuse_7_a_compressed_body_is_refused_unread() {
    let world = World::new();
    for coding in ["gzip", "br", "identity, gzip", "GZIP"] {
        let request = posting("/v1/directives").header("content-encoding", coding);
        let answered = world.send(request.body(Body::from("\u{1f}\u{8b}")).unwrap()).await;
        answered.is_problem(415, "BODY_ENCODED");
        assert_eq!(answered.header("accept-encoding"), "identity");
    }
    let plain = posting("/v1/interpret").header("content-encoding", "identity");
    assert_eq!(world.send(plain.body(Body::from(r#"{"words":"help"}"#)).unwrap()).await.status, 200);
}

#[tokio::test]
async fn what_is_not_said_to_be_json_is_refused() {
    let world = World::new();
    let request = |kinds: &[&str]| {
        let mut request = signed(Method::POST, "/v1/interpret");
        for kind in kinds {
            request = request.header("content-type", *kind);
        }
        request.body(Body::from(r#"{"words":"help"}"#)).unwrap()
    };
    let wrong: [&[&str]; 4] =
        [&[], &["text/plain"], &["application/x-www-form-urlencoded"], &["application/json", "text/plain"]];
    for kinds in wrong {
        world.send(request(kinds)).await.is_problem(415, "BODY_TYPE");
    }
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(world.send(request(&[kind])).await.status, StatusCode::OK, "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_is_asked_for_says_what_is_wrong_with_it() {
    let world = World::new();
    let deep = "[".repeat(10_000);
    let wrong = [
        ("", "EOF"),
        ("{", "EOF"),
        ("[]", "length"),
        ("null", "null"),
        (r#"{"words":1}"#, "expected a string"),
        (r#"{"words":"help","word":"x"}"#, "unknown field `word`"),
        (r#"{"words":"help","words":"approve design for CH-001"}"#, "duplicate field"),
        (r#"{"words":"help"} {}"#, "trailing characters"),
        (r#"{"words":"\ud800"}"#, "hex escape"),
        (deep.as_str(), "expected a string"),
    ];
    for (body, says) in wrong {
        let answered = world.send(posting("/v1/interpret").body(Body::from(body.to_owned())).unwrap()).await;
        let detail = answered.is_problem(400, "BODY_INVALID")["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(says), "{body}: {detail}");
    }
    let unreadable = Body::from(vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']);
    world.send(posting("/v1/interpret").body(unreadable).unwrap()).await.is_problem(400, "BODY_INVALID");
    let nested =
        json!({"words": "help", "account": {"platform": "slack", "space": "T", "user": "U", "role": "architect"}});
    world.post("/v1/directives", nested).await.is_problem(400, "BODY_INVALID");
    assert_eq!(world.fake.called(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_quoted_of_a_body_is_short() {
    let world = World::new();
    let body = format!(r#"{{"{}":1}}"#, "é".repeat(20_000));
    let answered = world.send(posting("/v1/interpret").body(Body::from(body)).unwrap()).await;
    let document = answered.is_problem(400, "BODY_INVALID");
    assert!(document["detail"].as_str().unwrap().len() < 500);
}

#[tokio::test]
async fn abuse_48_a_body_that_does_not_come_is_not_waited_for() {
    let world = World::at(quick());
    let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, Infallible>>());
    let answered = world.send(posting("/v1/directives").body(never).unwrap()).await;
    answered.is_problem(408, "BODY_SLOW");
}

#[tokio::test]
async fn paths_and_queries_that_make_no_sense_are_problems_too() {
    let world = World::new();
    world.get("/v1/changes/%ff").await.is_problem(400, "PATH_INVALID");
    for query in ["after=1&after=2", "since=1"] {
        world.get(&format!("/v1/stream?{query}")).await.is_problem(400, "QUERY_INVALID");
    }
    world.get("/v1/nothing").await.is_problem(404, "ROUTE_NOT_FOUND");
    let wrong_method = world.send(signed(Method::DELETE, "/v1/changes").body(Body::empty()).unwrap()).await;
    wrong_method.is_problem(405, "METHOD_NOT_ALLOWED");
    assert_eq!(wrong_method.header("allow"), "GET,HEAD,POST");
}
