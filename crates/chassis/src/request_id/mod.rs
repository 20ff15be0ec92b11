//! One id that follows a request: from the HTTP header `x-request-id` or newly made, through every process by gRPC
//! metadata of the same name, into every log line that is written on its behalf, and back to whoever asked.
//!
//! It is known in the task that serves the request. A task that is spawned there knows it only within
//! [`RequestId::scope`].

mod layer;

pub use layer::{RequestIdLayer, RequestIdService, grpc, http};

use ::http::{HeaderMap, HeaderName};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// The header, and the key in gRPC metadata.
pub const HEADER: HeaderName = HeaderName::from_static(NAME);
const NAME: &str = "x-request-id";

/// An id of another process is taken over only up to this length.
const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// Names one request: 1 to 64 of the characters `A-Z a-z 0-9 . _ -`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    /// The one that a request brought, or a new one where it brought none that can be shown without harm.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let brought = headers.get(HEADER).and_then(|value| value.to_str().ok());
        brought.filter(|id| is_plain(id)).map_or_else(Self::new, |id| Self(id.into()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Runs a future on behalf of this request.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(self, future)
    }
}

/// The request that the running task serves, if any.
#[must_use]
pub fn current() -> Option<RequestId> {
    CURRENT.try_with(RequestId::clone).ok()
}

/// Makes a client of gRPC pass the running request's id on: `GovernanceClient::with_interceptor(channel, Propagate)`.
#[derive(Clone, Copy, Debug)]
pub struct Propagate;

impl Interceptor for Propagate {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let id = current().and_then(|id| AsciiMetadataValue::try_from(id.as_str()).ok());
        if let Some(id) = id {
            request.metadata_mut().insert(NAME, id);
        }
        Ok(request)
    }
}

fn is_plain(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_allowed)
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
