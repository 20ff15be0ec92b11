//! The gateway as a role: its router on a TCP address and on a Unix socket.
//!
//! `axum::serve` bounds neither how long the head of a request may take nor how many connections there are, so connections
//! are accepted here. Every step of a request is bounded by the gateway's [`Pace`]: a client that sends or takes a byte now and then holds
//! a connection for a bounded time, and no more of them than there are places.

use crate::routes::router;
use crate::stall::Stall;
use crate::state::{Gateway, Pace};
use axum::Router;
use axum::serve::Listener;
use codexa_chassis::shutdown::{Shutdown, drain};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use crate::state::Services;

/// Connections at a time on each listener; more wait to be accepted.
const CONNECTIONS: usize = 1024;

/// Where requests come from.
#[derive(Debug)]
pub struct Listen {
    /// An address.
    pub tcp: TcpListener,
    /// A socket for this machine's own commands.
    pub unix: Option<UnixListener>,
}

/// Serves the gateway until it is asked to stop. Then it takes no more connections, answers the requests that it took and
/// closes its streams, for at most [`Pace::grace`].
pub async fn serve(gateway: Gateway, listen: Listen) {
    let (pace, shutdown, streams) = (gateway.pace, gateway.shutdown.clone(), gateway.streams.clone());
    let router = router(gateway);
    let tcp = accept(listen.tcp, router.clone(), pace, shutdown.clone());
    let unix = async {
        match listen.unix {
            Some(listener) => accept(listener, router, pace, shutdown.clone()).await,
            None => shutdown.requested().await,
        }
    };
    let closing = async {
        shutdown.requested().await;
        if timeout(pace.grace, streams.all_closed()).await.is_err() {
            tracing::warn!("streams were cut off");
        }
    };
    tokio::join!(tcp, unix, closing);
}

/// Serves every connection of a listener, in a task of its own.
async fn accept<L>(mut listener: L, router: Router, pace: Pace, shutdown: Shutdown)
where
    L: Listener<Io: AsyncRead + AsyncWrite>,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let stopping = shutdown.requested();
    let mut stopping = pin!(stopping);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await.0)
        };
        let (place, io) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stopping => break,
        };
        let (router, shutdown) = (router.clone(), shutdown.clone());
        connections.spawn(async move {
            converse(io, router, pace, shutdown).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = drain(connections, pace.grace).await;
    tracing::debug!(?drained, "connections ended");
}

/// Answers the requests of one connection, until either side has had enough.
async fn converse(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    pace: Pace,
    shutdown: Shutdown,
) {
    let io = TokioIo::new(Stall::after(pace.take, io));
    // The head's time also counts while a connection is idle.
    let connection = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(pace.head)
        .serve_connection(io, TowerToHyperService::new(router))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.requested() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // What strangers send is no news.
        tracing::debug!(%error, "a connection broke");
    }
}
