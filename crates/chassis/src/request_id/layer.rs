//! The layer around a server: it finds or makes the request's id, opens its span, and logs how it was answered.

use super::{CURRENT, HEADER, RequestId};
use http::{HeaderValue, Request, Response};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::Instant;
use tower::{Layer, Service};
use tracing::{Instrument, Span};

/// What those ask again and again who wait for something to do or to happen: an idle house would log nothing else.
const POLLED: [&str; 3] = ["/Lease", "/Renew", "/ListEvents"];

/// Where health is asked about.
const HEALTH_GRPC: &str = "/grpc.health.v1.Health/";
/// Statuses of gRPC that are the server's fault: unknown, internal, unavailable, data loss.
const GRPC_FAULTS: [u16; 4] = [2, 13, 14, 15];

const HEALTH_HTTP: [&str; 2] = ["/healthz", "/readyz"];

/// Which protocol a layer stands before.
#[derive(Clone, Copy, Debug)]
enum Face {
    Http,
    Grpc,
}

/// For servers of HTTP. The id is an extension of the request and a header of the response; the span has `request_id`,
/// `method` and `path` (not the query, which may hold what is nobody's business).
#[must_use]
pub const fn http() -> RequestIdLayer {
    RequestIdLayer { face: Face::Http }
}

/// The same for servers of gRPC, where the status is `grpc-status`: 0 also for a stream that fails later.
#[must_use]
pub const fn grpc() -> RequestIdLayer {
    RequestIdLayer { face: Face::Grpc }
}

/// See [`http()`] and [`grpc`].
#[derive(Clone, Copy, Debug)]
pub struct RequestIdLayer {
    face: Face,
}

impl<S> Layer<S> for RequestIdLayer {
    type Service = RequestIdService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestIdService { inner, face: self.face }
    }
}

/// A service with ids for its requests.
#[derive(Clone, Debug)]
pub struct RequestIdService<S> {
    inner: S,
    face: Face,
}

impl<S, B, R> Service<Request<B>> for RequestIdService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let face = self.face;
        // Asked every few seconds: it would be most of the log.
        let is_usual = face.is_usual(request.uri().path());
        let id = RequestId::of(request.headers());
        let span = face.span(&id, &request);
        request.extensions_mut().insert(id.clone());
        let answer = CURRENT.sync_scope(id.clone(), || span.in_scope(|| self.inner.call(request)));
        let echo = HeaderValue::from_str(id.as_str()).ok();
        let answered = async move {
            let asked = Instant::now();
            let mut response = answer.await?;
            face.log(&response, ms_since(asked), is_usual);
            response.headers_mut().extend(echo.map(|id| (HEADER, id)));
            Ok(response)
        };
        Box::pin(id.scope(answered.instrument(span)))
    }
}

impl Face {
    fn is_usual(self, path: &str) -> bool {
        match self {
            Self::Http => HEALTH_HTTP.contains(&path),
            Self::Grpc => path.starts_with(HEALTH_GRPC) || POLLED.iter().any(|method| path.ends_with(method)),
        }
    }

    fn span<B>(self, id: &RequestId, request: &Request<B>) -> Span {
        let path = request.uri().path();
        match self {
            Self::Http => tracing::info_span!("http", request_id = %id, method = %request.method(), path),
            Self::Grpc => tracing::info_span!("grpc", request_id = %id, path),
        }
    }

    fn log<R>(self, response: &Response<R>, ms: f64, is_usual: bool) {
        let (status, is_fault) = match self {
            Self::Http => (response.status().as_u16(), response.status().is_server_error()),
            Self::Grpc => {
                let status =
                    response.headers().get("grpc-status").and_then(|status| status.to_str().ok()?.parse().ok());
                let status = status.unwrap_or_default();
                (status, GRPC_FAULTS.contains(&status))
            }
        };
        match (is_fault, is_usual) {
            (true, _) => tracing::warn!(status, ms, "answered"),
            (false, true) => tracing::debug!(status, ms, "answered"),
            (false, false) => tracing::info!(status, ms, "answered"),
        }
    }
}

/// Milliseconds, to a tenth.
fn ms_since(asked: Instant) -> f64 {
    (asked.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}
