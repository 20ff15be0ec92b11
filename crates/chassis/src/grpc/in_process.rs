//! gRPC within one process: the same clients, servers and messages, over pipes in memory.

use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tonic::transport::{Channel, Endpoint, Uri};

/// How many bytes a pipe holds before the writer waits.
const PIPE: usize = 64 << 10;

/// The connections that a channel of [`in_process`] makes.
#[derive(Debug)]
pub struct Incoming(mpsc::Receiver<DuplexStream>);

impl Stream for Incoming {
    type Item = io::Result<DuplexStream>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|stream| stream.map(Ok))
    }
}

/// A channel, and the server's side of it for [`Listen::InProcess`](super::Listen::InProcess). Until something serves that
/// side, calls wait; once it is dropped, they fail with `UNAVAILABLE`.
///
/// # Panics
/// Outside a tokio runtime.
#[must_use]
pub fn in_process() -> (Channel, Incoming) {
    let (sender, receiver) = mpsc::channel(1);
    let connector = tower::service_fn(move |_: Uri| {
        let sender = sender.clone();
        async move {
            let (ours, theirs) = tokio::io::duplex(PIPE);
            sender.send(theirs).await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
            Ok::<_, io::Error>(TokioIo::new(ours))
        }
    });
    let endpoint = Endpoint::from_static("http://in-process");
    (endpoint.connect_with_connector_lazy(connector), Incoming(receiver))
}
