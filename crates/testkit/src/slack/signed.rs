//! HTTP: requests to an adapter's endpoint, signed as Slack signs them, or wrongly.

use super::{PATIENCE, SIGNING_SECRET, Slack};
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;
use tokio::time::Instant;

/// How a request is signed and sent.
#[derive(Clone, Debug, Default)]
pub struct Signing {
    /// The timestamp, where it is not the time of day.
    pub timestamp: Option<String>,
    /// How many seconds the timestamp is ahead, or behind.
    pub off: i64,
    /// The signature is that of another body.
    pub of: Option<Vec<u8>>,
    /// The headers stand there twice.
    pub twice: bool,
    /// The number of the retry.
    pub retry: Option<u32>,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body.
    pub body: String,
}

impl Slack {
    /// Posts a body to an endpoint. An answer that takes more than three seconds is a fault.
    ///
    /// # Panics
    /// When nothing answers.
    pub async fn post(&self, url: &str, content_type: &str, body: &[u8], signing: Signing) -> Answered {
        let now = jiff::Timestamp::now().as_second();
        let timestamp = signing.timestamp.unwrap_or_else(|| (now + signing.off).to_string());
        let signature = sign(&timestamp, signing.of.as_deref().unwrap_or(body));
        let mut request = Request::post(url).header("content-type", content_type);
        for _ in 0..=u8::from(signing.twice) {
            request = request.header("x-slack-request-timestamp", &timestamp).header("x-slack-signature", &signature);
        }
        if let Some(number) = signing.retry {
            request = request.header("x-slack-retry-num", number).header("x-slack-retry-reason", "http_timeout");
        }
        for (name, value) in &signing.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body))).expect("a request");
        let start = Instant::now();
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let answer = client.request(request).await.expect("an answer");
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        if start.elapsed() > PATIENCE {
            self.shared.fault(format!("{url}: not acknowledged within 3 s"));
        }
        Answered { status: head.status, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

/// The signature of a body.
fn sign(timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SIGNING_SECRET.as_bytes()).expect("a key of any length");
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    digest.iter().fold("v0=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
}
