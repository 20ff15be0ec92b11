//! The gateway as a role: its router on a TCP address and on a Unix socket. Every step of a request is bounded by the
//! gateway's [`Pace`].

use crate::extract::WayIn;
use crate::routes::router;
use crate::state::{Gateway, Pace};
use codexa_chassis::http::{self, Limits};
use tokio::net::{TcpListener, UnixListener};
use tokio::time::timeout;

pub use crate::state::Services;

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
    let limits = pace.limits();
    let tcp = http::serve(listen.tcp, router(gateway.clone(), WayIn::Rest), limits, shutdown.clone());
    let unix = async {
        match listen.unix {
            Some(listener) => {
                http::serve(listener, router(gateway, WayIn::Terminal), limits, shutdown.clone()).await;
            }
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

impl Pace {
    /// What each listener bears.
    fn limits(self) -> Limits {
        Limits { head: self.head, take: self.take, grace: self.grace, ..Limits::default() }
    }
}
