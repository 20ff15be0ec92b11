//! The HTTP endpoint: requests that Slack signs. The bytes are bounded before anything else is done with them, the
//! signature is that of the raw bytes, and the answer comes once the message is on the disk.

use crate::desk::{Desk, Taken};
use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use codexa_chassis::http::{self, Limits};
use codexa_chassis::shutdown::Shutdown;
use codexa_chat::InboxError;
use codexa_secret::Secret;
use serde_json::Value;
use slack_morphism::SlackSigningSecret;
use slack_morphism::signature_verifier::SlackEventSignatureVerifier;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The largest body, in bytes: a message of 40,000 characters does not fit twice.
const LARGEST: usize = 64 << 10;

/// How long a body may take to come. Slack waits three seconds for the whole answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far Slack's clock may be from this one, in seconds.
const SKEW: u64 = 300;

struct Endpoint {
    desk: Arc<Desk>,
    verifier: SlackEventSignatureVerifier,
}

/// Serves `/slack/events` and `/slack/interactive` until it is asked to stop.
pub(crate) async fn serve(
    listener: TcpListener,
    limits: Limits,
    signing_secret: &Secret,
    desk: Arc<Desk>,
    shutdown: Shutdown,
) {
    let secret = SlackSigningSecret(signing_secret.expose().to_owned());
    let endpoint = Arc::new(Endpoint { desk, verifier: SlackEventSignatureVerifier::new(&secret) });
    let router = Router::new()
        .route("/slack/events", post(event))
        .route("/slack/interactive", post(interaction))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(endpoint);
    http::serve(listener, router, limits, shutdown).await;
}

async fn event(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let body = match endpoint.verified(request).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let Ok(payload) = serde_json::from_str::<Value>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let said = |name: &str| payload.get(name).and_then(Value::as_str);
    if said("type") == Some("url_verification") {
        return said("challenge").map_or_else(|| StatusCode::BAD_REQUEST.into_response(), plain);
    }
    acknowledge(endpoint.desk.event(&payload).await)
}

async fn interaction(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let body = match endpoint.verified(request).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let field = form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "payload");
    let payload = field.and_then(|(_, value)| serde_json::from_str::<Value>(&value).ok());
    let Some(payload) = payload else { return StatusCode::BAD_REQUEST.into_response() };
    acknowledge(endpoint.desk.interaction(&payload).await)
}

fn plain(challenge: &str) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge.to_owned()).into_response()
}

fn acknowledge(taken: Result<Taken, InboxError>) -> Response {
    match taken {
        Ok(Taken::In | Taken::Left) => StatusCode::OK.into_response(),
        Ok(Taken::Conflict) => StatusCode::CONFLICT.into_response(),
        Err(fault) => {
            tracing::error!(%fault, "a message is not on the disk and not acknowledged: Slack sends it again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

impl Endpoint {
    /// The body of a request that Slack signed just now.
    async fn verified(&self, request: Request) -> Result<String, StatusCode> {
        let headers = request.headers().clone();
        // What says that it is too large is not read. What is packed would have to be unpacked to know: Slack packs nothing.
        if request.body().size_hint().lower() > LARGEST as u64 || headers.contains_key(header::CONTENT_ENCODING) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let body = tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await;
        let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT)?.map_err(|refusal| refusal.status())?;
        let refuse = |why: &'static str| {
            tracing::warn!(why, "a request to Slack's endpoint is not Slack's");
            StatusCode::UNAUTHORIZED
        };
        let once =
            |name: &'static str| once(&headers, name).ok_or_else(|| refuse("a header is missing or there twice"));
        let signature = once(SlackEventSignatureVerifier::SLACK_SIGNED_HASH_HEADER)?;
        let timestamp = once(SlackEventSignatureVerifier::SLACK_SIGNED_TIMESTAMP)?;
        // Checked here first: the library subtracts before it looks.
        if !is_recent(timestamp) {
            return Err(refuse("the timestamp is old, ahead, or none"));
        }
        let body = String::from_utf8(body.into()).map_err(|_| refuse("the body is no text"))?;
        self.verifier.verify(signature, &body, timestamp).map_err(|_| refuse("the signature is wrong"))?;
        Ok(body)
    }
}

/// The value of a header that is there exactly once.
fn once<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn is_recent(timestamp: &str) -> bool {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let now = jiff::Timestamp::now().as_second();
    digits && timestamp.parse::<i64>().is_ok_and(|at| now.abs_diff(at) <= SKEW)
}
