//! Reaching a service by its address.

use std::time::Duration;
use tonic::transport::{Channel, Endpoint};

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How often a silent connection is asked whether it still is one, and how long it may take to say so.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const ALIVE_WITHIN: Duration = Duration::from_secs(5);

/// The address is none of a service.
#[derive(Debug, thiserror::Error)]
#[error("{url}: not the address of a service; it looks like http://governance:7002")]
pub struct AddressError {
    /// As it was given.
    pub url: String,
}

/// A channel to the service at `url`. It connects when first used and again whenever the connection broke, so services
/// start in any order; until then calls fail with `UNAVAILABLE`.
///
/// A channel bounds making the connection, not the call: give each request its own bound with
/// [`Request::set_timeout`](tonic::Request::set_timeout), which the server gets to know as well and gives up by.
///
/// # Errors
/// When the address is none.
///
/// # Panics
/// Outside a tokio runtime.
pub fn connect(url: &str) -> Result<Channel, AddressError> {
    let endpoint = Endpoint::from_shared(url.to_owned()).ok();
    let endpoint = endpoint.filter(|endpoint| {
        let uri = endpoint.uri();
        uri.scheme_str() == Some("http") && uri.host().is_some_and(|host| !host.is_empty())
    });
    let endpoint = endpoint.ok_or_else(|| AddressError { url: url.to_owned() })?;
    let channel = endpoint
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(ALIVE_WITHIN)
        .keep_alive_while_idle(true)
        .connect_lazy();
    Ok(channel)
}
