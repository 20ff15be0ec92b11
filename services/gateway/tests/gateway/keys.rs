//! Idempotency keys, and ids of requests.

use crate::world::{World, posting, signed};
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request};
use serde_json::json;

const WRITING: [(&str, &str); 3] = [
    ("/v1/directives", r#"{"words":"approve design for CH-001"}"#),
    ("/v1/changes", r#"{"title":"Faster search"}"#),
    ("/v1/links", r#"{"code":"K7P2-M9QX"}"#),
];

fn with_keys(path: &str, body: &'static str, keys: &[HeaderValue]) -> Request<Body> {
    let mut request = signed(Method::POST, path).header("content-type", "application/json");
    for key in keys {
        request = request.header("idempotency-key", key);
    }
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn abuse_44_a_request_that_changes_something_has_exactly_one_key() {
    let world = World::new();
    let key = |text: &str| HeaderValue::from_str(text).unwrap();
    let wrong = [
        vec![],
        vec![key("")],
        vec![key("  ")],
        vec![key("key-1"), key("key-1")],
        vec![key(&"k".repeat(201))],
        vec![HeaderValue::from_bytes(b"k\xff").unwrap()],
    ];
    for (path, body) in WRITING {
        for keys in &wrong {
            world.send(with_keys(path, body, keys)).await.is_problem(400, "IDEMPOTENCY_KEY");
        }
        let answered = world.send(with_keys(path, body, &[key(&"k".repeat(200))])).await;
        // The same key on another route is another request, which governance refuses.
        assert!([200, 422].contains(&answered.status.as_u16()), "{path}: {}", answered.text);
    }
    assert!(!world.fake.called().is_empty());
}

#[tokio::test]
async fn reading_words_needs_no_key() {
    let world = World::new();
    let request = with_keys("/v1/interpret", r#"{"words":"help"}"#, &[]);
    assert_eq!(world.send(request).await.status, 200);
}

#[tokio::test]
async fn abuse_44_the_same_request_again_is_answered_the_same_and_another_is_refused() {
    let world = World::new();
    let approve = json!({"words": "approve design for CH-001"});
    let first = world.post("/v1/directives", approve.clone()).await;
    assert_eq!(first.status, 200);
    let again = world.post("/v1/directives", approve).await;
    assert_eq!(again.text, first.text);
    let other = world.post("/v1/directives", json!({"words": "deny design for CH-001 because it is unclear"})).await;
    other.is_problem(422, "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn where_words_were_said_does_not_make_them_another_request() {
    let world = World::new();
    let fingerprint = async |request: serde_json::Value, key: &str| {
        let sent = posting("/v1/directives").body(Body::from(request.to_string())).unwrap();
        let (mut head, body) = sent.into_parts();
        head.headers.insert("idempotency-key", HeaderValue::from_str(key).unwrap());
        assert_eq!(world.send(Request::from_parts(head, body)).await.status, 200);
        world.fake.last("execute").fingerprint
    };
    let account = |user: &str, name: &str| json!({"platform": "slack", "space": "T1", "user": user, "name": name});
    let asked = |user: &str, name: &str, place: &str, digest: &str| {
        let channel = json!({"place": place});
        json!({"words": "approve design for CH-001", "account": account(user, name), "channel": channel, "digest": digest})
    };
    let first = fingerprint(asked("U1", "Ann", "C1", "sha256:aa"), "a").await;
    assert_eq!(first, fingerprint(asked("U1", "Ann Lee", "C2", "sha256:aa"), "b").await);
    assert_ne!(first, fingerprint(asked("U2", "Ann", "C1", "sha256:aa"), "c").await, "another user");
    assert_ne!(first, fingerprint(asked("U1", "Ann", "C1", "sha256:bb"), "d").await, "another digest");
}

#[tokio::test]
async fn an_id_of_a_request_is_echoed_passed_on_and_in_problems() {
    let world = World::new();
    let request =
        |id: &str, path: &str| signed(Method::GET, path).header("x-request-id", id).body(Body::empty()).unwrap();
    let answered = world.send(request("trace-42", "/v1/me")).await;
    assert_eq!(answered.header("x-request-id"), "trace-42");
    assert_eq!(world.fake.last("identify").request_id, "trace-42");
    let missing = world.send(request("trace-43", "/v1/changes/CH-999")).await;
    assert_eq!(missing.is_problem(404, "CHANGE_NOT_FOUND")["request_id"], "trace-43");
    for bad in ["", "with space", "\"quoted\"", &"x".repeat(65)] {
        let answered = world.send(request(bad, "/v1/me")).await;
        let made = answered.header("x-request-id").to_owned();
        assert_eq!(made.len(), 36, "a new one instead of {bad:?}: {made}");
        assert_eq!(world.fake.last("identify").request_id, made);
    }
}
