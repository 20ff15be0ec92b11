//! The stub of Slack refuses what Slack refuses: a test that passes against it says something.

#![allow(clippy::unwrap_used, reason = "a test fails with the words of what it met")]

use axum::http::Request;
use codexa_testkit::slack::{APP_TOKEN, BOT_TOKEN, CHANNEL, PATIENCE, Signing, Slack};
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

async fn call(slack: &Slack, token: &str, method: &str, asked: &Value) -> Value {
    let request = Request::post(format!("{}/{method}", slack.api_url()))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json; charset=utf-8")
        .body(Full::new(bytes::Bytes::from(asked.to_string())))
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let body = client.request(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

async fn refused(slack: &Slack, method: &str, asked: Value, error: &str) {
    let faults = slack.faults().len();
    let answer = call(slack, BOT_TOKEN, method, &asked).await;
    assert_eq!(answer, json!({"ok": false, "error": error}), "{asked}");
    assert_eq!(slack.faults().len(), faults + 1, "{asked}");
}

/// What `users.info` says, asked as it wants to be asked.
async fn user(slack: &Slack, token: &str, query: &str) -> Value {
    let request = Request::get(format!("{}/users.info{query}", slack.api_url()))
        .header("authorization", format!("Bearer {token}"))
        .body(Full::<bytes::Bytes>::default())
        .unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let body = client.request(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn users_are_shown_to_who_asks_as_slack_wants_to_be_asked() {
    let slack = Slack::start().await;
    let known = user(&slack, BOT_TOKEN, "?user=U1").await;
    assert_eq!((&known["ok"], &known["user"]["is_restricted"]), (&json!(true), &json!(false)));
    slack.deactivate("U1");
    let gone = user(&slack, BOT_TOKEN, "?user=U1").await;
    assert_eq!((&gone["user"]["deleted"], &gone["user"]["is_restricted"]), (&json!(true), &json!(null)));
    assert_eq!(user(&slack, BOT_TOKEN, "?user=U404").await["error"], "user_not_found");
    assert!(slack.faults().is_empty(), "{:?}", slack.faults());

    assert_eq!(user(&slack, "xoxb-of-another", "?user=U1").await["error"], "invalid_auth");
    assert_eq!(user(&slack, BOT_TOKEN, "").await["error"], "invalid_arguments");
    assert_eq!(user(&slack, BOT_TOKEN, "?user=U1&who=U2").await["error"], "invalid_arguments");
    assert_eq!(slack.faults().len(), 3, "{:?}", slack.faults());
    refused(&slack, "users.info", json!({"user": "U1"}), "invalid_arguments").await;
}

fn message(blocks: Value) -> Value {
    json!({"channel": CHANNEL, "text": "x", "blocks": blocks})
}

fn plain(length: usize) -> Value {
    json!({"type": "plain_text", "text": "x".repeat(length)})
}

fn button(id: &str) -> Value {
    json!({"type": "button", "action_id": id, "text": plain(5), "value": "v"})
}

#[tokio::test]
async fn a_message_that_slack_takes_is_shown() {
    let slack = Slack::start().await;
    let blocks = json!([
        {"type": "header", "text": plain(150)},
        {"type": "section", "text": plain(3000)},
        {"type": "section", "fields": [plain(2000)]},
        {"type": "context", "elements": [plain(10)]},
        {"type": "actions", "elements": [button("a"), button("b")]},
    ]);
    let answer = call(&slack, BOT_TOKEN, "chat.postMessage", &message(blocks)).await;
    assert_eq!(answer["ok"], true, "{answer}");
    let edit = json!({"channel": CHANNEL, "ts": answer["ts"], "text": "y"});
    assert_eq!(call(&slack, BOT_TOKEN, "chat.update", &edit).await["ok"], true);
    let shown = slack.channel(CHANNEL).remove(0);
    assert_eq!((shown.text.as_str(), shown.edits, shown.blocks.len()), ("y", 1, 0));
    assert!(slack.faults().is_empty(), "{:?}", slack.faults());
}

#[tokio::test]
async fn what_slack_would_not_take_is_refused_with_its_error() {
    let slack = Slack::start().await;
    let with = |name: &str, value: Value| {
        let mut asked = json!({"channel": CHANNEL, "text": "x"});
        asked[name] = value;
        asked
    };
    let post = "chat.postMessage";
    refused(&slack, post, with("text", json!("x".repeat(40_001))), "msg_too_long").await;
    refused(&slack, post, with("text", json!("")), "no_text").await;
    refused(&slack, post, with("channel", json!("C404")), "channel_not_found").await;
    refused(&slack, post, with("thread_ts", json!("1.0")), "thread_not_found").await;
    refused(&slack, post, with("colour", json!("red")), "invalid_arguments").await;
    refused(&slack, "chat.update", with("ts", json!("1.0")), "message_not_found").await;
    refused(&slack, "chat.shout", json!({}), "unknown_method").await;
    refused(&slack, "views.open", json!({"trigger_id": "1.2.3", "view": {}}), "exchanged_trigger_id").await;
    for blocks in [
        json!([{"type": "section", "text": plain(3001)}]),
        json!([{"type": "section", "text": plain(0)}]),
        json!([{"type": "section"}]),
        json!([{"type": "section", "text": "x"}]),
        json!([{"type": "header", "text": plain(151)}]),
        json!([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
        json!([{"type": "section", "text": plain(1), "colour": "red"}]),
        json!([{"type": "marquee", "text": plain(1)}]),
        json!([{"type": "context", "elements": []}]),
        json!([{"type": "actions", "elements": [button("a"), button("a")]}]),
        json!([{"type": "actions", "elements": (0..26).map(|n| button(&n.to_string())).collect::<Vec<_>>()}]),
        json!([{"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain(76)}]}]),
        json!([{"type": "actions", "elements": [
            {"type": "button", "action_id": "a", "text": plain(1), "value": "v".repeat(2001)}]}]),
        json!((0..51).map(|_| json!({"type": "divider"})).collect::<Vec<_>>()),
    ] {
        refused(&slack, post, message(blocks), "invalid_blocks").await;
    }
    let answer = call(&slack, APP_TOKEN, post, &json!({"channel": CHANNEL, "text": "x"})).await;
    assert_eq!(answer["error"], "invalid_auth", "the app's token is not the bot's");
    assert!(slack.channel(CHANNEL).is_empty());
}

#[tokio::test]
async fn what_would_come_alive_is_found() {
    let slack = Slack::start().await;
    let section = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "<!here> &lt;@U1&gt;"}},
        {"type": "context", "elements": [{"type": "plain_text", "text": "<@U1>"}]}]);
    call(&slack, BOT_TOKEN, "chat.postMessage", &message(section)).await;
    assert_eq!(slack.channel(CHANNEL).remove(0).live(), ["<!here>"]);
}

#[tokio::test]
async fn an_envelope_that_is_acknowledged_late_is_a_fault_and_comes_again() {
    let slack = Slack::start().await;
    let opened = call(&slack, APP_TOKEN, "apps.connections.open", &json!({})).await;
    let url = opened["url"].as_str().unwrap();
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let mut next = async || -> Value {
        let Message::Text(text) = socket.next().await.unwrap().unwrap() else { panic!("text was to come") };
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["retry_attempt"] == 1 {
            let acknowledgement = json!({"envelope_id": frame["envelope_id"]}).to_string();
            socket.send(Message::Text(acknowledgement.into())).await.unwrap();
        }
        frame
    };
    assert_eq!(next().await["type"], "hello");
    let event = slack.said(CHANNEL, "U1", "hello");
    slack.send_event(event.clone());
    let first = next().await;
    assert_eq!((&first["payload"], &first["retry_attempt"]), (&event, &json!(0)));
    let again = next().await;
    assert_eq!((&again["payload"], &again["retry_attempt"]), (&event, &json!(1)));
    assert_ne!(first["envelope_id"], again["envelope_id"]);
    assert_eq!(slack.faults().len(), 1, "{:?}", slack.faults());
    tokio::time::sleep(PATIENCE + PATIENCE / 10).await;
    assert_eq!((slack.faults().len(), slack.acknowledged().len()), (1, 1), "{:?}", slack.faults());
    assert_eq!(slack.lost(), 0, "it arrived in the end");

    // A press is not sent again.
    slack.set_patience(Duration::from_millis(50));
    slack.send_interaction(json!({"type": "block_actions"}));
    assert_eq!(next().await["type"], "interactive");
    while slack.lost() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((slack.faults().len(), slack.lost()), (2, 1), "{:?}", slack.faults());
    assert!(tokio_tungstenite::connect_async(url).await.is_err(), "a ticket is used once");
}

#[tokio::test]
async fn requests_are_signed_as_slack_documents_it() {
    // The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
                &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let noted = std::sync::Arc::clone(&seen);
    let router = axum::Router::new().fallback(async move |headers: axum::http::HeaderMap| {
        *noted.lock().unwrap() = headers["x-slack-signature"].to_str().unwrap().to_owned();
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let signing = Signing { timestamp: Some("1531420618".to_owned()), ..Signing::default() };
    Slack::start().await.post(&url, "application/x-www-form-urlencoded", body.as_bytes(), signing).await;
    assert_eq!(*seen.lock().unwrap(), "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
}
