//! How the gateway stops.

use crate::fake::{Mood, TOKEN};
use crate::world::{World, quick};
use codexa_gateway::Pace;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

const SOON: Duration = Duration::from_secs(10);

/// A request that is on its way.
async fn asking(address: std::net::SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /v1/changes HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the connection ends").unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_request_in_flight_is_answered_and_nobody_new_is() {
    // Governance hangs, so the request is answered when the gateway's patience ends: well after it was asked to stop.
    let world = World::at(Pace { answer: Duration::from_secs(1), ..quick() });
    world.fake.state().governance = Mood::Hanging;
    let (address, serving) = world.listen().await;
    let mut stream = asking(address).await;
    while world.fake.called().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    world.shutdown.request();
    sleep(Duration::from_millis(100)).await;
    assert!(!serving.is_finished(), "it waits for the request");
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    timeout(SOON, serving).await.expect("it ends").unwrap();
}

#[tokio::test]
async fn what_takes_longer_than_the_grace_is_cut_off() {
    let world = World::at(Pace { grace: Duration::from_millis(300), answer: Duration::from_secs(600), ..quick() });
    world.fake.state().governance = Mood::Hanging;
    let (address, serving) = world.listen().await;
    let _stream = asking(address).await;
    while world.fake.called().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    let asked = Instant::now();
    world.shutdown.request();
    timeout(SOON, serving).await.expect("it ends").unwrap();
    assert!(asked.elapsed() < SOON);
}
