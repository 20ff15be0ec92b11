//! Serving HTTP to strangers. `axum::serve` bounds neither how long the head of a request may take nor how many connections
//! there are, so connections are accepted here: a client that sends or takes a byte now and then holds a connection for a
//! bounded time, and no more of them than there are places. Bodies and answers are for whoever serves to bound.

mod stall;

use crate::shutdown::{Shutdown, drain};
use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use stall::Stall;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What a listener bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The head of a request, and the silence between two requests of a connection.
    pub head: Duration,
    /// The other side's taking anything at all of what is sent to it.
    pub take: Duration,
    /// Requests that were taken, when it stops.
    pub grace: Duration,
    /// Connections at a time; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            take: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            connections: 1024,
        }
    }
}

/// Serves every connection of a listener, in a task of its own, until it is asked to stop. Then it takes no more connections
/// and answers the requests that it took, for at most [`Limits::grace`].
pub async fn serve<L>(mut listener: L, router: Router, limits: Limits, shutdown: Shutdown)
where
    L: Listener<Io: AsyncRead + AsyncWrite>,
{
    let places = Arc::new(Semaphore::new(limits.connections));
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
            converse(io, router, limits, shutdown).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = drain(connections, limits.grace).await;
    tracing::debug!(?drained, "connections ended");
}

/// Answers the requests of one connection, until either side has had enough.
async fn converse(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    limits: Limits,
    shutdown: Shutdown,
) {
    let io = TokioIo::new(Stall::after(limits.take, io));
    // The head's time also counts while a connection is idle.
    let connection = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
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
