//! Serving until asked to stop, and stopping in a bounded time.

use super::cut::Cut;
use super::in_process::Incoming;
use crate::request_id;
use crate::shutdown::Shutdown;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::{Connected, TcpIncoming};
use tonic_health::ServingStatus;

/// How often a silent client is asked whether it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Where calls come from.
#[derive(Debug)]
pub enum Listen {
    /// A socket.
    Tcp(TcpListener),
    /// The same process.
    InProcess(Incoming),
}

/// How fast a server stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long it says that it is going before it takes no more calls: until who watches its health has noticed.
    pub notice: Duration,
    /// How long the calls that it took may take to end.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { notice: Duration::from_millis(500), grace: Duration::from_secs(10) }
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every call was answered.
    Drained,
    /// Some calls took longer than they may and were cut off.
    Cut,
}

/// Serves `routes` and the standard health service until it is asked to stop. Then it says NOT_SERVING, waits for
/// [`Pace::notice`], takes no more connections, and lets calls end for [`Pace::grace`].
///
/// # Errors
/// When it could not go on serving.
pub async fn serve(
    routes: Routes,
    listen: Listen,
    shutdown: Shutdown,
    pace: Pace,
) -> Result<Ended, tonic::transport::Error> {
    match listen {
        Listen::Tcp(listener) => {
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            serve_connections(routes, incoming, shutdown, pace).await
        }
        Listen::InProcess(incoming) => serve_connections(routes, incoming, shutdown, pace).await,
    }
}

async fn serve_connections<C>(
    routes: Routes,
    incoming: impl Stream<Item = io::Result<C>>,
    shutdown: Shutdown,
    pace: Pace,
) -> Result<Ended, tonic::transport::Error>
where
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let (reporter, health) = tonic_health::server::health_reporter();
    let going = shutdown.requested();
    let closing = async move {
        going.await;
        reporter.set_service_status("", ServingStatus::NotServing).await;
        sleep(pace.notice).await;
    };
    let cut = CancellationToken::new();
    // Also where the caller drops this future.
    let _cut_at_the_end = cut.clone().drop_guard();
    let incoming = incoming.map(|connection| Ok::<_, io::Error>(Cut::new(connection?, cut.clone())));
    let serving = Server::builder()
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .layer(request_id::grpc())
        .add_routes(routes.add_service(health))
        .serve_with_incoming_shutdown(incoming, closing);
    let late = async {
        shutdown.requested().await;
        sleep(pace.notice + pace.grace).await;
    };
    tokio::select! {
        served = serving => served.map(|()| Ended::Drained),
        () = late => Ok(Ended::Cut),
    }
}
