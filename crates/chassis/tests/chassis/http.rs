//! Clients that take their time, on real sockets.

use axum::Router;
use axum::routing::get;
use codexa_chassis::http::{Limits, serve};
use codexa_chassis::shutdown::Shutdown;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(10);
const NEVER: Duration = Duration::from_secs(600);

/// Nothing is let go by itself.
const PATIENT: Limits = Limits { head: NEVER, take: NEVER, grace: NEVER, connections: 8 };

async fn listen(limits: Limits) -> (SocketAddr, Shutdown, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::new());
    let router = Router::new().route("/", get(async || "ok\n"));
    (address, shutdown.clone(), tokio::spawn(serve(listener, router, limits, shutdown)))
}

async fn ask(stream: &mut TcpStream) {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
}

/// One answer; the connection stays.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        answer.push(timeout(SOON, stream.read_u8()).await.expect("an answer in time").unwrap());
    }
    String::from_utf8(answer).unwrap()
}

/// Everything until the other side ends the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset has ended too.
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the other side ends it");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_and_let_go_when_it_is_silent() {
    let (address, _shutdown, _serving) = listen(Limits { head: Duration::from_millis(300), ..PATIENT }).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..2 {
        ask(&mut stream).await;
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn abuse_48_a_head_has_a_largest_size() {
    let (address, _shutdown, _serving) = listen(PATIENT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(1 << 20));
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = rest(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn abuse_48_there_are_so_many_places_and_each_becomes_free() {
    let (address, _shutdown, _serving) = listen(Limits { connections: 2, ..PATIENT }).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    ask(&mut first).await;
    answer(&mut first).await;
    // The system takes the connection; nobody looks at what it asks.
    let mut third = TcpStream::connect(address).await.unwrap();
    ask(&mut third).await;
    assert!(timeout(Duration::from_millis(300), third.read_u8()).await.is_err(), "there is no place for it");
    drop(first);
    assert!(answer(&mut third).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_it_from_stopping() {
    let (address, shutdown, serving) = listen(PATIENT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    ask(&mut stream).await;
    answer(&mut stream).await;
    shutdown.request();
    timeout(SOON, serving).await.expect("it ends").unwrap();
    assert_eq!(rest(&mut stream).await, "");
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
}
