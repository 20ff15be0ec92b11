use crate::echo::{Echo, call};
use crate::soon::{soon, until};
use codexa_chassis::grpc::{Ended, Listen, Pace, connect, in_process, is_away, problem_of, serve, status};
use codexa_chassis::shutdown::Shutdown;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

#[tokio::test]
async fn the_story_within_one_process() {
    let (channel, incoming) = in_process();
    story(channel, Listen::InProcess(incoming)).await;
}

#[tokio::test]
async fn the_story_over_tcp() {
    let (channel, listener) = over_tcp().await;
    story(channel, Listen::Tcp(listener)).await;
}

/// A server says that it is going while it still answers, and ends once the calls that it took have.
async fn story(channel: Channel, listen: Listen) {
    let shutdown = Shutdown::new();
    let (taken, may_end) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let routes = Echo::routes({
        let (taken, may_end) = (Arc::clone(&taken), Arc::clone(&may_end));
        move |text| {
            let (taken, may_end) = (Arc::clone(&taken), Arc::clone(&may_end));
            async move {
                if text == "long" {
                    taken.add_permits(1);
                    may_end.acquire().await.expect("open").forget();
                }
                Ok(format!("{text}, you said"))
            }
        }
    });
    let pace = Pace { notice: Duration::from_millis(300), grace: Duration::from_secs(20) };
    let server = tokio::spawn(serve(routes, listen, shutdown.clone(), pace));

    assert_eq!(soon(call(channel.clone(), "hello")).await.expect("answered"), "hello, you said");
    assert_eq!(health(&channel).await.expect("answered"), ServingStatus::Serving);

    let long = tokio::spawn(call(channel.clone(), "long"));
    soon(taken.acquire()).await.expect("open").forget();
    shutdown.request();
    until(|| async { health(&channel).await.is_ok_and(|status| status == ServingStatus::NotServing) }).await;
    assert_eq!(soon(call(channel.clone(), "hello")).await.expect("still answered"), "hello, you said");
    may_end.add_permits(1);
    assert_eq!(soon(long).await.expect("no panic").expect("answered"), "long, you said");
    assert_eq!(ended(server).await, Ended::Drained);
    let gone = soon(call(channel, "hello")).await.expect_err("nobody is there");
    assert_eq!(gone.code(), Code::Unavailable, "{gone:?}");
}

#[tokio::test]
async fn a_call_that_does_not_end_is_cut_off() {
    let (in_process_channel, incoming) = in_process();
    let (tcp_channel, listener) = over_tcp().await;
    for (channel, listen) in [(in_process_channel, Listen::InProcess(incoming)), (tcp_channel, Listen::Tcp(listener))] {
        let shutdown = Shutdown::new();
        // Held by the one call, which is known to be dropped when it can be had again.
        let held = Arc::new(Semaphore::new(1));
        let taken = Arc::new(Semaphore::new(0));
        let routes = Echo::routes({
            let (held, taken) = (Arc::clone(&held), Arc::clone(&taken));
            move |_| {
                let (held, taken) = (Arc::clone(&held), Arc::clone(&taken));
                async move {
                    let _held = held.acquire_owned().await;
                    taken.add_permits(1);
                    std::future::pending().await
                }
            }
        });
        let pace = Pace { notice: Duration::ZERO, grace: Duration::from_millis(50) };
        let server = tokio::spawn(serve(routes, listen, shutdown.clone(), pace));
        let endless = tokio::spawn(call(channel, "hello"));
        soon(taken.acquire()).await.expect("open").forget();
        shutdown.request();
        assert_eq!(ended(server).await, Ended::Cut);
        soon(endless).await.expect("no panic").expect_err("cut off");
        soon(held.acquire()).await.expect("the call was dropped").forget();
    }
}

#[tokio::test]
async fn a_client_starts_before_its_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let channel = connect(&format!("http://{address}")).expect("an address");
    let early = soon(call(channel.clone(), "hello")).await.expect_err("nobody is there");
    assert_eq!(early.code(), Code::Unavailable, "{early:?}");

    let listener = TcpListener::bind(address).await.expect("the port");
    let shutdown = Shutdown::new();
    let routes = Echo::routes(|text| async { Ok(text) });
    let pace = Pace { notice: Duration::ZERO, grace: Duration::from_secs(20) };
    let server = tokio::spawn(serve(routes, Listen::Tcp(listener), shutdown.clone(), pace));
    until(|| async { call(channel.clone(), "hello").await.is_ok() }).await;
    shutdown.request();
    assert_eq!(ended(server).await, Ended::Drained);
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    for url in ["", "governance:7002", "https://governance:7002", "http://", "/run/codexa.sock", "http://a b/"] {
        let refused = connect(url).expect_err(url);
        assert_eq!(
            refused.to_string(),
            format!("{url}: not the address of a service; it looks like http://governance:7002")
        );
    }
}

#[tokio::test]
async fn a_problem_crosses_the_wire() {
    let (channel, incoming) = in_process();
    let routes = Echo::routes(|text| async move {
        Err(match text.as_str() {
            "short" => {
                status(Code::NotFound, "CHANGE_NOT_FOUND", "no change CH-9 – „Tiefe“", "ask `status`\nfor all ✓")
            }
            "long" => status(Code::InvalidArgument, "TOO_LONG", &"ü%".repeat(10_000), &"ü%".repeat(10_000)),
            _ => Status::internal("not one of ours"),
        })
    });
    let server = tokio::spawn(serve(routes, Listen::InProcess(incoming), Shutdown::new(), Pace::default()));

    let short = soon(call(channel.clone(), "short")).await.expect_err("a problem");
    assert_eq!(short.code(), Code::NotFound);
    let (code, message, help) = problem_of(&short).expect("one of ours");
    assert_eq!([code, message, help], ["CHANGE_NOT_FOUND", "no change CH-9 – „Tiefe“", "ask `status`\nfor all ✓"]);

    let long = soon(call(channel.clone(), "long")).await.expect_err("a problem");
    let (code, message, help) = problem_of(&long).expect("one of ours");
    assert_eq!(code, "TOO_LONG");
    for text in [message, help] {
        assert!(text.starts_with("ü%") && text.ends_with('…') && (2000..2100).contains(&text.len()), "{}", text.len());
    }

    let other = soon(call(channel, "other")).await.expect_err("an error");
    assert_eq!(problem_of(&other), None);
    server.abort();
}

#[tokio::test]
async fn who_dies_while_it_is_asked_is_away() {
    let (channel, listener) = over_tcp().await;
    let asked = tokio::spawn(call(channel, "hello"));
    let (mut stream, _) = soon(listener.accept()).await.expect("a connection");
    // The kernel resets connections on which a process that was killed had not read everything.
    stream.read_exact(&mut [0; 24]).await.expect("the preface of HTTP/2");
    drop(stream);
    let status = soon(asked).await.expect("no panic").expect_err("nobody answered");
    assert!(is_away(&status), "{status:?}");
}

#[tokio::test]
async fn who_answers_is_not_away() {
    let (channel, incoming) = in_process();
    let routes = Echo::routes(|_| async { Err(Status::unknown("transport error")) });
    let server = tokio::spawn(serve(routes, Listen::InProcess(incoming), Shutdown::new(), Pace::default()));
    let status = soon(call(channel, "hello")).await.expect_err("an error");
    assert!(!is_away(&status), "{status:?}");
    server.abort();
}

async fn over_tcp() -> (Channel, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (connect(&format!("http://{address}")).expect("an address"), listener)
}

async fn health(channel: &Channel) -> Result<ServingStatus, Status> {
    let answer = soon(HealthClient::new(channel.clone()).check(HealthCheckRequest::default())).await?;
    Ok(answer.into_inner().status())
}

async fn ended(server: JoinHandle<Result<Ended, tonic::transport::Error>>) -> Ended {
    soon(server).await.expect("no panic").expect("served to the end")
}
