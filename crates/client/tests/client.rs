//! The client against gateways that answer well, badly, late, and not at all.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use codexa_api::{DirectiveRequest, EventKind, Problem};
use codexa_client::{Client, EVENTS_GONE, Error};
use codexa_secret::Secret;
use std::collections::BTreeMap;
use tokio::net::{TcpListener, UnixListener};

const SECRET: &str = "cdx_planted";

fn said(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn problem(status: u16, code: &str) -> Response {
    let status_code = StatusCode::from_u16(status).unwrap();
    (status_code, Json(Problem::new(status, code, "no", "nobody knows CH-404"))).into_response()
}

/// Answers with what it was asked, so that a test sees what was sent.
fn gateway() -> Router {
    let directive = async |headers: HeaderMap, Json(asked): Json<DirectiveRequest>| {
        let says = [said(&headers, "authorization"), said(&headers, "idempotency-key"), asked.words].join(" | ");
        Json(serde_json::json!({"outcome": "none", "says": says}))
    };
    let stream = async |Query(query): Query<BTreeMap<String, String>>, headers: HeaderMap, up: WebSocketUpgrade| {
        if said(&headers, "authorization") != format!("Bearer {SECRET}") {
            return problem(401, "TOKEN_UNKNOWN");
        }
        if query.get("after").is_some_and(|after| after == "7.of another/time") {
            return problem(410, EVENTS_GONE);
        }
        up.on_upgrade(async move |mut socket| {
            let event = serde_json::json!({
                "id": 42, "cursor": query.get("after"), "at": 5, "kind": "gate.changed", "says": "a vote",
            });
            socket.send(Message::Text(event.to_string().into())).await.unwrap();
            socket.send(Message::Close(None)).await.unwrap();
        })
    };
    Router::new()
        .route("/v1/directives", post(directive))
        .route("/v1/stream", get(stream))
        .route("/v1/changes/{id}", get(async |Path(id): Path<String>| problem(404, &format!("ASKED {id}"))))
        .route("/v1/jobs", get(async || (StatusCode::BAD_GATEWAY, "<html>\n".to_owned() + &"x".repeat(5000))))
        .route("/v1/changes", get(async || "y".repeat(17 << 20)))
        .route("/v1/me", get(async || Json(serde_json::json!({"kind": "person"}))))
}

async fn over_tcp() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, gateway()).await });
    Client::http(&url, Secret::new(SECRET)).unwrap()
}

async fn asks_and_listens(client: &Client) {
    let request = DirectiveRequest { words: "status".to_owned(), ..DirectiveRequest::default() };
    let answer = client.directive(&request, "slack:T1:E1").await.unwrap();
    assert_eq!(answer.says, "Bearer cdx_planted | slack:T1:E1 | status");
    let mut stream = client.stream(Some("41.0011223344556677")).await.unwrap();
    let event = stream.next().await.unwrap().unwrap();
    assert_eq!((event.id, event.cursor.as_str(), event.kind), (42, "41.0011223344556677", EventKind::GateChanged));
    let gone = client.stream(Some("7.of another/time")).await.map(drop).unwrap_err();
    assert_eq!(gone.code(), Some(EVENTS_GONE));
    assert!(stream.next().await.is_none(), "the gateway closed it");
}

#[tokio::test]
async fn over_tcp_it_asks_and_listens() {
    let client = over_tcp().await;
    // In a task of its own, as servers ask: what it awaits can move between threads.
    tokio::spawn(async move { asks_and_listens(&client).await }).await.unwrap();
}

#[tokio::test]
async fn over_a_unix_socket_it_asks_and_listens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codexa.sock");
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move { axum::serve(listener, gateway()).await });
    asks_and_listens(&Client::unix(&path, Secret::new(SECRET))).await;
}

#[tokio::test]
async fn within_the_process_it_asks_and_says_that_there_is_no_stream() {
    let client = Client::over(gateway(), Secret::new(SECRET));
    let request = DirectiveRequest { words: "help".to_owned(), ..DirectiveRequest::default() };
    assert_eq!(client.directive(&request, "k").await.unwrap().says, "Bearer cdx_planted | k | help");
    assert!(matches!(client.stream(None).await, Err(Error::Unreachable { .. })));
}

#[tokio::test]
async fn a_part_of_a_path_cannot_become_another_path() {
    let Err(Error::Problem(problem)) = over_tcp().await.change("CH-1/../../me?x#y").await else {
        panic!("a problem was to come");
    };
    assert_eq!(problem.code, "ASKED CH-1/../../me?x#y");
}

#[tokio::test]
async fn all_changes_are_asked_for_page_by_page() {
    let change = |id: u32| {
        serde_json::json!({
            "id": format!("CH-{id}"), "title": "x", "state": "draft", "requester": "ann", "opened_at": 1, "gates": []
        })
    };
    let list = async move |Query(query): Query<BTreeMap<String, String>>| {
        assert_eq!(query.get("limit").map(String::as_str), Some("100"));
        Json(match query.get("after").map(String::as_str) {
            None => serde_json::json!({"changes": [change(5), change(4)], "next": "CH-4&limit=1"}),
            Some("CH-4&limit=1") => serde_json::json!({"changes": [change(3)], "next": "CH-3"}),
            Some("CH-3") => serde_json::json!({"changes": [change(2), change(1)]}),
            Some(other) => panic!("nobody said to go on after {other}"),
        })
    };
    let client = Client::over(Router::new().route("/v1/changes", get(list)), Secret::new(SECRET));
    let ids: Vec<String> = client.all_changes().await.unwrap().into_iter().map(|change| change.id).collect();
    assert_eq!(ids, ["CH-5", "CH-4", "CH-3", "CH-2", "CH-1"]);
}

#[tokio::test]
async fn what_is_no_answer_of_a_gateway_is_cut_and_said() {
    let client = over_tcp().await;
    let error = client.jobs().await.unwrap_err();
    assert!(error.is_temporary(), "a proxy says so while the gateway starts");
    let Error::Unexpected { status: 502, body, .. } = error else { panic!("{error}") };
    assert!(body.starts_with("<html> xxx") && body.chars().count() == 201, "{body}");
    let error = client.changes().await.unwrap_err();
    assert!(error.to_string().contains("more than 16 MiB"), "{error}");
    let error = client.me().await.unwrap_err();
    assert!(error.to_string().contains("missing field `name`") && !error.is_temporary(), "{error}");
}

#[tokio::test]
async fn nobody_there_is_temporary_and_says_where_and_what_next() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::http(&url, Secret::new(SECRET)).unwrap();
    for error in [client.me().await.unwrap_err(), client.stream(None).await.map(drop).unwrap_err()] {
        assert!(error.is_temporary());
        let said = error.to_string();
        assert!(said.contains(&url) && said.contains("refused") && said.contains("codexa up"), "{said}");
    }
}

#[tokio::test]
async fn abuse_49_a_token_is_not_in_what_is_printed() {
    let client = over_tcp().await;
    assert!(!format!("{client:?}").contains(SECRET));
    let wrong = Client::http("http://127.0.0.1:1", Secret::new("cdx_planted\u{7f}")).unwrap();
    let error = wrong.me().await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("planted") && !error.is_temporary(), "{error}");
}

#[tokio::test]
async fn a_stream_with_a_wrong_token_is_a_refusal() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, gateway()).await });
    let error = Client::http(&url, Secret::new("other")).unwrap().stream(None).await.map(drop).unwrap_err();
    assert!(!error.is_temporary(), "{error}");
}

#[test]
fn what_may_succeed_later_is_told_from_what_may_not() {
    let problem = |status, code| Error::Problem(Box::new(Problem::new(status, code, "t", "d")));
    assert!(problem(409, "IDEMPOTENCY_IN_FLIGHT").is_temporary());
    assert!(problem(429, "TOO_MANY").is_temporary() && problem(503, "STORE_DOWN").is_temporary());
    assert!(!problem(409, "SUBJECT_STALE").is_temporary() && !problem(422, "IDEMPOTENCY_CONFLICT").is_temporary());
}

#[test]
fn an_address_that_is_none_is_refused_at_once() {
    for address in ["", "127.0.0.1:7411", "ftp://x", "http://", "http://x/?q=1"] {
        let error = Client::http(address, Secret::new(SECRET)).unwrap_err();
        assert!(error.to_string().contains("is no address of a gateway"), "{address}: {error}");
    }
}
