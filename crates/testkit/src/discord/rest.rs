//! The REST face of the stub.

use super::Stub;
use super::checks::{self, Use};
use super::payload;
use super::world::{APPLICATION, Acknowledged, Interaction, Membership, World};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post, put};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An answer that refuses, where one that takes was hoped for.
type Refused = Box<Response>;

type Shared = State<Arc<Stub>>;

pub(super) fn routes(stub: &Arc<Stub>) -> Router<Arc<Stub>> {
    let for_the_bot = Router::new()
        .route("/gateway", get(gateway))
        .route("/gateway/bot", get(gateway_bot))
        .route("/users/@me", get(|| async { axum::Json(payload::me()) }))
        .route("/users/@me/channels", post(open_direct))
        .route("/users/@me/guilds", get(guilds))
        .route("/guilds/{guild}/members/{user}", get(member))
        .route("/oauth2/applications/@me", get(|| async { axum::Json(payload::application()) }))
        .route("/applications/{application}/commands", put(commands))
        .route("/channels/{channel}/messages", post(post_message).get(list_messages))
        .route("/channels/{channel}/messages/{message}", patch(edit_message))
        .layer(from_fn_with_state(Arc::clone(stub), authorised));
    // What belongs to an interaction is opened by its token alone.
    let for_the_interaction = Router::new()
        .route("/interactions/{id}/{token}/callback", post(callback))
        .route("/webhooks/{application}/{token}", post(follow_up))
        .route("/webhooks/{application}/{token}/messages/@original", patch(edit_original));
    for_the_bot.merge(for_the_interaction).fallback(unknown)
}

/// An answer of Discord that refuses something; it is kept as a fault with `why`.
fn refuse(world: &mut World, status: u16, code: u32, message: &str, why: String) -> Response {
    world.fault(why);
    refusal(status, code, message)
}

fn refusal(status: u16, code: u32, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(json!({"message": message, "code": code}))).into_response()
}

async fn unknown(State(stub): Shared, request: Request) -> Response {
    let what = format!("{} {} is no route of the stub", request.method(), request.uri());
    stub.change(|world| refuse(world, 404, 0, "404: Not Found", what))
}

async fn authorised(State(stub): Shared, request: Request, next: Next) -> Response {
    match stub.change(|world| stranger(world, &request)) {
        Some(refused) => refused,
        None => next.run(request).await,
    }
}

fn stranger(world: &mut World, request: &Request) -> Option<Response> {
    let what = format!("{} {}", request.method(), request.uri().path());
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header(header::AUTHORIZATION) != format!("Bot {}", world.token) {
        return Some(refuse(world, 401, 0, "401: Unauthorized", format!("{what}: wrong Authorization")));
    }
    if !header(header::USER_AGENT).starts_with("DiscordBot (") {
        world.fault(format!("{what}: User-Agent is none of a bot"));
    }
    None
}

async fn gateway(State(stub): Shared) -> Response {
    axum::Json(json!({"url": stub.gateway_url()})).into_response()
}

async fn gateway_bot(State(stub): Shared) -> Response {
    let limit = json!({"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1});
    axum::Json(json!({"url": stub.gateway_url(), "shards": 1, "session_start_limit": limit})).into_response()
}

/// The body of a request that writes, or the refusal.
fn json_body(world: &mut World, headers: &HeaderMap, body: &Bytes) -> Result<Value, Refused> {
    let (status, times) = world.knobs.failing;
    if times > 0 {
        world.knobs.failing = (status, times - 1);
        return Err(refusal(status, 0, "told to fail").into());
    }
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    match serde_json::from_slice(body) {
        Ok(value) if is_json => Ok(value),
        _ => {
            let why = "a body is no JSON".to_owned();
            Err(refuse(world, 400, 50109, "The request body contains invalid JSON.", why).into())
        }
    }
}

/// The same for a message: within Discord's limits.
fn message_body(world: &mut World, headers: &HeaderMap, body: &Bytes, used: Use) -> Result<Value, Refused> {
    let body = json_body(world, headers, body)?;
    let wrong = checks::message(&body, used);
    if wrong.is_empty() {
        return Ok(body);
    }
    let why = format!("{}: {body}", wrong.join("; "));
    Err(refuse(world, 400, 50035, "Invalid Form Body", why).into())
}

async fn open_direct(State(stub): Shared, headers: HeaderMap, body: Bytes) -> Response {
    stub.change(|world| {
        let body = match json_body(world, &headers, &body) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        let Some(user) = id(body.get("recipient_id")) else {
            return refuse(world, 400, 50033, "Invalid Recipient(s)", format!("no recipient: {body}"));
        };
        let channel = world.direct_channel(user);
        axum::Json(json!({
            "id": channel.to_string(), "type": 1, "last_message_id": null,
            "recipients": [{"id": user.to_string(), "username": "somebody", "discriminator": "0", "avatar": null}],
        }))
        .into_response()
    })
}

/// The guilds that the bot is in.
async fn guilds(State(stub): Shared, Query(query): Query<BTreeMap<String, u64>>) -> Response {
    stub.look(|world| {
        if world.knobs.members_hidden {
            return refusal(503, 0, "told to fail");
        }
        let limit = query.get("limit").map_or(200, |limit| usize::try_from(*limit).unwrap_or(200));
        let known: BTreeSet<u64> = world.guilds.values().copied().collect();
        axum::Json(known.into_iter().take(limit).map(payload::guild).collect::<Vec<_>>()).into_response()
    })
}

/// Who is no member is nothing that a bot could know: to ask is no fault.
async fn member(State(stub): Shared, Path((guild, user)): Path<(u64, u64)>) -> Response {
    stub.look(|world| {
        if world.knobs.members_hidden {
            return refusal(503, 0, "told to fail");
        }
        if !world.guilds.values().any(|known| *known == guild) {
            return refusal(403, 50001, "Missing Access");
        }
        match (world.user_of(user), world.membership(guild, user)) {
            (None, _) => refusal(404, 10013, "Unknown User"),
            (_, Membership::Gone) => refusal(404, 10007, "Unknown Member"),
            (Some(user), Membership::Garbled) => {
                let mut member = payload::member(&user, Membership::Member);
                member["flags"] = Value::Null;
                axum::Json(member).into_response()
            }
            (Some(user), membership) => axum::Json(payload::member(&user, membership)).into_response(),
        }
    })
}

/// An id as Discord writes it, or as serenity does: text or a number.
fn id(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}

async fn commands(State(stub): Shared, Path(application): Path<u64>, headers: HeaderMap, body: Bytes) -> Response {
    stub.change(|world| {
        let body = match json_body(world, &headers, &body) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        let wrong = checks::commands(&body);
        if application != APPLICATION || !wrong.is_empty() {
            return refuse(world, 400, 50035, "Invalid Form Body", format!("commands of {application}: {wrong:?}"));
        }
        world.commands = body.as_array().cloned().unwrap_or_default();
        let registered: Vec<Value> = world.commands.clone().into_iter().map(registered).collect();
        axum::Json(registered).into_response()
    })
}

fn registered(mut command: Value) -> Value {
    command["id"] = json!("900000000000000100");
    command["application_id"] = json!(APPLICATION.to_string());
    command["version"] = json!("900000000000000101");
    command["type"] = json!(1);
    command["default_member_permissions"] = json!(null);
    command
}

/// What people said in a channel behind a message, newest first; without what only the gateway's events carry.
async fn list_messages(
    State(stub): Shared,
    Path(channel): Path<u64>,
    Query(query): Query<BTreeMap<String, u64>>,
) -> Response {
    let (after, limit) = (query.get("after").copied().unwrap_or(0), query.get("limit").copied().unwrap_or(50));
    let behind = |message: &&Value| {
        id(message.get("channel_id")) == Some(channel) && id(message.get("id")).is_some_and(|id| id > after)
    };
    let mut page: Vec<Value> = stub.look(|world| {
        let behind = world.said.iter().filter(behind).take(usize::try_from(limit.min(100)).unwrap_or(100));
        behind.map(|message| world.withheld(message)).collect()
    });
    page.reverse();
    for message in page.iter_mut().filter_map(Value::as_object_mut) {
        message.remove("guild_id");
        message.remove("member");
    }
    axum::Json(page).into_response()
}

async fn post_message(State(stub): Shared, Path(channel): Path<u64>, headers: HeaderMap, body: Bytes) -> Response {
    stub.change(|world| {
        if !world.knows_channel(channel) {
            return refuse(
                world,
                404,
                10003,
                "Unknown Channel",
                format!("a message for the unknown channel {channel}"),
            );
        }
        let closed = world.direct.get(&channel).is_some_and(|user| world.knobs.closed_to_direct.contains(user));
        if closed {
            return refusal(403, 50007, "Cannot send messages to this user");
        }
        match message_body(world, &headers, &body, Use::Channel) {
            Ok(body) => {
                let posted = world.post(channel, None, false, &body);
                if world.knobs.losing > 0 {
                    world.knobs.losing -= 1;
                    return refusal(502, 0, "told to lose the answer");
                }
                axum::Json(posted).into_response()
            }
            Err(refused) => *refused,
        }
    })
}

async fn edit_message(
    State(stub): Shared,
    Path((channel, message)): Path<(u64, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stub.change(|world| {
        let body = match message_body(world, &headers, &body, Use::Edit) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        let there = world.message_mut(message).is_some_and(|it| it.channel == channel && it.only.is_none());
        match there.then(|| world.edit(message, &body)).flatten() {
            Some(edited) => axum::Json(edited).into_response(),
            None => refuse(world, 404, 10008, "Unknown Message", format!("an edit of the unknown message {message}")),
        }
    })
}

async fn callback(
    State(stub): Shared,
    Path((id, token)): Path<(u64, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    tokio::time::sleep(stub.look(|world| world.knobs.slow_answers)).await;
    stub.change(|world| {
        let within = world.knobs.answer_within;
        let Some(it) = world.interactions.get(&id).filter(|it| it.token == token).cloned() else {
            return refuse(
                world,
                404,
                10062,
                "Unknown interaction",
                format!("an answer to the unknown interaction {id}"),
            );
        };
        if it.acknowledged.is_some() {
            let why = format!("interaction {id} was answered twice");
            return refuse(world, 400, 40060, "Interaction has already been acknowledged.", why);
        }
        if it.at.elapsed() > within {
            return refusal(404, 10062, "Unknown interaction");
        }
        let body = match json_body(world, &headers, &body) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        let data = body.get("data").filter(|data| !data.is_null()).cloned().unwrap_or_else(|| json!({}));
        let private = data.get("flags").and_then(Value::as_u64).unwrap_or(0) & 64 != 0;
        let only = private.then_some(it.by);
        let (how, original) = match body.get("type").and_then(Value::as_u64) {
            Some(4) => {
                let wrong = checks::message(&data, Use::Interaction);
                if !wrong.is_empty() {
                    return refuse(world, 400, 50035, "Invalid Form Body", format!("{}: {data}", wrong.join("; ")));
                }
                let posted = world.post(it.channel, only, false, &data);
                (Acknowledged::Message, self::id(posted.get("id")))
            }
            Some(5) => {
                let posted = world.post(it.channel, only, true, &json!({}));
                (Acknowledged::Deferred, self::id(posted.get("id")))
            }
            Some(6) if it.pressed => (Acknowledged::Silently, it.original),
            Some(9) => {
                let wrong = checks::form(&data);
                if !wrong.is_empty() {
                    return refuse(world, 400, 50035, "Invalid Form Body", format!("{}: {data}", wrong.join("; ")));
                }
                (Acknowledged::Form, it.original)
            }
            other => return refuse(world, 400, 50035, "Invalid Form Body", format!("an answer of type {other:?}")),
        };
        if let Some(it) = world.interactions.get_mut(&id) {
            it.acknowledged = Some(how);
            it.form = (how == Acknowledged::Form).then_some(data);
            it.original = original;
        }
        StatusCode::NO_CONTENT.into_response()
    })
}

/// The interaction that a webhook's token opens, or the refusal.
fn opened(world: &World, application: u64, token: &str) -> Result<Interaction, Refused> {
    let found = world.interactions.values().find(|it| it.token == token && application == APPLICATION);
    match found {
        Some(it) if it.dead => Err(refusal(401, 50027, "Invalid Webhook Token").into()),
        Some(it) if it.acknowledged.is_some() => Ok(it.clone()),
        _ => Err(refusal(404, 10015, "Unknown Webhook").into()),
    }
}

async fn edit_original(
    State(stub): Shared,
    Path((application, token)): Path<(u64, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stub.change(|world| {
        let it = match opened(world, application, &token) {
            Ok(opened) => opened,
            Err(refused) => return *refused,
        };
        let body = match message_body(world, &headers, &body, Use::Edit) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        match it.original.and_then(|original| world.edit(original, &body)) {
            Some(edited) => axum::Json(edited).into_response(),
            None => refuse(world, 404, 10008, "Unknown Message", "an edit of an original that is not there".to_owned()),
        }
    })
}

/// A follow-up. While the deferred answer still loads, the first follow-up takes its place and is seen by whom that is
/// seen: its own flag for a private message counts for nothing.
async fn follow_up(
    State(stub): Shared,
    Path((application, token)): Path<(u64, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stub.change(|world| {
        let it = match opened(world, application, &token) {
            Ok(opened) => opened,
            Err(refused) => return *refused,
        };
        let body = match message_body(world, &headers, &body, Use::Interaction) {
            Ok(body) => body,
            Err(refused) => return *refused,
        };
        let loading = it.original.filter(|id| world.message_mut(*id).is_some_and(|message| message.loading));
        let private = body.get("flags").and_then(Value::as_u64).unwrap_or(0) & 64 != 0;
        let answer = match loading {
            Some(original) => world.edit(original, &body).unwrap_or_default(),
            None => world.post(it.channel, private.then_some(it.by), false, &body),
        };
        axum::Json(answer).into_response()
    })
}
