//! Who may ask: every route that the document describes is tried without a token, and with what is none.

use crate::fake::TOKEN;
use crate::world::{Answered, World};
use axum::body::Body;
use axum::http::{Request, header};
use std::collections::BTreeSet;

/// Every route that asks for a token, with a request that would be answered if it had one.
const GUARDED: [(&str, &str, &str); 10] = [
    ("GET", "/v1/me", ""),
    ("POST", "/v1/interpret", r#"{"words":"help"}"#),
    ("POST", "/v1/directives", r#"{"words":"help"}"#),
    ("GET", "/v1/changes", ""),
    ("POST", "/v1/changes", r#"{"title":"Faster search"}"#),
    ("GET", "/v1/changes/{id}", ""),
    ("GET", "/v1/jobs", ""),
    ("GET", "/v1/jobs/{id}", ""),
    ("POST", "/v1/links", r#"{"code":"K7P2-M9QX"}"#),
    ("GET", "/v1/stream", ""),
];

/// Routes for everyone. This list only shrinks.
const OPEN: [(&str, &str); 3] = [("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/openapi.json")];

/// The request with these headers of authorisation.
fn request((method, path, body): (&str, &str, &str), authorisation: &[&str]) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path.replace("{id}", "CH-001"))
        .header("idempotency-key", "key-1")
        .header(header::HOST, "localhost");
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for value in authorisation {
        request = request.header(header::AUTHORIZATION, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

fn is_unauthorised(answered: &Answered, route: &str) {
    assert_eq!(answered.status, 401, "{route}: {}", answered.text);
    answered.is_problem(401, "TOKEN_INVALID");
    assert_eq!(answered.header("www-authenticate"), "Bearer", "{route}");
}

#[tokio::test]
async fn every_route_of_the_document_is_guarded_or_open_by_name() {
    let document = serde_json::to_value(codexa_gateway::document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            let is_open = OPEN.contains(&(&method, path));
            assert_eq!(operation.get("security").is_none(), is_open, "{method} {path}: what the document says of it");
            described.insert((method, path.clone()));
        }
    }
    let known = GUARDED.iter().map(|(method, path, _)| (*method, *path)).chain(OPEN);
    let mut known: BTreeSet<(String, String)> =
        known.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    known.remove(&("GET".to_owned(), "/openapi.json".to_owned()));
    assert_eq!(described, known, "a new route needs a row here");
}

#[tokio::test]
async fn nobody_gets_in_without_exactly_one_bearer_token() {
    let world = World::new();
    let bearer = format!("Bearer {TOKEN}");
    let wrong: [&[&str]; 6] =
        [&[], &["Basic YW5uOmFubg=="], &[TOKEN], &["Bearer"], &["Bearer "], &[bearer.as_str(), bearer.as_str()]];
    for route in GUARDED {
        for authorisation in wrong {
            let answered = world.send(request(route, authorisation)).await;
            is_unauthorised(&answered, &format!("{} {} {authorisation:?}", route.0, route.1));
        }
    }
    assert_eq!(world.fake.called(), Vec::<&str>::new(), "no service is asked for somebody without a token");
}

#[tokio::test]
async fn a_token_that_governance_does_not_know_gets_nobody_in() {
    let world = World::new();
    for route in GUARDED.into_iter().filter(|(_, path, _)| *path != "/v1/stream") {
        let answered = world.send(request(route, &["Bearer somebody-elses"])).await;
        is_unauthorised(&answered, &format!("{} {}", route.0, route.1));
        assert_eq!(answered.json()["detail"], "nobody has this token");
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let world = World::new();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answered = world.send(request(GUARDED[0], &[&format!("{scheme} {TOKEN}")])).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
    }
}

#[tokio::test]
async fn open_routes_need_no_token() {
    let world = World::new();
    for (method, path) in OPEN {
        let answered = world.send(request((method, path, ""), &[])).await;
        assert_eq!(answered.status, 200, "{path}: {}", answered.text);
    }
}
