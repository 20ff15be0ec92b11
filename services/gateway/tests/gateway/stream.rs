//! The stream of events, with a real client of WebSockets.

use crate::fake::TOKEN;
use crate::world::{TOPIC, World, quick, slow};
use codexa_chassis::bus::Bus;
use codexa_gateway::Pace;
use futures_util::{SinkExt, StreamExt};
use http::Request;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

type Socket = WebSocketStream<TcpStream>;

/// Nothing of a test takes longer.
const SOON: Duration = Duration::from_secs(10);

async fn open_with(
    address: SocketAddr,
    query: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
) -> Result<Socket, Error> {
    let mut request = Request::builder()
        .uri(format!("ws://{address}/v1/stream{query}"))
        .header("host", address.to_string())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", generate_key());
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    // A small window, so that a reader that reads nothing is full soon.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let stream = socket.connect(address).await.unwrap();
    tokio_tungstenite::client_async(request.body(()).unwrap(), stream).await.map(|(socket, _)| socket)
}

async fn open(address: SocketAddr, query: &str) -> Socket {
    open_with(address, query, Some(TOKEN), &[]).await.unwrap()
}

/// The status and code of a stream that was refused.
fn refused(opened: Result<Socket, Error>) -> (u16, String) {
    let Err(Error::Http(response)) = opened else { panic!("{opened:?}") };
    let status = response.status().as_u16();
    let document: Value = serde_json::from_slice(&response.into_body().unwrap_or_default()).unwrap_or_default();
    (status, document["code"].as_str().unwrap_or_default().to_owned())
}

/// The id of the next event.
async fn next(socket: &mut Socket) -> i64 {
    let deadline = Instant::now() + SOON;
    loop {
        let message = tokio::time::timeout_at(deadline, socket.next()).await.expect("an event in time");
        if let Message::Text(text) = message.unwrap().unwrap() {
            return serde_json::from_str::<Value>(&text).unwrap()["id"].as_i64().unwrap();
        }
    }
}

/// How the other side ended it.
async fn closed(socket: &mut Socket) -> CloseCode {
    loop {
        match timeout(SOON, socket.next()).await.expect("a farewell in time") {
            Some(Ok(Message::Close(frame))) => return frame.expect("a reason").code,
            Some(Ok(_)) => {}
            other => panic!("no farewell: {other:?}"),
        }
    }
}

/// At which nothing but the bus wakes a stream.
fn only_woken() -> Pace {
    Pace { grace: Duration::from_secs(5), take: Duration::from_secs(5), answer: SOON, ..slow() }
}

#[tokio::test]
async fn events_come_in_order_from_where_the_listener_was() {
    let world = World::at(only_woken());
    for _ in 0..450 {
        world.fake.happens("gate.changed");
    }
    let (address, _serving) = world.listen().await;
    let later = format!("?after={}", world.fake.state().events[439].cursor);
    for (query, first) in [("?after=0", 1), (&later, 441)] {
        let mut socket = open(address, query).await;
        for id in first..=450 {
            assert_eq!(next(&mut socket).await, id, "{query}");
        }
    }
}

#[tokio::test]
async fn the_bus_wakes_a_stream_which_begins_now_where_nothing_is_said() {
    let world = World::at(only_woken());
    world.fake.happens("change.opened");
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "").await;
    for id in 2..=4 {
        assert_eq!(world.fake.happens("a.kind.of.tomorrow"), id);
        world.bus.publish(TOPIC, &id.to_string()).await.unwrap();
        assert_eq!(next(&mut socket).await, id);
    }
}

#[tokio::test]
async fn without_the_bus_events_come_all_the_same() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "").await;
    for _ in 0..3 {
        let id = world.fake.happens("job.changed");
        assert_eq!(next(&mut socket).await, id);
    }
}

#[tokio::test]
async fn what_a_frame_says_is_an_event_of_the_contract() {
    let world = World::at(quick());
    world.fake.happens("gate.changed");
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "?after=0").await;
    let event = loop {
        if let Message::Text(text) = timeout(SOON, socket.next()).await.unwrap().unwrap().unwrap() {
            break serde_json::from_str::<codexa_api::Event>(&text).unwrap();
        }
    };
    assert_eq!(event.kind, codexa_api::EventKind::GateChanged);
    assert_eq!((event.change.as_deref(), event.job.as_deref()), (Some("CH-001"), None));
    assert_eq!(event.cursor, world.fake.state().events[0].cursor);
}

#[tokio::test]
async fn a_listener_is_told_that_the_events_began_again() {
    let world = World::at(quick());
    for _ in 0..3 {
        world.fake.happens("gate.changed");
    }
    let (address, _serving) = world.listen().await;
    let third = format!("?after={}", world.fake.state().events[2].cursor);
    let mut open_before = open(address, &third).await;
    world.fake.begins_again();
    world.fake.happens("gate.changed");
    assert_eq!(closed(&mut open_before).await, CloseCode::Restart);
    assert_eq!(refused(open_with(address, &third, Some(TOKEN), &[]).await), (410, "EVENTS_GONE".to_owned()));
    let mut socket = open(address, "").await;
    assert_eq!(world.fake.happens("gate.changed"), 2);
    assert_eq!(next(&mut socket).await, 2);
}

#[tokio::test]
async fn abuse_47_a_stream_is_refused_before_the_upgrade() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let unauthorised = (401, "TOKEN_INVALID".to_owned());
    assert_eq!(refused(open_with(address, "", None, &[]).await), unauthorised);
    for query in ["", "?after=0"] {
        assert_eq!(refused(open_with(address, query, Some("another"), &[]).await), unauthorised, "{query}");
    }
    let foreign = (403, "ORIGIN_FOREIGN".to_owned());
    let here = format!("http://{address}");
    for origin in ["http://evil.example", "null", "file://", &format!("{here}.evil.example"), "http://127.0.0.1"] {
        assert_eq!(refused(open_with(address, "", Some(TOKEN), &[("origin", origin)]).await), foreign, "{origin}");
    }
    open_with(address, "", Some(TOKEN), &[("origin", &here)]).await.expect("the gateway's own page");
    let twice = open_with(address, "", Some(TOKEN), &[("origin", &here), ("origin", "http://evil.example")]).await;
    assert_eq!(refused(twice), foreign);
}

#[tokio::test]
async fn what_is_no_websocket_is_told_to_be_one() {
    let world = World::new();
    let answered = world.get("/v1/stream").await;
    answered.is_problem(426, "WEBSOCKET_NEEDED");
    assert_eq!(answered.header("upgrade"), "websocket");
}

#[tokio::test]
async fn abuse_47_a_token_that_is_taken_back_ends_the_stream() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "").await;
    sleep(Duration::from_millis(100)).await;
    world.fake.state().is_revoked = true;
    assert_eq!(closed(&mut socket).await, CloseCode::Policy);
}

#[tokio::test]
async fn governance_that_is_away_for_a_while_ends_no_stream() {
    use crate::fake::Mood;
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "").await;
    world.fake.state().governance = Mood::Refusing(tonic::Status::unavailable("away"));
    let id = world.fake.happens("gate.changed");
    sleep(Duration::from_millis(200)).await;
    world.fake.state().governance = Mood::Well;
    assert_eq!(next(&mut socket).await, id);
}

#[tokio::test]
async fn a_listener_that_takes_nothing_is_let_go() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let socket = open(address, "?after=0").await;
    // More than all buffers between the two hold.
    let full = "x".repeat(10_000);
    for _ in 0..2_000 {
        world.fake.happens("gate.changed");
        world.fake.state().events.last_mut().unwrap().says.clone_from(&full);
    }
    is_let_go(&world).await;
    drop(socket);
}

#[tokio::test]
async fn a_listener_that_answers_no_ping_is_let_go() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    // Nothing polls it, so nothing answers for it, as where the network between the two is cut.
    let socket = open(address, "").await;
    is_let_go(&world).await;
    drop(socket);
}

/// Waits until governance is not asked for a listener any more, as it is while a stream is open.
async fn is_let_go(world: &World) {
    let deadline = Instant::now() + SOON;
    loop {
        let asked = world.fake.called().len();
        sleep(Duration::from_secs(1)).await;
        if world.fake.called().len() == asked {
            return;
        }
        assert!(Instant::now() < deadline, "it is still asked: {asked} times");
    }
}

#[tokio::test]
async fn a_listener_has_nothing_to_say_and_says_it_shortly() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let mut socket = open(address, "").await;
    socket.send(Message::Text("hello".into())).await.unwrap();
    socket.send(Message::Ping("ping".into())).await.unwrap();
    let id = world.fake.happens("gate.changed");
    assert_eq!(next(&mut socket).await, id, "small talk is passed over");
    let _ = socket.send(Message::Binary(vec![0; 1 << 20].into())).await;
    let ended = async { while let Some(Ok(_)) = socket.next().await {} };
    timeout(SOON, ended).await.expect("who sends a megabyte is let go");
}

#[tokio::test]
async fn streams_are_bounded_and_a_place_becomes_free() {
    let world = World::at(only_woken());
    let (address, _serving) = world.listen().await;
    let mut sockets = Vec::new();
    for _ in 0..256 {
        sockets.push(open(address, "").await);
    }
    assert_eq!(refused(open_with(address, "", Some(TOKEN), &[]).await), (503, "STREAMS_FULL".to_owned()));
    drop(sockets.pop());
    let deadline = Instant::now() + SOON;
    while open_with(address, "", Some(TOKEN), &[]).await.is_err() {
        assert!(Instant::now() < deadline, "the place of a listener that left is free");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_gateway_that_stops_says_so_to_its_listeners() {
    let world = World::at(Pace { take: Duration::from_secs(5), ..quick() });
    let (address, serving) = world.listen().await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        sockets.push(open(address, "").await);
    }
    world.shutdown.request();
    for socket in &mut sockets {
        assert_eq!(closed(socket).await, CloseCode::Away);
    }
    timeout(SOON, serving).await.expect("it ends").unwrap();
}
