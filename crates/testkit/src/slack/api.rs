//! The Web API.

use super::{APP_TOKEN, BOT, BOT_TOKEN, DIRECT, PATIENCE, Shared, Shown, TEAM, blocks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest text of a message, in characters.
const TEXT: usize = 40_000;

/// What a call is answered with, or the error that Slack gives and what was wrong.
type Outcome = Result<Value, (&'static str, String)>;

/// A call with its arguments in the body, as JSON.
pub(super) async fn call(
    State(shared): State<Arc<Shared>>,
    Path(method): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    settled(&shared, &method, || {
        admitted(&method, &headers)?;
        let asked = arguments(&headers, &body)?;
        answer(&shared, &method, &asked)
    })
}

/// A call with its arguments in the address: the only way for those of methods that only read.
pub(super) async fn read(
    State(shared): State<Arc<Shared>>,
    Path(method): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    settled(&shared, &method, || {
        admitted(&method, &headers)?;
        match method.as_str() {
            "users.info" => user(&shared, &asked),
            _ => Err(("unknown_method", format!("{method} is none that only reads"))),
        }
    })
}

fn settled(shared: &Shared, method: &str, outcome: impl FnOnce() -> Outcome) -> Response {
    if let Some(early) = told_to_refuse(shared, method) {
        return early;
    }
    match outcome() {
        Ok(mut answer) => {
            answer["ok"] = json!(true);
            Json(answer).into_response()
        }
        // Who is in a channel, and who is there at all, is nothing that a caller could know.
        Err((error @ ("user_not_in_channel" | "user_not_found"), _)) => refusal(error).into_response(),
        Err((error, why)) => {
            shared.fault(format!("{method}: {error}: {why}"));
            refusal(error).into_response()
        }
    }
}

fn refusal(error: &str) -> Json<Value> {
    let mut refusal = json!({"ok": false, "error": error});
    if error == "missing_scope" {
        refusal["needed"] = json!("users:read");
        refusal["provided"] = json!("app_mentions:read,chat:write,im:history,im:write");
    }
    Json(refusal)
}

/// What a test wants a call to be answered with, whatever it says.
fn told_to_refuse(shared: &Shared, method: &str) -> Option<Response> {
    let mut held = shared.held();
    held.calls.push(method.to_owned());
    if held.limited > 0 {
        held.limited -= 1;
        let limited = (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], refusal("ratelimited"));
        return Some(limited.into_response());
    }
    held.refused.get(method).map(|error| refusal(error).into_response())
}

fn said(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn admitted(method: &str, headers: &HeaderMap) -> Result<(), (&'static str, String)> {
    let token = if method == "apps.connections.open" { APP_TOKEN } else { BOT_TOKEN };
    if said(headers, header::AUTHORIZATION) != format!("Bearer {token}") {
        return Err(("invalid_auth", "another token".to_owned()));
    }
    Ok(())
}

fn arguments(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, (&'static str, String)> {
    let kind = said(headers, header::CONTENT_TYPE);
    if !kind.starts_with("application/json") {
        return Err(("invalid_form_data", format!("content type {kind:?}")));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(asked)) => Ok(asked),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(("json_not_object", "the body is no object".to_owned())),
        Err(fault) => Err(("invalid_json", fault.to_string())),
    }
}

fn answer(shared: &Shared, method: &str, asked: &Map<String, Value>) -> Outcome {
    match method {
        "auth.test" => {
            only(asked, &[])?;
            let url = "https://home.slack.com/";
            Ok(
                json!({"url": url, "team": "Home", "user": "codexa", "team_id": TEAM, "user_id": BOT, "bot_id": "B0CODEXA"}),
            )
        }
        "apps.connections.open" => {
            only(asked, &[])?;
            let ticket = format!("ticket-{}", shared.held().number());
            let url = shared.wire.url(&ticket);
            shared.held().tickets.push(ticket);
            Ok(json!({"url": url}))
        }
        "users.info" => {
            Err(("invalid_arguments", "a body of JSON says nothing to a method that only reads".to_owned()))
        }
        "chat.postMessage" => post(shared, asked),
        "chat.update" => update(shared, asked),
        "chat.postEphemeral" => whisper(shared, asked),
        "views.open" => open(shared, asked),
        _ => Err(("unknown_method", method.to_owned())),
    }
}

/// What Slack does not know is an argument that the sender got wrong.
fn only(asked: &Map<String, Value>, known: &[&str]) -> Result<(), (&'static str, String)> {
    match asked.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(("invalid_arguments", format!("there is no argument `{key}`"))),
        None => Ok(()),
    }
}

fn user(shared: &Shared, asked: &BTreeMap<String, String>) -> Outcome {
    if let Some(name) = asked.keys().find(|name| !["user", "include_locale"].contains(&name.as_str())) {
        return Err(("invalid_arguments", format!("there is no argument `{name}`")));
    }
    let id = asked.get("user").ok_or_else(|| ("invalid_arguments", "`user` is missing".to_owned()))?;
    let known = shared.held().users.get(id).cloned();
    known.map(|user| json!({"user": user})).ok_or_else(|| ("user_not_found", id.clone()))
}

fn string<'a>(asked: &'a Map<String, Value>, name: &str) -> Result<&'a str, (&'static str, String)> {
    asked.get(name).and_then(Value::as_str).ok_or_else(|| ("invalid_arguments", format!("`{name}` is missing")))
}

/// The message of a call, checked.
fn message(asked: &Map<String, Value>, ts: String) -> Result<Shown, (&'static str, String)> {
    let text = asked.get("text").map_or(Some(""), Value::as_str);
    let text = text.ok_or_else(|| ("invalid_arguments", "`text` is no string".to_owned()))?.to_owned();
    if text.chars().count() > TEXT {
        return Err(("msg_too_long", format!("{} characters", text.chars().count())));
    }
    let found = match asked.get("blocks") {
        Some(Value::Array(found)) => found.clone(),
        Some(_) => return Err(("invalid_blocks_format", "`blocks` is no array".to_owned())),
        None => Vec::new(),
    };
    blocks::check(&found, blocks::Surface::Message).map_err(|why| ("invalid_blocks", why))?;
    if text.is_empty() && found.is_empty() {
        return Err(("no_text", "neither text nor blocks".to_owned()));
    }
    if text.is_empty() {
        return Err(("no_text", "a message without text says nothing in a notification".to_owned()));
    }
    let thread = asked.get("thread_ts").and_then(Value::as_str).map(str::to_owned);
    Ok(Shown { ts, user: BOT.to_owned(), text, blocks: found, thread, ..Shown::default() })
}

const CONTENT: [&str; 7] = ["channel", "text", "blocks", "thread_ts", "unfurl_links", "unfurl_media", "mrkdwn"];

fn add(shared: &Shared, channel: &str, shown: Shown) -> Result<(), (&'static str, String)> {
    let mut held = shared.held();
    let messages = held.channels.get_mut(channel).ok_or_else(|| ("channel_not_found", channel.to_owned()))?;
    if let Some(thread) = &shown.thread
        && !messages.iter().any(|message| message.ts == *thread)
    {
        return Err(("thread_not_found", thread.clone()));
    }
    messages.push(shown);
    Ok(())
}

fn post(shared: &Shared, asked: &Map<String, Value>) -> Outcome {
    only(asked, &CONTENT)?;
    let mut channel = string(asked, "channel")?;
    if channel.starts_with('U') {
        channel = DIRECT;
    }
    let ts = shared.held().ts();
    let shown = message(asked, ts.clone())?;
    let echo = json!({"type": "message", "user": BOT, "text": shown.text, "ts": ts, "bot_id": "B0CODEXA"});
    add(shared, channel, shown)?;
    Ok(json!({"channel": channel, "ts": ts, "message": echo}))
}

fn whisper(shared: &Shared, asked: &Map<String, Value>) -> Outcome {
    only(asked, &["channel", "text", "blocks", "thread_ts", "user"])?;
    let (channel, user) = (string(asked, "channel")?, string(asked, "user")?);
    if !shared.held().members.iter().any(|known| known == user) {
        return Err(("user_not_in_channel", user.to_owned()));
    }
    let ts = shared.held().ts();
    let shown = Shown { ephemeral_to: Some(user.to_owned()), ..message(asked, ts.clone())? };
    add(shared, channel, shown)?;
    Ok(json!({"message_ts": ts}))
}

fn update(shared: &Shared, asked: &Map<String, Value>) -> Outcome {
    only(asked, &["channel", "ts", "text", "blocks"])?;
    let (channel, ts) = (string(asked, "channel")?, string(asked, "ts")?);
    let new = message(asked, ts.to_owned())?;
    let mut held = shared.held();
    let messages = held.channels.get_mut(channel).ok_or_else(|| ("channel_not_found", channel.to_owned()))?;
    let there = messages.iter_mut().find(|message| message.ts == ts && message.ephemeral_to.is_none());
    let there = there.ok_or_else(|| ("message_not_found", ts.to_owned()))?;
    if there.user != BOT {
        return Err(("cant_update_message", ts.to_owned()));
    }
    (there.text, there.blocks) = (new.text.clone(), new.blocks);
    there.edits += 1;
    Ok(json!({"channel": channel, "ts": ts, "text": new.text}))
}

fn open(shared: &Shared, asked: &Map<String, Value>) -> Outcome {
    only(asked, &["trigger_id", "view"])?;
    let trigger = string(asked, "trigger_id")?;
    let handed_out = shared.held().triggers.remove(trigger);
    let handed_out = handed_out.ok_or_else(|| ("exchanged_trigger_id", trigger.to_owned()))?;
    if handed_out.elapsed() > PATIENCE {
        return Err(("expired_trigger_id", format!("after {:?}", handed_out.elapsed())));
    }
    let mut view = asked.get("view").cloned().unwrap_or_default();
    blocks::check_view(&view).map_err(|why| ("invalid_arguments", why))?;
    let mut held = shared.held();
    view["id"] = json!(format!("V{:06}", held.number()));
    held.views.push(view.clone());
    Ok(json!({"view": view}))
}
