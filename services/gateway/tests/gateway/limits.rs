//! Clients that take their time, on real sockets.

use crate::world::{World, quick, slow};
use codexa_gateway::Pace;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, UnixStream};
use tokio::time::{Instant, sleep, timeout};

const SOON: Duration = Duration::from_secs(10);

/// Everything until the other side ends the connection.
async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset has ended too.
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the other side ends it");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn abuse_48_a_head_that_does_not_end_is_not_waited_for() {
    let world = World::at(Pace { head: Duration::from_millis(300), ..slow() });
    let (address, _serving) = world.listen().await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut trickling = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = trickling.split();
    let trickle = async {
        writing.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").await.unwrap();
        // A byte now and then does not earn more time.
        while writing.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let begun = Instant::now();
    let answer = tokio::select! {
        answer = rest(&mut reading) => answer,
        () = trickle => String::new(),
    };
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(rest(&mut silent).await, "", "who says nothing is let go too");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn abuse_48_who_asks_and_takes_no_answer_is_let_go() {
    let world = World::at(quick());
    let (address, _serving) = world.listen().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let request = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    let asking = async { while stream.write_all(&request).await.is_ok() {} };
    timeout(Duration::from_secs(30), asking).await.expect("a connection that takes nothing ends");
}

#[tokio::test]
async fn abuse_7_a_long_chunked_body_on_a_socket_is_refused() {
    let world = World::new();
    let (address, _serving) = world.listen().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = crate::fake::TOKEN;
    let head = format!(
        "POST /v1/interpret HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    for _ in 0..17 {
        // It may have answered already.
        let _ = stream.write_all(chunk.as_bytes()).await;
    }
    let mut answer = vec![0; 4 << 10];
    let read = timeout(SOON, stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("BODY_TOO_LARGE"), "{answer}");
}

#[tokio::test]
async fn this_machine_s_commands_use_a_socket_of_their_own() {
    let world = World::at(quick());
    let folder = codexa_testkit::GitRepository::folder();
    let path = folder.beside("gateway.sock");
    let serving = world.listen_at(path.clone()).await;
    let mut stream = UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    world.shutdown.request();
    timeout(SOON, serving).await.expect("it ends").unwrap();
}
