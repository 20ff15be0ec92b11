//! Socket Mode: connections, envelopes, and the time that an acknowledgement may take.

use super::{PATIENCE, Shared, Slack};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;

/// How long a connection stays that is about to be closed.
const FAREWELL: Duration = Duration::from_secs(30);

/// An event is sent again this often.
const RETRIES: u32 = 3;

/// Between Slack and the adapter's connections.
pub(super) struct Wire {
    address: SocketAddr,
    line: Mutex<Line>,
    waiting: Notify,
    control: broadcast::Sender<Control>,
}

#[derive(Default)]
struct Line {
    queue: VecDeque<Envelope>,
    unacknowledged: BTreeMap<String, Instant>,
    acknowledged: Vec<Duration>,
    lost: usize,
    patience: Option<Duration>,
    open: usize,
    opened: usize,
}

#[derive(Clone)]
struct Envelope {
    kind: &'static str,
    payload: Value,
    attempt: u32,
}

#[derive(Clone, Copy)]
enum Control {
    Drop,
    Refresh,
}

impl Wire {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, line: Mutex::default(), waiting: Notify::new(), control: broadcast::Sender::new(8) }
    }

    pub(super) fn url(&self, ticket: &str) -> String {
        format!("ws://{}/link?ticket={ticket}", self.address)
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().expect("no test panics while it holds the line")
    }

    fn send(&self, envelope: Envelope) {
        self.line().queue.push_back(envelope);
        self.waiting.notify_one();
    }
}

impl Slack {
    /// Sends an event over Socket Mode; it waits where there is no connection.
    pub fn send_event(&self, payload: Value) {
        self.shared.wire.send(Envelope { kind: "events_api", payload, attempt: 0 });
    }

    /// Sends a press or a form over Socket Mode.
    pub fn send_interaction(&self, payload: Value) {
        self.shared.wire.send(Envelope { kind: "interactive", payload, attempt: 0 });
    }

    /// Cuts every connection, as a network does.
    pub fn drop_connections(&self) {
        drop(self.shared.wire.control.send(Control::Drop));
    }

    /// Says that connections are about to be closed, and that new ones are wanted.
    pub fn refresh_connections(&self) {
        drop(self.shared.wire.control.send(Control::Refresh));
    }

    /// How long an envelope may wait for its acknowledgement, where that is not as long as with Slack.
    pub fn set_patience(&self, patience: Duration) {
        self.shared.wire.line().patience = Some(patience);
    }

    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.wire.line().open
    }

    /// How many connections were ever opened.
    #[must_use]
    pub fn connections_ever(&self) -> usize {
        self.shared.wire.line().opened
    }

    /// How long each acknowledgement took.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<Duration> {
        self.shared.wire.line().acknowledged.clone()
    }

    /// How much was never acknowledged and is not sent again: whoever pressed then sees that nothing came of it.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.shared.wire.line().lost
    }
}

pub(super) async fn connect(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    up: WebSocketUpgrade,
) -> Response {
    let ticket = query.get("ticket").cloned().unwrap_or_default();
    let known = {
        let mut held = shared.held();
        let place = held.tickets.iter().position(|known| *known == ticket);
        place.map(|place| held.tickets.remove(place))
    };
    if known.is_none() {
        shared.fault(format!("a ticket that is used or was never handed out: {ticket:?}"));
        return StatusCode::NOT_FOUND.into_response();
    }
    up.on_upgrade(async move |socket| {
        {
            let mut line = shared.wire.line();
            line.open += 1;
            line.opened += 1;
        }
        talk(socket, &shared).await;
        shared.wire.line().open -= 1;
    })
}

/// One connection, to its end.
async fn talk(mut socket: WebSocket, shared: &Arc<Shared>) {
    let mut control = shared.wire.control.subscribe();
    let hello = json!({
        "type": "hello",
        "num_connections": 1,
        "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": "A0CODEXA"},
    });
    if send(&mut socket, &hello).await.is_err() {
        return;
    }
    loop {
        let next = shared.wire.line().queue.pop_front();
        if let Some(envelope) = next {
            if hand_over(&mut socket, shared, envelope.clone()).await.is_err() {
                shared.wire.send(envelope);
                return;
            }
            continue;
        }
        tokio::select! {
            () = shared.wire.waiting.notified() => {}
            said = socket.recv() => match said {
                Some(Ok(Message::Text(text))) => acknowledge(shared, &text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            order = control.recv() => match order {
                Ok(Control::Refresh) => {
                    let soon = json!({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-1"}});
                    drop(send(&mut socket, &soon).await);
                    drop(tokio::time::timeout(FAREWELL, wait_for_the_end(&mut socket, shared)).await);
                    return;
                }
                Ok(Control::Drop) | Err(_) => return,
            },
        }
    }
}

/// A connection that is about to be closed carries acknowledgements and nothing new.
async fn wait_for_the_end(socket: &mut WebSocket, shared: &Shared) {
    while let Some(Ok(said)) = socket.recv().await {
        if let Message::Text(text) = said {
            acknowledge(shared, &text);
        }
    }
}

async fn send(socket: &mut WebSocket, frame: &Value) -> Result<(), axum::Error> {
    socket.send(Message::Text(frame.to_string().into())).await
}

/// Sends an envelope and looks after its acknowledgement.
async fn hand_over(socket: &mut WebSocket, shared: &Arc<Shared>, envelope: Envelope) -> Result<(), axum::Error> {
    let id = format!("envelope-{}", shared.held().number());
    let reason = if envelope.attempt == 0 { "" } else { "timeout" };
    let frame = json!({
        "type": envelope.kind,
        "envelope_id": id,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind == "interactive",
        "retry_attempt": envelope.attempt,
        "retry_reason": reason,
    });
    let patience = {
        let mut line = shared.wire.line();
        line.unacknowledged.insert(id.clone(), Instant::now());
        line.patience.unwrap_or(PATIENCE)
    };
    send(socket, &frame).await?;
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        tokio::time::sleep(patience).await;
        if shared.wire.line().unacknowledged.remove(&id).is_none() {
            return;
        }
        shared.fault(format!("{} {id}: not acknowledged within {patience:?}", envelope.kind));
        // A press is not sent again: its user sees that nothing came of it.
        if envelope.kind == "events_api" && envelope.attempt < RETRIES {
            shared.wire.send(Envelope { attempt: envelope.attempt + 1, ..envelope });
        } else {
            shared.wire.line().lost += 1;
        }
    });
    Ok(())
}

fn acknowledge(shared: &Shared, text: &str) {
    let said: Value = serde_json::from_str(text).unwrap_or_default();
    let id = said["envelope_id"].as_str().unwrap_or_default();
    let mut line = shared.wire.line();
    match line.unacknowledged.remove(id) {
        Some(sent) => line.acknowledged.push(sent.elapsed()),
        None => {
            drop(line);
            shared.fault(format!("an acknowledgement of nothing that waits: {text}"));
        }
    }
}
