//! The gateway of the stub: one session at a time, as Discord's protocol wants it (API v10, JSON, text frames).

use super::Stub;
use super::payload;
use super::world::{APPLICATION, Order, Session, World};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::Instant;

/// Intents that Discord grants only on request.
const PRIVILEGED: u64 = (1 << 1) | (1 << 8) | (1 << 15);

pub(super) async fn connect(
    State(stub): State<Arc<Stub>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    if stub.look(|world| world.knobs.away) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if query.as_deref().is_none_or(|query| !query.split('&').any(|part| part == "v=10")) {
        stub.change(|world| world.fault("a connection without v=10"));
        return StatusCode::BAD_REQUEST.into_response();
    }
    upgrade.on_upgrade(async move |socket| {
        let (tell, told) = mpsc::unbounded_channel();
        serve(&stub, socket, &tell, told).await;
        stub.change(|world| world.hang_up(&tell));
    })
}

async fn serve(stub: &Stub, mut socket: WebSocket, tell: &UnboundedSender<Order>, mut told: UnboundedReceiver<Order>) {
    let heartbeat = stub.look(|world| world.knobs.heartbeat);
    let hello = json!({"op": 10, "d": {"heartbeat_interval": heartbeat.as_millis()}, "s": null, "t": null});
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    let mut due = Instant::now() + heartbeat * 2;
    loop {
        tokio::select! {
            order = told.recv() => if !follow(&mut socket, order).await { return },
            () = tokio::time::sleep_until(due) => {
                stub.change(|world| world.fault("no heartbeat within two intervals"));
                close(&mut socket, 4009).await;
                return;
            }
            frame = socket.recv() => {
                let Some(Ok(frame)) = frame else { return };
                let Message::Text(text) = frame else { continue };
                match stub.change(|world| receive(world, &text, tell)) {
                    Heard::Heartbeat => due = Instant::now() + heartbeat * 2,
                    Heard::Other => {}
                    Heard::Wrong(code) => {
                        close(&mut socket, code).await;
                        drain(&mut told);
                        return;
                    }
                }
            }
        }
    }
}

async fn follow(socket: &mut WebSocket, order: Option<Order>) -> bool {
    match order {
        Some(Order::Send(text)) => socket.send(Message::text(text)).await.is_ok(),
        Some(Order::Close(code)) => {
            close(socket, code).await;
            false
        }
        Some(Order::Cut) | None => false,
    }
}

async fn close(socket: &mut WebSocket, code: u16) {
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
    // What the other side still says does not count; its own close ends the connection.
    while let Some(Ok(frame)) = socket.recv().await {
        if matches!(frame, Message::Close(_)) {
            return;
        }
    }
}

fn drain(told: &mut UnboundedReceiver<Order>) {
    while told.try_recv().is_ok() {}
}

enum Heard {
    Heartbeat,
    Other,
    /// The connection ends with this close code.
    Wrong(u16),
}

fn receive(world: &mut World, text: &str, tell: &UnboundedSender<Order>) -> Heard {
    let wrong = |world: &mut World, code: u16, why: &str| {
        world.fault(format!("{why}: {}", text.replace(&world.token, "TOKEN")));
        Heard::Wrong(code)
    };
    if text.len() > 4096 {
        return wrong(world, 4002, "a frame over 4096 bytes");
    }
    let Ok(frame) = serde_json::from_str::<Value>(text) else { return wrong(world, 4002, "a frame is no JSON") };
    let data = frame.get("d").cloned().unwrap_or_default();
    match frame.get("op").and_then(Value::as_u64) {
        Some(1) => {
            let last = world.session.as_ref().map_or(0, |session| session.seq);
            if data.as_u64().is_some_and(|seq| seq > last) {
                return wrong(world, 4007, "a heartbeat of a sequence that was never sent");
            }
            let _ = tell.send(Order::Send(json!({"op": 11}).to_string()));
            Heard::Heartbeat
        }
        Some(2) => match identify(world, &data, tell) {
            Ok(()) => Heard::Other,
            Err((code, why)) => wrong(world, code, why),
        },
        Some(6) => match resume(world, &data, tell) {
            Ok(()) => Heard::Other,
            Err((code, why)) => wrong(world, code, why),
        },
        // Presence.
        Some(3) => Heard::Other,
        _ => wrong(world, 4001, "an unknown opcode"),
    }
}

/// Serenity says "Bot TOKEN" here too, and Discord takes both.
fn right_token(world: &World, data: &Value) -> bool {
    let token = data.get("token").and_then(Value::as_str).unwrap_or_default();
    token.strip_prefix("Bot ").unwrap_or(token) == world.token
}

fn identify(world: &mut World, data: &Value, tell: &UnboundedSender<Order>) -> Result<(), (u16, &'static str)> {
    if !right_token(world, data) {
        return Err((4004, "IDENTIFY with a wrong token"));
    }
    let live = world.session.as_ref().and_then(|session| session.live.as_ref());
    if live.is_some_and(|live| live.same_channel(tell)) {
        return Err((4005, "IDENTIFY twice on one connection"));
    }
    let intents = data.get("intents").and_then(Value::as_u64).ok_or((4013, "IDENTIFY without intents"))?;
    if intents & PRIVILEGED != 0 {
        return Err((4014, "IDENTIFY with intents that nobody granted"));
    }
    let properties = data.get("properties").cloned().unwrap_or_default();
    if ["os", "browser", "device"].iter().any(|key| properties.get(key).is_none()) {
        return Err((4002, "IDENTIFY without properties"));
    }
    world.identified += 1;
    let id = format!("session-{}", world.identified);
    let mut session = Session { id: id.clone(), seq: 0, intents, log: Vec::new(), live: Some(tell.clone()) };
    session.dispatch(
        "READY",
        json!({
            "v": 10, "user": payload::me(), "guilds": [], "session_id": id, "resume_gateway_url": "ws://127.0.0.1:1",
            "shard": [0, 1], "application": {"id": APPLICATION.to_string(), "flags": 0},
        }),
    );
    world.session = Some(session);
    Ok(())
}

/// What was missed is sent again in order, then `RESUMED`; a session that is not known is invalid (op 9).
fn resume(world: &mut World, data: &Value, tell: &UnboundedSender<Order>) -> Result<(), (u16, &'static str)> {
    if !right_token(world, data) {
        return Err((4004, "RESUME with a wrong token"));
    }
    let seq = data.get("seq").and_then(Value::as_u64).ok_or((4007, "RESUME without a sequence"))?;
    let wanted = data.get("session_id").and_then(Value::as_str).unwrap_or_default();
    let Some(session) = world.session.as_mut().filter(|session| session.id == wanted) else {
        let _ = tell.send(Order::Send(json!({"op": 9, "d": false}).to_string()));
        return Ok(());
    };
    if seq > session.seq {
        return Err((4007, "RESUME of a sequence that was never sent"));
    }
    for (_, missed) in session.log.iter().filter(|(at, _)| *at > seq) {
        let _ = tell.send(Order::Send(missed.clone()));
    }
    session.live = Some(tell.clone());
    session.dispatch("RESUMED", json!({}));
    world.resumed += 1;
    Ok(())
}
