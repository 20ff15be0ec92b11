//! What happens, as it happens.

use super::caller;
use crate::convert;
use crate::extract::{Asked, Bearer, only};
use crate::failure::Failure;
use crate::openapi::Reading;
use crate::state::Gateway;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use codexa_api::{Event, Problem};
use codexa_chassis::bus::{BusError, Subscription};
use codexa_chassis::grpc::is_problem;
use codexa_proto::v1;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tonic::{Code, Status};
use utoipa::IntoParams;

/// Events that are asked for at a time.
const BATCH: u32 = 200;

/// Pings in a row that nobody answers before the other side counts as gone: a minute, at the usual pace.
const UNANSWERED: u32 = 12;

/// How long the other side's farewell is waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// Largest message of a listener, in bytes: it has nothing to say.
const MAX_HEARD: usize = 4 << 10;

/// Where a stream begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct From {
    /// The cursor of an event: those behind it are sent. An id alone is taken as it is, and 0 is the beginning; without
    /// any, those are sent that happen from now on.
    #[serde(default)]
    after: String,
}

/// A WebSocket of events: each text frame is one. They come in order, each at least once.
#[utoipa::path(get, path = "/v1/stream", tag = "events", security(("token" = [])), params(From), responses(
    (status = 101, description = "Switching to WebSocket; frames are events", body = Event),
    Reading,
    (status = 400, description = "What the query asks for makes no sense", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "What happened behind the cursor is not known any more: the project's decisions were restored from a backup, or old events were swept. Open it without `after`, and look at everything anew", body = Problem, content_type = "application/problem+json"),
    (status = 426, description = "It is no WebSocket", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn stream(
    State(gateway): State<Gateway>,
    Bearer(token): Bearer,
    Asked(from): Asked<From>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    own_origin(&headers)?;
    let upgrade = upgrade.map_err(|_| {
        let detail = "events are sent over a WebSocket";
        let help = "open it with a client of WebSockets";
        Failure::new(StatusCode::UPGRADE_REQUIRED, "WEBSOCKET_NEEDED", detail, help)
            .saying(header::UPGRADE, "websocket")
    })?;
    let full = || {
        let detail = "as many streams are open as there can be";
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, "STREAMS_FULL", detail, "open it again in a moment")
    };
    let place = gateway.streams.place().ok_or_else(full)?;
    // Subscribed before the first look, so that nothing happens between the two.
    let wake = gateway.bus.subscribe(&gateway.topic).await.map_err(|error: BusError| {
        tracing::warn!(%error, "the bus");
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "BUS_SHUT",
            "the gateway is stopping",
            "open it again in a moment",
        )
    })?;
    let listener = Listener { gateway, caller: caller(token) };
    // A token that is none, and a place that is gone, are refused before the upgrade.
    let newest = listener.look(&from.after, 1).await?.newest;
    let after = if from.after.is_empty() { newest } else { from.after };
    let upgrade = upgrade.max_message_size(MAX_HEARD).max_frame_size(MAX_HEARD);
    Ok(upgrade.on_upgrade(async move |socket| {
        listener.follow(socket, wake, after).await;
        drop(place);
    }))
}

/// A page of another origin may not open a stream with what the browser knows.
fn own_origin(headers: &HeaderMap) -> Result<(), Failure> {
    if !headers.contains_key(header::ORIGIN) {
        return Ok(());
    }
    let origin =
        only(headers, header::ORIGIN.as_str()).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let host = only(headers, header::HOST.as_str());
    if origin.is_some() && origin == host {
        return Ok(());
    }
    let detail = "the page that opens this stream is of another origin";
    Err(Failure::new(StatusCode::FORBIDDEN, "ORIGIN_FOREIGN", detail, "open it from the gateway's own pages"))
}

/// Somebody who listens.
struct Listener {
    gateway: Gateway,
    caller: v1::Caller,
}

impl Listener {
    /// Events behind a cursor; without one, only the newest there is.
    async fn look(&self, after: &str, limit: u32) -> Result<v1::EventList, Status> {
        let request = v1::ListEventsRequest { caller: Some(self.caller.clone()), after: after.to_owned(), limit };
        let looking =
            async { Ok(self.gateway.governance().list_events(self.gateway.ask(request)).await?.into_inner()) };
        let late = |_| Err(Status::deadline_exceeded("no answer in time"));
        timeout(self.gateway.pace.answer, looking).await.unwrap_or_else(late)
    }

    /// Sends what happens until either side goes.
    async fn follow(self, mut socket: WebSocket, mut wake: Subscription, after: String) {
        let (code, reason) = tokio::select! {
            ended = self.tell(&mut socket, &mut wake, after) => match ended {
                Some(close) => close,
                None => return,
            },
            () = self.gateway.shutdown.requested() => (close_code::AWAY, "stopping"),
        };
        let frame = CloseFrame { code, reason: reason.into() };
        // The other side may be gone, which is what is wanted.
        if self.send(&mut socket, Message::Close(Some(frame))).await {
            // Its own farewell is waited for: a socket that is closed over unread bytes takes the frame back.
            let _ = timeout(FAREWELL, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
        }
    }

    /// Sends what happens until the other side goes, or is sent away for a reason.
    async fn tell(
        &self,
        socket: &mut WebSocket,
        wake: &mut Subscription,
        mut after: String,
    ) -> Option<(u16, &'static str)> {
        let mut ticks = interval(self.gateway.pace.poll);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut unanswered = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    unanswered += 1;
                    if unanswered > UNANSWERED || !self.send(socket, Message::Ping(Bytes::new())).await {
                        return None;
                    }
                }
                Some(_) = wake.next() => {}
                received = socket.recv() => match received {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    // A listener has nothing to say but that it is there.
                    Some(Ok(_)) => {
                        unanswered = 0;
                        continue;
                    }
                },
            }
            match self.send_news(socket, &mut after).await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(status) if matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied) => {
                    return Some((close_code::POLICY, "the token does not hold any more"));
                }
                // Whoever opens it again where it was is told the same in full.
                Err(status) if is_problem(&status, "EVENTS_GONE") => {
                    return Some((close_code::RESTART, "what happened after the last event is not known any more"));
                }
                Err(status) => tracing::warn!(%status, "events could not be read"),
            }
        }
    }

    /// Sends everything after the event `after`; whether the other side is still there.
    async fn send_news(&self, socket: &mut WebSocket, after: &mut String) -> Result<bool, Status> {
        loop {
            let list = self.look(after, BATCH).await?;
            let Some(last) = list.events.last().map(|event| event.cursor.clone()) else { return Ok(true) };
            // All of them in the time of one frame: who takes them slower has nothing checked meanwhile.
            let sending = async {
                for event in list.events {
                    let text = serde_json::to_string(&convert::event(event)).unwrap_or_default();
                    socket.send(Message::Text(text.into())).await?;
                }
                Ok::<_, axum::Error>(())
            };
            if !matches!(timeout(self.gateway.pace.take, sending).await, Ok(Ok(()))) {
                return Ok(false);
            }
            *after = last;
        }
    }

    /// Sends one frame; whether it was taken.
    async fn send(&self, socket: &mut WebSocket, frame: Message) -> bool {
        matches!(timeout(self.gateway.pace.take, socket.send(frame)).await, Ok(Ok(())))
    }
}
